"""Whole numbers, rows that hold, and sums to be minimised: the HiGHS solver, made to agree twice.

HiGHS is by Huangfu and Hall (2018, Math. Prog. Comp. 10, 119-142): branch and cut. One thread and
one seed, so that the same question always has the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from mbtg_video.errors import MbtgError

ENDLESS: Final = highspy.kHighsInf
HALF: Final = 0.5  # sums of whole numbers: half of one is neither more nor less

Terms = Sequence[tuple[int, float]]
"""Places of numbers, each with its factor."""


@dataclass(frozen=True, slots=True)
class Found:
    """The least value of what was minimised, and whether it is proven."""

    value: int
    proven: bool


class _Solver(highspy.Highs):
    """HiGHS without a word on stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802  called while it is made
        # The first chance: it would print who made it to stdout, where JSON may be waited for.
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class Model:
    """Whole numbers within bounds, rows that hold, and one sum after another to be minimised.

    A search that takes longer than `most_seconds` ends in `MbtgError`: time never decides which
    answer is given.
    """

    def __init__(self, most_seconds: float = ENDLESS) -> None:
        solver = _Solver()  # type: ignore[no-untyped-call]
        for option, value in (
            ("time_limit", most_seconds),
            ("threads", 1),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", HALF),
        ):
            solver.setOptionValue(option, value)
        self._solver = solver
        self._costs: Terms = ()
        self._size = 0
        self._values: list[float] | None = None

    def number(self, least: int, most: int) -> int:
        """A new whole number; its place."""
        nothing = np.array([], dtype=np.int32)
        self._solver.addCol(0.0, least, most, 0, nothing, nothing.astype(float))
        self._solver.changeColIntegrality(self._size, highspy.HighsVarType.kInteger)
        self._size += 1
        return self._size - 1

    def hold(self, terms: Terms, least: float, most: float) -> None:
        """Keep a sum between two values."""
        places = np.array([place for place, _ in terms], dtype=np.int32)
        factors = np.array([factor for _, factor in terms], dtype=float)
        self._solver.addRow(least, most, len(terms), places, factors)

    def bound(self, place: int, least: int, most: int) -> None:
        """Keep one number between two values from now on."""
        self._solver.changeColBounds(place, least, most)

    def value(self, place: int) -> int:
        """A number as it was found last."""
        if self._values is None:
            raise RuntimeError("nothing was solved")
        return round(self._values[place])

    def least(self, terms: Terms, nodes: int | None = None) -> Found | None:
        """Minimise a sum of whole numbers with whole factors; None when nothing fits.

        Stops after so many `nodes` of the search when told to, if it has an answer by then.
        """
        for place, _ in self._costs:
            self._solver.changeColCost(place, 0.0)
        for place, factor in terms:
            self._solver.changeColCost(place, float(factor))
        self._costs = terms
        if self._values is not None:
            start = highspy.HighsSolution()
            start.col_value = self._values
            self._solver.setSolution(start)
            found = self._run(terms, nodes)
            if found is None or found.value == self._claimed():
                return found
            # HiGHS 1.16 may hand the start back although it knows something better.
            self._solver.clearSolver()
        found = self._run(terms, None)
        if found is not None and found.value != self._claimed():
            raise MbtgError("The solver contradicts itself. Nothing was changed.")
        return found

    def _claimed(self) -> int:
        claimed: float = self._solver.getInfo().objective_function_value
        return round(claimed)

    def _run(self, terms: Terms, nodes: int | None) -> Found | None:
        limit = highspy.kHighsIInf if nodes is None else nodes
        self._solver.setOptionValue("mip_max_nodes", limit)
        self._solver.run()
        status, ends = self._solver.getModelStatus(), highspy.HighsModelStatus
        if status in (ends.kInfeasible, ends.kUnboundedOrInfeasible):
            return None
        stopped = status != ends.kOptimal
        if stopped and (nodes is None or status != ends.kSolutionLimit):
            raise MbtgError(f"The solver ended without an answer: {status.name}.")
        self._values = list(self._solver.getSolution().col_value)
        value = sum(factor * self.value(place) for place, factor in terms)
        return Found(round(value), not stopped)
