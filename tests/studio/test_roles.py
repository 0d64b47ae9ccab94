"""Every address does for a role what the table of powers says, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.rating.agree import record_consensus, reveal
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import open_scoring
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.derive import derive
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind
from mbtg_video.recording.spoken import mark_name
from mbtg_video.scale import find_scale
from mbtg_video.studio.api import (
    excerpts,
    intake,
    library,
    names,
    playlists,
    ratings,
    recordings,
    scorings,
    search,
    session,
    transcripts,
)
from mbtg_video.studio.api import tags as tags_
from mbtg_video.studio.media import ROUTES as MEDIA
from mbtg_video.supervision.playlist import add_excerpts, new_playlist
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Span, Timecode
from mbtg_video.users import MATRIX, Power, User, UserRole
from tests.sequences import filled as filled_in
from tests.studio.serving import running

DAY = date(2026, 3, 13)
SAID = Description("G1", DAY, ["P1", "P2", "T1"])
WHERE = {"start_us": 1_000_000, "end_us": 2_000_000}
ANNOUNCED = {
    "group": "G1",
    "recorded_on": "2026-03-13",
    "present": ["P1", "T1"],
    "file_name": "a.mp4",
}

SCALE = find_scale("mbt-g-aqs")
SHEET = {"sheet": msgspec.to_builtins(filled_in(SCALE))}

# Each address in an order in which none takes away what another needs; what it needs, if anything.
ADDRESSES = [
    ("/api/session", None, None),
    ("/api/preferences", {"dark": False}, None),
    ("/api/alive", {}, None),
    ("/api/there", None, None),
    ("/api/jobs", None, None),
    ("/api/library", None, Power.LOOK),
    ("/api/search?q=x&offset=0", None, Power.LOOK),
    ("/api/recordings/R1", None, Power.LOOK),
    ("/api/recordings/R1/frames", None, Power.LOOK),
    ("/api/recordings/R1/consent?use=course", None, Power.LOOK),
    ("/api/recordings/R1/watch", {}, Power.WATCH),
    ("/api/recordings/R1/poster", {}, Power.WATCH),
    ("/api/recordings/R1/tags", None, Power.LOOK),
    ("/api/recordings/R1/transcripts", None, Power.WATCH),
    ("/api/recordings/R1/tags/add", {"start_us": 0, "item": 3}, Power.TAG),
    ("/api/tags/T1", None, Power.LOOK),
    ("/api/tags/T1/edit", {"revision": 1, "note": "x"}, Power.TAG),
    ("/api/tags/T1/remove", {"revision": 2}, Power.TAG),
    ("/api/recordings/R1/names/add", WHERE, Power.TAG),
    ("/api/names/N1", None, Power.LOOK),
    ("/api/names/N1/move", WHERE, Power.TAG),
    ("/api/names/N1/clear", {"reason": "x"}, Power.TAG),
    ("/api/names/N1/reopen", {}, Power.TAG),
    ("/api/names/N1/mute", {}, Power.TAG),
    ("/api/names/N1/remove", {}, Power.TAG),
    ("/api/recordings/R1/excerpts", WHERE | {"title": "x"}, Power.CUT),
    ("/api/excerpts/X1", None, Power.LOOK),
    ("/api/excerpts/X1/frames", None, Power.LOOK),
    ("/api/excerpts/X1/watch", {}, Power.WATCH),
    ("/api/scorings", None, Power.LOOK),
    ("/api/raters", None, Power.LOOK),
    ("/api/excerpts/X1/scorings", None, Power.LOOK),
    ("/api/excerpts/X1/score", {"scale": "teaching-example"}, Power.RATE),
    ("/api/scorings/S3", None, Power.LOOK),
    ("/api/scorings/S3/sheet", {"rater": "T1"}, Power.RATE),
    ("/api/scorings/S3/watch", {}, Power.WATCH),
    ("/api/scorings/S3/reopen", {"rater": "T1"}, Power.RATE),
    ("/api/scorings/S3/save", SHEET | {"rater": "T1", "seen": 2, "submit": True}, Power.RATE),
    ("/api/scorings/S3/reveal", {}, Power.REVEAL),
    ("/api/scorings/S2/compare", None, Power.RATE),
    ("/api/scorings/S2/consensus", SHEET | {"agreed_by": ["T1"], "seen": 0}, Power.RATE),
    ("/api/scorings/S1/sign", {"signer": "T1", "seen": 1}, Power.SIGN),
    ("/api/playlists", {"title": "x"}, Power.PLAN),
    ("/api/playlists/L1", None, Power.LOOK),
    ("/api/playlists/L1/add", {"kind": "theory", "text": "x"}, Power.PLAN),
    ("/api/playlists/L1/order", {"was": [1, 2], "now": [2, 1]}, Power.PLAN),
    ("/api/playlists/L1/change", {"entry": 2, "minutes": 5}, Power.PLAN),
    ("/api/playlists/L1/remove", {"entry": 2}, Power.PLAN),
    ("/api/playlists/L1/slot", {"minutes": 45}, Power.PLAN),
    ("/api/playlists/L1/folder", None, Power.HAND_OUT),
    ("/api/playlists/L1/bundle", {"folder": "{out}", "recipients": ["Kari"]}, Power.HAND_OUT),
    ("/api/intake", ANNOUNCED, Power.RECORD),
]
# What only somebody has an address for who was given it.
GIVEN = {
    "/api/jobs/{id}",
    "/api/jobs/{id}/cancel",
    "/api/jobs/{id}/forget",
    "/api/views/{handle}",
    "/api/intake/{ticket}",
    "/media/{handle}/{part}",
}


def pattern(route, path):
    return route.path_regex.match(path.partition("?")[0]) is not None


def test_no_address_is_left_out():
    modules = (session, library, recordings, tags_, transcripts, names, excerpts, playlists, intake)
    modules += (scorings, ratings, search)
    routes = [route for module in modules for route in module.ROUTES] + list(MEDIA)
    asked = {
        next(
            route.path
            for route in routes
            if pattern(route, path) and ("POST" in route.methods) == (wish is not None)
        )
        for path, wish, _ in ADDRESSES
    }
    assert asked | GIVEN == {route.path for route in routes}


@pytest.fixture
def filled(consenting, recording_file):
    """One of everything."""
    take_in(consenting, recording_file("gop25"), SAID, on=DAY)
    cut_excerpt(consenting, 1, Wish("4s", "6s", "A title"), on=DAY)
    derive(consenting, 1, DerivedKind.POSTER, on=DAY)
    with consenting.transaction() as session:
        recording = find_recording(session, 1)
        mark = Mark(start=Timecode(0), scale="mbt-g-aqs", item=3, author="T1")
        add_tag(session, recording, mark, on=DAY)
        mark_name(session, recording, Span(Timecode(0), Timecode(1_000_000)), on=DAY)
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        add_excerpts(session, playlist, [find_excerpt(session, 1)], minutes=None, on=DAY)
        score(session)
    return consenting


def score(session):
    """S1 is agreed on, S2 revealed, S3 blind, each with what T1 submitted."""
    sheet, how = filled_in(SCALE), {"source": Source.STUDIO, "on": DAY}
    for state in ("agreed", "revealed", "blind"):
        scoring = open_scoring(session, find_excerpt(session, 1), SCALE, on=DAY)
        record_sheet(session, scoring, "T1", sheet, submit=True, **how)
        if state != "blind":
            reveal(session, scoring)
        if state == "agreed":
            record_consensus(session, scoring, sheet, **how)


def refusals(library):
    with library.transaction() as session:
        lines = audit.list_lines(session, act=Act.REFUSAL)
        return [(line.subjects, line.detail.get("power")) for line in lines]


@pytest.mark.parametrize("role", UserRole)
def test_a_role_gets_what_its_powers_allow(role, filled, tmp_path, recording_file):
    user = User("somebody", role)
    library = replace(filled, ring=replace(filled.ring, user=user))
    refused = []
    with running(library, tmp_path / "studio.toml", author="T1") as studio:
        studio.enter()
        for path, wish, power in ADDRESSES:
            if wish and "folder" in wish:
                wish = wish | {"folder": str(tmp_path / "out")}
            answer = studio.get(path) if wish is None else studio.post(path, wish)
            allowed = power is None or power in MATRIX[role]
            assert answer.status == (200 if allowed else 403), (path, answer.body)
            if not allowed:
                assert answer.json["kind"] == "RoleRefused"
                refused.append((user.name, power.value))
            elif path.startswith("/api/intake"):
                film = recording_file("closed250").read_bytes()
                sent = studio.own_headers() | {
                    "Content-Type": "application/octet-stream",
                    "X-CSRF": studio.csrf,
                    "Content-Length": str(len(film)),
                }
                assert studio.raw("POST", answer.json["upload"], sent, film).status == 200
        for job in studio.get("/api/jobs").json:
            assert studio.finished(job)["state"] == "done"
    assert [line for line in refusals(library) if line[0] == user.name] == refused
