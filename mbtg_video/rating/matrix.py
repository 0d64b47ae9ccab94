"""Revealed scores as arrays for the statistics: scorings by raters by items.

The rule for what is missing: "did not occur", "cannot judge" and what a rater never rated are
no numbers, so they are NaN here, counted in `gaps`, and never replaced by a value. Whether a
thing occurred is an answer of its own, kept in `occurred`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from mbtg_video.errors import BadInput
from mbtg_video.rating.agree import require_revealed
from mbtg_video.rating.model import Absence, Scoring
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.sheet import Sheet
from mbtg_video.scale import Scale

Numbers = npt.NDArray[np.float64]


class Score(StrEnum):
    """What a number says of: an item's adherence or quality, or the whole sequence."""

    ADHERENCE = "adherence"
    QUALITY = "quality"
    OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many answers carry no number, and why."""

    did_not_occur: int
    cannot_judge: int
    not_rated: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.did_not_occur + self.cannot_judge + self.not_rated


@dataclass(frozen=True, slots=True)
class Matrix:
    """Scores of one kind, of shape (scorings, raters, items), NaN where there is no number.

    `items` holds numbers of items, or keys of overall ratings, as texts. `occurred` has the
    same shape: 1 where the rater scored it, 0 where it did not occur, NaN where nothing is said.
    """

    score: Score
    scorings: tuple[str, ...]
    raters: tuple[str, ...]
    items: tuple[str, ...]
    scores: Numbers
    occurred: Numbers
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class _Answer:
    number: int | None
    absence: Absence | None


def _item(score: Score) -> Callable[[Sheet, str], _Answer]:
    def answer(sheet: Sheet, item: str) -> _Answer:
        given = sheet.score(int(item))
        number = given.adherence if score is Score.ADHERENCE else given.quality
        return _Answer(number, given.absence)

    return answer


def _overall(sheet: Sheet, key: str) -> _Answer:
    value = sheet.overall.get(key)
    return _Answer(None, value) if isinstance(value, Absence) else _Answer(value, None)


def one_scale(scorings: Sequence[Scoring]) -> Scale:
    """The scale that all were scored with; raises `BadInput` naming the ids that differ."""
    if not scorings:
        raise BadInput("there is no scoring to report on; see: mbtg rate list")
    found: dict[str, list[Scoring]] = {}
    for scoring in scorings:
        found.setdefault(scoring.scale_hash, []).append(scoring)
    if len(found) > 1:
        told = "; ".join(
            f"{group[0].scale.label}: {', '.join(s.name for s in group)}"
            for group in found.values()
        )
        raise BadInput(
            f"These were scored with different scales, or with different contents of one ({told}). "
            "Numbers of different scales are not compared; report on each by itself."
        )
    return scorings[0].scale


def _columns(scale: Scale, score: Score) -> tuple[str, ...]:
    if score is Score.OVERALL:
        return tuple(overall.key for overall in scale.overall)
    rated = score is Score.QUALITY
    return tuple(str(item.number) for item in scale.items if rated or item.adherence_rated)


def matrix(scorings: Sequence[Scoring], score: Score) -> Matrix:
    """What individual raters submitted, drafts left out.

    Raters are all who submitted for any of the scorings, in order of their codes. Raises
    `StillBlind`, and `BadInput` for scorings of different scales.
    """
    for scoring in scorings:
        require_revealed(scoring)
    scale = one_scale(scorings)
    sheets = [{r.rater or "": sheet_of(r) for r in scoring.submitted} for scoring in scorings]
    raters = tuple(sorted({rater for given in sheets for rater in given}))
    items = _columns(scale, score)
    answer = _overall if score is Score.OVERALL else _item(score)
    shape = (len(sheets), len(raters), len(items))
    scores, occurred = np.full(shape, np.nan), np.full(shape, np.nan)
    absences: list[Absence | None] = []
    for s, given in enumerate(sheets):
        for r, rater in enumerate(raters):
            for i, item in enumerate(items):
                said = answer(given[rater], item) if rater in given else _Answer(None, None)
                if said.number is not None:
                    scores[s, r, i], occurred[s, r, i] = said.number, 1.0
                    continue
                absences.append(said.absence)
                if said.absence is Absence.DID_NOT_OCCUR:
                    occurred[s, r, i] = 0.0
    gaps = Gaps(
        absences.count(Absence.DID_NOT_OCCUR),
        absences.count(Absence.CANNOT_JUDGE),
        absences.count(None),
    )
    names = tuple(scoring.name for scoring in scorings)
    return Matrix(score, names, raters, items, scores, occurred, gaps)
