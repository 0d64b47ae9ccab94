"""The name by which a browser is asked whether it plays an excerpt (RFC 6381)."""

from __future__ import annotations

from collections.abc import Sequence

from av.stream import Stream

from mbtg_video.errors import MediaError

_AAC_LC = 2


def _h264(configuration: bytes) -> str:
    return f"avc1.{configuration[1:4].hex()}"


def _hevc(configuration: bytes) -> str:
    """ISO/IEC 14496-15, annex E: profile, compatibility in reverse, tier and level, constraints."""
    profile = configuration[1]
    space = ("", "A", "B", "C")[profile >> 6]
    compatibility = int(f"{int.from_bytes(configuration[2:6], 'big'):032b}"[::-1], 2)
    tier = "H" if profile & 0x20 else "L"
    constraints = configuration[6:12].rstrip(b"\0")
    parts = [f"hev1.{space}{profile & 0x1F}", f"{compatibility:X}", f"{tier}{configuration[12]}"]
    return ".".join(parts + [f"{byte:X}" for byte in constraints])


def _aac(configuration: bytes) -> str:
    kind = configuration[0] >> 3 if configuration else _AAC_LC
    return f"mp4a.40.{kind}"


# By codec: how its name is written, and the least that its configuration record holds.
_WRITTEN = {"h264": (_h264, 7), "hevc": (_hevc, 23), "aac": (_aac, 0)}


def media_type(streams: Sequence[Stream]) -> str:
    """Type of an MP4 with these streams; raises `MediaError` for codecs that no page plays."""
    codecs = []
    for stream in streams:
        name = stream.codec_context.name
        configuration = bytes(stream.codec_context.extradata or b"")
        written, least = _WRITTEN.get(name, (None, 0))
        if written is None or len(configuration) < least:
            raise MediaError(
                f"a page does not play {name}; cut the excerpt again without --keep-codec"
            )
        codecs.append(written(configuration))
    return f'video/mp4; codecs="{", ".join(codecs)}"'
