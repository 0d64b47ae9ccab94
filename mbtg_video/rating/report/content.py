"""All that a report says: values and ids, ready to be told on a page, in a file or a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mbtg_video.rating.compare import Compared
from mbtg_video.rating.matrix import Gaps, Score
from mbtg_video.rating.model import ScoringState
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.generalizability import Generalizability
from mbtg_video.rating.reliability.intraclass import Intraclass
from mbtg_video.settings import Language


class Index(StrEnum):
    """Every kind of number in a report; each has its sentences in `wording`."""

    SCORE = "score"
    GAP = "gap"
    RAW = "raw"
    WITHIN_ONE = "within_one"
    KAPPA = "kappa"
    ALPHA = "alpha"
    ICC_1_1 = "icc_1_1"
    ICC_2_1 = "icc_2_1"
    ICC_3_1 = "icc_3_1"
    ICC_1_K = "icc_1_k"
    ICC_2_K = "icc_2_k"
    ICC_3_K = "icc_3_k"
    INTERVAL = "interval"
    OCCURRENCE_RAW = "occurrence_raw"
    OCCURRENCE_ALPHA = "occurrence_alpha"
    PROFILE_AGREEMENT = "profile_agreement"
    PROFILE_COMPONENT = "profile_component"
    PROFILE_PHI = "profile_phi"
    PROFILE_ERHO2 = "profile_erho2"
    COMPONENT = "component"
    PHI = "phi"
    ERHO2 = "erho2"
    NEEDED = "needed"
    GROWTH_MEAN = "growth_mean"
    GROWTH_RANGE = "growth_range"
    GOOD_ENOUGH = "good_enough"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ItemName:
    """One item of the scale in the report's language."""

    number: int
    name: str
    group_specific: bool
    adherence_rated: bool


@dataclass(frozen=True, slots=True)
class OverallName:
    """One overall rating of the scale in the report's language."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ScaleHead:
    """Which scale was used, and what it asks."""

    id: str
    version: int
    title: str
    source: str
    lowest: int
    highest: int
    good_enough: int
    items: tuple[ItemName, ...]
    overall: tuple[OverallName, ...]

    def name(self, key: str) -> str:
        """Name behind an item's number or an overall rating's key."""
        for item in self.items:
            if str(item.number) == key:
                return item.name
        return next(overall.name for overall in self.overall if overall.key == key)


@dataclass(frozen=True, slots=True)
class Note:
    """What a rater wrote, of one item or of the whole sequence."""

    rater: str
    item: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Items to which somebody gave a quality score and no moment that it rests on."""

    rater: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoringPart:
    """One sequence: who scored it and what they said, the largest differences first.

    `drafts` counts raters who began and did not submit; `notes` is empty unless asked for.
    """

    name: str
    sequence: str
    recording: str
    about: str | None
    held_on: date
    state: ScoringState
    revealed_on: date | None
    agreed_by: tuple[str, ...]
    signed_by: str | None
    signed_on: date | None
    raters: tuple[str, ...]
    drafts: int
    rows: tuple[Compared, ...]
    unsupported: tuple[Unsupported, ...]
    missing: dict[Score, Gaps]
    notes: tuple[Note, ...]

    def row(self, item: int) -> Compared:
        """What everybody said of one item."""
        return next(row for row in self.rows if row.item == item)


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """How the raters agree on one item (or overall rating) over all sequences.

    Raw, within-one and kappa are means over the pairs of raters. `scored` counts the numbers
    that were given, `gaps` counts those that were not.
    """

    item: str
    scored: int
    raw: Estimate
    within_one: Estimate
    kappa: Estimate
    alpha: Estimate
    intraclass: Intraclass


@dataclass(frozen=True, slots=True)
class Study:
    """G study and D study, and what they rest on.

    `items_left_out` were not scored by everybody in `scorings`; `scorings_left_out` were not
    rated by everybody.
    """

    scorings: tuple[str, ...]
    scorings_left_out: tuple[str, ...]
    items: tuple[str, ...]
    items_left_out: tuple[str, ...]
    generalizability: Generalizability


@dataclass(frozen=True, slots=True)
class Agreement:
    """All agreement on one kind of score.

    `raw` and `within_one` are over every item of every sequence. `study` is of sequences by
    raters by items; None where several items are no sample of one thing (overall ratings).
    `profile`, for a single sequence, puts its items in place of sequences.
    """

    score: Score
    gaps: Gaps
    raw: Estimate
    within_one: Estimate
    items: tuple[ItemAgreement, ...]
    study: Study | None
    profile: Study | None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Agreement on whether things occurred at all, over every item of every sequence."""

    answers: int
    did_not_occur: int
    raw: Estimate
    alpha: Estimate


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over the items of one sequence; `low` and `high` are the raters' own means.

    They are None for a consensus. `good_enough` counts the items at that level or above it,
    of `items` that have a number.
    """

    score: Score
    value: float | None
    low: float | None
    high: float | None
    items: int
    good_enough: int


@dataclass(frozen=True, slots=True)
class Point:
    """One sequence in a person's growth; `agreed` says that its numbers are the consensus."""

    scoring: str
    sequence: str
    held_on: date
    agreed: bool
    measures: tuple[Measure, ...]
    overall: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Growth:
    """The sequences of one person in order of the day of their sessions."""

    about: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report."""

    language: Language
    on: date
    scale: ScaleHead
    raters: tuple[str, ...]
    scorings: tuple[ScoringPart, ...]
    agreement: tuple[Agreement, ...]
    occurrence: Occurrence
    growth: Growth | None
    repeated: tuple[str, ...]
    """Recordings of which more than one scoring is here: these are not independent."""

    @property
    def single(self) -> bool:
        """Whether just one sequence was scored."""
        return len(self.scorings) == 1
