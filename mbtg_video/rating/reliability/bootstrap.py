"""Seeded resampling of sessions, as weights, so that a thousand resamples are one product."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.missing import Numbers

RESAMPLES: Final = 1000
_SEED: Final = 1979
_SHARES: Final = (2.5, 97.5)
_AT_ONCE: Final = 1 << 18


@lru_cache(maxsize=16)
def resamples(sessions: int) -> Numbers:
    """How often each session is drawn: shape (resamples, sessions), each row summing to sessions.

    The same number of sessions always gives the same draws; the result is read-only.
    """
    chance = np.random.default_rng(_SEED)
    drawn = chance.integers(sessions, size=(RESAMPLES, sessions))
    # Multinomial counts, several times quicker than drawing them as such.
    cells = drawn + sessions * np.arange(RESAMPLES)[:, None]
    counts = np.bincount(cells.ravel(), minlength=RESAMPLES * sessions).astype(np.float64)
    counts = counts.reshape(RESAMPLES, sessions)
    counts.flags.writeable = False
    return counts


def product(rows: Numbers, columns: Numbers) -> Numbers:
    """``rows @ columns``, of matrices, or of a matrix and a vector, on one thread.

    In pieces too small for OpenBLAS to share out: on a busy machine its threads wait for
    each other many times longer than these products take.
    """
    if columns.ndim == 1:
        found: Numbers = np.einsum("ij,j->i", rows, columns)
        return found
    size = max(1, _AT_ONCE // max(1, columns.size))
    result = np.empty((len(rows), columns.shape[1]))
    for begin in range(0, len(rows), size):
        np.matmul(rows[begin : begin + size], columns, out=result[begin : begin + size])
    return result


def _classes(rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], int]:
    found, place = np.unique(rows, axis=0, return_inverse=True)
    return place.reshape(-1).astype(np.int64), len(found)


def in_canonical_order(scores: Numbers) -> Numbers:
    """The same scores, sessions and raters in an order that depends on nothing but the scores.

    Shape (sessions, raters) or (sessions, raters, items). Sessions are ordered by what each
    class of rater gave them, raters by what they gave each class of session, in turn until
    no class splits further; what still ties can be exchanged without any index noticing.
    Draws then fall on the same sessions whatever order they came in.
    """
    sessions, raters = scores.shape[:2]
    if not scores.size:
        return scores
    cells = np.where(np.isnan(scores), np.inf, scores).reshape(sessions * raters, -1)
    _, place = np.unique(cells, axis=0, return_inverse=True)
    cell = place.reshape(sessions, raters).astype(np.int64)
    kinds = int(cell.max()) + 1
    of_session, of_rater = np.zeros(sessions, np.int64), np.zeros(raters, np.int64)
    before = 0
    while True:
        of_session, first = _classes(np.sort(of_rater[None, :] * kinds + cell, axis=1))
        of_rater, second = _classes(np.sort(of_session[:, None] * kinds + cell, axis=0).T)
        if first + second == before:
            break
        before = first + second
    rows, columns = np.argsort(of_session, kind="stable"), np.argsort(of_rater, kind="stable")
    ordered: Numbers = scores[rows][:, columns]
    return ordered


def percentiles(values: Numbers, usable: npt.NDArray[np.bool_]) -> tuple[float, float] | None:
    """2.5th and 97.5th percentile over resamples; None unless half of them could be used."""
    if 2 * int(usable.sum()) < len(values):
        return None
    low, high = np.percentile(values[usable], _SHARES)
    return float(low), float(high)
