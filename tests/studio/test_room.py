"""What a person does in a recording: hold, search, rebind, repeat, and what consent takes away."""

from __future__ import annotations

from bisect import bisect_right

import pytest
from playwright.sync_api import expect

from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.recording.access import find_recording
from mbtg_video.tag.mark import list_tags
from tests.chromium import Held
from tests.studio.room import Room


@pytest.fixture(scope="module")
def library_folder(taken_folder):
    return taken_folder("gop25", 24)


@pytest.fixture
def room(open_page):
    room = Room(open_page("R1"))
    room.wait_until_shown()
    return room


def stored(library):
    with library.transaction() as session:
        return [
            (tag.item, tag.start.microseconds, tag.end and tag.end.microseconds)
            for tag in list_tags(session)
        ]


def times(library):
    with library.transaction() as session:
        return list(find_recording(session, 1).frames.times)


def frame_now(room: Room, at_least: int) -> None:
    room.page.wait_for_function(
        "frame => Number(document.querySelector('output.frame').dataset.frame) >= frame",
        arg=at_least,
    )


def test_a_key_that_is_held_makes_a_tag_as_long_as_it_is_held(room, consenting):
    room.page.evaluate(
        """() => {
          window.seen = {};
          for (const kind of ["keydown", "keyup"]) {
            document.addEventListener(kind, (event) => {
              const { frame } = document.querySelector("output.frame").dataset;
              if (event.key === "3" && !event.repeat) window.seen[kind] = Number(frame);
            }, true);
          }
        }"""
    )
    room.press("k")
    frame_now(room, 20)
    room.page.keyboard.down("3")
    expect(room.page.locator(".code.held")).to_have_attribute("data-deed", "item 3")
    frame_now(room, 60)
    room.page.keyboard.up("3")
    room.press("k")
    room.expect_saved()
    seen = room.read("window.seen")
    all_times = times(consenting)
    assert stored(consenting) == [(3, all_times[seen["keydown"]], all_times[seen["keyup"] + 1])]


def test_what_is_marked_is_repeated(room):
    room.go_to("f50")
    room.expect_frame(50)
    room.press("i")
    room.go_to("f70")
    room.expect_frame(70)
    room.press("o")
    room.page.evaluate(
        """() => {
          window.turns = [];
          let last = 70;
          new MutationObserver(() => {
            const frame = Number(document.querySelector("output.frame").dataset.frame);
            if (frame < last) window.turns.push([last, frame]);
            last = frame;
          }).observe(document.querySelector("output.frame"), { attributes: true });
        }"""
    )
    room.press("p")
    room.page.wait_for_function("() => window.turns.length >= 4")
    room.press("k")
    # The first turn is to where it begins; a few frames pass before a player turns back.
    for left, begun in room.read("window.turns"):
        assert left >= 70
        assert 50 <= begun < 70


def test_speed_changes_and_the_pitch_of_voices_does_not(room):
    for key, rate in ((">", 1.25), (">", 1.5), (">", 2), (">", 2), ("<", 1.5)):
        room.press(key)
        assert room.read("document.querySelector('video').playbackRate") == rate
    assert room.read("document.querySelector('video').preservesPitch")
    room.page.get_by_label("Speed").select_option("0.5")
    assert room.read("document.querySelector('video').playbackRate") == 0.5


def test_a_click_on_the_time_line_plays_a_tag_from_its_beginning(room):
    room.go_to("f200")
    room.expect_frame(200)
    room.press("3")
    room.expect_saved()
    expect(room.page.locator(".handle.end")).to_be_visible()
    start = room.read(
        "Number(document.querySelector('.handle.start').getAttribute('aria-valuenow'))"
    )
    handles = [room.page.locator(f".handle.{edge}").bounding_box() for edge in ("start", "end")]
    assert all(handles)
    first, last = (box["x"] + box["width"] / 2 for box in handles if box)
    room.page.mouse.click((first + last) / 2, handles[0]["y"] + 8)
    room.page.wait_for_function("() => !document.querySelector('video').paused")
    room.page.wait_for_function(
        "start => { const { frame } = document.querySelector('output.frame').dataset;"
        " return Number(frame) >= start && Number(frame) < start + 40; }",
        arg=start,
    )


def test_lead_lag_and_keys_are_those_that_were_chosen(room, consenting):
    room.page.get_by_role("button", name="Settings").click()
    room.page.get_by_label("Seconds before the press").fill("1")
    room.page.get_by_label("Seconds after").fill("0.5")
    room.page.get_by_role("button", name="7 Managing authority: 7").click()
    room.press("d")
    room.page.get_by_role("button", name="Save").click()
    expect(room.page.locator("dialog")).to_have_count(0)
    room.go_to("f100")
    room.expect_frame(100)
    room.press("d", "7")
    room.expect_saved()
    all_times = times(consenting)
    begins = all_times[bisect_right(all_times, all_times[100] - 1_000_000) - 1]
    ends = all_times[bisect_right(all_times, all_times[100] + 500_000) - 1]
    assert stored(consenting) == [(7, begins, ends)]
    room.page.reload()
    room.wait_until_shown()
    expect(room.page.locator("[data-deed='item 7'] kbd")).to_have_text("D")


def test_an_item_is_found_by_its_name_and_tagged_with_enter(room, consenting):
    room.press("/")
    room.page.keyboard.type("rewind")
    room.press("Enter")
    room.expect_saved()
    assert [item for item, *_ in stored(consenting)] == [18]


def test_no_moment_is_tagged_before_a_picture_is_shown(open_page, consenting):
    page = open_page()
    picture = Held(page, "**/media/**")
    page.evaluate("location.hash = '#/R1'")
    expect(page.locator(".recording")).to_be_visible()
    page.keyboard.press("3")
    expect(page.locator("#alert")).to_contain_text("Wait until the picture is shown")
    assert stored(consenting) == []
    picture.drop()


def test_a_recording_that_was_left_before_all_of_it_was_read_hears_no_keys(
    take, open_page, consenting
):
    take("no_audio")
    room = Room(open_page())
    spoken = Held(room.page, "**/api/recordings/R1/transcripts")
    for number in (1, 2):
        room.page.evaluate("number => (location.hash = `#/R${number}`)", number)
        expect(room.page.locator("h1")).to_contain_text(f"R{number}")
        room.wait_until_shown()
    spoken.wait()
    room.press("3")
    room.expect_saved()
    expect(room.row("T1")).to_have_attribute("aria-selected", "true")
    with consenting.transaction() as session:
        assert [tag.recording_id for tag in list_tags(session)] == [2]
    spoken.let_go()


def test_the_picture_goes_with_the_consent(room, consenting, studio):
    with consenting.transaction() as session:
        withdraw_uses(session, "P1", [Use.OWN_REVIEW], on=studio.today)
    room.press("3")
    expect(room.page.locator(".veil")).to_have_text("The picture is not shown.")
    assert room.page.locator("video").get_attribute("src") is None
    expect(room.page.locator(".recording .light")).to_have_class("light red")


def test_the_picture_stays_while_it_may_be_watched(room, consenting, studio):
    with consenting.transaction() as session:
        withdraw_uses(session, "P1", [Use.SUPERVISION], on=studio.today)
    room.page.route("**/tags/add", lambda route: route.fulfill(status=403, body="not now"))
    with room.page.expect_response("**/api/recordings/R1"):
        room.press("3")
    # What that answer leads to has happened when a later one is read and drawn.
    room.page.evaluate(
        """async () => {
          await (await fetch("/api/recordings/R1")).json();
          for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
        }"""
    )
    expect(room.page.locator("#alert")).to_have_text("not now")
    expect(room.page.locator(".veil")).to_be_hidden()
    assert room.page.locator("video").get_attribute("src")
