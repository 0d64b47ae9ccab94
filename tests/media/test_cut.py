"""Exact cuts of every kind of recording, read back frame by frame from the picture."""

from __future__ import annotations

import errno
import io
import signal
from collections.abc import Callable
from dataclasses import replace

import av
import numpy as np
import pytest

from mbtg_video.errors import CutFailed, Damaged, MalformedTime
from mbtg_video.media.cut import cut
from mbtg_video.media.receipt import Rung
from mbtg_video.timecode import Span, Timecode
from tests import synthetic
from tests.films import MemoryTarget
from tests.recipes import KINDS

# First frame, and the frame behind the last; None means behind the recording's last.
SPANS = {
    "at the start": (0, 80),
    "at the end": (-90, None),
    "inside one GOP": (30, 45),
    "on keyframes": (50, 100),
    "one frame long": (61, 62),
    "across GOPs": (37, 190),
    "the whole file": (0, None),
}
TRIED_ON_ALL = {"across GOPs"}
TRIED_ON_SOME = SPANS.keys() - TRIED_ON_ALL - {"the whole file"}
SOME = ("gop25", "hevc_open")
"""What is tried in every run; every span of every kind is in the exhaustive one."""
FADED_US = 60_000
BEEP_US = synthetic.BEEP_MS * 1000


def _ends(count: int, span: tuple[int, int | None]) -> tuple[int, int]:
    first, behind = span
    return (first % count if first < 0 else first), count if behind is None else behind


def _expected_beeps(start: int, end: int) -> list[int]:
    """Where whole beeps begin in the excerpt, but for the moment that AAC fades in."""
    seconds = range(start // 1_000_000, end // 1_000_000 + 1)
    return [
        second * 1_000_000 - start
        for second in seconds
        if start + FADED_US <= second * 1_000_000 <= end - FADED_US - BEEP_US
    ]


def _cuts():
    for name, span in SPANS.items():
        for kind in KINDS:
            quick = name in TRIED_ON_ALL or (name in TRIED_ON_SOME and kind in SOME)
            marks = [] if quick else [pytest.mark.long]
            yield pytest.param(kind, span, id=f"{name}-{kind}", marks=marks)


@pytest.mark.parametrize(("kind", "span"), list(_cuts()))
def test_an_excerpt_holds_the_frames_of_its_span_and_no_other(film, kind, span):
    source = film(kind)
    first, behind = _ends(len(source.times), span)
    made, excerpt = source.cut(first, behind)
    assert synthetic.frame_numbers(excerpt, "mp4") == list(range(first, behind))
    assert synthetic.packet_count_ignoring_edit_lists(excerpt, "mp4") == behind - first
    start = source.time_of(first)
    planned = [time - start for time in source.times[first:behind]]
    assert np.abs(np.subtract(synthetic.shown_times(excerpt, "mp4"), planned)).max() <= 1
    assert made.frames == behind - first
    assert made.first_frame_us == start
    assert all(check.passed for check in made.checks)
    length = source.time_of(behind) - start
    for track, hertz in enumerate((synthetic.BEEP_HERTZ, synthetic.SECOND_TRACK_HERTZ)):
        if track >= len(source.facts.audio):
            continue
        heard = synthetic.beep_onsets(excerpt, "mp4", track, hertz)
        for beep in _expected_beeps(start, start + length):
            assert min(abs(beep - onset) for onset in heard) <= 10_000
        stored, packet_us = _sound_packets(excerpt, track)
        assert (len(stored) - 2) * packet_us < length
        assert all(begin < length and begin + packet_us > 0 for begin in stored)


def _sound_packets(excerpt, track):
    """When each stored packet begins, and how long one lasts, in µs.

    One that an edit list hides counts as lying before the excerpt.
    """
    excerpt.seek(0)
    with av.open(excerpt, format="mp4", options={"ignore_editlist": "1"}) as stored:
        count = sum(packet.size > 0 for packet in stored.demux(audio=track))
    excerpt.seek(0)
    with av.open(excerpt, format="mp4") as played:
        packet_us = 1024 * 1_000_000 // played.streams.audio[track].rate
        begins = [
            round(packet.pts * packet.time_base * 1_000_000)
            for packet in played.demux(audio=track)
            if packet.size
        ]
    return begins + [-packet_us] * (count - len(begins)), packet_us


@pytest.mark.parametrize(
    ("kind", "first", "behind", "keep", "rung", "encoded"),
    [
        ("gop25", 50, 100, False, Rung.ALIGNED, 0),
        ("gop25", 37, 190, False, Rung.SPLICE_IDR, 13),
        ("gop25", 30, 45, False, Rung.REENCODE, 15),
        ("closed250", 240, 400, False, Rung.SPLICE_IDR, None),
        ("opengop", 50, 100, False, Rung.REENCODE, 50),
        ("opengop", 50, 100, True, Rung.REENCODE, 50),
        ("hevc_closed", 37, 190, False, Rung.REENCODE, 153),
        ("hevc_closed", 37, 190, True, Rung.SPLICE_IDR, None),
        ("hevc_open", 50, 100, True, Rung.ALIGNED, 0),
        ("hevc_open", 37, 190, True, Rung.SPLICE_CRA, None),
        ("tenbit", 37, 190, True, Rung.SPLICE_IDR, 13),
        ("interlaced_ts", 37, 190, True, Rung.REENCODE, 153),
        ("interlaced_ts", 0, 300, True, Rung.ALIGNED, 0),
        ("vp9_webm", 50, 100, True, Rung.REENCODE, 50),
    ],
)
def test_the_highest_rung_that_holds_is_used(film, kind, first, behind, keep, rung, encoded):
    made, excerpt = film(kind).cut(first, behind, keep_codec=keep)
    assert made.rung == rung
    assert bool(made.fell) == (rung is Rung.REENCODE)
    assert synthetic.frame_numbers(excerpt, "mp4") == list(range(first, behind))
    if encoded is None:
        assert 0 < made.encoded < (behind - first) / 3
    else:
        assert made.encoded == encoded


@pytest.mark.parametrize("kind", ["gop25", "hevc_open", "rotated", "interlaced_ts", "tenbit"])
def test_without_keep_codec_an_excerpt_is_what_every_browser_plays(film, kind):
    _, excerpt = film(kind).cut(37, 190)
    with av.open(excerpt, format="mp4") as played:
        context = played.streams.video[0].codec_context
        assert context.codec.canonical_name == "h264"
        assert context.codec_tag == "avc1"
        assert context.pix_fmt == "yuv420p"
        assert not next(played.decode(video=0)).interlaced_frame
        assert played.streams.audio[0].codec_context.codec.canonical_name == "aac"


@pytest.mark.parametrize("kind", ["gop25", "hevc_open", "vp9_webm", "two_audio", "pcm_mov"])
@pytest.mark.parametrize("keep", [False, True])
def test_nothing_of_camera_encoder_place_or_date_is_left(film, kind, keep):
    made, excerpt = film(kind).cut(37, 190, keep_codec=keep)
    content = excerpt.read()
    for planted in synthetic.PLANTED.values():
        assert planted.encode() not in content
    for signature in (b"x264", b"x265", b"Lavf", b"libx"):
        assert signature not in content
    # Copied AAC may name its encoder inside the sound itself; what is encoded here does not.
    assert kind in ("gop25", "hevc_open", "two_audio") or b"Lavc" not in content
    assert "metadata of the file" in made.stripped


def test_every_sound_track_comes_along_in_its_order(film):
    made, excerpt = film("two_audio").cut(37, 190)
    assert len(made.sound_packets) == 2
    for track, hertz in enumerate((synthetic.BEEP_HERTZ, synthetic.SECOND_TRACK_HERTZ)):
        heard = synthetic.beep_onsets(excerpt, "mp4", track, hertz)
        assert np.abs(np.subtract(heard, _expected_beeps(1_480_000, 7_600_000))).max() <= 10_000


def test_turned_pictures_stay_upright_on_every_rung(film):
    source = film("rotated")
    for first, behind in ((50, 100), (37, 190), (30, 45)):
        _, excerpt = source.cut(first, behind)
        with av.open(excerpt, format="mp4") as played:
            picture = synthetic.upright(next(played.decode(video=0)))
        assert picture.shape == (synthetic.UPRIGHT_HEIGHT, synthetic.UPRIGHT_WIDTH)


@pytest.mark.long
def test_a_long_excerpt_rewrites_nothing_but_its_first_bytes(film):
    # MemoryTarget refuses anything else; the index of so many frames is longer than any buffer.
    made, excerpt = film("gop25", 160).cut(0, 4000)
    assert made.rung is Rung.ALIGNED
    assert synthetic.packet_count_ignoring_edit_lists(excerpt, "mp4") == 4000


def test_progress_rises_to_all_of_it(film):
    source = film("gop25")
    told: list[float] = []
    cut(source.footage, source.span(37, 190), MemoryTarget, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_span_between_two_frames_is_refused(film):
    source = film("gop25")
    span = Span(Timecode(1_210_000), Timecode(1_230_000))
    with pytest.raises(MalformedTime, match=r"00:00:01\.200 and 00:00:01\.240"):
        cut(source.footage, span, MemoryTarget)


def test_a_recording_that_cannot_be_read_any_more_gives_no_excerpt(film, tmp_path):
    whole = film("gop25")
    content = bytearray(whole.path.read_bytes())
    content[len(content) // 8 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 8)
    (tmp_path / "damaged.mp4").write_bytes(content)
    targets: list[MemoryTarget] = []

    def new_target() -> MemoryTarget:
        targets.append(MemoryTarget())
        return targets[-1]

    with (tmp_path / "damaged.mp4").open("rb") as file, pytest.raises(CutFailed, match="00:00:04"):
        cut(replace(whole.footage, file=file), whole.span(100, 200), new_target)
    assert len(targets) == 3
    assert all(target.discarded for target in targets)


class FullTarget(MemoryTarget):
    """A target on a disk that is soon full."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.tell() + len(data) > 5000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("span", [(37, 190), (30, 45)])
def test_a_full_disk_is_not_taken_for_a_bad_excerpt(film, span):
    source = film("gop25")
    with pytest.raises(OSError, match="No space left"):
        cut(source.footage, source.span(*span), FullTarget)


class Disturbed(io.BufferedReader):
    """A recording during whose reading something happens, once."""

    after = 3
    happens: Callable[[], object] = staticmethod(lambda: None)

    def read(self, size: int | None = -1) -> bytes:  # type: ignore[override]
        self.after -= 1
        if self.after == 0:
            self.happens()
        return super().read(size)


@pytest.fixture
def disturbed(film):
    source = film("gop25", 160)
    with source.path.open("rb", buffering=0) as raw:
        yield source, Disturbed(raw)


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_ctrl_c_while_the_recording_is_read_is_heard(disturbed, after):
    source, file = disturbed
    file.after, file.happens = after, lambda: signal.raise_signal(signal.SIGINT)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    targets: list[MemoryTarget] = []

    def new_target() -> MemoryTarget:
        targets.append(MemoryTarget())
        return targets[-1]

    try:
        with pytest.raises(KeyboardInterrupt):
            cut(replace(source.footage, file=file), source.span(37, 3190), new_target)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(targets) <= 1


@pytest.mark.parametrize("after", [1, 2, 3, 4])
def test_a_recording_that_does_not_verify_is_not_taken_for_its_end(disturbed, after):
    def damaged() -> None:
        raise Damaged("a chunk does not verify")

    source, file = disturbed
    file.after, file.happens = after, damaged
    with pytest.raises(Damaged):
        cut(replace(source.footage, file=file), source.span(37, 3190), MemoryTarget)
