"""Tags as CSV and XLSX: laid out by people and by other programs."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from mbtg_video.errors import BadInput
from mbtg_video.settings import Language
from mbtg_video.tag.exchange import csv_file, xlsx_file
from mbtg_video.tag.model import Valence
from tests.tag.exchange.values import at, item, outgoing, target


def read(text, encoding="utf-8"):
    return csv_file.read(text.encode(encoding), target())


def test_a_table_reads_as_excel_in_norway_expects_it():
    missed = item(603_480_000, 605_000_001, 2, author="T1", valence=Valence.MISSED)
    data = csv_file.write(outgoing(missed, at(5, label="=1+1"))).data
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "fra;til;skala;ledd;leddnavn;etikett;av;som;notat;merke",
        "00:10:03.480000;00:10:05.000001;mbt-g-aqs;2;Regulering av gruppens faser;;T1;tapt;;",
        "00:00:00.000005;;;;;'=1+1;;nøytral;;",
        "",
    ]
    english = csv_file.write(outgoing(item(5), language=Language.EN)).data.decode("utf-8-sig")
    assert english.startswith("start;end;scale;item;item name;label;author;valence;note;tag id")


def test_a_table_of_anybodys_is_understood():
    back = read(
        'Fra,Til,Ledd,Notat\r\n"10:03,48",603.9s,3,"to\nlinjer"\r\n604,,Fokus på følelser,\r\n'
    )
    assert back.losses == ()
    assert [(tag.start.microseconds, tag.item, tag.note) for tag in back.tags] == [
        (603_480_000, 3, "to\nlinjer"),
        (604_000_000, 17, None),
    ]
    assert back.tags[0].end.microseconds == 603_900_000
    assert back.tags[1].end is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_any_layout_is_read(encoding, delimiter):
    rows = [["start", "etikett", "som"], ["1", "Gråt på øya", "godt eksempel"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    (tag,) = read(text, encoding).tags
    assert (tag.label, tag.valence) == ("Gråt på øya", Valence.GOOD)


def test_the_line_that_tells_excel_the_separator_is_no_row():
    back = read("sep=,\r\nstart,label\r\n1,a;b;c\r\nx,y\r\n")
    assert [tag.label for tag in back.tags] == ["a;b;c"]
    assert [loss.place for loss in back.losses] == ["row 3"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1;2;42;;;;", "item 42 is not in mbt-g-aqs"),
        ("x;2;3;;;;", "start: 'x' is no time"),
        (";2;3;;;;", "start: '' is no time"),
        ("1;00:99;3;;;;", "end: '00:99' is no time"),
        ("4;2;3;;;;", "ends (00:00:02.000) before it starts"),
        ("1;2;;;;;", "neither an item nor a label"),
        ("1;2;3;;;;superb", "'superb' is none"),
        ("1;2;rewind?;;;;", "'rewind?' is no item; kept as a label"),
        ("1;2;3;crying;;;", "its label became part of the note"),
        ("1;2;3;;T9;;", "T9 is no person here"),
        ("1;2;3;;;;;extra", "more cells than row 1 has headings"),
    ],
)
def test_a_row_that_does_not_fit_is_named(row, said):
    back = read(f"start;end;item;label;author;note;valence\n1;2;3;;;;\n\n{row}\n")
    (loss,) = back.losses
    assert loss.place == "row 4"
    assert said in loss.what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("item;note\n1;x\n", "column start is missing"),
        ("start;fra\n1;2\n", "start is there twice"),
        ('start;note\n1;"x\n', "no CSV"),
        ("start\n\0\n", "no text"),
    ],
)
def test_what_is_no_table_of_tags_is_refused(text, said):
    with pytest.raises(BadInput, match=said):
        read(text)


def test_a_column_that_nobody_knows_is_told():
    (loss,) = read("start;label;mood\n1;x;y\n").losses
    assert loss.place == "row 1"
    assert "'mood' is not known" in loss.what


def test_a_workbook_holds_texts_and_no_formulas():
    note = "=cmd|' /C calc'!A1"
    data = xlsx_file.write(outgoing(item(5, number=7, note=note), at(6, label="a\rb _x000D_"))).data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert (sheet["D2"].value, sheet["D2"].data_type) == (7, "n")
    assert (sheet["I2"].value, sheet["I2"].data_type) == (note, "s")
    assert sheet["F3"].value == "a_x000D_b _x005F_x000D_"  # as Excel writes them
    assert [cell.font.b for cell in sheet[1]] == [True] * 10


def test_a_formula_in_a_workbook_is_refused_and_times_typed_in_excel_are_read():
    from datetime import time

    book = openpyxl.Workbook()
    book.active.append(["start", "item", "note"])
    book.active.append([time(0, 10, 3, 480_000), 3, "x"])
    book.active.append([12.5, 3, None])
    held = io.BytesIO()
    book.save(held)
    back = xlsx_file.read(held.getvalue(), target())
    assert [tag.start.microseconds for tag in back.tags] == [603_480_000, 12_500_000]
    book.active.append([1, 3, "=1+1"])
    book.save(held := io.BytesIO())
    with pytest.raises(BadInput, match="C4 holds a formula"):
        xlsx_file.read(held.getvalue(), target())


def test_the_first_sheet_that_is_shown_is_read_and_any_other_told():
    book = openpyxl.Workbook()
    book.active.append(["lists"])
    book.active.sheet_state = "hidden"
    for name, start in (("Mine", 1), ("Theirs", 2), ("Empty", None)):
        sheet = book.create_sheet(name)
        for row in [["start", "item"], [start, 3]] if start else []:
            sheet.append(row)
    book.save(held := io.BytesIO())
    back = xlsx_file.read(held.getvalue(), target())
    assert [tag.start.microseconds for tag in back.tags] == [1_000_000]
    assert [loss.place for loss in back.losses] == ["sheet Sheet", "sheet Theirs"]


def test_a_text_that_is_too_long_for_a_cell_is_told():
    long = item(5, note="x" * 32_766 + "🙂", name="T1")
    (loss,) = xlsx_file.write(outgoing(long)).losses
    assert loss.place == "T1"
    (tag,) = xlsx_file.read(xlsx_file.write(outgoing(long)).data, target()).tags
    assert tag.note == "x" * 32_766


def test_rows_beyond_the_size_that_a_workbook_says_it_has_are_read():
    written = xlsx_file.write(outgoing(item(1), item(2), at(3, label="siste")))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written.data)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'ref="A1:J4"', b'ref="A1:B2"'))
    assert changed.getvalue().count(b'ref="A1:B2"') == 1
    found = xlsx_file.read(changed.getvalue(), target())
    assert [tag.item or tag.label for tag in found.tags] == [3, 3, "siste"]
