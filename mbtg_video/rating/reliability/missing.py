"""Which sessions an index may use when scores are missing: the stated rules, in one place.

A missing score is NaN. Before any other rule a rater without any score is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.estimate import Estimate, Why

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """Scores that may be used, and how many sessions were used and left out."""

    scores: Numbers
    used: int
    left_out: int

    def made(self, value: float) -> Estimate:
        """An estimate from these sessions, without an interval."""
        return Estimate.made(value, self.used, self.left_out)

    def unmade(self, why: Why) -> Estimate:
        """No estimate from these sessions, and why."""
        return Estimate.unmade(why, self.used, self.left_out)


def table(scores: npt.ArrayLike, dimensions: int) -> Numbers:
    """Scores as an array of this many dimensions; raises `ValueError` for any other."""
    array = np.asarray(scores, dtype=np.float64)
    if array.ndim != dimensions:
        raise ValueError(f"scores have {array.ndim} dimensions instead of {dimensions}")
    if np.isinf(array).any():
        raise ValueError("a score must be finite, or NaN where it is missing")
    return array


def scoring(scores: Numbers) -> npt.NDArray[np.intp]:
    """Places of the raters (second axis) with at least one score."""
    given = ~np.isnan(scores)
    return np.flatnonzero(given.any(axis=tuple(a for a in range(scores.ndim) if a != 1)))


def listwise(scores: Numbers) -> Kept | Estimate:
    """Sessions that every rater scored (on every item), or why they are too few.

    Raters, and items where there are any, without a single score are left out first.
    """
    sessions = len(scores)
    given = ~np.isnan(scores)
    if not given.any():
        return Estimate.unmade(Why.ALL_MISSING, 0, sessions)
    kept = scores[:, scoring(scores)]
    if scores.ndim == 3:
        kept = kept[:, :, given.any(axis=(0, 1))]
    complete = kept[~np.isnan(kept).any(axis=tuple(range(1, kept.ndim)))]
    result = Kept(complete, len(complete), sessions - len(complete))
    if kept.shape[1] < 2:
        return result.unmade(Why.ONE_RATER)
    if kept.ndim == 3 and kept.shape[2] < 2:
        return result.unmade(Why.ONE_ITEM)
    if given.any(axis=tuple(range(1, scores.ndim))).sum() < 2:
        return result.unmade(Why.ONE_SESSION)
    if len(complete) < 2:
        return result.unmade(Why.TOO_FEW_COMPLETE)
    if complete.min() == complete.max():
        return result.unmade(Why.NO_VARIANCE)
    return result


def pairable(scores: Numbers) -> Kept | Estimate:
    """Sessions that at least two raters scored, with every score in them.

    Columns of raters without any score stay, empty, so that places keep their meaning.
    """
    sessions = len(scores)
    given = ~np.isnan(scores)
    if not given.any():
        return Estimate.unmade(Why.ALL_MISSING, 0, sessions)
    kept = scores[given.sum(axis=1) >= 2]
    result = Kept(kept, len(kept), sessions - len(kept))
    if given.any(axis=0).sum() < 2:
        return result.unmade(Why.ONE_RATER)
    if not len(kept):
        return result.unmade(Why.NO_PAIRS)
    return result
