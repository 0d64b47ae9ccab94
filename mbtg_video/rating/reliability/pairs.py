"""Agreement of every pair of raters, and its mean over the pairs.

A pair is compared on the sessions that both scored. The mean is over the pairs that have a
number; its interval is a percentile bootstrap over the sessions that two raters scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from mbtg_video.rating.reliability.bootstrap import (
    RESAMPLES,
    in_canonical_order,
    percentiles,
    product,
    resamples,
)
from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why
from mbtg_video.rating.reliability.kappa import Weighting, estimated, kappa_of_table, share
from mbtg_video.rating.reliability.missing import Numbers, pairable, scoring, table

_CELLS: Final = 1 << 16
_NEAREST: Final = (Why.NO_VARIANCE, Why.ONE_SESSION)
"""Why no pair has a number: the reason of the pair that came nearest to having one."""
_NEAR: Final = 1.0 + 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters, as places on the rater axis, and how far they agree."""

    first: int
    second: int
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class OverPairs:
    """One index for every pair of raters; of `mean`, `used` and `left_out` count pairs."""

    pairs: tuple[Pair, ...]
    mean: Estimate


@dataclass(frozen=True, slots=True)
class Pairwise:
    """All that compares raters two by two."""

    kappa: Mapping[Weighting, OverPairs]
    raw: OverPairs
    within_one: OverPairs


@dataclass(frozen=True, slots=True)
class _Compared:
    """What all indices of pairs are made of: differences and values, session by session."""

    scores: Numbers
    values: Numbers
    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]

    @property
    def distances(self) -> Numbers:
        """Distance of the two scores, NaN unless both scored; shape (sessions, pairs)."""
        found: Numbers = np.abs(self.scores[:, self.first] - self.scores[:, self.second])
        return found

    def given(self, drawn: Numbers) -> Numbers:
        """How often each rater gave each value where another rater scored too.

        Shape (draws, other raters, raters, values). Taking away where the other did not
        score is less work than adding up where they did, unless they scored little.
        """
        raters, kinds = self.scores.shape[1], len(self.values)
        each = (self.scores[:, :, None] == self.values).astype(np.float64)
        flat = each.reshape(len(self.scores), raters * kinds)
        every = product(drawn, flat)
        found = np.empty((len(drawn), raters, raters * kinds))
        for other in range(raters):
            here = ~np.isnan(self.scores[:, other])
            if 2 * here.sum() > len(here):
                found[:, other] = every - product(drawn[:, ~here], flat[~here])
            else:
                found[:, other] = product(drawn[:, here], flat[here])
        return found.reshape(len(drawn), raters, raters, kinds)


def _compared(scores: Numbers) -> _Compared:
    raters = scoring(scores)
    order = list(combinations(raters.tolist(), 2))
    first = np.array([a for a, _ in order], dtype=np.intp)
    second = np.array([b for _, b in order], dtype=np.intp)
    return _Compared(scores, np.unique(scores[~np.isnan(scores)]), first, second)


def _weight(distance: Numbers, weighting: Weighting) -> Numbers:
    if weighting is Weighting.UNWEIGHTED:
        return (distance > 0.0).astype(np.float64)
    return distance if weighting is Weighting.LINEAR else distance**2


def _mean_kappas(compared: _Compared, drawn: Numbers) -> dict[Weighting, Numbers]:
    """Mean kappa over the pairs that have one, NaN where none has; one for each row of `drawn`."""
    size = max(1, _CELLS // (compared.scores.shape[1] ** 2 * max(1, len(compared.values))))
    parts = [
        _mean_kappas_at_once(compared, drawn[begin : begin + size])
        for begin in range(0, len(drawn), size)
    ]
    return {
        weighting: np.concatenate([part[weighting] for part in parts]) for weighting in Weighting
    }


def _mean_kappas_at_once(compared: _Compared, drawn: Numbers) -> dict[Weighting, Numbers]:
    distances = compared.distances
    both = ~np.isnan(distances)
    apart = np.where(both, distances, 0.0)
    cases = product(drawn, both.astype(np.float64))
    several = both.sum(axis=0) > 1
    given, kinds = compared.given(drawn), len(compared.values)
    one = given[:, compared.second, compared.first].reshape(-1, kinds)
    two = given[:, compared.first, compared.second].reshape(-1, kinds)
    means = {}
    for weighting in Weighting:
        observed = product(drawn, _weight(apart, weighting))
        by_chance = one @ weighting.disagreement(compared.values)
        expected = np.einsum("ij,ij->i", by_chance, two).reshape(cases.shape)
        made = (expected > 0.0) & several & (cases > 1.0)
        kappa = 1.0 - observed * cases / np.where(made, expected, 1.0)
        total = np.where(made, kappa, 0.0).sum(axis=1)
        means[weighting] = _divided(total, made.sum(axis=1).astype(np.float64))
    return means


def _mean_shares(compared: _Compared, drawn: Numbers, most: float) -> Numbers:
    """Mean over pairs of the share of sessions whose scores differ by `most` at most."""
    distances = compared.distances
    cases = product(drawn, (~np.isnan(distances)).astype(np.float64))
    close = product(drawn, (distances <= most).astype(np.float64))
    made = cases > 0.0
    shares = np.where(made, close / np.where(made, cases, 1.0), 0.0)
    return _divided(shares.sum(axis=1), made.sum(axis=1).astype(np.float64))


def _divided(total: Numbers, count: Numbers) -> Numbers:
    made = count > 0.0
    result: Numbers = np.where(made, total / np.where(made, count, 1.0), np.nan)
    return result


def _mean(pairs: tuple[Pair, ...], means: Numbers | None) -> Estimate:
    made = [pair.estimate.value for pair in pairs if pair.estimate.value is not None]
    left_out = len(pairs) - len(made)
    if not made:
        reasons = {pair.estimate.why for pair in pairs}
        nearest = next((why for why in _NEAREST if why in reasons), Why.NO_PAIRS)
        return Estimate.unmade(nearest, 0, left_out)
    bounds = None if means is None else percentiles(means, ~np.isnan(means))
    value = sum(sorted(made)) / len(made)
    return Estimate.made(value, len(made), left_out, bounds, Interval.BOOTSTRAP)


def _over(
    compared: _Compared, sessions: int, single: Callable[[int], Estimate], means: Numbers | None
) -> OverPairs:
    pairs = tuple(
        Pair(int(a), int(b), single(place))
        for place, (a, b) in enumerate(zip(compared.first, compared.second, strict=True))
    )
    return OverPairs(pairs, _mean(pairs, means if sessions > 1 else None))


def pairwise(scores: npt.ArrayLike) -> Pairwise:
    """Kappas, raw and within-one agreement of scores of shape (sessions, raters).

    A missing score is NaN. Kappa has no number where both raters of a pair always gave the
    same single value, where raw agreement is 1, and none where they share a single session:
    what chance would give cannot be told from one.
    """
    array = table(scores, 2)
    kept = pairable(array)
    if isinstance(kept, Estimate):
        nothing = OverPairs((), kept)
        return Pairwise(dict.fromkeys(Weighting, nothing), nothing, nothing)
    compared = _compared(kept.scores)
    distances = compared.distances
    used = (~np.isnan(distances)).sum(axis=0)
    sessions = len(array)
    tables = _tables(compared, ~np.isnan(distances))
    ordered = _compared(in_canonical_order(kept.scores))
    drawn = resamples(kept.used) if kept.used > 1 else np.zeros((RESAMPLES, kept.used))
    means = _mean_kappas(ordered, drawn)

    def kappa(weighting: Weighting) -> Callable[[int], Estimate]:
        weights = weighting.disagreement(compared.values)

        def of_pair(place: int) -> Estimate:
            cases = int(used[place])
            if cases == 1:
                return Estimate.unmade(Why.ONE_SESSION, cases, sessions - cases)
            found = kappa_of_table(tables[place], weights)
            return estimated(found, cases, sessions - cases)

        return of_pair

    def close(most: float) -> Callable[[int], Estimate]:
        times = (distances <= most).sum(axis=0)
        return lambda place: share(int(times[place]), int(used[place]), sessions - int(used[place]))

    return Pairwise(
        {w: _over(compared, kept.used, kappa(w), means[w]) for w in Weighting},
        _over(compared, kept.used, close(0.0), _mean_shares(ordered, drawn, 0.0)),
        _over(compared, kept.used, close(_NEAR), _mean_shares(ordered, drawn, _NEAR)),
    )


def _tables(compared: _Compared, both: npt.NDArray[np.bool_]) -> list[Numbers]:
    """Table of counts of each pair: rows are what the first rater gave."""
    place = np.searchsorted(compared.values, np.nan_to_num(compared.scores))
    kinds = len(compared.values)
    found = []
    for pair, (a, b) in enumerate(zip(compared.first, compared.second, strict=True)):
        rows = both[:, pair]
        cells = place[rows, a] * kinds + place[rows, b]
        counts = np.bincount(cells, minlength=kinds * kinds).reshape(kinds, kinds)
        found.append(counts.astype(np.float64))
    return found
