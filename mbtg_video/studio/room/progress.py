"""How far a scoring is: who has answered how much, and the differences once it is revealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.rating.compare import Answer, Compared, compare
from mbtg_video.rating.model import Absence, Rating, RatingKind, RatingState, Score, ScoringState
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import ItemScore, Sheet, unanswered
from mbtg_video.scale import Scale


@dataclass(frozen=True, slots=True)
class Far:
    """How far one rater is; no number of a score is in it."""

    answered: int
    submitted: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """A scoring at a glance; `compared` is empty while it is blind."""

    state: ScoringState
    questions: int
    raters: dict[str, Far]
    compared: Sequence[Compared]

    @property
    def blind(self) -> bool:
        """Whether nobody sees another's scores."""
        return self.state is ScoringState.BLIND

    @property
    def submitted(self) -> list[str]:
        """Who has submitted."""
        return [code for code, far in self.raters.items() if far.submitted]


def read_progress(session: Session, scoring_number: int, scale: Scale) -> Progress:
    """A scoring at a glance, in few queries: it is asked for every second."""
    scoring = find_scoring(session, scoring_number)
    scores: dict[int, list[ItemScore]] = {}
    columns = (Score.rating_id, Score.item, Score.adherence, Score.quality, Score.absence)
    found = select(*columns).join(Rating).where(Rating.scoring_id == scoring.id)
    for rating_id, item, adherence, quality, absence in session.execute(found):
        score = ItemScore(item=item, adherence=adherence, quality=quality, absence=absence)
        scores.setdefault(rating_id, []).append(score)
    questions = len(scale.items) + len(scale.overall)
    raters = {}
    given = select(Rating.id, Rating.rater, Rating.state, Rating.overall).where(
        Rating.scoring_id == scoring.id, Rating.kind == RatingKind.INDIVIDUAL
    )
    for rating_id, rater, state, overall in session.execute(given):
        sheet = Sheet(items=tuple(scores.get(rating_id, ())), overall=overall)
        left = len(unanswered(scale, sheet))
        raters[rater] = Far(questions - left, state is RatingState.SUBMITTED)
    compared = () if scoring.state is ScoringState.BLIND else compare(scoring)
    return Progress(scoring.state, questions, raters, compared)


def _spread(answers: Sequence[Answer], aspect: str) -> dict[str, Any] | None:
    given = [value for one in answers if (value := getattr(one, aspect)) is not None]
    if not given:
        return None
    middle = median(given)
    return {"lowest": min(given), "median": middle, "highest": max(given), "raters": len(given)}


def group_records(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """What the group said, without saying who said what: range, median, and how many gave none."""
    return [
        {
            "item": row.item,
            "overall": row.overall,
            "adherence": _spread(row.answers, "adherence"),
            "quality": _spread(row.answers, "quality"),
            "value": _spread(row.answers, "value"),
            "did_not_occur": sum(a.absence is Absence.DID_NOT_OCCUR for a in row.answers),
            "cannot_judge": sum(a.absence is Absence.CANNOT_JUDGE for a in row.answers),
        }
        for row in compared
    ]


def difference_records(compared: Sequence[Compared]) -> list[dict[str, Any]]:
    """Who said what, the largest differences first; notes stay with their raters."""
    return [
        {
            "item": row.item,
            "overall": row.overall,
            "gap": row.gap,
            "split": row.split,
            "answers": [
                {
                    "rater": one.rater,
                    "adherence": one.adherence,
                    "quality": one.quality,
                    "value": one.value,
                    "absence": one.absence,
                }
                for one in row.answers
            ],
        }
        for row in compared
    ]
