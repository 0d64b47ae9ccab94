"""Variance components of fully crossed random designs, from expected mean squares.

Sessions are what is measured; raters, and items where there are any, are random facets.
Brennan (2001), Generalizability Theory, chapters 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from mbtg_video.rating.reliability.bootstrap import product
from mbtg_video.rating.reliability.mean_squares import least_square
from mbtg_video.rating.reliability.missing import Numbers

_ROUNDING: Final = 1e-12


class Effect(StrEnum):
    """A source of variance; the last one of a design holds what nothing else explains."""

    SESSION = "session"
    RATER = "rater"
    ITEM = "item"
    SESSION_RATER = "session_rater"
    SESSION_ITEM = "session_item"
    RATER_ITEM = "rater_item"
    SESSION_RATER_ITEM = "session_rater_item"


AXES: Final[Mapping[Effect, tuple[int, ...]]] = {
    Effect.SESSION: (0,),
    Effect.RATER: (1,),
    Effect.ITEM: (2,),
    Effect.SESSION_RATER: (0, 1),
    Effect.SESSION_ITEM: (0, 2),
    Effect.RATER_ITEM: (1, 2),
    Effect.SESSION_RATER_ITEM: (0, 1, 2),
}
"""Axes of the scores that each effect varies over."""


@dataclass(frozen=True, slots=True)
class Component:
    """One variance component.

    `raw` is the estimate itself, which can be negative, and `used` is what coefficients are
    made of: nought instead of a negative estimate. After Brennan (2001, chapter 3) the
    others are still estimated from the negative one; Cronbach would put nought there too.
    """

    effect: Effect
    degrees: int
    mean_square: float
    raw: float

    @property
    def used(self) -> float:
        """Estimate for coefficients: never below nought."""
        return max(0.0, self.raw)

    @property
    def negative(self) -> bool:
        """Whether the estimate itself lay below nought."""
        return self.raw < 0.0


def effects(scores: Numbers) -> tuple[Effect, ...]:
    """Sources of variance of this design, of two or three axes."""
    return tuple(effect for effect, axes in AXES.items() if max(axes) < scores.ndim)


def raw_components(
    squares: Mapping[Effect, Numbers], sizes: tuple[int, ...]
) -> dict[Effect, Numbers]:
    """Components from mean squares, elementwise over any number of resamples.

    Of an effect: mean squares of the effects that contain it, with alternating signs, over
    the number of scores behind each of its levels (Brennan 2001, chapter 3).
    """
    components = {}
    for effect in squares:
        inner = set(AXES[effect])
        total: Numbers = np.zeros_like(squares[effect])
        for other, square in squares.items():
            added = len(set(AXES[other]) - inner)
            if inner <= set(AXES[other]):
                total = total + (square if added % 2 == 0 else -square)
        behind = np.prod([size for axis, size in enumerate(sizes) if axis not in inner])
        components[effect] = total / float(behind)
    return components


def _deviations(scores: Numbers) -> dict[Effect, Numbers]:
    """Effects themselves, each with an axis of length one where it does not vary."""
    centred = scores - scores.mean()
    found: dict[Effect, Numbers] = {}
    for effect in effects(scores):
        away = tuple(axis for axis in range(scores.ndim) if axis not in AXES[effect])
        part: Numbers = centred.mean(axis=away, keepdims=True) if away else centred
        for inner, values in found.items():
            if set(AXES[inner]) < set(AXES[effect]):
                part = part - values
        found[effect] = part
    return found


def degrees_of_freedom(effect: Effect, sizes: tuple[int, ...]) -> int:
    """Degrees of freedom of an effect."""
    return int(np.prod([sizes[axis] - 1 for axis in AXES[effect]]))


def variance_components(scores: Numbers) -> tuple[Component, ...]:
    """Components of complete scores, sessions by raters or sessions by raters by items."""
    least = least_square(scores)
    squares = {}
    for effect, values in _deviations(scores).items():
        scale = scores.size / values.size
        mean = scale * float((values**2).sum()) / degrees_of_freedom(effect, scores.shape)
        squares[effect] = np.float64(mean if mean > least * scale else 0.0)
    raw = raw_components({e: np.asarray(s) for e, s in squares.items()}, scores.shape)
    # Without this, rounding would decide whether an estimate of nought is negative.
    close = _ROUNDING * max(float(square) for square in squares.values())
    return tuple(
        Component(
            effect,
            degrees_of_freedom(effect, scores.shape),
            float(squares[effect]),
            float(found) if abs(found) > close else 0.0,
        )
        for effect, found in raw.items()
    )


def resampled_components(scores: Numbers, drawn: Numbers) -> dict[Effect, Numbers]:
    """Raw components over resamples of sessions; one entry for each row of `drawn`.

    Drawing n sessions with replacement shrinks every mean square that varies over sessions
    by (n - 1) / n and lets the others take in the variance of the sessions' own effects
    once more. Both are undone here, so that the resamples lie around the estimate (the
    corrections of Wiley for this kind of bootstrap, Brennan 2001, chapter 6).
    """
    sizes = scores.shape
    sessions = sizes[0]
    centred = scores - scores.mean()
    least = _ROUNDING * ((centred**2).sum() + _uncorrected(centred, (0, 1, 2), drawn))
    squares: dict[Effect, Numbers] = {}
    totals: dict[tuple[int, ...], Numbers] = {(): _grand(centred, drawn)}
    for effect in effects(scores):
        axes = AXES[effect]
        totals[axes] = _uncorrected(centred, axes, drawn)
        sum_of_squares: Numbers = np.zeros(len(drawn))
        for inner, total in totals.items():
            if set(inner) <= set(axes):
                even = (len(axes) - len(inner)) % 2 == 0
                sum_of_squares = sum_of_squares + (total if even else -total)
        # Sums that differ by less than they were rounded by are equal.
        real = np.where(sum_of_squares > least, sum_of_squares, 0.0)
        squares[effect] = real / degrees_of_freedom(effect, sizes)
    corrected = {}
    for effect, square in squares.items():
        axes = AXES[effect]
        if 0 in axes:
            corrected[effect] = square * sessions / (sessions - 1)
        else:
            crossed = next(e for e in squares if AXES[e] == (0, *axes))
            corrected[effect] = square - squares[crossed]
    return raw_components(corrected, sizes)


def _grand(centred: Numbers, drawn: Numbers) -> Numbers:
    means = product(drawn, centred.reshape(len(centred), -1).mean(axis=1)) / len(centred)
    return np.asarray(centred.size * means**2)


def _uncorrected(centred: Numbers, axes: tuple[int, ...], drawn: Numbers) -> Numbers:
    """Sum over levels of squared means, times the scores behind each."""
    sessions = len(centred)
    away = tuple(axis for axis in range(1, centred.ndim) if axis not in axes)
    means = centred.mean(axis=away) if away else centred
    behind = centred.size / sessions / (means.size / sessions)
    if 0 in axes:
        each: Numbers = (means**2).reshape(sessions, -1).sum(axis=1)
        return np.asarray(behind * product(drawn, each))
    levels = product(drawn, means.reshape(sessions, -1)) / sessions
    return np.asarray(behind * sessions * (levels**2).sum(axis=1))
