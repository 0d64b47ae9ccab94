"""Scorings from the page: blind until they are revealed, and nobody overwrites anybody."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.recording.spoken import mark_name
from mbtg_video.scale import find_scale
from mbtg_video.studio.api import (
    excerpts,
    library,
    names,
    playlists,
    ratings,
    recordings,
    scorings,
    session,
    tags,
)
from mbtg_video.users import User, UserRole
from tests.sequences import filled
from tests.studio.serving import running

SCALE = find_scale("mbt-g-aqs")
PLANTED = "Plantet notat om P2"
PLANTED_US = 1_234_567
S1 = "/api/scorings/S1"


@pytest.fixture
def studio(sequence, tmp_path):
    with running(sequence.library, tmp_path / "studio.toml") as started:
        started.enter()
        yield started


def plain(sheet):
    return msgspec.to_builtins(sheet)


def save(studio, rater, seen=0, sheet=None, **how):
    wish = {"rater": rater, "seen": seen, "sheet": plain(sheet or filled(SCALE))} | how
    return studio.post(f"{S1}/save", wish)


def opened(studio):
    answer = studio.post("/api/excerpts/X1/score", {"scale": "mbt-g-aqs"})
    assert (answer.status, answer.json["id"], answer.json["about"]) == (200, "S1", "T1")


def revealed(studio, *raters):
    opened(studio)
    for rater in raters:
        assert save(studio, rater, submit=True).status == 200
    assert studio.post(f"{S1}/reveal").status == 200


def deeds(library):
    with library.transaction() as session:
        lines = audit.list_lines(session, act=Act.RATING)
        return [(line.detail["deed"], line.subjects) for line in lines]


def test_the_four_states_are_reached_in_turn(studio, sequence):
    opened(studio)
    assert save(studio, "K1", submit=True).json["state"] == "submitted"
    assert save(studio, "K2").json["state"] == "draft"
    one = studio.get(S1).json
    assert one["state"] == "blind"
    assert [(r["rater"], r["state"]) for r in one["raters"]] == [
        ("K1", "submitted"),
        ("K2", "draft"),
    ]
    assert [one["items"]["items"][2]["number"], one["first_frame_us"]] == [3, 400_000]
    assert studio.post(f"{S1}/reveal").json["state"] == "revealed"
    agreed = {"agreed_by": ["K1"], "seen": 0, "sheet": plain(filled(SCALE, quality=6))}
    answer = studio.post(f"{S1}/consensus", agreed).json
    assert [answer["scoring"]["state"], answer["consensus"]["revision"]] == ["agreed", 1]
    signed = studio.post(f"{S1}/sign", {"signer": "T1", "seen": 1}).json
    assert [signed["state"], signed["signed_by"]] == ["signed", "T1"]
    assert studio.post(f"{S1}/consensus", agreed | {"seen": 1}).status == 400
    assert studio.get("/api/scorings").json == studio.get("/api/excerpts/X1/scorings").json
    assert deeds(sequence.library) == [
        ("open", "S1 X1"),
        ("submit", "Q1 S1 K1"),
        ("begin", "Q2 S1 K2"),
        ("reveal", "S1 Q1"),
        ("consensus", "Q3 S1 K1"),
        ("sign", "S1 Q3 T1"),
    ]


def test_no_answer_tells_anything_of_another_rater_before_the_reveal(studio, sequence):
    opened(studio)
    moment = sequence.moment(PLANTED_US - sequence.first_us)
    score = ItemScore(item=3, adherence=7, quality=1, note=PLANTED, evidence=(moment,))
    sheet = filled(SCALE, adherence=7, quality=1, item3=score)
    sheet = msgspec.structs.replace(sheet, note=PLANTED)
    assert save(studio, "K2", sheet=sheet, submit=True).status == 200
    own = filled(SCALE, adherence=3, quality=3)
    assert save(studio, "K1", sheet=own).status == 200

    told = []
    numbers = {"S": "S1", "X": "X1", "R": "R1", "T": "T1", "N": "N1", "L": "L1"}
    modules = (session, library, recordings, tags, names, excerpts, playlists, scorings, ratings)
    letters = {"scorings": "S", "excerpts": "X", "recordings": "R", "tags": "T", "names": "N"}
    for route in (route for module in modules for route in module.ROUTES):
        noun = route.path.split("/")[2]
        path = route.path.replace("{id}", numbers[letters.get(noun, "L")])
        if "POST" not in route.methods:
            told.append(studio.get(path))
    refused = studio.get(f"{S1}/compare")
    assert (refused.status, refused.json["kind"]) == (403, "StillBlind")
    agreed = {"agreed_by": ["K1"], "seen": 0, "sheet": plain(own)}
    told += [
        refused,
        studio.post(f"{S1}/consensus", agreed),
        studio.post(f"{S1}/sign", {"signer": "T1", "seen": 0}),
        studio.post(f"{S1}/sheet", {"rater": "K1"}),
        studio.post(f"{S1}/sheet", {"rater": "K3"}),
        save(studio, "K1", seen=1, sheet=own),
        save(studio, "K2", seen=0, sheet=own),
        save(studio, "K2", seen=1, sheet=own),
        studio.post("/api/excerpts/X1/score", {"scale": "mbt-g-aqs"}),
        studio.post("/api/excerpts/X1/score", {"scale": "teaching-example"}),
    ]
    assert [answer.status for answer in told].count(200) > 8
    for answer in told:
        for planted in (PLANTED, str(PLANTED_US), '"adherence":7', '"quality":1'):
            assert planted.encode() not in answer.body
    # Whoever names a rater gets that rater's own, and it is noted.
    seen = studio.post(f"{S1}/sheet", {"rater": "K2"})
    assert PLANTED.encode() in seen.body
    assert ("look", "Q1 S1 K2") in deeds(sequence.library)


def test_a_sheet_is_saved_on_what_was_seen(studio):
    opened(studio)
    assert save(studio, "K1").json["revision"] == 1
    assert save(studio, "K1").status == 409
    answer = save(studio, "K1", 1, filled(SCALE, quality=2))
    assert answer.json["revision"] == 2
    assert save(studio, "K1", 1, filled(SCALE, quality=7), submit=True).status == 409
    stored = studio.post(f"{S1}/sheet", {"rater": "K1"}).json
    assert [stored["state"], stored["sheet"]["items"][0]["quality"]] == ["draft", 2]


def test_a_sheet_is_taken_back_while_the_scoring_is_blind(studio):
    opened(studio)
    assert studio.post(f"{S1}/reopen", {"rater": "K1"}).status == 404
    save(studio, "K1", submit=True)
    assert save(studio, "K1", 1).status == 400
    assert studio.post(f"{S1}/reopen", {"rater": "K1"}).json["state"] == "draft"
    save(studio, "K1", 2, submit=True)
    studio.post(f"{S1}/reveal")
    assert studio.post(f"{S1}/reopen", {"rater": "K1"}).status == 400


def test_differences_come_largest_first_with_their_moments(studio, sequence):
    opened(studio)
    moment = sequence.moment(200_000)
    apart = ItemScore(item=8, adherence=1, quality=2, note="Her", evidence=(moment,))
    save(studio, "K1", sheet=filled(SCALE, item8=apart), submit=True)
    save(studio, "K2", submit=True)
    studio.post(f"{S1}/reveal")
    told = studio.get(f"{S1}/compare").json
    first, second = told["rows"][:2]
    assert [first["item"], first["gap"], second["gap"]] == [8, 3, 0]
    assert first["answers"][0] == {
        "rater": "K1",
        "adherence": 1,
        "quality": 2,
        "value": None,
        "absence": None,
        "note": "Her",
        "evidence": [{"start_us": 600_000, "end_us": None, "tag": None}],
    }
    assert told["consensus"] == {"revision": 0, "sheet": None}


def test_a_consensus_is_agreed_and_signed_on_what_was_seen(studio):
    revealed(studio, "K1", "K2")
    wish = {"agreed_by": ["K1", "K2"], "seen": 0, "sheet": plain(filled(SCALE))}
    assert studio.post(f"{S1}/consensus", wish | {"agreed_by": []}).status == 400
    assert studio.post(f"{S1}/consensus", wish | {"agreed_by": ["K3"]}).status == 400
    gaps = {"items": [], "overall": {}}
    assert studio.post(f"{S1}/consensus", wish | {"sheet": gaps}).status == 400
    assert studio.post(f"{S1}/consensus", wish).status == 200
    assert studio.post(f"{S1}/consensus", wish).status == 409
    assert studio.post(f"{S1}/sign", {"signer": "T1", "seen": 0}).status == 409
    assert studio.post(f"{S1}/sign", {"signer": "P1", "seen": 1}).status == 400
    assert studio.post(f"{S1}/sign", {"signer": "T1", "seen": 1}).status == 200


def test_nobody_scores_after_a_consent_has_ended(studio, sequence):
    opened(studio)
    assert save(studio, "K1").status == 200
    with sequence.library.transaction() as session:
        withdraw_uses(session, "P2", [Use.SCORING], on=studio.today)
    for answer in (
        save(studio, "K1", 1, filled(SCALE, quality=2)),
        save(studio, "K1", 1, submit=True),
        studio.post("/api/excerpts/X1/score", {"scale": "teaching-example"}),
    ):
        assert (answer.status, answer.json["kind"]) == (403, "ConsentRefused")
    assert studio.post(f"{S1}/sheet", {"rater": "K1"}).json["revision"] == 1


def test_a_therapist_rates_and_does_not_reveal_or_sign(sequence, tmp_path):
    ring = replace(sequence.library.ring, user=User("kari", UserRole.THERAPIST))
    with running(replace(sequence.library, ring=ring), tmp_path / "studio.toml") as studio:
        studio.enter()
        opened(studio)
        assert save(studio, "K1", submit=True).status == 200
        for path, wish in ((f"{S1}/reveal", {}), (f"{S1}/sign", {"signer": "T1", "seen": 0})):
            answer = studio.post(path, wish)
            assert (answer.status, answer.json["kind"]) == (403, "RoleRefused")
        assert studio.get(f"{S1}/compare").json["kind"] == "StillBlind"


NO_SHEETS = [
    ("save", {"rater": "P1", "seen": 0, "sheet": {}}, 400),
    ("save", {"rater": "K9", "seen": 0, "sheet": {}}, 404),
    ("save", {"rater": "K1", "seen": 0, "sheet": {"items": [{"item": 99, "quality": 4}]}}, 404),
    ("save", {"rater": "K1", "seen": 0, "sheet": {"items": [{"item": 1, "quality": 8}]}}, 400),
    ("save", {"rater": "K1", "seen": 0, "sheet": {"mood": "good"}}, 400),
    ("save", {"rater": "K1", "sheet": {}}, 400),
    ("save", {"rater": "K1", "seen": 0, "sheet": {}, "submit": True}, 400),
    ("sheet", {"rater": ""}, 400),
    ("sheet", {}, 400),
    ("reveal", {}, 400),
    ("reveal", {"now": True}, 400),
]


def test_what_is_no_sheet_is_refused(studio):
    opened(studio)
    for path, wish, status in NO_SHEETS:
        answer = studio.post(f"{S1}/{path}", wish)
        assert (answer.status, bool(answer.json["error"])) == (status, True), (path, wish)
        assert studio.get(S1).json["raters"] == []


def test_a_scale_that_cannot_be_read_hides_no_other(studio, monkeypatch, tmp_path):
    monkeypatch.setenv("MBTG_SCALES", str(tmp_path))
    (tmp_path / "broken.toml").write_text("id = 7", encoding="utf-8")
    told = studio.get("/api/raters").json
    assert {"mbt-g-aqs", "teaching-example"} <= {one["id"] for one in told["scales"]}
    assert "broken.toml" in told["damaged"][0]
    assert [one["code"] for one in told["raters"]] == ["K1", "K2", "K3", "T1"]


def test_the_times_of_an_excerpts_frames_count_from_its_first(studio):
    body = studio.get("/api/excerpts/X1/frames").body
    steps = [int.from_bytes(body[at : at + 4], "little") for at in range(0, len(body), 4)]
    assert steps == [0] + [40_000] * 29


def test_what_is_scored_is_watched_for_scoring_and_refused_without_it(studio, sequence):
    opened(studio)
    address = studio.post(f"{S1}/watch", {}).json["video"]
    assert studio.get(address).status == 200
    with sequence.library.transaction() as session_:
        seen = audit.list_lines(session_, act=Act.VIEW)[-1]
        assert (seen.subjects, seen.detail["use"]) == ("X1", "scoring")
        withdraw_uses(session_, "P1", [Use.SCORING], on=studio.today)
    assert studio.get(address).status == 403
    assert studio.post(f"{S1}/watch", {}).status == 403
    # The therapist's own review goes on.
    own = studio.post("/api/excerpts/X1/watch", {}).json["video"]
    assert studio.get(own).status == 200


def test_a_name_that_is_said_keeps_raters_from_watching(studio, sequence):
    opened(studio)
    address = studio.post(f"{S1}/watch", {}).json["video"]
    assert studio.get(address).status == 200
    with sequence.library.transaction() as session_:
        excerpt = find_excerpt(session_, 1)
        mark_name(session_, excerpt.recording, excerpt.span, on=studio.today)
    answer = studio.post(f"{S1}/watch", {})
    assert answer.status == 403
    assert "N1" in answer.json["error"]
    assert studio.get(address).status == 403
