"""The workbook as openpyxl reads it back."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest

from mbtg_video.rating.matrix import Score
from mbtg_video.rating.report.workbook import write_xlsx
from mbtg_video.settings import Language
from tests.reports import SEVERAL

SHEETS = {
    Language.EN: ["In short", "Scores", "Differences", "Agreement", "Variance components",
                  "How many raters", "Evidence", "Over time"],
    Language.NB: ["Kort sagt", "Skårer", "Forskjeller", "Enighet", "Varianskomponenter",
                  "Hvor mange vurderere", "Belegg", "Over tid"],
}  # fmt: skip


@pytest.fixture(scope="module", params=Language)
def told(request, panel):
    report = panel.report(*SEVERAL, language=request.param)
    return report, openpyxl.load_workbook(io.BytesIO(write_xlsx(report)))


def rows(book, place):
    heads, *found = book.worksheets[place].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in found]


def test_each_part_has_its_sheet_with_heads_that_stay_and_wide_enough_columns(told):
    report, book = told
    assert book.sheetnames == SHEETS[report.language]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        heads = [cell.value for cell in sheet[1]]
        assert all(heads)
        assert len(set(heads)) == len(heads)
        for cell in sheet[1]:
            assert sheet.column_dimensions[cell.column_letter].width > len(cell.value)


def test_every_score_is_there_as_a_number(told):
    report, book = told
    found = [row for row in rows(book, 1) if list(row.values())[-4] is not None]
    expected = [
        answer.quality
        for part in report.scorings
        for row in part.rows
        for answer in (*row.answers, *([row.agreed] if row.agreed else []))
        if answer.quality is not None
    ]
    assert [list(row.values())[-4] for row in found] == expected
    assert all(isinstance(value, int) for value in expected)


def test_every_index_has_its_number_or_its_reason(told):
    report, book = told
    found = rows(book, 3)
    items = sum(len(agreement.items) for agreement in report.agreement)
    assert len(found) == 10 * items
    for row in found:
        values = list(row.values())
        assert (values[4] is None) != (values[-1] is None)
        assert values[4] is None or isinstance(values[4], float | int)


def test_negative_components_stand_as_they_were_estimated(told):
    report, book = told
    made = {
        (found.score, one.effect): one
        for found in report.agreement
        if found.study is not None
        for one in found.study.generalizability.components
    }
    assert [one for one in made.values() if one.negative], "the sequences should give one"
    raw = [list(row.values())[5] for row in rows(book, 4)]
    assert raw == pytest.approx([one.raw for one in made.values()])
    assert {score for score, _ in made} == {Score.ADHERENCE, Score.QUALITY}


def test_each_number_of_raters_has_its_sentence(told):
    _, book = told
    for row in rows(book, 5):
        values = list(row.values())
        assert str(values[2]) in values[-1] or values[2] == 1
        assert values[-1].endswith(".")


def test_the_same_report_gives_the_same_file_and_tells_only_its_own_day(panel):
    report = panel.report(7, language=Language.NB)
    first = write_xlsx(report)
    assert first == write_xlsx(report)
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 12, 4)}
        days = re.findall(r"\d{4}-\d{2}-\d{2}T", archive.read("docProps/core.xml").decode())
    assert set(days) == {"2026-12-04T"}
