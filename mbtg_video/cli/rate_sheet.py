"""``mbtg rate sheet`` and ``add``: one rater's sheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.rate_asking import asked, explain
from mbtg_video.cli.rate_written import (
    answers,
    chosen_scoring,
    one_of,
    rating_record,
    read_file,
    tell_rating,
)
from mbtg_video.cli.session import opened, settings, today
from mbtg_video.errors import BadInput
from mbtg_video.leaving import check_target
from mbtg_video.library import Library
from mbtg_video.rating.look import open_sheet
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import pictured, record_sheet, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import Sheet, unanswered
from mbtg_video.rating.table import empty_table, read_table, sheet_from
from mbtg_video.rating.written import merged
from mbtg_video.scale import Scale
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably


@click.command(cls=CommonCommand)
@click.argument("scoring")
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path), required=True)
@click.option("--by", "rater", metavar="CODE", help="Whose sheet it will be.")
def sheet(scoring: str, target: Path, rater: str | None) -> None:
    """Write an empty score sheet of SCORING (or of excerpt X1) as .csv or .xlsx."""
    with opened(Power.RATE) as library:
        check_target(library, target)
        with library.transaction() as session:
            row = chosen_scoring(session, scoring)
            name = row.name
            content = empty_table(
                row.scale,
                sequence=name,
                rater=rater,
                suffix=target.suffix,
                language=settings().language,
            )
    write_durably(target, content)
    output.done(
        f"Wrote a sheet of {name} to {target}. When it is filled in: mbtg rate import {target}",
        scoring=name,
        file=str(target),
    )


@click.command(cls=CommonCommand)
@click.argument("scoring")
@click.option("--by", "rater", metavar="CODE", help="Who rates. Default: author of your settings.")
@answers
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A sheet that was filled in: .csv or .xlsx, as `rate sheet` writes it.",
)
@click.option("--draft", is_flag=True, help="Keep it as a draft.")
def add(scoring: str, rater: str | None, source: Path | None, draft: bool, **written: Any) -> None:  # noqa: ANN401
    """Give a rater's scores of SCORING (or of excerpt X1): asked one by one, or written.

    They are added to the rater's draft. Nobody else sees them before they are revealed.
    """
    code = rater or settings().author
    if code is None:
        raise BadInput("say who rates: --by CODE, or set author in your settings")
    given = source is not None or any(written.values())
    if not given and not sys.stdin.isatty():
        raise BadInput("say what you score: --score N=A/Q, or --from FILE, or type in a terminal")
    table = one_of(read_table(read_file(source), source.name), source) if source else None
    with opened(Power.RATE) as library:
        with library.transaction() as session:
            row = chosen_scoring(session, scoring)
            number = row.id
            frames = pictured(row).recording.frames.times
            _, base = open_sheet(session, row, code)
            seen = base.revision if base else 0
            sheet = sheet_of(base) if base else Sheet()
            if table:
                sheet = sheet_from(row.scale, table.rows, frames).added_to(sheet)
            sheet = merged(row.scale, sheet, frames=frames, **written)
            scale = row.scale
        if not given:
            _from_person(library, number, code, scale, sheet, seen, draft)
            return
        door = Source.FILE if table else Source.COMMAND
        record, _ = _kept(library, number, code, sheet, seen, submit=not draft, source=door)
    tell_rating(record)


def _kept(
    library: Library,
    number: int,
    rater: str,
    sheet: Sheet,
    seen: int,
    *,
    submit: bool = False,
    source: Source = Source.COMMAND,
) -> tuple[dict[str, Any], int]:
    """The rating as it is told, and its revision, once it has replaced the one that was seen."""
    with library.transaction() as session:
        rating = record_sheet(
            session,
            find_scoring(session, number),
            rater,
            sheet,
            submit=submit,
            source=source,
            on=today(),
            seen=seen,
        )
        return rating_record(rating), rating.revision


def _from_person(
    library: Library, number: int, rater: str, scale: Scale, sheet: Sheet, seen: int, draft: bool
) -> None:
    record, seen = _kept(library, number, rater, sheet, seen)

    def keep(given: Sheet) -> None:
        nonlocal record, seen
        record, seen = _kept(library, number, rater, given, seen)

    explain(scale, "Enter leaves it open, . ends and keeps a draft.")
    filled, _ = asked(scale, sheet, keep)
    complete = not unanswered(scale, filled)
    if complete and not draft and click.confirm("Submit these scores?", default=True, err=True):
        record, _ = _kept(library, number, rater, filled, seen, submit=True)
    tell_rating(record)
