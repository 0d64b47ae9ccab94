"""Speech-like sound for the role-play: no words, but a voice for each that follows the text.

Harmonics of a pitch are shaped by the two resonances of each vowel, after the source-filter
model (G. Fant, Acoustic Theory of Speech Production, 1960); only numbers are made, nobody's
voice was used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mbtg_video.media.roleplay.script import Line

SAMPLE_RATE: Final = 16_000

BEEP_HERTZ: Final = 1000
BEEP_MS: Final = 200

_PITCHES: Final = (196.0, 112.0, 232.0)
_TRACTS: Final = (1.08, 0.94, 1.16)
"""Resonances relative to those below: a shorter throat sounds higher."""
_PLACES: Final = (0.0, -0.55, 0.55)
"""Where each is heard, from left (-1) to right (1)."""

_VOWELS: Final = {
    "a": (730.0, 1150.0),
    "e": (530.0, 1850.0),
    "i": (300.0, 2200.0),
    "o": (500.0, 900.0),
    "u": (330.0, 850.0),
    "y": (310.0, 2000.0),
}
_SYLLABLE: Final = re.compile(r"[^aeiouy]*([aeiouy])[aeiouy]*", re.IGNORECASE)
_HIGHEST_HERTZ: Final = 3600.0
_SPEECH_LEVEL: Final = 0.16
_ROOM_LEVEL: Final = 0.0015
_BEEP_LEVEL: Final = 0.3
_ECHOES_MS: Final = ((17, 0.22), (29, 0.14), (47, 0.08))


def _syllables(text: str) -> Iterator[tuple[str, int]]:
    """Vowel and length in letters of each syllable; a pause is an empty vowel."""
    for word in text.split():
        for match in _SYLLABLE.finditer(word):
            yield match[1].lower(), len(match[0])
        yield "", 6 if word[-1] in ".?!:" else 3 if word[-1] == "," else 1


def _smoothed(values: NDArray[np.float32], milliseconds: int) -> NDArray[np.float32]:
    width = SAMPLE_RATE * milliseconds // 1000
    window = np.hanning(width + 2)[1:-1].astype(np.float32)
    return np.convolve(values, window / window.sum(), mode="same").astype(np.float32)


def _spoken(
    line: Line, chance: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Sound of a line and its loudness, both from 0 on."""
    count = (line.end_ms - line.start_ms) * SAMPLE_RATE // 1000
    syllables = list(_syllables(line.text))
    ends = np.cumsum([length for _, length in syllables])
    edges = np.concatenate([[0], ends * count // ends[-1]])
    loudness, first, second, hiss, accent = np.zeros((5, count), np.float32)
    tract = _TRACTS[line.speaker]
    for (vowel, _), start, end in zip(syllables, edges, edges[1:], strict=False):
        resonances = _VOWELS.get(vowel, (500.0, 1500.0))
        first[start:end], second[start:end] = resonances[0] * tract, resonances[1] * tract
        if not vowel:
            continue
        onset = start + (end - start) // 5
        loudness[onset:end] = chance.uniform(0.7, 1.0)
        hiss[start:onset] = chance.uniform(0.0, 0.25)
        accent[start:end] = chance.uniform(-0.06, 0.09)
    loudness, hiss = _smoothed(loudness, 50), _smoothed(hiss, 20)
    first, second, accent = _smoothed(first, 40), _smoothed(second, 40), _smoothed(accent, 120)
    course = np.linspace(1.08, 0.88, count, dtype=np.float32)
    if line.text.endswith("?"):
        rise = count // 6
        course[-rise:] += np.linspace(0, 0.3, rise, dtype=np.float32)
    pitch = _PITCHES[line.speaker] * (course + accent)
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    sound = np.zeros(count, np.float32)
    for harmonic in range(1, int(_HIGHEST_HERTZ / pitch.min()) + 1):
        hertz = pitch * harmonic
        gain = 1 / (1 + ((hertz - first) / 90) ** 2) + 0.5 / (1 + ((hertz - second) / 130) ** 2)
        gain += 0.08 / (1 + ((hertz - 2700 * tract) / 200) ** 2)
        sound += np.where(hertz < _HIGHEST_HERTZ, gain / harmonic**0.4, 0) * np.sin(
            harmonic * phase
        )
    sound *= loudness
    sound += hiss * chance.normal(0, 0.5, count).astype(np.float32)
    return sound * (_SPEECH_LEVEL / max(float(np.abs(sound).max()), 1e-6) * 3), loudness


def make_sound(
    lines: list[Line], length_ms: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Stereo sound (samples, 2) of the role-play, and how loud each speaks (speakers, samples).

    A beep starts exactly at each whole minute but the first.
    """
    count = length_ms * SAMPLE_RATE // 1000
    chance = np.random.default_rng(20260206)
    sound = chance.normal(0, _ROOM_LEVEL, (count, 2)).astype(np.float32)
    loudness = np.zeros((len(_PITCHES), count), np.float32)
    for line in lines:
        spoken, loud = _spoken(line, chance)
        start = line.start_ms * SAMPLE_RATE // 1000
        loudness[line.speaker, start : start + len(loud)] = loud[: count - start]
        place = _PLACES[line.speaker]
        sides = np.sqrt(np.array([1 - place, 1 + place], np.float32) / 2)
        for delay_ms, share in ((0, 1.0), *_ECHOES_MS):
            at = start + delay_ms * SAMPLE_RATE // 1000
            heard = spoken[: max(0, count - at), None] * sides * share
            sound[at : at + len(heard)] += heard
    times = np.arange(BEEP_MS * SAMPLE_RATE // 1000)
    beep = _BEEP_LEVEL * np.sin(2 * np.pi * BEEP_HERTZ * times / SAMPLE_RATE)
    for minute in range(60 * SAMPLE_RATE, count, 60 * SAMPLE_RATE):
        sound[minute : minute + len(beep)] += beep[: count - minute, None].astype(np.float32)
    return sound.clip(-0.98, 0.98), loudness
