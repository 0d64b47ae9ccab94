"""What the page has shown as saved is saved, whatever is closed, killed or done twice."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from mbtg_video.library import open_library
from mbtg_video.tag.mark import find_tag, list_tags
from tests.libraries import PASSPHRASE
from tests.studio.room import Room

# Another listener of the channel on which tabs tell each other what was acknowledged.
_HEAR = """() => {
  window.heard = [];
  new BroadcastChannel("mbtg-R1").onmessage = (event) => {
    if (event.data.record) window.heard.push(event.data.record);
  };
}"""


@pytest.fixture(scope="module")
def library_folder(taken_folder):
    return taken_folder("gop25")


@pytest.fixture
def room(open_page):
    room = Room(open_page("R1"))
    room.wait_until_shown()
    return room


def notes(library):
    with library.transaction() as session:
        return [tag.note for tag in list_tags(session)]


def test_a_reload_in_the_middle_of_a_note_keeps_what_was_typed(room, consenting):
    room.press("3")
    room.expect_saved()
    room.press("Enter")
    room.page.keyboard.type("Her stopper alle")
    room.page.reload()
    room.wait_until_shown()
    room.row("T1").click()
    expect(room.page.locator("#note")).to_have_value("Her stopper alle")
    assert notes(consenting) == ["Her stopper alle"]


def test_leaving_the_view_keeps_what_was_typed(room, consenting):
    room.press("3", "Enter")
    room.page.keyboard.type("På vei ut")
    room.page.goto(re.sub("#.*", "#/playlists", room.page.url))
    expect(room.page.locator("h1")).to_have_text("Playlists")
    room.page.go_back()
    room.wait_until_shown()
    expect(room.row("T1")).to_contain_text("På vei ut")


def test_a_note_pauses_and_goes_on_two_seconds_earlier(room):
    room.go_to("f100")
    room.expect_frame(100)
    room.press("3", "k")
    room.page.wait_for_function("() => !document.querySelector('video').paused")
    room.page.wait_for_function(
        "() => Number(document.querySelector('output.frame').dataset.frame) > 110"
    )
    room.page.evaluate(
        """() => {
          window.first = window.stopped = null;
          document.addEventListener("keydown", () => {
            window.stopped ??= Number(document.querySelector("output.frame").dataset.frame);
          }, true);
          document.querySelector("video").addEventListener("seeked", () => {
            window.first ??= Number(document.querySelector("video").currentTime);
          });
        }"""
    )
    room.press("Enter")
    room.page.wait_for_function("() => document.querySelector('video').paused")
    room.page.keyboard.type("Et notat")
    room.press("Escape")
    room.page.wait_for_function("() => window.first !== null")
    room.page.wait_for_function("() => !document.querySelector('video').paused")
    stopped, resumed = room.read("[window.stopped, window.first]")
    assert stopped > 110
    assert 0 <= resumed - (stopped / 25 - 2) < 0.04


def test_undo_and_redo_go_through_every_kind_of_change(room, consenting):
    def stored():
        room.expect_saved()
        with consenting.transaction() as session:
            return [
                (t.item, t.start.microseconds, t.end and t.end.microseconds, t.valence.value)
                for t in list_tags(session)
            ]

    room.go_to("f200")
    room.expect_frame(200)
    room.press("3")
    added = stored()
    room.press("+")
    good = stored()
    assert good == [(*added[0][:3], "good")]
    room.press("v")
    moved = stored()
    assert moved == [(3, added[0][1] + 40_000, *good[0][2:])]
    room.press("Delete")
    assert stored() == []
    for before in (moved, good, added, []):
        room.press("Control+z")
        assert stored() == before
    for after in (added, good, moved, []):
        room.press("Control+Shift+z")
        assert stored() == after
    room.press("Control+z")
    assert stored() == moved


def test_two_tabs_show_the_same_and_do_not_overwrite_each_other(room, open_page, consenting):
    other = Room(open_page("R1"))
    other.wait_until_shown()
    room.press("3")
    room.expect_saved()
    expect(other.row("T1")).to_be_visible()
    other.row("T1").click()
    room.press("Enter")
    room.page.keyboard.type("fra den første")
    other.page.bring_to_front()
    other.press("Enter")
    other.page.keyboard.type("fra den andre")
    other.press("Escape")
    other.expect_saved()
    room.page.bring_to_front()
    room.press("Escape")
    room.expect_saved()
    (note,) = notes(consenting)
    assert "fra den første" in note
    assert "fra den andre" in note
    room.press("Delete")
    room.expect_saved()
    expect(other.row("T1")).to_have_count(0)


def test_a_change_made_elsewhere_is_told_and_words_are_kept(room, consenting):
    room.press("3")
    room.expect_saved()
    with consenting.transaction() as session:
        find_tag(session, 1).note = "fra terminalen"
    room.press("Enter")
    room.page.keyboard.type("fra siden")
    room.press("Escape")
    expect(room.page.locator("#alert")).to_contain_text("T1 was changed elsewhere")
    expect(room.page.locator("#note")).to_have_value("fra terminalen\nfra siden")
    room.expect_saved()
    assert notes(consenting) == ["fra terminalen\nfra siden"]


def test_a_killed_program_has_kept_every_tag_that_it_acknowledged(consenting, chromium, tmp_path):
    environment = os.environ | {
        "MBTG_LIBRARY": str(consenting.root),
        "MBTG_PASSPHRASE": PASSPHRASE,
        "MBTG_SETTINGS": str(tmp_path / "settings.toml"),
    }
    program = subprocess.Popen(
        [sys.executable, "-c", "from mbtg_video.cli import main; main()", "studio", "--no-browser"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    try:
        match = re.search(r"http\S+", program.stdout.readline())
        assert match
        context = chromium.new_context(viewport={"width": 1280, "height": 720})
        page = context.new_page()
        page.goto(match[0])
        page.goto(re.sub(r"\?.*", "#/R1", match[0]))
        room = Room(page)
        room.wait_until_shown()
        page.evaluate(_HEAR)
        room.press("k")
        # Keys go on while the program is killed behind the page's back.
        page.evaluate(
            """() => {
              const press = (kind) => document.body.dispatchEvent(new KeyboardEvent(kind, {
                key: "3", code: "Digit3", bubbles: true }));
              window.pressing = setInterval(() => { press("keydown"); press("keyup"); }, 10);
            }"""
        )
        page.wait_for_function("() => window.heard.length >= 25")
        program.send_signal(signal.SIGKILL)
        program.wait(30)
        expect(page.get_by_role("heading", name="The studio is closed")).to_be_visible()
        expect(page.locator("video")).to_have_count(0)
        expect(page.locator("#alert")).to_contain_text("could not be saved")
        acknowledged = {record["id"]: record for record in page.evaluate("window.heard")}
        context.close()
    finally:
        program.kill()
        program.wait(30)
        program.stdout.close()
    assert len(acknowledged) >= 25
    with open_library(consenting.root, PASSPHRASE) as again, again.transaction() as session:
        stored = {tag.name: tag for tag in list_tags(session)}
        for name, record in acknowledged.items():
            assert stored[name].start.microseconds == record["start_us"]
            assert stored[name].item == record["item"]
