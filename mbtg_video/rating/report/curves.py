"""Plots of how far raters agree: item by item, and by the number of raters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from mbtg_video.rating.matrix import Score
from mbtg_video.rating.reliability.estimate import Estimate
from mbtg_video.rating.reliability.generalizability import Projection
from mbtg_video.rating.report.content import Agreement, Index, ItemAgreement, ScaleHead
from mbtg_video.rating.report.drawing import (
    FAINT,
    RATERS,
    drawing,
    finished,
    item_label,
    rows_of_items,
)
from mbtg_video.rating.report.wording import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Column = tuple[Index, Callable[[ItemAgreement], Estimate]]

BY_ITEM: Final[tuple[Column, ...]] = (
    (Index.RAW, lambda item: item.raw),
    (Index.WITHIN_ONE, lambda item: item.within_one),
    (Index.KAPPA, lambda item: item.kappa),
    (Index.ALPHA, lambda item: item.alpha),
)
INTRACLASS: Final[tuple[Column, ...]] = (
    (Index.ICC_1_1, lambda item: item.intraclass.one_single),
    (Index.ICC_2_1, lambda item: item.intraclass.two_single),
    (Index.ICC_3_1, lambda item: item.intraclass.three_single),
    (Index.ICC_1_K, lambda item: item.intraclass.one_mean),
    (Index.ICC_2_K, lambda item: item.intraclass.two_mean),
    (Index.ICC_3_K, lambda item: item.intraclass.three_mean),
)
SHARES: Final = frozenset({Index.RAW, Index.WITHIN_ONE})
_DRAWN: Final = (Index.WITHIN_ONE, Index.ALPHA, Index.ICC_2_1)
_DRAWN_OF_ONE: Final = (Index.RAW, Index.WITHIN_ONE)
_ROW_INCHES: Final = 0.27
_LEFT: Final = 0.385


def _panels(items: Sequence[ItemAgreement]) -> list[Column]:
    """What there is something of to draw."""
    known = dict(BY_ITEM + INTRACLASS)
    several = any(item.alpha.value is not None for item in items)
    return [
        (index, known[index])
        for index in (_DRAWN if several else _DRAWN_OF_ONE)
        if any(known[index](item).value is not None for item in items)
    ]


def _dots(axes: Axes, estimates: Sequence[Estimate], least: float) -> None:
    for row, estimate in enumerate(estimates):
        if estimate.value is None:
            continue
        if estimate.low is not None and estimate.high is not None:
            ends = [max(least, estimate.low), min(1.0, estimate.high)]
            axes.plot(ends, [row, row], color=RATERS[0], linewidth=1.6, zorder=2)
        axes.plot([max(least, estimate.value)], [row], "o", color=RATERS[0], markersize=5, zorder=3)


def by_item(
    found: Agreement, items: Sequence[ItemAgreement], scale: ScaleHead, voice: Voice, name: str
) -> str | None:
    """Agreement on each item with its interval; None when there is nothing to draw."""
    panels = _panels(found.items)
    if not panels:
        return None
    height = _ROW_INCHES * len(items) + 0.75
    with drawing(height) as figure:
        drawn = figure.subplots(1, len(panels), squeeze=False)[0]
        figure.subplots_adjust(
            left=_LEFT, right=0.975, top=1 - 0.36 / height, bottom=0.3 / height, wspace=0.14
        )
        labels = [item_label(item.item, scale.name(item.item)) for item in items]
        for place, (axes, (index, of)) in enumerate(zip(drawn, panels, strict=True)):
            rows_of_items(axes, labels, named=place == 0)
            least = 0.0 if index in SHARES else -1.0
            _dots(axes, [of(item) for item in items], least)
            axes.set_xlim(least - 0.05, 1.05)
            ticks = [0.0, 0.5, 1.0] if index in SHARES else [-1.0, 0.0, 1.0]
            written = [
                voice.percent(tick) if index in SHARES else voice.number(tick, 0) for tick in ticks
            ]
            axes.set_xticks(ticks, written)
            axes.axvline(0.0, color=FAINT, linewidth=0.8, zorder=1)
            axes.set_title(voice.term(index)[0])
        return finished(figure, name)


def _curve(axes: Axes, projections: Sequence[Projection], voice: Voice) -> None:
    raters = [p.raters for p in projections]
    banded = [
        (p.raters, p.phi.low, p.phi.high)
        for p in projections
        if p.phi.low is not None and p.phi.high is not None
    ]
    for x, low, high in banded:
        axes.plot([x, x], [low, high], color=RATERS[0], linewidth=3.5, alpha=0.3, zorder=1)
    if banded:
        axes.plot([], [], color=RATERS[0], linewidth=3.5, alpha=0.3,
                  label=voice.word("interval_of_phi"))  # fmt: skip
    for index, of, style, place in (
        ("phi", [p.phi.value for p in projections], "o-", 0),
        ("erho2", [p.erho2.value for p in projections], "s--", 1),
    ):
        heights = [float("nan") if value is None else value for value in of]
        axes.plot(raters, heights, style, color=RATERS[place], markersize=4.5, linewidth=1.1,
                  label=voice.word(index), zorder=3 - place)  # fmt: skip


def by_raters(
    studies: Sequence[tuple[Score, Sequence[Projection]]], voice: Voice, name: str
) -> str:
    """Phi and Erho2 of the mean of one to ten raters, a panel for each kind of score."""
    with drawing(3.0) as figure:
        drawn = figure.subplots(1, len(studies), sharey=True, squeeze=False)[0]
        figure.subplots_adjust(left=0.075, right=0.985, top=0.8, bottom=0.15, wspace=0.08)
        for axes, (score, projections) in zip(drawn, studies, strict=True):
            _curve(axes, projections, voice)
            axes.set_title(voice.word(score.value))
            axes.set_xlabel(voice.word("number_of_raters"))
            axes.set_xticks([p.raters for p in projections])
            axes.set_ylim(-0.03, 1.03)
            ticks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
            axes.set_yticks(ticks, [voice.number(tick, 1) for tick in ticks])
            axes.grid(axis="y", color=FAINT, linewidth=0.4)
            axes.set_axisbelow(True)
        handles, names = drawn[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="upper center", ncols=3, fontsize=8)
        return finished(figure, name)
