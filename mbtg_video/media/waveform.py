"""How loud a recording is, moment by moment: what a page draws along its timeline."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.error import InvalidDataError
from av.packet import Packet
from av.stream import Discard
from numpy.typing import NDArray

from mbtg_video import interrupt
from mbtg_video.media.cut import Progress, no_progress
from mbtg_video.media.medium import Footage, Medium, time_base_of, told_plainly
from mbtg_video.timecode import MICROSECONDS

BUCKET_US: Final = 20_000
_BUCKETS_A_SECOND: Final = MICROSECONDS // BUCKET_US
_FULL: Final = 127
_EVERY: Final = 500
"""Pieces of sound after which the progress is told."""


@dataclass(frozen=True, slots=True)
class Waveform:
    """The lowest and highest sample of each bucket of recording time: (buckets, 2), int8.

    Full scale is 127. Bucket 0 begins at the first shown frame; without a sound track there are
    none.
    """

    bucket_us: int
    peaks: NDArray[np.int8]


class _Peaks:
    """Takes decoded sound in, and keeps the extremes of each bucket."""

    def __init__(self, footage: Footage, medium: Medium, sound: AudioStream) -> None:
        buckets = -(-footage.length_us // BUCKET_US)
        self._low = np.full(buckets, np.inf, np.float32)
        self._high = np.full(buckets, -np.inf, np.float32)
        self._time_base = time_base_of(sound)
        self._zero = footage.start_pts * medium.time_base
        self._length_us = footage.length_us
        self._kind: tuple[str, str, int] | None = None  # of the frames that wait
        self._waiting: list[NDArray[Any]] = []
        self._channels = 1
        self._packed = False
        self._rate = 1
        self._start = 0  # the first sample that waits, counted from the first shown frame
        self._next = 0

    def _begin(self, frame: AudioFrame, kind: tuple[str, str, int]) -> None:
        """From now on sound is of this kind: place in samples = (pts * up - zero) / down."""
        self._kind = kind
        self._channels = frame.layout.nb_channels
        self._packed = frame.format.is_packed
        self._rate = frame.sample_rate
        samples_a_tick = self._time_base * self._rate
        zero = self._zero * self._rate
        self._down = math.lcm(samples_a_tick.denominator, zero.denominator)
        self._up = int(samples_a_tick * self._down)
        self._offset = int(zero * self._down)
        # Coarse time stamps jitter around sound that simply goes on.
        self._slack = 2 * max(1, math.ceil(samples_a_tick))

    def take(self, frame: AudioFrame) -> None:
        if frame.pts is None:
            return
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            self.settle()
            self._begin(frame, kind)
        place = (2 * (frame.pts * self._up - self._offset) + self._down) // (2 * self._down)
        if abs(place - self._next) > self._slack:
            self.settle()
        if not self._waiting:
            goes_on = abs(place - self._next) <= self._slack
            self._start = self._next = self._next if goes_on else place
        self._waiting.append(frame.to_ndarray())
        self._next += frame.samples
        if self._next - self._start >= self._rate:
            self.settle()

    @property
    def share(self) -> float:
        """How far it has come."""
        place = self._next * MICROSECONDS / self._rate
        return min(1.0, max(0.0, place / self._length_us))

    def settle(self) -> None:
        """Sort what waits into its buckets."""
        if not self._waiting:
            return
        block = np.concatenate(self._waiting, axis=1)
        self._waiting.clear()
        if self._packed:
            block = block.reshape(-1, self._channels).T
        end = -(-self._length_us * self._rate // MICROSECONDS)
        block = block[:, max(0, -self._start) : max(0, end - self._start)]
        count = block.shape[1]
        if not count:
            return
        start = max(0, self._start)
        first = start * _BUCKETS_A_SECOND // self._rate
        behind = (start + count - 1) * _BUCKETS_A_SECOND // self._rate + 1
        edges = -(-np.arange(first, behind) * self._rate // _BUCKETS_A_SECOND) - start
        edges[0] = 0
        low = _scaled(np.minimum.reduceat(block.min(axis=0), edges))
        high = _scaled(np.maximum.reduceat(block.max(axis=0), edges))
        np.minimum(self._low[first:behind], low, out=self._low[first:behind])
        np.maximum(self._high[first:behind], high, out=self._high[first:behind])

    def peaks(self) -> NDArray[np.int8]:
        self.settle()
        both = np.stack((self._low, self._high), axis=1)
        both[~np.isfinite(both)] = 0  # nothing was heard
        return np.rint(np.clip(both, -1, 1) * _FULL).astype(np.int8)


def _scaled(samples: NDArray[Any]) -> NDArray[np.float32]:
    """Samples of any kind on a scale from -1 to 1."""
    if samples.dtype == np.uint8:
        middle, most = 128.0, 128.0
    elif samples.dtype.kind == "i":
        middle, most = 0.0, -float(np.iinfo(samples.dtype).min)
    else:
        middle, most = 0.0, 1.0
    return ((samples.astype(np.float64) - middle) / most).astype(np.float32)


def _decoded(sound: AudioStream, packets: Iterator[Packet[Any]]) -> Iterator[AudioFrame]:
    for packet in packets:
        with suppress(InvalidDataError, EOFError):  # as a track entered in the middle begins
            yield from sound.codec_context.decode(packet if packet.size else None)


def make_waveform(footage: Footage, *, progress: Progress = no_progress) -> Waveform:
    """Peaks of the first sound track; raises `MediaError`, and what `progress` raises."""
    with told_plainly(), interrupt.postponed(), Medium.opened(footage) as medium:
        if not medium.sounds:
            return Waveform(BUCKET_US, np.zeros((0, 2), np.int8))
        sound = medium.sounds[0]
        for stream in medium.source.streams:
            if stream.index != sound.index:
                stream.discard = Discard.all
        peaks = _Peaks(footage, medium, sound)
        for number, frame in enumerate(_decoded(sound, medium.source.demux(sound))):
            peaks.take(frame)
            if number % _EVERY == 0:
                interrupt.check()
                progress(peaks.share)
        return Waveform(BUCKET_US, peaks.peaks())
