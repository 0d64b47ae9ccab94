"""The best choice of clips for a slot, found by a solver and proven."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from mbtg_video.course.solver import ENDLESS, Model, Terms
from mbtg_video.errors import MbtgError
from mbtg_video.supervision.fill_case import Candidate, FillCase, covers, least, presenters_of

_BLOCK: Final = 16
"""Clips that are told apart in one solve: their weights stay small enough to be exact."""

_MOST_SECONDS: Final = 600.0


class _Choice:
    """The choice as a mixed-integer programme, solved aim by aim."""

    def __init__(self, case: FillCase) -> None:
        self.case = case
        self.clips = case.eligible
        self.model = Model(_MOST_SECONDS)
        self.taken = [self.model.number(0, 1) for _ in self.clips]
        self._rules()
        self.aims = self._aims()

    def _rules(self) -> None:
        self.model.hold(self._seconds(), 0, self.case.seconds)
        for (place, first), (other, second) in combinations(enumerate(self.clips), 2):
            if covers(first, second):
                self.model.hold([(self.taken[place], 1), (self.taken[other], 1)], 0, 1)

    def _seconds(self, presenter: str | None = None) -> Terms:
        """What the chosen clips take, or those of one presenter."""
        return [
            (taken, clip.seconds)
            for clip, taken in zip(self.clips, self.taken, strict=True)
            if presenter in (None, clip.presenter)
        ]

    def _any(self, places: Sequence[int]) -> int:
        """A number that can be 1 only when one of these is."""
        one = self.model.number(0, 1)
        self.model.hold([(one, 1), *((place, -1) for place in places)], -ENDLESS, 0)
        return one

    def _aims(self) -> list[Terms]:
        """What is minimised, one after the other."""
        model, case = self.model, self.case
        taken = list(zip(self.clips, self.taken, strict=True))
        seen = [
            self._any(showing)
            for item in sorted(case.focus - case.covered())
            if (showing := [place for clip, place in taken if item in clip.items])
        ]
        presenters = presenters_of(self.clips)
        met = [
            self._any([place for clip, place in taken if clip.presenter == presenter])
            for presenter in least(case, presenters)
        ]
        rest = model.number(0, case.seconds // 60)
        model.hold([*self._seconds(), (rest, 60)], case.seconds - 59, ENDLESS)
        aims: list[Terms] = [[(one, -1) for one in seen], [(one, -1) for one in met]]
        if presenters:
            low, high = self._bounds(presenters)
            aims += [[(low, -1)], [(rest, 1)], [(high, 1), (low, -1)]]
        else:
            aims.append([(rest, 1)])
        return [*aims, [(place, 1) for place in self.taken]]

    def _bounds(self, presenters: Sequence[str]) -> tuple[int, int]:
        """Whole minutes of who is shown least, rounded down, and of who is shown most, up."""
        most = max(self.case.earlier(one) for one in presenters) + self.case.seconds
        low = self.model.number(0, most // 60 + 1)
        high = self.model.number(0, most // 60 + 1)
        for presenter in presenters:
            total, before = self._seconds(presenter), self.case.earlier(presenter)
            self.model.hold([*total, (low, -60)], -before, ENDLESS)
            self.model.hold([*total, (high, -60)], -ENDLESS, -before)
        return low, high

    def force(self, clip: Candidate) -> None:
        """Take this clip, whatever it costs."""
        self.model.bound(self.taken[self.clips.index(clip)], 1, 1)

    def reach(self) -> list[Candidate]:
        """A choice that reaches every aim but the last."""
        for aim in self.aims:
            if aim:
                self.model.hold(aim, -ENDLESS, self._least(aim))
        return self._chosen()

    def first(self) -> list[Candidate]:
        """Among the choices that reach every aim, the one whose clips come first."""
        for start in range(0, len(self.taken), _BLOCK):
            block = self.taken[start : start + _BLOCK]
            worth = [(place, -(1 << len(block) - n)) for n, place in enumerate(block, 1)]
            self._least(worth)
            for taken in block:
                value = self.model.value(taken)
                self.model.bound(taken, value, value)
        return self._chosen()

    def _chosen(self) -> list[Candidate]:
        return [
            clip
            for clip, taken in zip(self.clips, self.taken, strict=True)
            if self.model.value(taken)
        ]

    def _least(self, aim: Terms) -> int:
        found = self.model.least(aim)
        if found is None:
            raise MbtgError("The solver lost the choice of clips. Nothing was changed.")
        return found.value


def best_choice(case: FillCase) -> list[Candidate]:
    """The best choice of a case, in order of number."""
    if not case.eligible:
        return []
    choice = _Choice(case)
    choice.reach()
    return choice.first()


def best_with(case: FillCase, clip: Candidate) -> list[Candidate]:
    """One of the choices that are best among those that take `clip`."""
    choice = _Choice(case)
    choice.force(clip)
    return choice.reach()
