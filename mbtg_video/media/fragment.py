"""An excerpt as parts that a page can unlock and play one by one.

A flat MP4 becomes an initialisation and parts. A part is one fragment that begins at a
keyframe which no picture reaches over, so any part plays without the others. Presentation
time zero is the first frame, through MediaSource as well as in a Blob of all parts:

* decode times start at zero, composition offsets are never negative, and one edit list entry
  a track takes the delay away again. (Negative offsets need no edit list in MediaSource, but
  a Blob of them plays late.)
* a sample's duration is how long its picture is shown, not the gap between decode times: at a
  varying rate with B-frames the latter would reach into the next part, and appending a part
  again would erase the keyframe behind it.
* sound that reaches over the border of two parts belongs to the later one, so that a seek to
  the border finds sound as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, groupby, pairwise
from typing import BinaryIO, Final

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from mbtg_video import interrupt
from mbtg_video.errors import MediaError
from mbtg_video.media.fragment_boxes import (
    Run,
    Sample,
    Track,
    fragment,
    initialisation,
    read_descriptions,
)
from mbtg_video.media.media_type import media_type
from mbtg_video.media.reading import open_media
from mbtg_video.timecode import Timecode

PART_BYTES: Final = 4 * 1024 * 1024
PART_SECONDS: Final = 10
LARGEST_PART: Final = 64 * 1024 * 1024
"""A page that unlocks a part holds several copies of it."""

_RUNS_PER_SECOND: Final = 2
_AGAIN: Final = "cut the excerpt again"

Boxes = Mapping[int, tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class TrackLayout:
    """Where each packet of a track goes; positions and times are in decode order."""

    track: Track
    decode_times: list[int]  # at the end, when the last one ends
    offsets: list[int]
    keys: list[bool]
    borders: list[int]  # position of each part's first packet; at the end, how many there are

    def count(self, part: int) -> int:
        """How many packets a part holds."""
        return self.borders[part + 1] - self.borders[part]

    def samples(self, part: int, contents: deque[bytes]) -> Iterator[tuple[Fraction, Sample]]:
        """Decode time in seconds and sample of each packet of a part; takes its contents away."""
        for position in range(self.borders[part], self.borders[part + 1]):
            start, end = self.decode_times[position : position + 2]
            yield (
                Fraction(start, self.track.timescale),
                Sample(
                    contents.popleft(), end - start, self.offsets[position], self.keys[position]
                ),
            )


@dataclass(frozen=True, slots=True)
class Fragments:
    """An excerpt laid out in parts: what a player must know before it has any of them.

    Times are whole microseconds from the first frame; `part_starts` holds the earliest
    presentation time in each part.
    """

    media_type: str
    initialisation: bytes
    frame_times: list[int]
    duration_us: int
    part_starts: list[int]
    layouts: list[TrackLayout]


@dataclass(slots=True)
class _Table:
    """Times and sizes of one stream's packets in decode order."""

    times: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    keys: list[bool] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)

    def add(self, packet: Packet[Stream], time: int) -> None:
        self.times.append(time)
        self.sizes.append(packet.size)
        self.keys.append(packet.is_keyframe)
        self.durations.append(packet.duration or 0)


def _streams(media: InputContainer) -> list[Stream]:
    """The picture and, if there is any, the first sound track."""
    if not media.streams.video:
        raise MediaError(f"the excerpt has no picture; {_AGAIN}")
    return [media.streams.video[0], *media.streams.audio[:1]]


def _packets(
    media: InputContainer, streams: list[Stream]
) -> Iterator[tuple[int, Packet[Stream], int]]:
    """Place of its stream in `streams`, packet and presentation time, in the order of the file."""
    for packet in media.demux(streams):
        interrupt.check()
        if packet.size == 0:
            continue
        if packet.pts is None:
            raise MediaError(f"the excerpt has a packet without a time; {_AGAIN}")
        place = streams.index(packet.stream)
        if place == 0 and packet.is_discard:
            raise MediaError(f"the excerpt hides pictures, which must not leave; {_AGAIN}")
        # Of the sound before zero a decoder needs one piece to start with, and no more is kept.
        if place == 1 and packet.pts + 2 * (packet.duration or 0) <= 0:
            continue
        yield place, packet, packet.pts


def _clean_starts(pictures: _Table) -> Iterator[int]:
    """Positions of the keyframes that no picture reaches over."""
    latest_before = [-1, *accumulate(pictures.times, max)]
    earliest_from = list(accumulate(reversed(pictures.times), min))[::-1]
    for position, (time, key) in enumerate(zip(pictures.times, pictures.keys, strict=True)):
        if key and latest_before[position] < time == earliest_from[position]:
            yield position


def _borders(pictures: _Table, part_bytes: int, part_ticks: int) -> list[int]:
    """Position of each part's first picture; at the end, the number of pictures."""
    count = len(pictures.times)
    size_before = [0, *accumulate(pictures.sizes)]
    borders = [0]
    for start, following in pairwise([*_clean_starts(pictures), count]):
        begun = borders[-1]
        until = pictures.times[following] if following < count else max(pictures.times)
        large = size_before[following] - size_before[begun] > part_bytes
        if start > begun and (large or until - pictures.times[begun] > part_ticks):
            borders.append(start)
    borders.append(count)
    largest = max(size_before[end] - size_before[start] for start, end in pairwise(borders))
    if largest > LARGEST_PART:
        raise MediaError(
            f"the excerpt has too few keyframes to be handed out; {_AGAIN} without --keep-codec"
        )
    return borders


def _shown_durations(pictures: _Table) -> list[int]:
    """How long each picture is shown."""
    order = sorted(range(len(pictures.times)), key=pictures.times.__getitem__)
    durations = list(pictures.durations)
    for this, following in pairwise(order):
        durations[this] = pictures.times[following] - pictures.times[this]
    if durations[order[-1]] == 0 and len(order) > 1:
        durations[order[-1]] = durations[order[-2]]
    if min(durations) <= 0:
        raise MediaError(f"a picture of the excerpt lasts no time; {_AGAIN}")
    return durations


def _timescale(stream: Stream) -> int:
    if stream.time_base is None or stream.time_base.numerator != 1:
        raise MediaError(f"the excerpt counts its time in an unknown unit; {_AGAIN}")
    return stream.time_base.denominator


def _lay_out_pictures(
    pictures: _Table, stream: Stream, boxes: Boxes, borders: list[int]
) -> TrackLayout:
    decode_times = [0, *accumulate(_shown_durations(pictures))]
    pairs = list(zip(pictures.times, decode_times, strict=False))
    delay = max(decode_time - time for time, decode_time in pairs)
    offsets = [time + delay - decode_time for time, decode_time in pairs]
    track = Track(stream.id, _timescale(stream), delay, True, *boxes[stream.id])
    return TrackLayout(track, decode_times, offsets, pictures.keys, borders)


def _lay_out_sound(
    sounds: _Table, stream: Stream, boxes: Boxes, starts: list[Fraction]
) -> TrackLayout:
    timescale = _timescale(stream)
    times = sounds.times
    ends = [time + length for time, length in zip(times, sounds.durations, strict=True)]
    if any(later <= earlier for earlier, later in pairwise([*times, ends[-1]])):
        raise MediaError(f"the sound of the excerpt does not run forward; {_AGAIN}")
    borders = [0, *(bisect_right(ends, start * timescale) for start in starts[1:]), len(ends)]
    delay = max(0, -times[0])
    decode_times = [time + delay for time in (*times, ends[-1])]
    track = Track(stream.id, timescale, delay, False, *boxes[stream.id])
    return TrackLayout(track, decode_times, [0] * len(times), [True] * len(times), borders)


def _laid_out(
    streams: list[Stream], tables: list[_Table], boxes: Boxes, part_bytes: int, part_seconds: int
) -> Fragments:
    pictures = tables[0]
    if not pictures.times or min(pictures.times) != 0 or next(_clean_starts(pictures), 1) != 0:
        raise MediaError(f"the excerpt does not begin with a keyframe at zero; {_AGAIN}")
    unit = Fraction(1, _timescale(streams[0]))
    borders = _borders(pictures, part_bytes, part_seconds * unit.denominator)
    layouts = [_lay_out_pictures(pictures, streams[0], boxes, borders)]
    starts = [pictures.times[border] for border in borders[:-1]]
    end = layouts[0].decode_times[-1]
    if len(streams) > 1 and tables[1].times:
        seconds = [start * unit for start in starts]
        layouts.append(_lay_out_sound(tables[1], streams[1], boxes, seconds))
    return Fragments(
        media_type=media_type(streams[: len(layouts)]),
        initialisation=initialisation([layout.track for layout in layouts], end),
        frame_times=[Timecode.from_pts(t, unit).microseconds for t in sorted(pictures.times)],
        duration_us=Timecode.from_pts(end, unit).microseconds,
        part_starts=[Timecode.from_pts(start, unit).microseconds for start in starts],
        layouts=layouts,
    )


def lay_out(
    file: BinaryIO, *, part_bytes: int = PART_BYTES, part_seconds: int = PART_SECONDS
) -> Fragments:
    """Parts that the excerpt in `file` falls into: a flat MP4, H.264 or HEVC, with AAC or silent.

    A part has about `part_bytes` of pictures and lasts at most `part_seconds`, as far as the
    keyframes allow. Raises `MediaError` for an excerpt that a page cannot play.
    """
    boxes = read_descriptions(file)
    try:
        with open_media(file, "mp4") as media:
            streams = _streams(media)
            tables = [_Table() for _ in streams]
            for place, packet, time in _packets(media, streams):
                tables[place].add(packet, time)
            return _laid_out(streams, tables, boxes, part_bytes, part_seconds)
    except av.FFmpegError as error:
        raise MediaError(f"the excerpt cannot be read; {_AGAIN}") from error


def _runs(part: int, layouts: list[TrackLayout], waiting: list[deque[bytes]]) -> list[Run]:
    """Samples of a part in short runs, so that picture and sound of a moment lie together."""
    found: list[tuple[int, Run]] = []
    for layout, contents in zip(layouts, waiting, strict=True):
        samples = layout.samples(part, contents)
        for moment, group in groupby(samples, key=lambda pair: int(pair[0] * _RUNS_PER_SECOND)):
            found.append((moment, Run(layout.track.number, [sample for _, sample in group])))
    return [run for _, run in sorted(found, key=lambda pair: pair[0])]


def read_parts(file: BinaryIO, fragments: Fragments) -> Iterator[bytes]:
    """Contents of each part in turn; `file` is the one that was laid out.

    Raises `MediaError` when the file is not what it was.
    """
    layouts = fragments.layouts
    tracks = [layout.track for layout in layouts]
    waiting: list[deque[bytes]] = [deque() for _ in layouts]
    part = 0
    try:
        with open_media(file, "mp4") as media:
            for place, packet, _ in _packets(media, _streams(media)[: len(layouts)]):
                waiting[place].append(bytes(packet))
                while part < len(fragments.part_starts) and all(
                    len(contents) >= layout.count(part)
                    for layout, contents in zip(layouts, waiting, strict=True)
                ):
                    starts = [layout.decode_times[layout.borders[part]] for layout in layouts]
                    yield fragment(part + 1, tracks, starts, _runs(part, layouts, waiting))
                    part += 1
    except av.FFmpegError as error:
        raise MediaError(f"the excerpt cannot be read; {_AGAIN}") from error
    if part < len(fragments.part_starts):
        raise MediaError(f"the excerpt changed while it was read; {_AGAIN}")
