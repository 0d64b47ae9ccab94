"""Write an excerpt as a flat MP4, packet by packet, with nothing in it but picture and sound."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from mbtg_video.media.medium import Wanted
from mbtg_video.media.syntax import NotSpliceable

_BUFFER_BYTES: Final = 256 * 1024


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


class _IndexLast:
    """A target as a muxer wants it: the index, which it writes piecemeal, is held until it ends.

    The muxer first goes back when all packets are written, to tell their length in the head.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._position = 0
        self._end = 0
        self._index: io.BytesIO | None = None
        self.failure: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._write(data)
        except BaseException as error:
            self.failure = self.failure or error
            raise

    def _write(self, data: bytes) -> int:
        if self._index is None or self._position < self._end:
            self._target.write(data)
            if self._index is None:
                self._end += len(data)
        else:
            self._index.seek(self._position - self._end)
            self._index.write(data)
        self._position += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        behind = self._end + (len(self._index.getbuffer()) if self._index else 0)
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: behind}[whence]
        self._position = base + offset
        if self._position < self._end:
            self._index = self._index or io.BytesIO()
            self._target.seek(self._position)
        return self._position

    def tell(self) -> int:
        return self._position

    def finish(self) -> None:
        """Write the index behind all else."""
        if self._index is not None:
            self._target.seek(self._end)
            self._target.write(self._index.getvalue())


@contextmanager
def writing_mp4(target: Target) -> Iterator[OutputContainer]:
    """An MP4 being written: bit-exact, so that it names no encoder; its index comes last.

    Raises what the target raised, a full disk among it.
    """
    file = _IndexLast(target)
    options = {"fflags": "+bitexact", "flush_packets": "0"}
    try:
        with av.open(file, "w", format="mp4", options=options, buffer_size=_BUFFER_BYTES) as output:
            yield output
    except Exception as error:
        if file.failure is not None and file.failure is not error:
            raise file.failure from error
        raise
    if file.failure is not None:
        raise file.failure
    file.finish()


class PictureTrack:
    """Writes coded pictures in decode order, with decode times made from the order of display.

    A picture is decoded at most `delay` pictures before it is shown.
    """

    def __init__(self, output: OutputContainer, stream: Stream, wanted: Wanted, delay: int) -> None:
        self._output = output
        self._stream = stream
        self._wanted = wanted
        self._delay = delay
        self._step = max(1, wanted.end_offset // len(wanted.stamps))
        self._written = 0

    @property
    def share(self) -> float:
        """Which part of the pictures is written, from 0 to 1."""
        return self._written / len(self._wanted.stamps)

    @property
    def complete(self) -> bool:
        """Whether all pictures are written."""
        return self._written == len(self._wanted.stamps)

    def write(self, coded: Coded) -> None:
        """Write the next picture; raises `NotSpliceable` when it comes too late to be shown."""
        wanted = self._wanted
        zero = wanted.stamps[0]
        place = wanted.place_of(coded.pts + zero)
        if self.complete or place is None:
            raise NotSpliceable("a picture that was not asked for")
        behind = wanted.stamps[place + 1] - zero if place + 1 < len(wanted.stamps) else None
        index = self._written - self._delay
        packet = coded.data if isinstance(coded.data, Packet) else Packet(coded.data)
        packet.pts = coded.pts
        packet.dts = wanted.stamps[index] - zero if index >= 0 else index * self._step
        packet.duration = (wanted.end_offset if behind is None else behind) - coded.pts
        packet.time_base = wanted.time_base
        packet.stream = self._stream
        packet.is_keyframe = coded.key
        if packet.dts > packet.pts:
            raise NotSpliceable("pictures are reordered further than the recording says")
        self._output.mux_one(packet)
        self._written += 1
