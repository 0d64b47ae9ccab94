"""A room ends by itself, and then holds no secret; what was saved stays."""

from __future__ import annotations

import socket

import msgspec
import pytest

from mbtg_video.audit import Act, list_lines
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.errors import BadInput, ConsentRefused, NotFound
from mbtg_video.rating.model import RatingState
from mbtg_video.rating.scoring import find_scoring, list_scorings
from mbtg_video.settings import Settings
from mbtg_video.studio.room.serve import RoomServer
from mbtg_video.studio.room.state import FAREWELL_SECONDS, Limits
from mbtg_video.supervision.playlist import new_playlist
from tests.sequences import DAY, filled
from tests.studio.scoring_room.conftest import TWELVE
from tests.studio.scoring_room.serving import LAN, running


@pytest.fixture
def room(course, clock):
    limits = Limits(hours=2, idle_minutes=30)
    with running(course.library, raters=TWELVE, limits=limits, clock=clock) as started:
        yield started


def soon(condition, clock):
    """Whether it holds by one of the next times that the server looks at the clock."""
    for _ in range(20):
        if condition():
            return True
        clock.read.clear()
        clock.read.wait(10)
    return False


def test_it_ends_when_nobody_has_used_it_for_long(room, clock):
    phone = room.seated("K1")
    clock.now += 29 * 60
    phone.save({"items": [], "overall": {}, "note": None})
    clock.now += 29 * 60
    phone.state()  # a page that only looks does not keep it open
    assert not room.room.ended
    clock.now += 2 * 60
    assert soon(lambda: room.room.ended, clock)
    assert room.room.why_ended == "nobody used it for 30 minutes"


def test_whoever_guesses_at_the_code_does_not_keep_it_open(room, clock):
    clock.now += 29 * 60
    assert room.device().join("WRONG1").status == 403
    clock.now += 2 * 60
    assert soon(lambda: room.room.ended, clock)


def test_it_ends_at_the_latest_after_its_hours(room, clock):
    for _ in range(5):
        clock.now += 24 * 60
        room.room.use()
        assert not room.room.over
    clock.now += 1
    assert soon(lambda: room.room.ended, clock)
    assert room.room.why_ended == "it was open for 2 hours"


def test_after_the_end_devices_learn_of_it_and_then_the_doors_are_shut(course, room, clock):
    phone = room.seated("K1")
    sheet = msgspec.to_builtins(filled(course.scale))
    phone.save(sheet)
    code, returning = room.room.join_code, phone.state()["returning"]
    assert room.host().post("/api/end").status == 200
    assert phone.state() == {"language": "en", "ended": True, "joined": False}
    assert phone.save(sheet, revision=1, attempt="attempt-2").status == 401
    assert room.device().join(code).status == 410
    for secret in (code, returning, phone.cookie.partition("=")[2], phone.csrf):
        assert secret not in repr((vars(room.room), vars(room.room.seats)))
    clock.now += FAREWELL_SECONDS
    room.thread.join(30)
    for port in (room.port, room.server.pass_.port):
        assert not listens(port)
    with course.library.transaction() as session:
        (rating,) = find_scoring(session, 1).ratings
        assert rating.state is RatingState.DRAFT
        last = list_lines(session, subject="L1", act=Act.RATING)[-1]
        assert last.detail == {"deed": "room end", "joined": 1, "wrong": 0}


def listens(port):
    with socket.socket() as asking:
        return asking.connect_ex((LAN, port)) == 0


def test_a_host_whose_room_has_ended_is_told(room):
    host = room.host()
    host.post("/api/end")
    assert host.get("/api/board").json["ended"] == "the host ended it"
    for path, wish in (("show", {"sequence": 2}), ("reveal", {"sequence": 1})):
        assert host.post(f"/api/{path}", wish).status == 400


def opened(course, playlist=1, **how):
    settings = Settings(library=course.library.root)
    return RoomServer(course.library, settings, playlist, lambda: DAY, address=LAN, **how)


def test_no_room_opens_for_what_may_not_be_scored(course):
    with course.library.transaction() as session:
        withdraw_uses(session, "P1", [Use.SCORING], on=DAY)
    with pytest.raises(ConsentRefused):
        opened(course)
    with course.library.transaction() as session:
        assert not list_scorings(session)
        assert not list_lines(session, subject="L1", act=Act.RATING)


def test_a_room_needs_something_to_score_and_somebody_who_may(course):
    with course.library.transaction() as session:
        new_playlist(session, "Tom", Use.COURSE)
    with pytest.raises(BadInput, match="no excerpt"):
        opened(course, 2)
    with pytest.raises(NotFound, match="no playlist"):
        opened(course, 3)
    with pytest.raises(BadInput, match="patient"):
        opened(course, raters=["P1"])
    with pytest.raises(NotFound, match="scale"):
        opened(course, scale="no-such-scale")


def test_a_port_that_is_taken_is_named_with_the_way_out(course, room):
    with pytest.raises(BadInput, match="mbtg rate room --port N"):
        opened(course, port=room.port)
