"""The library, what is due, the excerpts, and taking a recording in, in the real browser."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.excerpt.make import Wish, cut_excerpt
from mbtg_video.recording.access import list_recordings
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.supervision.playlist import list_playlists
from tests.chromium import Held
from tests.libraries import SIGNED_ON
from tests.studio.conftest import DAY
from tests.studio.serving import running


@pytest.fixture
def two_groups(consenting, take, recording_file, studio):
    """R1 of G1, whose consents hold, and R2 of G2, whose consent ended yesterday."""
    take("gop25")
    with consenting.transaction() as session:
        add_group(session, "G2", "Torsdagsgruppen", approval_required=False)
        add_person(session, "P9", "G2", Role.PATIENT)
        ends = studio.today - timedelta(days=1)
        record_consent(
            session, "P9", [Use.OWN_REVIEW], Form.IDENTIFIABLE, signed_on=SIGNED_ON, until=ends
        )
    told = Description("G2", date(2026, 3, 20), ["P9"])
    take_in(consenting, recording_file("no_audio"), told, on=date(2026, 3, 20))
    return consenting


def test_a_card_opens_its_recording_and_tells_why_it_may_not_be_shown(two_groups, open_page):
    page = open_page()
    cards = page.locator(".recording-card")
    expect(cards).to_have_count(2)
    # The newest comes first.
    expect(cards.nth(0)).to_contain_text("Torsdagsgruppen")
    expect(cards.nth(0)).to_contain_text("May not be shown")
    cards.nth(0).locator("summary").press("Enter")
    expect(cards.nth(0)).to_contain_text("The consent of P9 has expired.")
    expect(cards.nth(0)).to_contain_text("Present: P9")
    cards.nth(1).click(position={"x": 30, "y": 30})
    expect(page).to_have_url(re.compile(r"#/R1$"))


def test_a_picture_is_shown_only_where_consent_covers_it(two_groups, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    cards = page.locator(".recording-card")
    expect(cards.nth(1).locator("img")).to_have_js_property("complete", True)
    assert cards.nth(1).locator("img").evaluate("image => image.naturalWidth") > 100
    expect(cards.nth(0)).to_contain_text("The picture is not shown: consent does not cover it.")
    assert not [url for url in asked if "R2/poster" in url]


def test_what_is_searched_for_narrows_the_recordings(two_groups, open_page):
    page = open_page()
    search = page.get_by_role("searchbox", name="Search recordings")
    search.fill("tirsdag g1")
    expect(page.locator(".recording-card")).to_have_count(1)
    search.fill("onsdag")
    expect(page.get_by_text("Nothing matches “onsdag”.")).to_be_visible()


def test_what_is_due_names_the_command_that_mends_it(two_groups, open_page):
    page = open_page()
    expect(page.locator(".duebox")).to_contain_text("1 has passed")
    page.get_by_role("link", name="See what is due").click()
    row = page.get_by_role("row", name=re.compile("P9"))
    expect(row).to_contain_text("The consent ends")
    expect(row).to_contain_text("1 day ago")
    expect(row.locator("code").first).to_have_text(re.compile("^mbtg consent record P9 "))
    expect(row.locator("code").last).to_have_text("mbtg consent withdraw P9")


def test_an_empty_library_shows_how_to_begin(library, chromium, tmp_path):
    with running(library, tmp_path / "studio.toml") as studio:
        page = chromium.new_page(locale="en-GB")
        page.goto(studio.link)
        expect(page.get_by_role("heading", name="Begin with the group")).to_be_visible()
        for words in ("group add", "person add", "consent record"):
            expect(page.locator("code", has_text=f"mbtg {words}").first).to_be_visible()
        page.close()


def test_a_recording_is_taken_in(consenting, open_page, recording_file):
    page = open_page()
    page.get_by_role("button", name="Take in a recording").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(recording_file("gop25"))
    expect(dialog).to_contain_text("gop25.mp4")
    dialog.get_by_label("Recorded on").fill("2026-03-13")
    dialog.get_by_label("Role-play").check()
    dialog.get_by_label("P2 patient").uncheck()
    dialog.get_by_role("button", name="Take in a recording").click()
    expect(page).to_have_url(re.compile(r"#/R1$"))
    expect(page.get_by_role("dialog")).to_have_count(0)
    with consenting.transaction() as session:
        (recording,) = list_recordings(session)
        assert recording.file_name == "gop25.mp4"
        assert recording.kind == "roleplay"
        assert recording.recorded_on == DAY
        assert [person.code for person in recording.present] == ["P1", "T1"]


def test_a_file_dropped_on_the_page_opens_the_dialog(consenting, open_page):
    page = open_page()
    expect(page.get_by_role("heading", name="Recordings", exact=True)).to_be_visible()
    dropped = page.evaluate_handle(
        """() => {
          const dropped = new DataTransfer();
          dropped.items.add(new File(["no film"], "film.mp4", { type: "video/mp4" }));
          return dropped;
        }"""
    )
    page.dispatch_event("#main", "drop", {"dataTransfer": dropped})
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("film.mp4")
    dialog.get_by_role("button", name="Take in a recording").click()
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    with consenting.transaction() as session:
        assert not list_recordings(session)


def test_what_is_missing_is_said_before_anything_is_sent(consenting, open_page, recording_file):
    page = open_page()
    page.get_by_role("button", name="Take in a recording").first.click()
    dialog = page.get_by_role("dialog")
    send = dialog.get_by_role("button", name="Take in a recording")
    wrong = dialog.get_by_role("alert")
    send.click()
    expect(wrong).to_have_text("Choose a file first.")
    dialog.locator("input[type=file]").set_input_files(recording_file("gop25"))
    dialog.get_by_label("Recorded on").fill("2099-01-01")
    send.click()
    expect(wrong).to_have_text("Choose a date that is not in the future.")
    dialog.get_by_label("Recorded on").fill("2026-03-13")
    for box in dialog.get_by_role("checkbox").all():
        box.uncheck()
    send.click()
    expect(wrong).to_have_text("Tick those who are present.")


def test_taking_in_can_be_broken_off(consenting, open_page, recording_file):
    page = open_page()
    page.get_by_role("button", name="Take in a recording").first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(recording_file("gop25"))
    sent = Held(page, "**/api/intake/*")
    dialog.get_by_role("button", name="Take in a recording").click()
    expect(dialog.locator("progress")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("alert")).to_have_text("Cancelled. Nothing was kept.")
    sent.drop()
    with consenting.transaction() as session:
        assert not list_recordings(session)


def test_chosen_excerpts_go_into_a_new_playlist_together(consenting, take, open_page):
    number = take("gop25")
    for title in ("Turtaking", "Undring", "Stopp"):
        cut_excerpt(consenting, number, Wish("1s", "2s", title), on=DAY)
    page = open_page("excerpts")
    button = page.get_by_role("button", name="Add to a playlist")
    expect(button).to_be_disabled()
    page.get_by_label("Choose X1 Turtaking").check()
    page.get_by_label("Choose X3 Stopp").check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    button.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the list").fill("Fredag")
    dialog.get_by_label("Length of the session in minutes").fill("45")
    dialog.get_by_role("button", name="Make").click()
    page.get_by_role("link", name="Open L1").click()
    expect(page.locator("li.step")).to_have_count(2)
    with consenting.transaction() as session:
        (playlist,) = list_playlists(session)
        titles = {entry.excerpt.title for entry in playlist.entries if entry.excerpt is not None}
        assert (playlist.title, playlist.slot_minutes) == ("Fredag", 45)
        assert titles == {"Turtaking", "Stopp"}


def test_an_excerpt_plays_and_explains_how_it_was_cut(consenting, take, open_page):
    wish = Wish("1s", "2s", "Turtaking", "Hvem får ordet?")
    cut_excerpt(consenting, take("gop25"), wish, on=DAY)
    page = open_page("X1")
    expect(page.locator("blockquote")).to_have_text("Hvem får ordet?")
    receipt = page.get_by_role("region", name="Receipt")
    expect(receipt).to_contain_text("25 frames, exactly those of the span.")
    expect(receipt).to_contain_text("all in order")
    expect(page.locator("video")).to_have_count(0)
    page.get_by_role("button", name="Play the excerpt").click()
    video = page.locator("video")
    expect(video).to_have_js_property("ended", True)
    video.evaluate("video => (video.dataset.same = 'yes')")
    page.get_by_role("button", name="Norsk").click()
    expect(page.get_by_role("region", name="Kvittering")).to_contain_text("25 bilder")
    expect(video).to_have_attribute("data-same", "yes")
    expect(page.get_by_role("link", name=re.compile("^Fra R1,"))).to_have_attribute("href", "#/R1")
