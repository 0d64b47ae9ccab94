"""What is pressed in the bar is done, however slowly the program answers."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.chromium import Held
from tests.studio.room import Room


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


def test_a_place_is_shown_once_although_the_browser_tells_of_it_again(take, open_page):
    take("no_audio", 2)
    page = open_page()
    expect(page.locator(".recording-card")).to_have_count(1)
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/api/")[2]))
    page.evaluate("for (const place of ['#/R1', '#/due', '#/R1']) location.hash = place")
    Room(page).wait_until_shown()
    assert asked.count("recordings/R1") == 1
