"""Twelve raters score at once from twelve browsers: nothing is lost, and nothing is mixed."""

from __future__ import annotations

from random import Random

import pytest
from playwright.sync_api import expect

from mbtg_video.rating.model import Rating, RatingState, Source
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_scoring
from tests.studio.scoring_room.conftest import TWELVE
from tests.studio.scoring_room.using import choose, enter, rows

# All press at the same moment, which each browser awaits for itself.
_PRESS = """at => new Promise(resolve => setTimeout(() => {
  document.querySelector("#submit").click();
  resolve(Date.now());
}, at - Date.now()))"""
_AHEAD_MS = 8000


def given(rating: Rating, scale) -> list[int | None]:
    """The numbers of a rating, row by row as on the sheet."""
    sheet = sheet_of(rating)
    return [
        sheet.overall[key] if aspect == "value" else getattr(sheet.score(int(key)), aspect)
        for key, aspect in rows(scale)
    ]


@pytest.mark.long
def test_twelve_browsers_submit_within_a_second(course, room, open_phone, host_page):
    wanted = {code: Random(code).choices(range(1, 8), k=len(rows(course.scale))) for code in TWELVE}
    assert len({tuple(values) for values in wanted.values()}) == len(TWELVE)
    phones = {code: open_phone(patient=True) for code in TWELVE}
    for code, phone in phones.items():
        enter(phone, room.room, code)
        # The last answers stay unsent until all press: each submits what it has typed just now.
        choose(phone, [*wanted[code][:-2], None, None])
    for code, phone in phones.items():
        choose(phone, [*[None] * (len(wanted[code]) - 2), *wanted[code][-2:]])
    at = phones["K1"].evaluate("Date.now()") + _AHEAD_MS
    for phone in phones.values():
        phone.evaluate(f"at => {{ window.pressed = ({_PRESS})(at); }}", at)
    pressed = [phone.evaluate("() => window.pressed") for phone in phones.values()]
    assert max(pressed) - min(pressed) < 1000
    for phone in phones.values():
        expect(phone.get_by_role("heading", name="Submitted")).to_be_visible()
    expect(host_page.locator("#count")).to_have_text("12 of 12 have submitted")
    with course.library.transaction() as session:
        ratings = find_scoring(session, 1).ratings
        assert {rating.rater: given(rating, course.scale) for rating in ratings} == wanted
        assert {rating.state for rating in ratings} == {RatingState.SUBMITTED}
        assert {rating.source for rating in ratings} == {Source.ROOM}
        moments = [rating.submitted_at for rating in ratings if rating.submitted_at]
        assert len(moments) == len(TWELVE)

    host_page.get_by_role("button", name="Reveal").click()
    host_page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
    expect(host_page.locator("tbody tr")).to_have_count(21)
    for code, phone in phones.items():
        expect(phone.get_by_role("heading", name="Revealed")).to_be_visible()
        first = phone.locator(".result").first
        expect(first).to_contain_text(f"Adherence: you {wanted[code][0]} ")
        expect(first).to_contain_text("(12 scores)")
