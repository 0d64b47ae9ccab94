"""``mbtg rate consensus``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.rate_asking import agreed_on
from mbtg_video.cli.rate_written import (
    answers,
    one_of,
    rating_record,
    read_file,
)
from mbtg_video.cli.session import as_number, opened, today
from mbtg_video.rating.agree import record_consensus
from mbtg_video.rating.compare import common_ground
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import pictured, sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.table import read_table, sheet_from
from mbtg_video.rating.written import merged
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.argument("scoring")
@answers
@click.option(
    "--from",
    "source",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table of answers: .csv or .xlsx, as `rate sheet` writes it.",
)
@click.option("--agreed-by", multiple=True, metavar="CODE", help="Default: all who submitted.")
def consensus(
    scoring: str,
    source: Path | None,
    agreed_by: tuple[str, ...],
    **written: Any,  # noqa: ANN401  the options of `answers`
) -> None:
    """Record what the raters of SCORING agreed on, beside what each of them gave.

    It begins with what all gave alike, or with the consensus as it is; write what differs.
    """
    table = one_of(read_table(read_file(source), source.name), source) if source else None
    with opened(Power.RATE) as library:
        with library.transaction() as session:
            row = find_scoring(session, as_number("S", scoring))
            base = sheet_of(row.consensus) if row.consensus else common_ground(row)
            seen = row.consensus.revision if row.consensus else 0
            frames = pictured(row).recording.frames.times
            scale, number = row.scale, row.id
            sheet = sheet_from(scale, table.rows, frames).added_to(base) if table else base
            sheet = merged(scale, sheet, frames=frames, **written)
        if table is None and not any(written.values()) and sys.stdin.isatty():
            sheet = agreed_on(scale, sheet)
        with library.transaction() as session:
            rating = record_consensus(
                session,
                find_scoring(session, number),
                sheet,
                agreed_by=agreed_by,
                source=Source.FILE if table else Source.COMMAND,
                on=today(),
                seen=seen,
            )
            record = rating_record(rating) | {"agreed_by": (rating.agreed_by or "").split()}
    output.done(
        f"{record['id']} is the consensus of {', '.join(record['agreed_by'])} on "
        f"{record['scoring']}. When the supervisor has seen it: mbtg rate sign "
        f"{record['scoring']} --by CODE",
        **record,
    )
