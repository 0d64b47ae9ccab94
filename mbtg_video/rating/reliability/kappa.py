"""Agreement of two raters beyond chance: unweighted and weighted kappa.

Cohen (1960, 1968); standard errors of Fleiss, Cohen and Everitt (1969), which hold for many
sessions. A disagreement weighs by the distance of the scores themselves, so that scores
nobody gave leave no gap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why
from mbtg_video.rating.reliability.missing import Numbers

NORMAL: Final = 1.959963984540054
"""97.5th percentile of the normal distribution."""


class Weighting(StrEnum):
    """How much a disagreement counts."""

    UNWEIGHTED = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"

    def disagreement(self, values: Numbers) -> Numbers:
        """Weight of each pair of values, nought where they agree; shape (values, values)."""
        distance: Numbers = np.abs(values[:, None] - values[None, :])
        if self is Weighting.UNWEIGHTED:
            return (distance > 0.0).astype(np.float64)
        return distance if self is Weighting.LINEAR else distance**2


@dataclass(frozen=True, slots=True)
class Kappa:
    """Kappa with its standard error; `observed` and `expected` are weighted disagreement."""

    observed: float
    expected: float
    standard_error: float

    @property
    def value(self) -> float:
        """One less the share of the expected disagreement that was observed."""
        return 1.0 - self.observed / self.expected


def kappa_of_table(counts: npt.ArrayLike, weights: Numbers) -> Kappa | None:
    """Kappa of a square table of counts; None when chance would never disagree.

    `weights` are of disagreement (Cohen 1968). The standard error is that of Fleiss, Cohen
    and Everitt (1969), written for disagreement instead of agreement.
    """
    table = np.asarray(counts, dtype=np.float64)
    cases = table.sum()
    if cases == 0.0:
        return None
    share = table / cases
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed = float((weights * share).sum())
    expected = float(rows @ weights @ columns)
    if expected <= 0.0:
        return None
    margins = (weights @ columns)[:, None] + (weights.T @ rows)[None, :]
    # Around their mean, which is minus this product, so that no two near numbers are subtracted.
    terms = weights * expected - margins * observed + observed * expected
    variance = float((share * terms**2).sum()) / (float(cases) * expected**4)
    return Kappa(observed, expected, math.sqrt(variance))


def estimated(kappa: Kappa | None, used: int, left_out: int) -> Estimate:
    """Kappa with its asymptotic interval, which stays within -1 and 1.

    Where nothing disagrees the standard error is nought whatever the number of sessions,
    so there is no interval.
    """
    if used == 0:
        return Estimate.unmade(Why.NO_PAIRS, used, left_out)
    if kappa is None:
        return Estimate.unmade(Why.NO_VARIANCE, used, left_out)
    half = NORMAL * kappa.standard_error
    if half < 1e-12 or kappa.observed == 0.0:
        return Estimate.made(kappa.value, used, left_out)
    bounds = max(-1.0, kappa.value - half), min(1.0, kappa.value + half)
    return Estimate.made(kappa.value, used, left_out, bounds, Interval.ASYMPTOTIC)


def share(times: int, used: int, left_out: int) -> Estimate:
    """A plain share with the score interval of Wilson (1927)."""
    if used == 0:
        return Estimate.unmade(Why.NO_PAIRS, used, left_out)
    found, z = times / used, NORMAL**2 / used
    middle = (found + z / 2) / (1 + z)
    half = math.sqrt(z * (found * (1 - found) + z / 4)) / (1 + z)
    bounds = max(0.0, middle - half), min(1.0, middle + half)
    return Estimate.made(found, used, left_out, bounds, Interval.ASYMPTOTIC)
