"""Fixtures: a running studio, and a page of the real browser in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from mbtg_video.recording.ingest import Description, take_in
from tests.libraries import copied
from tests.studio.serving import Running, running

DAY = date(2026, 3, 13)


SAID = Description("G1", DAY, ["P1", "P2", "T1"])


@pytest.fixture(scope="session")
def taken_folder(tmp_path_factory, consenting_folder, recording_file) -> Callable[..., Path]:
    """``taken_folder(kind, seconds=12)``: a consenting library with R1 of that kind, closed."""
    made: dict[tuple[str, int], Path] = {}

    def provide(kind: str, seconds: int = 12) -> Path:
        if (kind, seconds) not in made:
            with copied(consenting_folder, tmp_path_factory.mktemp("taken")) as library:
                take_in(library, recording_file(kind, seconds), SAID, on=DAY)
            made[kind, seconds] = library.root
        return made[kind, seconds]

    return provide


@pytest.fixture
def take(consenting, recording_file) -> Callable[..., int]:
    """``take(kind, seconds=12)``: a recording of that kind in the library; its number."""

    def provide(kind: str, seconds: int = 12) -> int:
        return take_in(consenting, recording_file(kind, seconds), SAID, on=DAY).id

    return provide


@pytest.fixture
def studio(consenting, tmp_path) -> Iterator[Running]:
    """The studio of the consenting library, while it runs."""
    with running(consenting, tmp_path / "studio.toml") as started:
        yield started


@pytest.fixture
def open_page(chromium: Browser, studio: Running) -> Iterator[Callable[[str], Page]]:
    """``open_page("R1")``: a tab at that place; none may fail, or ask for anything but the studio.

    All are tabs of one browser, which the link let in.
    """
    with ExitStack() as opened:
        context = chromium.new_context(
            viewport={"width": 1280, "height": 720}, locale="en-GB", reduced_motion="reduce"
        )
        opened.callback(context.close)
        context.set_default_timeout(20_000)
        failures: list[str] = []
        asked: list[str] = []
        home = f"http://127.0.0.1:{studio.port}/"

        def provide(place: str = "") -> Page:
            page = context.new_page()
            page.on("pageerror", lambda error: failures.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(studio.link if not context.cookies() else home)
            if place:
                page.goto(f"{home}#/{place}")
            return page

        yield provide
    assert failures == []
    assert [url for url in asked if not url.startswith((home, "blob:"))] == []
