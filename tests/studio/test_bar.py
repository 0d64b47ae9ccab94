"""The bar of the studio, however slowly the program and the browser answer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.chromium import Held
from tests.studio.room import Room


def test_nothing_is_set_before_the_program_has_answered_and_all_of_it_after(open_page):
    page = open_page()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    asked = Held(page, "**/api/session")
    page.reload(wait_until="commit")
    asked.wait()
    norwegian, theme = page.locator("[data-language=nb]"), page.locator("#theme")
    for control in (norwegian, theme):
        expect(control).to_be_disabled()
    expect(page.locator("#find")).to_be_hidden()
    asked.let_go()
    expect(page.locator("#find")).to_be_visible()
    page.evaluate(
        "for (const it of ['[data-language=nb]', '#theme']) document.querySelector(it).click()"
    )
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
