"""When the studio has closed, no page of it goes on showing a patient."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.studio.room import Room
from tests.studio.serving import running


@pytest.fixture
def tab(chromium, take, consenting, tmp_path):
    """A studio in which a recording is on show, and its tab; the test stops the studio."""
    take("gop25")
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.clock.install()
    with running(consenting, tmp_path / "studio.toml") as studio:
        page.goto(studio.link)
        page.goto(f"http://127.0.0.1:{studio.port}/#/R1")
        room = Room(page)
        room.wait_until_shown()
        yield studio, page
        context.close()


def wait_until_closed(studio):
    while True:
        try:
            studio.get("/api/there")
        except OSError:
            return


def expect_nothing_shown(page):
    expect(page.get_by_role("heading", name="The studio is closed")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("Tirsdagsgruppen")


def test_a_page_that_nobody_touches_sees_that_the_studio_has_closed(tab):
    studio, page = tab
    page.clock.fast_forward("02:00")
    studio.server.stop()
    wait_until_closed(studio)
    page.clock.run_for(5000)
    expect_nothing_shown(page)


def test_a_page_that_the_studio_no_longer_knows_shows_nothing(tab):
    _, page = tab
    page.context.clear_cookies()
    page.clock.run_for(5000)
    expect_nothing_shown(page)


def test_looking_whether_it_is_still_there_keeps_no_studio_open(consenting, tmp_path):
    with running(consenting, tmp_path / "studio.toml") as studio:
        studio.enter()
        before = studio.server.guard.last_seen
        assert studio.get("/api/there").status == 200
        assert studio.server.guard.last_seen == before
        studio.post("/api/alive")
        assert studio.server.guard.last_seen > before
