"""Hostile files are refused with a sentence or taken in whole, and reach nothing else."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys

import av
import numpy as np
import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.library import create_library, open_library
from tests.libraries import PASSPHRASE, SIGNED_ON, UNTIL
from tests.media.hostile import giant_matroska, giant_mp4, giant_streams, lookout, references, texts
from tests.media.hostile.shop import Shop
from tests.media.hostile.taking import MOST_SECONDS, taker

CANARY = {"width": 96, "height": 64, "frames": 7}
SHELVES = (references, giant_mp4, giant_matroska, giant_streams, texts)
FILES = {said: made for shelf in SHELVES for said, made in shelf.FILES.items()}
REASONS = {
    "hls of an address": "is a playlist",
    "data at an address": "refers to other files",
    "data at an alias behind a reference to itself": "refers to other files",
    "an honest movie beside one made of another": "refers to other files",
    "a packed movie": "refers to other files",
    "contents nested ten thousand deep": "built like no camera's",
    "tracks nested ten thousand deep": "built like no camera's",
    "an edit list that shows the film a hundred thousand times": "built like no camera's",
    "a hundred thousand tags": "built like no camera's",
    "two hundred thousand chapters backwards": "built like no camera's",
    "a table of 20 million frames of a byte": "more frames than any recording",
    "eighty fragments of a million frames": "damaged and cannot be read",
    "a name with no utf-8": "Rename the file",
}
KINDS = ("gop25", "faststart", "fragmented", "mkv_gop25", "mpeg2_ts", "mpeg4_avi", "pcm_mov")
SLOW = {"pictures as large as may be in every colour", *REASONS}
"""What takes long to make, and what is tried in every run anyway."""
WAYS = ("file", "sealed")
CUTS, FLIPS = 50, 200
LONG = pytest.mark.long
PLACES = (
    lambda chance, size: chance.randrange(size),
    lambda chance, size: chance.randrange(min(size, 600)),
    lambda chance, size: size - 1 - chance.randrange(min(size, 2000)),
)
"""Where bits are flipped: anywhere, in the head, and at the end, where tables lie."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    """What sees the files and connections that a probe asks for."""
    made = lookout.build(tmp_path_factory.mktemp("lookout"))
    yield made
    os.close(made.end)


@pytest.fixture(scope="module")
def library_folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile") / "library"
    create_library(root, PASSPHRASE)
    with open_library(root, PASSPHRASE) as opened, opened.transaction() as session:
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        add_person(session, "P1", "G1", Role.PATIENT)
        record_consent(session, "P1", Use, Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=UNTIL)
    return root


@pytest.fixture(scope="module")
def listener():
    """A server that must never be called."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def shop(tmp_path_factory, recording_file, listener):
    canary = tmp_path_factory.mktemp("canary") / "canary.mp4"
    with av.open(str(canary), "w") as output:
        stream = output.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = CANARY["width"], CANARY["height"], "yuv420p"
        for number in range(CANARY["frames"]):
            picture = np.full((96, 96), number * 20, np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "yuv420p")))
        output.mux(stream.encode(None))
    return Shop(recording_file, canary, f"http://127.0.0.1:{listener.getsockname()[1]}/canary.mp4")


def called(listener):
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.fixture(scope="module")
def take(library_folder, watched, listener, shop):
    """``take(path, way)``: take a file in as the program does; nothing else may be reached."""
    with taker(library_folder, watched.environment) as process:

        def provide(path, way="file"):
            outcome = process.take(path, way)
            outcome.check()
            assert outcome.facts != CANARY
            assert watched.seen() == []
            assert not called(listener)
            return outcome

        yield provide


def beside_canary(shop, folder):
    """A folder for a hostile file, where also the bare name of the canary leads to it."""
    shutil.copy(shop.canary, folder)
    return folder


def mostly_long(values, step, *slow):
    """All of `values`, each `step`th in every run and the others in the exhaustive one."""
    return [
        pytest.param(value, marks=[] if not place % step and value not in slow else LONG)
        for place, value in enumerate(values)
    ]


@pytest.mark.parametrize("said", mostly_long(FILES, 8, *SLOW))
def test_a_hostile_file_is_refused_or_taken_in_whole(said, take, shop, tmp_path):
    path = FILES[said].write(shop, beside_canary(shop, tmp_path))
    outcome, sealed = take(path), take(path, "sealed")
    if outcome.error:
        assert (sealed.error, sealed.said) == (outcome.error, outcome.said)
    else:
        assert sealed.is_duplicate


@pytest.mark.parametrize("way", [WAYS[0], pytest.param(WAYS[1], marks=LONG)])
@pytest.mark.parametrize(("said", "sentence"), REASONS.items())
def test_a_hostile_file_is_refused_for_what_it_is(said, sentence, way, take, shop, tmp_path):
    outcome = take(FILES[said].write(shop, beside_canary(shop, tmp_path)), way)
    assert outcome.error == "UnsafeMedia"
    assert sentence in outcome.said


def test_a_child_that_never_ends_is_ended():
    code = (
        "from mbtg_video.media import probe_child\n"
        "probe_child.give_up_rights(1)\n"
        "while True: pass\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], timeout=MOST_SECONDS, check=False)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("number", mostly_long(range(CUTS), 5))
def test_a_file_cut_anywhere_is_refused_or_taken_in_whole(number, take, shop, tmp_path):
    path, content = damaged(number, shop, tmp_path)
    left = random.Random(f"cut {number}").randrange(1, len(content))
    path.write_bytes(content[:left])
    take(path)


@pytest.mark.parametrize("number", mostly_long(range(FLIPS), 10))
def test_a_file_with_flipped_bits_is_refused_or_taken_in_whole(number, take, shop, tmp_path):
    path, content = damaged(number, shop, tmp_path)
    chance = random.Random(f"flips {number}")
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        content[chance.choice(PLACES)(chance, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    take(path)


def damaged(number, shop, folder):
    """Where to put a damaged file, and an honest one's content to damage."""
    path = shop.recording_file(KINDS[number % len(KINDS)], 1)
    return folder / path.name, bytearray(path.read_bytes())


@pytest.mark.parametrize(
    ("said", "container", "options"),
    [
        ("hls of a path", "hls", {"allowed_extensions": "ALL", "extension_picky": "0"}),
        ("ffconcat of a path", "concat", {"safe": "0"}),
    ],
)
def test_where_nothing_stops_them_the_references_lead_to_the_canary(
    said, container, options, shop, tmp_path
):
    path = FILES[said].write(shop, tmp_path)
    with av.open(str(path), format=container, options=options) as source:
        assert source.streams.video[0].width == CANARY["width"]


def test_the_lookout_sees_what_a_process_without_rights_asks_for(watched, shop):
    code = (
        "import socket, sys\n"
        "from mbtg_video.media import probe_child\n"
        "before = open(sys.argv[1])\n"
        "probe_child.give_up_rights(60)\n"
        "for ask in (lambda: open(sys.argv[1]), socket.socket):\n"
        "    try: ask()\n"
        "    except OSError: pass\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, shop.canary],
        env={**os.environ, **watched.environment},
        check=True,
    )
    assert watched.seen() == [f"open {shop.canary}", "socket "]


def test_the_server_knows_when_it_was_called(listener):
    socket.create_connection(listener.getsockname()).close()
    assert called(listener)
    assert not called(listener)


def test_the_canary_is_a_film_that_can_be_taken_in(library_folder, shop):
    with taker(library_folder) as process:
        assert process.take(shop.canary).facts == CANARY


@pytest.mark.parametrize(("way", "kind"), [("file", "gop25"), ("sealed", "mkv_gop25")])
def test_an_honest_file_is_taken_in_under_the_same_eyes(way, kind, take, shop):
    assert take(shop.recording_file(kind, 2), way).error == ""


def test_a_file_that_takes_too_long_is_told(library_folder, shop, monkeypatch):
    monkeypatch.setattr("tests.media.hostile.taking.MOST_SECONDS", 0)
    with taker(library_folder) as process, pytest.raises(TimeoutError):
        process.take(shop.recording_file("gop25", 2))
