"""The forms to sign, as they come out of a printer."""

from __future__ import annotations

import ctypes
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from mbtg_video.consent.forms import consent_form, employer_form
from mbtg_video.consent.model import Use
from mbtg_video.settings import Language
from tests.papers import check_pdf, pages_of, text_of

ON = date(2026, 1, 15)
MARGIN = 56.6  # 20 mm
FORMS = {"consent": consent_form, "employer": employer_form}
LONG = "W" * 32

USES = {
    "nb": ("Egen gjennomgang", "Veiledning", "Kurs", "Skåring", "Undervisning", "Forskning"),
    "en": ("Own review", "Supervision", "Course", "Scoring", "Teaching", "Research"),
}
PROMISED = {
    ("consent", "nb"): (
        "Samtykke til videoopptak av gruppeterapi",
        "Gjenkjennelig", "Sladdet", "innen 12 måneder", "når som helst", "ikke å si hvorfor",
        "slettes hos oss", "levere det tilbake eller slette det", "Dette kan vi ikke love",
        "ikke sikkert at vi får tilbake", "personvernombud må godkjenne skjemaet",
        "ikke juridisk rådgivning", "Underskrift", "Person (kode)", "Telefon, e-post",
        "får ingen følger for behandlingen",
    ),
    ("consent", "en"): (
        "Consent to video recordings of group therapy",
        "Recognisable", "Concealed", "within 12 months", "at any time", "need not give a reason",
        "deleted at our end", "return or delete it", "What we cannot promise",
        "may not be possible to get back", "data protection officer has to approve this form",
        "no legal advice", "Signature", "Person (code)", "Telephone, e-mail",
        "no consequences for your treatment",
    ),
    ("employer", "nb"): (
        "Godkjenning fra overordnet", "erstatter ikke noe samtykke", "innen 12 måneder",
        "Gjelder fra (dato)", "Gjelder til (dato)", "Navn og stilling", "Underskrift",
        "når som helst trekke godkjenningen", "personvernombud må godkjenne skjemaet",
    ),
    ("employer", "en"): (
        "Employer's approval", "replaces no patient's consent", "within 12 months",
        "Holds from (date)", "Holds until (date)", "Name and position", "Signature",
        "can end this approval at any time", "data protection officer has to approve this form",
    ),
}  # fmt: skip


@pytest.fixture(scope="module", params=list(PROMISED), ids="-".join)
def printed(request):
    kind, language = request.param
    return kind, language, FORMS[kind](Language(language), months=12, on=ON, group=LONG)


def test_a_form_holds_all_uses_and_what_is_promised_with_its_letters(printed):
    kind, language, pdf = printed
    text = text_of(pdf)
    for part in (*USES[language], *PROMISED[kind, language], LONG):
        assert part in text, part
    assert "\N{REPLACEMENT CHARACTER}" not in text
    assert "{" not in text
    if language == "nb":
        assert {"æ", "ø", "å"} <= set(text)


def test_nothing_of_a_form_comes_into_the_margin_and_it_is_two_pages(printed):
    _, _, pdf = printed
    check_pdf(pdf, MARGIN)
    assert pages_of(pdf) == 2


def test_a_form_says_its_language_and_is_the_same_each_time(printed):
    kind, language, pdf = printed
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_dict()["Title"] in text_of(pdf)
        said = (ctypes.c_ushort * 8)()
        pdfium.FPDFCatalog_GetLanguage(document, said, ctypes.sizeof(said))
        assert bytes(said).decode("utf-16-le").rstrip("\0") == language
    assert FORMS[kind](Language(language), months=12, on=ON, group=LONG) == pdf


def boxes(pdf):
    """How many boxes to tick there are: squares of 4 mm."""
    count = 0
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for it in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=12):
                left, bottom, right, top = it.get_bounds()
                count += all(11 <= side <= 13 for side in (right - left, top - bottom))
    return count


def test_each_use_and_each_form_has_its_box_and_an_employer_ticks_none():
    for uses, ticks in (((), 8), ((Use.COURSE,), 3), ((Use.SUPERVISION, Use.COURSE), 4)):
        assert boxes(consent_form(Language.NB, months=12, on=ON, uses=uses)) == ticks
    assert boxes(employer_form(Language.NB, months=12, on=ON)) == 0


@pytest.mark.parametrize("kind", FORMS)
def test_only_the_uses_named_are_asked_for(kind):
    text = text_of(FORMS[kind](Language.EN, months=12, on=ON, uses=[Use.COURSE]))
    assert "teachers of a course" in text
    for other in ("Own review", "Supervision.", "Teaching", "Research", "on a scale"):
        assert other not in text


@pytest.mark.parametrize("kind", FORMS)
def test_one_month_is_said_as_one(kind):
    for language, said, wrong in (
        (Language.NB, "innen én måned etter", "1 måned"),
        (Language.EN, "within one month after", "1 month"),
    ):
        text = text_of(FORMS[kind](language, months=1, on=ON))
        assert said in text
        assert wrong not in text
