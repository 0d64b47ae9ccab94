"""Whether playing may start at a keyframe without anything from before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_H264_SLICE: Final = 1
_H264_IDR: Final = 5


def _nal_headers(packet: bytes, extradata: bytes) -> Iterator[int]:
    """First byte of each NAL unit, from length-prefixed (avcC) or start-code data."""
    if extradata[:1] == b"\x01" and len(extradata) > 4:
        prefix = (extradata[4] & 3) + 1
        place = 0
        while place + prefix < len(packet):
            yield packet[place + prefix]
            place += prefix + int.from_bytes(packet[place : place + prefix], "big")
        return
    place = packet.find(b"\0\0\1")
    while 0 <= place < len(packet) - 3:
        yield packet[place + 3]
        place = packet.find(b"\0\0\1", place + 3)


def opens_cleanly(packet: bytes, codec: str, extradata: bytes) -> bool:
    """Whether a keyframe's packet resets the decoder: for H.264, that it is an IDR picture.

    A mere recovery point lets later frames refer to earlier ones. Of other codecs nothing is
    known here: False.
    """
    if codec != "h264":
        return False
    for header in _nal_headers(packet, extradata):
        kind = header & 0x1F
        if kind in (_H264_SLICE, _H264_IDR):
            return kind == _H264_IDR
    return False
