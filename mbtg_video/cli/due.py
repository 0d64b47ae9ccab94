"""``mbtg due``."""

from __future__ import annotations

from dataclasses import asdict

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened, programme, settings, today
from mbtg_video.cli.words import word
from mbtg_video.errors import BadInput
from mbtg_video.readiness import ready, unasked
from mbtg_video.retention import due
from mbtg_video.users import Power

_DAYS, _WEEKS = 30, 6


@click.command(cls=CommonCommand)
@click.option("--days", type=click.IntRange(0, 3650), help=f"Default: {_DAYS}.")
@click.option(
    "--course",
    is_flag=False,
    flag_value="",
    metavar="[ID]",
    help="What participants lack for the days of a course; default: the setting's.",
)
@click.option(
    "--weeks", type=click.IntRange(0, 520), help=f"With --course: so far ahead; default: {_WEEKS}."
)
def command(days: int | None, course: str | None, weeks: int | None) -> None:
    """List what ends within so many days, or has ended and waits: recordings, consents, bundles.

    With --course instead what is missing for the course days to come: of whoever presents excerpts
    on them, and for the first day of every participant.
    """
    if course is not None and days is not None:
        raise BadInput("--days goes without --course; say how far ahead with --weeks N")
    if course is None and weeks is not None:
        raise BadInput("--weeks goes with --course; say how far ahead with --days N")
    if course is None:
        ahead = _DAYS if days is None else days
        with opened(Power.LOOK) as library, library.transaction() as session:
            records = [asdict(one) for one in due(session, today(), ahead)]
        output.table(records, ("on", "what", "id", "remedy"))
        return
    named = programme(course or None)
    ahead = _WEEKS if weeks is None else weeks
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [asdict(one) for one in ready(session, named, today(), ahead)]
        gaps = unasked(session, named, today(), ahead)
    for gap in gaps:
        output.warn(gap)
    if not output.wants_json():
        language = settings().language
        records = [one | {"what": word(f"lacks_{one['what']}", language)} for one in records]
    output.table(records, ("on", "participant", "day", "what", "id", "remedy"))
