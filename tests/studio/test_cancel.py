"""Work that is broken off at any step leaves nothing behind."""

from __future__ import annotations

from datetime import date

import pytest

from mbtg_video.consent.model import Use
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt, list_excerpts
from mbtg_video.excerpt.remake import remake_excerpt
from mbtg_video.recording.derive import derive
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import DerivedKind
from mbtg_video.studio.jobs import Broken
from mbtg_video.supervision.bundle import Handout, list_bundles, make_bundle
from mbtg_video.supervision.playlist import add_excerpts, new_playlist

DAY = date(2026, 3, 13)
SAID = Description("G1", DAY, ["P1", "P2", "T1"])
SHARES = (0.01, 0.5, 0.9)


def broken_at(share):
    def progress(done):
        if done >= share:
            raise Broken

    return progress


def kept(library):
    """Every file of the library and beside it, without the database."""
    return {
        path
        for path in library.root.parent.rglob("*")
        if path.is_file() and not path.name.startswith(("mbtg.db", "lock.db"))
    }


@pytest.fixture
def taken(consenting, recording_file):
    def provide(kind):
        take_in(consenting, recording_file(kind), SAID, on=DAY)
        return consenting

    return provide


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("kind", ["gop25", "hevc_open"])
def test_a_cut_leaves_nothing_when_it_is_broken_off(taken, kind, share):
    library = taken(kind)
    before = kept(library)
    with pytest.raises(Broken):
        cut_excerpt(library, 1, Wish("1s", "11s", "x"), on=DAY, progress=broken_at(share))
    assert kept(library) == before
    with library.transaction() as session:
        assert not list_excerpts(session)


@pytest.mark.parametrize("share", SHARES)
def test_an_excerpt_that_is_made_again_stays_as_it_was_when_that_is_broken_off(taken, share):
    library = taken("gop25")
    cut_excerpt(library, 1, Wish("1s", "11s", "x"), on=DAY)
    before = kept(library)
    with pytest.raises(Broken):
        remake_excerpt(library, 1, on=DAY, progress=broken_at(share))
    assert kept(library) == before


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        *((DerivedKind.PROXY, share) for share in SHARES),
        *((DerivedKind.SPRITES, share) for share in SHARES),
        (DerivedKind.WAVEFORM, 0.01),  # so short a one tells no more on its way
    ],
)
def test_what_shows_a_recording_leaves_nothing_when_it_is_broken_off(taken, kind, share):
    library = taken("hevc_open")
    before = kept(library)
    with pytest.raises(Broken):
        derive(library, 1, kind, on=DAY, progress=broken_at(share))
    assert kept(library) == before


@pytest.mark.parametrize("step", [1, 2])
def test_a_bundle_leaves_nothing_when_it_is_broken_off(taken, step):
    library = taken("gop25")
    cut_excerpt(library, 1, Wish("1s", "11s", "x"), on=DAY)
    with library.transaction() as session:
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        add_excerpts(session, playlist, [find_excerpt(session, 1)], minutes=None, on=DAY)
    before = kept(library)
    steps = 0

    def progress(_size):
        nonlocal steps
        steps += 1
        if steps == step:
            raise Broken

    folder = library.root.parent / "out"
    with pytest.raises(Broken):
        make_bundle(
            library, 1, Handout(folder=folder, recipients=["Kari"]), on=DAY, progress=progress
        )
    assert kept(library) == before
    assert not folder.exists()
    with library.transaction() as session:
        assert not list_bundles(session)
