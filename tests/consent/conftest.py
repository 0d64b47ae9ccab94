"""A library whose rows are written anew for every case."""

from __future__ import annotations

import pytest

from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_group, add_person
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import create_library, open_library
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.supervision.playlist import add_excerpts, new_playlist
from tests.consent.doors import CODES, FIRST, SHOWN, Case, Ground, permission
from tests.libraries import PASSPHRASE


@pytest.fixture(scope="module")
def ground(tmp_path_factory, recording_file):
    folder = tmp_path_factory.mktemp("doors")
    create_library(folder / "library", PASSPHRASE)
    (folder / "out").mkdir()
    with open_library(folder / "library", PASSPHRASE) as library:
        made = Ground(library, folder / "out")
        with library.transaction() as session:
            add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
            for code in CODES:
                add_person(session, code, "G1", Role.PATIENT)
        made.write_down(Case(Use.SUPERVISION, FIRST, [permission()] * len(CODES)))
        told = Description("G1", FIRST, CODES)
        take_in(library, recording_file("no_audio", 1), told, on=FIRST)
        cut_excerpt(library, 1, Wish(*(f"f{frame}" for frame in SHOWN), "First"), on=FIRST)
        with library.transaction() as session:
            for use in Use:
                playlist = new_playlist(session, use.value, use)
                excerpt = find_excerpt(session, 1)
                add_excerpts(session, playlist, [excerpt], minutes=None, on=FIRST)
        yield made
