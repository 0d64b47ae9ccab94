"""Packets of an MPEG transport stream: their size, and whether the last one ends a frame.

A transport stream declares no length anywhere. What tells a whole file from half of one is
that the packet in which a frame ends is filled up with stuffing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 4096
"""How much of a file's start `packet_size` wants to see."""

TAIL_BYTES: Final = 192 * 8192
"""How much of its end `ends_whole` wants to see: more than a sound frame's packets take."""

_SYNC: Final = 0x47
_SYNCS: Final = 8
_FEWEST_SYNCS: Final = 3
_BYTES: Final = 188
_HEADER: Final = 4
_NULL: Final = 0x1FFF
_START: Final = b"\0\0\1"
# Flags of the adaptation field in order, and what each makes it hold.
_CLOCKS: Final = ((0x10, 6), (0x08, 6), (0x04, 1))


def packet_size(head: bytes) -> int:
    """188, or 192 with the time stamps of camcorders; 0 when this is no transport stream."""
    for size in (_BYTES, 192):
        syncs = head[size - _BYTES : size * _SYNCS : size]
        if len(syncs) >= _FEWEST_SYNCS and set(syncs) == {_SYNC}:
            return size
    return 0


@dataclass(frozen=True, slots=True)
class _Packet:
    stream: int
    starts: bool
    stuffed: bool
    payload: bytes

    @classmethod
    def read(cls, data: bytes) -> _Packet:
        control = data[3] >> 4 & 3
        length = data[_HEADER] if control & 2 else -1
        used = 0
        if length > 0:
            used = 1 + sum(size for flag, size in _CLOCKS if data[_HEADER + 1] & flag)
        return cls(
            stream=int.from_bytes(data[1:3], "big") & _NULL,
            starts=bool(data[1] & 0x40),
            stuffed=length > used or length == 0,
            payload=data[_HEADER + 1 + length :] if control & 1 else b"",
        )


def ends_whole(tail: bytes, size: int) -> bool:
    """Whether the last packet of `tail`, whole packets of `size` bytes, ends its frame.

    For sound this is exact. Of 184 pictures, one fills its last packet without stuffing and is
    taken for cut off.
    """
    starts = range(size - _BYTES, len(tail), size)
    last = _Packet.read(tail[starts[-1] : starts[-1] + _BYTES])
    if last.stream == _NULL or last.stuffed or last.payload.endswith(b"\xff" * 4):
        return True
    gathered = 0
    for start in reversed(starts):
        packet = _Packet.read(tail[start : start + _BYTES])
        if packet.stream != last.stream:
            continue
        gathered += len(packet.payload)
        if packet.starts:
            declared = int.from_bytes(packet.payload[4:6], "big")
            return packet.payload.startswith(_START) and 0 < declared == gathered - 6
    return False
