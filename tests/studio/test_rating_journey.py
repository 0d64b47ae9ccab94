"""A sequence is scored in the browser: blind, revealed, agreed on and signed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from mbtg_video import audit
from mbtg_video.rating.model import RatingState, ScoringState
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_scoring
from tests.chromium import number_on_screen
from tests.studio.scoring_page import (
    card,
    choose,
    cite,
    expect_saved,
    fill_in,
    open_sheet,
    picture_begun_with,
    says,
    stored,
    submit,
)

FIRST_FRAME = 10  # of the recording, where the excerpt begins


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

    page.get_by_role("button", name="En annen vurderer").click()
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
    expect(page.get_by_role("button", name="Forskjeller")).to_be_focused()
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

    first.get_by_role("button", name="Bruk svaret til K2").click()
    expect(first.get_by_role("button", name="Bruk svaret til K2")).to_be_focused()
    expect(first.locator(".agreed-line .score").first).to_have_text("4")
    expect(first.locator(".agreed-line th")).to_have_text("Forslag")
    page.get_by_role("button", name="Konsensus", exact=True).click()
    says(page, ".sheet-status", "20 av 21 besvart")
    page.get_by_role("button", name="Lagre konsensus").click()
    says(page, ".gaps", "1 er ikke besvart")
    choose(page, 11, 3, 3)
    page.get_by_label("K1", exact=True).uncheck()
    page.get_by_role("button", name="Lagre konsensus").click()
    says(page, ".standing-line", "K2 ble enige")
    page.get_by_role("button", name="Signer", exact=True).click()
    page.get_by_label("Hvem signerer?").select_option("T1")
    page.get_by_role("button", name="Signer og lås").click()
    says(page, ".signed", "Signert av T1")
    expect(page.get_by_role("button", name="Konsensus", exact=True)).to_be_focused()
    page.get_by_role("button", name="Forskjeller").click()
    expect(first.locator(".agreed-line th")).to_have_text("Konsensus")
    expect(page.locator(".take")).to_have_count(0)
    page.get_by_role("button", name="Konsensus", exact=True).click()
    expect(page.locator(".score-sheet input:enabled, .score-sheet textarea")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Lagre|Signer|Bruk svaret"))).to_have_count(0)

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
