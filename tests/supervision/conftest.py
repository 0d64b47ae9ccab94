"""Fixtures: a locked package of real media, and pages of the real browser to open it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from mbtg_video.scale import Wording
from mbtg_video.settings import Language
from mbtg_video.supervision.package import PackageSummary, write_package
from mbtg_video.supervision.package_content import Clip, ClipTag, PackageContent, Step
from tests.supervision.player import WORDS, Player

PART_BYTES = 30_000
"""So small that every clip falls into several parts."""

CLIPS = {"gop25": 12, "closed250": 24, "vfr_bframes": 12, "no_audio": 12}
"""Kinds of the package's clips, with their length in seconds; all but the first lack tags."""

TAGS = (
    ClipTag(
        start_us=2_010_000,
        end_us=3_500_000,
        item=3,
        name=Wording(nb="Initiativ til turtaking", en="Starting the turn-taking"),
        note="Planted note of the tag",
        valence="good",
        author="PLANTEDTHERAPIST",
    ),
    ClipTag(start_us=6_000_000, label="Planted label", valence="missed"),
    ClipTag(start_us=10_490_000, label="Planted second label"),
)
STEP = Step(kind="discussion", text="Planted matter to discuss", minutes=10)


@dataclass(frozen=True)
class Package:
    """A package on disk, what it was made of, and where its discussion stands."""

    folder: Path
    summary: PackageSummary
    kinds: tuple[str, ...]
    sources: tuple[Path, ...]

    @property
    def step(self) -> int:
        return len(self.kinds)

    def parts(self, clip: int) -> list[Path]:
        """Files of a clip; clips are told apart by how many bytes they were said to have."""
        wanted = self.summary.clip_bytes[clip]
        for folder in (self.folder / "clips").iterdir():
            files = sorted(folder.iterdir())
            if sum(file.stat().st_size for file in files) == wanted:
                return files
        raise LookupError(clip)


MakePackage = Callable[..., Package]


@pytest.fixture(scope="session")
def make_package(recording_file) -> MakePackage:
    """``make_package(folder, *kinds)``: a package of clips, then a discussion."""

    def make(
        folder: Path,
        *kinds: str,
        expires_on: date = date(2099, 12, 31),
        language: Language = Language.NB,
        part_bytes: int = PART_BYTES,
    ) -> Package:
        sources = tuple(recording_file(kind, CLIPS[kind]) for kind in kinds)
        with ExitStack() as opened:
            clips = [
                Clip(
                    title=f"Planted title {kind}",
                    media=opened.enter_context(source.open("rb")),
                    question="Planted question?",
                    notes="Planted notes",
                    minutes=5,
                    tags=() if place else TAGS,
                )
                for place, (kind, source) in enumerate(zip(kinds, sources, strict=True))
            ]
            content = PackageContent(
                title="Planted package",
                entries=(*clips, STEP),
                made_on=date(2026, 3, 13),
                expires_on=expires_on,
                language=language,
            )
            summary = write_package(folder, content, WORDS, part_bytes=part_bytes)
        return Package(folder, summary, kinds, sources)

    return make


@pytest.fixture(scope="session")
def package(make_package, tmp_path_factory) -> Package:
    """A package of all kinds of clips; read only."""
    return make_package(tmp_path_factory.mktemp("package") / "out", *CLIPS)


@pytest.fixture
def copied(package, tmp_path) -> Package:
    """The same package, for a test to damage."""
    folder = tmp_path / "copy"
    shutil.copytree(package.folder, folder)
    return Package(folder, package.summary, package.kinds, package.sources)


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """``new_page()``: an empty page; at the end none may have failed or asked a network."""
    with ExitStack() as opened:
        failures: list[str] = []
        asked: list[str] = []

        def provide(**options: Any) -> Page:
            context = chromium.new_context(viewport={"width": 1280, "height": 720}, **options)
            opened.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.on("pageerror", lambda error: failures.append(str(error)))
            page.on("request", lambda request: asked.append(request.url))
            return page

        yield provide
    assert failures == []
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


@pytest.fixture
def player(new_page) -> Player:
    return Player(new_page())
