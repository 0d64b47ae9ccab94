"""A sequence is scored in the browser: blind, revealed, agreed on and signed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from mbtg_video import audit
from mbtg_video.rating.agree import record_consensus, reveal
from mbtg_video.rating.model import RatingState, ScoringState, Source
from mbtg_video.rating.record import record_sheet, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore
from tests.chromium import number_on_screen
from tests.sequences import DAY, filled

FIRST_FRAME = 10  # of the recording, where the excerpt begins


def says(page: Page, selector: str, text: str) -> None:
    expect(page.locator(selector)).to_contain_text(text)


def open_sheet(page: Page, rater: str) -> None:
    page.get_by_label(re.compile("Who is scoring|Hvem skårer")).select_option(rater)
    page.get_by_role("button", name=re.compile("Open the sheet|Åpne skjemaet")).click()
    expect(page.locator(".score-sheet")).to_be_visible()


def card(page: Page, answer: str | int) -> Locator:
    return page.locator(f'.score-sheet [data-answer="{answer}"]')


def choose(page: Page, answer: str | int, *values: int) -> None:
    """Choose values in the rows of an item or overall rating, one after the other."""
    rows = card(page, answer).get_by_role("radiogroup")
    for place, value in enumerate(values[-rows.count() :]):
        rows.nth(place).locator(f"input[value='{value}']").click()


def fill_in(page: Page, scale, adherence: int, quality: int) -> None:
    for item in scale.items:
        choose(page, item.number, adherence, quality)
    choose(page, "adherence", adherence)
    choose(page, "quality", quality)


def show_frame(page: Page, frame: int) -> None:
    """Bring a frame of the excerpt on show, by keys alone."""
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Home")
    shown = page.locator("output.frame")
    for step in range(frame + 1):
        expect(shown).to_have_attribute("data-frame", str(step))
        if step < frame:
            page.keyboard.press(".")


def cite(page: Page, item: int, frame: int) -> None:
    """Cite a frame for an item with the key that cites."""
    show_frame(page, frame)
    card(page, item).locator("textarea").focus()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    expect(card(page, item).locator(".sheet-moment")).to_have_count(1)


def expect_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def submit(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Submit|Lever)$")).click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^(Submit|Lever)$")).click()
    expect(page.locator(".handed-in")).to_be_visible()


def picture_begun_with(page: Page, deed: Callable[[], None]) -> int | None:
    """The number in the picture from which a deed plays, which is held there."""
    page.evaluate(
        """() => {
          const video = document.querySelector("video");
          window.begun = false;
          video.play = async () => {
            window.begun = true;
          };
        }"""
    )
    deed()
    page.wait_for_function("() => window.begun")
    page.evaluate("delete document.querySelector('video').play")
    return number_on_screen(page)


def stored(sequence, rater: str):
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, 1)
        found = next(one for one in scoring.ratings if one.rater == rater)
        return found.state, sheet_of(found)


@pytest.fixture
def two_sheets(sequence) -> int:
    """S1, which K1 and K2 have submitted, furthest apart on item 8; K3 has a draft."""
    number = sequence.open()
    apart = ItemScore(
        item=8, adherence=1, quality=2, note="For tidlig", evidence=(sequence.moment(600_000),)
    )
    sequence.rate(number, "K1", filled(sequence.scale, item8=apart), source=Source.STUDIO)
    sequence.rate(number, "K2", source=Source.STUDIO)
    sequence.rate(number, "K3", submit=False, source=Source.STUDIO)
    return number


def test_a_sequence_is_scored_from_the_excerpt_to_the_signature(sequence, studio, open_page):
    page = open_page("X1")
    page.locator("[data-language=nb]").click()
    page.get_by_role("button", name="Skår utdraget").click()
    page.get_by_role("dialog").get_by_role("button", name="Åpne en skåring").click()
    says(page, ".scoring h1", "Tapet blir synlig")
    expect(page.locator(".states [aria-current]")).to_have_text("Blind")

    open_sheet(page, "K1")
    page.get_by_role("button", name="Lever", exact=True).click()
    says(page, ".gaps", "21 er ikke besvart")
    page.get_by_role("button", name="Spill av utdraget").click()
    expect(page.locator("output.frame")).to_have_attribute("data-frame", re.compile(r"\d+"))
    page.locator("video").evaluate("video => video.pause()")
    fill_in(page, sequence.scale, 4, 5)
    choose(page, 8, 1, 2)
    card(page, 8).locator("textarea").fill("For tidlig")
    cite(page, 8, 12)
    assert number_on_screen(page) == FIRST_FRAME + 12
    says(page, ".sheet-status", "21 av 21 besvart")
    expect_saved(page)
    state, sheet = stored(sequence, "K1")
    assert state is RatingState.DRAFT
    assert sheet.score(8).evidence == (sequence.moment(12 * 40_000),)
    submit(page)
    says(page, ".handed-in", "Ingen andre ser det")

    page.get_by_role("button", name="En annen skårer").click()
    open_sheet(page, "K2")
    says(page, ".sheet-status", "0 av 21 besvart")
    assert "For tidlig" not in page.content()
    fill_in(page, sequence.scale, 4, 5)
    card(page, 11).get_by_role("button", name="Forekom ikke").click()
    cite(page, 8, 20)
    submit(page)
    says(page, ".standing", "K1 har levert")

    page.get_by_role("button", name="Avdekk skåringen").click()
    says(page, "dialog", "Leverte skjemaer: K1, K2")
    page.get_by_role("button", name="Avdekk nå").click()
    first, second = (
        page.locator(".apart-table tbody").nth(0),
        page.locator(".apart-table tbody").nth(1),
    )
    expect(first).to_contain_text("Avstand 3")
    expect(first).to_have_attribute("data-answer", "8")
    expect(second).to_contain_text("Uenige om det forekom")
    expect(first.get_by_role("row").nth(1)).to_contain_text("For tidlig")
    for rater, frame in (("K1", 12), ("K2", 20)):
        moment = first.get_by_role("button", name=re.compile(f"Spill av .*{rater}"))
        assert picture_begun_with(page, moment.click) == FIRST_FRAME + frame
        expect(page.locator("output.frame")).to_have_attribute("data-frame", str(frame))
    first.get_by_role("button", name=re.compile("Spill av .*K1")).click()
    page.wait_for_function("() => document.querySelector('output.frame').dataset.frame > 12")

    first.get_by_role("button", name="Ta over fra K2").click()
    expect(first.locator(".agreed-line .score").first).to_have_text("4")
    page.get_by_role("button", name="Enighet", exact=True).click()
    says(page, ".sheet-status", "20 av 21 besvart")
    page.get_by_role("button", name="Lagre enigheten").click()
    says(page, ".gaps", "1 er ikke besvart")
    choose(page, 11, 3, 3)
    page.get_by_label("K1", exact=True).uncheck()
    page.get_by_role("button", name="Lagre enigheten").click()
    says(page, ".standing-line", "K2 ble enige")
    page.get_by_role("button", name="Signer", exact=True).click()
    page.get_by_label("Hvem signerer?").select_option("T1")
    page.get_by_role("button", name="Signer og frys").click()
    says(page, ".signed", "Signert av T1")
    expect(page.locator(".take")).to_have_count(0)
    page.get_by_role("button", name="Enighet", exact=True).click()
    expect(page.locator(".score-sheet input:enabled, .score-sheet textarea")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Lagre|Signer|Ta over"))).to_have_count(0)

    with sequence.library.transaction() as session:
        scoring = find_scoring(session, 1)
        assert (scoring.state, scoring.signed_by) == (ScoringState.SIGNED, "T1")
        assert scoring.consensus is not None
        assert scoring.consensus.agreed_by == "K2"
        agreed = sheet_of(scoring.consensus)
        assert (agreed.score(8).quality, agreed.score(11).quality) == (5, 3)
        lines = audit.list_lines(session, act=audit.Act.RATING)
        deeds = [line.detail["deed"] for line in lines]
    assert deeds == ["open", "begin", "submit", "begin", "submit", "reveal", "consensus", "sign"]
    page.get_by_role("link", name="Skåringer").click()
    says(page, "main table", "Signert")


def test_two_tabs_with_one_draft_lose_nothing_of_either(sequence, open_page):
    sequence.open()
    one, other = open_page("S1"), open_page("S1")
    for page in (one, other):
        open_sheet(page, "K1")
    one.bring_to_front()
    choose(one, 1, 3, 4)
    card(one, 3).locator("textarea").fill("Fra den ene")
    expect_saved(one)
    other.bring_to_front()
    choose(other, 2, 5, 6)
    card(other, 3).locator("textarea").fill("Fra den andre")
    says(other, "#alert", "changed in another window")
    expect(card(other, 1).locator("input:checked")).to_have_count(2)
    expect(card(other, 3).locator("textarea")).to_have_value("Fra den ene\nFra den andre")
    expect_saved(other)
    _, sheet = stored(sequence, "K1")
    assert (sheet.score(1).quality, sheet.score(2).quality) == (4, 6)
    assert sheet.score(3).note == "Fra den ene\nFra den andre"


def test_another_tab_sees_its_own_rater_only(two_sheets, open_page):
    page = open_page("S1")
    open_sheet(page, "K3")
    assert "For tidlig" not in page.content()
    expect(page.locator(".sheet-moment")).to_have_count(0)
    page.get_by_role("button", name="Another rater").click()
    page.get_by_label("Who is scoring").select_option("K1")
    page.get_by_role("button", name="Open the sheet").click()
    says(page, ".handed-in", "Submitted")
    assert "For tidlig" not in page.content()
    page.get_by_role("button", name="Look at the sheet").click()
    expect(page.locator(".score-sheet[data-locked=true]")).to_contain_text("For tidlig")
    expect(page.locator(".score-sheet input:enabled")).to_have_count(0)


def test_a_sheet_that_was_taken_back_is_changed_and_handed_in_again(
    two_sheets, sequence, open_page
):
    page = open_page("S1")
    page.get_by_label("Who is scoring").select_option("K1")
    page.get_by_role("button", name="Open the sheet").click()
    page.get_by_role("button", name="Take it back").click()
    choose(page, 8, 6, 6)
    submit(page)
    state, sheet = stored(sequence, "K1")
    assert (state, sheet.score(8).quality) == (RatingState.SUBMITTED, 6)


def test_a_reveal_elsewhere_ends_a_draft_and_says_so(two_sheets, sequence, open_page):
    page = open_page("S1")
    open_sheet(page, "K3")
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    choose(page, 1, 7, 7)
    says(page, "#alert", "was revealed on")
    expect(page.locator(".apart-table")).to_contain_text("Gap 3")
    assert "K3" not in page.locator(".apart-table").inner_text()


def test_whoever_waits_sees_who_is_done_and_the_reveal(two_sheets, sequence, open_page):
    page = open_page("scorings")
    page.clock.install()
    page.get_by_role("link", name="S1").click()
    page.get_by_label("Who is scoring").select_option("K1")
    page.get_by_role("button", name="Open the sheet").click()
    says(page, ".standing", "K3 is not done")
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, 1)
        how = {"submit": True, "source": Source.COMMAND, "on": DAY}
        record_sheet(session, scoring, "K3", filled(sequence.scale), **how)
    page.clock.run_for(5000)
    says(page, ".standing", "K3 has submitted")
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    page.clock.run_for(5000)
    expect(page.locator(".apart-table")).to_be_visible()


def test_two_tabs_agree_without_overwriting_each_other(two_sheets, sequence, open_page):
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    page = open_page("S1")
    page.get_by_role("button", name="Consensus", exact=True).click()
    choose(page, 8, 7, 7)
    choose(page, 2, 6, 6)
    with sequence.library.transaction() as session:
        sheet = filled(sequence.scale, item1=ItemScore(item=1, adherence=2, quality=2))
        record_consensus(session, find_scoring(session, 1), sheet, source=Source.COMMAND, on=DAY)
    page.get_by_role("button", name="Record the consensus").click()
    says(page, "#alert", "look at 8")
    page.get_by_role("button", name="Record the changed consensus").click()
    expect(page.get_by_role("button", name="Sign", exact=True)).to_be_enabled()
    with sequence.library.transaction() as session:
        consensus = find_scoring(session, 1).consensus
        assert consensus is not None
        agreed = sheet_of(consensus)
    assert [agreed.score(item).quality for item in (1, 2, 8)] == [2, 6, 5]
