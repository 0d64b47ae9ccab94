"""NAL units of H.264 and HEVC: the pieces that a splice has to look at."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mbtg_video.errors import MediaError

START_CODE: Final = b"\0\0\0\1"

H264_SLICES: Final = frozenset({1, 2, 3, 4, 5})
H264_IDR: Final = 5
H264_SEI: Final = 6
H264_SPS: Final = 7
H264_PPS: Final = 8
H264_SETS: Final = frozenset({H264_SPS, H264_PPS})
H264_DELIMITER: Final = 9

HEVC_SLICES: Final = frozenset(range(32))
HEVC_BLA_WITHOUT_LEADING: Final = 18
HEVC_IDR: Final = frozenset({19, 20})
HEVC_CRA: Final = 21
HEVC_SETS: Final = frozenset({32, 33, 34})
HEVC_DELIMITER: Final = 35

# What a picture is made of. All else stands beside it: messages with the time of day, captions,
# data of the camera's maker, filling.
H264_PICTURE: Final = H264_SLICES | H264_SETS | {H264_DELIMITER}
HEVC_PICTURE: Final = HEVC_SLICES | HEVC_SETS | {HEVC_DELIMITER}

# ITU-T H.264, table D.1.
_RECOVERY_POINT: Final = 6


def split_annexb(data: bytes) -> list[bytes]:
    """NAL units between start codes."""
    units = []
    start = data.find(b"\0\0\1")
    while start >= 0:
        end = data.find(b"\0\0\1", start + 3)
        unit = data[start + 3 : end if end >= 0 else len(data)]
        units.append(unit.rstrip(b"\0") if end >= 0 else unit)
        start = end
    return [unit for unit in units if unit]


def split_prefixed(data: bytes, prefix: int) -> list[bytes]:
    """NAL units that carry their length in front, in `prefix` bytes."""
    units = []
    place = 0
    while place + prefix <= len(data):
        length = int.from_bytes(data[place : place + prefix], "big")
        place += prefix
        units.append(data[place : place + length])
        place += length
    return units


def join_prefixed(units: list[bytes]) -> bytes:
    """NAL units with their length in front, in four bytes."""
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units)


def trimmed(unit: bytes) -> bytes:
    """A unit without the filling that some writers leave behind it."""
    return unit.rstrip(b"\0")


class _Bits:
    """Exp-Golomb reader over the head of a unit."""

    def __init__(self, data: bytes) -> None:
        head = data[:64].replace(b"\0\0\3", b"\0\0")
        self._value = int.from_bytes(head, "big")
        self._left = len(head) * 8

    def bit(self) -> int:
        self._left -= 1
        if self._left < 0:
            raise MediaError("a parameter set of the recording is cut short")
        return (self._value >> self._left) & 1

    def unsigned(self) -> int:
        zeros = 0
        while not self.bit():
            zeros += 1
        value = 1
        for _ in range(zeros):
            value = value << 1 | self.bit()
        return value - 1


def sps_id(unit: bytes) -> int:
    """Number of a sequence parameter set."""
    return _Bits(unit[4:]).unsigned()


def pps_id(unit: bytes) -> int:
    """Number of a picture parameter set."""
    return _Bits(unit[1:]).unsigned()


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """H.264 parameter sets, and the bytes of a length prefix (0 for start codes)."""

    prefix: int
    sequence: tuple[bytes, ...]
    picture: tuple[bytes, ...]
    extension: bytes = b""

    @classmethod
    def read(cls, extradata: bytes) -> ParameterSets:
        """From an ``avcC`` record or from units with start codes."""
        if extradata[:1] != b"\1":
            units = split_annexb(extradata)
            return cls(
                0,
                tuple(unit for unit in units if unit[0] & 31 == H264_SPS),
                tuple(unit for unit in units if unit[0] & 31 == H264_PPS),
            )
        prefix = (extradata[4] & 3) + 1
        place = 5
        found: list[list[bytes]] = []
        for mask in (31, 255):
            count = extradata[place] & mask
            place += 1
            units = []
            for _ in range(count):
                length = int.from_bytes(extradata[place : place + 2], "big")
                units.append(extradata[place + 2 : place + 2 + length])
                place += 2 + length
            found.append(units)
        return cls(prefix, tuple(found[0]), tuple(found[1]), extradata[place:])

    def split(self, data: bytes) -> list[bytes]:
        """Units of one packet."""
        return split_prefixed(data, self.prefix) if self.prefix else split_annexb(data)

    def free_id(self) -> int:
        """A number that no parameter set here has."""
        used = {sps_id(unit) for unit in self.sequence} | {pps_id(unit) for unit in self.picture}
        return next(number for number in range(32) if number not in used)

    def with_others(self, others: ParameterSets) -> ParameterSets:
        """These sets and others beside them."""
        return ParameterSets(
            4,
            tuple(dict.fromkeys(self.sequence + others.sequence)),
            tuple(dict.fromkeys(self.picture + others.picture)),
            self.extension,
        )

    def record(self) -> bytes:
        """The ``avcC`` record, with four bytes of length."""
        first = self.sequence[0]
        level = max(unit[3] for unit in self.sequence)
        out = bytes([1, first[1], first[2], level, 0xFF, 0xE0 | len(self.sequence)])
        out += b"".join(struct.pack(">H", len(unit)) + unit for unit in self.sequence)
        out += bytes([len(self.picture)])
        out += b"".join(struct.pack(">H", len(unit)) + unit for unit in self.picture)
        return out + self.extension


def h264_kind(unit: bytes | memoryview) -> int:
    """``nal_unit_type`` of an H.264 unit."""
    return unit[0] & 31


def hevc_kind(unit: bytes | memoryview) -> int:
    """``nal_unit_type`` of an HEVC unit."""
    return (unit[0] >> 1) & 63


def heads(data: memoryview) -> Iterator[memoryview]:
    """The first bytes of each unit that carries its length in front, in four bytes."""
    place, size = 0, len(data)
    while place + 4 < size:
        yield data[place + 4 : place + 6]
        place += 4 + int.from_bytes(data[place : place + 4], "big")


def _messages(unit: bytes, header: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each message of an SEI unit."""
    place = header
    while place + 1 < len(unit) and unit[place] != 0x80:
        numbers = []
        for _ in ("type", "size"):
            number = 0
            while place < len(unit) and unit[place] == 255:
                number += 255
                place += 1
            if place >= len(unit):
                return
            numbers.append(number + unit[place])
            place += 1
        kind, size = numbers
        yield kind, unit[place : place + size]
        place += size


def recovery_frames(unit: bytes) -> int | None:
    """Of an H.264 SEI unit: frames until the picture is whole; None when it does not say."""
    for kind, content in _messages(unit, 1):
        if kind == _RECOVERY_POINT and content:
            try:
                return _Bits(content).unsigned()
            except MediaError:
                return None
    return None


def hevc_sets(extradata: bytes) -> tuple[int, list[bytes]]:
    """Bytes of a length prefix, and the parameter sets, of an ``hvcC`` record."""
    if len(extradata) < 23 or extradata[0] != 1:
        raise MediaError("the recording has no HEVC configuration record")
    units = []
    place = 23
    for _ in range(extradata[22]):
        count = int.from_bytes(extradata[place + 1 : place + 3], "big")
        place += 3
        for _ in range(count):
            length = int.from_bytes(extradata[place : place + 2], "big")
            units.append(extradata[place + 2 : place + 2 + length])
            place += 2 + length
    return (extradata[21] & 3) + 1, [u for u in units if u and hevc_kind(u) in HEVC_SETS]


def hevc_record(extradata: bytes, units: list[bytes]) -> bytes:
    """The ``hvcC`` record `extradata` with these parameter sets, and four bytes of length.

    A record may carry more beside them, such as the encoder's signature.
    """
    kinds = sorted({hevc_kind(unit) for unit in units})
    out = extradata[:21] + bytes([extradata[21] | 3, len(kinds)])
    for kind in kinds:
        same = [unit for unit in units if hevc_kind(unit) == kind]
        out += struct.pack(">BH", kind, len(same))
        out += b"".join(struct.pack(">H", len(unit)) + unit for unit in same)
    return out
