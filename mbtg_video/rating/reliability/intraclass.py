"""The six intraclass correlations of Shrout and Fleiss (1979), with 95 % intervals.

Intervals after McGraw and Wong (1996); that of case 2 is from Fleiss and Shrout (1978).
Only sessions that every rater scored are used; a rater without any score is left out first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy.typing as npt

from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why
from mbtg_video.rating.reliability.f_quantile import f_quantile
from mbtg_video.rating.reliability.mean_squares import MeanSquares, mean_squares
from mbtg_video.rating.reliability.missing import Kept, listwise, table

_SHARE: Final = 0.975
_LEAST_DEGREES: Final = 0.02
_ROUNDING: Final = 1e-12

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Intraclass:
    """ICC(1,1), (2,1), (3,1) of one rater and ICC(1,k), (2,k), (3,k) of the mean of all.

    1: raters may differ from session to session; 2: raters are a sample of all raters, and
    their levels must agree; 3: these raters only, and their levels may differ.
    """

    one_single: Estimate
    two_single: Estimate
    three_single: Estimate
    one_mean: Estimate
    two_mean: Estimate
    three_mean: Estimate

    @classmethod
    def unmade(cls, estimate: Estimate) -> Intraclass:
        """None of the six, all for the same reason."""
        return cls(*[estimate] * 6)


def stepped_up(single: float, raters: float) -> float | None:
    """Coefficient for the mean of so many raters from that of one (Spearman-Brown)."""
    divisor = 1.0 + (raters - 1.0) * single
    return raters * single / divisor if divisor > 0.0 else None


def _mean_bounds(bounds: Bounds | None, raters: int) -> Bounds | None:
    if bounds is None:
        return None
    low, high = (stepped_up(bound, raters) for bound in bounds)
    return None if low is None or high is None else (low, high)


def _ratio_bounds(between: float, error: float, above: int, below: int, k: int) -> Bounds | None:
    """Bounds of (F - 1) / (F + k - 1) with F = between / error."""
    if error == 0.0:
        return None
    ratio = between / error
    low = ratio / f_quantile(_SHARE, above, below)
    high = ratio * f_quantile(_SHARE, below, above)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def consistency_bounds(squares: MeanSquares) -> Bounds | None:
    """95 % interval of ICC(3,1)."""
    n, k = squares.sessions, squares.judges
    return _ratio_bounds(squares.between, squares.error, n - 1, (n - 1) * (k - 1), k)


def agreement_bounds(squares: MeanSquares) -> Bounds | None:
    """95 % interval of ICC(2,1), with Satterthwaite's degrees of freedom.

    None where these are next to nought, as they can be for a negative coefficient.
    """
    n, k, b, j, e = (squares.sessions, squares.judges, squares.between, squares.raters,
                     squares.error)  # fmt: skip
    divisor = b + (k - 1) * e + k * (j - e) / n
    if b == 0.0 or divisor <= 0.0:
        return None
    icc = (b - e) / divisor
    mix = n * (1 + (k - 1) * icc) - k * icc
    spread = (n - 1) * (k * icc * j) ** 2 + (mix * e) ** 2
    if spread == 0.0:
        return None
    degrees = (n - 1) * (k - 1) * (k * icc * j + mix * e) ** 2 / spread
    if degrees < _LEAST_DEGREES:
        return None
    below, above = f_quantile(_SHARE, n - 1, degrees), f_quantile(_SHARE, degrees, n - 1)
    others = k * j + (k * n - k - n) * e
    low = n * (b - below * e) / (below * others + n * b)
    return low, n * (above * b - e) / (others + n * above * b)


def _estimate(
    kept: Kept, squares: MeanSquares, above: float, below: float, bounds: Bounds | None
) -> Estimate:
    least = _ROUNDING * max(squares.between, squares.within, squares.raters, squares.error)
    if below <= least:
        alike = squares.between == 0.0
        return kept.unmade(Why.SESSIONS_ALIKE if alike else Why.NEGATIVE_VARIANCE)
    return Estimate.made(above / below, kept.used, kept.left_out, bounds, Interval.F)


def intraclass(scores: npt.ArrayLike) -> Intraclass:
    """All six coefficients of scores of shape (sessions, raters), NaN where one is missing."""
    kept = listwise(table(scores, 2))
    if isinstance(kept, Estimate):
        return Intraclass.unmade(kept)
    squares = mean_squares(kept.scores)
    n, k, b, w, j, e = (squares.sessions, squares.judges, squares.between, squares.within,
                        squares.raters, squares.error)  # fmt: skip
    one = _ratio_bounds(b, w, n - 1, n * (k - 1), k)
    two = agreement_bounds(squares)
    three = consistency_bounds(squares)
    return Intraclass(
        one_single=_estimate(kept, squares, b - w, b + (k - 1) * w, one),
        two_single=_estimate(kept, squares, b - e, b + (k - 1) * e + k * (j - e) / n, two),
        three_single=_estimate(kept, squares, b - e, b + (k - 1) * e, three),
        one_mean=_estimate(kept, squares, b - w, b, _mean_bounds(one, k)),
        two_mean=_estimate(kept, squares, b - e, b + (j - e) / n, _mean_bounds(two, k)),
        three_mean=_estimate(kept, squares, b - e, b, _mean_bounds(three, k)),
    )
