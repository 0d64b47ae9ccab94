"""A sealed recording is read by the browser in any part, and never more than it may."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.shredding import shred
from mbtg_video.studio.ranges import Unsatisfiable, wanted_part
from tests.studio.serving import running

CHUNK = 1 << 18
DAY = date(2026, 3, 13)


@pytest.fixture(scope="module")
def content(recording_file):
    return recording_file("gop25", 40).read_bytes()


@pytest.fixture(scope="module")
def library_folder(taken_folder):
    return taken_folder("gop25", 40)


@pytest.fixture
def studio(consenting, tmp_path):
    with running(consenting, tmp_path / "studio.toml") as started:
        started.enter()
        yield started


@pytest.fixture
def video(studio):
    return studio.post("/api/recordings/R1/watch").json["parts"]["video"]


def test_the_recording_is_longer_than_a_chunk(content):
    assert len(content) > 2 * CHUNK


@pytest.mark.parametrize(
    ("asked", "first", "behind"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-1", 0, 2),
        ("bytes=-1", -1, None),
        (f"bytes={CHUNK - 1}-{CHUNK}", CHUNK - 1, CHUNK + 1),
        (f"bytes={CHUNK}-{CHUNK}", CHUNK, CHUNK + 1),
        (f"bytes={CHUNK - 3}-{2 * CHUNK + 3}", CHUNK - 3, 2 * CHUNK + 4),
        ("bytes=0-", 0, None),
        ("bytes=5-99999999999999999", 5, None),
        ("bytes=-99999999999999999", 0, None),
    ],
)
def test_a_part_is_those_bytes(studio, video, content, asked, first, behind):
    answer = studio.get(video, Range=asked)
    expected = content[first:behind]
    assert answer.status == 206
    assert answer.body == expected
    start = first % len(content)
    place = f"bytes {start}-{start + len(expected) - 1}/{len(content)}"
    assert answer.headers["content-range"] == place
    assert answer.headers["content-length"] == str(len(expected))


def test_the_last_byte_is_there_and_nothing_behind_it(studio, video, content):
    last = len(content) - 1
    answer = studio.get(video, Range=f"bytes={last}-{last}")
    assert (answer.status, answer.body) == (206, content[-1:])
    beyond = studio.get(video, Range=f"bytes={len(content)}-")
    assert (beyond.status, beyond.body) == (416, b"")
    assert beyond.headers["content-range"] == f"bytes */{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-0", "bytes=99999999999999999-"])
def test_what_is_no_part_of_it_is_refused(studio, video, asked):
    answer = studio.get(video, Range=asked)
    assert (answer.status, answer.body) == (416, b"")


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "items=0-1", "bytes=", "bytes=-", "bytes=a-b", "0-1", "bytes=1"]
)
def test_several_parts_and_what_is_none_get_the_whole(studio, video, content, asked):
    answer = studio.get(video, Range=asked)
    assert answer.status == 200
    assert answer.body == content


def test_its_head_tells_the_length_and_nothing_more(studio, video, content):
    answer = studio.raw("HEAD", video, studio.own_headers())
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["accept-ranges"] == "bytes"


@given(
    st.integers(1, 1 << 40),
    st.none() | st.text(max_size=20) | st.from_regex(r"bytes=[0-9]{0,12}-[0-9]{0,12}"),
)
def test_whatever_is_asked_a_part_lies_in_the_file(size, header):
    try:
        part = wanted_part(header, size)
    except Unsatisfiable:
        return
    if part is not None:
        first, last = part
        assert 0 <= first <= last < size


def lines(library, act):
    with library.transaction() as session:
        return audit.list_lines(session, act=act)


def test_watching_is_noted_once_and_not_with_every_part(studio, consenting):
    before = len(lines(consenting, Act.VIEW))
    video = studio.post("/api/recordings/R1/watch").json["parts"]["video"]
    for _ in range(3):
        assert studio.get(video, Range="bytes=0-9").status == 206
    noted = lines(consenting, Act.VIEW)[before:]
    assert [(line.subjects, line.detail) for line in noted] == [("R1", {"use": "own_review"})]


def test_a_consent_that_ends_ends_what_is_being_watched(studio, consenting, video):
    assert studio.get(video, Range="bytes=0-9").status == 206
    with consenting.transaction() as session:
        withdraw_uses(session, "P1", [Use.OWN_REVIEW], on=studio.today)
    answer = studio.get(video, Range="bytes=0-9")
    assert answer.status == 403
    assert "P1" in answer.json["error"]
    assert studio.post("/api/recordings/R1/watch").status == 403
    assert lines(consenting, Act.REFUSAL)[-1].subjects.split()[0] == "R1"


def test_what_was_shredded_is_gone_from_an_open_page(studio, consenting, video):
    with consenting.transaction() as session:
        gone = shred(session, session.get_one(*_recording()))
    consenting.forget(gone)
    assert studio.get(video, Range="bytes=0-9").status == 404
    assert "was shredded" in studio.get("/api/recordings/R1").json["error"]


def _recording():
    from mbtg_video.recording.model import Recording

    return Recording, 1


def test_a_damaged_chunk_is_told_and_nothing_wrong_is_shown(studio, consenting, video, content):
    (path,) = [
        path
        for path in (consenting.root / "objects").iterdir()
        if path.stat().st_size > len(content)
    ]
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) - 40] ^= 1  # of the last chunk, which tells the length
    path.write_bytes(damaged)
    answer = studio.get(video, Range="bytes=0-9")
    assert answer.status == 500
    assert "backup" in answer.json["error"]


@pytest.mark.parametrize("path", ["/media/x/video", "/media/../video", "/media//video"])
def test_a_view_that_was_never_opened_shows_nothing(studio, path):
    assert studio.get(path).status == 404


def test_a_view_shows_its_own_parts_alone(studio, video):
    handle = video.split("/")[2]
    assert studio.get(f"/media/{handle}/receipt").status == 404
    assert studio.get(f"/media/{handle}x/video").status == 404
