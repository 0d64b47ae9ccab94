"""The section on one sequence: differences, profile, heat map, evidence, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mbtg_video.rating.compare import Answer, Compared
from mbtg_video.rating.report import plots
from mbtg_video.rating.report.content import Index, ScaleHead, ScoringPart
from mbtg_video.rating.report.document import (
    NOTHING,
    Block,
    Cell,
    Heading,
    Paragraph,
    Plot,
    Table,
    Tone,
    glossary,
    numbers_in_short,
)
from mbtg_video.rating.report.wording import Voice
from mbtg_video.rating.sheet import Moment
from mbtg_video.timecode import Timecode

_MOST_COLUMNS: Final = 5
"""Raters beside each other in one table; more go on in the next."""
_ITEMS_IN_PLOT: Final = 25


def row_name(row: Compared, scale: ScaleHead) -> str:
    """An item's number and name, or an overall rating's name."""
    if row.item is not None:
        return f"{row.item} {scale.name(str(row.item))}"
    return scale.name(row.overall or "")


def when(moment: Moment) -> str:
    """A moment or span as its times, with the tag it came from."""
    start = str(Timecode(moment.start_us))
    end = "" if moment.end_us is None else f"{NOTHING}{Timecode(moment.end_us)}"
    return f"{start}{end}" + (f" ({moment.tag})" if moment.tag else "")


def scores(answer: Answer | None, voice: Voice) -> str:
    """Adherence and quality in short, or why there is none."""
    if answer is None:
        return NOTHING
    if answer.value is not None:
        return str(answer.value)
    told = [
        f"{voice.word(short)} {number}"
        for short, number in (("a_short", answer.adherence), ("q_short", answer.quality))
        if number is not None
    ]
    if answer.absence is not None:
        told.append(voice.word(answer.absence.value))
    return " · ".join(told) or NOTHING


def _answer_cell(answer: Answer | None, voice: Voice) -> Cell:
    small = tuple(when(moment) for moment in answer.evidence) if answer else ()
    return Cell(scores(answer, voice), small)


def _differences(part: ScoringPart, scale: ScaleHead, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.heading("differences"), 3)
    times = voice.word("from_recording", recording=part.recording)
    a, q = voice.word("a_short"), voice.word("q_short")
    yield Paragraph(voice.say("differences", a=a, q=q, times=times))
    groups = [
        part.raters[start : start + _MOST_COLUMNS]
        for start in range(0, len(part.raters), _MOST_COLUMNS)
    ] or [()]
    for group in groups:
        agreed = [voice.word("consensus")] if part.agreed_by else []
        rows = []
        for row in part.rows:
            answers = {answer.rater: answer for answer in row.answers}
            cells = [_answer_cell(answers.get(rater), voice) for rater in group]
            cells += [_answer_cell(row.agreed, voice)] if part.agreed_by else []
            rows.append((Cell(row_name(row, scale)), Cell(str(row.gap)), *cells))
        columns = (voice.word("item"), voice.word("difference"), *group, *agreed)
        numeric = (False, True) + (False,) * (len(columns) - 2)
        yield Table(f"{part.name}: {voice.heading('differences')}", columns, tuple(rows), numeric)
    yield glossary(voice, Index.GAP)


def sequence_section(part: ScoringPart, scale: ScaleHead, voice: Voice) -> Iterator[Block]:
    """Everything about one sequence, in reading order."""
    day = part.held_on.isoformat()
    yield Heading(voice.heading("sequence", scoring=part.name, sequence=part.sequence, day=day), 2)
    yield from _differences(part, scale, voice)
    many = len(part.raters) > plots.MOST_PROFILES
    told = voice.say("profile_many", most=plots.MOST_PROFILES) if many else voice.say("profile")
    drawn = (
        ("profile", plots.profile, told),
        ("heat", plots.heat, voice.say("heat")),
    )
    for key, draw, caption in drawn:
        yield Heading(voice.heading(key), 3)
        for start in range(0, len(scale.items), _ITEMS_IN_PLOT):
            items = scale.items[start : start + _ITEMS_IN_PLOT]
            name = f"{key}-{part.name}-{start}"
            alt = voice.say(f"{key}_alt", scoring=part.name)
            yield Plot(name, draw(part, scale, items, voice, name), alt, caption)
    yield from _evidence(part, scale, voice)
    if part.notes:
        yield Heading(voice.heading("notes"), 3)
        columns = tuple(voice.word(key) for key in ("rater", "item", "note"))
        rows = tuple(
            (
                Cell(note.rater),
                Cell(voice.word("whole_sequence") if note.item is None else str(note.item)),
                Cell(note.text),
            )
            for note in part.notes
        )
        yield Table(voice.heading("notes"), columns, rows, (False,) * 3)


def evidence_rows(part: ScoringPart, voice: Voice) -> list[tuple[int, str, Answer]]:
    """Answers that rest on moments, in order of items: item, who, answer."""
    found = []
    for row in sorted(part.rows, key=lambda row: row.item or 0):
        if row.item is None:
            continue
        given: Sequence[Answer] = row.answers if row.agreed is None else (*row.answers, row.agreed)
        for answer in given:
            who = voice.word("consensus") if answer is row.agreed else answer.rater
            if answer.evidence:
                found.append((row.item, who, answer))
    return found


def warnings(part: ScoringPart, voice: Voice) -> list[str]:
    """A sentence for each rater who gave quality scores without a moment."""
    return [
        voice.say(
            "unsupported",
            scoring=part.name,
            rater=one.rater,
            items=numbers_in_short(one.items),
        )
        for one in part.unsupported
    ]


def _evidence(part: ScoringPart, scale: ScaleHead, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.heading("evidence"), 3)
    rows = []
    told_of = None
    for item, who, answer in evidence_rows(part, voice):
        # The name stands once, above the rows of the same item.
        name = str(item) if item == told_of else f"{item} {scale.name(str(item))}"
        told_of = item
        moments = ", ".join(when(moment) for moment in answer.evidence)
        rows.append((Cell(name), Cell(who), Cell(scores(answer, voice)), Cell(moments)))
    if rows:
        columns = tuple(voice.word(key) for key in ("item", "rater", "scores", "moments"))
        yield Table(f"{part.name}: {voice.heading('evidence')}", columns, tuple(rows), (False,) * 4)
    else:
        yield Paragraph(voice.say("no_evidence"))
    told = warnings(part, voice)
    scored = any(answer.quality is not None for row in part.rows for answer in row.answers)
    yield from (Paragraph(text, Tone.WARNING) for text in told)
    if scored and not told:
        yield Paragraph(voice.say("all_supported"))
