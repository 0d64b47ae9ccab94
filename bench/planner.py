"""Planning a course, proven best: its duties, and its slots; ``python -m bench.planner``.

With the name of one case, it is planned once and what it took is told.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from bench.measure import Begun, Cost, cost, python, tell

if TYPE_CHECKING:
    from mbtg_video.course.plan import Question

PERSONS, DAYS = 12, 8
HEAD = ["what", "seconds", "least-most", "peak memory", "target"]


def _question(persons: int, days: int, wishes_each: int, seed: int) -> Question:
    from mbtg_video.course.model import DutyKind, WishKind
    from mbtg_video.course.plan import Question, Want

    dice = random.Random(seed)
    codes = tuple(f"K{number}" for number in range(1, persons + 1))
    about = [(kind,) for kind in DutyKind] + [tuple(DutyKind)]
    wants = tuple(
        Want(code, day, dice.choice(about), dice.choice(list(WishKind)))
        for code in codes
        for day in dice.sample(range(1, days + 1), wishes_each)
    )
    needs = {DutyKind.CLINICAL: 3, DutyKind.THEORY: 1, DutyKind.COTHERAPIST: 2}
    return Question(codes, tuple(range(1, days + 1)), needs, wants=wants)


def _duties(wishes_each: int, seed: int) -> None:
    from mbtg_video.course.solve import best, unmet

    question = _question(PERSONS, DAYS, wishes_each, seed)
    begun = Begun.now()
    unmet(question, best(question))
    tell(begun)


def free() -> None:
    """Nobody wishes anything: the most alike, and so the most to tell apart."""
    _duties(0, 0)


def wished() -> None:
    """Two wishes each."""
    _duties(2, 1)


def wished_much() -> None:
    """Four wishes each, more than can be granted."""
    _duties(4, 2)


def whole() -> None:
    """Fair duties, and every slot of supervision filled with what the day's presenters recorded."""
    from bench.filling import fill_course
    from mbtg_video.course.model import DutyKind
    from mbtg_video.course.solve import best, unmet

    question = _question(PERSONS, DAYS, 2, 1)
    begun = Begun.now()
    plan = best(question)
    unmet(question, plan)
    presenters = [
        {post.person for post in plan.posts if post.day == day and post.kind is DutyKind.CLINICAL}
        for day in question.days
    ]
    fill_course(0, presenters)
    tell(begun)


WAYS = {way.__name__: way for way in (free, wished, wished_much, whole)}
TOLD = {
    "free": "fair duties, no wishes",
    "wished": "fair duties, 2 wishes each",
    "wished_much": "fair duties, 4 wishes each",
    "whole": "fair duties, 2 wishes each, and 16 slots filled from 200 excerpts",
}
TARGETS = {"whole": "5 s"}


def _row(name: str, spent: Cost) -> list[str]:
    spread = f"{spent.least:.2f}-{spent.most:.2f}"
    seconds, peak = f"{spent.seconds:.2f}", f"{spent.peak_mib:.0f} MiB"
    return [TOLD[name], seconds, spread, peak, TARGETS.get(name, "2 s")]


def measured(table: Callable[[list[str], list[list[str]]], str]) -> list[str]:
    """Section of the results."""
    load = os.getloadavg()[0]
    rows = [_row(name, cost(python("bench.planner", name), 3)) for name in WAYS]
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
