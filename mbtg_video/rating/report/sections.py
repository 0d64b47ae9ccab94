"""The sections of a report in order: first what it comes to, then each sequence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mbtg_video.rating.matrix import Gaps
from mbtg_video.rating.report.content import Index, Report, ScoringPart
from mbtg_video.rating.report.document import (
    NOTHING,
    Block,
    Cell,
    Facts,
    Heading,
    Paragraph,
    Table,
    Tone,
    glossary,
)
from mbtg_video.rating.report.figures import agreement_sections
from mbtg_video.rating.report.one_sequence import row_name, sequence_section
from mbtg_video.rating.report.over_time import growth_sections
from mbtg_video.rating.report.printable import cleaned
from mbtg_video.rating.report.wording import Voice

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
        yield from sequence_section(part, report.scale, voice)
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
