"""Facts of a medium, read from its packets and its first pictures.

Decoding everything would take minutes, so frames are counted by packets; the pictures that
are decoded first tell whether packets and frames agree, and where they do not, all are decoded.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, pairwise
from typing import BinaryIO, Final

from av.container import InputContainer
from av.error import InvalidDataError
from av.packet import Packet
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mbtg_video.errors import UnsafeMedia
from mbtg_video.media.keyframe import opens_cleanly
from mbtg_video.media.probe import AudioTrack, Probe
from mbtg_video.media.reading import open_media, picture_streams
from mbtg_video.timecode import MICROSECONDS, Timecode

CODECS: Final = frozenset(
    {"h264", "hevc", "mpeg2video", "mpeg4", "vp8", "vp9", "av1", "mjpeg", "prores"}
)
LARGEST_SIDE: Final = 8192
MOST_PIXELS: Final = 8192 * 4320
"""Of one picture: an 8K camera's."""
MOST_FRAMES: Final = 4_000_000
"""More than 12 hours at 90 frames a second."""
LONGEST_SECONDS: Final = 12 * 3600
FASTEST: Final = 240
"""Frames a second on average."""

_TOO_MANY: Final = "The file holds more frames than any recording. Export it as MP4."
_DECODED: Final = 10
# More than any decoder holds back before its first picture, and than a long GOP entered late.
_MOST_PACKETS_BEFORE_A_PICTURE: Final = 2000
_EIGHT_BIT: Final = frozenset({"yuv420p", "yuvj420p"})
_BROWSER_PROFILES: Final = frozenset({"Baseline", "Constrained Baseline", "Main", "High"})
_PROGRESSIVE_ORDERS: Final = (0, 1)


@dataclass(slots=True)
class _Pictures:
    """What one pass over the packets found."""

    durations: dict[int, int] = field(default_factory=dict)  # by time stamp
    picture: VideoFrame | None = None
    """The first one that decodes."""
    decoded: list[int | None] = field(default_factory=list)
    """Time stamps of the first ones; a giant picture is not kept more than once."""
    interlaced: bool = False
    stamped: bool = True
    clean_keyframes: bool = True


def read_facts(file: BinaryIO, container: str) -> Probe:
    """Facts of `file`; raises `UnsafeMedia`, or PyAV's `FFmpegError` for damaged data."""
    size = file.seek(0, os.SEEK_END)
    with open_media(file, container) as source:
        stream = _only_picture(source)
        _check_declared(stream)
        _check_index(stream, size)
        audio = _sound(source)
        pictures = _read_packets(source, stream)
        picture = pictures.picture
        if picture is None:
            raise UnsafeMedia(
                "No picture of the file can be shown. Export it as MP4 (H.264) where it plays."
            )
        time_base = stream.time_base
        if time_base is None or time_base <= 0:
            raise UnsafeMedia("The file does not say how its time is counted. Export it as MP4.")
        rates = [rate for rate in (stream.average_rate, stream.guessed_rate) if rate]
        codec = stream.codec_context.codec.canonical_name
        field_order = stream.codec_context.field_order
        profile = stream.profile
    shown = _shown(pictures)
    if shown is None:
        shown = _decoded_stamps(file, container)
    stamps = sorted(shown)
    times = tuple(Timecode.from_pts(pts, time_base, stamps[0]).microseconds for pts in stamps)
    frame_rate, constant = _rate(times, rates, time_base)
    last = round(shown[stamps[-1]] * time_base * MICROSECONDS) or round(MICROSECONDS / frame_rate)
    duration_us = times[-1] + last
    _check_extent(duration_us, frame_rate)
    interlaced = field_order not in _PROGRESSIVE_ORDERS or pictures.interlaced
    return Probe(
        container=container,
        codec=codec,
        width=picture.width,
        height=picture.height,
        rotation=_rotation(picture),
        pixel_format=picture.format.name,
        interlaced=interlaced,
        frame_rate=frame_rate,
        constant_rate=constant,
        time_base=time_base,
        start_pts=stamps[0],
        duration_us=duration_us,
        frame_times=times,
        audio=audio,
        plays_in_browser=(
            codec == "h264"
            and picture.format.name in _EIGHT_BIT
            and profile in _BROWSER_PROFILES
            and not interlaced
            and pictures.clean_keyframes
        ),
    )


def _only_picture(source: InputContainer) -> VideoStream:
    streams = picture_streams(source)
    if not streams:
        raise UnsafeMedia("The file holds no moving picture. Choose the video of the recording.")
    if len(streams) > 1:
        raise UnsafeMedia(
            f"The file holds {len(streams)} pictures beside each other. Export the one that is "
            "meant as MP4."
        )
    return streams[0]


def _check_declared(stream: VideoStream) -> None:
    # A codec without a decoder here has no context, whatever the types say.
    context = getattr(stream, "codec_context", None)
    if context is None or context.codec.canonical_name not in CODECS:
        raise UnsafeMedia(
            "The picture is coded in a way that is not read here. Export the recording as MP4 "
            "(H.264)."
        )
    _check_size(context.width, context.height)
    context.thread_count = 1  # each thread would take memory that the limit counts
    context.options = context.options | {"max_pixels": str(MOST_PIXELS)}


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE) or (
        width * height > MOST_PIXELS
    ):
        raise UnsafeMedia(
            f"The picture claims to be {width} by {height}; at most {LARGEST_SIDE} by 4320 is "
            "read. Export the recording in a smaller size."
        )


def _check_index(stream: VideoStream, size: int) -> None:
    """Refuse a table of contents that is giant, or points behind the end of `size` bytes."""
    if len(stream.index_entries) > MOST_FRAMES:
        raise UnsafeMedia(_TOO_MANY)
    if any(entry.pos + entry.size > size for entry in stream.index_entries):
        raise UnsafeMedia(
            "Only a part of the file is there: pictures that it lists are missing. Copy it from "
            "the camera again."
        )


def _sound(source: InputContainer) -> tuple[AudioTrack, ...]:
    tracks = []
    for stream in source.streams.audio:
        context = getattr(stream, "codec_context", None)
        if context is None:
            raise UnsafeMedia(
                "The sound is coded in a way that is not read here. Export the recording as MP4 "
                "(H.264 and AAC)."
            )
        tracks.append(
            AudioTrack(context.codec.canonical_name, context.sample_rate, context.channels)
        )
    return tuple(tracks)


def _read_packets(source: InputContainer, stream: VideoStream) -> _Pictures:
    # AVI keeps no presentation times, so frames that are reordered have none.
    reordered = source.format.name == "avi" and stream.codec_context.has_b_frames
    pictures = _Pictures(stamped=not reordered)
    last_corrupt = False
    codec = stream.codec_context.codec.canonical_name
    extradata = stream.codec_context.extradata or b""
    for packet in source.demux(stream):
        _decode_first(packet, pictures)
        if not packet.size or _is_invisible(packet, codec):
            continue
        last_corrupt = packet.is_corrupt
        if pictures.clean_keyframes and packet.is_keyframe:
            pictures.clean_keyframes = opens_cleanly(bytes(packet), codec, extradata)
        if packet.is_discard:
            continue
        pts = packet.pts
        if pts is None or pts in pictures.durations:
            pictures.stamped = False
            continue
        pictures.durations[pts] = packet.duration or 0
        if len(pictures.durations) > MOST_FRAMES:
            raise UnsafeMedia(_TOO_MANY)
    # A transport stream that a camcorder split may end anywhere; its envelope was checked.
    if last_corrupt and source.format.name != "mpegts":
        raise UnsafeMedia(
            "Only a part of the file is there: it ends in the middle of a frame. Copy it from the "
            "camera again."
        )
    return pictures


def _is_invisible(packet: Packet[VideoStream], codec: str) -> bool:
    # VP8 stores frames that only others refer to; VP9 and AV1 pack theirs with a shown one.
    return codec == "vp8" and not memoryview(packet)[0] >> 4 & 1


def _decode_first(packet: Packet[VideoStream], pictures: _Pictures) -> None:
    """Decode as long as pictures are wanted; the empty packet at the end gives the last ones."""
    if len(pictures.decoded) >= _DECODED or (
        not pictures.decoded and len(pictures.durations) > _MOST_PACKETS_BEFORE_A_PICTURE
    ):
        return
    try:
        frames = packet.decode()
    except InvalidDataError:
        return  # a stream entered in the middle starts with what nothing can decode
    for frame in frames:
        _check_size(frame.width, frame.height)
        pictures.picture = pictures.picture or frame
        pictures.decoded.append(frame.pts)
        pictures.interlaced |= frame.interlaced_frame


def _shown(pictures: _Pictures) -> dict[int, int] | None:
    """Durations of the shown frames by time stamp; None when packets do not tell them."""
    decoded = [pts for pts in pictures.decoded if pts is not None]
    if not pictures.stamped or len(decoded) < len(pictures.decoded):
        return None
    # What lies before the first picture that decodes leans on frames that were not recorded.
    shown = {pts: length for pts, length in pictures.durations.items() if pts >= decoded[0]}
    return shown if sorted(shown)[: len(decoded)] == decoded else None


def _decoded_stamps(file: BinaryIO, container: str) -> dict[int, int]:
    """Time stamps of all frames with no durations, by decoding every one of them."""
    with open_media(file, container) as source:
        stream = picture_streams(source)[0]
        stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        stream.thread_type = "AUTO"
        stamps = [frame.pts for frame in islice(source.decode(stream), MOST_FRAMES)]
    known = [pts for pts in stamps if pts is not None]
    if len(known) < len(stamps) or any(later <= pts for pts, later in pairwise(known)):
        raise UnsafeMedia(
            "The file does not say when its frames are shown, as AVI does not for pictures that "
            "are stored in another order. Export it as MP4 (H.264)."
        )
    return dict.fromkeys(known, 0)


def _candidates(times: Sequence[int], declared: Sequence[Fraction]) -> Iterator[Fraction]:
    yield from declared
    if len(times) > 1:
        yield Fraction((len(times) - 1) * MICROSECONDS, times[-1]).limit_denominator(1001)


def _rate(
    times: Sequence[int], declared: Sequence[Fraction], time_base: Fraction
) -> tuple[Fraction, bool]:
    """Average rate, and whether every frame lies where a constant rate puts it."""
    # Both the first and any other stamp may be rounded to the time base.
    slack = 2 + int(time_base * MICROSECONDS)
    for rate in _candidates(times, declared):
        over, under = rate.numerator, rate.denominator * MICROSECONDS
        if all(
            abs(time * over - index * under) <= slack * over for index, time in enumerate(times)
        ):
            return rate, True
    return Fraction((len(times) - 1) * MICROSECONDS, times[-1]), False


def _check_extent(duration_us: int, frame_rate: Fraction) -> None:
    if duration_us > LONGEST_SECONDS * MICROSECONDS or not 0 < frame_rate <= FASTEST:
        raise UnsafeMedia(
            f"The recording claims to last {duration_us // MICROSECONDS} seconds at "
            f"{round(frame_rate)} frames a second; at most {LONGEST_SECONDS // 3600} hours at "
            f"{FASTEST} are read. Export it as MP4."
        )


def _rotation(picture: VideoFrame) -> int:
    matrix = picture.side_data.get("DISPLAYMATRIX")
    if isinstance(matrix, SideData):
        a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
        if a * d - b * c < 0:
            raise UnsafeMedia(
                "The picture is stored mirrored. Export the recording as MP4 in the program that "
                "made it."
            )
    if picture.rotation % 90:
        raise UnsafeMedia("The picture is turned by no right angle. Export the recording as MP4.")
    return -picture.rotation % 360
