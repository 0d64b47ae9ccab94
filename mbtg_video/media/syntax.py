"""How H.264 and HEVC pictures are taken apart and put beside others in one track."""

from __future__ import annotations

from enum import Enum, auto
from typing import Any, Final, Protocol

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from mbtg_video.media import nal
from mbtg_video.media.encode import h264_encoder, hevc_encoder
from mbtg_video.media.nal import ParameterSets, h264_kind, hevc_kind, join_prefixed, split_annexb

USER_DATA: Final = "user data beside the pictures"
_H264_BESIDE: Final = frozenset({nal.H264_SPS, nal.H264_PPS, nal.H264_DELIMITER})
_HEVC_BESIDE: Final = frozenset({*nal.HEVC_SEI, nal.HEVC_DELIMITER})


class NotSpliceable(Exception):  # noqa: N818  a reason, told on the receipt
    """Why a span cannot be copied."""


class Entry(Enum):
    """How playing may begin at a keyframe."""

    IDR = auto()
    CRA = auto()
    """Pictures that follow it in the file but are shown before it cannot be decoded."""


class Syntax(Protocol):
    """One codec's way of putting copied pictures and encoded ones into one track."""

    stripped: set[str]
    """What was left out of the copied pictures."""

    def entry(self, packet: bytes) -> Entry | None:
        """How playing may begin at this keyframe; None when it may not."""
        ...

    def encoder(self) -> VideoCodecContext:
        """A new encoder of pictures that may stand beside the copied ones."""
        ...

    def encoded(self, packet: Packet[Any]) -> bytes:
        """An encoded picture, as the track holds it."""
        ...

    def copied(self, packet: Packet[Any], *, first: bool) -> bytes | Packet[Any]:
        """A copied picture, as the track holds it; `first` of those copied."""
        ...

    def describe(self, stream: VideoStream) -> None:
        """Give the track the parameter sets and tag of what it holds."""
        ...


class H264:
    """Both parameter sets stand in the track's ``avcC`` record, under numbers of their own."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._sets = ParameterSets.read(stream.codec_context.extradata or b"")
        if not self._sets.sequence or not self._sets.picture:
            raise NotSpliceable("no parameter sets outside the pictures")
        self._own = ParameterSets(4, (), ())
        self.stripped: set[str] = set()

    def entry(self, packet: bytes) -> Entry | None:
        kinds = (h264_kind(unit) for unit in self._sets.split(packet) if unit)
        first = next((kind for kind in kinds if 1 <= kind <= nal.H264_IDR), None)
        return Entry.IDR if first == nal.H264_IDR else None

    def encoder(self) -> VideoCodecContext:
        return h264_encoder(self._stream, self._sets.free_id())

    def encoded(self, packet: Packet[Any]) -> bytes:
        self._own = self._own.with_others(ParameterSets.read(bytes(packet)))
        # x264 signs its first picture, and its parameter sets are in the record.
        dropped = _H264_BESIDE | {nal.H264_SEI}
        units = split_annexb(bytes(packet))
        return join_prefixed([unit for unit in units if h264_kind(unit) not in dropped])

    def copied(self, packet: Packet[Any], *, first: bool) -> bytes | Packet[Any]:
        if self._sets.prefix == 4 and not self._has_extras(memoryview(packet)):
            return packet
        units = self._sets.split(bytes(packet))
        if any(map(nal.h264_user_data, units)):
            self.stripped.add(USER_DATA)
        return join_prefixed(
            [u for u in units if h264_kind(u) not in _H264_BESIDE and not nal.h264_user_data(u)]
        )

    @staticmethod
    def _has_extras(view: memoryview) -> bool:
        """Whether a packet holds more than slices; looks at the head of each unit only."""
        place, size = 0, len(view)
        while place + 4 < size:
            if h264_kind(view[place + 4 :]) > nal.H264_IDR:
                return True
            place += 4 + int.from_bytes(view[place : place + 4], "big")
        return False

    def describe(self, stream: VideoStream) -> None:
        stream.codec_context.extradata = self._sets.with_others(self._own).record()
        stream.codec_context.codec_tag = "avc1"


class Hevc:
    """Parameter sets stand before the pictures where the ones in force change."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        extradata = stream.codec_context.extradata or b""
        if extradata[:1] != b"\1":
            raise NotSpliceable("no parameter sets outside the pictures")
        self._prefix, self._sets = nal.hevc_sets(extradata)
        self.stripped: set[str] = set()

    def entry(self, packet: bytes) -> Entry | None:
        for unit in nal.split_prefixed(packet, self._prefix):
            kind = hevc_kind(unit)
            if kind in nal.HEVC_IDR:
                return Entry.IDR
            if kind == nal.HEVC_CRA:
                return Entry.CRA
            if kind < min(nal.HEVC_SETS):
                return None
        return None

    def encoder(self) -> VideoCodecContext:
        return hevc_encoder(self._stream)

    def encoded(self, packet: Packet[Any]) -> bytes:
        units = split_annexb(bytes(packet))
        return join_prefixed([unit for unit in units if hevc_kind(unit) not in _HEVC_BESIDE])

    def copied(self, packet: Packet[Any], *, first: bool) -> bytes | Packet[Any]:
        units = nal.split_prefixed(bytes(packet), self._prefix)
        if any(map(nal.hevc_user_data, units)):
            self.stripped.add(USER_DATA)
        kept = [
            unit
            for unit in units
            if hevc_kind(unit) != nal.HEVC_DELIMITER and not nal.hevc_user_data(unit)
        ]
        if first:
            kept = [
                *self._sets,
                *(_without_leading(u) for u in kept if hevc_kind(u) not in nal.HEVC_SETS),
            ]
        return join_prefixed(kept)

    def describe(self, stream: VideoStream) -> None:
        record = nal.hevc_record(self._stream.codec_context.extradata or b"", self._sets)
        stream.codec_context.extradata = record
        stream.codec_context.codec_tag = "hev1"


def _without_leading(unit: bytes) -> bytes:
    """A CRA picture as one whose leading pictures were left out (BLA_N_LP)."""
    if hevc_kind(unit) != nal.HEVC_CRA:
        return unit
    return bytes([nal.HEVC_BLA_WITHOUT_LEADING << 1 | unit[0] & 0x81]) + unit[1:]


def syntax_of(stream: VideoStream) -> Syntax:
    """The syntax of a stream's codec; raises `NotSpliceable` for codecs without one here."""
    codec = stream.codec_context.codec.canonical_name
    if codec == "h264":
        return H264(stream)
    if codec == "hevc":
        return Hevc(stream)
    raise NotSpliceable(f"{codec} is not copied")
