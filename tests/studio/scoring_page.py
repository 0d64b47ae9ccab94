"""A scoring's page as a rater sees it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from mbtg_video.rating.model import RatingState
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import Sheet
from mbtg_video.scale import Scale
from tests.chromium import number_on_screen
from tests.sequences import Sequence


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


def fill_in(page: Page, scale: Scale, adherence: int, quality: int) -> None:
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


def stored(sequence: Sequence, rater: str) -> tuple[RatingState, Sheet]:
    """What the library holds of a rater in S1."""
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, 1)
        found = next(one for one in scoring.ratings if one.rater == rater)
        return found.state, sheet_of(found)
