"""The solver that proves a plan best: exact, silent, and the same on every computer."""

from __future__ import annotations

import highspy


class Solver(highspy.Highs):
    """HiGHS for aims that are whole numbers; it would print its name before it can be told not to.

    One thread, no gap and a fixed seed: the same question has the same answer.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("threads", 1)
        self.setOptionValue("random_seed", 0)
        self.setOptionValue("mip_rel_gap", 0.0)
        self.setOptionValue("mip_abs_gap", 0.9)

    def enableCallbacks(self) -> None:  # noqa: N802  called while it is made, the first chance
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]
