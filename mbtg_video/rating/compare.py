"""Revealed scores side by side, the largest differences first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mbtg_video.consent.model import counted
from mbtg_video.rating.agree import require_revealed
from mbtg_video.rating.model import Absence, Rating, Scoring
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet

CONSENSUS = "consensus"
"""Stands where a rater's code would for what was agreed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rater said of one item or overall rating.

    An overall rating has a `value` alone, an item `adherence` and `quality`.
    """

    rater: str
    adherence: int | None = None
    quality: int | None = None
    value: int | None = None
    absence: Absence | None = None
    note: str | None = None
    evidence: tuple[Moment, ...] = ()

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Its numbers, each in its place."""
        return self.adherence, self.quality, self.value


@dataclass(frozen=True, slots=True)
class Compared:
    """One item (or the `overall` rating of that key) with everybody's answers.

    `gap` is the largest distance between two raters' numbers for the same thing; `split` is
    whether some gave a number where others said that it did not occur.
    """

    item: int | None
    overall: str | None
    answers: tuple[Answer, ...]
    agreed: Answer | None
    gap: int
    split: bool


def _gap(answers: Sequence[Answer]) -> int:
    widest = 0
    for column in zip(*(answer.numbers for answer in answers), strict=True):
        given = [value for value in column if value is not None]
        widest = max(widest, max(given) - min(given)) if given else widest
    return widest


def _split(answers: Sequence[Answer]) -> bool:
    absent = [answer.absence is Absence.DID_NOT_OCCUR for answer in answers]
    scored = [any(value is not None for value in answer.numbers) for answer in answers]
    return any(absent) and any(scored)


def _item_answer(rater: str, sheet: Sheet, item: int) -> Answer:
    score = sheet.score(item)
    return Answer(
        rater=rater,
        adherence=score.adherence,
        quality=score.quality,
        absence=score.absence,
        note=score.note,
        evidence=score.evidence,
    )


def _overall_answer(rater: str, sheet: Sheet, key: str) -> Answer:
    value = sheet.overall.get(key)
    if isinstance(value, Absence) or value is None:
        return Answer(rater=rater, absence=value)
    return Answer(rater=rater, value=value)


def _named(ratings: Iterable[Rating]) -> list[tuple[str, Sheet]]:
    found = [(rating.rater or CONSENSUS, sheet_of(rating)) for rating in ratings]
    return sorted(found, key=lambda one: counted(one[0]))


def common_ground(scoring: Scoring) -> Sheet:
    """Where a consensus begins: what all raters gave alike; raises `StillBlind`."""
    require_revealed(scoring)
    sheets = [sheet_of(rating) for rating in scoring.submitted]
    first = sheets[0]
    bare = [{s.item: (s.adherence, s.quality, s.absence) for s in sheet.items} for sheet in sheets]
    items = (
        ItemScore(
            item=score.item,
            adherence=score.adherence,
            quality=score.quality,
            absence=score.absence,
        )
        for score in first.items
        if all(each.get(score.item) == bare[0][score.item] for each in bare)
    )
    overall = {
        key: value
        for key, value in first.overall.items()
        if all(sheet.overall.get(key) == value for sheet in sheets)
    }
    return Sheet(items=tuple(items), overall=overall)


def compare(scoring: Scoring) -> Sequence[Compared]:
    """Every item and overall rating, the largest gap first; raises `StillBlind`.

    Equal gaps: first where the raters differ on whether it occurred, then in the scale's order.
    """
    require_revealed(scoring)
    sheets = _named(scoring.submitted)
    agreed = sheet_of(scoring.consensus) if scoring.consensus else None
    rows = []
    for item in scoring.scale.items:
        answers = tuple(_item_answer(rater, sheet, item.number) for rater, sheet in sheets)
        together = _item_answer(CONSENSUS, agreed, item.number) if agreed else None
        rows.append(Compared(item.number, None, answers, together, _gap(answers), _split(answers)))
    for overall in scoring.scale.overall:
        answers = tuple(_overall_answer(rater, sheet, overall.key) for rater, sheet in sheets)
        together = _overall_answer(CONSENSUS, agreed, overall.key) if agreed else None
        rows.append(Compared(None, overall.key, answers, together, _gap(answers), _split(answers)))
    return sorted(rows, key=lambda row: (-row.gap, not row.split))
