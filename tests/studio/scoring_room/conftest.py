"""Fixtures: a playlist with two sequences and twelve raters, and its room while it is open."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import create_library, open_library
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.scale import find_scale
from mbtg_video.supervision.playlist import add_excerpts, new_playlist
from tests.libraries import PASSPHRASE, SIGNED_ON, UNTIL
from tests.sequences import DAY, Sequence
from tests.studio.scoring_room.serving import Clock, Running, running

TWELVE = tuple(f"K{number}" for number in range(1, 13))
PLANTED = "Plantet tittel"


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory, recording_file, _quick_slots) -> Path:
    """A library with twelve raters and playlist L1, closed: it is copied, as nothing is quicker."""
    root = tmp_path_factory.mktemp("course") / "library"
    create_library(root, PASSPHRASE)
    with open_library(root, PASSPHRASE) as library:
        with library.transaction() as session:
            add_group(session, "G1", PLANTED, approval_required=False)
            for code, role in (("P1", Role.PATIENT), ("T1", Role.THERAPIST)):
                add_person(session, code, "G1", role)
                valid = {"signed_on": SIGNED_ON, "until": UNTIL}
                record_consent(session, code, Use, Form.IDENTIFIABLE, **valid)
            add_group(session, "KURS", PLANTED, approval_required=False)
            for code in TWELVE:
                add_person(session, code, "KURS", Role.PARTICIPANT)
        told = Description("G1", date(2026, 3, 13), ["P1", "T1"])
        take_in(library, recording_file("gop25", 2), told, on=DAY)
        for span in (("f10", "f40"), ("f5", "f30")):
            cut_excerpt(library, 1, Wish(*span, PLANTED, f"{PLANTED}?"), on=DAY)
        with library.transaction() as session:
            playlist = new_playlist(session, PLANTED, Use.COURSE)
            excerpts = [find_excerpt(session, 1), find_excerpt(session, 2)]
            add_excerpts(session, playlist, excerpts, minutes=5, on=DAY)
    return root


@pytest.fixture
def course(course_folder: Path, tmp_path: Path) -> Iterator[Sequence]:
    """That library, opened."""
    root = tmp_path / "library"
    shutil.copytree(course_folder, root)
    with open_library(root, PASSPHRASE) as library:
        yield Sequence(library, find_scale("mbt-g-aqs"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(course: Sequence) -> Iterator[Running]:
    with running(course.library, raters=TWELVE) as started:
        yield started


# The pages wait a second or two before they ask again; in a test that second is shorter.
_HASTE = "{ const wait = setTimeout; window.setTimeout = (deed, ms) => wait(deed, ms / 6); }"


@pytest.fixture
def open_phone(chromium: Browser, room: Running) -> Iterator[Callable[[], Page]]:
    """``open_phone()``: a phone of its own at the room's page; no script of it may fail.

    ``patient=True`` leaves its clock alone.
    """
    with ExitStack() as opened:
        failures: list[str] = []

        def provide(*, patient: bool = False, **how: object) -> Page:
            small = {"viewport": {"width": 375, "height": 667}, "has_touch": True}
            context = chromium.new_context(
                **{"ignore_https_errors": True, "locale": "en-GB"} | small | how
            )
            opened.callback(context.close)
            context.set_default_timeout(20_000)
            if not patient:
                context.add_init_script(_HASTE)
            page = context.new_page()
            page.on("pageerror", lambda error: failures.append(str(error)))
            page.goto(room.room.link)
            return page

        yield provide
    assert failures == []


@pytest.fixture
def host_page(chromium: Browser, room: Running) -> Iterator[Page]:
    """The host's page, as a projector shows it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB")
    context.add_init_script(_HASTE)
    failures: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(room.server.link)
    expect(page.locator("#code")).to_be_visible()
    yield page
    context.close()
    assert failures == []
