"""A seat is held by one device at a time, and whoever lost a device goes on with another."""

from __future__ import annotations

import msgspec
import pytest

from mbtg_video.audit import Act, list_lines
from mbtg_video.errors import NotFound
from mbtg_video.studio.room.codes import MOST_WRONG
from mbtg_video.studio.room.opening import find_raters
from tests.sequences import RATERS, filled
from tests.studio.scoring_room.serving import running


def joined(room):
    device = room.device()
    device.join(room.room.join_code)
    return device


def test_a_taken_seat_needs_its_return_code(room, course):
    first = room.seated("K1")
    sheet = msgspec.to_builtins(filled(course.scale))
    first.save(sheet)
    second = joined(room)
    assert second.take("K1") == "taken"
    assert second.take("K1", "AAAAA") == "wrong"
    assert first.state()["seat"] == "K1"
    assert second.take("K1", first.state()["returning"].lower()) == "seated"
    assert second.get("/api/sheets/1").json["sheet"]["overall"] == sheet["overall"]
    # The device that was lost is out, whoever has it now.
    assert first.state()["joined"] is False
    assert first.save(sheet, revision=1, attempt="attempt-2").status == 401
    assert second.save(sheet, revision=1, attempt="attempt-3").status == 200


def test_a_return_code_is_good_for_one_device(room):
    first = room.seated("K1")
    returning = first.state()["returning"]
    second, third = joined(room), joined(room)
    assert second.take("K1", returning) == "seated"
    assert second.state()["returning"] != returning
    assert third.take("K1", returning) == "wrong"


def test_guessing_return_codes_ends_at_the_hosts_desk(room):
    first, second = room.seated("K1"), joined(room)
    for _ in range(MOST_WRONG):
        assert second.take("K1", "AAAAA") == "wrong"
    assert second.take("K1", first.state()["returning"]) == "locked"
    host = room.host()
    assert host.post("/api/release", {"code": "K1"}).status == 200
    assert first.state()["joined"] is False
    assert second.take("K1") == "seated"
    assert host.post("/api/release", {"code": "K9"}).status == 404


def test_a_device_that_changes_its_seat_gives_the_first_one_back(room):
    device = room.seated("K1")
    assert device.take("K2") == "seated"
    assert device.state()["seat"] == "K2"
    assert joined(room).take("K1") == "seated"


def test_joins_are_noted_by_code_and_wrong_codes_are_counted(course):
    with running(course.library, raters=["K1", "K2"]) as room:
        device = room.seated("K1")
        joined(room).take("K1", "AAAAA")
        room.device().join("AAAAAA")
        returning = device.state()["returning"]
    with course.library.transaction() as session:
        lines = list_lines(session, subject="L1", act=Act.RATING)
        said = [(line.subjects, line.detail) for line in lines]
    assert said == [
        ("L1 S1 S2", {"deed": "room open", "raters": 2}),
        ("L1 K1", {"deed": "room join"}),
        ("L1 K1", {"deed": "room refused", "outcome": "wrong"}),
        ("L1", {"deed": "room end", "joined": 1, "wrong": 1}),
    ]
    assert returning not in str(said)


def test_raters_are_all_who_are_no_patients_or_those_named(course):
    with course.library.transaction() as session:
        everybody = find_raters(session, [])
        assert set(everybody) == {"T1", *(f"K{n}" for n in range(1, 13))}
        assert find_raters(session, RATERS) == RATERS
        with pytest.raises(NotFound):
            find_raters(session, ["K99"])
