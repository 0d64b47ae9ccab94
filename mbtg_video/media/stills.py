"""Single frames of a long recording, found by seeking; as little as possible is decoded."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any

from av.error import InvalidDataError
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame

from mbtg_video import interrupt
from mbtg_video.media.encode import decoder_of, skip_unless_wanted
from mbtg_video.media.keyframe import may_start
from mbtg_video.media.medium import Medium
from mbtg_video.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Still:
    """A frame and when it is shown: microseconds of recording time."""

    time_us: int
    frame: VideoFrame


def stills_near(medium: Medium, places: Sequence[int], most_before_us: int) -> Iterator[Still]:
    """For each place the frame shown there, or a keyframe at most so much earlier.

    Places are sorted microseconds of recording time. No frame comes twice and one that does not
    decode is left out, so there may be fewer of them. The medium is read by nobody else meanwhile.
    """
    for sound in medium.sounds:
        sound.discard = Discard.all
    search = _Search(medium, places)
    while search.wanted:
        interrupt.check()
        yield from search.next_stills(most_before_us)


class _Search:
    """Where the search for frames stands: `wanted` are the times still to be seen."""

    def __init__(self, medium: Medium, places: Sequence[int]) -> None:
        times = medium.footage.frame_times
        shown = (times[max(0, bisect_right(times, place) - 1)] for place in places)
        self.wanted = deque(dict.fromkeys(shown))
        self._all = frozenset(self.wanted)
        self._medium = medium
        self._decoder = decoder_of(medium.video)
        self._codec = self._decoder.codec.canonical_name
        self._last: int | None = None

    def __contains__(self, stamp: object) -> bool:
        """Whether the frame with this time stamp is wanted, so that it must be decoded."""
        return isinstance(stamp, int) and self._time_of(stamp) in self._all

    def _time_of(self, stamp: int | None) -> int | None:
        """When the frame with this time stamp is shown; None for one that never is."""
        if stamp is None:
            return None
        footage = self._medium.footage
        time = Timecode.from_pts(stamp, self._medium.time_base, footage.start_pts).microseconds
        at = bisect_left(footage.frame_times, time)
        return time if at < len(footage.frame_times) and footage.frame_times[at] == time else None

    def next_stills(self, most_before_us: int) -> Iterator[Still]:
        """The next frame wanted, and further ones if that takes no seeking; at least one goes."""
        target = self.wanted[0]
        footage = self._medium.footage
        stamp = Timecode(target).to_pts(self._medium.time_base, footage.start_pts)
        packets = self._medium.packets_from(stamp)
        opening = next(packets, None)
        if opening is None:
            self.wanted.popleft()
            return
        key = self._time_of(opening.pts)
        if key is not None and target - most_before_us <= key <= target:
            if key == self._last:
                self.wanted.popleft()
                return
            frame = self._alone(opening)
            if frame is not None:
                self.wanted.popleft()
                self._last = key
                yield Still(key, frame)
                return
        yield from self._onwards(opening, packets)

    def _alone(self, opening: Packet[Any]) -> VideoFrame | None:
        """The keyframe in this packet; None when it takes more than that to decode it."""
        self._decoder.skip_frame = "DEFAULT"
        found = None
        for packet in (opening, None):
            with suppress(InvalidDataError, EOFError):
                for frame in self._decoder.decode(packet):
                    found = frame if frame.pts == opening.pts else found
        self._decoder.flush_buffers()
        return found

    def _onwards(self, opening: Packet[Any], packets: Iterator[Packet[Any]]) -> Iterator[Still]:
        """Frames exactly at their places, up to where a later keyframe is a shorter way."""
        first = self.wanted[0]
        later: int | None = None  # the last keyframe that went by, perhaps not yet shown
        for packet in chain((opening,), packets):
            interrupt.check()
            if not packet.size:
                continue
            if packet is not opening and packet.is_keyframe:
                later = self._entered_at(packet) or later
            if self.wanted[0] != first and later is not None and later <= self.wanted[0]:
                return
            skip_unless_wanted(self._decoder, packet, self)
            yield from self._taken(packet)
            if not self.wanted:
                return
        self._decoder.skip_frame = "DEFAULT"
        yield from self._taken(None)
        self.wanted.clear()  # the file has ended

    def _entered_at(self, packet: Packet[Any]) -> int | None:
        """When the keyframe in this packet is shown, if decoding may start there."""
        extradata = self._decoder.extradata or b""
        return (
            self._time_of(packet.pts) if may_start(bytes(packet), self._codec, extradata) else None
        )

    def _taken(self, packet: Packet[Any] | None) -> Iterator[Still]:
        with suppress(InvalidDataError, EOFError):
            for frame in self._decoder.decode(packet):
                time = self._time_of(frame.pts)
                if time is None:
                    continue
                while self.wanted and self.wanted[0] < time:
                    self.wanted.popleft()  # it did not decode
                if self.wanted and self.wanted[0] == time:
                    self.wanted.popleft()
                    self._last = time
                    yield Still(time, frame)
