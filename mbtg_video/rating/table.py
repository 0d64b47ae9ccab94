"""Score sheets as tables: CSV and XLSX, to fill in and to read back.

One row an item; an overall rating's row has ``overall:KEY`` for its item and one number. A table
of several raters or sequences names them in the columns ``rater`` and ``sequence``.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mbtg_video.errors import BadInput
from mbtg_video.rating.model import Absence
from mbtg_video.rating.sheet import ItemScore, Sheet
from mbtg_video.rating.written import absence, item_named, moment, number, overall_value
from mbtg_video.scale import Scale
from mbtg_video.settings import Language

MOST_BYTES: Final = 4 << 20
_MOST_INFLATED: Final = 64 << 20
_MOST_ROWS: Final = 50_000
_MOST_COLUMNS: Final = 64
_OVERALL: Final = "overall:"

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


def _csv_rows(data: bytes) -> Iterable[Sequence[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what Excel calls CSV in the Nordics
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    if "\0" in text:
        raise BadInput("the table is no text")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise BadInput(f"the table is no CSV: {error}") from error


def _refuse_traps(data: bytes) -> None:
    """Raise `BadInput` for a workbook that swells when it is read, or defines entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_INFLATED:
            raise BadInput("the workbook is too large")
        for part in packed.infolist():
            # Without its noughts a text of two bytes a sign reads as one of one.
            if b"<!DOCTYPE" in packed.read(part).replace(b"\0", b""):
                raise BadInput(f"the workbook defines entities ({part.filename}); it is not read")


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _xlsx_rows(data: bytes) -> Iterable[Sequence[str]]:
    import openpyxl

    try:
        _refuse_traps(data)
        with closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True)) as book:
            # One value in a sheet's last column would make every row as wide as that.
            for cells in book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS):
                formula = next((cell for cell in cells if cell.data_type == "f"), None)
                if formula is not None:
                    raise BadInput(
                        f"cell {formula.coordinate} holds a formula; write what it gives instead"
                    )
                yield [_cell_text(cell.value) for cell in cells]
    except BadInput:
        raise
    except Exception as error:  # its readers raise whatever a broken part makes them stumble over
        raise BadInput("the file is no workbook that can be read") from error


def _rows(data: bytes, suffix: str) -> Iterable[Row]:
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
    if suffix.lower() not in readers:
        raise BadInput(f"scores are read from .csv and .xlsx, not from {suffix or 'such a file'}")
    if len(data) > MOST_BYTES:
        raise BadInput("the file is too large to be a score sheet")
    heads: list[str] | None = None
    for count, texts in enumerate(readers[suffix.lower()](data), start=1):
        if count > _MOST_ROWS:
            raise BadInput(f"the table has more than {_MOST_ROWS} rows")
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


def _empty_rows(scale: Scale, sequence: str, rater: str, language: Language) -> list[list[str]]:
    def row(item: str, name: str) -> list[str]:
        # A name that a spreadsheet would take for a formula is told as text.
        shown = f"'{name}" if name[:1] in "=+-@\t\r" else name
        return [sequence, rater, item, shown, "", "", "", "", ""]

    norwegian = {column: written for written, column in _COLUMNS.items()}
    return [
        [norwegian[column] if language is Language.NB else column for column in _ORDER],
        *(row(str(item.number), item.spoken(language)) for item in scale.items),
        *(row(f"{_OVERALL}{one.key}", one.spoken(language)) for one in scale.overall),
    ]


def empty_table(
    scale: Scale, *, sequence: str, rater: str | None, suffix: str, language: Language
) -> bytes:
    """A table to fill in, as the content of a ``.csv`` or ``.xlsx``; raises `BadInput`."""
    rows = _empty_rows(scale, sequence, rater or "", language)
    if suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerows(rows)
        return text.getvalue().encode("utf-8-sig")  # else Excel reads æøå as something else
    if suffix.lower() != ".xlsx":
        raise BadInput(f"a sheet is written as .csv or .xlsx, not as {suffix or 'such a file'}")
    return _workbook(rows)


def _workbook(rows: Sequence[Sequence[str]]) -> bytes:
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "scores"
    for row in rows:
        sheet.append([int(text) if text.isdigit() else text or None for text in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type == "f":
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in {"C": 20, "D": 60, "E": 11, "F": 11, "G": 16, "H": 28, "I": 40}.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "E2"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
