"""What sheets are written with at the command line: which scoring, options, files, records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.session import as_number, settings, today
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.model import Rating, RatingState, Scoring
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.scoring import find_scoring, scoring_of
from mbtg_video.rating.sheet import unanswered
from mbtg_video.rating.table import MOST_BYTES, TabledSheet
from mbtg_video.scale import find_scale


def chosen_scoring(session: Session, text: str) -> Scoring:
    """The scoring S1, or the blind one of the excerpt X1, opened if there is none."""
    if text[:1].upper() == "X":
        excerpt = find_excerpt(session, as_number("X", text))
        return scoring_of(session, excerpt, find_scale(settings().scale), on=today())
    return find_scoring(session, as_number("S", text))


def read_file(path: Path) -> bytes:
    """Content of a file that is read into memory; raises `NotFound`."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}") from error


def answers(command: Callable[..., None]) -> Callable[..., None]:
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
        click.option(
            "--overall",
            multiple=True,
            metavar="KEY=VALUE|KEY=?",
            help="The whole sequence: adherence=4, quality=5, or what else the scale asks.",
        ),
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


def one_of(sheets: Sequence[TabledSheet], path: Path) -> TabledSheet:
    """The only sheet of a table; raises `BadInput` when there are several."""
    if len(sheets) > 1:
        raise BadInput(f"{path} holds {len(sheets)} sheets. Take all in with: mbtg rate import")
    return sheets[0]


def rating_record(rating: Rating) -> dict[str, Any]:
    """What may be told of a rating while it is blind: no score."""
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


def tell_rating(record: dict[str, Any]) -> None:
    """Say that a rating was submitted, or what is left of a draft."""
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
