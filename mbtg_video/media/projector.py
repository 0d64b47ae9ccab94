"""One film of slates and clips for a room where nothing may be installed.

MP4 with progressive H.264 and AAC at 48 kHz, one size and one rate of frames, no metadata. A clip
whose rate is the film's shows each of its frames once, in order; a slower one shows some longer; of
one that varies, each is shown from the film's frame nearest to its own time. Pictures are fitted
into the film's with bars beside them; each clip's sound is its first track, as loud as broadcasts.
"""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.codec.context import Flags
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from numpy.typing import NDArray

from mbtg_video import interrupt
from mbtg_video.errors import MediaError
from mbtg_video.media.card import card, subtitle
from mbtg_video.media.clip import Clip, Planes, opened_clip
from mbtg_video.media.encode import THREADS
from mbtg_video.media.loudness import normalised
from mbtg_video.media.medium import told_plainly
from mbtg_video.media.nal import H264_SEI, START_CODE, h264_kind, split_annexb
from mbtg_video.media.silence import ENCODED_RATE, PACKET_SAMPLES

USUAL_RATE: Final = Fraction(25)
_FASTEST: Final = 60
_CRF: Final = 20
_KEYFRAME_SECONDS: Final = 2
_BT709: Final = 1
_LIMITED_RANGE: Final = 1
_BYTES_A_SECOND: Final = 750_000
"""More than a film takes, for planning where it is written."""


@dataclass(frozen=True, slots=True)
class Slate:
    """A title that stands for so many seconds, without sound."""

    heading: str
    texts: tuple[str, ...]
    seconds: int = 5


@dataclass(frozen=True, slots=True)
class Caption:
    """Words at the foot of a clip, from one moment until another, counted from its first frame."""

    start_us: int
    end_us: int
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A clip: the plain content of an MP4, which stays the caller's, and the words on it."""

    file: BinaryIO
    captions: tuple[Caption, ...] = ()


def size_of(length_us: int, slates: int) -> int:
    """Bytes that a film of clips of that length and so many slates takes at most, roughly."""
    return _BYTES_A_SECOND * (length_us // 1_000_000 + slates * 5 + 10)


def rate_of(clips: Sequence[Clip]) -> Fraction:
    """Frames a second of a film: the fastest clip's, so that no frame of the others is lost.

    A clip whose own rate varies or is unusual counts as 25.
    """
    usual = [rate for clip in clips if (rate := clip.rate) and 5 <= rate <= _FASTEST]
    return max([*usual, *([USUAL_RATE] if len(usual) < len(clips) else [])], default=USUAL_RATE)


class _Reel:
    """The film while it is written: pictures as they come, sound just before them."""

    def __init__(self, target: Path, size: tuple[int, int], rate: Fraction) -> None:
        self._output = av.open(
            str(target),
            "w",
            format="mp4",
            options={"movflags": "+faststart", "fflags": "+bitexact"},
        )
        self._rate, self._size = rate, size
        self._video = self._output.add_stream("libx264", rate=rate)
        context = self._video.codec_context
        context.width, context.height = size
        context.pix_fmt, context.time_base = "yuv420p", 1 / rate
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = _LIMITED_RANGE
        context.thread_count = THREADS
        context.flags |= Flags.bitexact
        context.gop_size = max(1, round(_KEYFRAME_SECONDS * rate))
        context.options = {"preset": "veryfast", "crf": str(_CRF), "profile": "high"}
        self._sound = self._output.add_stream("aac", rate=ENCODED_RATE, layout="stereo")
        self._sound.bit_rate = 160_000
        self._sound.codec_context.flags |= Flags.bitexact
        self._waiting: deque[Packet[Any]] = deque()
        self._rest = np.zeros((2, 0), np.float32)
        self._heard = 0
        self.frames = 0

    def hear(self, samples: NDArray[np.float32], *, last: bool = False) -> None:
        """Add sound behind what there is; it waits for its pictures."""
        joined = np.concatenate([self._rest, samples], axis=1)
        whole = joined.shape[1] if last else joined.shape[1] // PACKET_SAMPLES * PACKET_SAMPLES
        for start in range(0, whole, PACKET_SAMPLES):
            block = np.ascontiguousarray(joined[:, start : min(start + PACKET_SAMPLES, whole)])
            frame = AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = ENCODED_RATE, self._heard
            frame.time_base = Fraction(1, ENCODED_RATE)
            self._heard += block.shape[1]
            self._waiting.extend(self._sound.encode(frame))
        self._rest = joined[:, whole:]

    def hush(self, frames: int) -> None:
        """Silence until the end of so many more frames."""
        behind = round((self.frames + frames) * ENCODED_RATE / self._rate)
        missing = behind - self._heard - self._rest.shape[1]
        for start in range(0, missing, ENCODED_RATE):
            self.hear(np.zeros((2, min(ENCODED_RATE, missing - start)), np.float32))

    def show(self, planes: Planes) -> None:
        """Add a frame: its I420 planes one below the other."""
        frame = VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pict_type = PictureType.NONE
        frame.pts, frame.time_base = self.frames, 1 / self._rate
        self.frames += 1
        self._mux(self._video.encode(frame))

    def _mux(self, pictures: Sequence[Packet[Any]]) -> None:
        for packet in map(_unsigned, pictures):
            until = (packet.dts or 0) * packet.time_base
            while self._waiting and (self._waiting[0].pts or 0) <= until * ENCODED_RATE:
                self._output.mux(self._waiting.popleft())
            self._output.mux(packet)

    def finish(self) -> None:
        """Write what waits, and the table of contents before the pictures."""
        self.hear(np.zeros((2, 0), np.float32), last=True)
        self._waiting.extend(self._sound.encode(None))
        self._mux(self._video.encode(None))
        self._output.mux(list(self._waiting))
        self._output.close()

    def close(self) -> None:
        """End it, finished or not."""
        self._output.close()


def _unsigned(packet: Packet[Any]) -> Packet[Any]:
    """The coded picture without the signature that x264 puts before the first one."""
    units = list(split_annexb(bytes(packet)))
    kept = [unit for unit in units if h264_kind(unit) != H264_SEI]
    if len(kept) == len(units):
        return packet
    plain = Packet(b"".join(START_CODE + unit for unit in kept))
    for told in ("stream", "time_base", "pts", "dts", "duration", "is_keyframe"):
        setattr(plain, told, getattr(packet, told))
    return plain


def _planes(picture: NDArray[np.uint8]) -> Planes:
    frame = VideoFrame.from_ndarray(picture, format="rgb24")
    planes = frame.reformat(format="yuv420p", dst_colorspace=_BT709)
    return np.asarray(planes.to_ndarray(), np.uint8)


def _written(planes: Planes, size: tuple[int, int], texts: Sequence[str]) -> Planes:
    """The picture with lines of text at its foot, one above the other."""
    if not texts:
        return planes
    width, height = size
    drawn = planes.copy()
    colours = drawn[height:].reshape(2, height // 2, width // 2)
    foot = height - height // 36 * 2
    for text in reversed(texts):
        luma, cover = subtitle(text, size)
        rows, columns = luma.shape
        top, left = foot - rows, (width - columns) // 2 // 2 * 2
        if top < 0:
            break
        top -= top % 2
        part = drawn[top : top + rows, left : left + columns]
        part[:] = part + (luma.astype(np.float32) - part) * cover
        half = colours[:, top // 2 : (top + rows) // 2, left // 2 : (left + columns) // 2]
        half[:] = half + (128.0 - half) * cover[::2, ::2]
        foot = top - 2
    return drawn


def _slate(reel: _Reel, slate: Slate, size: tuple[int, int], rate: Fraction) -> Iterator[float]:
    pictures = list(range(int(slate.seconds * rate)))
    reel.hush(len(pictures))
    for picture in card(slate.heading, slate.texts, size, slate.seconds, rate):
        reel.show(_planes(picture))
        yield 1 / len(pictures)


def _scene(
    reel: _Reel, scene: Scene, clip: Clip, size: tuple[int, int], rate: Fraction
) -> Iterator[float]:
    count = clip.frames_at(rate)
    if clip.has_sound:
        for piece in normalised(clip.sound):
            reel.hear(piece)
    reel.hush(count)
    for number, planes in enumerate(clip.pictures(size, rate)):
        at = number * 1_000_000 / rate
        texts = [one.text for one in scene.captions if one.start_us <= at < one.end_us]
        reel.show(_written(planes, size, texts))
        yield 1 / count


def make_film(
    target: Path,
    parts: Sequence[Slate | Scene],
    *,
    size: tuple[int, int] = (1280, 720),
    progress: Callable[[float], None] = lambda _: None,
) -> int:
    """Write the film to `target`; how many frames it has.

    Each clip is probed first where a hostile file can do no harm. Raises `MediaError` when one
    cannot be read or the film cannot be written, and `UnsafeMedia`.
    """
    clips = [opened_clip(part.file) if isinstance(part, Scene) else None for part in parts]
    rate = rate_of([clip for clip in clips if clip is not None])
    try:
        with told_plainly():
            return _make(target, list(zip(parts, clips, strict=True)), size, rate, progress)
    except MediaError as error:
        if isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL:
            raise MediaError("The disk is full: the film was not written.") from error
        raise


_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def _make(
    target: Path,
    parts: Sequence[tuple[Slate | Scene, Clip | None]],
    size: tuple[int, int],
    rate: Fraction,
    progress: Callable[[float], None],
) -> int:
    reel = _Reel(target, size, rate)
    try:
        for done, (part, clip) in enumerate(parts):
            into = 0.0
            steps = (
                _scene(reel, part, clip, size, rate)
                if isinstance(part, Scene) and clip is not None
                else _slate(reel, part, size, rate)  # type: ignore[arg-type]
            )
            for step in steps:
                interrupt.check()
                into += step
                progress((done + min(1.0, into)) / len(parts))
        reel.finish()
    finally:
        reel.close()
    return reel.frames
