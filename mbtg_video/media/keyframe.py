"""Whether decoding may start at a packet that its container calls a keyframe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mbtg_video.media import nal

_MPEG4_PICTURE: Final = b"\0\0\1\xb6"
_MPEG2_PICTURE: Final = b"\0\0\1\0"
_MPEG2_INTRA: Final = 1


def _units(packet: bytes, extradata: bytes) -> Iterator[bytes]:
    """NAL units of H.264, from length-prefixed (avcC) or start-code data."""
    if extradata[:1] == b"\x01" and len(extradata) > 4:
        units = nal.split_prefixed(packet, (extradata[4] & 3) + 1)
    else:
        units = nal.split_annexb(packet)
    return (unit for unit in units if unit)


def _h264_frames_to_recover(packet: bytes, extradata: bytes) -> int | None:
    """Frames until the picture is whole: 0 at an IDR picture; None when it does not say."""
    told: int | None = None
    for unit in _units(packet, extradata):
        kind = nal.h264_kind(unit)
        if kind == nal.H264_IDR:
            return 0
        if kind in nal.H264_SLICES:
            return told
        if kind == nal.H264_SEI:
            told = nal.recovery_frames(unit) if told is None else told
    return None


def opens_cleanly(packet: bytes, codec: str, extradata: bytes) -> bool:
    """Whether a keyframe's packet resets the decoder: for H.264, that it is an IDR picture.

    A mere recovery point lets later frames refer to earlier ones. Of other codecs nothing is
    known here: False.
    """
    if codec != "h264":
        return False
    kinds = (nal.h264_kind(unit) for unit in _units(packet, extradata))
    return next((kind for kind in kinds if kind in nal.H264_SLICES), None) == nal.H264_IDR


def may_start(packet: bytes, codec: str, extradata: bytes) -> bool:
    """Whether what is shown from a keyframe's packet on decodes without anything before it.

    Files name keyframes that are none, and a picture may take many frames to become whole.
    What is not known here is believed.
    """
    if not packet:
        return False
    if codec == "h264":
        return _h264_frames_to_recover(packet, extradata) == 0
    if codec == "mpeg4":
        at = packet.find(_MPEG4_PICTURE) + len(_MPEG4_PICTURE)
        return at >= len(_MPEG4_PICTURE) and packet[at : at + 1] < b"\x40"
    if codec == "mpeg2video":
        at = packet.find(_MPEG2_PICTURE) + len(_MPEG2_PICTURE)
        coded = packet[at : at + 2]
        return at >= len(_MPEG2_PICTURE) and len(coded) == 2 and coded[1] >> 3 & 7 == _MPEG2_INTRA
    if codec == "vp8":
        return not packet[0] & 1
    return True
