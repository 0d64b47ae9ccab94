"""The reminder as its reader gets it: in plain words, on paper and on a page."""

from __future__ import annotations

import re
from datetime import date

import msgspec
import pytest

from mbtg_video.consent.model import Use
from mbtg_video.consent.policy import Reason
from mbtg_video.course.programme import find_programme
from mbtg_video.readiness import Lack, Missing
from mbtg_video.reminder.letter import sentences, write
from mbtg_video.reminder.paper import as_html, as_pdf
from mbtg_video.scale import Wording
from mbtg_video.settings import Language
from tests.papers import check_page, check_pdf, pages_of, text_of

ON = date(2026, 3, 2)
DAY_2, DAY_3 = date(2026, 3, 13), date(2026, 4, 17)
MARGIN = 62  # 22 mm
LONG = "W" * 32
ENDLESS = f"<b>{'Samtykkeoppbevaringsforsvarlighetsvurderingsgjennomføringæøå' * 3}</b>"
PLAIN = [Missing(it) for it in Missing if it not in (Missing.CONSENT, Missing.APPROVAL)]


def lack(what, code="G1", *, participant="K1", day=2, use=None, reason=None):
    on = {2: DAY_2, 3: DAY_3}[day]
    return Lack(participant, day, on, what, code, "mbtg planted command", use, reason)


def consent(code, use, reason, **more):
    return lack(Missing.CONSENT, code, use=use, reason=reason, **more)


def everything(participant="K1", code="P1"):
    """Every kind of lack, for two days."""
    for day in (2, 3):
        yield from (lack(what, code, participant=participant, day=day) for what in PLAIN)
        yield lack(Missing.APPROVAL, code, participant=participant, day=day, reason=Reason.APPROVAL)
        for reason in Reason:
            if reason is not Reason.APPROVAL:
                yield consent(code, Use.COURSE, reason, participant=participant, day=day)


@pytest.fixture(scope="module")
def programme():
    return find_programme("mbt-g-2026")


@pytest.fixture(scope="module")
def endless(programme):
    """The programme with words that fit into no line."""
    words = Wording(nb=ENDLESS, en=ENDLESS)
    days = tuple(msgspec.structs.replace(day, nb=ENDLESS, en=ENDLESS) for day in programme.days)
    return msgspec.structs.replace(programme, title=words, place=ENDLESS, days=days)


def one(programme, lacks, language=Language.NB):
    (letter,) = write(programme, lacks, language, ON)
    return letter


def said(letter):
    return [sentence for day in letter.days for part in day.parts for sentence in part.sentences]


def test_each_participant_gets_a_letter_with_their_own_lacks(programme):
    lacks = [
        lack(Missing.CHARACTER, "K10", participant="K10"),
        lack(Missing.CHARACTER, "K2", participant="K2", day=3),
        lack(Missing.DOSSIER_GROUP, "G7", participant="K2"),
    ]
    letters = write(programme, lacks, Language.NB, ON)
    assert [letter.participant for letter in letters] == ["K2", "K10"]
    assert [day.heading for day in letters[0].days] == [
        "Kursdag 2: fredag 13. mars 2026",
        "Kursdag 3: fredag 17. april 2026",
    ]
    assert letters[0].days[0].by == "Alt nedenfor må være på plass før fredag 13. mars 2026."
    assert "G7" not in str(letters[1])
    assert write(programme, [], Language.NB, ON) == []


def test_a_persons_consents_are_one_sentence_for_one_reason(programme):
    lacks = [
        consent("P1", Use.COURSE, Reason.MISSING),
        consent("P1", Use.SUPERVISION, Reason.MISSING),
        consent("P2", Use.COURSE, Reason.EXPIRED),
        consent("P2", Use.SUPERVISION, Reason.NARROWER),
    ]
    assert said(one(programme, lacks, Language.EN)) == [
        "P1 has given no written consent. It is needed for the course and supervision.",
        "P2: the consent to the course has ended by the course day.",
        "P2 has consented, but not to supervision.",
    ]
    assert said(one(programme, lacks))[0] == (
        "P1 har ikke gitt noe skriftlig samtykke. Det trengs til kurset og veiledning."
    )


def test_a_letter_that_asks_for_consents_says_that_nobody_is_to_be_pressed(programme):
    asking = one(programme, [consent("P1", Use.COURSE, Reason.WITHDRAWN)])
    assert any("alltid frivillig" in sentence for sentence in asking.closing)
    assert "spør ikke på nytt" in said(asking)[0]
    other = one(programme, [lack(Missing.CHARACTER)])
    assert not any("frivillig" in sentence for sentence in other.closing)


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_lacking_is_said_once_and_never_as_a_command(programme, language):
    letter = one(programme, list(everything()), language)
    for day in letter.days:
        told = [sentence for part in day.parts for sentence in part.sentences]
        assert len(told) == len(set(told)) == len(Missing) - 1 + len(Reason) - 1
    shown = as_html(letter).decode()
    assert "planted" not in shown
    assert "mbtg" not in shown
    assert "{" not in re.sub(r"<style>.*</style>", "", shown, flags=re.DOTALL)


def test_there_are_sentences_for_every_reason_and_use():
    texts = sentences()
    assert set(texts.reasons) == set(Reason) - {Reason.APPROVAL}
    assert set(texts.lacks) == set(Missing) - {Missing.CONSENT}
    assert set(texts.uses) == set(Use)
    assert (len(texts.months), len(texts.weekdays)) == (12, 7)


@pytest.mark.parametrize("language", Language)
def test_a_printed_letter_keeps_its_margins_and_its_letters(programme, endless, language):
    letter = one(programme, list(everything()), language)
    pdf = as_pdf(letter)
    check_pdf(pdf, MARGIN)
    text = text_of(pdf)
    for sentence in said(letter):
        assert sentence in text
    if language is Language.NB:
        assert {"æ", "ø", "å"} <= set(text)
        assert "Holbergs kurs- og konferansesenter, Oslo" in text
    assert pages_of(pdf) == 2
    assert as_pdf(letter) == pdf
    long = as_pdf(one(endless, list(everything(LONG, LONG)), language))
    check_pdf(long, MARGIN)
    assert LONG in text_of(long)
    assert "</b>" in text_of(long).replace("\u200b", "")  # no markup


@pytest.mark.parametrize("language", Language)
def test_a_letter_as_a_page_is_cut_off_nowhere(programme, endless, language, page, tmp_path):
    letters = [one(programme, list(everything()), language)]
    if language is Language.NB:  # the words that fit into no line are the same in both
        letters.append(one(endless, list(everything(LONG, LONG)), language))
    for number, letter in enumerate(letters):
        path = tmp_path / f"{number}.html"
        path.write_bytes(as_html(letter))
        check_page(page, path)
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("b, script, link, img").count() == 0
        assert page.locator("li").all_text_contents() == said(letter)
