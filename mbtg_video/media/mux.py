"""Write an excerpt as a flat MP4, packet by packet, with nothing in it but picture and sound."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from mbtg_video.media.medium import Wanted
from mbtg_video.media.syntax import NotSpliceable


class Target(Protocol):
    """Where an attempt is written: it may be rewritten within its first 64 KiB only."""

    def write(self, data: bytes, /) -> int: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...

    def reopen(self) -> BinaryIO:
        """What was written, from its beginning, for the checks."""
        ...

    def discard(self) -> None:
        """Throw the attempt away."""
        ...


@dataclass(frozen=True, slots=True)
class Coded:
    """One coded picture; its time stamp counts from the excerpt's first frame."""

    data: bytes | Packet[Any]
    pts: int
    key: bool


@contextmanager
def writing_mp4(target: Target) -> Iterator[OutputContainer]:
    """An MP4 being written: bit-exact, so that it names no encoder; its index comes last."""
    with av.open(target, "w", format="mp4", options={"fflags": "+bitexact"}) as output:
        yield output


class PictureTrack:
    """Writes coded pictures in decode order, with decode times made from the order of display.

    A picture is decoded at most `delay` pictures before it is shown.
    """

    def __init__(self, output: OutputContainer, stream: Stream, wanted: Wanted, delay: int) -> None:
        self._output = output
        self._stream = stream
        self._time_base = wanted.time_base
        self._stamps = wanted.offsets
        ends = (*self._stamps[1:], wanted.end_offset)
        self._lengths = {a: b - a for a, b in zip(self._stamps, ends, strict=True)}
        self._delay = delay
        self._step = max(1, wanted.end_offset // len(self._stamps))
        self._written = 0

    @property
    def share(self) -> float:
        """Which part of the pictures is written, from 0 to 1."""
        return self._written / len(self._stamps)

    @property
    def complete(self) -> bool:
        """Whether all pictures are written."""
        return self._written == len(self._stamps)

    def write(self, coded: Coded) -> None:
        """Write the next picture; raises `NotSpliceable` when it comes too late to be shown."""
        if self.complete or coded.pts not in self._lengths:
            raise NotSpliceable("a picture that was not asked for")
        index = self._written - self._delay
        packet = coded.data if isinstance(coded.data, Packet) else Packet(coded.data)
        packet.pts = coded.pts
        packet.dts = self._stamps[index] if index >= 0 else index * self._step
        packet.duration = self._lengths[coded.pts]
        packet.time_base = self._time_base
        packet.stream = self._stream
        packet.is_keyframe = coded.key
        if packet.dts > packet.pts:
            raise NotSpliceable("pictures are reordered further than the recording says")
        self._output.mux_one(packet)
        self._written += 1
