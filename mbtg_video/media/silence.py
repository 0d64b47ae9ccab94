"""Stretches of an excerpt that must not be heard, in samples of the sound that is encoded.

AAC codes sound in packets of 1024 samples, each of which overlaps its neighbours. So that not one
sample of a stretch is anything but zero when it is decoded, the stretch is widened to whole
packets and by one more on either side before it is encoded: at 48 kHz, at most 43 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mbtg_video.media.medium import Wanted
from mbtg_video.timecode import MICROSECONDS, Span

ENCODED_RATE: Final = 48_000
PACKET_SAMPLES: Final = 1024


@dataclass(frozen=True, slots=True)
class Silence:
    """Where an excerpt is silent; places are samples from its first frame, ends do not belong.

    `asked` are the stretches that must be zero, rounded outwards; `applied` are those that are
    made so before encoding.
    """

    asked: tuple[range, ...] = ()
    applied: tuple[range, ...] = ()

    @classmethod
    def of(cls, wanted: Wanted, silent: Sequence[Span]) -> Silence:
        """The spans of recording time, as far as they lie in the excerpt."""
        zero, length_us = wanted.times[0], wanted.end_us - wanted.times[0]
        last = -(-length_us * ENCODED_RATE // MICROSECONDS)
        asked, applied = [], []
        for span in silent:
            start = (span.start.microseconds - zero) * ENCODED_RATE // MICROSECONDS
            end = -(-(span.end.microseconds - zero) * ENCODED_RATE // MICROSECONDS)
            first_packet = start // PACKET_SAMPLES - 1
            behind_packet = -(-end // PACKET_SAMPLES) + 1
            within = range(max(0, start), min(end, last))
            wider = range(
                max(0, first_packet * PACKET_SAMPLES), min(behind_packet * PACKET_SAMPLES, last)
            )
            if within:
                asked.append(within)
            if wider:
                applied.append(wider)
        return cls(tuple(asked), tuple(applied))

    def over(self, samples: NDArray[np.float32], start: int) -> NDArray[np.float32]:
        """Samples (…, count) of which the first lies at `start`, silenced where they must be."""
        behind = start + samples.shape[-1]
        touched = [one for one in self.applied if one.start < behind and start < one.stop]
        if not touched:
            return samples
        silenced = samples.copy()
        for one in touched:
            silenced[..., max(0, one.start - start) : one.stop - start] = 0
        return silenced
