from __future__ import annotations

import io
import zipfile
from time import monotonic

import openpyxl
import pytest

from mbtg_video.errors import BadInput
from mbtg_video.rating.model import Absence
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.rating.table import filled_table, read_table, sheet_from
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language

SHEET = "xl/worksheets/sheet1.xml"


def workbook(**cells: object) -> bytes:
    """A table of one item, with cells changed."""
    book = openpyxl.Workbook()
    book.active.append(["item", "adherence", "quality"])
    book.active.append([1, 4, 5])
    for cell, value in cells.items():
        book.active[cell] = value
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_sheet(data: bytes, change) -> bytes:
    """A workbook whose first sheet is written otherwise; None leaves it out."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            content = change(content) if part.filename == SHEET else content
            if content is not None:
                new.writestr(part.filename, content)
    return held.getvalue()


BROKEN = {
    "cut short": lambda xml: xml[: len(xml) // 2],
    "a number that is none": lambda xml: xml.replace(b"<v>4</v>", b"<v>abc</v>"),
    "a cell nowhere": lambda xml: xml.replace(b'r="B2"', b'r="??"'),
    "a row nowhere": lambda xml: xml.replace(b'<row r="2"', b'<row r="z"'),
    "no sheet": lambda _: None,
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_workbook_whose_sheet_is_broken_is_refused_in_a_sentence(change):
    with pytest.raises(BadInput, match="no workbook that can be read"):
        read_table(with_sheet(workbook(), change), "k1.xlsx")


def test_a_value_in_the_last_column_makes_no_sheet_endless():
    began = monotonic()
    (sheet,) = read_table(workbook(XFD2000="far away"), "k1.xlsx")
    assert [row.text("quality") for row in sheet.rows] == ["5"]
    assert monotonic() - began < 3


def in_two_bytes(xml: bytes) -> bytes:
    entity = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY four "4">]>'
    return (entity + xml.decode().replace("<v>4</v>", "<v>&four;</v>")).encode("utf-16")


def test_entities_are_refused_however_they_are_written():
    with pytest.raises(BadInput, match="defines entities"):
        read_table(with_sheet(workbook(), in_two_bytes), "k1.xlsx")


SCALE = find_scale("mbt-g-aqs")
SHEETS = {
    "K1": Sheet(
        items=(
            ItemScore(item=1, adherence=4, quality=5, note="=1+1; \n'@æ"),
            ItemScore(item=3, absence=Absence.DID_NOT_OCCUR),
            ItemScore(item=4, adherence=2, absence=Absence.CANNOT_JUDGE),
            ItemScore(
                item=10,
                quality=7,
                evidence=(Moment(1), Moment(2_000_000, 3_000_001), Moment(5, 9, "T7")),
            ),
        ),
        overall={"adherence": 4, "quality": Absence.CANNOT_JUDGE},
    ),
    "K2": Sheet(items=(ItemScore(item=19, adherence=1, quality=1),)),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_raters_gave_reads_back_as_they_gave_it(suffix, language):
    data = filled_table(SCALE, SHEETS, sequence="S1", suffix=suffix, language=language)
    found = read_table(data, f"a{suffix}")
    assert [(one.sequence, one.rater) for one in found] == [("S1", "K1"), ("S1", "K2")]
    for one in found:
        sheet = sheet_from(SCALE, one.rows, ())
        kept = tuple(score for score in sheet.items if not score.empty)
        assert (kept, sheet.overall) == (SHEETS[one.rater].items, SHEETS[one.rater].overall)


def test_scores_on_a_second_sheet_are_never_passed_over():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    second = book.create_sheet("Theirs")
    second["A1"] = "item"
    book.save(held := io.BytesIO())
    with pytest.raises(BadInput, match="several sheets with something in them: Sheet, Theirs"):
        read_table(held.getvalue(), "k1.xlsx")
    second.sheet_state = "hidden"
    book.save(held := io.BytesIO())
    assert len(read_table(held.getvalue(), "k1.xlsx")) == 1
