"""Scores as people write them: ``4/5``, ``none``, ``?``, and evidence as tags or times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.rating.model import Absence
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.scale import Item, Scale
from mbtg_video.timecode import Span, Timecode

_NUMBER = re.compile(r"(-?[0-9]{1,6})(?:[.,]0+)?")
_TAG = re.compile(r"[Tt][1-9][0-9]{0,8}")
_TIMED_TAG = re.compile(r"(?P<tag>[Tt][1-9][0-9]{0,8}) *\((?P<times>[^()]+)\)")

ABSENCES: Final[Mapping[str, Absence]] = {
    "none": Absence.DID_NOT_OCCUR,
    "did_not_occur": Absence.DID_NOT_OCCUR,
    "did not occur": Absence.DID_NOT_OCCUR,
    "ingen": Absence.DID_NOT_OCCUR,
    "forekom ikke": Absence.DID_NOT_OCCUR,
    "?": Absence.CANNOT_JUDGE,
    "cannot_judge": Absence.CANNOT_JUDGE,
    "cannot judge": Absence.CANNOT_JUDGE,
    "kan ikke vurderes": Absence.CANNOT_JUDGE,
}


def number(text: str, what: str) -> int | None:
    """A whole number as spreadsheets write it (``4``, ``4,0``); None for blanks."""
    written = text.strip()
    if not written:
        return None
    match = _NUMBER.fullmatch(written)
    if match is None:
        raise BadInput(f"{what}: {written[:32]!r} is no whole number")
    return int(match[1])


def absence(text: str, what: str) -> Absence | None:
    """``none`` or ``?``, also in words of both languages; None for blanks."""
    written = text.strip().casefold()
    if not written:
        return None
    if written not in ABSENCES:
        raise BadInput(
            f"{what}: {written[:32]!r} is no answer; write none (did not occur) or ? (cannot judge)"
        )
    return ABSENCES[written]


def item_score(item: Item, text: str) -> ItemScore:
    """An item's scores written ``4/5``, ``5`` (quality alone), ``none``, ``?`` or ``4/?``."""
    what = f"item {item.number}"
    written = text.strip()
    if written.casefold() in ABSENCES:
        return ItemScore(item=item.number, absence=ABSENCES[written.casefold()])
    left, slash, right = written.partition("/")
    if not slash:
        if item.adherence_rated:
            said = "one number" if _NUMBER.fullmatch(written) else "no score"
            raise BadInput(
                f"{what}: {written[:32]!r} is {said}; write adherence/quality (4/5), none (did "
                "not occur) or ? (cannot judge)"
            )
        left, right = "", written
    parts = (left.strip(), right.strip())
    unknown = Absence.CANNOT_JUDGE if "?" in parts else None
    adherence, quality = (None if part == "?" else number(part, what) for part in parts)
    return ItemScore(item=item.number, adherence=adherence, quality=quality, absence=unknown)


def overall_value(key: str, text: str) -> int | Absence:
    """An overall rating written ``4`` or ``?``."""
    found = absence(text, key) if text.strip().casefold() in ABSENCES else number(text, key)
    if found is None:
        raise BadInput(f"overall {key}: give a score, or ? (cannot judge)")
    return found


def moment(text: str, frames: Sequence[int], what: str) -> Moment:
    """A piece of evidence written ``T5``, ``00:01:02`` or ``00:01:02-00:01:08``.

    Times are the recording's; `frames` holds when each of its frames begins. A tag's own times
    are filled in where it is kept; ``T5 (00:01:02)`` says what they were. Raises `BadInput` or
    `MalformedTime`.
    """
    written = text.strip()
    if _TAG.fullmatch(written):
        return Moment(0, None, written.upper())
    if match := _TIMED_TAG.fullmatch(written):
        timed = moment(match["times"], frames, what)
        return Moment(timed.start_us, timed.end_us, match["tag"].upper())
    start, dash, end = written.partition("-")
    first = Timecode.parse(start, frames)
    if not dash:
        return Moment(first.microseconds)
    span = Span(first, Timecode.parse(end, frames))
    return Moment(span.start.microseconds, span.end.microseconds)


def keyed(text: str, option: str) -> tuple[str, str]:
    """What stands before and behind the first ``=``; raises `BadInput`."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise BadInput(f"{option}: {text[:40]!r} needs the form {option} NUMBER=…")
    return key.strip(), value.strip()


def item_named(scale: Scale, text: str, option: str) -> Item:
    """The item whose number was written; raises `BadInput` or `NotFound`."""
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise BadInput(f"{option}: {text[:16]!r} is no number of an item")
    return scale.item(int(text))


def merged(
    scale: Scale,
    base: Sheet,
    *,
    scores: Sequence[str] = (),
    overall: Sequence[str] = (),
    evidence: Sequence[str] = (),
    notes: Sequence[str] = (),
    note: str | None = None,
    frames: Sequence[int] = (),
) -> Sheet:
    """`base` with what was written on the command line; raises `BadInput` or `NotFound`."""
    items = {score.item: score for score in base.items}
    for text in scores:
        key, value = keyed(text, "--score")
        item = item_named(scale, key, "--score")
        given = item_score(item, value)
        before = items.get(item.number, given)
        items[item.number] = msgspec.structs.replace(
            given, note=before.note, evidence=before.evidence
        )
    for text in evidence:
        key, value = keyed(text, "--evidence")
        number_ = item_named(scale, key, "--evidence").number
        before = items.get(number_, ItemScore(item=number_))
        found = moment(value, frames, f"item {number_}")
        items[number_] = msgspec.structs.replace(before, evidence=(*before.evidence, found))
    for text in notes:
        key, value = keyed(text, "--item-note")
        number_ = item_named(scale, key, "--item-note").number
        before = items.get(number_, ItemScore(item=number_))
        items[number_] = msgspec.structs.replace(before, note=value)
    values = dict(base.overall)
    for text in overall:
        key, value = keyed(text, "--overall")
        values[key] = overall_value(key, value)
    return Sheet(
        items=tuple(items.values()),
        overall=values,
        note=base.note if note is None else note,
    )
