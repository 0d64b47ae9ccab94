"""Check the sound of an excerpt: where it was in the recording, and silent where it must be."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mbtg_video import interrupt
from mbtg_video.media.check import Check, Made
from mbtg_video.media.medium import SOUND_LEAD, Medium, Wanted
from mbtg_video.media.silence import ENCODED_RATE, Silence
from mbtg_video.media.sound import Heard

MOST_SOUND_OFFSET_MS: Final = 10

_COMPARED_SECONDS: Final = Fraction(1)
_FADE: Final = Fraction(50, 1000)
"""Seconds at both ends that are not compared: AAC fades there for want of a neighbour."""
_SILENCE: Final = 1e-3
_HOLE_SAMPLES: Final = ENCODED_RATE // 10
_LEAST_LIKENESS: Final = 0.5


def _compared(wanted: Wanted, silence: Silence) -> tuple[Fraction, list[Fraction]]:
    """How many seconds are compared, and from where: at both ends, and beside each silence."""
    length = min(_COMPARED_SECONDS, wanted.length - 2 * _FADE)
    last = wanted.length - _FADE - length
    beside = [
        second
        for one in silence.applied
        for second in (
            Fraction(one.start, ENCODED_RATE) - length,
            Fraction(one.stop, ENCODED_RATE),
        )
    ]
    return length, [_FADE, last, *(min(max(_FADE, second), last) for second in beside)]


def alignment(
    medium: Medium, copy: Medium, wanted: Wanted, track: int, made: Made, silence: Silence
) -> Check:
    """How far a track's sound lies from where it was, where it is not silenced."""
    worst, silent = 0.0, 0
    name = f"sound {track + 1} in time"
    place = made.sounds.index(track) if track in made.sounds else None
    length, seconds = _compared(wanted, silence)
    if length <= 0:
        return Check(name, True, "too short to compare")
    for into in seconds:
        interrupt.check()
        theirs = _heard(medium, track, wanted.zero + into, length)
        theirs = silence.over(theirs, round(into * ENCODED_RATE))
        ours = _heard(copy, place, into, length) if place is not None else np.zeros_like(theirs)
        if _loudness(theirs) < _SILENCE:
            silent += 1
            if _loudness(ours) >= 10 * _SILENCE:
                return Check(name, False, "sound where there was none")
            continue
        lag = _lag(ours, theirs)
        if lag is None or _has_hole(ours, theirs):
            return Check(name, False, "not the sound of the recording")
        worst = max(worst, abs(lag) * 1000 / ENCODED_RATE)
    figure = "silent" if silent == len(seconds) else f"{worst:.1f} ms off"
    if place is None:
        figure = "nothing of it lies here"
    return Check(name, worst <= MOST_SOUND_OFFSET_MS, figure)


def muted(copy: Medium, place: int, track: int, silence: Silence) -> Check:
    """Whether each sample that must be silent is zero; `place` is the track's in the excerpt."""
    samples = loud = 0
    for one in silence.asked:
        zero, length = Fraction(one.start, ENCODED_RATE), Fraction(len(one), ENCODED_RATE)
        samples += len(one)
        for piece in _pieces(copy, place, zero, length):
            interrupt.check()
            loud += int(np.count_nonzero(piece.any(axis=0)))
    return Check(f"sound {track + 1} muted", not loud, f"{loud} of {samples} samples sound")


def _loudness(samples: NDArray[np.float32]) -> float:
    """Root mean square, of 1."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def _has_hole(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> bool:
    """Whether sound of the recording is missing for a tenth of a second or longer."""
    for start in range(0, len(theirs), _HOLE_SAMPLES):
        loud = _loudness(theirs[start : start + _HOLE_SAMPLES])
        if loud > 10 * _SILENCE and _loudness(ours[start : start + _HOLE_SAMPLES]) < loud / 4:
            return True
    return False


def _pieces(
    medium: Medium, track: int, zero: Fraction, length: Fraction
) -> Iterator[NDArray[np.float32]]:
    """A stretch of a track at 48 kHz, every channel of it, piece by piece."""
    stream = medium.sounds[track]
    heard = Heard(stream, zero, length)
    stamp = round(zero / medium.time_base)
    lead = SOUND_LEAD if medium.footage.container != "mp4" else Fraction(1, 2)
    for packet in medium.packets_from(stamp, stream, lead=lead):
        if packet.stream_index == stream.index and packet.size:
            yield from heard.take(packet)
        if heard.done:
            break
    yield from heard.take(None)


def _heard(medium: Medium, track: int, zero: Fraction, length: Fraction) -> NDArray[np.float32]:
    """A second of a track, mono at 48 kHz."""
    samples = np.zeros(int(length * ENCODED_RATE), np.float32)
    pieces = _pieces(medium, track, zero, length)
    found = np.concatenate([np.zeros((1, 0), np.float32), *(p[:1] for p in pieces)], axis=1)[0]
    samples[: len(found)] = found
    return samples


def _lag(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> int | None:
    """Samples by which `ours` comes late, the likeliest nearest zero; None if they differ."""
    size = 2 * len(ours)
    product = np.fft.rfft(ours, size) * np.conj(np.fft.rfft(theirs, size))
    likeness = np.fft.irfft(product, size)
    strength = float(np.linalg.norm(ours) * np.linalg.norm(theirs))
    best = float(likeness.max())
    if strength <= 0 or best < _LEAST_LIKENESS * strength:
        return None
    lags = np.flatnonzero(likeness >= 0.99 * best)
    lags[lags >= len(ours)] -= size
    return int(lags[np.abs(lags).argmin()])
