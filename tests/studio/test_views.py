"""A view shows what it was noted as, for as long as somebody looks at it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.excerpt.make import Wish, cut_excerpt
from mbtg_video.recording.derive import derive
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind
from mbtg_video.studio import viewing
from tests.studio.serving import running

DAY = date(2026, 3, 13)


@pytest.fixture
def studio(consenting, recording_file, tmp_path):
    told = Description("G1", DAY, ["P1", "P2", "T1"])
    take_in(consenting, recording_file("gop25"), told, on=DAY)
    cut_excerpt(consenting, 1, Wish("4s", "6s", "A title"), on=DAY)
    derive(consenting, 1, DerivedKind.POSTER, on=DAY)
    with running(consenting, tmp_path / "studio.toml") as started:
        started.enter()
        yield started


def seen(library):
    with library.transaction() as session:
        return [line.subjects for line in audit.list_lines(session, act=Act.VIEW)]


def test_who_watches_an_excerpt_gets_no_more_of_its_recording(studio):
    video = studio.post("/api/excerpts/X1/watch").json["video"]
    before = studio.get(video).body
    assert studio.post(f"/api/views/{video.split('/')[2]}").status == 404
    assert studio.get(video).body == before
    for part in ("waveform", "sheet-0"):
        assert studio.get(video.replace("video", part)).status == 404


def test_a_poster_opens_no_more_than_itself(studio):
    poster = studio.post("/api/recordings/R1/poster").json["url"]
    assert studio.get(poster).status == 200
    assert studio.post(f"/api/views/{poster.split('/')[2]}").status == 404
    assert studio.get(poster.replace("poster", "video")).status == 404


def test_many_later_views_close_none_that_is_being_watched(studio, monkeypatch):
    monkeypatch.setattr(viewing, "_MOST_VIEWS", 3)
    video = studio.post("/api/recordings/R1/watch").json["parts"]["video"]
    left = studio.post("/api/excerpts/X1/watch").json["video"]
    for _ in range(5):
        assert studio.get(video, Range="bytes=0-9").status == 206
        studio.post("/api/excerpts/X1/watch")
    assert studio.get(left, Range="bytes=0-9").status == 404


def test_a_poster_whose_view_was_closed_is_opened_again(studio, monkeypatch):
    monkeypatch.setattr(viewing, "_MOST_VIEWS", 3)
    first = studio.post("/api/recordings/R1/poster").json["url"]
    assert studio.post("/api/recordings/R1/poster").json["url"] == first
    for _ in range(4):
        studio.post("/api/excerpts/X1/watch")
    assert studio.get(studio.post("/api/recordings/R1/poster").json["url"]).status == 200


def test_a_poster_whose_line_was_not_kept_is_noted_before_it_is_shown(studio, consenting):
    def full(_session):
        raise OSError(28, "No space left on device")

    before = seen(consenting)
    event.listen(Session, "before_commit", full)
    try:
        assert studio.post("/api/recordings/R1/poster").status == 500
    finally:
        event.remove(Session, "before_commit", full)
    assert seen(consenting) == before
    assert studio.post("/api/recordings/R1/poster").json["url"]
    assert seen(consenting) == [*before, "R1"]
