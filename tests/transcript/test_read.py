"""Captions become a transcript whatever program wrote them, and what is left out is told."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.errors import BadInput
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.captions import CaptionFormat
from mbtg_video.transcript.content import CueValues, Lane
from mbtg_video.transcript.read import read_transcript
from mbtg_video.transcript.write import write_transcript

VTT, SRT = CaptionFormat.WEBVTT, CaptionFormat.SRT
LENGTH = Timecode(3_600_000_000 * 200)

SPOKEN = """WEBVTT - Gruppe 3
Language: nb

STYLE
::cue { color: red }

REGION
id:bill
width:40%

NOTE laget for hånd

siste
00:10.000 --> 00:12.000 align:start
<v Terapeut>Hva <i>tenker</i> du?

1
00:00:01.500 --> 00:00:04.000
<v.loud P1>Jeg vet ikke.
Ikke ennå &amp; ikke nå &lt;3
<v P2>Jo.</v>

100:00:00.000 --> 100:00:01.000
Langt ute
"""


def read(text, kind=VTT, length=LENGTH, encoding="utf-8", **how):
    return read_transcript(text.encode(encoding), kind, length, **how)


def said(lane):
    return [
        (c.start.microseconds // 1000, c.end.microseconds // 1000, c.speaker, c.text)
        for c in lane.cues
    ]


def test_lines_without_a_time_are_told():
    stray = SPOKEN.replace("siste\n", "Kari sier noe\nog mer\n\nsiste\n") + "\ntil slutt\n"
    lane, losses = read(stray)
    assert said(lane) == said(read(SPOKEN)[0])
    assert "2 blocks of lines have no time: left out" in [loss.what for loss in losses]
    assert not any("no time" in loss.what for loss in read(SPOKEN)[1])


def test_a_file_keeps_its_own_title_unless_another_is_given():
    assert read(SPOKEN, untitled="file")[0].title == "Gruppe 3"
    assert read(SPOKEN, untitled="file", title="annet")[0].title == "annet"
    assert read(SPOKEN.replace(" - Gruppe 3", ""), untitled="file")[0].title == "file"


def test_blanks_behind_the_first_number_are_no_damage():
    lane, losses = read("\n 1 \r\n00:00:01,000 --> 00:00:02,000 \r\nhei\r\n", SRT)
    assert (said(lane), losses) == ([(1000, 2000, None, "hei")], [])


def test_a_webvtt_file_gives_its_voices_in_order_of_time():
    lane, losses = read(SPOKEN)
    assert said(lane) == [
        (1500, 4000, "P1", "Jeg vet ikke.\nIkke ennå & ikke nå <3"),
        (1500, 4000, "P2", "Jo."),
        (10_000, 12_000, "Terapeut", "Hva tenker du?"),
        (360_000_000, 360_001_000, None, "Langt ute"),
    ]
    assert (lane.title, lane.language) == ("Gruppe 3", "nb")
    told = " ".join(loss.what for loss in losses)
    for what in ("style", "regions", "where on the screen", "1 comments", "name or number"):
        assert what in told


SUBTITLES = """1
00:00:01,000 --> 00:00:02,500
<i>Hei på deg</i>
{\\an8}og deg

2
00:00:02.000 --> 00:00:03.000
a < b og c > d

1987
00:00:05,5 --> 00:00:04,000
baklengs

4
00:00:06,000 --> 00:00:07,000
<b></b>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_subtitles_are_read_in_every_encoding_and_with_every_end_of_line(encoding, ends):
    lane, losses = read(SUBTITLES.replace("\n", ends), SRT, encoding=encoding)
    assert said(lane) == [
        (1000, 2500, None, "Hei på deg\nog deg"),
        (2000, 3000, None, "a < b og c > d"),
    ]
    told = {loss.place: loss.what for loss in losses}
    assert "before it begins" in told["cue 3"]
    assert "nothing is said" in told["cue 4"]
    assert any("cp1252" in loss.what for loss in losses) == (encoding == "cp1252")


def test_what_lies_behind_the_recording_is_told_and_left_out():
    lane, losses = read(SUBTITLES, SRT, Timecode(2_200_000))
    assert said(lane) == [
        (1000, 2200, None, "Hei på deg\nog deg"),
        (2000, 2200, None, "a < b og c > d"),
    ]
    assert [one.place for one in losses if "behind the recording" in one.what] == [
        "cue 1", "cue 2", "cue 4",
    ]  # fmt: skip


def test_a_caption_that_cannot_be_read_is_told():
    _, losses = read("WEBVTT\n\n00:01.000 --> 00:xx\nhei\n\n00:02.000 --> 00:03.000\nja\n")
    assert any("1 lines with an arrow" in loss.what for loss in losses)


@pytest.mark.parametrize("kind", CaptionFormat)
@pytest.mark.parametrize(
    "data",
    [b"", b"no captions", b"\x00\x01\x02", b"WEBVT\n\n", b"\x81\x8d\x8f" * 9, b"\xff\xfe\x00"],
)
def test_another_file_is_refused(kind, data):
    with pytest.raises(BadInput):
        read_transcript(data, kind, LENGTH)


plain = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from("<&>-"), min_size=1
).map(str.strip)
cues = st.builds(
    lambda start, length, text, speaker: CueValues(
        start=Timecode(start * 1000), end=Timecode((start + length) * 1000), text=text,
        speaker=speaker,
    ),
    st.integers(0, 10**8), st.integers(1, 10**6),
    st.lists(plain.filter(bool), min_size=1, max_size=3).map("\n".join),
    st.none() | plain.map(lambda name: " ".join(name.split())).filter(bool),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(cues, min_size=1, max_size=4))
def test_what_we_write_as_webvtt_comes_back(said_cues):
    ordered = tuple(sorted(said_cues, key=lambda cue: cue.start))
    lane = Lane(title="Gruppe 3", cues=ordered, language="nb")
    data, losses = write_transcript(lane, VTT)
    assert losses == []
    assert read_transcript(data, VTT, LENGTH)[0] == lane


def test_subtitles_tell_what_they_change():
    cue = CueValues(start=Timecode(1), end=Timecode(2000), text="a --> b\n\nc", speaker="P1")
    data, losses = write_transcript(Lane(title="x", cues=(cue,)), SRT)
    assert data.decode() == "1\n00:00:00,000 --> 00:00:00,002\nP1: a \N{RIGHTWARDS ARROW} b\nc\n"
    assert [loss.what for loss in losses] == [
        "rounded to the millisecond",
        "empty lines were left out",
        "who speaks is written before the text",
        "arrows were replaced",
    ]


@pytest.mark.parametrize("mark", ["<", "<v ", "<v   ", "<font ", "{\\"])
@pytest.mark.parametrize("kind", [VTT, SRT])
def test_marks_that_never_end_are_read_at_once(kind, mark):
    times = "00:01.000 --> 00:02.000" if kind is VTT else "1\n00:00:01,000 --> 00:00:02,000"
    head = "WEBVTT\n\n" if kind is VTT else ""
    began = time.process_time()
    lane, _ = read(f"{head}{times}\n{mark * 20_000}x\n", kind)
    assert lane.cues[0].text.endswith("x")
    assert time.process_time() - began < 0.5
