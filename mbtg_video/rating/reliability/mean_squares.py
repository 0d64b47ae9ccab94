"""Sums of squares of fully crossed designs without replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mbtg_video.rating.reliability.missing import Numbers


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Two-way analysis of variance of complete scores, sessions by raters.

    `between` sessions, `within` sessions, between `raters` and of the `error` that is left;
    BMS, WMS, JMS and EMS in Shrout and Fleiss (1979).
    """

    sessions: int
    judges: int
    between: float
    within: float
    raters: float
    error: float


def least_square(scores: Numbers) -> float:
    """Squares below this are rounding; they count as nought."""
    return float((16 * np.finfo(np.float64).eps * np.abs(scores).max()) ** 2)


def mean_squares(scores: Numbers) -> MeanSquares:
    """Mean squares of complete scores with at least two sessions and two raters."""
    sessions, judges = scores.shape
    centred = scores - scores.mean()
    of_session, of_rater = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - of_session[:, None] - of_rater[None, :]
    around = centred - of_session[:, None]
    least = least_square(scores)

    def mean(squares: float, degrees: int) -> float:
        found = float(squares) / degrees
        return found if found > least else 0.0

    return MeanSquares(
        sessions,
        judges,
        mean(judges * (of_session**2).sum(), sessions - 1),
        mean((around**2).sum(), sessions * (judges - 1)),
        mean(sessions * (of_rater**2).sum(), judges - 1),
        mean((rest**2).sum(), (sessions - 1) * (judges - 1)),
    )
