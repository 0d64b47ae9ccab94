"""Files of documents: what is read of them, what is told, what is refused."""

import io
import zipfile

import docx
import pytest

from mbtg_video.dossier.read import MOST_LETTERS, read_document, tidied
from mbtg_video.errors import BadInput


def packed(document):
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def changed(data, part, change):
    """A Word document with one part of it changed, or a new one."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        names = {*old.namelist(), part}
        for name in sorted(names):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, change(content) if name == part else content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def paragraph(xml):
    """A document whose one paragraph holds this."""
    document = docx.Document()
    document.add_paragraph("HERE")
    old = b"<w:r><w:t>HERE</w:t></w:r>"
    return changed(packed(document), "word/document.xml", lambda body: body.replace(old, xml))


@pytest.mark.parametrize("suffix", [".txt", ".MD", ""])
def test_text_is_read_with_or_without_its_mark(suffix):
    for mark in (b"", b"\xef\xbb\xbf"):
        data = mark + "Åpning\r\nog  slutt  \r\n\r\n".encode()
        assert read_document(data, f"a{suffix}").text == "Åpning\nog  slutt"


def test_letters_are_composed_and_what_nobody_sees_is_taken_out():
    assert tidied("A\u030apning\u2028o\u0308\u00adl\u200b\ufeff") == "Åpning\nöl"
    assert tidied("\n\n  inn\trykk\r\rto\n\n") == "  inn\trykk\n\nto"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("æøå".encode("cp1252"), "UTF-8"),
        ("æøå".encode("utf-16"), "UTF-16"),
        (b"a\0b", "signs that no text has"),
        (b"a\x1b[2Jb", "signs that no text has"),
        (b"", "no text"),
        (b" \n\t\r\n", "no text"),
        (b"a" * (MOST_LETTERS + 1), "letters"),
        (b"a" * (9 << 20), "larger"),
    ],
)
def test_what_is_no_text_is_refused(data, why):
    with pytest.raises(BadInput, match=why):
        read_document(data, "a.txt")


def test_the_longest_text_is_read():
    assert len(read_document(b"a" * MOST_LETTERS, "a.txt").text) == MOST_LETTERS


def test_other_files_are_refused_by_their_ending():
    with pytest.raises(BadInput, match=r"not from \.pdf"):
        read_document(b"%PDF-1.7", "a.pdf")


def test_a_word_document_is_read_in_its_order_and_tells_what_is_lost():
    document = docx.Document()
    document.add_heading("Ramme", 1)
    document.add_paragraph("Gruppen møtes tirsdag.\tT1\nleder.")
    table = document.add_table(2, 2)
    for row, cells in enumerate((("Tid", "17.00"), ("Sted", "Kontoret"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    document.add_paragraph("Slutt", style="List Bullet")
    document.sections[0].header.paragraphs[0].text = "Topp"
    found = read_document(packed(document), "A.DOCX")
    assert found.text == (
        "Ramme\nGruppen møtes tirsdag.\tT1\nleder.\nTid | 17.00\nSted | Kontoret\nSlutt"
    )
    assert found.lost == (
        "headers and footers (1)",
        "tables: their words are kept, a line a row (1)",
    )


@pytest.mark.parametrize(
    ("xml", "text", "lost"),
    [
        (b"<w:r><w:t>a</w:t><w:drawing/></w:r>", "a", "pictures and text boxes (1)"),
        (b"<w:r><w:t>a</w:t><w:object/></w:r>", "a", "embedded files (1)"),
        (b"<w:r><w:t>a</w:t><w:footnoteReference w:id='1'/></w:r>", "a", "footnotes"),
        (b"<w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del>", "a",
         "deleted words"),
        (b"<w:ins><w:r><w:t>Kari</w:t></w:r></w:ins>", "Kari", "as if accepted"),
        (b"<w:hyperlink><w:r><w:t>Kari</w:t></w:r></w:hyperlink>", "Kari", "links"),
        (b"<w:sdt><w:sdtContent><w:r><w:t>Kari</w:t></w:r></w:sdtContent></w:sdt>", "Kari", ""),
    ],
)  # fmt: skip
def test_no_visible_word_is_dropped_and_whatever_else_is_told(xml, text, lost):
    found = read_document(paragraph(xml), "a.docx")
    assert found.text == text
    assert lost in "\n".join(found.lost)


def test_a_word_document_that_defines_entities_is_not_read():
    entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    plain = packed(docx.Document())
    declaration = b'<?xml version="1.0"?>'
    data = changed(plain, "word/document.xml", lambda body: declaration + entity + body[55:])
    with pytest.raises(BadInput, match="entities"):
        read_document(data, "a.docx")
    wide = changed(
        plain, "word/styles.xml", lambda body: ("\ufeff" + entity.decode()).encode("utf-16")
    )
    with pytest.raises(BadInput, match="entities"):
        read_document(wide, "a.docx")


def test_a_word_document_that_swells_is_not_read():
    data = changed(packed(docx.Document()), "word/bomb.bin", lambda _: b"\0" * (65 << 20))
    assert len(data) < 1 << 20
    with pytest.raises(BadInput, match="too large"):
        read_document(data, "a.docx")


def test_a_word_document_nested_without_end_is_not_read():
    data = paragraph(b"<w:ins>" * 250 + b"<w:r><w:t>a</w:t></w:r>" + b"</w:ins>" * 250)
    with pytest.raises(BadInput, match=r"deeply|can be read"):
        read_document(data, "a.docx")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"text"])
def test_what_is_no_word_document_is_refused(data):
    with pytest.raises(BadInput, match="no Word document"):
        read_document(data, "a.docx")


def test_what_a_word_document_points_at_outside_is_not_asked_for(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.write_text("Kari")
    link = (
        b'<Relationship Id="rId99" TargetMode="External" Target="%b" Type="http://schemas.'
        b'openxmlformats.org/officeDocument/2006/relationships/image"/></Relationships>'
    ) % outside.as_uri().encode()
    document = docx.Document()
    document.add_paragraph("Stille.")
    data = changed(
        packed(document),
        "word/_rels/document.xml.rels",
        lambda body: body.replace(b"</Relationships>", link),
    )
    assert read_document(data, "a.docx").text == "Stille."
