"""Scoring beside others: two tabs, a reveal meanwhile, consent that ends, and what a role sees."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Form, Use
from mbtg_video.consent.record import record_consent
from mbtg_video.rating.agree import record_consensus, reveal
from mbtg_video.rating.model import RatingState, Source
from mbtg_video.rating.record import record_sheet, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.users import User, UserRole
from mbtg_video.withdrawal import withdraw
from tests.libraries import SIGNED_ON, UNTIL
from tests.sequences import DAY, filled
from tests.studio.scoring_page import card, choose, expect_saved, open_sheet, says, stored, submit
from tests.studio.serving import running


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


@pytest.mark.long
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


@pytest.mark.long
def test_the_button_that_hands_in_is_whole_on_a_phone(sequence, open_page):
    sequence.open()
    page = open_page("S1")
    page.set_viewport_size({"width": 390, "height": 844})
    open_sheet(page, "K1")
    hand_in = page.get_by_role("button", name="Submit", exact=True)
    expect(hand_in).to_be_in_viewport(ratio=1)


def test_a_reveal_elsewhere_ends_a_draft_and_says_so(two_sheets, sequence, open_page):
    page = open_page("S1")
    open_sheet(page, "K3")
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    choose(page, 1, 7, 7)
    says(page, "#alert", "was revealed on")
    expect(page.locator(".apart-table")).to_contain_text("Gap 3")
    assert "K3" not in page.locator(".apart-table").inner_text()


@pytest.mark.long
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


@pytest.mark.long
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


def test_an_ended_consent_is_told_and_what_was_filled_in_stays(sequence, studio, open_page):
    sequence.open()
    page = open_page("S1")
    open_sheet(page, "K1")
    choose(page, 1, 3, 4)
    expect_saved(page)
    withdraw(sequence.library, "P2", uses=[Use.SCORING], on=studio.today)
    choose(page, 2, 5, 6)
    says(page, "#alert", "P2")
    says(page, ".gaps", "Not saved yet")
    expect(card(page, 2).locator("input:checked")).to_have_count(2)
    with sequence.library.transaction() as session:
        how = {"signed_on": SIGNED_ON, "until": UNTIL}
        record_consent(session, "P2", [Use.SCORING], Form.IDENTIFIABLE, **how)
    choose(page, 3, 7, 7)
    expect_saved(page)
    _, sheet = stored(sequence, "K1")
    assert [sheet.score(item).quality for item in (1, 2, 3)] == [4, 6, 7]


def test_the_keys_of_the_picture_leave_the_sheet_alone(sequence, open_page):
    sequence.open()
    page = open_page("S1")
    open_sheet(page, "K1")
    page.keyboard.press("b")
    says(page, ".scoring > [role=status]", "Choose an item")
    choose(page, 1, 3)
    page.keyboard.press("b")
    says(page, "#alert", "Play the excerpt first")
    page.get_by_role("button", name="Play the excerpt").click()
    shown = page.locator("output.frame")
    expect(shown).to_have_attribute("data-frame", re.compile("[1-9]"))
    # It may have ended by now, and a key would play it again.
    page.locator("video").evaluate("video => video.pause()")
    page.keyboard.press("Home")
    expect(shown).to_have_attribute("data-frame", "0")
    first = card(page, 1).locator("input[value='3']").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(card(page, 1).locator("input[value='4']").first).to_be_checked()
    page.keyboard.press("6")
    expect(card(page, 1).locator("input[value='6']").first).to_be_checked()
    expect(card(page, 1).locator("input[value='6']").first).to_be_focused()
    page.keyboard.press("9")
    expect(card(page, 1).locator("input:checked")).to_have_count(1)
    page.keyboard.press("?")
    says(page, "dialog", "Score the row you are in")
    page.keyboard.press("Escape")
    expect(shown).to_have_attribute("data-frame", "0")
    page.keyboard.press("b")
    expect(card(page, 1).locator(".sheet-moment")).to_have_text("00:00.000")
    card(page, 1).locator("textarea").fill("jk")
    page.keyboard.type("lb")
    expect(card(page, 1).locator("textarea")).to_have_value("jklb")
    expect(shown).to_have_attribute("data-frame", "0")
    expect(card(page, 1).locator(".sheet-moment")).to_have_count(1)


def test_shredded_pictures_leave_the_numbers(two_sheets, sequence, open_page):
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    withdraw(sequence.library, "P1", uses=[], on=DAY)
    page = open_page("scorings")
    page.get_by_role("link", name="S1").click()
    says(page, ".scoring", "The excerpt was shredded.")
    first = page.locator(".apart-table tbody").first
    expect(first).to_contain_text("Gap 3")
    expect(first).not_to_contain_text("For tidlig")
    expect(page.locator(".sheet-moment, .take, .agreed-line, video")).to_have_count(0)


@pytest.mark.long
def test_a_role_without_sheets_sees_how_far_it_has_come(two_sheets, sequence, tmp_path, chromium):
    ring = replace(sequence.library.ring, user=User("personvern", UserRole.CONTROLLER))
    with running(replace(sequence.library, ring=ring), tmp_path / "studio.toml") as studio:
        page = chromium.new_page()
        page.goto(studio.link)
        page.get_by_role("link", name="Scorings").click()
        says(page, "main table", "Waiting for K3")
        page.get_by_role("link", name="S1").click()
        says(page, ".scoring-side", "no sheets")
        expect(page.locator(".scoring-side button")).to_have_count(0)
        page.close()


@pytest.mark.long
def test_a_consensus_cites_no_more_moments_than_a_sheet_may(sequence, open_page):
    number = sequence.open()
    for rater, first in (("K1", 0), ("K2", 600_000)):
        cited = tuple(sequence.moment(first + 1000 * step) for step in range(30))
        alike = ItemScore(item=8, adherence=4, quality=5, evidence=cited)
        sequence.rate(number, rater, filled(sequence.scale, item8=alike), source=Source.STUDIO)
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, number))
    page = open_page("S1")
    page.get_by_role("button", name="Consensus", exact=True).click()
    page.get_by_role("button", name="Record the consensus").click()
    expect(page.get_by_role("button", name="Record the changed consensus")).to_be_visible()
    with sequence.library.transaction() as session:
        consensus = find_scoring(session, number).consensus
        assert consensus is not None
        assert len(sheet_of(consensus).score(8).evidence) == 50
