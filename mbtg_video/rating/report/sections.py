"""The sections of a report in order: first what it comes to, then each sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mbtg_video.rating.compare import Answer, Compared
from mbtg_video.rating.matrix import Gaps
from mbtg_video.rating.report import plots
from mbtg_video.rating.report.content import Index, Report, ScaleHead, ScoringPart
from mbtg_video.rating.report.document import (
    NOTHING,
    Block,
    Cell,
    Facts,
    Heading,
    Paragraph,
    Plot,
    Table,
    Tone,
    glossary,
    numbers_in_short,
)
from mbtg_video.rating.report.figures import agreement_sections
from mbtg_video.rating.report.over_time import growth_sections
from mbtg_video.rating.report.printable import cleaned
from mbtg_video.rating.report.wording import Voice
from mbtg_video.rating.sheet import Moment
from mbtg_video.timecode import Timecode

_MOST_COLUMNS: Final = 5
"""Raters beside each other in one table; more go on in the next."""
ITEMS_IN_PLOT: Final = 25
_FEW: Final = 10
_MOST_NAMES: Final = 8


def document(report: Report) -> tuple[Block, ...]:
    """The whole report in reading order."""
    voice = Voice(report.language)
    return tuple(_blocks(cleaned(report), voice))


def title(report: Report) -> str:
    """What the report calls itself, with the scorings that it is about."""
    names = [part.name for part in report.scorings]
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], "\N{HORIZONTAL ELLIPSIS}", names[-1]]
    return f"{Voice(report.language).heading('report')} {', '.join(names)}"


def _blocks(report: Report, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.heading("report"), 1)
    yield from _summary(report, voice)
    yield from _scored(report, voice)
    for part in report.scorings:
        yield from _sequence(part, report.scale, voice)
    yield from agreement_sections(report, voice)
    yield from growth_sections(report, voice)
    yield Heading(voice.heading("method"), 2)
    for text in voice.method():
        yield Paragraph(text)


def _summary(report: Report, voice: Voice) -> Iterator[Block]:
    yield Heading(voice.heading("short"), 2)
    for text in summary(report, voice):
        yield Paragraph(text, Tone.LEAD)
    warned = sum(len(u.items) for part in report.scorings for u in part.unsupported)
    if warned:
        yield Paragraph(voice.say("unsupported_short", count=warned), Tone.WARNING)
    yield from (Paragraph(text, Tone.WARNING) for text in cautions(report, voice))


def summary(report: Report, voice: Voice) -> list[str]:
    """What the report comes to, a sentence each."""
    count = len(report.scorings)
    scored = voice.say("one_sequence") if count == 1 else voice.say("many_sequences", count=count)
    scale = f"{report.scale.id} {voice.word('version', number=report.scale.version)}"
    raters = voice.raters(len(report.raters))
    texts = [voice.say("summary_scored", scorings=scored, raters=raters, scale=scale)]
    for found in report.agreement:
        score = voice.word(found.score.value)
        same, near = found.raw, found.within_one
        if same.value is None or near.value is None:
            why = voice.reason(same.why) if same.why else ""
            texts.append(voice.say("summary_no_agreement", score=score, why=why))
        else:
            texts.append(
                voice.say(
                    "summary_agreement",
                    score=score,
                    same=voice.percent(same.value),
                    near=voice.percent(near.value),
                )
            )
    widest = max(
        ((row, part) for part in report.scorings for row in part.rows), key=lambda both: both[0].gap
    )
    if widest[0].gap:
        what = row_name(widest[0], report.scale)
        told = {"gap": widest[0].gap, "what": what, "scoring": widest[1].name}
        texts.append(voice.say("summary_largest", **told))
    elif any(found.raw.value is not None for found in report.agreement):
        texts.append(voice.say("summary_no_gap"))
    return texts


def cautions(report: Report, voice: Voice) -> list[str]:
    """What stands in the way of reading much into the numbers."""
    texts = []
    if report.single:
        texts.append(voice.say("single"))
    elif len(report.scorings) < _FEW:
        texts.append(voice.say("few", count=len(report.scorings)))
    if report.repeated:
        texts.append(voice.say("repeated", recordings=", ".join(report.repeated)))
    return texts


def row_name(row: Compared, scale: ScaleHead) -> str:
    """An item's number and name, or an overall rating's name."""
    if row.item is not None:
        return f"{row.item} {scale.name(str(row.item))}"
    return scale.name(row.overall or "")


def state(part: ScoringPart, voice: Voice) -> str:
    """How far a scoring has come, with who and when."""
    told = []
    if part.revealed_on:
        told.append(voice.word("revealed", day=part.revealed_on.isoformat()))
    if part.agreed_by:
        told.append(voice.word("agreed", who=", ".join(part.agreed_by)))
    if part.signed_on:
        told.append(voice.word("signed", who=part.signed_by, day=part.signed_on.isoformat()))
    return ", ".join(told)


def gaps(found: Gaps, voice: Voice) -> str:
    """How many answers are missing, and why."""
    return voice.say(
        "gaps", occur=found.did_not_occur, judge=found.cannot_judge, rated=found.not_rated
    )


def _scored(report: Report, voice: Voice) -> Iterator[Block]:
    scale = report.scale
    yield Heading(voice.heading("scored"), 2)
    scores = voice.word(
        "values_range", low=scale.lowest, high=scale.highest, good=scale.good_enough
    )
    pairs = [
        (voice.word("scale"), f"{scale.title}, {voice.word('version', number=scale.version)}"),
        (voice.word("values"), scores),
        (voice.word("raters"), ", ".join(report.raters) or NOTHING),
    ]
    yield Facts(tuple(pairs))
    columns = ("scoring", "sequence", "session_date", "about", "raters", "state", "drafts")
    rows = tuple(
        (
            Cell(part.name),
            Cell(part.sequence, (part.recording,)),
            Cell(part.held_on.isoformat()),
            Cell(part.about or NOTHING),
            Cell(", ".join(part.raters)),
            Cell(state(part, voice)),
            Cell(str(part.drafts)),
        )
        for part in report.scorings
    )
    numeric = (False,) * 6 + (True,)
    yield Table(voice.heading("scored"), tuple(voice.word(key) for key in columns), rows, numeric)
    missing = tuple(
        (voice.word(found.score.value), gaps(found.gaps, voice)) for found in report.agreement
    )
    yield Facts(tuple((f"{voice.word('missing')}: {what}", told) for what, told in missing))
    yield glossary(voice, Index.SCORE, Index.MISSING)
    yield Paragraph(voice.say("leaves"), Tone.SMALL)
    if any(part.notes for part in report.scorings):
        yield Paragraph(voice.say("leaves_notes"), Tone.WARNING)
    yield Paragraph(voice.word("made_on", day=report.on.isoformat()), Tone.SMALL)


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


def _sequence(part: ScoringPart, scale: ScaleHead, voice: Voice) -> Iterator[Block]:
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
        for start in range(0, len(scale.items), ITEMS_IN_PLOT):
            items = scale.items[start : start + ITEMS_IN_PLOT]
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
