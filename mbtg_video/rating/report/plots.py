"""Plots of one sequence and of a person over time; each is an SVG element."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from mbtg_video.rating.compare import Answer
from mbtg_video.rating.matrix import Score
from mbtg_video.rating.model import Absence
from mbtg_video.rating.report.content import Growth, ItemName, Measure, ScaleHead, ScoringPart
from mbtg_video.rating.report.drawing import (
    ACCENT,
    FAINT,
    INK,
    MARKS,
    RATERS,
    drawing,
    finished,
    item_label,
    key_columns,
    key_inches,
    label_inches,
    rows_of_items,
)
from mbtg_video.rating.report.wording import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

MOST_PROFILES: Final = len(RATERS)
"""With more raters than this, single profiles could not be told apart."""

_ROW_INCHES: Final = 0.31
_LEFT: Final = 0.385
_BOTH: Final = (Score.ADHERENCE, Score.QUALITY)
_LIGHT: Final = (0xE8, 0xF0, 0xF8)
_DARK: Final = (0x0B, 0x3C, 0x6F)


def _number(answer: Answer | None, score: Score) -> int | None:
    if answer is None:
        return None
    return answer.adherence if score is Score.ADHERENCE else answer.quality


def _answer(part: ScoringPart, item: int, rater: str) -> Answer:
    return next(answer for answer in part.row(item).answers if answer.rater == rater)


def _values(part: ScoringPart, items: Sequence[ItemName], rater: str, score: Score) -> list[float]:
    found = [_number(_answer(part, item.number, rater), score) for item in items]
    return [float("nan") if value is None else float(value) for value in found]


def _scored_axis(axes: Axes, scale: ScaleHead) -> None:
    axes.set_xlim(scale.lowest - 0.5, scale.highest + 0.5)
    step = max(1, (scale.highest - scale.lowest) // 10)
    axes.set_xticks(range(scale.lowest, scale.highest + 1, step))
    axes.axvline(scale.good_enough, color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)


def _single_profiles(
    axes: Axes, part: ScoringPart, items: Sequence[ItemName], score: Score
) -> None:
    several = len(part.raters)
    for place, rater in enumerate(part.raters):
        shift = (place - (several - 1) / 2) * min(0.2, 0.66 / max(1, several))
        axes.plot(
            _values(part, items, rater, score),
            [row + shift for row in range(len(items))],
            color=RATERS[place],
            marker=MARKS[place],
            markersize=4.2,
            linewidth=0.7,
            label=rater,
            zorder=3,
        )


def _ranges(
    axes: Axes, part: ScoringPart, items: Sequence[ItemName], score: Score, voice: Voice
) -> None:
    means, rows = [], []
    for row, item in enumerate(items):
        answers = part.row(item.number).answers
        given = [n for answer in answers if (n := _number(answer, score)) is not None]
        if given:
            axes.plot(
                [min(given), max(given)], [row, row], color=RATERS[0], linewidth=2.2, zorder=2
            )
            means.append(sum(given) / len(given))
            rows.append(row)
    axes.plot(
        means, rows, "o", color=RATERS[0], markersize=4.5, label=voice.word("median"), zorder=3
    )


def profile(
    part: ScoringPart, scale: ScaleHead, items: Sequence[ItemName], voice: Voice, name: str
) -> str:
    """Every rater's scores over the items, and the consensus, for adherence and quality."""
    many = len(part.raters) > MOST_PROFILES
    raters = (voice.word("median"),) if many else part.raters
    keys = (*raters, voice.word("consensus"), voice.word("good_enough"))
    above = key_inches(keys) + 0.3
    height = _ROW_INCHES * len(items) + above + 0.3
    with drawing(height) as figure:
        both = figure.subplots(1, 2)
        figure.subplots_adjust(
            left=_LEFT, right=0.985, top=1 - above / height, bottom=0.3 / height, wspace=0.08
        )
        labels = [item_label(str(item.number), item.name) for item in items]
        for axes, score in zip(both, _BOTH, strict=True):
            rows_of_items(axes, labels, named=score is Score.ADHERENCE)
            _scored_axis(axes, scale)
            axes.set_title(voice.word(score.value))
            if many:
                _ranges(axes, part, items, score, voice)
            else:
                _single_profiles(axes, part, items, score)
            agreed = [_number(part.row(item.number).agreed, score) for item in items]
            if any(value is not None for value in agreed):
                axes.plot(
                    [float("nan") if value is None else value for value in agreed],
                    range(len(items)),
                    "D",
                    markersize=8.5,
                    markerfacecolor="none",
                    markeredgecolor=INK,
                    markeredgewidth=1.1,
                    label=voice.word("consensus"),
                    zorder=4,
                )
            axes.plot([], [], color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)),
                      label=voice.word("good_enough"))  # fmt: skip
        handles, names = both[1].get_legend_handles_labels()
        figure.legend(handles, names, loc="upper center", ncols=key_columns(keys), fontsize=8)
        return finished(figure, name)


def _shade(share: float) -> tuple[str, str]:
    """Colour of a square, and of the ink on it."""
    mixed = [round(a + (b - a) * share) for a, b in zip(_LIGHT, _DARK, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed), "#fefefe" if share > 0.5 else "#101010"


def _square(
    axes: Axes, x: int, y: int, answer: Answer, score: Score, scale: ScaleHead
) -> Rectangle:
    """Square of one answer, with its number drawn in it already."""
    from matplotlib.patches import Rectangle

    value = _number(answer, score)
    if value is None:
        sign = {Absence.DID_NOT_OCCUR: "\N{EN DASH}", Absence.CANNOT_JUDGE: "?"}
        text = "" if answer.absence is None else sign[answer.absence]
        fill, ink = "none", INK
    else:
        fill, ink = _shade((value - scale.lowest) / (scale.highest - scale.lowest))
        text = str(value)
    corner = (x - 0.47, y - 0.45)
    axes.text(x, y, text, ha="center", va="center_baseline", color=ink, fontsize=8)
    return Rectangle(corner, 0.94, 0.9, facecolor=fill, edgecolor=FAINT, linewidth=0.4)


def heat(
    part: ScoringPart, scale: ScaleHead, items: Sequence[ItemName], voice: Voice, name: str
) -> str:
    """Raters beside each other, items below each other, the score in each square."""
    from matplotlib.collections import PatchCollection

    columns = [(rater, rater) for rater in part.raters]
    if part.agreed_by:
        columns.append(("", voice.word("consensus")))
    names = [label for _, label in columns]
    upwards = len(names) > 4 or max(map(len, names), default=0) > 5
    above = 0.4 + (label_inches(names) if upwards else 0.2)
    height = _ROW_INCHES * len(items) + above + 0.05
    with drawing(height) as figure:
        both = figure.subplots(1, 2)
        figure.subplots_adjust(
            left=_LEFT, right=0.985, top=1 - above / height, bottom=0.05 / height, wspace=0.08
        )
        labels = [item_label(str(item.number), item.name) for item in items]
        for axes, score in zip(both, _BOTH, strict=True):
            rows_of_items(axes, labels, named=score is Score.ADHERENCE)
            axes.set_xlim(-0.5, max(1, len(columns)) - 0.5)
            axes.xaxis.tick_top()
            axes.set_xticks(range(len(names)), names)
            axes.tick_params(axis="x", length=0, labelrotation=90 if upwards else 0)
            for spine in axes.spines.values():
                spine.set_visible(False)
            figure.text(
                axes.get_position().x0, 1 - 0.2 / height, voice.word(score.value), fontsize=9
            )
            squares = []
            for y, item in enumerate(items):
                if score is Score.ADHERENCE and not item.adherence_rated:
                    continue
                for x, (rater, _) in enumerate(columns):
                    agreed = part.row(item.number).agreed
                    answer = _answer(part, item.number, rater) if rater else agreed
                    if answer is not None:
                        squares.append(_square(axes, x, y, answer, score, scale))
            # One collection is drawn much quicker than squares one by one.
            axes.add_collection(PatchCollection(squares, match_original=True), autolim=False)
        return finished(figure, name)


def _apart(days: Sequence[int]) -> list[int]:
    """Days far enough from the one before to carry a label."""
    least = max(1, (days[-1] - days[0]) / 12) if days else 1
    kept: list[int] = []
    for day in days:
        if not kept or day - kept[-1] >= least:
            kept.append(day)
    return kept


def growth(found: Growth, scale: ScaleHead, voice: Voice, name: str) -> str:
    """Mean adherence and quality of one person's sequences by date."""
    from datetime import date

    with drawing(3.1) as figure:
        both = figure.subplots(1, 2, sharey=True)
        figure.subplots_adjust(left=0.07, right=0.985, top=0.9, bottom=0.24, wspace=0.16)
        days = [point.held_on.toordinal() for point in found.points]
        room = max(7, (days[-1] - days[0]) // 12)
        for axes, score in zip(both, _BOTH, strict=True):
            measures = [next(m for m in p.measures if m.score is score) for p in found.points]
            _points(axes, days, measures)
            for day, measure, point in zip(days, measures, found.points, strict=True):
                if measure.value is not None:
                    top = measure.high if measure.high is not None else measure.value
                    axes.annotate(point.scoring, (day, top), xytext=(0, 7), ha="center",
                                  textcoords="offset points", fontsize=7)  # fmt: skip
            axes.set_title(voice.word(score.value))
            axes.set_xlim(days[0] - room, days[-1] + room)
            ticks = _apart(sorted(set(days)))
            axes.set_xticks(ticks, [date.fromordinal(day).isoformat() for day in ticks])
            for label in axes.get_xticklabels():
                label.set_rotation(35)
                label.set_horizontalalignment("right")
                label.set_rotation_mode("anchor")
            axes.set_ylim(scale.lowest - 0.3, scale.highest + 0.7)
            axes.axhline(scale.good_enough, color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)))
            axes.grid(axis="y", color=FAINT, linewidth=0.4)
            axes.set_axisbelow(True)
        return finished(figure, name)


def _points(axes: Axes, days: Sequence[int], measures: Sequence[Measure]) -> None:
    made = [(d, m.value, m) for d, m in zip(days, measures, strict=True) if m.value is not None]
    for (day, value, _), (next_day, following, _) in pairwise(made):
        axes.plot([day, next_day], [value, following], color=FAINT, linewidth=0.8, zorder=1)
    for day, value, measure in made:
        if measure.low is not None and measure.high is not None:
            axes.plot(
                [day, day], [measure.low, measure.high], color=RATERS[0], linewidth=2, zorder=2
            )
            axes.plot([day], [value], "o", markersize=6, markerfacecolor="#fefefe",
                      markeredgecolor=RATERS[0], zorder=3)  # fmt: skip
        else:
            axes.plot([day], [value], "D", markersize=6, color=INK, zorder=3)
