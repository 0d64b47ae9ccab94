"""The builder of playlists, by mouse and by keyboard, and what the library holds afterwards."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.spoken import mark_name
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import (
    add_excerpts,
    add_step,
    find_playlist,
    new_playlist,
    order_entries,
)
from mbtg_video.timecode import Span, Timecode
from tests.libraries import copied
from tests.studio.conftest import DAY

TITLES = ("Turtaking", "Undring", "Stopp og spol")


@pytest.fixture(scope="module")
def library_folder(taken_folder, tmp_path_factory):
    with copied(taken_folder("gop25"), tmp_path_factory.mktemp("planned")) as library:
        for second, title in enumerate(TITLES, start=1):
            cut_excerpt(library, 1, Wish(f"{second}s", f"{second + 2}s", title), on=DAY)
        with library.transaction() as session:
            playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
            first, second = find_excerpt(session, 1), find_excerpt(session, 2)
            add_excerpts(session, playlist, [first], minutes=None, on=DAY)
            add_step(session, playlist, EntryKind.THEORY, "Nysgjerrighet", 10)
            add_excerpts(session, playlist, [second], minutes=5, on=DAY)
    return library.root


@pytest.fixture
def planned(consenting):
    """A library with three excerpts, of which L1 holds two and a step between them."""
    return consenting


def held(library) -> list[tuple[str | None, int | None]]:
    """What L1 holds in order: title or text, and minutes."""
    with library.transaction() as session:
        return [
            (entry.excerpt.title if entry.excerpt is not None else entry.text, entry.minutes)
            for entry in find_playlist(session, 1).entries
        ]


def order(library) -> list[str | None]:
    return [title for title, _ in held(library)]


def expect_steps(page: Page, *titles: str) -> None:
    """The page shows these steps, in this order."""
    names = [re.compile(f"^{title}, number {n} of") for n, title in enumerate(titles, 1)]
    rows = page.locator("li.step")
    expect(rows).to_have_count(len(names))
    for place, name in enumerate(names):
        expect(rows.nth(place)).to_have_attribute("aria-label", name)


def expect_said(page: Page, text: str) -> None:
    """What was read out at last."""
    expect(page.locator(".builder > [role=status]")).to_have_text(text)


def expect_at_rest(page: Page) -> None:
    """Every consent is shown, so that no row moves any more under what is dragged."""
    expect(page.locator(".step.excerpt").get_by_text("May be shown")).to_have_count(2)


def test_an_excerpt_is_dragged_between_the_steps(planned, open_page):
    page = open_page("L1")
    expect_at_rest(page)
    offer = page.locator(".offer", has_text="Stopp og spol")
    offer.drag_to(page.locator("li.step").nth(1), target_position={"x": 200, "y": 4})
    expect_steps(page, "Turtaking", "Stopp og spol", "Nysgjerrighet", "Undring")
    assert order(planned) == ["Turtaking", "Stopp og spol", "Nysgjerrighet", "Undring"]


def test_a_step_is_dragged_to_the_top_and_to_the_end(planned, open_page):
    page = open_page("L1")
    expect_at_rest(page)
    rows = page.locator("li.step")
    rows.nth(2).locator(".grip").drag_to(rows.nth(0), target_position={"x": 200, "y": 3})
    expect_steps(page, "Undring", "Turtaking", "Nysgjerrighet")
    box = page.locator(".steps-box")
    below = {"x": 200, "y": (box.bounding_box() or {})["height"] - 8}
    rows.nth(0).locator(".grip").drag_to(box, target_position=below)
    expect_steps(page, "Turtaking", "Nysgjerrighet", "Undring")
    assert order(planned) == ["Turtaking", "Nysgjerrighet", "Undring"]


def test_the_keyboard_alone_builds_a_playlist(planned, open_page):
    page = open_page("L1")
    page.get_by_role("searchbox", name="Search excerpts").focus()
    page.keyboard.type("spol")
    expect(page.locator(".offer:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Add Stopp og spol")).to_be_focused()
    page.keyboard.press("Enter")
    expect_said(page, "Stopp og spol was added as number 4 of 4.")

    rows = page.locator("li.step")
    rows.nth(3).focus()
    for _ in range(3):
        page.keyboard.press("Alt+ArrowUp")
    expect_said(page, "Stopp og spol is now number 1 of 4.")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect_said(page, "Stopp og spol is first already.")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect_said(page, "Turtaking is now number 3 of 4.")
    page.keyboard.press("Delete")
    expect_said(page, "Turtaking was taken out. The list has 3 steps.")
    expect(rows.nth(2)).to_be_focused()
    assert order(planned) == ["Stopp og spol", "Nysgjerrighet", "Undring"]


def test_buttons_move_a_step_and_keep_the_focus(planned, open_page):
    page = open_page("L1")
    down = page.get_by_role("button", name="Move down: Turtaking")
    down.focus()
    page.keyboard.press("Enter")
    expect_steps(page, "Nysgjerrighet", "Turtaking", "Undring")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect_steps(page, "Nysgjerrighet", "Undring", "Turtaking")
    page.get_by_role("button", name="Take out: Undring").click()
    expect_steps(page, "Nysgjerrighet", "Turtaking")
    assert order(planned) == ["Nysgjerrighet", "Turtaking"]


def test_minutes_and_texts_are_saved_when_they_change(planned, open_page):
    page = open_page("L1")
    page.get_by_label("Minutes for discussion").first.fill("12")
    page.keyboard.press("Tab")
    expect_said(page, "Turtaking: 12 minutes.")
    page.get_by_label("What happens (Theory)").fill("Ikke-vitende holdning")
    page.keyboard.press("Tab")
    expect_steps(page, "Turtaking", "Ikke-vitende holdning", "Undring")
    page.get_by_label("Minutes for discussion").nth(1).fill("")
    page.keyboard.press("Tab")
    expect_said(page, "Undring: no minutes.")
    assert held(planned) == [("Turtaking", 12), ("Ikke-vitende holdning", 10), ("Undring", None)]


def test_a_number_that_is_none_is_not_saved(planned, open_page):
    page = open_page("L1")
    minutes = page.get_by_label("Minutes for discussion").nth(1)
    minutes.fill("0")
    page.keyboard.press("Tab")
    expect(minutes).to_have_attribute("aria-invalid", "true")
    assert held(planned)[2] == ("Undring", 5)


def test_a_step_without_a_clip_is_added_with_its_text(planned, open_page):
    page = open_page("L1")
    page.get_by_label("Add without a clip").select_option("roleplay")
    page.locator(".new-step").get_by_label("What happens").fill("Spill det om igjen")
    page.locator(".new-step").get_by_label("Minutes").fill("20")
    page.keyboard.press("Enter")
    expect_steps(page, "Turtaking", "Nysgjerrighet", "Undring", "Spill det om igjen")
    assert held(planned)[3] == ("Spill det om igjen", 20)


def test_the_sum_tells_how_it_fits_the_session(planned, open_page):
    page = open_page("L1")
    verdict = page.locator(".verdict-line")
    # Two clips of 2 s, 10 minutes of theory and 5 of discussion.
    expect(verdict).to_contain_text("Together 15 min 4 s")
    expect(verdict).to_contain_text("Say how long the session is")
    slot = page.get_by_label("Length of the session in minutes")
    for minutes, told in (("15", "4 s too long for the session."), ("20", "4 min 56 s of the")):
        slot.fill(minutes)
        page.keyboard.press("Tab")
        expect(verdict).to_contain_text(told)
    expect(page.locator(".slot-sum")).to_contain_text("1 step without planned minutes.")
    with planned.transaction() as session:
        assert find_playlist(session, 1).slot_minutes == 20


def test_an_order_changed_elsewhere_is_told_and_read_again(planned, open_page):
    page = open_page("L1")
    expect_steps(page, "Turtaking", "Nysgjerrighet", "Undring")
    with planned.transaction() as session:
        playlist = find_playlist(session, 1)
        ids = [entry.id for entry in playlist.entries]
        order_entries(playlist, ids, ids[::-1])
    page.get_by_role("button", name="Move down: Turtaking").click()
    expect(page.get_by_role("alert")).to_contain_text("was changed elsewhere")
    expect_steps(page, "Undring", "Nysgjerrighet", "Turtaking")
    assert order(planned) == ["Undring", "Nysgjerrighet", "Turtaking"]


def test_an_ended_consent_is_shown_before_anything_is_handed_out(planned, studio, open_page):
    studio.today = date(2100, 1, 1)
    page = open_page("L1")
    expect(page.locator("li.step summary").first).to_have_text("May not be shown")
    page.get_by_role("button", name="Make the bundle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The consent of P1 has expired.")
    expect(dialog.get_by_role("button", name="Make the bundle")).to_be_disabled()


def test_a_refusal_of_the_program_is_told_and_adds_nothing(planned, open_page):
    page = open_page("L1")
    expect_steps(page, "Turtaking", "Nysgjerrighet", "Undring")
    with planned.transaction() as session:
        withdraw_uses(session, "P1", [Use.SUPERVISION], on=DAY)
    page.get_by_role("button", name="Add Stopp og spol").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be used for supervision")
    assert len(held(planned)) == 3


def test_a_bundle_shows_its_passphrase_until_it_is_put_away(planned, studio, open_page, tmp_path):
    page = open_page("L1")
    page.get_by_role("button", name="Make the bundle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Everybody present has consented to supervision.")
    dialog.get_by_label("Recipients").fill("Kari Nordmann\n\nOla Hansen\n")
    dialog.get_by_label("Folder").fill(str(tmp_path / "pakke"))
    dialog.get_by_role("button", name="Make the bundle").click()
    passphrase = dialog.locator(".passphrase")
    expect(passphrase).to_have_text(re.compile(r"^\S+( \S+){5}$"))
    words = passphrase.inner_text()
    expect(dialog).to_contain_text("Kari Nordmann, Ola Hansen")
    assert (tmp_path / "pakke" / "index.html").exists()
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(passphrase).to_be_visible()

    page.reload()
    expect(page.locator(".passphrase")).to_have_text(words)
    with page.expect_response(re.compile("/forget$")):
        page.get_by_role("button", name="I have kept the passphrase").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    # Posters are made beside it, and forgotten when they are done.
    assert [job for job in studio.server.studio.jobs.all() if job.about == "L1"] == []


def test_a_passphrase_stays_when_the_studio_stops(planned, studio, open_page, tmp_path):
    page = open_page("L1")
    page.get_by_role("button", name="Make the bundle").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Recipients").fill("Kari Nordmann")
    dialog.get_by_label("Folder").fill(str(tmp_path / "pakke"))
    dialog.get_by_role("button", name="Make the bundle").click()
    expect(dialog.locator(".passphrase")).to_be_visible()
    page.route("**/api/**", lambda route: route.abort())
    page.evaluate(
        """async () => {
          const [app, api] = [await import("/page/app.js"), await import("/page/api.js")];
          app.tell(new api.Gone());
        }"""
    )
    expect(page.get_by_role("heading", name="The studio is closed")).to_be_attached()
    expect(dialog.locator(".passphrase")).to_be_visible()
    dialog.get_by_role("button", name="I have kept the passphrase").click()
    expect(dialog).to_have_count(0)


def test_both_languages_show_the_same_list(planned, open_page):
    page = open_page("L1")
    expect_steps(page, "Turtaking", "Nysgjerrighet", "Undring")
    page.get_by_role("button", name="Norsk").click()
    row = page.locator("li.step").first
    expect(row).to_have_attribute("aria-label", "Turtaking, nummer 1 av 3")
    expect(page.get_by_role("button", name="Lag pakke")).to_be_visible()
    expect(page.get_by_label("Minutter til samtale").nth(1)).to_have_value("5")


def test_a_playlist_for_scoring_says_that_its_bundle_asks_for_scores(planned, open_page):
    with planned.transaction() as session:
        playlist = new_playlist(session, "Skåring i november", Use.SCORING)
        add_excerpts(session, playlist, [find_excerpt(session, 1)], minutes=None, on=DAY)
    page = open_page("L2")
    for language, button, told in (
        ("en", "Make the bundle", "This bundle asks for scores"),
        ("nb", "Lag pakke", "Pakken ber om skårer"),
    ):
        page.locator(f"[data-language={language}]").click()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_contain_text(told)
        page.keyboard.press("Escape")
    page.goto(page.url.replace("L2", "L1"))
    page.get_by_role("button", name="Lag pakke").click()
    expect(page.get_by_role("dialog")).to_contain_text("åpnes i en nettleser")
    expect(page.get_by_role("dialog")).not_to_contain_text("ber om skårer")


def test_a_name_that_nobody_decided_on_is_told_before_the_bundle_is_asked_for(planned, open_page):
    with planned.transaction() as session:
        span = Span(Timecode(1_200_000), Timecode(1_500_000))
        mark_name(session, find_recording(session, 1), span, on=DAY)
    page = open_page("L1")
    said = "1 spoken name not decided on"
    expect(page.locator("li.step.excerpt").first).to_contain_text(said)
    expect(page.locator("li.step.excerpt").last).not_to_contain_text(said)
    page.get_by_role("button", name="Make the bundle").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".points li")).to_have_text(re.compile(f"X1 Turtaking.*{said}"))
    dialog.get_by_role("link", name="Open R1").click()
    expect(page.locator("h1")).to_contain_text("R1")
    expect(dialog).to_have_count(0)
