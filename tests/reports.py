"""Fixtures: a library with sequences scored by several raters, and reports of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pytest

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.rating.agree import record_consensus, reveal, sign
from mbtg_video.rating.model import Absence, Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.report.build import build_report
from mbtg_video.rating.report.content import Report
from mbtg_video.rating.report.document import Block
from mbtg_video.rating.report.sections import document
from mbtg_video.rating.scoring import find_scoring, open_scoring
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.scale import Scale, find_scale
from mbtg_video.settings import Language
from tests.libraries import PASSPHRASE

DAY = date(2026, 12, 4)
HELD = (date(2026, 2, 6), date(2026, 3, 13), date(2026, 4, 17), date(2026, 5, 29),
        date(2026, 8, 21), date(2026, 10, 2))  # fmt: skip
SEVERAL = (1, 4, 6)
RATERS = ("K1", "K2", "K3", "K4")


@dataclass(frozen=True)
class Scored:
    """S1 to S6 of four raters (three in S6), S7 of one rater, S8 without any number, S9 blind.

    S1 is signed, S2 and S3 are agreed on; S1 to S6 are about T1, S7 and S8 about T2.
    """

    library: Library
    scale: Scale
    told: dict = field(default_factory=dict)

    def blocks(self, *numbers: int, language: Language) -> tuple[Block, ...]:
        """The report in reading order; made once a session, since drawing takes its time."""
        key = (numbers, language)
        if key not in self.told:
            self.told[key] = document(self.report(*numbers, language=language))
        return self.told[key]

    def report(self, *numbers: int, language: Language = Language.EN, **how) -> Report:
        with self.library.transaction() as session:
            scorings = [find_scoring(session, number) for number in numbers]
            return build_report(session, scorings, language=language, on=DAY, **how)


def sheet(scale: Scale, chance: np.random.Generator, level: float, bias: float) -> Sheet:
    """A plausible sheet: items of their own difficulty, some absent, some with evidence."""
    items = []
    difficulty = np.random.default_rng(19).normal(0, 0.9, len(scale.items))
    for place, item in enumerate(scale.items):
        if item.number == 9 or (item.number == 16 and chance.random() < 0.5):
            items.append(ItemScore(item=item.number, absence=Absence.DID_NOT_OCCUR))
            continue
        if item.number == 18 and chance.random() < 0.3:
            items.append(ItemScore(item=item.number, absence=Absence.CANNOT_JUDGE))
            continue
        score = level + bias + difficulty[place]
        quality, adherence = np.clip(np.rint(score + chance.normal(0, 0.7, 2)), 1, 7).astype(int)
        start = 400_000 + 40_000 * int(chance.integers(0, 20))
        moments = (Moment(start, start + 240_000), Moment(start + 80_000))
        items.append(
            ItemScore(
                item=item.number,
                quality=int(quality),
                adherence=int(adherence) if item.adherence_rated else None,
                evidence=moments[: int(chance.integers(0, 3))],
                note=f"Plantet notat om P1 {item.number}" if item.number == 5 else None,
            )
        )
    overall = int(np.clip(round(level + bias), 1, 7))
    return Sheet(items=tuple(items), overall={"adherence": overall, "quality": overall})


def _absent(scale: Scale) -> Sheet:
    items = tuple(ItemScore(item=i.number, absence=Absence.CANNOT_JUDGE) for i in scale.items)
    return Sheet(items=items, overall={o.key: Absence.CANNOT_JUDGE for o in scale.overall})


def _people(library: Library) -> None:
    with library.transaction() as session:
        add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
        for code in ("P1", "T1", "T2", *RATERS):
            role = Role.PATIENT if code == "P1" else Role.THERAPIST
            add_person(session, code, "G1", role)
            until = date(2099, 12, 31)
            record_consent(
                session, code, Use, Form.IDENTIFIABLE, signed_on=date(2026, 1, 1), until=until
            )


@pytest.fixture(scope="session")
def panel(tmp_path_factory, recording_file: Callable) -> Iterator[Scored]:
    root = tmp_path_factory.mktemp("report") / "library"
    create_library(root, PASSPHRASE)
    scale = find_scale("mbt-g-aqs")
    chance = np.random.default_rng(7)
    with open_library(root, PASSPHRASE) as library:
        _people(library)
        source = recording_file("gop25", 2)
        take_in(library, source, Description("G1", HELD[0], ["P1", "T1"]), on=DAY)
        cut_excerpt(library, 1, Wish("f10", "f40", "Plantet tittel"), on=DAY)
        for number in range(1, 10):
            _score(library, scale, chance, number)
        yield Scored(library, scale)


def _score(library: Library, scale: Scale, chance: np.random.Generator, number: int) -> None:
    raters = {6: RATERS[:3], 7: RATERS[:1]}.get(number, RATERS)
    how = {"source": Source.COMMAND, "on": DAY}
    with library.transaction() as session:
        about = "T1" if number <= 6 else "T2"
        excerpt = find_excerpt(session, 1)
        scoring = open_scoring(session, excerpt, scale, on=DAY, about=about)
        scoring.held_on = HELD[min(number, 6) - 1]
        scoring.recording = f"R{number}"
        for place, rater in enumerate(raters):
            level, bias = 2.8 + 0.35 * min(number, 6), (-0.6, 0.0, 0.2, 0.5)[place]
            filled = _absent(scale) if number == 8 else sheet(scale, chance, level, bias)
            record_sheet(session, scoring, rater, filled, submit=True, **how)
        if number == 9:
            return
        reveal(session, scoring)
        if number <= 3:
            filled = sheet(scale, chance, 2.8 + 0.35 * number, 0.1)
            record_consensus(session, scoring, filled, **how)
        if number == 1:
            sign(session, scoring, "T2")
