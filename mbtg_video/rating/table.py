"""Score sheets as tables: CSV and XLSX, to fill in and to read back.

One row an item; an overall rating's row has ``overall:KEY`` for its item and one number. A table
of several raters or sequences names them in the columns ``rater`` and ``sequence``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mbtg_video.errors import BadInput
from mbtg_video.rating.model import Absence
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.rating.written import absence, item_named, moment, number, overall_value
from mbtg_video.scale import Scale
from mbtg_video.settings import Language
from mbtg_video.spreadsheet import SUFFIXES, read_rows, write_csv, write_workbook
from mbtg_video.timecode import Timecode

MOST_BYTES: Final = 4 << 20
_OVERALL: Final = "overall:"
_WHOLE: Final = re.compile(r"[0-9]{1,6}")
_ANSWERS: Final = {None: "", Absence.DID_NOT_OCCUR: "none", Absence.CANNOT_JUDGE: "?"}

# What a column may be called, in lower case; the last of each is its name in Norwegian.
_COLUMNS: Final[Mapping[str, str]] = {
    "sequence": "sequence", "sekvens": "sequence",
    "rater": "rater", "vurderer": "rater",
    "item": "item", "ledd": "item",
    "name": "name", "navn": "name",
    "adherence": "adherence", "metodetrofasthet": "adherence",
    "quality": "quality", "kvalitet": "quality",
    "answer": "answer", "svar": "answer",
    "evidence": "evidence", "belegg": "evidence",
    "note": "note", "notat": "note",
}  # fmt: skip
_ORDER: Final = (
    "sequence",
    "rater",
    "item",
    "name",
    "adherence",
    "quality",
    "answer",
    "evidence",
    "note",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number as a spreadsheet counts, and its texts by column."""

    number: int
    texts: Mapping[str, str]

    def text(self, column: str) -> str:
        """What stands in a column; nothing where there is none."""
        return self.texts.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class TabledSheet:
    """The rows of one rater for one sequence; None where the table does not say."""

    sequence: str | None
    rater: str | None
    rows: tuple[Row, ...]


def _rows(data: bytes, suffix: str) -> Iterable[Row]:
    if suffix.lower() not in SUFFIXES:
        raise BadInput(f"scores are read from .csv and .xlsx, not from {suffix or 'such a file'}")
    if len(data) > MOST_BYTES:
        raise BadInput("the file is too large to be a score sheet")
    heads: list[str] | None = None
    for count, texts in read_rows(data, suffix.lower()):
        if heads is None:
            heads = _heads(texts)
            continue
        row = Row(count, dict(zip(heads, texts, strict=False)))
        if any(text.strip() for column, text in row.texts.items() if column != "name"):
            yield row


def _heads(texts: Sequence[str]) -> list[str]:
    heads = []
    for text in texts:
        written = text.strip().casefold()
        if written and written not in _COLUMNS:
            raise BadInput(
                f"row 1: there is no column {text.strip()[:32]!r}; known: {', '.join(_ORDER)}"
            )
        known = _COLUMNS.get(written, "")
        if known and known in heads:
            raise BadInput(f"row 1: the column {known} is there twice")
        heads.append(known)
    if "item" not in heads:
        raise BadInput("row 1: the column item is missing. For an empty table: mbtg rate sheet")
    return heads


def read_table(data: bytes, name: str) -> Sequence[TabledSheet]:
    """The sheets in a table, in the order in which they begin.

    `name` is the file's, for its ending. Raises `BadInput` for a file that is no such table.
    """
    found: dict[tuple[str | None, str | None], list[Row]] = {}
    for row in _rows(data, Path(name).suffix):
        key = (row.text("sequence") or None, row.text("rater") or None)
        found.setdefault(key, []).append(row)
    if not found:
        raise BadInput("the table has no scores in it")
    return [TabledSheet(*key, tuple(rows)) for key, rows in found.items()]


def sheet_from(scale: Scale, rows: Sequence[Row], frames: Sequence[int]) -> Sheet:
    """The sheet that the rows say; raises `BadInput` naming the row."""
    items: list[ItemScore] = []
    overall: dict[str, int | Absence] = {}
    for row in rows:
        key, what = row.text("item"), f"row {row.number}"
        if key.casefold().startswith(_OVERALL):
            name = key[len(_OVERALL) :].strip()
            if name in overall:
                raise BadInput(f"{what}: overall {name} is there twice")
            given = [row.text(c) for c in ("adherence", "quality", "answer") if row.text(c)]
            if len(given) > 1:
                raise BadInput(f"{what}: one number is enough for {key}")
            if given:
                overall[name] = overall_value(name, given[0])
            continue
        item = item_named(scale, key, what)
        if any(score.item == item.number for score in items):
            raise BadInput(f"{what}: item {item.number} is there twice")
        parts = [part for part in re.split(r"[,;\n]", row.text("evidence")) if part.strip()]
        items.append(
            ItemScore(
                item=item.number,
                adherence=number(row.text("adherence"), f"{what}, adherence"),
                quality=number(row.text("quality"), f"{what}, quality"),
                absence=absence(row.text("answer"), f"{what}, answer"),
                note=row.text("note") or None,
                evidence=tuple(moment(part, frames, what) for part in parts),
            )
        )
    return Sheet(items=tuple(items), overall=overall)


def _heading(language: Language) -> list[str]:
    norwegian = {column: written for written, column in _COLUMNS.items()}
    return [norwegian[column] if language is Language.NB else column for column in _ORDER]


def _empty_rows(scale: Scale, sequence: str, rater: str, language: Language) -> list[list[str]]:
    def row(item: str, name: str) -> list[str]:
        return [sequence, rater, item, name, "", "", "", "", ""]

    return [
        _heading(language),
        *(row(str(item.number), item.spoken(language)) for item in scale.items),
        *(row(f"{_OVERALL}{one.key}", one.spoken(language)) for one in scale.overall),
    ]


def empty_table(
    scale: Scale, *, sequence: str, rater: str | None, suffix: str, language: Language
) -> bytes:
    """A table to fill in, as the content of a ``.csv`` or ``.xlsx``; raises `BadInput`."""
    return _table(_empty_rows(scale, sequence, rater or "", language), suffix)


def _moment(moment: Moment) -> str:
    """A piece of evidence as `rate import` reads it."""
    end = "" if moment.end_us is None else f"-{Timecode(moment.end_us)}"
    times = f"{Timecode(moment.start_us)}{end}"
    return times if moment.tag is None else f"{moment.tag} ({times})"


def _filled_rows(
    scale: Scale, sequence: str, rater: str, sheet: Sheet, language: Language
) -> Iterable[list[str]]:
    for item in scale.items:
        score = sheet.score(item.number)
        yield [
            sequence,
            rater,
            str(item.number),
            item.spoken(language),
            *("" if number is None else str(number) for number in (score.adherence, score.quality)),
            _ANSWERS[score.absence],
            ", ".join(map(_moment, score.evidence)),
            score.note or "",
        ]
    for one in scale.overall:
        value = sheet.overall.get(one.key)
        quality = str(value) if isinstance(value, int) else ""
        answer = _ANSWERS[value] if isinstance(value, Absence) else ""
        name = one.spoken(language)
        yield [sequence, rater, f"{_OVERALL}{one.key}", name, "", quality, answer, "", ""]


def filled_table(
    scale: Scale,
    sheets: Mapping[str, Sheet],
    *,
    sequence: str,
    suffix: str,
    language: Language,
) -> bytes:
    """What raters gave, by their codes, as a table that `read_table` reads; raises `BadInput`.

    A table has no place for the note on the whole sequence.
    """
    rows = [_heading(language)]
    for rater, sheet in sheets.items():
        rows.extend(_filled_rows(scale, sequence, rater, sheet, language))
    return _table(rows, suffix)


def _table(rows: Sequence[Sequence[str]], suffix: str) -> bytes:
    if suffix.lower() == ".csv":
        return write_csv(rows)
    if suffix.lower() != ".xlsx":
        raise BadInput(f"a sheet is written as .csv or .xlsx, not as {suffix or 'such a file'}")
    widths = {"C": 20, "D": 60, "E": 11, "F": 11, "G": 16, "H": 28, "I": 40}
    numbered = [[int(text) if _WHOLE.fullmatch(text) else text for text in row] for row in rows]
    return write_workbook(numbered, "scores", widths=widths, freeze="E2")
