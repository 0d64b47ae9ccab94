"""The PDF as another's reader sees it: rendered, with its text and its boxes."""

from __future__ import annotations

import ctypes
import tempfile

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from mbtg_video.rating.report.pdf import write_pdf
from mbtg_video.settings import Language
from tests.reports import SEVERAL

A4 = pytest.approx((595.3, 841.9), abs=0.5)


@pytest.fixture(scope="module")
def reports(panel):
    """Several sequences in Norwegian, one in English with notes."""
    return {
        "nb": panel.report(*SEVERAL, language=Language.NB),
        "en": panel.report(2, language=Language.EN, notes=True),
    }


@pytest.fixture(scope="module")
def files(reports):
    return {language: write_pdf(report) for language, report in reports.items()}


@pytest.fixture(params=["nb", "en"])
def document(request, files):
    opened = pypdfium2.PdfDocument(files[request.param])
    yield opened
    opened.close()


def whole_text(document):
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def objects(page):
    return list(page.get_objects(max_depth=12))


def test_every_page_is_a4_and_has_something_on_it(document):
    assert len(document) >= 6
    for page in document:
        assert page.get_size() == A4
        drawn = page.render(scale=0.5, grayscale=True).to_numpy()
        assert (drawn < 200).mean() > 0.005
        assert drawn.std() > 8


def test_no_text_leaves_the_page_or_runs_into_the_margin(document):
    for page in document:
        text = page.get_textpage()
        width, height = page.get_size()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            assert left >= 36, text.get_text_bounded(left, bottom, right, top)
            assert right <= width - 36, text.get_text_bounded(left, bottom, right, top)
            assert bottom >= 20
            assert top <= height - 36


def test_plots_are_vectors_with_their_text_as_text(document):
    kinds = [each.type for page in document for each in objects(page)]
    assert pdfium.FPDF_PAGEOBJ_IMAGE not in kinds
    assert pdfium.FPDF_PAGEOBJ_SHADING not in kinds
    assert kinds.count(pdfium.FPDF_PAGEOBJ_PATH) > 500


def test_the_text_can_be_taken_out_with_its_letters(files):
    with pypdfium2.PdfDocument(files["nb"]) as document:
        text = whole_text(document)
    assert "Håndtering av gruppens grenser" in text
    assert "Utforsking, nysgjerrighet og ikke-vitende" in text
    assert {"æ", "ø", "å"} <= set(text)
    assert "Hvor mange vurderere trenger vi?" in text
    assert "\N{REPLACEMENT CHARACTER}" not in text


def test_it_says_its_title_language_and_day_and_is_tagged(files):
    for language, name in (
        ("nb", "Rapport om skåringer S1, S4, S6"),
        ("en", "Report of ratings S2"),
    ):
        with pypdfium2.PdfDocument(files[language]) as document:
            told = document.get_metadata_dict()
            assert told["Title"] == name
            assert told["CreationDate"].startswith("D:20261204")
            assert document.is_tagged()
            said = (ctypes.c_ushort * 8)()
            pdfium.FPDFCatalog_GetLanguage(document, said, ctypes.sizeof(said))
            assert bytes(said).decode("utf-16-le").rstrip("\0") == language


def test_each_plot_has_its_words(files, reports):
    # One sequence: profile, heat map, agreement of two kinds, raters, growth.
    assert files["en"].count(b"/S /Figure") + files["en"].count(b"/S/Figure") >= 6


def test_notes_are_in_only_when_asked_for(files):
    for language, expected in (("en", True), ("nb", False)):
        with pypdfium2.PdfDocument(files[language]) as document:
            assert ("Plantet notat" in whole_text(document)) is expected


def test_the_same_report_gives_the_same_file(reports, files):
    assert write_pdf(reports["en"]) == files["en"]


def test_nothing_of_it_is_left_in_a_temporary_folder(panel, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    write_pdf(panel.report(7, language=Language.NB))
    assert list(tmp_path.iterdir()) == []
