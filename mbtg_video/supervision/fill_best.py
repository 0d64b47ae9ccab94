"""The best choice of clips for a slot, found by a solver and proven."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

import highspy

from mbtg_video.errors import MbtgError
from mbtg_video.supervision.fill_case import Candidate, FillCase, covers, least, presenters_of

_BLOCK: Final = 16
"""Clips that are told apart in one solve: their weights stay small enough to be exact."""


_MOST_SECONDS: Final = 600.0


class _Solver(highspy.Highs):
    """HiGHS (Huangfu and Hall 2018, Math. Prog. Comp. 10, 119-142) for aims that are whole numbers.

    One thread, no gap and a fixed seed: the same question has the same answer.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("threads", 1)
        self.setOptionValue("random_seed", 0)
        self.setOptionValue("mip_rel_gap", 0.0)
        self.setOptionValue("mip_abs_gap", 0.5)
        self.setOptionValue("time_limit", _MOST_SECONDS)

    def enableCallbacks(self) -> None:  # noqa: N802  called while it is made
        # The first chance: it would print its name to stdout, where JSON may be waited for.
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Model:
    """The choice as a mixed-integer programme, solved aim by aim."""

    def __init__(self, case: FillCase) -> None:
        self.case = case
        self.clips = case.eligible
        self.solver = _Solver()
        self.taken = [self.solver.addBinary() for _ in self.clips]
        self._rules()
        self.aims = self._aims()

    def _rules(self) -> None:
        if self.clips:
            used = self.solver.qsum(
                clip.seconds * taken for clip, taken in zip(self.clips, self.taken, strict=True)
            )
            self.solver.addConstr(used <= self.case.seconds)
        for (place, first), (other, second) in combinations(enumerate(self.clips), 2):
            if covers(first, second):
                self.solver.addConstr(self.taken[place] + self.taken[other] <= 1)

    def _of(self, presenter: str) -> list[int]:
        return [place for place, clip in enumerate(self.clips) if clip.presenter == presenter]

    def _aims(self) -> list[tuple[Any, int]]:
        """What is maximised (1) or minimised (-1), one after the other."""
        solver, case = self.solver, self.case
        seen = []
        for item in sorted(case.focus - case.covered()):
            showing = [self.taken[n] for n, clip in enumerate(self.clips) if item in clip.items]
            if showing:
                one = solver.addBinary()
                solver.addConstr(one <= solver.qsum(showing))
                seen.append(one)
        presenters = presenters_of(self.clips)
        met = []
        for presenter in least(case, presenters):
            one = solver.addBinary()
            solver.addConstr(one <= solver.qsum(self.taken[n] for n in self._of(presenter)))
            met.append(one)
        low, high = self._bounds(presenters)
        aims: list[tuple[Any, int]] = []
        if seen:
            aims.append((solver.qsum(seen), 1))
        if met:
            aims.append((solver.qsum(met), 1))
        if low is not None:
            aims.append((1 * low, 1))
        if self.clips:
            rest = solver.addIntegral(0, case.seconds // 60)
            used = solver.qsum(
                clip.seconds * taken for clip, taken in zip(self.clips, self.taken, strict=True)
            )
            solver.addConstr(case.seconds - used <= 60 * rest + 59)
            aims.append((1 * rest, -1))
        if low is not None and high is not None:
            aims.append((high - low, -1))
        if self.clips:
            aims.append((solver.qsum(self.taken), -1))
        return aims

    def _bounds(self, presenters: Sequence[str]) -> tuple[Any | None, Any | None]:
        """Whole minutes of who is shown least, rounded down, and of who is shown most, up."""
        if not presenters:
            return None, None
        most = max(self.case.earlier(one) for one in presenters) + self.case.seconds
        low = self.solver.addIntegral(0, most // 60 + 1)
        high = self.solver.addIntegral(0, most // 60 + 1)
        for presenter in presenters:
            total = self.solver.qsum(
                self.clips[n].seconds * self.taken[n] for n in self._of(presenter)
            )
            before = self.case.earlier(presenter)
            self.solver.addConstr(60 * low <= total + before)
            self.solver.addConstr(total + before <= 60 * high)
        return low, high

    def force(self, clip: Candidate) -> None:
        """Take this clip, whatever it costs."""
        self.solver.addConstr(self.taken[self.clips.index(clip)] == 1)

    def reach(self) -> list[Candidate]:
        """A choice that reaches every aim but the last."""
        for aim, direction in self.aims:
            best = self._best(aim, direction)
            self.solver.addConstr(aim >= best if direction > 0 else aim <= best)
        return self._taken()

    def first(self) -> list[Candidate]:
        """Among the choices that reach every aim, the one whose clips come first."""
        for start in range(0, len(self.clips), _BLOCK):
            block = self.taken[start : start + _BLOCK]
            weighed = self.solver.qsum(
                (1 << (len(block) - 1 - place)) * taken for place, taken in enumerate(block)
            )
            best = self._best(weighed, 1)
            for place, taken in enumerate(block):
                self.solver.addConstr(taken == (best >> (len(block) - 1 - place) & 1))
        return self._taken()

    def _taken(self) -> list[Candidate]:
        values = map(self.solver.variableValue, self.taken)
        return [clip for clip, value in zip(self.clips, values, strict=True) if round(value)]

    def _best(self, aim: Any, direction: int) -> int:  # noqa: ANN401  the solver's own sums
        (self.solver.maximize if direction > 0 else self.solver.minimize)(aim)
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise MbtgError(
                "No best choice was found. Name fewer excerpts: mbtg playlist fit L1 --fill "
                "--only X1"
            )
        return round(self.solver.getInfo().objective_function_value)


def best_choice(case: FillCase) -> list[Candidate]:
    """The best choice of a case, in order of number."""
    if not case.eligible:
        return []
    model = _Model(case)
    model.reach()
    return model.first()


def best_with(case: FillCase, clip: Candidate) -> list[Candidate]:
    """One of the choices that are best among those that take `clip`."""
    model = _Model(case)
    model.force(clip)
    return model.reach()
