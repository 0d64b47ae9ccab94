"""Sound of an excerpt: AAC is copied packet by packet, everything else encoded to it.

No packet lies wholly outside the excerpt. A copied packet that reaches over its start keeps its
place before time zero, and the container tells players to begin inside it. The extra packet
with which an AAC encoder begins is left out: it lies before time zero, and without it the first
twentieth of a second fades in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final, Protocol

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.codec.context import Flags, Flags2
from av.container import OutputContainer
from av.error import InvalidDataError
from av.packet import Packet
from numpy.typing import NDArray

from mbtg_video.media.medium import Wanted, time_base_of
from mbtg_video.media.silence import ENCODED_RATE, PACKET_SAMPLES, Silence

_BLOCK_SAMPLES: Final = 8 * PACKET_SAMPLES
_BIT_RATE_A_CHANNEL: Final = 80_000
_BEYOND: Final = Fraction(1)
"""Seconds: in the order of the file, sound may be late by as much."""


class SoundTrack(Protocol):
    """One sound track on its way into the excerpt."""

    packets: int

    @property
    def done(self) -> bool:
        """Whether nothing more is expected."""
        ...

    def take(self, packet: Packet[Any]) -> None:
        """Take the next packet of the source's track."""
        ...

    def finish(self) -> None:
        """Write what is left."""
        ...


def can_be_copied(stream: AudioStream) -> bool:
    """Whether a track is AAC-LC as an MP4 holds it."""
    context = stream.codec_context
    return (
        context.codec.canonical_name == "aac"
        and (stream.profile or "LC") == "LC"
        and context.frame_size in (0, PACKET_SAMPLES)
        and bool(context.extradata)
    )


class CopiedTrack:
    """Copies the packets that overlap the excerpt; places are counted in samples."""

    def __init__(self, output: OutputContainer, stream: AudioStream, wanted: Wanted) -> None:
        self._output = output
        rate = stream.codec_context.sample_rate
        # Whole numbers, because thousands of packets pass: place = (pts * up - zero) / down.
        samples_a_tick = time_base_of(stream) * rate
        zero = wanted.zero * rate
        self._down = math.lcm(samples_a_tick.denominator, zero.denominator)
        self._up = int(samples_a_tick * self._down)
        self._zero = int(zero * self._down)
        self._end = math.ceil(wanted.length * rate)
        # Coarse time stamps jitter around sound that simply goes on.
        self._slack = math.ceil(2 * samples_a_tick)
        self._time_base = Fraction(1, rate)
        self._next: int | None = None
        self._stream = output.add_stream_from_template(stream)
        self._stream.metadata.clear()
        self._done = False
        self.packets = 0

    @property
    def done(self) -> bool:
        return self._done

    def take(self, packet: Packet[Any]) -> None:
        if packet.pts is None or not packet.size or packet.is_discard:
            return
        place = (2 * (packet.pts * self._up - self._zero) + self._down) // (2 * self._down)
        if place >= self._end:
            self._done = True
            return
        if self._next is not None and abs(place - self._next) <= self._slack:
            place = self._next
        if place + PACKET_SAMPLES <= 0:
            return
        if self._next is not None and place < self._next:
            return  # an edit list plays it twice; a packet cannot lie over another
        self._next = place + PACKET_SAMPLES
        if place >= self._end:
            return
        packet.time_base = self._time_base
        packet.pts = packet.dts = place
        packet.duration = PACKET_SAMPLES
        packet.stream = self._stream
        self._output.mux_one(packet)
        self.packets += 1

    def finish(self) -> None:
        self._done = True


class Heard:
    """Decodes a track to 48 kHz, sample-exact from a zero of the source's clock to a length."""

    def __init__(self, stream: AudioStream, zero: Fraction, length: Fraction) -> None:
        self._decoder = stream.codec_context
        # After a jump, a decoder would leave out the first moments, also at the beginning.
        self._decoder.flags2 |= Flags2.skip_manual
        self._time_base = time_base_of(stream)
        self._zero = zero
        self.samples = int(length * ENCODED_RATE)
        self.channels = 1 if stream.codec_context.channels == 1 else 2
        self.layout = "mono" if self.channels == 1 else "stereo"
        self._resampler = self._new_resampler()
        self._kind: tuple[str, str, int] | None = None  # of the frames that it takes
        self._expected: Fraction | None = None  # where sound that simply goes on would lie
        self._next = 0  # where the resampler's next piece lies
        self._place = 0  # first sample not yet given
        self.done = False

    def _new_resampler(self) -> AudioResampler:
        return AudioResampler(format="fltp", layout=self.layout, rate=ENCODED_RATE)

    def take(self, packet: Packet[Any] | None) -> Iterator[NDArray[np.float32]]:
        """Pieces (channels, samples) that follow one another, gaps as silence; None ends it."""
        if self.done:
            return
        end = Fraction(self.samples, ENCODED_RATE) + _BEYOND
        if packet is not None and packet.pts is not None:
            self.done = packet.pts * self._time_base - self._zero > end
        try:
            frames = self._decoder.decode(packet)
        except (InvalidDataError, EOFError):
            frames = []  # a track entered in the middle begins with what cannot be decoded
        for frame in frames:
            yield from self._heard(frame)
        if packet is None or self.done:
            self.done = True
            yield from self._placed(self._resampler.resample(None))

    def _heard(self, frame: AudioFrame) -> Iterator[NDArray[np.float32]]:
        if frame.pts is None:
            return
        time_base = frame.time_base or self._time_base
        at = (frame.pts * time_base - self._zero) * ENCODED_RATE
        # Coarse time stamps jitter around sound that simply goes on.
        slack = 2 * max(time_base, Fraction(1, frame.sample_rate)) * ENCODED_RATE
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        goes_on = self._expected is not None and abs(at - self._expected) <= slack
        if self._expected is None or not goes_on or kind != self._kind:
            yield from self._placed(self._resampler.resample(None))
            self._resampler = self._new_resampler()
            self._kind = kind
            self._next = round(at)
            self._expected = at
        self._expected += Fraction(frame.samples * ENCODED_RATE, frame.sample_rate)
        frame.pts = None
        yield from self._placed(self._resampler.resample(frame))

    def _placed(self, frames: list[AudioFrame]) -> Iterator[NDArray[np.float32]]:
        for frame in frames:
            piece = frame.to_ndarray().astype(np.float32, copy=False)
            start = self._next
            self._next = start + piece.shape[1]
            skipped = max(0, self._place - start)
            kept = piece[:, skipped : max(skipped, self.samples - start)]
            if kept.shape[1]:
                gap = max(0, start - self._place)
                if gap:
                    yield np.zeros((self.channels, gap), np.float32)
                yield kept
                self._place += gap + kept.shape[1]


class EncodedTrack:
    """Trims a track to the sample, silences it where it must be, encodes it to AAC-LC at 48 kHz."""

    def __init__(
        self, output: OutputContainer, stream: AudioStream, wanted: Wanted, silence: Silence
    ) -> None:
        self._output = output
        self._silence = silence
        self._heard = Heard(stream, wanted.zero, wanted.length)
        self._pieces: list[NDArray[np.float32]] = []
        self._buffered = 0
        self._encoded = 0
        self._stream = output.add_stream("aac", rate=ENCODED_RATE, layout=self._heard.layout)
        self._stream.bit_rate = _BIT_RATE_A_CHANNEL * self._heard.channels
        self._stream.codec_context.flags |= Flags.bitexact  # or it would name its encoder
        # Noise is what a quiet room sounds like: made up anew, nothing could be compared with it.
        self._stream.options = {"aac_pns": "0"}
        self.packets = 0

    @property
    def done(self) -> bool:
        return self._heard.done

    def take(self, packet: Packet[Any]) -> None:
        self._buffer(self._heard.take(packet))

    def _buffer(self, pieces: Iterable[NDArray[np.float32]]) -> None:
        for piece in pieces:
            self._pieces.append(self._silence.over(piece, self._encoded + self._buffered))
            self._buffered += piece.shape[1]
            if self._buffered >= _BLOCK_SAMPLES:
                self._encode(PACKET_SAMPLES)

    def _encode(self, multiple: int) -> None:
        """Encode what is buffered, as far as it fills whole multiples."""
        joined = np.concatenate(self._pieces, axis=1)
        count = joined.shape[1] // multiple * multiple
        for start in range(0, count, PACKET_SAMPLES):
            block = np.ascontiguousarray(joined[:, start : min(start + PACKET_SAMPLES, count)])
            frame = AudioFrame.from_ndarray(block, format="fltp", layout=self._heard.layout)
            frame.sample_rate = ENCODED_RATE
            frame.time_base = Fraction(1, ENCODED_RATE)
            frame.pts = self._encoded
            self._encoded += block.shape[1]
            self._mux(self._stream.encode(frame))
        self._pieces = [joined[:, count:]]
        self._buffered = joined.shape[1] - count

    def _mux(self, packets: list[Packet[Any]]) -> None:
        for packet in packets:
            if packet.pts is None or not 0 <= packet.pts < self._heard.samples:
                continue  # the encoder's own lead-in
            packet.stream = self._stream
            self._output.mux_one(packet)
            self.packets += 1

    def finish(self) -> None:
        self._buffer(self._heard.take(None))
        if self._pieces:
            self._encode(1)
        if self._encoded:
            self._mux(self._stream.encode(None))
