"""``mbtg rate report``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.consent.record import find_person
from mbtg_video.errors import BadInput
from mbtg_video.leaving import check_target, write_out
from mbtg_video.rating.matrix import Score
from mbtg_video.rating.model import Scoring, ScoringState
from mbtg_video.rating.report.build import build_report
from mbtg_video.rating.report.content import Agreement, Index, Report, ScoringPart
from mbtg_video.rating.report.curves import BY_ITEM, SHARES
from mbtg_video.rating.report.document import Footnotes
from mbtg_video.rating.report.one_sequence import scores, warnings, when
from mbtg_video.rating.report.page import write_html
from mbtg_video.rating.report.pdf import write_pdf
from mbtg_video.rating.report.sections import cautions, summary, title
from mbtg_video.rating.report.wording import Voice
from mbtg_video.rating.report.workbook import write_xlsx
from mbtg_video.rating.scoring import find_scoring, list_scorings
from mbtg_video.users import Power

_WRITERS = {"html": write_html, "pdf": write_pdf, "xlsx": write_xlsx}


def _kind(target: Path, named: str | None) -> str:
    """What to write: as named, else as the file's name ends."""
    kind = named or target.suffix.lstrip(".").lower()
    if kind not in _WRITERS:
        raise BadInput(f"{target}: say what to write: --format {', '.join(_WRITERS)}")
    return kind


def _chosen(session: Session, names: Sequence[str], about: str | None) -> list[Scoring]:
    """The scorings named; else all that are revealed, of the person if one is named."""
    if names:
        return [find_scoring(session, as_number("S", name)) for name in names]
    code = find_person(session, about).code if about else None
    found = [s for s in list_scorings(session) if code is None or s.about == code]
    blind = [scoring.name for scoring in found if scoring.state is ScoringState.BLIND]
    if blind:
        output.warn(f"Left out, since they are blind still: {', '.join(blind)}")
    return [scoring for scoring in found if scoring.state is not ScoringState.BLIND]


def _differences(part: ScoringPart, report: Report, voice: Voice) -> list[dict[str, Any]]:
    records = []
    for row in part.rows:
        answers = {answer.rater: answer for answer in row.answers}
        if row.agreed:
            answers["consensus"] = row.agreed
        told = {
            who: "\n".join([scores(answer, voice), *(when(one) for one in answer.evidence)])
            for who, answer in answers.items()
        }
        name = report.scale.name(str(row.item) if row.item else row.overall or "")
        records.append({"item": row.item, "item_name": name, "difference": row.gap, **told})
    return records


def _show_differences(part: ScoringPart, report: Report, voice: Voice) -> None:
    day = part.held_on.isoformat()
    output.say(voice.heading("sequence", scoring=part.name, sequence=part.sequence, day=day))
    agreed = ("consensus",) if part.agreed_by else ()
    columns = ("item", "item_name", "difference", *part.raters, *agreed)
    output.table(_differences(part, report, voice), columns)


def _show_agreement(found: Agreement, report: Report, voice: Voice) -> None:
    output.say(voice.heading("per_item", score=voice.word(found.score.value)))
    notes = Footnotes(voice)
    records = []
    for item in found.items:
        number = item.item if found.score is not Score.OVERALL else None
        record: dict[str, Any] = {"item": number, "item_name": report.scale.name(item.item)}
        for index, of in BY_ITEM:
            cell = notes.cell(of(item), share=index in SHARES)
            mark = f" ({cell.mark})" if cell.mark else ""
            record[index.value] = " ".join([cell.text, *cell.small]) + mark
        records.append(record)
    columns = ("item", "item_name", "raw", "within_one", "kappa", "alpha")
    output.table(records, columns)
    for letter, reason in notes.told:
        output.say(f"({letter}) {reason}")
    output.say("")


def _voice(report: Report) -> Voice:
    return Voice(report.language, " ")


def _show(report: Report) -> None:
    voice = _voice(report)
    output.say(title(report))
    for text in summary(report, voice):
        output.say(text)
    output.say("")
    for part in report.scorings:
        _show_differences(part, report, voice)
    for found in report.agreement:
        if found.items:
            _show_agreement(found, report, voice)
    for index in (Index.SCORE, Index.GAP, *(index for index, _ in BY_ITEM), Index.INTERVAL):
        output.say(": ".join((voice.term(index)[0], " ".join(voice.term(index)[1:]))))


def _warned(report: Report) -> list[str]:
    voice = _voice(report)
    found = [text for part in report.scorings for text in warnings(part, voice)]
    return [*cautions(report, voice), *found]


@click.command(cls=CommonCommand)
@click.argument("scorings", nargs=-1, metavar="[SCORING]...")
@click.option("--about", metavar="CODE", help="Whose growth over the course days to show.")
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="FILE", help="Write it.")
@click.option("--format", "kind", type=click.Choice(list(_WRITERS)), help="Default: FILE's ending.")
@click.option("--notes", is_flag=True, help="With the raters' own notes, which are private.")
def report(
    scorings: tuple[str, ...], about: str | None, target: Path | None, kind: str | None, notes: bool
) -> None:
    """Report on revealed SCORINGs, or on all: who differs where, and how far raters agree.

    With --to FILE it is written as a page (.html), a PDF or a workbook (.xlsx) with plots,
    variance components and how many raters are needed. The file is not sealed.
    """
    if kind and target is None:
        raise BadInput(f"say where to write it: --to FILE.{kind}")
    written_as = _kind(target, kind) if target else None
    with opened(Power.HAND_OUT if target else Power.LOOK) as library:
        if target:
            check_target(library, target)
        with library.transaction() as session:
            made = build_report(
                session,
                _chosen(session, scorings, about),
                about=about,
                language=settings().language,
                on=today(),
                notes=notes,
            )
        for text in _warned(made):
            output.warn(text)
        if target is None or written_as is None:
            if output.wants_json():
                told = {"summary": summary(made, _voice(made)), "warnings": _warned(made)}
                output.details(msgspec.to_builtins(made) | told)
            else:
                _show(made)
            return
        names = [part.name for part in made.scorings]
        write_out(
            library,
            target,
            _WRITERS[written_as](made),
            lambda session: audit.append(
                session, audit.Act.RATING, *names, deed="report", format=written_as
            ),
        )
    output.done(
        f"Wrote the report of {', '.join(names)} to {target}. The file is not sealed: keep it as "
        "you keep other confidential papers.",
        file=target,
        format=written_as,
        scorings=names,
        size=target.stat().st_size,
    )
