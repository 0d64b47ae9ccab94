"""Generalizability: how far one would reach the same score with other raters and items.

G study of sessions by raters, and of sessions by raters by items, all fully crossed and
random; D study of 1 to 10 raters. Brennan (2001), Generalizability Theory, chapters 2 to 4.
Only sessions that every rater scored (on every item) are used; raters and items without
any score are left out first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.bootstrap import in_canonical_order, percentiles, resamples
from mbtg_video.rating.reliability.components import (
    Component,
    Effect,
    resampled_components,
    variance_components,
)
from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why
from mbtg_video.rating.reliability.intraclass import (
    Bounds,
    agreement_bounds,
    consistency_bounds,
    stepped_up,
)
from mbtg_video.rating.reliability.mean_squares import mean_squares
from mbtg_video.rating.reliability.missing import Kept, Numbers, listwise, table

MOST_RATERS: Final = 10
GOALS: Final = (0.70, 0.80)


@dataclass(frozen=True, slots=True)
class Projection:
    """D study of the mean over so many raters.

    `phi` is absolute: a strict rater counts as error. `erho2` is relative: only what changes
    the order of sessions does (Brennan 2001, chapter 2).
    """

    raters: int
    phi: Estimate
    erho2: Estimate


@dataclass(frozen=True, slots=True)
class Needed:
    """Fewest raters whose mean reaches the absolute coefficient `goal`, or why none do."""

    goal: float
    raters: int | None
    why: Why | None


@dataclass(frozen=True, slots=True)
class Generalizability:
    """G study and D study; without components when there is no number, and `why` says so.

    `items` is the number of items that a D study holds, 1 where items are no facet.
    """

    components: tuple[Component, ...]
    projections: tuple[Projection, ...]
    needed: tuple[Needed, ...]
    items: int
    used: int
    left_out: int
    why: Why | None

    @classmethod
    def unmade(cls, estimate: Estimate, items: int = 1) -> Generalizability:
        """Nothing, with the same reason everywhere."""
        if estimate.why is None:
            raise ValueError("a number was made")
        return cls(
            (),
            tuple(Projection(n, estimate, estimate) for n in range(1, MOST_RATERS + 1)),
            tuple(Needed(goal, None, estimate.why) for goal in GOALS),
            items,
            estimate.used,
            estimate.left_out,
            estimate.why,
        )


@dataclass(frozen=True, slots=True)
class _Errors:
    """Variance of a mean over items: what raters cannot mend, and what each rater shares.

    Of `universe` scores; `absolute` and `relative` error, each once for all raters and once
    for a single one, which shrinks with their number (Brennan 2001, chapter 4).
    """

    universe: Numbers
    absolute: tuple[Numbers, Numbers]
    relative: tuple[Numbers, Numbers]

    @classmethod
    def of(cls, raw: Mapping[Effect, Numbers], items: int) -> _Errors:
        def used(effect: Effect) -> Numbers:
            found: Numbers = np.maximum(np.asarray(raw.get(effect, 0.0), dtype=np.float64), 0.0)
            return found

        session_item, residual = used(Effect.SESSION_ITEM), used(Effect.SESSION_RATER_ITEM)
        shared = session_item / items
        single = used(Effect.SESSION_RATER) + residual / items
        return cls(
            used(Effect.SESSION),
            (
                shared + used(Effect.ITEM) / items,
                single + used(Effect.RATER) + used(Effect.RATER_ITEM) / items,
            ),
            (shared, single),
        )

    def coefficient(self, error: tuple[Numbers, Numbers], raters: int) -> Numbers:
        """Share of the universe scores in the variance; NaN where there is no variance."""
        total = self.universe + error[0] + error[1] / raters
        made = total > 0.0
        result: Numbers = np.where(made, self.universe / np.where(made, total, 1.0), np.nan)
        return result

    def needed(self, goal: float) -> Needed:
        """Fewest raters for the absolute coefficient."""
        shared, single = (float(error) for error in self.absolute)
        room = (1.0 - goal) * float(self.universe) - goal * shared
        if room <= 0.0:
            return Needed(goal, None, Why.NOT_REACHABLE)
        # A whole number of raters that reaches the goal but for rounding does reach it.
        return Needed(goal, max(1, math.ceil(goal * single / room - 1e-9)), None)


def _raw(components: tuple[Component, ...]) -> dict[Effect, Numbers]:
    return {component.effect: np.asarray(component.raw) for component in components}


def _projection(
    kept: Kept,
    errors: _Errors,
    raters: int,
    bounds: tuple[Bounds | None, Bounds | None],
    interval: Interval,
) -> Projection:
    def estimate(error: tuple[Numbers, Numbers], found: Bounds | None) -> Estimate:
        value = float(errors.coefficient(error, raters))
        if math.isnan(value):
            return kept.unmade(Why.SESSIONS_ALIKE)
        return Estimate.made(value, kept.used, kept.left_out, found, interval)

    return Projection(
        raters, estimate(errors.absolute, bounds[0]), estimate(errors.relative, bounds[1])
    )


def _bounds_of_mean(bounds: Bounds | None, raters: int) -> Bounds | None:
    if bounds is None:
        return None
    low, high = (stepped_up(min(1.0, max(0.0, bound)), raters) for bound in bounds)
    return None if low is None or high is None else (low, high)


def rater_study(scores: npt.ArrayLike) -> Generalizability:
    """G study of scores of shape (sessions, raters), NaN where one is missing.

    Phi of one rater is ICC(2,1) and Erho2 is ICC(3,1) unless a component is negative, so
    their intervals are those of McGraw and Wong (1996), stepped up to more raters and kept
    within 0 and 1. Where the component of raters is negative it counts as nought, Phi is
    then Erho2, and so is its interval.
    """
    kept = listwise(table(scores, 2))
    if isinstance(kept, Estimate):
        return Generalizability.unmade(kept)
    components = variance_components(kept.scores)
    errors = _Errors.of(_raw(components), 1)
    squares = mean_squares(kept.scores)
    relative = consistency_bounds(squares)
    lenient = any(c.effect is Effect.RATER and c.negative for c in components)
    absolute = relative if lenient else agreement_bounds(squares)
    projections = tuple(
        _projection(
            kept,
            errors,
            raters,
            (_bounds_of_mean(absolute, raters), _bounds_of_mean(relative, raters)),
            Interval.F,
        )
        for raters in range(1, MOST_RATERS + 1)
    )
    return _study(kept, components, projections, errors, 1)


def item_study(scores: npt.ArrayLike, items: int | None = None) -> Generalizability:
    """G study of scores of shape (sessions, raters, items), NaN where one is missing.

    The D study holds `items` items, or as many as were scored. Intervals are percentiles
    over resampled sessions: they say how far other sessions would change the number, not
    how far other raters or other items would.
    """
    kept = listwise(table(scores, 3))
    held = items or (1 if isinstance(kept, Estimate) else kept.scores.shape[2])
    if isinstance(kept, Estimate):
        return Generalizability.unmade(kept, held)
    ordered = in_canonical_order(kept.scores)
    components = variance_components(ordered)
    errors = _Errors.of(_raw(components), held)
    drawn = _Errors.of(resampled_components(ordered, resamples(kept.used)), held)

    def bounds(error: tuple[Numbers, Numbers], raters: int) -> Bounds | None:
        found = drawn.coefficient(error, raters)
        return percentiles(found, ~np.isnan(found))

    projections = tuple(
        _projection(
            kept,
            errors,
            raters,
            (bounds(drawn.absolute, raters), bounds(drawn.relative, raters)),
            Interval.BOOTSTRAP,
        )
        for raters in range(1, MOST_RATERS + 1)
    )
    return _study(kept, components, projections, errors, held)


def _study(
    kept: Kept,
    components: tuple[Component, ...],
    projections: tuple[Projection, ...],
    errors: _Errors,
    items: int,
) -> Generalizability:
    needed = tuple(errors.needed(goal) for goal in GOALS)
    return Generalizability(components, projections, needed, items, kept.used, kept.left_out, None)
