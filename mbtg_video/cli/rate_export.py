"""``mbtg rate export``."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from mbtg_video import audit
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings
from mbtg_video.leaving import check_target, write_out
from mbtg_video.rating.agree import require_revealed
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import Sheet
from mbtg_video.rating.table import filled_table
from mbtg_video.users import Power


def _without_notes(sheet: Sheet) -> Sheet:
    items = tuple(msgspec.structs.replace(score, note=None) for score in sheet.items)
    return msgspec.structs.replace(sheet, items=items)


@click.command(cls=CommonCommand)
@click.argument("scoring")
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path), required=True)
@click.option("--notes", is_flag=True, help="With the raters' own notes, which are private.")
def export(scoring: str, target: Path, notes: bool) -> None:
    """Write every submitted sheet of the revealed SCORING as one table (.csv or .xlsx).

    It reads as the sheets do that `rate import` takes. The file is not sealed.
    """
    number = as_number("S", scoring)
    with opened(Power.HAND_OUT) as library:
        check_target(library, target)
        with library.transaction() as session:
            row = find_scoring(session, number)
            require_revealed(row)
            sheets = {rating.rater or "": sheet_of(rating) for rating in row.submitted}
            names = [rating.name for rating in row.submitted]
            content = filled_table(
                row.scale,
                {code: one if notes else _without_notes(one) for code, one in sheets.items()},
                sequence=row.name,
                suffix=target.suffix,
                language=settings().language,
            )
            unkept = [code for code, one in sheets.items() if one.note and notes]
            name = row.name
        kind = target.suffix.lstrip(".").lower()
        write_out(
            library,
            target,
            content,
            lambda session: audit.append(
                session, audit.Act.EXCHANGE, name, *names, deed="export", format=kind
            ),
        )
    if unkept:
        output.warn(f"A table has no place for the note on the whole sequence: {', '.join(unkept)}")
    output.done(
        f"Wrote the scores of {', '.join(sheets)} in {name} to {target}. The file is not sealed: "
        "keep it as you keep other confidential papers.",
        scoring=name,
        file=target,
        raters=list(sheets),
        size=target.stat().st_size,
    )
