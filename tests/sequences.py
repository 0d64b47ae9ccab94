"""Fixtures: a library with a sequence to be scored, its raters, and sheets filled in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from mbtg_video.consent.model import Role
from mbtg_video.consent.record import add_group, add_person
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import Library
from mbtg_video.rating.model import Rating, Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.scoring import find_scoring, scoring_of
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.scale import Scale, find_scale
from tests.libraries import copied

DAY = date(2026, 10, 30)
RATERS = ("K1", "K2", "K3")


def filled(scale: Scale, *, adherence: int = 4, quality: int = 5, **changed: ItemScore) -> Sheet:
    """A sheet with every answer; ``item3=ItemScore(...)`` replaces one of them."""
    items = tuple(
        ItemScore(
            item=item.number,
            adherence=adherence if item.adherence_rated else None,
            quality=quality,
        )
        for item in scale.items
    )
    replaced = {score.item: score for score in changed.values()}
    return Sheet(
        items=tuple(replaced.get(score.item, score) for score in items),
        overall={"adherence": adherence, "quality": quality},
    )


@dataclass(frozen=True)
class Sequence:
    """Excerpt X1 (frames 10 to 40 of R1, at 25 frames a second) and raters K1, K2 and K3."""

    library: Library
    scale: Scale
    first_us: int = 400_000

    def moment(self, offset_us: int = 0, length_us: int | None = None) -> Moment:
        """A moment or span of the excerpt, counted from its first frame."""
        start = self.first_us + offset_us
        return Moment(start, None if length_us is None else start + length_us)

    def open(self) -> int:
        """The blind scoring of X1; its number."""
        with self.library.transaction() as session:
            return scoring_of(session, find_excerpt(session, 1), self.scale, on=DAY).id

    def rate(self, scoring: int, rater: str, sheet: Sheet | None = None, **how: object) -> Rating:
        """One rater's sheet, submitted unless ``submit=False``."""
        said = {"submit": True, "source": Source.COMMAND, "on": DAY} | how
        with self.library.transaction() as session:
            given = sheet or filled(self.scale)
            return record_sheet(session, find_scoring(session, scoring), rater, given, **said)


@pytest.fixture(scope="session")
def sequence_folder(tmp_path_factory, consenting_folder, recording_file) -> Path:
    """The library of `sequence`, closed; to be copied."""
    with copied(consenting_folder, tmp_path_factory.mktemp("sequence")) as library:
        with library.transaction() as session:
            add_group(session, "KURS", "Kurset 2026", approval_required=False)
            for code in RATERS:
                add_person(session, code, "KURS", Role.PARTICIPANT)
        told = Description("G1", date(2026, 3, 13), ["P1", "P2", "T1"])
        take_in(library, recording_file("gop25", 2), told, on=DAY)
        cut_excerpt(library, 1, Wish("f10", "f40", "Tapet blir synlig"), on=DAY)
    return library.root


@pytest.fixture
def sequence(consenting) -> Sequence:
    return Sequence(consenting, find_scale("mbt-g-aqs"))
