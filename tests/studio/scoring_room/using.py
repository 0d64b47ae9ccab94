"""What a rater does with a phone."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Page, expect

from mbtg_video.scale import Scale
from mbtg_video.studio.room.state import Room

# Each row of the sheet is a choice of its own; the page's own listeners hear each click.
_CHOOSE = """values => {
  const rows = () => document.querySelectorAll("[role=radiogroup]");
  if (rows().length !== values.length) throw new Error(`${rows().length} rows`);
  for (const [row, value] of values.entries()) {
    if (value !== null) rows()[row].querySelector(`input[value="${value}"]`).click();
  }
}"""


def enter(page: Page, room: Room, code: str) -> None:
    """Join and take a seat."""
    page.locator("#join").fill(room.join_code.lower())
    page.keyboard.press("Enter")
    page.locator(f"[data-code={code}]").click()
    expect(page.locator(".score-sheet")).to_be_visible()


def choose(page: Page, values: Sequence[int | None]) -> None:
    """Fill the rows in, from the first; None leaves one as it is."""
    expect(page.locator("#submit")).to_be_visible()
    page.evaluate(_CHOOSE, list(values))


def expect_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved")


def rows(scale: Scale) -> list[tuple[str, str]]:
    """What each row of the sheet asks: the number of an item or key, and the aspect."""
    found = []
    for item in scale.items:
        found += [(str(item.number), "adherence")] if item.adherence_rated else []
        found += [(str(item.number), "quality")]
    return found + [(overall.key, "value") for overall in scale.overall]
