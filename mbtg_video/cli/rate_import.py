"""``mbtg rate import``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.rate_written import (
    chosen_scoring,
    rating_record,
    read_file,
)
from mbtg_video.cli.session import opened, settings, today
from mbtg_video.errors import BadInput, MbtgError
from mbtg_video.library import Library
from mbtg_video.rating.model import Rating, Source
from mbtg_video.rating.record import pictured, rating_by, record_sheet
from mbtg_video.rating.table import read_table, sheet_from
from mbtg_video.supervision.scores import import_scores
from mbtg_video.users import Power


@click.command(name="import", cls=CommonCommand)
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
@click.option("--by", "rater", metavar="CODE", help="Whose scores a table without that column has.")
@click.option("--draft", is_flag=True, help="Keep the sheets of tables as drafts.")
def import_(files: tuple[Path, ...], rater: str | None, draft: bool) -> None:
    """Take in scores that raters send: files saved in a bundle, or tables (.csv, .xlsx).

    Each file is taken in whole or not at all.
    """
    records: list[dict[str, Any]] = []
    with opened(Power.RATE) as library:
        for path in files:
            data = read_file(path)
            try:
                records += _imported(library, path, data, rater, draft)
            except MbtgError as error:
                done = ", ".join(record["id"] for record in records)
                before = f" Taken in before: {done}." if done else ""
                error.args = (f"{path}: {error}{before}",)
                raise
    output.table(records, ("id", "scoring", "excerpt", "rater", "state", "unanswered"))


def _imported(
    library: Library, path: Path, data: bytes, rater: str | None, draft: bool
) -> list[dict[str, Any]]:
    with library.transaction() as session:
        if path.suffix.lower() == ".json":
            saved = import_scores(session, data, on=today())
            found, replaced = list(saved.ratings), set(saved.replaced)
        else:
            found, replaced = _tabled(session, path, data, rater, draft)
        records = [rating_record(rating) for rating in found]
    if replaced:
        output.warn(f"{path}: drafts that were there are replaced: {', '.join(sorted(replaced))}")
    return records


def _tabled(
    session: Session, path: Path, data: bytes, rater: str | None, draft: bool
) -> tuple[list[Rating], set[str]]:
    """The ratings of a table, and the names of those that were there as drafts."""
    found, replaced = [], set()
    for table in read_table(data, path.name):
        code = table.rater or rater or settings().author
        if table.sequence is None or code is None:
            raise BadInput(
                f"row {table.rows[0].number}: fill in the columns sequence (S1 or X1) and "
                "rater; or take it in with: mbtg rate add S1 --by CODE --from FILE"
            )
        row = chosen_scoring(session, table.sequence)
        frames = pictured(row).recording.frames.times
        sheet = sheet_from(row.scale, table.rows, frames)
        before = rating_by(row, code)
        if before is not None:
            replaced.add(before.name)
            # A table has no place for the note on the whole sequence.
            sheet = msgspec.structs.replace(sheet, note=before.note)
        rating = record_sheet(
            session,
            row,
            code,
            sheet,
            submit=not draft,
            source=Source.FILE,
            on=today(),
        )
        found.append(rating)
    return found, replaced
