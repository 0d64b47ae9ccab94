"""A phone drops out, comes back, is lost, and is told what happens."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mbtg_video.rating.record import rating_by, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.studio.room.codes import MOST_WRONG
from tests.sequences import filled
from tests.studio.scoring_room.conftest import PLANTED
from tests.studio.scoring_room.using import choose, enter, expect_saved, rows


def values_of(course, code):
    with course.library.transaction() as session:
        rating = rating_by(find_scoring(session, 1), code)
        return [score.adherence for score in sheet_of(rating).items] if rating else None


def full(course, value):
    return [value] * len(rows(course.scale))


def some(course, *values):
    return [*values, *[None] * (len(rows(course.scale)) - len(values))]


def examined(page):
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def test_what_is_typed_without_contact_is_sent_when_it_is_back(course, room, open_phone):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, some(course, 3))
    expect_saved(phone)
    phone.context.set_offline(True)
    choose(phone, some(course, None, None, 6))
    expect(phone.locator("#contact")).to_contain_text("No contact with the room")
    expect(phone.locator("#contact")).to_contain_text("is sent when the contact is back")
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    choose(phone, some(course, None, None, None, None, 7))
    assert values_of(course, "K5") == [3]
    phone.context.set_offline(False)
    expect(phone.locator("#contact")).to_be_hidden()
    expect_saved(phone)
    assert values_of(course, "K5") == [3, 6, 7]


def losing(phone, times):
    """The room gets so many saves whose answers never arrive; their statuses."""
    lost = []

    def lose(route):
        if len(lost) == times:
            route.fallback()
            return
        lost.append(route.fetch().status)
        route.abort()

    phone.route("**/save", lose)
    return lost


@pytest.mark.long
def test_an_answer_that_was_lost_is_no_conflict(course, room, open_phone):
    phone = open_phone()
    enter(phone, room.room, "K5")
    lost = losing(phone, 2)
    choose(phone, some(course, 3))
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    expect_saved(phone)
    assert (lost, values_of(course, "K5")) == ([200, 200], [3])
    lost = losing(phone, 1)
    choose(phone, some(course, 4))
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    choose(phone, some(course, 5))
    expect_saved(phone)
    assert (lost, values_of(course, "K5")) == ([200], [5])
    expect(phone.get_by_role("dialog")).to_have_count(0)


@pytest.mark.long
def test_a_sheet_whose_submission_was_not_answered_is_submitted_all_the_same(
    course, room, open_phone
):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, full(course, 4))
    expect_saved(phone)
    lost = losing(phone, 1)
    phone.locator("#submit").click()
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    room.room.seats.seats["K5"].attempts.clear()  # as after the seat was released and taken again
    expect(phone.get_by_role("heading", name="Submitted")).to_be_visible()
    assert lost == [200]


def test_the_same_phone_goes_on_after_it_was_reloaded(course, room, open_phone):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, some(course, 2))
    expect_saved(phone)
    phone.reload()
    expect(phone.locator(".sheet-value input:checked")).to_have_count(1)
    choose(phone, some(course, None, None, 5))
    expect_saved(phone)
    assert values_of(course, "K5") == [2, 5]


def test_a_new_device_goes_on_with_the_return_code(course, room, open_phone):
    first = open_phone()
    enter(first, room.room, "K5")
    choose(first, some(course, 2))
    expect_saved(first)
    returning = first.locator(".you .code").inner_text()
    second = open_phone()
    second.locator("#join").fill(room.room.join_code)
    second.keyboard.press("Enter")
    second.locator("[data-code=K5]").click()
    second.locator("#returning").fill("AAAAA")
    second.keyboard.press("Enter")
    expect(second.get_by_text("That is not the return code.")).to_be_visible()
    second.locator("#returning").fill(returning.lower())
    second.keyboard.press("Enter")
    expect(second.locator(".sheet-value input:checked")).to_have_count(1)
    choose(second, full(course, 4))
    second.locator("#submit").click()
    expect(second.get_by_role("heading", name="Submitted")).to_be_visible()
    expect(first.get_by_text("Your seat was taken on another device")).to_be_visible()
    assert set(values_of(course, "K5")) == {4, None}


@pytest.mark.long
def test_unsent_scores_never_become_another_raters(course, room, open_phone, host_page):
    phone = open_phone()
    enter(phone, room.room, "K5")
    phone.context.set_offline(True)
    choose(phone, some(course, 7))
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    room.room.seats.release("K5")
    phone.context.set_offline(False)
    expect(phone.locator("#join")).to_be_visible()
    enter(phone, room.room, "K6")
    expect(phone.locator(".sheet-value input:checked")).to_have_count(0)
    choose(phone, some(course, 2))
    expect_saved(phone)
    assert values_of(course, "K5") is None
    assert values_of(course, "K6") == [2]


@pytest.mark.long
def test_unsent_scores_are_kept_when_the_same_rater_joins_again(course, room, open_phone):
    phone = open_phone()
    enter(phone, room.room, "K5")
    phone.context.set_offline(True)
    choose(phone, some(course, 7))
    expect(phone.locator("#saved")).to_have_attribute("data-state", "waiting")
    room.room.seats.release("K5")
    phone.context.set_offline(False)
    expect(phone.locator("#join")).to_be_visible()
    enter(phone, room.room, "K5")
    expect_saved(phone)
    assert values_of(course, "K5") == [7]


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("The one on this page", 3),
        pytest.param("The one that is saved", 6, marks=pytest.mark.long),
    ],
)
def test_a_sheet_that_was_changed_elsewhere_is_asked_about(course, room, open_phone, button, kept):
    phone = open_phone()
    enter(phone, room.room, "K5")
    course.rate(1, "K5", filled(course.scale, adherence=6), submit=False)
    choose(phone, some(course, 3))
    phone.get_by_role("button", name=button).click()
    expect_saved(phone)
    assert values_of(course, "K5")[0] == kept
    shown = phone.locator("[role=radiogroup]").first.locator("input:checked")
    expect(shown).to_have_value(str(kept))


def test_gaps_are_shown_and_what_is_submitted_can_be_taken_back(course, room, open_phone):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, some(course, 3))
    phone.locator("#submit").click()
    expect(phone.locator(".sheet-gap", has_text="Not answered").first).to_be_visible()
    choose(phone, full(course, 5))
    phone.locator("#submit").click()
    expect(phone.get_by_text("1 of 12 have submitted")).to_be_visible()
    phone.get_by_role("button", name="Take back and change").click()
    choose(phone, some(course, 1))
    expect_saved(phone)
    assert values_of(course, "K5")[0] == 1


def test_whoever_guesses_is_told_to_wait(room, open_phone):
    phone = open_phone()
    for _ in range(MOST_WRONG):
        phone.locator("#join").fill("AAAAAA")
        with phone.expect_response("**/api/join"):
            phone.keyboard.press("Enter")
        expect(phone.locator("form.enter button")).to_be_enabled()
    expect(phone.get_by_text("That is not the code.")).to_be_visible()
    phone.locator("#join").fill(room.room.join_code)
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Too many tries. Wait five minutes")).to_be_visible()


@pytest.mark.long
def test_the_next_sequence_comes_by_itself_and_the_end_is_told(course, room, open_phone, host_page):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, some(course, 3))
    host_page.get_by_role("button", name="2 · X2").click()
    expect(phone.get_by_role("heading", name="Sequence 2 of 2 · X2")).to_be_visible()
    choose(phone, some(course, 6))
    expect_saved(phone)
    host_page.get_by_role("button", name="1 · X1").click()
    expect(phone.get_by_role("heading", name="Sequence 1 of 2 · X1")).to_be_visible()
    expect(phone.locator("[role=radiogroup]").first.locator("input:checked")).to_have_value("3")
    host_page.get_by_role("button", name="End").click()
    host_page.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(host_page.get_by_role("heading", name="The room is closed")).to_be_visible()
    expect(phone.get_by_role("heading", name="The room is closed")).to_be_visible()
    expect(phone.get_by_text("All that you filled in is saved.")).to_be_visible()
    assert values_of(course, "K5") == [3]


def test_nothing_of_a_rater_stays_on_the_phone(room, open_phone, course):
    phone = open_phone()
    enter(phone, room.room, "K5")
    choose(phone, some(course, 3))
    phone.locator("textarea").first.fill(PLANTED)
    expect_saved(phone)
    kept = phone.evaluate(
        """async () => [localStorage.length, sessionStorage.length, document.cookie,
          (await indexedDB.databases()).length, (await caches.keys()).length,
          (await navigator.serviceWorker.getRegistrations()).length, document.title]"""
    )
    assert kept == [0, 0, "", 0, 0, 0, "mbtg"]
    (cookie,) = phone.context.cookies()
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
    fields = phone.locator("input:not([autocomplete=off]), textarea:not([autocomplete=off])")
    assert fields.count() == 0


@pytest.mark.parametrize("scheme", ["dark", pytest.param("light", marks=pytest.mark.long)])
def test_nothing_stands_in_the_way_of_a_screen_reader(course, room, open_phone, chromium, scheme):
    phone = open_phone(bypass_csp=True, color_scheme=scheme, locale="nb-NO")
    host = chromium.new_context(bypass_csp=True, color_scheme=scheme).new_page()
    host.goto(room.server.link)
    phone.locator("[data-language=nb]").click()
    found = [examined(phone)]
    phone.locator("#join").fill(room.room.join_code)
    phone.keyboard.press("Enter")
    expect(phone.locator(".codes")).to_be_visible()
    found.append(examined(phone))
    phone.locator("[data-code=K5]").click()
    choose(phone, full(course, 3))
    found += [examined(phone), examined(host)]
    phone.locator("#submit").click()
    expect(phone.locator("#waiting")).to_be_visible()
    found.append(examined(phone))
    host.locator("#reveal").click(timeout=20_000)
    found.append(examined(host))
    host.get_by_role("dialog").locator(".main").click()
    expect(phone.locator(".results")).to_be_visible()
    found += [examined(phone), examined(host)]
    assert found == [[]] * len(found)
    for page in (phone, host):
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    host.context.close()
