"""Which event of one rater is which event of the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Marked:
    """A tag: a moment, or a half-open stretch, with its code."""

    start_us: int
    end_us: int | None
    code: str

    @property
    def order(self) -> tuple[int, str, int, bool]:
        """What events are sorted by: start, code, end; a moment ends where it starts."""
        moment = self.end_us is None
        return self.start_us, self.code, self.end_us or self.start_us, moment


@dataclass(frozen=True, slots=True)
class Match:
    """One event as both raters marked it."""

    first: Marked
    second: Marked

    @property
    def cost(self) -> tuple[int, int, int, int]:
        """What a matching costs, in order of weight; a match itself is worth the most."""
        one, two = self.first.order, self.second.order
        return -1, abs(one[0] - two[0]), int(one[1] != two[1]), abs(one[2] - two[2])


_Cost = tuple[int, int, int, int]
_NOTHING: Final[_Cost] = (0, 0, 0, 0)


def _sum(one: _Cost, two: _Cost) -> _Cost:
    return one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3]


def _clusters(
    first: Sequence[Marked], second: Sequence[Marked], tolerance_us: int
) -> Iterator[tuple[list[Marked], list[Marked]]]:
    """Stretches of events between which lies more than the tolerance: none matches across."""
    events = sorted(
        [(mark.start_us, 0, mark) for mark in first]
        + [(mark.start_us, 1, mark) for mark in second],
        key=lambda event: (event[0], event[1], event[2].order),
    )
    ones: list[Marked] = []
    twos: list[Marked] = []
    before = events[0][0] if events else 0
    for start_us, rater, mark in events:
        if start_us - before > tolerance_us:
            yield ones, twos
            ones, twos = [], []
        (twos if rater else ones).append(mark)
        before = start_us
    yield ones, twos


def _best(first: list[Marked], second: list[Marked], tolerance_us: int) -> list[Match]:
    """Best matching of one cluster, by dynamic programming over both in their order."""
    rows, columns = len(first), len(second)
    costs = [[_NOTHING] * (columns + 1) for _ in range(rows + 1)]
    steps = [[0] * (columns + 1) for _ in range(rows + 1)]
    for i, one in enumerate(first, 1):
        for j, two in enumerate(second, 1):
            best, step = costs[i - 1][j], 1
            if costs[i][j - 1] < best:
                best, step = costs[i][j - 1], 2
            if abs(one.start_us - two.start_us) <= tolerance_us:
                together = _sum(costs[i - 1][j - 1], Match(one, two).cost)
                if together <= best:
                    best, step = together, 3
            costs[i][j], steps[i][j] = best, step
    found = []
    i, j = rows, columns
    while i and j:
        if steps[i][j] == 3:
            found.append(Match(first[i - 1], second[j - 1]))
        i, j = i - (steps[i][j] != 2), j - (steps[i][j] != 1)
    return found[::-1]


def matched(first: Iterable[Marked], second: Iterable[Marked], tolerance_us: int) -> list[Match]:
    """One-to-one matching of events whose starts lie within `tolerance_us`, in time order.

    The matching is optimal, not greedy, among those in which no two matches cross in time:
    as many matches as possible, then the least total distance of starts, then the most
    equal codes, then the least distance of ends. Crossing would bring neither more matches
    nor less distance. Nothing depends on the order of raters or of events. Raises
    `ValueError` for a negative tolerance.
    """
    if tolerance_us < 0:
        raise ValueError(f"a tolerance cannot be negative: {tolerance_us}")
    ones = sorted(first, key=lambda mark: mark.order)
    twos = sorted(second, key=lambda mark: mark.order)
    turned = [mark.order for mark in twos] < [mark.order for mark in ones]
    if turned:
        ones, twos = twos, ones
    found = [
        match
        for cluster in _clusters(ones, twos, tolerance_us)
        for match in _best(*cluster, tolerance_us)
    ]
    return [Match(match.second, match.first) for match in found] if turned else found
