"""Searching all that is written, in the real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mbtg_video.dossier.keep import Writing, add_document
from mbtg_video.dossier.model import DocumentKind
from mbtg_video.excerpt.make import Wish, cut_excerpt
from mbtg_video.recording.access import find_recording
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
from tests.chromium import Held
from tests.studio.conftest import DAY


@pytest.fixture
def written(consenting, take):
    """R1 with an excerpt and two tags, of which one would like to be markup."""
    number = take("gop25")
    cut_excerpt(consenting, number, Wish("1s", "2s", "Stillhet i gruppen"), on=DAY)
    with consenting.transaction() as session:
        of = find_recording(session, number)
        for start, note in ((4_000_000, "Det blir Stille <b>nå</b>"), (8_000_000, "Hun ler")):
            mark = Mark(start=Timecode(start), scale="mbt-g-aqs", item=18, note=note, author="T1")
            add_tag(session, of, mark, on=DAY)
    return consenting


def field(page):
    return page.get_by_role("search").get_by_role("searchbox")


def test_a_hit_opens_its_recording_at_its_time(written, open_page):
    page = open_page()
    expect(page.locator(".recording-card")).to_have_count(1)
    page.keyboard.press("/")
    expect(field(page)).to_be_focused()
    page.keyboard.type("stille <b>")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search: stille <b>")).to_be_visible()
    hit = page.locator(".hit")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark").first).to_have_text("Stille")
    expect(hit.locator(".snippet")).to_have_text("Det blir Stille <b>nå</b>")
    expect(hit).to_contain_text("R1 · 00:04 · 13 Mar 2026 · T1")
    assert "stille" not in page.url  # a browser writes addresses into its history
    hit.get_by_role("link").press("Enter")
    expect(page).to_have_url(re.compile(r"#/R1@4/T1$"))
    expect(page.locator("[data-frame]")).to_have_attribute("data-frame", "100")
    expect(page.locator(".tag[aria-selected=true]")).to_contain_text("Stop and rewind")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("stille <b>")
    page.go_back()
    expect(hit).to_have_count(1)


def test_a_query_that_cannot_be_read_is_told_and_how_one_is_written(written, open_page):
    page = open_page()
    field(page).fill("color:red")
    field(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("'color:red'")
    expect(page.get_by_text("A minus before it excludes")).to_be_visible()
    field(page).fill("kind:tag -ler")
    field(page).press("Enter")
    expect(page.locator(".hit")).to_have_count(1)
    expect(page.get_by_role("alert")).to_be_hidden()
    page.get_by_role("button", name="Norsk").click()
    expect(page.locator(".hit")).to_contain_text("18 Stopp og spol tilbake")
    assert Axe().run(page).violations_count == 0


def test_a_page_that_comes_late_leaves_the_field_to_whoever_writes(written, open_page):
    page = open_page()
    expect(page.locator(".recording-card")).to_have_count(1)
    library = Held(page, "**/api/library")
    page.get_by_role("link", name="Excerpts").click()
    library.wait()
    page.keyboard.press("Control+k")
    page.keyboard.type("stil")
    library.let_go()
    expect(page.get_by_role("heading", name="Excerpts")).to_be_visible()
    expect(page.locator("[role=status].loading")).to_have_count(0)
    page.keyboard.type("le")
    expect(field(page)).to_have_value("stille")


def test_a_document_or_person_that_is_found_tells_what_opens_it(consenting, open_page):
    with consenting.transaction() as session:
        writing = Writing(
            kind=DocumentKind.FRAME, title="Rammen", text="Det er fast tid.", group="G1"
        )
        add_document(session, writing, delete_by=DAY, on=DAY)
    page = open_page()
    field(page).fill("fast")
    field(page).press("Enter")
    hit = page.locator(".hit")
    expect(hit.locator(".snippet")).to_have_text("Rammen: Det er fast tid.")
    expect(hit.locator("code")).to_have_text("mbtg dossier show D1")
    field(page).fill("kind:person P1")
    field(page).press("Enter")
    expect(hit).to_contain_text("P1 Person")
    expect(hit.locator(".snippet")).to_have_text("patient, G1")
    expect(hit.locator("code")).to_have_text("mbtg consent status")
    page.keyboard.press("Tab")
    expect(hit.get_by_role("button", name="Copy")).to_be_focused()


def test_more_is_shown_when_it_is_asked_for(consenting, take, open_page):
    number = take("gop25")
    with consenting.transaction() as session:
        of = find_recording(session, number)
        for place in range(60):
            add_tag(session, of, Mark(start=Timecode(place * 1000), label=f"vente {place}"), on=DAY)
    page = open_page()
    field(page).fill("vente")
    field(page).press("Enter")
    expect(page.get_by_text("50 of 60")).to_be_visible()
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".hit")).to_have_count(60)
    expect(page.get_by_role("link", name="T51")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
