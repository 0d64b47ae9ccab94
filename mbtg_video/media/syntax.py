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

BESIDE: Final = "data beside the pictures"


class NotSpliceable(Exception):  # noqa: N818  a reason, told on the receipt
    """Why a span cannot be copied."""


_CHANGED: Final = "the parameter sets change within the recording"


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
        """A copied picture, as the track holds it; `first` of those copied.

        Raises `NotSpliceable` when it needs other parameter sets than the track has.
        """
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
        self._known = {nal.trimmed(unit) for unit in self._sets.sequence + self._sets.picture}
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
        units = split_annexb(bytes(packet))
        return join_prefixed([unit for unit in units if h264_kind(unit) in nal.H264_SLICES])

    def copied(self, packet: Packet[Any], *, first: bool) -> bytes | Packet[Any]:
        if self._sets.prefix == 4 and all(
            h264_kind(head) in nal.H264_SLICES for head in nal.heads(memoryview(packet))
        ):
            return packet
        units = [unit for unit in self._sets.split(bytes(packet)) if unit]
        for unit in units:
            kind = h264_kind(unit)
            if kind in nal.H264_SETS and nal.trimmed(unit) not in self._known:
                raise NotSpliceable(_CHANGED)
            if kind not in nal.H264_PICTURE:
                self.stripped.add(BESIDE)
        return join_prefixed([unit for unit in units if h264_kind(unit) in nal.H264_SLICES])

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
        self._known = {nal.trimmed(unit) for unit in self._sets}
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
        own = nal.HEVC_SLICES | nal.HEVC_SETS
        units = split_annexb(bytes(packet))
        return join_prefixed([unit for unit in units if hevc_kind(unit) in own])

    def copied(self, packet: Packet[Any], *, first: bool) -> bytes | Packet[Any]:
        units = [unit for unit in nal.split_prefixed(bytes(packet), self._prefix) if unit]
        for unit in units:
            kind = hevc_kind(unit)
            if kind in nal.HEVC_SETS and nal.trimmed(unit) not in self._known:
                raise NotSpliceable(_CHANGED)
            if kind not in nal.HEVC_PICTURE:
                self.stripped.add(BESIDE)
        slices = [unit for unit in units if hevc_kind(unit) in nal.HEVC_SLICES]
        # The sets are said once more, since those of the encoded pictures were in force.
        return join_prefixed([*self._sets, *map(_without_leading, slices)] if first else slices)

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
