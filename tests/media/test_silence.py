"""A stretch that must not be heard is silent to the sample; everything else is as it was."""

from __future__ import annotations

from dataclasses import replace

import av
import numpy as np
import pytest

from mbtg_video.errors import CutFailed
from mbtg_video.media import sound
from mbtg_video.media.check import Made
from mbtg_video.media.cut import cut
from mbtg_video.media.medium import Medium, wanted_frames
from mbtg_video.media.receipt import Muted, Rung
from mbtg_video.media.silence import Silence
from mbtg_video.media.verify import verify
from mbtg_video.timecode import Span, Timecode
from tests import synthetic
from tests.films import MemoryTarget

FIRST, BEHIND = 37, 190  # 1.48 s to 7.6 s
START_US = 1_480_000
HERTZ = (synthetic.BEEP_HERTZ, synthetic.SECOND_TRACK_HERTZ)


def span(start_us: int, end_us: int) -> Span:
    return Span(Timecode(start_us), Timecode(end_us))


# The beep at 3 s, and that at 5 s with an end in the middle of it.
NAMES = (span(2_990_001, 3_050_003), span(4_700_000, 5_020_000))


def decoded(excerpt, track):
    """Every sample that the excerpt's track decodes to, hidden ones too, and where it begins."""
    excerpt.seek(0)
    pieces = []
    with av.open(excerpt, format="mp4", options={"ignore_editlist": "1"}) as source:
        rate = source.streams.audio[track].rate
        for frame in source.decode(audio=track):
            start = round((frame.pts or 0) * frame.time_base * rate)
            pieces.append((start, frame.to_ndarray()))
    return pieces, rate


def samples_in(excerpt, track, start_us, end_us):
    """What is decoded between two moments of the excerpt, rounded outwards."""
    pieces, rate = decoded(excerpt, track)
    first, behind = start_us * rate // 1_000_000, -(-end_us * rate // 1_000_000)
    found = [piece[:, max(0, first - start) : max(0, behind - start)] for start, piece in pieces]
    return np.concatenate(found, axis=1)


@pytest.mark.parametrize(
    "kind", ["gop25", "two_audio", "ntsc", "pcm_mov", "vp9_webm", "interlaced_ts", "late_start"]
)
def test_not_one_sample_of_a_muted_stretch_is_left_in_any_track(film, kind):
    source = film(kind)
    made, excerpt = source.cut(FIRST, BEHIND, silent=NAMES)
    for track in range(len(source.facts.audio)):
        for name in NAMES:
            start = name.start.microseconds - made.first_frame_us
            end = name.end.microseconds - made.first_frame_us
            found = samples_in(excerpt, track, start, end)
            assert found.shape[1] >= (end - start) * 48_000 // 1_000_000
            assert not found.any()
    assert made.muted == tuple(
        Muted(name.start.microseconds, name.end.microseconds) for name in NAMES
    )
    checks = {check.name: check for check in made.checks}
    for track in range(len(source.facts.audio)):
        assert checks[f"sound {track + 1} muted"].passed
        assert checks[f"sound {track + 1} muted"].figure.startswith("0 of ")


@pytest.mark.parametrize("kind", ["gop25", "two_audio", "pcm_mov"])
def test_beeps_outside_stay_where_they_were_and_those_inside_are_gone(film, kind):
    _, excerpt = film(kind).cut(FIRST, BEHIND, silent=NAMES)
    for track, hertz in enumerate(HERTZ[: len(film(kind).facts.audio)]):
        heard = synthetic.beep_onsets(excerpt, "mp4", track, hertz)
        wanted = [second * 1_000_000 - START_US for second in (2, 4, 6, 7)]
        assert len(heard) == len(wanted)
        # As exact as the same recording without a muted stretch.
        assert np.abs(np.subtract(heard, wanted)).max() <= 10_000


def pictures(excerpt):
    """Coded pictures with their times, as they are stored."""
    excerpt.seek(0)
    with av.open(excerpt, format="mp4", options={"ignore_editlist": "1"}) as source:
        return [
            (packet.pts, packet.dts, packet.is_keyframe, bytes(packet))
            for packet in source.demux(video=0)
            if packet.size
        ]


@pytest.mark.parametrize(
    ("kind", "first", "behind", "rung"),
    [
        ("gop25", 37, 190, Rung.SPLICE_IDR),
        ("gop25", 50, 150, Rung.ALIGNED),
        ("opengop", 37, 190, Rung.REENCODE),
        ("two_audio", 37, 190, Rung.SPLICE_IDR),
    ],
)
def test_muting_changes_no_picture(film, kind, first, behind, rung):
    source = film(kind)
    plain, before = source.cut(first, behind)
    made, after = source.cut(first, behind, silent=NAMES)
    assert made.rung == plain.rung == rung
    assert pictures(after) == pictures(before)
    assert synthetic.frame_numbers(after, "mp4") == list(range(first, behind))
    assert plain.muted == ()
    assert not any("muted" in check.name for check in plain.checks)


@pytest.mark.parametrize(
    ("start_us", "end_us"),
    [
        (0, 1_500_001),  # reaches in over the start
        (7_599_999, 12_000_000),  # one microsecond before the end
        (0, 12_000_000),  # all of it
        (4_000_000, 4_000_001),  # shorter than a sample
    ],
)
def test_a_name_at_an_edge_is_silent_as_far_as_the_excerpt_reaches(film, start_us, end_us):
    made, excerpt = film("two_audio").cut(FIRST, BEHIND, silent=[span(start_us, end_us)])
    start = max(0, start_us - START_US)
    end = min(end_us, 7_600_000) - START_US
    for track in (0, 1):
        found = samples_in(excerpt, track, start, end)
        assert found.shape[1] >= 1
        assert not found.any()
    assert all(check.passed for check in made.checks)


@pytest.mark.parametrize(("start_us", "end_us"), [(1_000_000, 1_480_000), (7_600_000, 8_000_000)])
def test_sound_beside_a_name_that_lies_just_outside_is_not_copied(film, start_us, end_us):
    # A copied packet would carry what lies beyond the excerpt's edge.
    made, excerpt = film("gop25").cut(FIRST, BEHIND, silent=[span(start_us, end_us)])
    excerpt.seek(0)
    with av.open(excerpt, format="mp4", options={"ignore_editlist": "1"}) as source:
        begins = [packet.pts for packet in source.demux(audio=0) if packet.size]
    assert min(begins) == 0
    assert all(check.passed for check in made.checks)


def test_a_film_without_sound_has_nothing_to_mute(film):
    made, excerpt = film("no_audio").cut(FIRST, BEHIND, silent=NAMES)
    assert synthetic.frame_numbers(excerpt, "mp4") == list(range(FIRST, BEHIND))
    assert len(made.muted) == 2


def failed(film, excerpt, made, silent):
    with Medium.opened(film.footage) as medium:
        wanted = wanted_frames(film.footage, medium.time_base, film.span(FIRST, BEHIND))
        claim = Made(made.encoded, 0, tuple(range(len(made.sound_packets))), frozenset())
        checks = verify(medium, wanted, claim, excerpt, silent)
    return {check.name for check in checks if not check.passed}


def test_an_excerpt_in_which_a_name_is_heard_is_found(film):
    source = film("two_audio")
    plain, excerpt = source.cut(FIRST, BEHIND)
    assert failed(source, excerpt, plain, NAMES) >= {"sound 1 muted", "sound 2 muted"}


def test_silence_where_nothing_was_to_be_muted_is_found(film):
    source = film("gop25")
    made, excerpt = source.cut(FIRST, BEHIND, silent=[span(1_900_000, 2_200_000)])
    assert failed(source, excerpt, made, ()) == {"sound 1 in time"}


class Shifted(Silence):
    """Silence that begins too late."""

    def over(self, samples, start):
        return super().over(samples, start - 4800)


class Narrow(Silence):
    """Silence of the span alone: what the packets beside it say spreads into it."""

    def over(self, samples, start):
        return replace(Silence(), applied=self.asked).over(samples, start)


@pytest.mark.parametrize("wrong", [Shifted, Narrow])
def test_a_muting_that_leaves_a_sample_gives_no_excerpt(film, monkeypatch, wrong):
    real = sound.EncodedTrack.__init__

    def broken(self, output, stream, wanted, silence):
        real(self, output, stream, wanted, wrong(silence.asked, silence.applied))

    monkeypatch.setattr(sound.EncodedTrack, "__init__", broken)
    source = film("gop25")
    with pytest.raises(CutFailed, match=r"sound 1 muted: [1-9]"):
        cut(source.footage, source.span(FIRST, BEHIND), MemoryTarget,
            silent=[span(4_020_000, 4_500_000)])  # fmt: skip
