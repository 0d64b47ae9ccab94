"""Planning a course, proven best; ``python -m bench.planner``.

With the name of one case, it is planned once and what it took is told.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable

from bench.measure import Begun, Cost, cost, python, tell

PERSONS, DAYS = 12, 8
HEAD = ["what", "seconds", "least-most", "peak memory", "target"]
TARGET = "2 s"


def _duties(persons: int, days: int, wishes_each: int, seed: int) -> None:
    from mbtg_video.course.model import DutyKind, WishKind
    from mbtg_video.course.plan import Question, Want
    from mbtg_video.course.solve import best, unmet

    dice = random.Random(seed)
    codes = tuple(f"K{number}" for number in range(1, persons + 1))
    about = [(kind,) for kind in DutyKind] + [tuple(DutyKind)]
    wants = tuple(
        Want(code, day, dice.choice(about), dice.choice(list(WishKind)))
        for code in codes
        for day in dice.sample(range(1, days + 1), wishes_each)
    )
    needs = {DutyKind.CLINICAL: 3, DutyKind.THEORY: 1, DutyKind.COTHERAPIST: 2}
    question = Question(codes, tuple(range(1, days + 1)), needs, wants=wants)
    begun = Begun.now()
    unmet(question, best(question))
    tell(begun)


def free() -> None:
    """Nobody wishes anything: the most alike, and so the most to tell apart."""
    _duties(PERSONS, DAYS, 0, 0)


def wished() -> None:
    """Two wishes each."""
    _duties(PERSONS, DAYS, 2, 1)


def wished_much() -> None:
    """Four wishes each, more than can be granted."""
    _duties(PERSONS, DAYS, 4, 2)


WAYS = {way.__name__: way for way in (free, wished, wished_much)}
TOLD = {
    "free": "fair duties, no wishes",
    "wished": "fair duties, 2 wishes each",
    "wished_much": "fair duties, 4 wishes each",
}


def _row(what: str, spent: Cost) -> list[str]:
    spread = f"{spent.least:.2f}-{spent.most:.2f}"
    return [what, f"{spent.seconds:.2f}", spread, f"{spent.peak_mib:.0f} MiB", TARGET]


def measured(table: Callable[[list[str], list[list[str]]], str]) -> list[str]:
    """Section of the results."""
    load = os.getloadavg()[0]
    rows = [_row(TOLD[name], cost(python("bench.planner", name), 3)) for name in WAYS]
    return [
        "## Planning",
        f"Load of the machine before: {load:.1f}. {PERSONS} participants, {DAYS} days, 3 for "
        "clinical material, 1 for theory and 2 co-therapists a day; with the price of each wish "
        "that is not met, without imports.",
        table(HEAD, rows),
    ]


def main(*ways: str) -> None:
    """Plan the cases that are named, or measure all and print."""
    for way in ways:
        WAYS[way]()
    if not ways:
        from bench.__main__ import table

        print("\n\n".join(measured(table)))


if __name__ == "__main__":
    main(*sys.argv[1:])
