"""Playlists as cutting programs and players read them."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree as Tree

import opentimelineio as otio
import pytest

from mbtg_video.supervision.exchange import m3u8, xspf
from mbtg_video.supervision.exchange import otio as otio_format
from mbtg_video.supervision.exchange.content import Clip, Mark, PlaylistValues, Step
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

TITLES = ("Æ & <ø>\n]]>", "\x07 bell, comma", "=1")
PLAYLIST = PlaylistValues(
    name="L1",
    title="Fredag",
    entries=(
        Clip(
            name="X1", title=TITLES[0], length=Timecode(17_960_000), frame_rate=Fraction(25),
            frames=449, minutes=10,
            marks=(
                Mark(Timecode(1_000_001), None, "3 Turn-taking", Valence.GOOD),
                Mark(Timecode(2_000_000), Timecode(2_500_000), "17 Emotions", Valence.MISSED),
            ),
        ),
        Step(kind="discussion", title="Hva nå?", minutes=15),
        Clip(
            name="X2", title=TITLES[1], length=Timecode(2_002_000),
            frame_rate=Fraction(30000, 1001), frames=60,
        ),
        Clip(
            name="X3", title=TITLES[2], length=Timecode(1_234_567), frame_rate=Fraction(25),
            frames=None,
        ),
        Step(kind="theory", title="theory"),
    ),
)  # fmt: skip


def test_a_timeline_holds_every_entry_at_its_exact_length():
    written = otio_format.write(PLAYLIST)
    assert written.losses == ()
    timeline = otio.adapters.read_from_string(written.data.decode(), "otio_json")
    (track,) = timeline.tracks
    kinds = [type(one).__name__ for one in track]
    assert kinds == ["Clip", "Gap", "Clip", "Clip", "Gap"]
    first, talk, second, varying, theory = track
    assert (first.name, first.media_reference.target_url) == (TITLES[0], "X1.mp4")
    assert first.source_range == first.media_reference.available_range
    assert (first.source_range.duration.value, first.source_range.duration.rate) == (449, 25)
    assert second.source_range.duration.value == 60
    assert second.source_range.duration.rate == pytest.approx(30000 / 1001)
    assert varying.source_range.duration.to_seconds() == 1.234567
    assert (talk.name, talk.duration().to_seconds()) == ("Hva nå?", 900)
    assert theory.duration().to_seconds() == 0
    assert [
        (m.name, m.color, m.marked_range.start_time.value, m.marked_range.duration.value)
        for m in first.markers
    ] == [
        ("3 Turn-taking", "GREEN", 1_000_001, 0),
        ("17 Emotions", "RED", 2_000_000, 500_000),
    ]


def test_an_xspf_is_one_by_its_structure():
    written = xspf.write(PLAYLIST)
    root = Tree.fromstring(written.data)
    space = "{http://xspf.org/ns/0/}"
    assert (root.tag, root.attrib) == (f"{space}playlist", {"version": "1"})
    assert [one.tag for one in root] == [f"{space}title", f"{space}trackList"]
    tracks = list(root[1])
    assert {tuple(one.tag.removeprefix(space) for one in track) for track in tracks} == {
        ("location", "title", "duration")
    }
    assert [track[0].text for track in tracks] == ["X1.mp4", "X2.mp4", "X3.mp4"]
    assert [track[2].text for track in tracks] == ["17960", "2002", "1235"]
    assert tracks[0][1].text == TITLES[0]
    assert [loss.place for loss in written.losses] == [
        "entry 2 (discussion)",
        "X2",
        "entry 5 (theory)",
    ]


def test_an_m3u_says_exact_lengths_and_one_line_a_title():
    written = m3u8.write(PLAYLIST)
    assert written.data.decode().splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Fredag",
        "#EXTINF:17.96,Æ & <ø> ]]>",
        "X1.mp4",
        "#EXTINF:2.002,bell, comma",
        "X2.mp4",
        "#EXTINF:1.234567,=1",
        "X3.mp4",
    ]
    assert len(written.losses) == 2
