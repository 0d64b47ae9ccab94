"""Playlists from the page: whatever is asked for is answered in a sentence."""

from __future__ import annotations

import pytest

from tests.studio.serving import running


@pytest.fixture
def studio(consenting, tmp_path):
    with running(consenting, tmp_path / "studio.toml") as started:
        started.enter()
        started.post("/api/playlists", {"title": "Fredag"})
        yield started


@pytest.mark.parametrize("folder", ["", "somewhere", "~nobody-at-all/x", "/a\0b", "~\0"])
def test_a_folder_that_is_none_is_refused(studio, folder):
    answer = studio.post("/api/playlists/L1/bundle", {"folder": folder, "recipients": ["Kari"]})
    assert (answer.status, answer.json["kind"]) == (400, "BadInput")
    assert studio.get("/api/jobs").json == []


@pytest.mark.parametrize("number", [-1, 0, 10**9, 2**63, 2**200])
def test_an_excerpt_that_nobody_has_is_not_added(studio, number):
    assert studio.post("/api/playlists/L1/add", {"excerpts": [number]}).status in (400, 404)
    assert studio.get("/api/playlists/L1").json["entries"] == 0
