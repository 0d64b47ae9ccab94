"""``mbtg due``."""

from __future__ import annotations

from dataclasses import asdict

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened, today
from mbtg_video.retention import due
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True)
def command(days: int) -> None:
    """List what ends within so many days, or has ended and waits: recordings, consents, bundles."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [asdict(one) for one in due(session, today(), days)]
    output.table(records, ("on", "what", "id", "remedy"))
