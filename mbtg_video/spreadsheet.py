"""Tables as spreadsheets keep them: CSV and XLSX, read with care and written without formulas.

A workbook that swells, defines entities or holds a formula is refused. A text that a spreadsheet
would take for a formula is written as text: in CSV behind an apostrophe, which reading takes away.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, Final

from mbtg_video.errors import BadInput

SUFFIXES: Final = (".csv", ".xlsx")
MOST_SIGNS: Final = 32_767
"""Of a cell's text, counted as spreadsheets do: a sign outside the first plane is two."""

_MOST_INFLATED: Final = 64 << 20
_MOST_ROWS: Final = 50_000
_MOST_COLUMNS: Final = 64
_MOST_FIELD: Final = 1 << 20
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001  Excel takes wide signs as well
_NO_TEXT = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SEPARATOR = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)

Unread = Callable[[str], None]
"""Called with the name of a sheet that is not read."""


def guarded(text: str) -> str:
    """A text as CSV may hold it: one that would be taken for a formula stands behind a ``'``."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def holdable(text: str) -> str:
    """The text with signs that no spreadsheet can hold replaced, and cut to what a cell holds."""
    held = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(held) * 2 > MOST_SIGNS:
        short = held.encode("utf-16-le")[: MOST_SIGNS * 2]
        held = short.decode("utf-16-le", errors="ignore")
    return held


def _csv_text(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # what Excel calls Unicode text
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what Excel calls CSV in the Nordics


def _csv_rows(data: bytes, _: Unread | None) -> Iterator[Sequence[str]]:
    text = _csv_text(data)
    if named := _SEPARATOR.match(text):
        text = text[named.end() :]
    head = text.partition("\n")[0]
    delimiter = named[1] if named else max(";,\t", key=head.count)
    if "\0" in text:
        raise BadInput("the table is no text")
    csv.field_size_limit(_MOST_FIELD)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [unguarded(cell) for cell in row]
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
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return str(value)


def _is_filled(sheet: Any) -> bool:  # noqa: ANN401  openpyxl has no types
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
    return any(cell is not None for row in islice(rows, _MOST_ROWS) for cell in row)


def _sheet(book: Any, unread: Unread | None) -> Any:  # noqa: ANN401
    """The first sheet that is shown; any other that holds something is told, or refused."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    first = (shown or book.worksheets)[0]
    for sheet in book.worksheets:
        if sheet is first or not _is_filled(sheet):
            continue
        if unread is not None:
            unread(sheet.title)
        elif sheet in shown:
            raise BadInput(
                f"the workbook has several sheets with something in them: {first.title}, "
                f"{sheet.title}. Keep one, or save each as a file of its own"
            )
    return first


def _xlsx_rows(data: bytes, unread: Unread | None) -> Iterator[Sequence[str]]:
    import openpyxl

    try:
        _refuse_traps(data)
        with closing(openpyxl.load_workbook(io.BytesIO(data), read_only=True)) as book:
            sheet = _sheet(book, unread)
            # What a program says of the size may be wrong, and rows beyond it would not be read.
            sheet.reset_dimensions()
            # One value in a sheet's last column would make every row as wide as that.
            for cells in sheet.iter_rows(max_col=_MOST_COLUMNS):
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


def read_rows(
    data: bytes, suffix: str, *, unread: Unread | None = None
) -> Iterator[tuple[int, Sequence[str]]]:
    """The rows of a ``.csv`` or ``.xlsx``, each with its number as a spreadsheet counts.

    Of a workbook the first sheet that is shown is read. `unread` is told the name of any other that
    holds something; without it, a workbook in which such a one is shown is refused. Raises
    `BadInput` for a file that is no such table, or one that is unsafe to read.
    """
    readers = {".csv": _csv_rows, ".xlsx": _xlsx_rows}
    if suffix not in readers:
        raise BadInput(f"a table is read from .csv or .xlsx, not from {suffix or 'such a file'}")
    for count, texts in enumerate(readers[suffix](data, unread), start=1):
        if count > _MOST_ROWS:
            raise BadInput(f"the table has more than {_MOST_ROWS} rows")
        yield count, texts


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV, laid out as a Norwegian Excel reads it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")  # else Excel reads æøå as something else


def write_workbook(
    rows: Iterable[Sequence[str | int]],
    title: str,
    *,
    widths: Mapping[str, int],
    freeze: str = "A2",
) -> bytes:
    """The rows as a workbook of one sheet, the first row bold; no text in it is a formula."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append([_shown(value) for value in row])
    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.data_type in ("f", "e"):
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in widths.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = freeze
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _shown(value: str | int) -> str | int | None:
    if isinstance(value, int):
        return value
    # Read back, a carriage return would be a line feed, and _x000D_ a carriage return.
    safe = _ESCAPED.sub(lambda found: f"_x005F_{found[0][1:]}", value)
    return safe.replace("\r", "_x000D_") or None
