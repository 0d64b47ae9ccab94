"""A clip as a film takes it: pictures of one size at one rate, and sound at 48 kHz in stereo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO, Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from mbtg_video.media.encode import decoded, decoder_of
from mbtg_video.media.medium import (
    SOUND_LEAD,
    Footage,
    Medium,
    Wanted,
    wanted_frames,
    with_stored_stamps,
)
from mbtg_video.media.probe import Probe, probe
from mbtg_video.media.sound import Heard
from mbtg_video.media.whole import PictureFilter
from mbtg_video.timecode import MICROSECONDS, Span, Timecode

Planes = NDArray[np.uint8]
"""A picture's I420 planes one below the other."""

_BLACK: Final = 16
_GREY: Final = 128
_BT709: Final = 1
_OTHER_COLOURS: Final = (5, 6)
"""Of standard definition, which would look wrong among pictures of high definition."""


def opened_clip(file: BinaryIO) -> Clip:
    """The clip in an MP4, probed; raises `UnsafeMedia`."""
    facts = probe(file)
    footage = Footage(
        file=file,
        container=facts.container,
        start_pts=facts.start_pts,
        frame_times=facts.frame_times,
        length_us=facts.duration_us,
        rotation=facts.rotation,
        interlaced=facts.interlaced,
        plays_in_browser=facts.plays_in_browser,
    )
    return Clip(footage, facts)


@dataclass(frozen=True, slots=True)
class Clip:
    """A probed clip; its file is read from the beginning each time."""

    footage: Footage
    facts: Probe

    @property
    def rate(self) -> Fraction | None:
        """Frames a second; None when it varies."""
        return self.facts.frame_rate if self.facts.constant_rate else None

    @property
    def has_sound(self) -> bool:
        """Whether there is anything to be heard."""
        return bool(self.facts.audio)

    def frames_at(self, rate: Fraction) -> int:
        """How many frames of a film it takes, at least one."""
        if rate == self.rate:  # the last one is shown, however early it is broken off
            return len(self.footage.frame_times)
        return max(1, _nearest(self.footage.length_us, rate))

    def _wanted(self, medium: Medium) -> Wanted:
        whole = Span(Timecode(0), Timecode(self.footage.length_us))
        wanted = wanted_frames(self.footage, medium.time_base, whole)
        return with_stored_stamps(medium, wanted)

    def sound(self) -> Iterator[NDArray[np.float32]]:
        """Samples (2, count) of the first track, from the first frame to the end of the last."""
        with Medium.opened(self.footage) as medium:
            if not medium.sounds:
                return
            stream, wanted = medium.sounds[0], self._wanted(medium)
            heard = Heard(stream, wanted.zero, wanted.length)
            for packet in medium.packets_from(wanted.stamps[0], stream, lead=SOUND_LEAD):
                if packet.stream_index == stream.index and packet.size:
                    yield from map(_stereo, heard.take(packet))
                if heard.done:
                    break
            yield from map(_stereo, heard.take(None))

    def _upright(self) -> Iterator[tuple[int, VideoFrame, Fraction]]:
        """Each frame with its time in microseconds and the shape of its pixels."""
        with Medium.opened(self.footage) as medium:
            wanted = self._wanted(medium)
            filters = PictureFilter(medium, wanted)
            packets = medium.packets_from(wanted.stamps[0])
            times = iter(wanted.times)
            for frame in decoded(decoder_of(medium.video), packets, wanted.stamps):
                for picture in filters.take(frame):
                    yield next(times), picture, filters.aspect
            for picture in filters.take(None):
                yield next(times), picture, filters.aspect

    def pictures(self, size: tuple[int, int], rate: Fraction) -> Iterator[Planes]:
        """The film's frames, as many as `frames_at` says.

        A frame is shown from the film's frame nearest to its time until the next one's; of two
        with the same nearest frame, the earlier is shown.
        """
        count = self.frames_at(rate)
        shown: Planes | None = None
        given = 0
        for time_us, picture, aspect in self._upright():
            place = _nearest(time_us, rate)
            if shown is not None:
                if place <= given:
                    continue
                for _ in range(given, min(place, count)):
                    yield shown
                given = min(place, count)
            if given >= count:
                return
            shown = fitted(picture, size, aspect)
        if shown is not None:
            for _ in range(given, count):
                yield shown


def _nearest(time_us: int, rate: Fraction) -> int:
    """Number of the frame nearest to a time, halves up."""
    doubled = 2 * time_us * rate / MICROSECONDS + 1
    return doubled.numerator // (2 * doubled.denominator)


def _stereo(piece: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.repeat(piece, 2, axis=0) if piece.shape[0] == 1 else piece


def fitted(picture: VideoFrame, size: tuple[int, int], aspect: Fraction) -> Planes:
    """The whole picture in the middle of one of that size, black beside or above it."""
    width, height = size
    shape = Fraction(picture.width, picture.height) * aspect
    inner_width, inner_height = width, int(width / shape)
    if inner_height > height:
        inner_width, inner_height = int(height * shape), height
    inner_width, inner_height = (max(2, side - side % 2) for side in (inner_width, inner_height))
    recoloured = picture.colorspace in _OTHER_COLOURS
    if (inner_width, inner_height) != (picture.width, picture.height) or recoloured:
        picture = picture.reformat(
            inner_width,
            inner_height,
            "yuv420p",
            src_colorspace=picture.colorspace if recoloured else None,
            dst_colorspace=_BT709 if recoloured else None,
            interpolation=Interpolation.BICUBIC,
        )
    planes = np.asarray(picture.to_ndarray(), np.uint8)
    if (inner_width, inner_height) == size:
        return planes
    left, top = ((width - inner_width) // 4 * 2, (height - inner_height) // 4 * 2)
    framed = np.full((height * 3 // 2, width), _GREY, np.uint8)
    framed[:height] = _BLACK
    framed[top : top + inner_height, left : left + inner_width] = planes[:inner_height]
    colours = framed[height:].reshape(2, height // 2, width // 2)
    colours[:, top // 2 : (top + inner_height) // 2, left // 2 : (left + inner_width) // 2] = (
        planes[inner_height:].reshape(2, inner_height // 2, inner_width // 2)
    )
    return framed
