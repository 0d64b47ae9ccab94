"""How the scores of one person's sequences went over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from mbtg_video.rating.matrix import Score
from mbtg_video.rating.model import Scoring
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.report.content import Growth, Measure, Point
from mbtg_video.rating.sheet import Sheet
from mbtg_video.scale import Scale


def _numbers(scale: Scale, sheet: Sheet, score: Score) -> dict[int, int]:
    found = {}
    for item in scale.items:
        given = sheet.score(item.number)
        number = given.adherence if score is Score.ADHERENCE else given.quality
        if number is not None:
            found[item.number] = number
    return found


def _measure(scale: Scale, sheets: Sequence[Sheet], score: Score, *, agreed: bool) -> Measure:
    each = [numbers for sheet in sheets if (numbers := _numbers(scale, sheet, score))]
    means = [fmean(numbers.values()) for numbers in each]
    by_item: dict[int, list[int]] = {}
    for numbers in each:
        for item, number in numbers.items():
            by_item.setdefault(item, []).append(number)
    enough = sum(fmean(given) >= scale.values.good_enough for given in by_item.values())
    if not means:
        return Measure(score, None, None, None, 0, 0)
    low, high = (None, None) if agreed else (min(means), max(means))
    return Measure(score, fmean(means), low, high, len(by_item), enough)


def _overall(scale: Scale, sheets: Sequence[Sheet]) -> Mapping[str, float | None]:
    found: dict[str, float | None] = {}
    for overall in scale.overall:
        values = [s.overall.get(overall.key) for s in sheets]
        given = [value for value in values if isinstance(value, int)]
        found[overall.key] = fmean(given) if given else None
    return found


def growth(scorings: Sequence[Scoring], about: str) -> Growth:
    """One point a scoring about that person: the consensus, else the mean of the raters' means."""
    points = []
    mine = [scoring for scoring in scorings if scoring.about == about]
    for scoring in sorted(mine, key=lambda one: (one.held_on, one.id)):
        consensus = scoring.consensus
        ratings = [consensus] if consensus else scoring.submitted
        sheets = [sheet_of(rating) for rating in ratings]
        points.append(
            Point(
                scoring.name,
                scoring.sequence,
                scoring.held_on,
                consensus is not None,
                tuple(
                    _measure(scoring.scale, sheets, score, agreed=consensus is not None)
                    for score in (Score.ADHERENCE, Score.QUALITY)
                ),
                dict(_overall(scoring.scale, sheets)),
            )
        )
    return Growth(about, tuple(points))
