"""Fill what is free of a slot with clips: the best choice, proven, and why each one stayed out.

Nothing is chosen that does not fit or that lies for more than half in another clip. Among all
choices that are left, the best one is found exactly, by one aim after the other; a later aim
never costs anything of an earlier one:

1. the most items in focus that are seen at all, on the day's other sessions or here;
2. the most presenters seen among those who have been shown least so far;
3. whoever has been shown least is shown longest, in whole minutes;
4. the fewest whole minutes left over;
5. the smallest distance, in whole minutes, between who is shown most and who is shown least;
6. the fewest clips;
7. the clips that come first by their number, so that the same case has the same choice.

How long somebody is shown counts clips and the talk about them, earlier course days included.
Presenters are those of whom there is a clip to choose. Lengths are taken in whole seconds,
rounded up, and what is free is rounded down: what is chosen always fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mbtg_video.supervision.fill_best import best_choice, best_with
from mbtg_video.supervision.fill_case import Candidate, FillCase, aims_of, covers, in_order

_MINUTE: Final = timedelta(minutes=1)
_EXPLAINED: Final = 24
"""Up to so many clips, each one left out is put in by force to see what it would cost."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A clip that was chosen, and the items in focus that no other clip of the day brings."""

    candidate: Candidate
    brings: tuple[int, ...]
    alone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A clip that was not chosen, and why."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The best choice; `aims` says how far aims 1 to 6 are reached, in their order."""

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...]
    aims: tuple[int, ...]
    left: timedelta
    missing: tuple[int, ...]
    """Items in focus that nothing chosen shows."""


def fill(case: FillCase) -> Filled:
    """The best choice of a case, and a reason for every clip that is left out."""
    chosen = tuple(best_choice(case))
    reached = aims_of(case, chosen)
    left = case.free - sum((clip.takes for clip in chosen), timedelta())
    others = [clip for clip in case.candidates if clip not in chosen]
    return Filled(
        chosen=tuple(_told(case, clip, chosen) for clip in chosen),
        left_out=tuple(
            LeftOut(clip, _why(case, clip, chosen, reached))
            for clip in sorted(others, key=in_order)
        ),
        aims=reached,
        left=left,
        missing=tuple(sorted(case.focus - case.covered(chosen))),
    )


def _told(case: FillCase, clip: Candidate, chosen: Sequence[Candidate]) -> Chosen:
    others = case.covered(other for other in chosen if other is not clip)
    brings = clip.items & case.focus
    return Chosen(clip, tuple(sorted(brings)), tuple(sorted(brings - others)))


def minutes(length: timedelta) -> str:
    """A length in whole minutes, rounded up, for people."""
    count = -(-length // _MINUTE)
    return "none" if not count else f"{count} minute{'' if count == 1 else 's'}"


def _why(
    case: FillCase, clip: Candidate, chosen: Sequence[Candidate], reached: Sequence[int]
) -> str:
    if clip.refused is not None:
        return clip.refused
    beside = next((other for other in case.entered if covers(clip, other)), None)
    if beside is not None:
        return f"{_overlap(clip, beside)}, which the playlist holds"
    if clip.seconds > case.seconds:
        over = timedelta(seconds=clip.seconds - case.seconds)
        return f"{minutes(over)} too long for all that is free"
    reasons = [_room(case, clip, chosen), *_seen(case, clip, chosen)]
    if len(case.eligible) <= _EXPLAINED:
        reasons.append(_cost(case, aims_of(case, best_with(case, clip)), reached))
    return "; ".join(reasons)


def _overlap(clip: Candidate, other: Candidate) -> str:
    """How a clip and another share their moments: the longer one may have most of its own."""
    if clip.span.length <= other.span.length:
        return f"more than half of it is in {other.name}"
    return f"it holds more than half of {other.name}"


def _room(case: FillCase, clip: Candidate, chosen: Sequence[Candidate]) -> str:
    beside = next((other for other in chosen if covers(clip, other)), None)
    if beside is not None:
        return f"{_overlap(clip, beside)}, which was chosen"
    left = case.seconds - sum(other.seconds for other in chosen)
    if clip.seconds > left:
        return f"{minutes(timedelta(seconds=clip.seconds - left))} too long for what is left"
    return "it brings no further item in focus and fills no whole minute"


def _seen(case: FillCase, clip: Candidate, chosen: Sequence[Candidate]) -> list[str]:
    """What of it is seen already, and how long its presenter was shown before."""
    told = []
    for item in sorted(clip.items & case.focus):
        there = (*case.entered, *case.elsewhere, *chosen)
        beside = next((c for c in there if item in c.items), None)
        if beside is not None:
            told.append(f"item {item} is seen in {beside.name}")
    presenter = clip.presenter
    if presenter is None:
        return told
    beside = next((c for c in chosen if c.presenter == presenter), None)
    if beside is not None:
        told.append(f"{presenter} is shown in {beside.name} already")
    before = {p: case.shown.get(p, timedelta()) for p in (c.presenter for c in chosen) if p}
    other = min(before, key=lambda one: (before[one], one), default=presenter)
    mine = case.shown.get(presenter, timedelta())
    if mine > before.get(other, mine):
        told.append(
            f"{presenter} was shown {minutes(mine)} before, {other} {minutes(before[other])}"
        )
    return told


_COSTS: Final = (
    "with it, items in focus that are seen: {now} instead of {best}",
    "with it, presenters seen of those shown least: {now} instead of {best}",
    "with it, whole minutes of whoever is shown least: {now} instead of {best}",
    "with it, whole minutes left over: {now} instead of {best}",
    "with it, minutes between who is shown most and least: {now} instead of {best}",
    "with it, clips needed: {now} instead of {best}",
)


def _cost(case: FillCase, with_it: Sequence[int], reached: Sequence[int]) -> str:
    """The first aim that would be missed if the clip were taken all the same."""
    for sentence, now, best in zip(_COSTS, with_it, reached, strict=True):
        if now != best:
            return sentence.format(now=now, best=best)
    return "with it, nothing would be better; of equal choices that whose clips come first is taken"
