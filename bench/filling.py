"""``python -m bench.filling``: filling the slots of a whole course from 200 excerpts.

Each day shows what earlier days did not, and three of twelve presenters are on duty; the last
lines fill slots from all 200 excerpts at once.
"""

from __future__ import annotations

import random
import time
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


def course(seed: int) -> tuple[float, int]:
    """Seconds of a processor that filling a course's slots takes, and how many clips it shows."""
    left, shown = excerpts(seed), dict.fromkeys(PEOPLE, timedelta())
    focus = random.Random(seed + 1)
    started, count = time.process_time(), 0
    for day in range(DAYS):
        on_duty = {PEOPLE[(3 * day + place) % len(PEOPLE)] for place in range(3)}
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
    return time.process_time() - started, count


def main() -> None:
    for seed in range(3):
        seconds, count = course(seed)
        print(f"course {seed}: {DAYS} days, {EXCERPTS} excerpts, {count} shown: {seconds:.2f} s")
    for minutes in SLOTS:
        case = FillCase(timedelta(minutes=minutes), tuple(excerpts(9)), frozenset({6, 7, 17, 18}))
        started = time.process_time()
        fill(case)
        print(f"{minutes} minutes from all {EXCERPTS}: {time.process_time() - started:.2f} s")


if __name__ == "__main__":
    main()
