"""``python -m bench.filling``: filling the slots of a whole course from 200 excerpts.

Each day shows what earlier days did not, and three of twelve presenters are on duty; the last
lines fill slots from all 200 excerpts at once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from mbtg_video.supervision.fill import fill
from mbtg_video.supervision.fill_case import Candidate, FillCase
from mbtg_video.timecode import Span, Timecode

EXCERPTS, DAYS, TALK = 200, 8, timedelta(minutes=10)
SLOTS = (45, 195)
PEOPLE = [f"K{number}" for number in range(1, 13)]


def excerpts(seed: int) -> list[Candidate]:
    chance = random.Random(seed)
    made = []
    for number in range(1, EXCERPTS + 1):
        start, length = chance.randrange(3600), chance.randrange(20, 600)
        span = Span(Timecode(start * 1_000_000), Timecode((start + length) * 1_000_000))
        items = frozenset(chance.sample(range(1, 20), chance.randint(1, 3)))
        whose = chance.choice(PEOPLE)
        recording = f"{whose}-{chance.randint(1, 4)}"
        takes = timedelta(seconds=length) + TALK
        made.append(Candidate(f"X{number}", takes, items, whose, recording, span))
    return made


def in_turn() -> list[set[str]]:
    """Three presenters a day, one after the other."""
    return [{PEOPLE[(3 * day + place) % len(PEOPLE)] for place in range(3)} for day in range(DAYS)]


def fill_course(seed: int, presenters: Sequence[Collection[str]]) -> int:
    """Fill the slots of each day with what its presenters recorded; how many clips are shown."""
    left, shown = excerpts(seed), dict.fromkeys(PEOPLE, timedelta())
    focus = random.Random(seed + 1)
    count = 0
    for on_duty in presenters:
        about = frozenset(focus.sample(range(1, 20), 4))
        for minutes in SLOTS:
            candidates = tuple(
                one if one.presenter in on_duty else replace(one, refused="not on duty")
                for one in left
            )
            found = fill(FillCase(timedelta(minutes=minutes), candidates, about, shown))
            for one in found.chosen:
                shown[one.candidate.presenter or ""] += one.candidate.takes
            names = {one.candidate.name for one in found.chosen}
            left = [one for one in left if one.name not in names]
            count += len(names)
    return count


def main() -> None:
    for seed in range(3):
        started = time.process_time()
        count = fill_course(seed, in_turn())
        seconds = time.process_time() - started
        print(f"course {seed}: {DAYS} days, {EXCERPTS} excerpts, {count} shown: {seconds:.2f} s")
    for minutes in SLOTS:
        case = FillCase(timedelta(minutes=minutes), tuple(excerpts(9)), frozenset({6, 7, 17, 18}))
        started = time.process_time()
        fill(case)
        print(f"{minutes} minutes from all {EXCERPTS}: {time.process_time() - started:.2f} s")


if __name__ == "__main__":
    main()
