"""What the page shows as saved is what the program holds, however slow or unwilling that is."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import expect

from mbtg_video.tag.mark import find_tag, list_tags
from tests.chromium import Held
from tests.studio.room import Room


@pytest.fixture(scope="module")
def library_folder(taken_folder):
    return taken_folder("gop25")


@pytest.fixture
def room(open_page):
    room = Room(open_page("R1"))
    room.wait_until_shown()
    return room


def stored(library):
    with library.transaction() as session:
        return [(tag.name, tag.item, tag.valence.value, tag.note) for tag in list_tags(session)]


def shown(room):
    # The list is drawn once a frame.
    return room.page.evaluate(
        """async () => {
          for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
          return [...document.querySelectorAll(".taglist .tag")].map((row) => row.dataset.id);
        }"""
    )


def test_another_item_that_is_chosen_for_a_tag_is_kept(room, consenting):
    room.press("3")
    room.expect_saved()
    room.page.get_by_label("Item", exact=True).select_option("7")
    room.expect_saved()
    expect(room.page.locator("#alert")).to_be_hidden()
    assert stored(consenting) == [("T1", 7, "neutral", None)]
    room.press("Control+z")
    room.expect_saved()
    assert stored(consenting) == [("T1", 3, "neutral", None)]


def test_a_tag_is_removed_although_a_change_before_failed(room, consenting):
    room.press("3")
    room.expect_saved()
    held = Held(room.page, "**/api/tags/T1/edit")
    room.press("+")
    held.wait()
    room.press("Delete")
    held.fail()
    expect(room.page.locator("#alert")).to_contain_text("mistake")
    room.expect_saved()
    assert stored(consenting) == []
    assert shown(room) == []


def test_a_tag_that_somebody_else_changed_is_not_removed_unseen(room, consenting):
    room.press("3")
    room.expect_saved()
    held = Held(room.page, "**/api/tags/T1/edit")
    room.press("+")
    held.wait()
    with consenting.transaction() as session:
        find_tag(session, 1).item = 5
    room.press("Delete")
    held.let_go()
    room.expect_saved()
    assert stored(consenting) == [("T1", 5, "neutral", None)]
    assert shown(room) == ["T1"]


def test_a_removal_that_is_refused_is_taken_back(room, consenting):
    room.press("3")
    room.expect_saved()
    with consenting.transaction() as session:
        find_tag(session, 1).item = 5
    room.press("Delete")
    expect(room.page.locator("#alert")).to_contain_text("T1 was changed elsewhere")
    room.expect_saved()
    assert stored(consenting) == [("T1", 5, "neutral", None)]
    assert shown(room) == ["T1"]


def test_what_could_not_be_added_is_not_changed_or_removed_either(room, consenting):
    held = Held(room.page, "**/api/recordings/R1/tags/add")
    asked = []
    room.page.on("request", lambda request: asked.append(request.url))
    room.press("3")
    held.wait()
    room.press("+", "Delete")
    held.fail()
    expect(room.page.locator("#alert")).to_contain_text("mistake")
    room.expect_saved()
    assert not [url for url in asked if "null" in url]
    assert stored(consenting) == []
    assert shown(room) == []


@pytest.mark.parametrize("when", ["before it is acknowledged", "while it is changed"])
def test_a_tag_made_while_the_others_are_still_read_is_shown_once(when, open_page, consenting):
    room = Room(open_page())
    reading = Held(room.page, "**/api/recordings/R1/tags")
    adding = Held(room.page, "**/tags/add", answered=True)
    room.page.evaluate("location.hash = '#/R1'")
    room.wait_until_shown()
    reading.wait()
    room.press("3")
    adding.wait()
    if when == "before it is acknowledged":
        with room.page.expect_response("**/api/recordings/R1/tags"):
            reading.let_go()
        adding.let_go()
        room.expect_saved()
        room.press("+")
    else:
        adding.let_go()
        room.expect_saved()
        editing = Held(room.page, "**/api/tags/T1/edit")
        room.press("+")
        editing.wait()
        with room.page.expect_response("**/api/recordings/R1/tags"):
            reading.let_go()
        editing.let_go()
    room.expect_saved()
    assert stored(consenting) == [("T1", 3, "good", None)]
    expect(room.page.locator(".taglist .tag.good")).to_have_count(1)
    assert shown(room) == ["T1"]


# A program that is slow, and now and then refuses a change; the same each time for a seed.
_SLOW = """seed => {
  const asked = window.fetch;
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  window.fetch = async (path, options) => {
    if (options?.method !== "POST" || !/tags/.test(path)) return asked(path, options);
    const [late, refused, answerLate] = [random() * 40, random() < 0.15, random() * 40];
    await new Promise((resolve) => setTimeout(resolve, late));
    if (refused) return new Response("not now", { status: 500 });
    const answer = await asked(path, options);
    await new Promise((resolve) => setTimeout(resolve, answerLate));
    return answer;
  };
}"""
_SHOWN = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll(".taglist .tag")].map((row) => [
    row.dataset.id, Number(row.querySelector(".badge").textContent),
    ["good", "missed"].find((one) => row.classList.contains(one)) ?? "neutral",
  ]);
}"""
_DEEDS = ("3", "7", "+", "-", "Delete", "Control+z", "Control+z", "Control+Shift+z", "v", "ArrowUp")


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_whatever_is_done_quickly_the_page_ends_with_what_is_kept(room, consenting, seed):
    chosen = random.Random(seed)
    room.go_to("f150")
    room.page.evaluate(_SLOW, seed)
    room.press(*chosen.choices(_DEEDS, k=60))
    room.expect_saved()
    kept = sorted((name, item, valence) for name, item, valence, _ in stored(consenting))
    assert sorted(tuple(row) for row in room.page.evaluate(_SHOWN)) == kept
    room.page.reload()
    room.wait_until_shown()
    expect(room.page.locator(".taglist .tag")).to_have_count(len(kept))
    assert sorted(tuple(row) for row in room.page.evaluate(_SHOWN)) == kept


def test_who_leaves_while_something_is_not_saved_is_asked_first(room, consenting):
    held = Held(room.page, "**/api/recordings/R1/tags/add")
    room.press("3")
    held.wait()
    with room.page.expect_event("dialog") as asked:
        room.page.evaluate("() => void setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    held.let_go()
    room.expect_saved()
    assert [name for name, *_ in stored(consenting)] == ["T1"]
    room.page.reload()
    room.wait_until_shown()
    assert shown(room) == ["T1"]
