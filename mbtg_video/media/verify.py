"""Check an excerpt against its recording before it is kept.

Nothing that the cutter says of its own work is believed: the file is read back as a player
reads it, with edit lists ignored where something could hide behind one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import BinaryIO, Final

import cv2
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from mbtg_video.media.encode import frames_at
from mbtg_video.media.medium import SOUND_LEAD, Footage, Medium, Wanted, time_base_of
from mbtg_video.media.reading import open_media
from mbtg_video.media.sound import ENCODED_RATE, Heard
from mbtg_video.media.whole import PictureFilter
from mbtg_video.timecode import MICROSECONDS

LEAST_PSNR: Final = 26.0
"""dB, of frames encoded anew, on pictures made small so that interlacing does not count."""
MOST_SOUND_OFFSET_MS: Final = 10

_BESIDE_A_JOIN: Final = 2
_SAMPLES: Final = 8
_COMPARED_SIZE: Final = (160, 90)
_COMPARED_SECONDS: Final = Fraction(1)
_FADE: Final = Fraction(50, 1000)
"""Seconds at both ends that are not compared: AAC fades there for want of a neighbour."""
_SILENCE: Final = 1e-3
_HOLE_SAMPLES: Final = ENCODED_RATE // 10
_LEAST_LIKENESS: Final = 0.5
HARMLESS_METADATA: Final = frozenset(
    {
        "major_brand",
        "minor_version",
        "compatible_brands",
        "language",
        "handler_name",
        "vendor_id",
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an excerpt and the figure that it found."""

    name: str
    passed: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Made:
    """What an attempt says of itself: how many frames at each end it encoded anew."""

    head: int
    tail: int
    sound_tracks: int
    stripped: frozenset[str]


def verify(medium: Medium, wanted: Wanted, made: Made, file: BinaryIO) -> tuple[Check, ...]:
    """Checks of the excerpt in `file`; each is made, also after one failed."""
    excerpt = Footage(
        file=file,
        container="mp4",
        start_pts=0,
        frame_times=tuple(time - wanted.times[0] for time in wanted.times),
        length_us=wanted.end_us - wanted.times[0],
        rotation=0,
        interlaced=False,
        plays_in_browser=True,
    )
    try:
        return (
            *_packet_checks(file, wanted),
            _nothing_beside(file, made),
            *_content_checks(medium, wanted, made, excerpt),
        )
    except FFmpegError as error:
        return (Check("readable", False, type(error).__name__),)


def _packet_checks(file: BinaryIO, wanted: Wanted) -> Iterator[Check]:
    with open_media(file, "mp4", obey_edit_list=False) as stored:
        video = stored.streams.video[0]
        time_base = time_base_of(video)
        pictures = [(p.pts, p.dts) for p in stored.demux(video) if p.size]
    count = len(wanted.stamps)
    yield Check("frames", len(pictures) == count, f"{len(pictures)} of {count} stored")
    stored_at = sorted(pts * time_base for pts, _ in pictures if pts is not None)
    asked = [offset * wanted.time_base for offset in wanted.offsets]
    begin = stored_at[0] if stored_at else Fraction(0)
    off = [abs(at - begin - due) for at, due in zip(stored_at, asked, strict=False)]
    right = len(stored_at) == count and not any(off)
    figure = f"{round(max(off, default=Fraction(0)) * MICROSECONDS)} µs off at most"
    yield Check("times", right, figure)
    decode_times = [dts for _, dts in pictures if dts is not None]
    rising = len(decode_times) == len(pictures) and all(a < b for a, b in pairwise(decode_times))
    early = all(pts is not None and dts is not None and dts <= pts for pts, dts in pictures)
    yield Check("order", rising and early, "decode times rise, none after its frame is shown")
    with open_media(file, "mp4") as played:
        video = played.streams.video[0]
        first = min((p.pts for p in played.demux(video) if p.pts is not None), default=None)
    yield Check("starts at zero", first == 0, f"first frame at {first}")
    yield from _sound_packet_checks(file, wanted)


def _sound_packet_checks(file: BinaryIO, wanted: Wanted) -> Iterator[Check]:
    with open_media(file, "mp4", obey_edit_list=False) as stored:
        counts = [0] * len(stored.streams.audio)
        tracks = {stream.index: place for place, stream in enumerate(stored.streams.audio)}
        for packet in stored.demux(*stored.streams.audio) if tracks else ():
            if packet.size:
                counts[tracks[packet.stream_index]] += 1
    outside = 0
    with open_media(file, "mp4") as played:
        for packet in played.demux(*played.streams.audio) if tracks else ():
            if not packet.size or packet.pts is None:
                continue
            counts[tracks[packet.stream_index]] -= 1
            start = packet.pts * packet.time_base
            end = start + (packet.duration or 0) * packet.time_base
            outside += start >= wanted.length or end <= 0
    hidden = sum(map(abs, counts))
    yield Check("sound inside the span", not outside + hidden, f"{outside + hidden} packets beyond")


def _nothing_beside(file: BinaryIO, made: Made) -> Check:
    with open_media(file, "mp4", obey_edit_list=False) as stored:
        foreign = set(stored.metadata) - HARMLESS_METADATA
        for stream in stored.streams:
            foreign |= set(stream.metadata) - HARMLESS_METADATA
        beside = len(stored.streams) - 1 - made.sound_tracks + len(stored.chapters())
    passed = not foreign and not beside
    return Check("no metadata", passed, f"{len(foreign)} entries, {beside} further streams")


def _content_checks(
    medium: Medium, wanted: Wanted, made: Made, excerpt: Footage
) -> Iterator[Check]:
    with Medium.opened(excerpt) as copy:
        yield from _picture_checks(medium, wanted, made, copy)
        for track in range(min(len(medium.sounds), len(copy.sounds))):
            yield _alignment(medium, copy, wanted, track)


def _compared(made: Made, count: int) -> Iterator[list[int]]:
    """Groups of frames to compare: both sides of each join, or samples of what is all new."""
    joins = {0, made.head, count - made.tail, count}
    if made.head == count:
        joins |= {count * step // _SAMPLES for step in range(_SAMPLES)}
    for join in sorted(joins):
        group = range(max(0, join - _BESIDE_A_JOIN), min(count, join + _BESIDE_A_JOIN))
        if group:
            yield list(group)


def _picture_checks(medium: Medium, wanted: Wanted, made: Made, copy: Medium) -> Iterator[Check]:
    count = len(wanted.stamps)
    exact = different = missing = 0
    distances = []
    for group in _compared(made, count):
        ours = list(frames_at(copy, [_stamp(copy, wanted, index) for index in group]))
        theirs = list(frames_at(medium, [wanted.stamps[index] for index in group]))
        if not len(ours) == len(theirs) == len(group):
            missing += len(group)
            continue
        shown = _shown(theirs, medium, wanted) if made.head == count else theirs
        for index, mine, original in zip(group, ours, shown, strict=True):
            if made.head <= index < count - made.tail:
                same = np.array_equal(mine.to_ndarray(), original.to_ndarray())
                exact += same
                different += not same
            else:
                distances.append(_psnr(mine, original))
    if made.head < count:
        figure = f"{exact} of {exact + different} at the joins bit-exact"
        yield Check("copied frames", exact > 0 and not different + missing, figure)
    if made.head or made.tail:
        figure = f"{min(distances, default=0):.1f} dB at least, {missing} missing"
        passed = not missing and min(distances, default=0) >= LEAST_PSNR
        yield Check("encoded frames", passed, figure)


def _stamp(copy: Medium, wanted: Wanted, index: int) -> int:
    """Time stamp of a wanted frame in the excerpt."""
    return round((wanted.stamps[index] - wanted.stamps[0]) * wanted.time_base / copy.time_base)


def _shown(frames: list[VideoFrame], medium: Medium, wanted: Wanted) -> list[VideoFrame]:
    pictures = PictureFilter(medium, wanted)
    return [shown for frame in (*frames, None) for shown in pictures.take(frame)]


def _small(frame: VideoFrame) -> NDArray[np.float32]:
    gray = frame.to_ndarray(format="gray")
    return cv2.resize(gray, _COMPARED_SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)


def _psnr(mine: VideoFrame, original: VideoFrame) -> float:
    """Peak signal-to-noise ratio of two pictures in dB, at most 99."""
    error = float(np.mean((_small(mine) - _small(original)) ** 2))
    return min(99.0, 10 * float(np.log10(255**2 / max(error, 1e-9))))


def _alignment(medium: Medium, copy: Medium, wanted: Wanted, track: int) -> Check:
    """How far a track's sound lies from where it was, at the start and at the end."""
    worst, silent = 0.0, 0
    name = f"sound {track + 1} in time"
    length = min(_COMPARED_SECONDS, wanted.length - 2 * _FADE)
    if length <= 0:
        return Check(name, True, "too short to compare")
    for into in (_FADE, wanted.length - _FADE - length):
        ours = _heard(copy, track, into, length)
        theirs = _heard(medium, track, wanted.zero + into, length)
        if _loudness(theirs) < _SILENCE:
            silent += 1
            if _loudness(ours) >= 10 * _SILENCE:
                return Check(name, False, "sound where there was none")
            continue
        lag = _lag(ours, theirs)
        if lag is None or _has_hole(ours, theirs):
            return Check(name, False, "not the sound of the recording")
        worst = max(worst, abs(lag) * 1000 / ENCODED_RATE)
    figure = "silent" if silent == 2 else f"{worst:.1f} ms off"
    return Check(name, worst <= MOST_SOUND_OFFSET_MS, figure)


def _loudness(samples: NDArray[np.float32]) -> float:
    """Root mean square, of 1."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def _has_hole(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> bool:
    """Whether sound of the recording is missing for a tenth of a second or longer."""
    for start in range(0, len(theirs), _HOLE_SAMPLES):
        loud = _loudness(theirs[start : start + _HOLE_SAMPLES])
        if loud > 10 * _SILENCE and _loudness(ours[start : start + _HOLE_SAMPLES]) < loud / 4:
            return True
    return False


def _heard(medium: Medium, track: int, zero: Fraction, length: Fraction) -> NDArray[np.float32]:
    """A second of a track, mono at 48 kHz."""
    stream = medium.sounds[track]
    heard = Heard(stream, zero, length)
    pieces: list[NDArray[np.float32]] = []
    stamp = round(zero / medium.time_base)
    lead = SOUND_LEAD if medium.footage.container != "mp4" else Fraction(1, 2)
    for packet in medium.packets_from(stamp, stream, lead=lead):
        if packet.stream_index == stream.index and packet.size:
            pieces += heard.take(packet)
        if heard.done:
            break
    pieces += heard.take(None)
    samples = np.zeros(heard.samples, np.float32)
    found = np.concatenate([np.zeros((1, 0), np.float32), *(p[:1] for p in pieces)], axis=1)[0]
    samples[: len(found)] = found
    return samples


def _lag(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> int | None:
    """Samples by which `ours` comes late, the likeliest nearest zero; None if they differ."""
    size = 2 * len(ours)
    product = np.fft.rfft(ours, size) * np.conj(np.fft.rfft(theirs, size))
    likeness = np.fft.irfft(product, size)
    strength = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    best = float(likeness.max())
    if strength <= 0 or best < _LEAST_LIKENESS * strength:
        return None
    lags = np.flatnonzero(likeness >= 0.99 * best)
    lags[lags >= len(ours)] -= size
    return int(lags[np.abs(lags).argmin()])
