"""Decode the pictures of a span, and encode the few beside a copied stretch anew."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

from av.codec.context import CodecContext, ThreadType
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from mbtg_video import interrupt
from mbtg_video.media.medium import Medium, time_base_of

THREADS: Final = 2
PRESET: Final = "superfast"
_BESIDE_PRESET: Final = "ultrafast"
"""Of the few frames beside a copied stretch, where bits do not count."""
_CRF: Final = 17
_PROFILES: Final = {"Main": "main", "Baseline": "baseline", "Constrained Baseline": "baseline"}


def decoder_of(stream: VideoStream) -> VideoCodecContext:
    """The stream's own decoder, on more than one thread."""
    decoder = stream.codec_context
    if not decoder.is_open:
        decoder.thread_count = THREADS
        decoder.thread_type = ThreadType.AUTO
    return decoder


def skip_unless_wanted(
    decoder: VideoCodecContext, packet: Packet[Any], stamps: Container[int]
) -> None:
    """Leave out of decoding what nobody wants to see and no other picture refers to."""
    # Other decoders take the wish for an order to skip all.
    spares = decoder.codec.canonical_name in ("h264", "hevc")
    unwanted = packet.pts is not None and packet.pts not in stamps
    decoder.skip_frame = "NONREF" if spares and unwanted else "DEFAULT"


def decoded(
    decoder: VideoCodecContext, packets: Iterable[Packet[Any]], stamps: Iterable[int]
) -> Iterator[VideoFrame]:
    """The frames with these time stamps, in order of display; stops after the last of them."""
    left = set(stamps)

    def taken(packet: Packet[Any] | None) -> Iterator[VideoFrame]:
        for frame in decoder.decode(packet):
            if frame.pts in left:
                left.discard(frame.pts)
                yield frame

    for packet in packets:
        interrupt.check()
        if not packet.size:
            continue
        skip_unless_wanted(decoder, packet, left)
        yield from taken(packet)
        if not left:
            return
    decoder.skip_frame = "DEFAULT"
    yield from taken(None)


def frames_at(medium: Medium, stamps: Iterable[int]) -> Iterator[VideoFrame]:
    """The frames of a medium with these time stamps, in order of display."""
    wanted = sorted(stamps)
    packets = medium.packets_from(wanted[0])
    yield from decoded(decoder_of(medium.video), packets, wanted)


def _like(encoder: VideoCodecContext, stream: VideoStream) -> VideoCodecContext:
    source = stream.codec_context
    encoder.width, encoder.height = source.width, source.height
    encoder.pix_fmt = source.pix_fmt
    encoder.time_base = time_base_of(stream)
    encoder.framerate = stream.average_rate or Fraction(25)
    if stream.sample_aspect_ratio:
        encoder.sample_aspect_ratio = stream.sample_aspect_ratio
    for name in ("color_range", "color_primaries", "color_trc", "colorspace"):
        setattr(encoder, name, getattr(source, name))
    encoder.thread_count = THREADS
    return encoder


def h264_encoder(stream: VideoStream, set_id: int) -> VideoCodecContext:
    """Encoder of H.264 pictures that stand beside the copied ones of `stream`.

    Its parameter sets carry the number `set_id`, which the stream's own must not have.
    """
    encoder = _like(CodecContext.create("libx264", "w"), stream)
    encoder.options = {
        "preset": _BESIDE_PRESET,
        "crf": str(_CRF),
        "x264-params": (
            f"sps-id={set_id}:bframes=0:ref=1:keyint=infinite:scenecut=0:rc-lookahead=0:"
            "sync-lookahead=0:mbtree=0:sliced-threads=1:force-cfr=0"
        ),
    }
    if stream.profile in _PROFILES:
        encoder.options["profile"] = _PROFILES[stream.profile]
    return encoder


def hevc_encoder(stream: VideoStream) -> VideoCodecContext:
    """Encoder of HEVC pictures that stand beside the copied ones of `stream`."""
    encoder = _like(CodecContext.create("libx265", "w"), stream)
    encoder.options = {
        "preset": _BESIDE_PRESET,
        "crf": str(_CRF),
        "x265-params": (
            "bframes=0:keyint=-1:scenecut=0:rc-lookahead=1:repeat-headers=1:info=0:"
            f"open-gop=0:log-level=none:pools={THREADS}"
        ),
    }
    return encoder


def encoded(
    encoder: VideoCodecContext, frames: Iterable[VideoFrame], time_base: Fraction
) -> Iterator[Packet[Any]]:
    """Packets of the frames, which keep their time stamps; the first one is a keyframe."""
    for frame in frames:
        frame.pict_type = PictureType.NONE
        frame.time_base = time_base
        yield from encoder.encode(frame)
    yield from encoder.encode(None)
