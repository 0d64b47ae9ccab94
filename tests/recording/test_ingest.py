"""A recording that comes in pieces is kept as a file would be, and never lies in the plain."""

from __future__ import annotations

import threading
from dataclasses import replace

import av
import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.errors import BadInput, UnsafeMedia
from mbtg_video.recording import ingest
from mbtg_video.recording.ingest import receiving, take_in
from mbtg_video.recording.model import Recording
from mbtg_video.withdrawal import withdraw
from tests.recording.intake import (
    BLOCK,
    SAID,
    TODAY,
    blocks,
    drafts,
    facts,
    receive,
    state,
)
from tests.test_privacy import readable

KINDS = (
    "gop25", "faststart", "fragmented", "edit_list", "edit_list_tail", "rotated", "vfr_bframes",
    "mkv_gop25", "vp8_webm", "mpeg2_ts", "interlaced_ts", "midstream_ts", "mpeg4_avi", "pcm_mov",
)  # fmt: skip
PLANTED = "Plantet tittel fra kameraet"
NAME = "Plantet Kari Nordmann.mp4"


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_keep_the_same(kind, twins, recording_file):
    path = recording_file(kind, 2)
    one, other = twins
    number = take_in(one, path, SAID, on=TODAY).id
    assert receive(other, path).id == number
    expected, line = facts(one, number)
    assert facts(other, number) == (expected, line)
    assert expected["content"] == path.read_bytes()
    assert line == (f"R{number} P1 P2 T1", {})


def test_each_way_knows_the_others_duplicate(consenting, small, recording_file):
    take_in(consenting, small, SAID, on=TODAY)
    receive(consenting, recording_file("mkv_gop25", 2))
    before = state(consenting)
    with pytest.raises(BadInput, match="as R1"):
        receive(consenting, small, name="another name.mp4")
    with pytest.raises(BadInput, match="as R2"):
        take_in(consenting, recording_file("mkv_gop25", 2), SAID, on=TODAY)
    assert state(consenting) == before


def test_two_uploads_of_one_file_at_once_give_one_recording(consenting, small):
    with (
        receiving(consenting, SAID, "a.mp4", on=TODAY) as first,
        receiving(consenting, SAID, "b.mp4", on=TODAY) as second,
    ):
        for block in blocks(small):
            first.write(block)
            second.write(block)
        assert second.size == small.stat().st_size
        second.finish()
        with pytest.raises(BadInput, match="as R1"):
            first.finish()
    assert facts(consenting, 1)[0]["file_name"] == "b.mp4"
    assert drafts(consenting) == []


def test_blocks_may_come_from_one_thread_after_another(consenting, large):
    def elsewhere(deed, *arguments):
        answers = []
        thread = threading.Thread(target=lambda: answers.append(deed(*arguments)))
        thread.start()
        thread.join()
        return answers[0]

    with receiving(consenting, SAID, large.name, on=TODAY) as intake:
        for block in blocks(large, 1 << 20):
            elsewhere(intake.write, memoryview(block))
        assert elsewhere(intake.finish).name == "R1"
    assert facts(consenting, 1)[0]["content"] == large.read_bytes()


def test_nothing_lies_in_the_plain_while_it_comes_and_afterwards(
    consenting, large, tmp_path, monkeypatch
):
    source = tmp_path / "source.mkv"
    with av.open(str(large)) as read, av.open(str(source), "w") as made:
        made.metadata["title"] = PLANTED
        stream = made.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.size:
                packet.stream = stream
                made.mux(packet)
    assert PLANTED.encode() in source.read_bytes()
    content = source.read_bytes()
    middle = content[len(content) // 2 :][:32]
    looked = []

    def look():
        held = [path for path in consenting.root.rglob("*") if path.is_file()]
        assert readable(consenting.root, [PLANTED, NAME]) == []
        assert not [path for path in held if middle in path.read_bytes()]
        looked.append(sum(path.stat().st_size for path in drafts(consenting)))

    probe = ingest.probe
    monkeypatch.setattr(ingest, "probe", lambda sealed: (look(), probe(sealed), look())[1])
    with receiving(consenting, SAID, NAME, on=TODAY) as intake:
        for block in blocks(source):
            intake.write(block)
            look()
        intake.finish()
        look()
    look()
    assert sorted(looked[:-2]) == looked[:-2]
    assert looked[-5] > 3 << 18  # most of it lay there, sealed, before it was finished
    assert looked[-2:] == [0, 0]
    assert facts(consenting, 1)[0]["file_name"] == NAME


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\fakepath\Gruppe 3.MP4", "Gruppe 3.MP4"),
        ("/home/kari/../film.mts", "film.mts"),
        ("Økt tre.mov", "Økt tre.mov"),
    ],
)
def test_of_a_path_only_the_name_is_kept(consenting, small, given, kept):
    receive(consenting, small, name=given)
    assert facts(consenting, 1)[0]["file_name"] == kept


def test_a_withdrawal_of_another_while_it_comes_does_no_harm(consenting, small):
    said = replace(SAID, present_codes=("P1", "T1"))
    with receiving(consenting, said, small.name, on=TODAY) as intake:
        intake.write(small.read_bytes()[:BLOCK])
        withdraw(consenting, "P2", [], on=TODAY)  # the library key is replaced
        intake.write(small.read_bytes()[BLOCK:])
        intake.finish()
    assert facts(consenting, 1)[0]["content"] == small.read_bytes()


def test_what_is_left_after_any_of_it_is_whole(consenting, small):
    with receiving(consenting, SAID, small.name, on=TODAY) as intake:
        intake.write(b"no recording at all")
        with pytest.raises(UnsafeMedia):
            intake.finish()
    receive(consenting, small)
    with consenting.transaction() as session:
        assert audit.verify(session) == []
        assert [row.name for row in session.scalars(select(Recording))] == ["R1"]
