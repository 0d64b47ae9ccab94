"""The verbs of ``mbtg rate`` that take and give single sheets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.errors import BadInput, MbtgError, NotFound
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.library import Library
from mbtg_video.rating.agree import record_consensus
from mbtg_video.rating.compare import common_ground
from mbtg_video.rating.look import open_sheet
from mbtg_video.rating.model import Rating, RatingState, Scoring, Source
from mbtg_video.rating.record import pictured, rating_by, record_sheet, sheet_of
from mbtg_video.rating.scoring import find_scoring, scoring_of
from mbtg_video.rating.sheet import Sheet, check_sheet, unanswered
from mbtg_video.rating.table import MOST_BYTES, TabledSheet, empty_table, read_table, sheet_from
from mbtg_video.rating.written import merged
from mbtg_video.scale import Scale, find_scale
from mbtg_video.supervision.scores import import_scores
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably


def chosen_scoring(session: Session, text: str) -> Scoring:
    """The scoring S1, or the blind one of the excerpt X1, opened if there is none."""
    if text[:1].upper() == "X":
        excerpt = find_excerpt(session, as_number("X", text))
        return scoring_of(session, excerpt, find_scale(settings().scale), on=today())
    return find_scoring(session, as_number("S", text))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from error


def _answers(command: Callable[..., None]) -> Callable[..., None]:
    """The options by which a sheet is written on the command line."""
    for option in (
        click.option("--note", metavar="TEXT", help="A note on the whole sequence; sealed."),
        click.option("--item-note", "notes", multiple=True, metavar="N=TEXT", help="Sealed."),
        click.option(
            "--evidence",
            multiple=True,
            metavar="N=T5|N=T|N=T-T",
            help="What item N rests on: a tag, or times of the recording.",
        ),
        click.option("--overall", multiple=True, metavar="KEY=VALUE|KEY=?"),
        click.option(
            "--score",
            "scores",
            multiple=True,
            metavar="N=A/Q",
            help="Adherence and quality of item N; N=Q where adherence is not rated, N=none when "
            "it did not occur, N=? when you cannot judge.",
        ),
    ):
        command = option(command)
    return command


def _explain(scale: Scale, ending: str) -> None:
    values = scale.values
    output.warn(
        f"{scale.title.spoken(settings().language)}: {values.lowest}-{values.highest}, "
        f"{values.good_enough} is good enough.\nWrite adherence/quality (4/5), none (did not "
        f"occur) or ? (cannot judge). {ending}"
    )


def _question(scale: Scale, place: str) -> str:
    """What is asked for a place of the sheet, and which numbers where it is not both."""
    overall = next((one for one in scale.overall if one.key == place), None)
    asked = overall or scale.item(int(place))
    number = "" if overall is None else " (one number)"
    if overall is None and not scale.item(int(place)).adherence_rated:
        number = " (quality alone)"
    return f"{place} {asked.spoken(settings().language)}{number}"


def _asked(scale: Scale, sheet: Sheet, keep: Callable[[Sheet], None]) -> tuple[Sheet, bool]:
    """The sheet with what a person types for each open item, and whether they ended it early.

    What is typed is kept after every answer.
    """
    for place in unanswered(scale, sheet):
        overall = any(one.key == place for one in scale.overall)
        while True:
            typed: str = click.prompt(
                _question(scale, place), default="", show_default=False, err=True
            )
            if typed.strip() in ("", "."):
                break
            answer = f"{place}={typed}"
            try:
                if overall:
                    given = merged(scale, sheet, overall=[answer])
                else:
                    given = merged(scale, sheet, scores=[answer])
                check_sheet(scale, given)
            except BadInput as error:
                output.warn(str(error))
                continue
            sheet = given
            keep(sheet)
            break
        if typed.strip() == ".":
            return sheet, True
    return sheet, False


def _agreed_on(scale: Scale, sheet: Sheet) -> Sheet:
    """The sheet of a consensus with all that was open in it; asked for until all is answered."""
    _explain(
        scale, "Enter leaves it for later; all is asked before it is recorded. . ends without that."
    )
    ended = False
    while unanswered(scale, sheet) and not ended:
        sheet, ended = _asked(scale, sheet, lambda _: None)
    if ended:
        output.warn("Nothing was recorded.")
        raise click.Abort
    return sheet


def _rating_record(rating: Rating) -> dict[str, Any]:
    left = unanswered(rating.scoring.scale, sheet_of(rating))
    return {
        "id": rating.name,
        "scoring": rating.scoring.name,
        "excerpt": rating.scoring.sequence,
        "rater": rating.rater,
        "state": rating.state,
        "source": rating.source,
        "unanswered": list(left),
    }


def _told(record: dict[str, Any]) -> None:
    if record["state"] is RatingState.SUBMITTED:
        output.done(
            f"{record['rater']} has submitted {record['id']} for {record['scoring']}.", **record
        )
        return
    left = ", ".join(record["unanswered"]) or "nothing"
    output.done(
        f"Kept {record['id']} of {record['rater']} for {record['scoring']} as a draft. "
        f"Not answered yet: {left}. Go on with: mbtg rate add {record['scoring']} "
        f"--by {record['rater']}",
        **record,
    )


@click.command(cls=CommonCommand)
@click.argument("scoring")
@click.option("--to", "target", metavar="FILE", type=click.Path(path_type=Path), required=True)
@click.option("--by", "rater", metavar="CODE", help="Whose sheet it will be.")
def sheet(scoring: str, target: Path, rater: str | None) -> None:
    """Write an empty score sheet of SCORING (or of excerpt X1) as .csv or .xlsx."""
    with opened(Power.RATE) as library:
        library.refuse_inside(target)
        if target.exists():
            raise BadInput(f"{target} is there already; name a new file")
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


def _one_of(sheets: Sequence[TabledSheet], path: Path) -> TabledSheet:
    if len(sheets) > 1:
        raise BadInput(f"{path} holds {len(sheets)} sheets. Take all in with: mbtg rate import")
    return sheets[0]


@click.command(cls=CommonCommand)
@click.argument("scoring")
@click.option("--by", "rater", metavar="CODE", help="Who rates. Default: author of your settings.")
@_answers
@click.option("--from", "source", metavar="FILE", type=click.Path(path_type=Path))
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
    table = _one_of(read_table(_read(source), source.name), source) if source else None
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
    _told(record)


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
        return _rating_record(rating), rating.revision


def _from_person(
    library: Library, number: int, rater: str, scale: Scale, sheet: Sheet, seen: int, draft: bool
) -> None:
    record, seen = _kept(library, number, rater, sheet, seen)

    def keep(given: Sheet) -> None:
        nonlocal record, seen
        record, seen = _kept(library, number, rater, given, seen)

    _explain(scale, "Enter leaves it open, . ends and keeps a draft.")
    filled, _ = _asked(scale, sheet, keep)
    complete = not unanswered(scale, filled)
    if complete and not draft and click.confirm("Submit these scores?", default=True, err=True):
        record, _ = _kept(library, number, rater, filled, seen, submit=True)
    _told(record)


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
            data = _read(path)
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
        records = [_rating_record(rating) for rating in found]
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


@click.command(cls=CommonCommand)
@click.argument("scoring")
@_answers
@click.option("--from", "source", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--agreed-by", multiple=True, metavar="CODE", help="Default: all who submitted.")
def consensus(
    scoring: str,
    source: Path | None,
    agreed_by: tuple[str, ...],
    **written: Any,  # noqa: ANN401  the options of `_answers`
) -> None:
    """Record what the raters of SCORING agreed on, beside what each of them gave.

    It begins with what all gave alike, or with the consensus as it is; write what differs.
    """
    table = _one_of(read_table(_read(source), source.name), source) if source else None
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
            sheet = _agreed_on(scale, sheet)
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
            record = _rating_record(rating) | {"agreed_by": (rating.agreed_by or "").split()}
    output.done(
        f"{record['id']} is the consensus of {', '.join(record['agreed_by'])} on "
        f"{record['scoring']}. When the supervisor has seen it: mbtg rate sign "
        f"{record['scoring']} --by CODE",
        **record,
    )
