"""The whole way from watching to the bundle, by mouse and by keyboard alone."""

from __future__ import annotations

import re
from bisect import bisect_right

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.spoken import list_names
from mbtg_video.supervision.model import Bundle, Playlist
from mbtg_video.supervision.package_check import verify_package
from mbtg_video.tag.mark import list_tags
from tests import synthetic
from tests.studio.room import Room

LEAD_US, LAG_US = 6_000_000, 2_000_000

# What was on show when each key went down, as a person sees it.
_WATCH_PRESSES = """() => {
  window.pressed = [];
  document.addEventListener("keydown", (event) => {
    const frame = Number(document.querySelector("output.frame")?.dataset.frame);
    if (!event.repeat) window.pressed.push([event.key, frame]);
  }, true);
}"""


class Times:
    """When each frame of the recording begins."""

    def __init__(self, times: list[int], length: int) -> None:
        self.times, self.length = times, length

    def snap(self, us: int) -> int:
        return self.times[max(0, bisect_right(self.times, us) - 1)]

    def press(self, frame: int) -> tuple[int, int]:
        """Span of the tag that one press at this frame makes."""
        at = self.times[frame]
        end = at + LAG_US
        return self.snap(at - LEAD_US), self.length if end >= self.length else self.snap(end)


@pytest.fixture
def times(consenting, take):
    take("gop25", 24)
    with consenting.transaction() as session:
        recording = find_recording(session, 1)
        return Times(list(recording.frames.times), recording.length.microseconds)


def play_until(room: Room, frame: int) -> None:
    room.page.wait_for_function(
        "frame => Number(document.querySelector('output.frame').dataset.frame) >= frame", arg=frame
    )


def spans(library):
    with library.transaction() as session:
        return [
            (tag.item, tag.start.microseconds, tag.end and tag.end.microseconds)
            for tag in list_tags(session)
        ]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the wanted element has the focus, as whoever has no mouse does."""
    for _ in range(150):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by Tab")


def expect_bundle(library, folder, tags: int) -> None:
    with library.transaction() as session:
        playlist = session.scalars(select(Playlist)).one()
        assert (playlist.title, playlist.slot_minutes) == ("Fredag", 45)
        assert [(e.excerpt.name if e.excerpt else e.text) for e in playlist.entries] == ["X1"]
        bundle = session.scalars(select(Bundle)).one()
        assert [recipient.who for recipient in bundle.recipients] == ["Kari", "Ola"]
        assert len(list_tags(session)) == tags
    assert verify_package(folder).files


@pytest.mark.long
def test_by_keyboard_alone(times, studio, open_page, consenting, tmp_path):
    page = open_page()
    room = Room(page)
    page.evaluate(_WATCH_PRESSES)
    tab_to(page, "a[href='#/R1']")
    page.keyboard.press("Enter")
    room.wait_until_shown()

    # Five moments while it plays, the fourth undone.
    room.press("k")
    for frame, key in zip((150, 180, 210, 240, 270), "1350q", strict=True):
        play_until(room, frame)
        room.press(key)
    room.press("k")
    room.expect_saved()
    pressed = dict(p for p in room.read("window.pressed") if p[0] in "1350q")
    items = {"1": 1, "3": 3, "5": 5, "0": 10, "q": 11}
    made = {items[key]: times.press(frame) for key, frame in pressed.items()}
    assert sorted(spans(consenting)) == sorted((item, *span) for item, span in made.items())

    room.press("Control+z")
    room.expect_saved()
    del made[11]
    # The last but one is selected next; its end moves by three frames.
    room.press("ArrowUp")
    tag_us = page.locator(".tag[aria-selected=true]").first
    expect(tag_us).to_be_visible()
    chosen = int(tag_us.locator(".badge").inner_text())
    tab_to(page, ".handle.end")
    room.press("ArrowLeft", "ArrowLeft", "ArrowLeft")
    room.expect_saved()
    start, end = made[chosen]
    before = bisect_right(times.times, end - 1) if end == times.length else times.times.index(end)
    made[chosen] = (start, times.times[before - 3])
    assert sorted(spans(consenting)) == sorted((item, *span) for item, span in made.items())

    # In and out, and the cut.
    page.evaluate("document.activeElement.blur()")
    room.go_to("f100")
    room.expect_frame(100)
    room.press("i")
    room.go_to("f199")
    room.expect_frame(199)
    room.press("o", "x")
    page.keyboard.type("Turtaking")
    page.keyboard.press("Tab")
    page.keyboard.type("Hvem får ordet?")
    expect(page.locator(".consent-state .permitted")).to_be_visible()
    tab_to(page, "dialog button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("dialog h2")).to_have_text(re.compile("X1"), timeout=60_000)
    page.keyboard.press("Escape")
    with consenting.transaction() as session:
        (excerpt,) = list_excerpts(session)
        assert (excerpt.start.microseconds, excerpt.end.microseconds) == (
            times.times[100],
            times.times[200],
        )
        assert (excerpt.title, excerpt.question) == ("Turtaking", "Hvem får ordet?")
        with consenting.store.open(session, excerpt.object_id) as medium:
            assert synthetic.frame_numbers(medium) == list(range(100, 200))

    # A playlist with the excerpt, minutes for the talk, and the bundle.
    tab_to(page, "a[href='#/playlists']")
    page.keyboard.press("Enter")
    tab_to(page, "main button.main")
    page.keyboard.press("Enter")
    page.keyboard.type("Fredag")
    tab_to(page, "dialog input[type=number]")
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    expect(page.locator(".builder h1")).to_contain_text("Fredag")
    tab_to(page, ".offer button")
    page.keyboard.press("Enter")
    expect(page.locator(".steps .step")).to_have_count(1)
    tab_to(page, ".step input[type=number]")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    expect(page.locator("#saved")).to_have_text("Saved")
    tab_to(page, ".builder header button.main")
    page.keyboard.press("Enter")
    tab_to(page, "dialog textarea")
    page.keyboard.type("Kari\nOla")
    tab_to(page, "dialog input[type=text]")
    page.keyboard.press("Control+a")
    page.keyboard.type(str(tmp_path / "out"))
    tab_to(page, "dialog button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".passphrase")).to_have_text(re.compile(r"^\S+( \S+){5}$"), timeout=60_000)
    with consenting.transaction() as session:
        assert session.scalars(select(Playlist)).one().entries[0].minutes == 10
    expect_bundle(consenting, tmp_path / "out", tags=4)


def test_by_mouse(times, studio, open_page, consenting, tmp_path):
    page = open_page()
    room = Room(page)
    page.get_by_role("link", name=re.compile("R1")).click()
    room.wait_until_shown()
    page.evaluate(
        """() => {
          window.pressed = [];
          document.addEventListener("pointerdown", (event) => {
            const deed = event.target.closest(".code")?.dataset.deed;
            const frame = document.querySelector("output.frame")?.dataset.frame;
            if (deed) window.pressed.push([deed, Number(frame)]);
          }, true);
        }"""
    )
    page.get_by_role("button", name="Play", exact=True).click()
    for frame, item in zip((150, 180, 210, 240, 270), (2, 4, 6, 12, 18), strict=True):
        play_until(room, frame)
        page.locator(f"[data-deed='item {item}']").click()
    page.get_by_role("button", name="Pause").click()
    room.expect_saved()
    pressed = room.read("window.pressed")
    made = {int(deed[5:]): times.press(frame) for deed, frame in pressed}
    assert sorted(spans(consenting)) == sorted((item, *span) for item, span in made.items())
    page.get_by_role("button", name="Undo").click()
    room.expect_saved()
    del made[18]
    assert len(spans(consenting)) == 4

    # An edge is dragged by three frames on the time line, at a zoom that tells frames apart.
    fourth = page.locator(".badge", has_text=re.compile("^4$"))
    page.locator(".tag").filter(has=fourth).click()
    start, end = made[4]
    for _ in range(12):
        page.get_by_role("button", name="Zoom in").click()
    handle = page.locator(".handle.start")
    now = times.times.index(start)
    expect(handle).to_have_attribute("aria-valuenow", str(now))
    room.drawn()
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for moved in range(2, 600, 2):
        page.mouse.move(x + moved, y)
        room.drawn()
        if int(handle.get_attribute("aria-valuenow") or 0) >= now + 3:
            break
    page.mouse.up()
    expect(handle).to_have_attribute("aria-valuenow", str(now + 3))
    room.expect_saved()
    made[4] = (times.times[now + 3], end)
    assert sorted(spans(consenting)) == sorted((item, *span) for item, span in made.items())

    page.get_by_role("button", name="Show all").click()
    room.go_to("f50")
    room.expect_frame(50)
    page.locator("button.mark").first.click()
    room.go_to("f149")
    room.expect_frame(149)
    page.locator("button.mark").nth(1).click()
    page.get_by_role("button", name="Make excerpt").click()
    page.get_by_label("Title").fill("Å begynne")
    expect(page.locator(".consent-state .permitted")).to_be_visible()
    page.get_by_role("button", name="Cut", exact=True).click()
    watch = page.get_by_role("link", name="Watch the excerpt")
    expect(watch).to_be_visible(timeout=60_000)
    watch.click()
    page.get_by_role("button", name="Play the excerpt").click()
    video = page.locator("main video")
    expect(video).to_be_visible()
    page.wait_for_function("() => document.querySelector('main video').currentTime > 0.2")
    with consenting.transaction() as session:
        (excerpt,) = list_excerpts(session)
        with consenting.store.open(session, excerpt.object_id) as medium:
            assert synthetic.frame_numbers(medium) == list(range(50, 150))

    page.get_by_role("link", name="Playlists").click()
    page.get_by_role("button", name="New playlist").click()
    page.locator("dialog input[type=text]").fill("Fredag")
    page.locator("dialog input[type=number]").fill("45")
    page.locator("dialog button[type=submit]").click()
    page.locator(".offer").drag_to(page.locator(".steps-box"))
    expect(page.locator(".steps .step")).to_have_count(1)
    page.get_by_role("button", name="Make the bundle").click()
    page.locator("dialog textarea").fill("Kari\nOla")
    page.get_by_label("Folder").fill(str(tmp_path / "out"))
    page.locator("dialog button[type=submit]").click()
    expect(page.locator(".passphrase")).to_have_text(re.compile(r"^\S+( \S+){5}$"), timeout=60_000)
    expect_bundle(consenting, tmp_path / "out", tags=4)


def test_a_name_keeps_an_excerpt_in_until_it_is_muted(
    times, studio, open_page, consenting, tmp_path
):
    page = open_page("R1")
    room = Room(page)
    room.wait_until_shown()
    room.go_to("f100")
    room.expect_frame(100)
    room.press("i")
    room.go_to("f149")
    room.expect_frame(149)
    room.press("o")
    room.press("x")
    page.keyboard.type("Med navn")
    page.keyboard.press("Enter")
    expect(page.locator("dialog h2")).to_have_text(re.compile("X1"), timeout=60_000)
    page.keyboard.press("Escape")
    room.go_to("f120")
    room.expect_frame(120)
    room.press("n")
    expect(page.locator(".namestate")).to_have_text("not decided on")
    room.expect_saved()
    studio.enter_as(page.context.cookies())
    studio.post("/api/playlists", {"title": "Fredag"})
    studio.post("/api/playlists/L1/add", {"excerpts": [1]})
    wish = {"folder": str(tmp_path / "out"), "recipients": ["Kari"]}
    refused = studio.finished(studio.post("/api/playlists/L1/bundle", wish).json)
    assert refused["state"] == "failed"
    assert "N1" in refused["failure"]["error"]
    assert not (tmp_path / "out").exists()

    page.get_by_role("button", name="Mute the sound here").click()
    expect(page.locator(".namestate")).to_have_text("muted in excerpts")
    expect(page.locator("#saved")).to_have_text("Saved", timeout=60_000)
    made = studio.finished(studio.post("/api/playlists/L1/bundle", wish).json)
    assert made["state"] == "done"
    with consenting.transaction() as session:
        (name,) = list_names(session)
        (excerpt,) = list_excerpts(session)
        assert (name.start.microseconds, name.end.microseconds) == (
            times.snap(times.times[120] - 2_000_000),
            times.snap(times.times[120] + 1_000_000),
        )
        assert excerpt.muted
