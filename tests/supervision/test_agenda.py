"""The agenda, rendered: on A4 and on screens, in both languages, with words of any length."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from mbtg_video.settings import Language
from mbtg_video.supervision.agenda.content import Agenda, Line, Sitting, Slotted, long_date
from mbtg_video.supervision.agenda.page import write_html
from mbtg_video.supervision.agenda.pdf import write_pdf
from tests.papers import check_page, check_pdf

LONG = "Samtykkekompetansevurderingsskjemautfyllingsveiledningsmøteinnkallingsfrist" * 2
LINES = (
    Line(1, "X7", "4:05 + 10 min samtale", "K2", (10, 12), ("Blåbær på ærlig vis", "Hva nå?"), ""),
    Line(2, "X12", "0:31", "", (), (LONG, LONG), "Kan ikke vises denne dagen."),
    Line(3, "Diskusjon", "15 min", "", (), (), ""),
)
AGENDA = Agenda(
    language=Language.NB,
    title=f"Kursdag 3, {long_date(date(2026, 4, 17), Language.NB)}",
    subtitle="Mentaliseringsbasert gruppeterapi",
    on=date(2026, 4, 17),
    facts=(("Sted", "Holbergs kurs- og konferansesenter, Oslo"), ("Tema", LONG)),
    duties=(("Presenterer klinisk materiale", "K2, K4, K10"),),
    characters=(("K1", "Åse, 43, ærlig og øm"), ("K2", LONG)),
    focus=((10, "Å ta opp hendelser i gruppen"), (11, LONG)),
    slots=(
        Slotted("09:00", "10:30", "Rollespill", ()),
        Slotted("12:45", "16:00", "Veiledning", (Sitting("L1", LONG, "Tar 40:00", LINES),)),
        Slotted("16:00", "17:00", LONG, (Sitting("L2", "", "Tar 0:00", ()),)),
    ),
    warnings=("planted warning",),
)


def flat(text):
    return "".join(text.replace("\N{ZERO WIDTH SPACE}", "").split())


@pytest.fixture(scope="module")
def pdf():
    document = pypdfium2.PdfDocument(write_pdf(AGENDA))
    yield document
    document.close()


def test_the_pdf_holds_every_word_on_a4(pdf):
    text = flat("".join(page.get_textpage().get_text_bounded() for page in pdf))
    for told in ("17.april2026", "Åse,43,ærligogøm", "K2,K4,K10", "Blåbærpåærligvis",
                 "09:00\N{EN DASH}10:30", "Ledd10,12", "4:05+10minsamtale",
                 "Ingenutdrag", "Fortrolig", "Notater"):  # fmt: skip
        assert told in text, told
    assert text.count(flat(LONG)) >= 6
    assert "planted" not in text
    assert {tuple(round(side) for side in page.get_size()) for page in pdf} == {(595, 842)}
    for page in pdf:
        for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            left, bottom, right, top = found.get_bounds()
            assert left >= 40
            assert right <= 595 - 40
            assert bottom >= 20
            assert top <= 842 - 40


def test_the_same_agenda_gives_the_same_bytes():
    assert write_pdf(AGENDA) == write_pdf(AGENDA)
    assert write_html(AGENDA) == write_html(AGENDA)


def test_the_page_stays_within_a_screen_and_fetches_nothing(new_page, tmp_path):
    path = tmp_path / "agenda.html"
    path.write_bytes(write_html(AGENDA))
    page = new_page()
    page.goto(path.as_uri())
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wider = page.evaluate(
            "[...document.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right >"
            " innerWidth + 0.5).map(one => one.outerHTML.slice(0, 80))"
        )
        assert wider == []
    text = page.inner_text("main")
    for told in ("17. april 2026", "Åse, 43, ærlig og øm", "K2, K4, K10", "Ledd 10, 12"):
        assert told in text, told
    assert "planted" not in text
    assert page.locator(".rule").count() == 3 * len(LINES) + 4 * len(AGENDA.focus) + 8
    assert page.locator("script, link, img").count() == 0
    assert page.locator("html").get_attribute("lang") == "nb"


@pytest.mark.parametrize("language", Language)
def test_it_is_drawn_whole_in_both_languages(language, page, tmp_path):
    agenda = replace(AGENDA, language=language)
    check_pdf(write_pdf(agenda), margin=51)
    path = tmp_path / "agenda.html"
    path.write_bytes(write_html(agenda))
    check_page(page, path)


def test_texts_are_escaped_and_both_languages_have_their_own_words():
    hostile = replace(AGENDA, language=Language.EN, subtitle="<script>alert(1)</script> & #set")
    page = write_html(hostile).decode()
    assert "<script>" not in page
    assert "Items in focus" in page
    document = pypdfium2.PdfDocument(write_pdf(hostile))
    text = document[0].get_textpage().get_text_bounded()
    assert "<script>alert(1)</script>&#set" in flat(text)
    assert "Duties" in text
    document.close()


def test_dates_are_written_as_people_write_them():
    assert long_date(date(2026, 8, 21), Language.NB) == "fredag 21. august 2026"
    assert long_date(date(2026, 8, 21), Language.EN) == "Friday 21 August 2026"


@pytest.mark.parametrize(
    "text", ["Hva nå? På ærlig vis. " * 400, "nå\n" * 400], ids=["long", "high"]
)
def test_a_text_longer_than_a_page_goes_on_on_the_next(text):
    line = replace(LINES[0], texts=(text, "Slutten"))
    slot = Slotted("12:45", "16:00", "Veiledning", (Sitting("L1", "", "Tar 4:05", (line,)),))
    told, lowest = "", []
    document = pypdfium2.PdfDocument(write_pdf(replace(AGENDA, slots=(slot,))))
    for page in document:
        words = page.get_textpage()
        told += words.get_text_bounded()
        lowest += [words.get_rect(number)[1] for number in range(words.count_rects())]
    document.close()
    assert "Slutten" in told
    assert min(lowest) > 0
