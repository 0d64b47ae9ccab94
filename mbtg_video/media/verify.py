"""Check an excerpt against its recording before it is kept.

Nothing that the cutter says of its own work is believed: the file is read back as a player
reads it, with edit lists ignored where something could hide behind one.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from typing import BinaryIO, Final

import numpy as np
from av.error import FFmpegError
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from mbtg_video import interrupt
from mbtg_video.errors import MediaError
from mbtg_video.media import nal
from mbtg_video.media.check import Check, Made
from mbtg_video.media.encode import frames_at
from mbtg_video.media.medium import Footage, Medium, Wanted, time_base_of
from mbtg_video.media.reading import open_media
from mbtg_video.media.silence import Silence
from mbtg_video.media.verify_sound import alignment, muted
from mbtg_video.media.whole import PictureFilter
from mbtg_video.timecode import MICROSECONDS, Span

LEAST_PSNR: Final = 26.0
"""dB, of frames encoded anew, on pictures made small so that interlacing does not count."""

_PICTURE_UNITS: Final[Mapping[str, Callable[[memoryview], bool]]] = {
    "h264": lambda head: nal.h264_kind(head) in nal.H264_PICTURE,
    "hevc": lambda head: nal.hevc_kind(head) in nal.HEVC_PICTURE,
}
_BESIDE_A_JOIN: Final = 2
_SAMPLES: Final = 8
_NEAR_US: Final = 12_000_000
"""As far as decoding on is cheaper than seeking anew: the longest groups of pictures in use."""
_COMPARED_SIZE: Final = (160, 90)
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


def verify(
    medium: Medium, wanted: Wanted, made: Made, file: BinaryIO, silent: Sequence[Span] = ()
) -> tuple[Check, ...]:
    """Checks of the excerpt in `file`; each is made, also after one failed.

    In the `silent` spans of recording time nothing may be heard.
    """
    silence = Silence.of(wanted, silent)
    excerpt = Footage(
        file=file,
        container="mp4",
        start_pts=0,
        frame_times=(),
        length_us=wanted.end_us - wanted.times[0],
        rotation=0,
        interlaced=False,
        plays_in_browser=True,
    )
    try:
        stored = _stored(file)
        with Medium.opened(excerpt) as copy:
            decoder = copy.video.codec_context
            decoder.thread_count = 1  # each holds pictures, and the recording's has its own
            decoder.open()
            return (
                *_picture_packet_checks(stored, wanted, copy),
                _sound_inside(stored, wanted, copy),
                _nothing_beside(stored, made),
                *_picture_checks(medium, wanted, made, copy, stored.keyframes),
                *(
                    alignment(medium, copy, wanted, track, made, silence)
                    for track in range(len(medium.sounds))
                ),
                *(
                    muted(copy, place, track, silence)
                    for place, track in enumerate(made.sounds)
                    if silence.asked
                ),
            )
    except (FFmpegError, MediaError) as error:
        return (Check("readable", False, type(error).__name__),)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the file holds, whatever its edit lists hide."""

    time_base: Fraction
    shown_at: array[int]  # presentation time stamps, in order of decoding
    decoded_at: array[int]
    keyframes: array[int]  # presentation time stamps
    untimed: int  # pictures that lack one of them
    beside: int  # pictures with anything but themselves in their packet
    sound_packets: dict[int, int]  # by stream
    foreign: int  # metadata entries that are none of ours
    tracks: int


def _stored(file: BinaryIO) -> _Stored:
    with open_media(file, "mp4", obey_edit_list=False) as source:
        video = source.streams.video[0]
        metadata = {*source.metadata, *(key for s in source.streams for key in s.metadata)}
        sounds = {stream.index: len(stream.index_entries) for stream in source.streams.audio}
        for stream in source.streams.audio:
            stream.discard = Discard.all
        shown_at, decoded_at, keyframes = array("q"), array("q"), array("q")
        untimed = beside = 0
        belongs = _PICTURE_UNITS[video.codec_context.codec.canonical_name]
        for packet in source.demux(video):
            interrupt.check()
            if not packet.size:
                continue
            beside += not all(map(belongs, nal.heads(memoryview(packet))))
            if packet.pts is None or packet.dts is None:
                untimed += 1
                continue
            shown_at.append(packet.pts)
            decoded_at.append(packet.dts)
            if packet.is_keyframe:
                keyframes.append(packet.pts)
        return _Stored(
            time_base=time_base_of(video),
            shown_at=shown_at,
            decoded_at=decoded_at,
            keyframes=keyframes,
            untimed=untimed,
            beside=beside,
            sound_packets=sounds,
            foreign=len(metadata - HARMLESS_METADATA),
            tracks=len(source.streams) + len(source.chapters()),
        )


def _picture_packet_checks(stored: _Stored, wanted: Wanted, copy: Medium) -> Iterator[Check]:
    count = len(wanted.stamps)
    found = len(stored.shown_at) + stored.untimed
    yield Check("frames", found == count, f"{found} of {count} stored")
    stamps = sorted(stored.shown_at)
    ticks = wanted.time_base / stored.time_base
    up, down, zero = ticks.numerator, ticks.denominator, wanted.stamps[0]
    worst = max(
        (
            abs((stamp - stamps[0]) * down - (asked - zero) * up)
            for stamp, asked in zip(stamps, wanted.stamps, strict=False)
        ),
        default=0,
    )
    figure = f"{round(worst * stored.time_base / down * MICROSECONDS)} µs off at most"
    yield Check("times", len(stamps) == count and not worst, figure)
    rising = all(a < b for a, b in pairwise(stored.decoded_at))
    early = all(a <= b for a, b in zip(stored.decoded_at, stored.shown_at, strict=True))
    figure = "decode times rise, none after its frame is shown"
    yield Check("order", rising and early and not stored.untimed, figure)
    first = next(copy.packets_from(0), None)
    starts = first is not None and first.pts == 0
    yield Check("starts at zero", starts, f"first frame at {first.pts if first else None}")


def _sound_inside(stored: _Stored, wanted: Wanted, copy: Medium) -> Check:
    """Every sound packet overlaps the span, and none is hidden."""
    hidden = dict(stored.sound_packets)
    limits = {s.index: math.ceil(wanted.length / time_base_of(s)) for s in copy.sounds}
    outside = 0
    copy.video.discard = Discard.all
    copy.source.seek(0)
    for packet in copy.source.demux(*copy.sounds) if copy.sounds else ():
        if packet.size and packet.pts is not None:
            hidden[packet.stream_index] -= 1
            ends = packet.pts + (packet.duration or 0)
            outside += packet.pts >= limits[packet.stream_index] or ends <= 0
    copy.video.discard = Discard.default
    beyond = outside + sum(map(abs, hidden.values()))
    return Check("sound inside the span", not beyond, f"{beyond} packets beyond")


def _nothing_beside(stored: _Stored, made: Made) -> Check:
    tracks = stored.tracks - 1 - len(made.sounds)
    figure = (
        f"{stored.foreign} entries, {tracks} further tracks, {stored.beside} pictures with more "
        "than themselves"
    )
    return Check("no metadata", not (stored.foreign or tracks or stored.beside), figure)


def _compared(made: Made, wanted: Wanted, keys: Sequence[int]) -> Iterator[list[int]]:
    """Frames to compare: both sides of each join, and samples of what lies between.

    Of what was copied they are keyframes, which are quickly decoded: `keys` are their places.
    Those that lie near each other come in one list, to be decoded in one go.
    """
    count = len(wanted.stamps)
    joins = {0, made.head, count - made.tail, count}
    if made.head == count:
        joins |= {count * step // _SAMPLES for step in range(_SAMPLES)}
    inner = [key for key in keys if made.head <= key < count - made.tail]
    indices = {inner[len(inner) * step // _SAMPLES] for step in range(_SAMPLES)} if inner else set()
    for join in joins:
        indices |= {*range(max(0, join - _BESIDE_A_JOIN), min(count, join + _BESIDE_A_JOIN))}
    group: list[int] = []
    for index in sorted(indices):
        if group and wanted.times[index] - wanted.times[group[-1]] > _NEAR_US:
            yield group
            group = []
        group.append(index)
    yield group


def _picture_checks(
    medium: Medium, wanted: Wanted, made: Made, copy: Medium, keyframes: Sequence[int]
) -> Iterator[Check]:
    count = len(wanted.stamps)
    own = _own_stamps(copy, wanted)
    keys = [place for stamp in sorted(keyframes) if (place := _place(own, stamp)) is not None]
    exact = different = missing = 0
    distances = []
    for group in _compared(made, wanted, keys):
        # One pair at a time: pictures of a high resolution would fill the memory.
        ours = frames_at(copy, [own[index] for index in group])
        theirs = frames_at(medium, [wanted.stamps[index] for index in group])
        shown = _shown(theirs, medium, wanted) if made.head == count else theirs
        for done, index in enumerate(group):
            mine, original = next(ours, None), next(shown, None)
            if not (
                mine is not None
                and original is not None
                and mine.pts == own[index]
                and original.pts == wanted.stamps[index]
            ):
                missing += len(group) - done
                break
            if made.head <= index < count - made.tail:
                same = np.array_equal(mine.to_ndarray(), original.to_ndarray())
                exact += same
                different += not same
            else:
                distances.append(_psnr(mine, original))
    if made.head < count:
        figure = f"{exact} of {exact + different} compared bit-exact"
        yield Check("copied frames", exact > 0 and not different + missing, figure)
    if made.head or made.tail:
        figure = f"{min(distances, default=0):.1f} dB at least, {missing} missing"
        passed = not missing and min(distances, default=0) >= LEAST_PSNR
        yield Check("encoded frames", passed, figure)


def _own_stamps(copy: Medium, wanted: Wanted) -> array[int]:
    """Time stamps of the wanted frames in the excerpt, rounded to its time base."""
    ratio = wanted.time_base / copy.time_base
    up, down, zero = 2 * ratio.numerator, 2 * ratio.denominator, wanted.stamps[0]
    half = ratio.denominator
    return array("q", (((stamp - zero) * up + half) // down for stamp in wanted.stamps))


def _place(sorted_stamps: Sequence[int], stamp: int) -> int | None:
    at = bisect_left(sorted_stamps, stamp)
    return at if at < len(sorted_stamps) and sorted_stamps[at] == stamp else None


def _shown(frames: Iterable[VideoFrame], medium: Medium, wanted: Wanted) -> Iterator[VideoFrame]:
    pictures = PictureFilter(medium, wanted)
    for frame in chain(frames, (None,)):
        yield from pictures.take(frame)


def _small(frame: VideoFrame) -> NDArray[np.float32]:
    width, height = _COMPARED_SIZE
    small = frame.reformat(width, height, "gray", interpolation=Interpolation.AREA)
    return small.to_ndarray().astype(np.float32)


def _psnr(mine: VideoFrame, original: VideoFrame) -> float:
    """Peak signal-to-noise ratio of two pictures in dB, at most 99."""
    error = float(np.mean((_small(mine) - _small(original)) ** 2))
    return min(99.0, 10 * float(np.log10(255**2 / max(error, 1e-9))))
