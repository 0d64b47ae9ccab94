"""What is pressed in the bar is done, however slowly the program answers."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.chromium import Held


def test_what_is_set_before_the_program_has_answered_is_kept(open_page):
    page = open_page()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    asked = Held(page, "**/api/session")
    page.reload()
    asked.wait()
    page.locator("[data-language=nb]").click()
    page.locator("#theme").click()
    asked.let_go()
    for _ in range(2):
        expect(page.get_by_role("heading", name="Opptak", exact=True)).to_be_visible()
        expect(root).to_have_attribute("lang", "nb")
        expect(root).to_have_attribute("data-theme", "light")
        page.reload()
