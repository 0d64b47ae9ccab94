"""A recording as the cutter sees it: which coded pictures make up a span, and from where."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import Any, BinaryIO, Final

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from mbtg_video.errors import MalformedTime, MediaError
from mbtg_video.media.keyframe import may_start
from mbtg_video.media.reading import open_media, picture_streams
from mbtg_video.timecode import MICROSECONDS, Span, Timecode

_STEPS_BACK: Final = (0, 2, 8, 30)
"""Seconds to look further back for a keyframe, before reading from the beginning."""

_BEGINNING: Final = -(2**40)

SOUND_LEAD: Final = Fraction(2)
"""Seconds: where packets lie in the order of the file, sound may lie this far from its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """A recording's file with what taking it in has found out.

    `frame_times` holds the timecode of every shown frame in microseconds, sorted; `start_pts`
    is the time stamp of the first; `rotation` turns the stored picture upright, clockwise.
    """

    file: BinaryIO
    container: str
    start_pts: int
    frame_times: Sequence[int]
    length_us: int
    rotation: int
    interlaced: bool
    plays_in_browser: bool


@dataclass(frozen=True, slots=True)
class Medium:
    """Footage with its demuxer open."""

    footage: Footage
    source: InputContainer
    video: VideoStream
    sounds: tuple[AudioStream, ...]
    time_base: Fraction

    @classmethod
    @contextmanager
    def opened(cls, footage: Footage) -> Iterator[Medium]:
        """The medium while it is open; raises `MediaError` when it holds no picture."""
        with open_media(footage.file, footage.container) as source:
            videos = picture_streams(source)
            if not videos:
                raise MediaError("the recording holds no moving picture")
            sounds = tuple(s for s in source.streams.audio if s.codec_context is not None)
            yield cls(footage, source, videos[0], sounds, time_base_of(videos[0]))

    def packets_from(
        self, stamp: int, *others: AudioStream, lead: Fraction = Fraction(0)
    ) -> Iterator[Packet[Any]]:
        """Packets in the order of the file, pictures from a keyframe at or before `stamp` on.

        With `lead`, reading starts that many seconds earlier, for sound that lies there. Raises
        `MediaError` when the file cannot be read.
        """
        streams = (self.video, *others)
        codec = self.video.codec_context.codec.canonical_name
        extradata = self.video.codec_context.extradata or b""
        # AVI knows no times before zero, nor presentation times of what is stored in another order.
        is_avi = self.footage.container == "avi"
        steps = () if is_avi and self.video.codec_context.has_b_frames else _STEPS_BACK
        for step in (*steps, None):
            try:
                if step is None:
                    self.source.seek(0 if is_avi else _BEGINNING, backward=True)
                else:
                    back = round((step + lead) / self.time_base)
                    self.source.seek(stamp - back, stream=self.video, backward=True)
            except FFmpegError as error:
                if step is None:
                    raise MediaError("the recording cannot be read from its beginning") from error
                continue  # a short file has nothing to find there
            packets = self.source.demux(streams)
            before: list[Packet[Any]] = []
            for packet in packets:
                if packet.stream_index == self.video.index:
                    if packet.is_keyframe and (
                        step is None or may_start(bytes(packet), codec, extradata)
                    ):
                        before.append(packet)
                        break
                elif packet.size:
                    before.append(packet)
            found = before[-1] if before else None
            reached = found is not None and found.pts is not None and found.pts <= stamp
            if step is None or reached:
                return chain(before, packets)
        raise MediaError("the recording cannot be read from there")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The frames of a span: their time stamps, and when the picture and the sound end."""

    span: Span
    time_base: Fraction
    stamps: array[int]
    times: array[int]  # microseconds of recording time
    end_us: int

    @property
    def zero(self) -> Fraction:
        """Presentation time of the first frame, in seconds of the source's own clock."""
        return self.stamps[0] * self.time_base

    @property
    def length(self) -> Fraction:
        """Seconds from the first frame to the end of the last."""
        return Fraction(self.end_us - self.times[0], MICROSECONDS)

    def place_of(self, stamp: int) -> int | None:
        """Which of the frames has this time stamp; None when none has."""
        place = bisect_left(self.stamps, stamp)
        return place if place < len(self.stamps) and self.stamps[place] == stamp else None

    @property
    def end_offset(self) -> int:
        """First time stamp after the picture, counted from the first frame."""
        rest = Timecode(self.end_us - self.times[-1]).to_pts(self.time_base)
        return self.stamps[-1] - self.stamps[0] + max(1, rest)


@contextmanager
def told_plainly() -> Iterator[None]:
    """What the library says of a medium that it cannot read is raised as `MediaError`."""
    try:
        yield
    except FFmpegError as error:
        raise MediaError(
            "The recording's pictures or sound cannot be read. Export it as MP4 (H.264) where it "
            "plays, and take that in."
        ) from error


def time_base_of(stream: VideoStream | AudioStream) -> Fraction:
    """Time base of a stream; raises `MediaError` when it has none."""
    if stream.time_base is None or stream.time_base <= 0:
        raise MediaError("a stream of the recording does not say how its time is counted")
    return stream.time_base


def wanted_frames(footage: Footage, time_base: Fraction, span: Span) -> Wanted:
    """The frames that begin in `span`; raises `MalformedTime` when none does."""
    times = footage.frame_times
    first = bisect_left(times, span.start.microseconds)
    behind = bisect_left(times, span.end.microseconds)
    if first == behind:
        near = {times[max(0, first - 1)], times[min(first, len(times) - 1)]}
        begin = " and ".join(str(Timecode(time)) for time in sorted(near))
        raise MalformedTime(f"no frame begins in {span}, and one has to; frames begin at {begin}")
    next_us = times[behind] if behind < len(times) else footage.length_us
    chosen = array("q", times[first:behind])
    stamps = array("q", (Timecode(time).to_pts(time_base, footage.start_pts) for time in chosen))
    end_us = max(min(next_us, span.end.microseconds), chosen[-1] + 1)
    return Wanted(span, time_base, stamps, chosen, end_us)


def with_stored_stamps(medium: Medium, wanted: Wanted) -> Wanted:
    """The frames with the time stamps that the file gives them.

    A time base finer than a microsecond does not tell them from their times alone.
    """
    if wanted.time_base * MICROSECONDS >= 1:
        return wanted
    places = {time: place for place, time in enumerate(wanted.times)}
    stamps = array("q", wanted.stamps)
    for packet in medium.packets_from(wanted.stamps[0]):
        if not places:
            break
        if packet.pts is not None and packet.size:
            time = Timecode.from_pts(packet.pts, wanted.time_base, medium.footage.start_pts)
            place = places.pop(time.microseconds, None)
            if place is not None:
                stamps[place] = packet.pts
    return replace(wanted, stamps=stamps)
