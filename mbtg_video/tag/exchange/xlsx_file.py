"""Tags as an Excel workbook of one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mbtg_video.spreadsheet import write_workbook
from mbtg_video.tag.exchange.content import Incoming, Outgoing, Target, Written
from mbtg_video.tag.exchange.tag_table import COLUMNS, read_table, write_table

_WIDTHS: Final = dict(zip("ABCDEFGHIJ", (17, 17, 14, 7, 44, 24, 9, 10, 48, 9), strict=True))
_ITEM: Final = list(COLUMNS).index("item")


def read(data: bytes, into: Target) -> Incoming:
    """The tags in the first sheet of a workbook; raises `BadInput`."""
    return read_table(data, ".xlsx", into)


def write(content: Outgoing) -> Written:
    """The tags as a workbook; only the numbers of items are numbers in it."""
    return Written(*write_table(content, "An Excel workbook", _packed))


def _packed(rows: Sequence[Sequence[str]]) -> bytes:
    typed: list[list[str | int]] = [list(row) for row in rows]
    for row, texts in zip(typed[1:], rows[1:], strict=True):
        row[_ITEM] = int(texts[_ITEM]) if texts[_ITEM] else ""
    return write_workbook(typed, "tags", widths=_WIDTHS)
