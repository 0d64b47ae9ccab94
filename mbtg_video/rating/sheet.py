"""A score sheet: what one rater says of every item, and whether that can be so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.rating.model import Absence
from mbtg_video.scale import Item, Scale

_MOST_US: Final = 1 << 53
"""Largest number that a page can count exactly."""
_Microseconds = Annotated[int, msgspec.Meta(ge=0, le=_MOST_US)]
_Note = Annotated[str, msgspec.Meta(max_length=4000)]
_Moments = Annotated[tuple["Moment", ...], msgspec.Meta(max_length=50)]


class Moment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Evidence: a moment (no `end_us`) or half-open span, in recording time; maybe from a tag."""

    start_us: _Microseconds
    end_us: _Microseconds | None = None
    tag: Annotated[str, msgspec.Meta(pattern=r"^T[1-9][0-9]{0,8}\Z")] | None = None

    def shifted(self, by_us: int) -> Moment:
        """The same moment counted from elsewhere."""
        end = None if self.end_us is None else self.end_us + by_us
        return Moment(self.start_us + by_us, end, self.tag)


class ItemScore(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item's scores. An `absence` stands for the numbers that are not there."""

    item: int
    adherence: int | None = None
    quality: int | None = None
    absence: Absence | None = None
    note: _Note | None = None
    evidence: _Moments = ()

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return self == ItemScore(item=self.item)


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sheet as far as it is filled in; what is not there was not answered yet."""

    items: Annotated[tuple[ItemScore, ...], msgspec.Meta(max_length=200)] = ()
    overall: dict[str, int | Absence] = {}
    note: _Note | None = None

    def score(self, item: int) -> ItemScore:
        """What was filled in for an item; an empty score when nothing was."""
        return next((s for s in self.items if s.item == item), ItemScore(item=item))

    def added_to(self, base: Sheet) -> Sheet:
        """`base` with what is filled in here in its place."""
        filled = {score.item: score for score in self.items if not score.empty}
        items = {score.item: score for score in base.items} | filled
        return Sheet(
            items=tuple(items.values()),
            overall=base.overall | self.overall,
            note=self.note or base.note,
        )

    def shifted(self, by_us: int) -> Sheet:
        """The same sheet with its evidence counted from elsewhere."""
        return msgspec.structs.replace(
            self,
            items=tuple(
                msgspec.structs.replace(s, evidence=tuple(m.shifted(by_us) for m in s.evidence))
                for s in self.items
            ),
        )


def _in_range(scale: Scale, what: str, value: int | None) -> None:
    if value is not None and value not in scale.values:
        raise BadInput(
            f"{what}: {value} is no score of {scale.label}, which goes from "
            f"{scale.values.lowest} to {scale.values.highest}"
        )


def _check_score(scale: Scale, item: Item, score: ItemScore) -> None:
    name = f"item {item.number}"
    if score.adherence is not None and not item.adherence_rated:
        raise BadInput(f"{name}: adherence is not rated, quality alone is")
    _in_range(scale, f"{name}, adherence", score.adherence)
    _in_range(scale, f"{name}, quality", score.quality)
    given = [score.adherence, score.quality]
    if score.absence is Absence.DID_NOT_OCCUR and given != [None, None]:
        raise BadInput(f"{name}: what did not occur has no score; leave the numbers out")
    if score.absence is Absence.CANNOT_JUDGE and _numbers_missing(item, score) == 0:
        raise BadInput(f"{name}: all its numbers are there, so it was judged")
    for moment in score.evidence:
        if moment.end_us is not None and moment.end_us <= moment.start_us:
            raise BadInput(f"{name}: a piece of evidence ends before it starts")


def _numbers_missing(item: Item, score: ItemScore) -> int:
    return (score.quality is None) + (item.adherence_rated and score.adherence is None)


def check_sheet(scale: Scale, sheet: Sheet) -> None:
    """Raise `BadInput` or `NotFound` unless every answer on the sheet can be so."""
    counted = Counter(score.item for score in sheet.items)
    twice = [number for number, times in counted.items() if times > 1]
    if twice:
        raise BadInput(f"item {twice[0]} is on the sheet twice")
    for score in sheet.items:
        _check_score(scale, scale.item(score.item), score)
    keys = [overall.key for overall in scale.overall]
    for key, value in sheet.overall.items():
        if key not in keys:
            raise BadInput(f"{scale.label} has no overall {key!r}; it has: {', '.join(keys)}")
        if value is Absence.DID_NOT_OCCUR:
            raise BadInput(f"overall {key}: give a score, or {Absence.CANNOT_JUDGE}")
        if not isinstance(value, Absence):
            _in_range(scale, f"overall {key}", value)


def unanswered(scale: Scale, sheet: Sheet) -> Sequence[str]:
    """What still needs an answer: numbers of items and keys of overall ratings, as texts."""
    items = [
        str(item.number)
        for item in scale.items
        if sheet.score(item.number).absence is None
        and _numbers_missing(item, sheet.score(item.number)) > 0
    ]
    return [*items, *(o.key for o in scale.overall if o.key not in sheet.overall)]


def check_complete(scale: Scale, sheet: Sheet, *, otherwise: str = "") -> None:
    """Raise `BadInput`, naming what is left and what to do `otherwise`, unless all was answered."""
    left = unanswered(scale, sheet)
    if left:
        raise BadInput(
            f"not answered yet: {', '.join(left)}. Score them, or say that they did not occur or "
            f"cannot be judged{otherwise}"
        )


def tidied(sheet: Sheet) -> Sheet:
    """The sheet in order of items and evidence, without empty ones and blank notes."""
    items = (
        msgspec.structs.replace(
            score,
            note=(score.note or "").strip() or None,
            evidence=tuple(sorted(score.evidence, key=lambda moment: moment.start_us)),
        )
        for score in sorted(sheet.items, key=lambda score: score.item)
    )
    return Sheet(
        items=tuple(score for score in items if not score.empty),
        overall=dict(sheet.overall),
        note=(sheet.note or "").strip() or None,
    )
