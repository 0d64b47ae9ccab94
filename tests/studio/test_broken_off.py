"""What is broken off on its way leaves nothing, and is no mistake of the program."""

from __future__ import annotations

import socket
from contextlib import ExitStack, closing
from datetime import date

import pytest

from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.studio import ranges
from mbtg_video.studio.viewing import Part
from tests.studio.serving import running

DAY = date(2026, 3, 13)


def send(studio, method, path, headers, body=b""):
    """A connection on which this was sent; its end takes little at a time."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", studio.port))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    return closing(connection)


@pytest.fixture
def started(consenting, recording_file, tmp_path):
    said = Description("G1", DAY, ["P1", "P2", "T1"])
    take_in(consenting, recording_file("mjpeg_avi"), said, on=DAY)
    with running(consenting, tmp_path / "studio.toml") as studio:
        studio.enter()
        yield studio


@pytest.fixture
def whole(started, consenting):
    """Where the whole file is read, and its size."""
    handle = started.post("/api/recordings/R1/watch").json["handle"]
    with consenting.transaction() as session:
        recording = find_recording(session, 1)
        part, size = Part(recording.object_id), recording.size
    started.server.studio.views.add(handle, {"video": part})
    return f"/media/{handle}/video", size


# Any error that is logged fails these tests.


def test_a_consent_that_ends_cuts_a_long_answer_short(started, consenting, whole, monkeypatch):
    monkeypatch.setattr(ranges, "_DECIDED_EVERY_BYTES", 1 << 18)
    path, size = whole
    with send(started, "GET", path, started.own_headers()) as connection:
        got = len(connection.recv(1000))
        with consenting.transaction() as session:
            withdraw_uses(session, "P1", [Use.OWN_REVIEW], on=started.today)
        while piece := connection.recv(1 << 20):
            got += len(piece)
    assert got < size


def test_a_studio_that_stops_keeps_nothing_of_a_file_on_its_way(consenting, tmp_path):
    drafts = consenting.root / "tmp"
    said = {"group": "G1", "recorded_on": "2026-03-13", "present": ["P1"], "file_name": "a.mp4"}
    with ExitStack() as later, running(consenting, tmp_path / "studio.toml") as studio:
        studio.enter()
        path = studio.post("/api/intake", said).json["upload"]
        headers = studio.own_headers() | {
            "Content-Type": "application/octet-stream",
            "X-CSRF": studio.csrf,
            "Content-Length": str(5 << 20),
        }
        later.enter_context(send(studio, "POST", path, headers, bytes(3 << 20)))
        while not list(drafts.iterdir()):
            studio.get("/api/session")
    assert not list(drafts.iterdir())
    assert not list((consenting.root / "objects").iterdir())
