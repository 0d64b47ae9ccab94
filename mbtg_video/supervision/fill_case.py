"""What a slot could be filled with, and how good a choice is: values and rules, nothing solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from mbtg_video.timecode import Span

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An excerpt with the time that it and the talk about it take.

    `items` are the scale items that are tagged in it, `presenter` is whose it is, and `span` is
    where it lies in `recording`. With `refused` it may not be chosen, for that reason.
    """

    name: str
    takes: timedelta
    items: frozenset[int]
    presenter: str | None
    recording: str
    span: Span
    refused: str | None = None

    @property
    def seconds(self) -> int:
        """Whole seconds that it takes, rounded up."""
        return -(-self.takes // _SECOND)


@dataclass(frozen=True, slots=True)
class FillCase:
    """What is free, what the day is about, what is in the playlist already, and what could be.

    `shown` is how long each presenter was shown before, in this playlist too; `entered` are the
    clips that it holds, and `elsewhere` those of the other sessions on that course day.
    """

    free: timedelta
    candidates: tuple[Candidate, ...]
    focus: frozenset[int] = frozenset()
    shown: Mapping[str, timedelta] = field(default_factory=dict)
    entered: tuple[Candidate, ...] = ()
    elsewhere: tuple[Candidate, ...] = ()

    @property
    def seconds(self) -> int:
        """Whole seconds that are free, rounded down."""
        return max(0, self.free // _SECOND)

    @property
    def eligible(self) -> tuple[Candidate, ...]:
        """What may be chosen at all, in order of number."""
        found = [c for c in self.candidates if c.refused is None and c.seconds <= self.seconds]
        found = [c for c in found if not any(covers(c, other) for other in self.entered)]
        return tuple(sorted(found, key=in_order))

    def earlier(self, presenter: str) -> int:
        """Whole seconds, rounded up, that a presenter was shown before."""
        return -(-self.shown.get(presenter, timedelta()) // _SECOND)

    def covered(self, clips: Iterable[Candidate] = ()) -> frozenset[int]:
        """Items in focus that are seen in these clips, the playlist and the rest of the day."""
        seen = [clip.items for clip in (*self.entered, *self.elsewhere, *clips)]
        return self.focus & frozenset().union(*seen)


def in_order(candidate: Candidate) -> tuple[int, str]:
    """A key that sorts clips by their number: X2 before X10."""
    digits = candidate.name.lstrip("X")
    return (int(digits) if digits.isdecimal() else 0, candidate.name)


def covers(first: Candidate, second: Candidate) -> bool:
    """Whether more than half of the shorter one lies in the other."""
    if first.recording != second.recording or not first.span.overlaps(second.span):
        return False
    shared = min(first.span.end, second.span.end) - max(first.span.start, second.span.start)
    return shared * 2 > min(first.span.length, second.span.length)


def presenters_of(clips: Iterable[Candidate]) -> list[str]:
    """Whose these clips are."""
    return sorted({clip.presenter for clip in clips if clip.presenter is not None})


def least(case: FillCase, presenters: Sequence[str]) -> list[str]:
    """Who of the presenters was shown least before, to the second."""
    fewest = min((case.earlier(one) for one in presenters), default=0)
    return [one for one in presenters if case.earlier(one) == fewest]


def aims_of(case: FillCase, chosen: Sequence[Candidate]) -> tuple[int, ...]:
    """How far a choice reaches aims 1 to 6, as `fill` lists them."""
    presenters = presenters_of(case.eligible)
    totals = {
        one: case.earlier(one) + sum(clip.seconds for clip in chosen if clip.presenter == one)
        for one in presenters
    }
    lowest = min(totals.values(), default=0) // 60
    highest = -(-max(totals.values(), default=0) // 60)
    return (
        len(case.covered(chosen)),
        len({clip.presenter for clip in chosen} & set(least(case, presenters))),
        lowest,
        (case.seconds - sum(clip.seconds for clip in chosen)) // 60,
        highest - lowest,
        len(chosen),
    )
