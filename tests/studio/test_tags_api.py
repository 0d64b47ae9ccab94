"""Tags from the page: nothing acknowledged is lost, and nobody overwrites anybody."""

from __future__ import annotations

from datetime import date

import pytest

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.recording.access import find_recording
from mbtg_video.studio.api import tags as pages
from mbtg_video.tag.mark import list_tags
from tests.studio.serving import running

DAY = date(2026, 3, 13)
ADD = "/api/recordings/R1/tags/add"


@pytest.fixture(scope="module")
def library_folder(taken_folder):
    return taken_folder("no_audio")


@pytest.fixture
def studio(consenting, tmp_path):
    with running(consenting, tmp_path / "studio.toml", author="T1") as started:
        started.enter()
        yield started


def stored(library):
    with library.transaction() as session:
        return [
            (tag.name, tag.start.microseconds, tag.end and tag.end.microseconds, tag.item, tag.note)
            for tag in list_tags(session)
        ]


def test_a_tag_is_kept_before_it_is_acknowledged(studio, consenting):
    wish = {
        "start_us": 40_000,
        "end_us": 120_000,
        "item": 3,
        "note": "Stille her",
        "valence": "good",
    }
    answer = studio.post(ADD, wish)
    assert answer.status == 200
    assert answer.json == wish | {
        "id": "T1",
        "revision": 1,
        "scale": "mbt-g-aqs",
        "label": None,
        "author": "T1",
    }
    assert stored(consenting) == [("T1", 40_000, 120_000, 3, "Stille her")]


def test_a_change_is_made_on_what_was_seen(studio, consenting):
    studio.post(ADD, {"start_us": 0, "item": 3})
    first = studio.post("/api/tags/T1/edit", {"revision": 1, "note": "mine"})
    assert (first.status, first.json["revision"]) == (200, 2)
    second = studio.post("/api/tags/T1/edit", {"revision": 1, "note": "yours"})
    assert second.status == 409
    assert "T1" in second.json["error"]
    assert studio.post("/api/tags/T1/remove", {"revision": 1}).status == 409
    assert stored(consenting) == [("T1", 0, None, 3, "mine")]
    assert studio.post("/api/tags/T1/remove", {"revision": 2}).status == 200
    assert stored(consenting) == []


def test_only_what_is_named_changes(studio, consenting):
    studio.post(ADD, {"start_us": 0, "end_us": 80_000, "item": 3, "note": "stays"})
    studio.post("/api/tags/T1/edit", {"revision": 1, "end_us": None})
    assert stored(consenting) == [("T1", 0, None, 3, "stays")]
    answer = studio.post("/api/tags/T1/edit", {"revision": 2, "label": "own words", "note": ""})
    assert (answer.json["item"], answer.json["scale"], answer.json["label"]) == (
        None,
        None,
        "own words",
    )
    assert stored(consenting) == [("T1", 0, None, None, None)]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"start_us": -1, "item": 3}, 400),
        ({"start_us": 0.5, "item": 3}, 400),
        ({"start_us": 99_000_000, "item": 3}, 400),
        ({"start_us": 80_000, "end_us": 40_000, "item": 3}, 400),
        ({"start_us": 0}, 400),
        ({"start_us": 0, "item": 3, "label": "both"}, 400),
        ({"start_us": 0, "item": 99}, 404),
        ({"start_us": 0, "item": 3, "valence": "bad"}, 400),
        ({"start_us": 0, "item": 3, "author": "T9"}, 400),
        ({"start_us": 0, "label": "x" * 20_001}, 400),
    ],
)
def test_what_is_no_tag_is_refused_and_nothing_kept(studio, consenting, wish, status):
    answer = studio.post(ADD, wish)
    assert answer.status == status
    assert answer.json["error"]
    assert stored(consenting) == []


@pytest.mark.parametrize("path", ["/api/recordings/R9/tags/add", "/api/recordings/X1/tags/add"])
def test_a_recording_that_is_none_takes_no_tag(studio, path):
    assert studio.post(path, {"start_us": 0, "item": 3}).status in (400, 404)


def test_tags_need_the_consent_that_watching_needs(studio, consenting):
    with consenting.transaction() as session:
        withdraw_uses(session, "P2", [Use.OWN_REVIEW], on=studio.today)
    answer = studio.post(ADD, {"start_us": 0, "item": 3})
    assert (answer.status, answer.json["kind"]) == (403, "ConsentRefused")
    assert stored(consenting) == []
    with consenting.transaction() as session:
        assert audit.list_lines(session, act=Act.REFUSAL)


def test_pages_of_tags_hold_every_tag_once_in_order_of_time(studio, consenting, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 7)
    with consenting.transaction() as session:
        length = find_recording(session, 1).length.microseconds
    for place in range(30):
        start = (place * 7 % 10) * 40_000  # several begin in one frame
        assert start < length
        studio.post(ADD, {"start_us": start, "item": 1 + place % 19})
    found = []
    after = ""
    while after is not None:
        page = studio.get(f"/api/recordings/R1/tags?after={after}").json
        found += page["tags"]
        after = page["after"]
    assert len(found) == 30
    assert len({tag["id"] for tag in found}) == 30
    assert [tag["start_us"] for tag in found] == sorted(tag["start_us"] for tag in found)


@pytest.mark.parametrize(
    "after", ["x", "1", "1-", "-1", "1-x", "٣-1", f"{9**30}-1", f"1-{9**30}", "9" * 5000 + "-1"]
)
def test_a_place_in_the_list_that_is_none_is_refused(studio, after):
    from urllib.parse import quote

    answer = studio.get(f"/api/recordings/R1/tags?after={quote(after)}")
    assert answer.status == 400
