"""The differences of more raters than can be read below each other."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Role
from mbtg_video.consent.record import add_person
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import Absence
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore
from tests.sequences import filled
from tests.studio.scoring_page import says


@pytest.fixture
def twelve_sheets(sequence) -> None:
    """S1, revealed: K12 is furthest from the others on item 8, and K11 did not see item 3."""
    with sequence.library.transaction() as session:
        for number in range(4, 13):
            add_person(session, f"K{number}", "KURS", Role.PARTICIPANT)
    scoring = sequence.open()
    seen = ItemScore(
        item=8, adherence=1, quality=2, note="For tidlig", evidence=(sequence.moment(),)
    )
    unseen = ItemScore(item=3, absence=Absence.DID_NOT_OCCUR)
    apart = {"K12": {"item8": seen}, "K11": {"item3": unseen}}
    for number in range(1, 13):
        rater = f"K{number}"
        sequence.rate(scoring, rater, filled(sequence.scale, **apart.get(rater, {})))
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, scoring))


@pytest.mark.usefixtures("twelve_sheets")
def test_many_raters_are_a_matrix_whose_items_open(open_page):
    page = open_page("S1")
    matrix = page.locator(".matrix")
    heads = matrix.locator("thead th.given")
    expect(heads).to_have_text([f"K{number}" for number in range(1, 13)])
    rows = matrix.locator("tbody")
    expect(rows).to_have_count(21)
    first, second = rows.nth(0), rows.nth(1)
    expect(first).to_have_attribute("data-answer", "8")
    expect(first.locator(".given").last.locator(".low")).to_have_text(["1", "2"])
    expect(first.locator(".given").first.locator(".high")).to_have_text(["4", "5"])
    expect(second.locator(".apart")).to_have_text("0 *")
    says(page, "tbody[data-answer='3'] .given >> nth=10", "Did not occur")
    expect(page.get_by_text("For tidlig")).to_have_count(0)

    item = first.get_by_role("button", name=re.compile("^8 "))
    item.focus()
    page.keyboard.press("Enter")
    expect(item).to_be_focused()
    expect(item).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_text("For tidlig")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile(r"Play .* \(K12\)"))).to_be_visible()
    page.get_by_role("button", name=re.compile("answer of K12: 8 ")).click()
    says(page, ".agreed-line", "Proposed")
    item.click()
    expect(page.get_by_text("For tidlig")).to_have_count(0)
    page.get_by_role("link", name="Scorings").click()
    codes = ", ".join(f"K{number}" for number in range(1, 13))
    expect(page.locator(".raters li")).to_have_text([f"{codes} submitted"])


@pytest.mark.usefixtures("twelve_sheets")
@pytest.mark.parametrize(
    ("width", "height"),
    [
        (420, 800),
        pytest.param(1024, 768, marks=pytest.mark.long),
        pytest.param(1280, 720, marks=pytest.mark.long),
    ],
)
def test_the_matrix_scrolls_by_itself_where_the_page_is_narrow(open_page, width, height):
    page = open_page("S1")
    page.set_viewport_size({"width": width, "height": height})
    expect(page.locator(".matrix")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = "e => e.scrollWidth <= e.clientWidth"
    assert page.locator(".matrix-scroll").evaluate(inside) or width < 1280
