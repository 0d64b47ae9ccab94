"""Texts that would do something if they were taken for anything but text."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from html import escape

import openpyxl
import pypdfium2
import pytest

from mbtg_video.rating.report.content import Note, OverallName
from mbtg_video.rating.report.page import write_html
from mbtg_video.rating.report.pdf import write_pdf
from mbtg_video.rating.report.workbook import write_xlsx
from mbtg_video.settings import Language

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></svg><script>alert(1)</script>",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '#import "@preview/x:1.0.0"',
    '#read("/etc/passwd")',
    "]#panic()[",
    "$ x^2 $ *b* _i_ `c` \\u{1F600} // /* ",
    "{{ blocks }} {% raw %}",
    "${alert(1)} $\\frac{1}{2}$",
    "\u202eabc\u0007\x0b\ufffe",
)


@pytest.fixture(scope="module", params=[Language.NB, Language.EN])
def hostile(request, panel):
    """S2, with what nobody should be able to write everywhere where a text can stand."""
    report = panel.report(2, language=request.param)
    part = report.scorings[0]
    names = dict(zip(part.raters, HOSTILE, strict=False))

    def renamed(answer):
        rater = names.get(answer.rater, answer.rater)
        return dataclasses.replace(answer, rater=rater, note=HOSTILE[3])

    compared = tuple(
        dataclasses.replace(row, answers=tuple(renamed(answer) for answer in row.answers))
        for row in part.rows
    )
    part = dataclasses.replace(
        part,
        about=HOSTILE[3],
        raters=tuple(names.values()),
        rows=compared,
        unsupported=tuple(
            dataclasses.replace(one, rater=names[one.rater]) for one in part.unsupported
        ),
        notes=tuple(Note(HOSTILE[0], 1, text) for text in HOSTILE),
    )
    scale = report.scale
    items = tuple(
        dataclasses.replace(item, name=HOSTILE[place % len(HOSTILE)])
        for place, item in enumerate(scale.items)
    )
    overall = tuple(OverallName(one.key, HOSTILE[3]) for one in scale.overall)
    scale = dataclasses.replace(scale, title=HOSTILE[7], items=items, overall=overall)
    raters = tuple(names.values())
    return dataclasses.replace(report, scorings=(part,), scale=scale, raters=raters)


def test_the_page_shows_them_and_runs_none(hostile, page, tmp_path):
    path = tmp_path / "report.html"
    path.write_bytes(write_html(hostile))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(path.as_uri())
    assert page.locator("script, img, style").count() == 1
    assert escape(HOSTILE[0]) in path.read_text(encoding="utf-8")
    assert page.locator("td", has_text='#read("/etc/passwd")').count() >= 1


def test_the_pdf_shows_them_and_obeys_none(hostile):
    with pypdfium2.PdfDocument(write_pdf(hostile)) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    flat = "".join(text.split()).replace("\u200b", "")
    for word in ("<script>alert(1)", "#panic()", "#import", '#read("/etc/passwd")', "=cmd|"):
        assert word in flat, word
    assert "root:" not in flat


def test_no_cell_of_the_workbook_is_a_formula(hostile):
    content = write_xlsx(hostile)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert HOSTILE[3] in {cell.value for cell in cells}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        sheets = [archive.read(name) for name in names if "worksheets/" in name]
        assert not [name for name in names if "external" in name.lower()]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet]


@pytest.mark.long
def test_a_name_of_four_hundred_letters_stays_within_its_page(hostile):
    long = tuple(
        dataclasses.replace(item, name="gruppeterapi" * 33) for item in hostile.scale.items
    )
    report = dataclasses.replace(hostile, scale=dataclasses.replace(hostile.scale, items=long))
    with pypdfium2.PdfDocument(write_pdf(report)) as document:
        for page in document:
            text = page.get_textpage()
            rights = [text.get_rect(place)[2] for place in range(text.count_rects())]
            assert max(rights, default=0) <= page.get_size()[0] - 36
