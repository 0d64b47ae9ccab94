"""Krippendorff's alpha for any number of raters and any missing scores.

Krippendorff (2011), Computing Krippendorff's Alpha-Reliability; also Content Analysis
(2004), chapter 11. Every session that two raters scored is used with all its scores. The
interval is a percentile bootstrap over those sessions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.bootstrap import (
    in_canonical_order,
    percentiles,
    product,
    resamples,
)
from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why
from mbtg_video.rating.reliability.missing import Numbers, pairable, table


class Level(StrEnum):
    """Level of measurement: what a difference between two scores means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class _Units:
    """How often each value was given in each session: `counts` of shape (sessions, values).

    `mixed` marks sessions with more than one value; in the others nothing disagrees, and
    rounding must not say so.
    """

    counts: Numbers
    values: Numbers
    mixed: npt.NDArray[np.bool_]

    @property
    def pairs(self) -> Numbers:
        """One less than the number of scores of each session."""
        less: Numbers = self.counts.sum(axis=1) - 1.0
        return less


def _units(scores: Numbers) -> _Units:
    values = np.unique(scores[~np.isnan(scores)])
    counts: Numbers = (scores[:, :, None] == values).sum(axis=1).astype(np.float64)
    return _Units(counts, values, (counts > 0).sum(axis=1) > 1)


def _square_distances(values: Numbers, level: Level) -> Numbers:
    """Squared difference of each pair of values; shape (values, values)."""
    apart: Numbers = values[:, None] - values[None, :]
    if level is Level.NOMINAL:
        apart = np.where(apart == 0.0, 0.0, 1.0)
    if level is Level.RATIO:
        both = values[:, None] + values[None, :]
        apart = apart / np.where(both == 0.0, 1.0, both)
    squares: Numbers = apart**2
    return squares


def _of_fixed(
    units: _Units, drawn: Numbers, totals: Numbers, distances: Numbers
) -> tuple[Numbers, Numbers]:
    """Observed and expected disagreement when the distances do not depend on the draw."""
    within = ((units.counts @ distances) * units.counts).sum(axis=1)
    within = np.where(units.mixed, within, 0.0) / units.pairs
    return product(drawn, within), ((totals @ distances) * totals).sum(axis=1)


def _of_ranks(units: _Units, drawn: Numbers, totals: Numbers) -> tuple[Numbers, Numbers]:
    """Observed and expected disagreement of ordinal data.

    The ordinal distance, the number of scores between two values with half of those at
    either end, is the distance of their mid-ranks; so each draw is interval data on the
    ranks of that draw.
    """
    cases = totals.sum(axis=1)
    ranks = np.cumsum(totals, axis=1) - totals / 2.0 - cases[:, None] / 2.0
    mixed = units.counts[units.mixed]
    pairs = units.pairs[units.mixed]
    first, second = product(ranks, mixed.T), product(ranks**2, mixed.T)
    within = second * ((pairs + 1.0) / pairs) - first**2 / pairs
    observed = 2.0 * np.einsum("bu,bu->b", drawn[:, units.mixed], within)
    middle = (totals * ranks).sum(axis=1)
    expected = 2.0 * (cases * (totals * ranks**2).sum(axis=1) - middle**2)
    return observed, expected


def _alphas(units: _Units, drawn: Numbers, level: Level) -> Numbers:
    """Alpha for each row of `drawn`; NaN where only one value was drawn."""
    totals = product(drawn, units.counts)
    if level is Level.ORDINAL:
        observed, expected = _of_ranks(units, drawn, totals)
    else:
        distances = _square_distances(units.values, level)
        observed, expected = _of_fixed(units, drawn, totals, distances)
    made = ((totals > 0.0).sum(axis=1) > 1) & (expected > 0.0)
    cases = totals.sum(axis=1) - 1.0
    result: Numbers = np.where(made, 1.0 - cases * observed / np.where(made, expected, 1.0), np.nan)
    return result


def alphas(scores: npt.ArrayLike) -> Mapping[Level, Estimate]:
    """Alpha at every level, of scores of shape (sessions, raters) with NaN for missing ones."""
    array = table(scores, 2)
    kept = pairable(array)
    if isinstance(kept, Estimate):
        return dict.fromkeys(Level, kept)
    if kept.used < 2:
        return dict.fromkeys(Level, kept.unmade(Why.ONE_SESSION))
    units = _units(in_canonical_order(kept.scores))
    if len(units.values) < 2:
        return dict.fromkeys(Level, kept.unmade(Why.NO_VARIANCE))
    drawn, every = resamples(kept.used), np.ones((1, kept.used))

    def estimate(level: Level) -> Estimate:
        if level is Level.RATIO and units.values[0] < 0.0:
            return kept.unmade(Why.NEGATIVE_SCORES)
        value = float(_alphas(units, every, level)[0])
        found = _alphas(units, drawn, level)
        bounds = percentiles(found, ~np.isnan(found))
        return Estimate.made(value, kept.used, kept.left_out, bounds, Interval.BOOTSTRAP)

    return {level: estimate(level) for level in Level}


def alpha(scores: npt.ArrayLike, level: Level) -> Estimate:
    """Alpha at one level, of scores of shape (sessions, raters) with NaN for missing ones."""
    return alphas(scores)[level]
