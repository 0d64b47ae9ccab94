"""What a phone sends is recorded as it came, and no more than its own is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from mbtg_video.audit import Act, list_lines
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.errors import Busy
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import RatingState
from mbtg_video.rating.record import rating_by, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.studio.room import state
from tests.sequences import DAY, filled
from tests.studio.scoring_room.conftest import TWELVE


def sheet(course, **how):
    return msgspec.to_builtins(filled(course.scale, **how))


def ratings(course):
    with course.library.transaction() as session:
        return {one.rater: sheet_of(one) for one in find_scoring(session, 1).ratings}


def test_twelve_devices_save_at_once_again_and_again(course, room):
    devices = [room.seated(code) for code in TWELVE]

    def work(place):
        revision = 0
        for turn in range(3):
            given = sheet(course, adherence=place % 7 + 1, quality=turn + 1)
            said = {"revision": revision, "submit": turn == 2, "attempt": f"attempt-{turn}"}
            answer = devices[place].save(given, **said)
            assert answer.status == 200
            revision = answer.json["revision"]

    with ThreadPoolExecutor(12) as together:
        list(together.map(work, range(12)))
    expected = {
        code: filled(course.scale, adherence=place % 7 + 1, quality=3)
        for place, code in enumerate(TWELVE)
    }
    assert ratings(course) == expected


def test_a_save_that_is_sent_again_is_answered_again(course, room):
    device = room.seated("K1")
    first = device.save(sheet(course), submit=True)
    assert first.json == {"revision": 1, "submitted": True}
    assert device.save(sheet(course), submit=True).json == first.json
    # Another one is none: the sheet is submitted.
    again = device.save(sheet(course), submit=True, attempt="attempt-2")
    assert (again.status, again.json) == (400, {"kind": "BadInput"})


def test_a_stale_save_overwrites_nothing(course, room):
    device = room.seated("K1")
    device.save(sheet(course, adherence=5))
    course.rate(1, "K1", filled(course.scale, adherence=6), submit=False)
    late = device.save(sheet(course, adherence=2), revision=1, attempt="attempt-2")
    assert (late.status, late.json) == (409, {"kind": "ChangedMeanwhile"})
    assert ratings(course)["K1"].score(1).adherence == 6


@pytest.mark.parametrize("submit", [True, False])
def test_gaps_keep_a_sheet_from_being_submitted_only(course, room, submit):
    given = sheet(course) | {"items": sheet(course)["items"][:3]}
    answer = room.seated("K1").save(given, submit=submit)
    assert answer.status == (400 if submit else 200)


def test_a_consent_that_ends_while_all_score_is_asked_for_at_each_save(course, room):
    device = room.seated("K1")
    assert device.save(sheet(course)).status == 200
    with course.library.transaction() as session:
        withdraw_uses(session, "P1", [Use.SCORING], on=DAY)
    answer = device.save(sheet(course, adherence=1), revision=1, attempt="attempt-2")
    # Whose consent it was is told to nobody in the room.
    assert (answer.status, answer.json) == (403, {"kind": "ConsentRefused"})
    assert ratings(course)["K1"].score(1).adherence == 4
    with course.library.transaction() as session:
        assert list_lines(session, subject="P1", act=Act.REFUSAL)


def test_while_it_is_blind_a_phone_gets_nothing_of_others(course, room):
    one, other = room.seated("K1"), room.seated("K2")
    one.save(sheet(course, adherence=7, quality=1), submit=True)
    told = other.get("/api/sheets/1").json
    assert (told["sheet"], told["group"]) == (None, None)
    assert other.state()["submitted"] == 1
    board = room.host().get("/api/board").json
    assert board["compared"] == []
    states = {rater["code"]: (rater["answered"], rater["submitted"]) for rater in board["raters"]}
    assert states["K1"] == (21, True)
    assert states["K2"] == (0, False)
    assert set(board["raters"][0]) == {"code", "held", "here", "answered", "submitted"}


def test_what_was_submitted_can_be_taken_back_until_it_is_revealed(course, room):
    device, host = room.seated("K1"), room.host()
    assert device.post("/api/sheets/1/reopen").status == 404
    device.save(sheet(course), submit=True)
    assert device.post("/api/sheets/1/reopen").json == {"revision": 2, "submitted": False}
    device.save(sheet(course, quality=1), revision=2, submit=True, attempt="attempt-2")
    assert host.post("/api/reveal", {"sequence": 1}).status == 200
    assert device.post("/api/sheets/1/reopen").status == 400
    late = device.save(sheet(course), revision=3, attempt="attempt-3")
    assert (late.status, late.json) == (400, {"kind": "BadInput"})


def test_the_reveal_tells_the_host_who_and_the_phones_how_far_apart(course, room):
    one, other, draft = (room.seated(code) for code in ("K1", "K2", "K3"))
    absent = ItemScore(item=3, absence="did_not_occur")
    one.save(sheet(course, adherence=2, item3=absent), submit=True)
    other.save(sheet(course, adherence=7), submit=True)
    draft.save(sheet(course, adherence=1))
    board = room.host().post("/api/reveal", {"sequence": 1}).json
    assert board["state"] == "revealed"
    first = board["compared"][0]
    assert (first["item"], first["gap"]) == (1, 5)
    assert [(a["rater"], a["adherence"]) for a in first["answers"]] == [("K1", 2), ("K2", 7)]
    assert "note" not in first["answers"][0]
    for device in (one, other, draft):
        assert device.state()["blind"] is False
        group = {row["item"]: row for row in device.get("/api/sheets/1").json["group"]}
        spread = {"lowest": 2, "median": 4.5, "highest": 7, "raters": 2}
        assert group[1]["adherence"] == spread
        assert group[3]["adherence"] == spread | {"lowest": 7, "median": 7, "raters": 1}
        assert group[3]["did_not_occur"] == 1
        assert "K2" not in str(group)


def test_a_reveal_from_the_terminal_is_seen_in_the_room(course, room):
    device = room.seated("K1")
    device.save(sheet(course), submit=True)
    with course.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
    room.room.changed(1)
    assert device.state()["blind"] is False


def test_who_rates_elsewhere_is_not_counted_in_the_room(course, room):
    course.rate(1, "T1")
    assert room.seated("K1").state()["submitted"] == 0


def test_nothing_can_be_revealed_before_somebody_has_submitted(course, room):
    room.seated("K1").save(sheet(course))
    answer = room.host().post("/api/reveal", {"sequence": 1})
    assert (answer.status, answer.json["kind"]) == (400, "BadInput")


def test_a_library_that_is_busy_loses_no_save(course, room, monkeypatch):
    device = room.seated("K1")
    real, refusals = state.Library.transaction, []

    def busy_twice(library, power=None):
        if len(refusals) < 2:
            refusals.append(1)
            raise Busy("another mbtg is writing")
        return real(library, power)

    monkeypatch.setattr(state.Library, "transaction", busy_twice)
    assert device.save(sheet(course), submit=True).status == 200
    monkeypatch.undo()
    assert len(refusals) == 2
    with course.library.transaction() as session:
        found = rating_by(find_scoring(session, 1), "K1")
        assert found.state is RatingState.SUBMITTED


def test_a_library_that_stays_busy_is_told_so_that_the_phone_sends_again(course, room, monkeypatch):
    device = room.seated("K1")

    def busy(_library, _power=None):
        raise Busy("another mbtg is writing")

    monkeypatch.setattr(state.Library, "transaction", busy)
    answer = device.save(sheet(course))
    monkeypatch.undo()
    assert (answer.status, answer.json) == (503, {"kind": "Busy"})
    assert device.save(sheet(course)).status == 200
