"""The host's page on the projector: how to join, who is how far, and the reveal."""

from __future__ import annotations

import re
from dataclasses import replace

import cv2
import msgspec
import numpy as np
import pytest
from playwright.sync_api import expect

from mbtg_video.audit import Act, list_lines
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.users import User, UserRole
from tests.sequences import DAY, filled
from tests.studio.scoring_room.conftest import TWELVE
from tests.studio.scoring_room.serving import running


def sheet(course, **how):
    return msgspec.to_builtins(filled(course.scale, **how))


def test_a_camera_reads_the_link_from_the_projector(room, host_page):
    picture = np.frombuffer(host_page.screenshot(), np.uint8)
    found, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(cv2.imdecode(picture, cv2.IMREAD_COLOR))
    assert found == room.room.link
    # A code in the link would stay in the history of every phone.
    assert room.room.join_code not in found
    expect(host_page.locator("#link")).to_have_text(room.room.link)
    shown = host_page.locator("#code").inner_text()
    assert shown.replace(" ", "") == room.room.join_code
    expect(host_page.locator("#fingerprint")).to_have_text(room.room.fingerprint)


def test_it_says_who_is_how_far_and_no_score(course, room, host_page):
    first, second = room.seated("K1"), room.seated("K2")
    first.save(sheet(course, adherence=7, quality=7), submit=True)
    second.save({"items": sheet(course, adherence=7)["items"][:5], "overall": {}, "note": "7777"})

    def tile(code):
        return host_page.locator(f".rater[data-code={code}]")

    expect(tile("K1")).to_contain_text("submitted")
    expect(tile("K2")).to_contain_text("5 of 21")
    expect(tile("K3")).to_contain_text("not here yet")
    expect(host_page.locator("#count")).to_have_text("1 of 12 have submitted")
    numbers = re.findall(r"\d+", host_page.locator("#raters").inner_text().replace("K7", ""))
    assert "7" not in numbers
    assert "7777" not in host_page.content()


def test_the_host_releases_a_seat_when_asked_twice(course, room, host_page):
    device = room.seated("K4")
    host_page.get_by_role("button", name="Release the seat of K4?").click()
    dialog = host_page.get_by_role("dialog")
    dialog.get_by_role("button", name="Cancel").click()
    assert device.state()["seat"] == "K4"
    host_page.get_by_role("button", name="Release the seat of K4?").click()
    dialog.get_by_role("button", name="Release").click()
    expect(host_page.locator(".rater[data-code=K4]")).to_contain_text("not here yet")
    assert device.state()["joined"] is False
    with course.library.transaction() as session:
        last = list_lines(session, subject="K4", act=Act.RATING)[-1]
        assert (last.subjects, last.detail) == ("L1 K4", {"deed": "room release"})


def test_a_button_is_pressed_although_the_board_changes_meanwhile(course, room, host_page):
    host_page.locator("#end").hover()
    host_page.mouse.down()
    room.seated("K1")
    expect(host_page.locator(".rater[data-code=K1]")).to_contain_text("0 of 21")
    host_page.mouse.up()
    expect(host_page.get_by_role("dialog")).to_be_visible()


def test_the_reveal_names_who_is_missing_and_shows_the_largest_difference_first(
    course, room, host_page
):
    reveal = host_page.locator("#reveal")
    expect(reveal).to_be_disabled()
    with course.library.transaction() as session:  # begun in the studio, out of the room
        scoring, draft = find_scoring(session, 1), filled(course.scale)
        record_sheet(session, scoring, "T1", draft, submit=False, source=Source.STUDIO, on=DAY)
    devices = {code: room.seated(code) for code in ("K10", "K9", "K2")}
    seven = ItemScore(item=7, adherence=1, quality=5)
    devices["K10"].save(sheet(course, item7=seven), submit=True)
    devices["K9"].save(sheet(course, item3=ItemScore(item=3, absence="did_not_occur")), submit=True)
    devices["K2"].save(sheet(course, adherence=1))
    expect(host_page.locator("#count")).to_have_text("2 of 12 have submitted")
    reveal.click()
    dialog = host_page.get_by_role("dialog")
    others = [code for code in TWELVE if code not in ("K9", "K10")]
    expect(dialog).to_contain_text(f"Not submitted: {', '.join([*others, 'T1'])}.")
    dialog.get_by_role("button", name="Cancel").click()
    expect(host_page.locator("table")).to_have_count(0)
    reveal.click()
    dialog.get_by_role("button", name="Reveal").click()
    rows = host_page.locator("tbody tr")
    expect(rows).to_have_count(21)
    expect(rows.nth(0)).to_contain_text("7 Managing authority")
    expect(rows.nth(0).locator(".gap")).to_have_text("3")
    expect(rows.nth(0).locator(".low")).to_have_text("1")
    expect(rows.nth(1)).to_contain_text("3 Initiating and fulfilling turn-taking")
    expect(rows.nth(1).locator(".gap")).to_have_text("0 *")
    assert host_page.locator("thead th").all_inner_texts() == ["Item", "Gap", "K9", "K10"]
    expect(host_page.locator("#reveal")).to_have_count(0)
    host_page.get_by_role("button", name="Next sequence").click()
    expect(host_page.get_by_role("heading", name="Sequence 2 · X2", exact=True)).to_be_visible()
    assert devices["K2"].state()["excerpt"] == "X2"


def test_whoever_may_not_reveal_has_no_button_and_is_refused(course):
    therapist = User("tove", UserRole.THERAPIST)
    library = replace(course.library, ring=replace(course.library.ring, user=therapist))
    with running(library) as room:
        host = room.host()
        assert host.get("/api/session").json["may_reveal"] is False
        room.seated("K1").save(sheet(course), submit=True)
        answer = host.post("/api/reveal", {"sequence": 1})
        assert (answer.status, answer.json["kind"]) == (403, "RoleRefused")


@pytest.mark.parametrize("wish", [{"sequence": 0}, {"sequence": 3}, {"sequence": "1"}, {}])
def test_a_sequence_that_is_none_is_not_shown(room, wish):
    assert room.host().post("/api/show", wish).status == 400
    assert room.room.current == 1
