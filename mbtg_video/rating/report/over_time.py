"""The section on one person over time."""

from __future__ import annotations

from collections.abc import Iterator

from mbtg_video.rating.matrix import Score
from mbtg_video.rating.report import plots
from mbtg_video.rating.report.content import Growth, Index, Measure, Report, ScaleHead
from mbtg_video.rating.report.document import (
    NOTHING,
    Block,
    Cell,
    Glossary,
    Heading,
    Paragraph,
    Plot,
    Table,
    Tone,
    glossary,
)
from mbtg_video.rating.report.wording import Voice


def growth_sections(report: Report, voice: Voice) -> Iterator[Block]:
    """One person over time, or why not."""
    found = report.growth
    if found is None:
        if len({part.about for part in report.scorings}) > 1:
            yield Paragraph(voice.say("growth_none"), Tone.SMALL)
        return
    yield Heading(voice.heading("growth", about=found.about), 2)
    if len(found.points) == 1:
        yield Paragraph(voice.say("growth_one", about=found.about))
    if any(measure.value is not None for point in found.points for measure in point.measures):
        svg = plots.growth(found, report.scale, voice, "growth")
        yield Plot("growth", svg, voice.say("growth_alt", about=found.about), voice.say("growth"))
    yield from (Paragraph(text) for text in growth_sentences(found, voice))
    yield _growth_table(found, report.scale, voice)
    yield _growth_terms(voice)


def growth_sentences(found: Growth, voice: Voice) -> list[str]:
    """From the first sequence to the last, for adherence and quality."""
    texts = []
    for score in (Score.ADHERENCE, Score.QUALITY):
        made = [
            (point, measure.value)
            for point in found.points
            for measure in point.measures
            if measure.score is score and measure.value is not None
        ]
        if len(made) > 1:
            (start, first), (end, last) = made[0], made[-1]
            texts.append(
                voice.say(
                    "growth_change",
                    score=voice.word(score.value),
                    first=voice.number(first),
                    start=start.held_on.isoformat(),
                    last=voice.number(last),
                    end=end.held_on.isoformat(),
                )
            )
    return texts


def _measure_cells(measure: Measure, voice: Voice) -> tuple[Cell, Cell]:
    if measure.value is None:
        return Cell(NOTHING), Cell(NOTHING)
    small: tuple[str, ...] = ()
    if measure.low is not None and measure.high is not None:
        small = (f"{voice.number(measure.low)} {NOTHING} {voice.number(measure.high)}",)
    enough = voice.word("of", some=measure.good_enough, all=measure.items)
    return Cell(voice.number(measure.value), small), Cell(enough)


def _growth_table(found: Growth, scale: ScaleHead, voice: Voice) -> Table:
    heads = [voice.word(key) for key in ("date", "scoring", "source")]
    for score in (Score.ADHERENCE, Score.QUALITY):
        heads += [voice.word(score.value), voice.word("reached")]
    heads += [overall.name for overall in scale.overall]
    rows = []
    for point in found.points:
        source = voice.word("from_consensus" if point.agreed else "from_raters")
        cells = [Cell(point.held_on.isoformat()), Cell(point.scoring), Cell(source)]
        for measure in point.measures:
            cells += _measure_cells(measure, voice)
        for overall in scale.overall:
            number = point.overall.get(overall.key)
            cells.append(Cell(NOTHING if number is None else voice.number(number)))
        rows.append(tuple(cells))
    numeric = (False,) * 3 + (True,) * (len(heads) - 3)
    return Table(voice.heading("growth", about=found.about), tuple(heads), tuple(rows), numeric)


def _growth_terms(voice: Voice) -> Glossary:
    return glossary(voice, Index.GROWTH_MEAN, Index.GROWTH_RANGE, Index.GOOD_ENOUGH)
