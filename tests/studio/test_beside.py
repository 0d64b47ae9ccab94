"""The studio and other programs work in one library at the same time."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.recording.model import DerivedMedium
from mbtg_video.tag.mark import list_tags
from mbtg_video.vault.model import SealedObject
from tests.libraries import PASSPHRASE

COUNT = 30

TAGGER = f"""
import sys
from datetime import date
from pathlib import Path
from mbtg_video.library import open_library
from mbtg_video.recording.access import find_recording
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
with open_library(Path(sys.argv[1]), {PASSPHRASE!r}) as library:
    for place in range({COUNT}):
        with library.transaction() as session:
            mark = Mark(start=Timecode(place), label=f"{{sys.argv[2]}} {{place}}")
            add_tag(session, find_recording(session, 1), mark, on=date.today())
"""


def test_tags_from_the_page_and_from_two_programs_are_all_there(take, studio, consenting):
    take("no_audio")
    studio.enter()
    programs = [
        subprocess.Popen([sys.executable, "-c", TAGGER, str(consenting.root), name])
        for name in ("one", "two")
    ]
    for place in range(COUNT):
        wish = {"start_us": place, "label": f"page {place}"}
        assert studio.post("/api/recordings/R1/tags/add", wish).status == 200
    assert [program.wait(120) for program in programs] == [0, 0]
    with consenting.transaction() as session:
        tags = list_tags(session)
        assert Counter(tag.label.split()[0] for tag in tags) == {
            "one": COUNT,
            "two": COUNT,
            "page": COUNT,
        }
        assert len({tag.name for tag in tags}) == 3 * COUNT
        assert audit.verify(session) == []


def test_a_library_key_that_is_replaced_meanwhile_is_followed(take, studio, consenting):
    take("gop25")
    studio.enter()
    add = "/api/recordings/R1/tags/add"
    studio.post(add, {"start_us": 0, "label": "before"})
    video = studio.post("/api/recordings/R1/watch").json["parts"]["video"]
    code = (
        "import sys; from pathlib import Path; from mbtg_video.library import open_library\n"
        f"with open_library(Path(sys.argv[1]), {PASSPHRASE!r}) as library: library.rotate_key()"
    )
    subprocess.run([sys.executable, "-c", code, str(consenting.root)], check=True)
    assert studio.get(video, Range="bytes=0-9").status == 206
    studio.post(add, {"start_us": 1, "label": "behind"})
    tags = studio.get("/api/recordings/R1/tags").json["tags"]
    assert [tag["label"] for tag in tags] == ["before", "behind"]


def test_two_pages_that_want_the_same_copy_get_one(take, studio, consenting):
    take("hevc_closed")
    studio.enter()
    views = [studio.post("/api/recordings/R1/watch").json for _ in range(2)]
    assert views[0]["jobs"] == views[1]["jobs"] or {j["id"] for j in views[0]["jobs"]} == {
        j["id"] for j in views[1]["jobs"]
    }
    for job in views[0]["jobs"]:
        assert studio.finished(job)["state"] == "done"
    with consenting.transaction() as session:
        kinds = Counter(session.scalars(select(DerivedMedium.kind)))
        assert set(kinds.values()) == {1}
        known = len(session.scalars(select(SealedObject)).all())
    assert known == len(list((consenting.root / "objects").iterdir()))
    assert not list((consenting.root / "tmp").iterdir())


def test_a_consent_that_ends_during_a_cut_keeps_the_excerpt_out(take, studio, consenting):
    take("closed250", 24)
    studio.enter()
    wish = {"start_us": 40_000, "end_us": 20_000_000, "title": "Too late"}
    job = studio.post("/api/recordings/R1/excerpts", wish).json
    with consenting.transaction() as session:
        withdraw_uses(session, "P1", [Use.OWN_REVIEW], on=studio.today)
    ended = studio.finished(job)
    assert ended["state"] == "failed"
    assert "P1" in ended["failure"]["error"]
    with consenting.transaction() as session:
        assert list_excerpts(session) == []
    assert not list((consenting.root / "tmp").iterdir())


def test_work_that_is_broken_off_leaves_nothing(take, studio, consenting):
    take("closed250", 24)
    studio.enter()
    wish = {"start_us": 40_000, "end_us": 20_000_000, "title": "Broken off"}
    objects = sorted((consenting.root / "objects").iterdir())
    job = studio.post("/api/recordings/R1/excerpts", wish).json
    studio.post(f"/api/jobs/{job['id']}/cancel")
    assert studio.finished(job)["state"] == "cancelled"
    assert sorted((consenting.root / "objects").iterdir()) == objects
    assert not list((consenting.root / "tmp").iterdir())
    assert studio.post(f"/api/jobs/{job['id']}/forget").status == 200
    assert studio.get(f"/api/jobs/{job['id']}").status == 404
