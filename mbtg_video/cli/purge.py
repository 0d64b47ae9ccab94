"""``mbtg purge``."""

from __future__ import annotations

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened, today
from mbtg_video.retention import purge, to_purge
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.option("--journal-too", is_flag=True, help="Also what is part of a journal.")
@click.option("--dry-run", is_flag=True, help="Say what it would shred, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(journal_too: bool, dry_run: bool, yes: bool) -> None:
    """Shred recordings, excerpts and documents whose day has come, with all made of them."""
    with opened(Power.END) as library:
        with library.transaction() as session:
            names = to_purge(session, today(), journal_too=journal_too).names
        if dry_run:
            output.done(
                f"Due: {', '.join(names) or 'nothing'}. Nothing was changed.",
                shredded=[],
                due=names,
            )
            return
        if names and not yes:
            click.confirm(f"Shred {', '.join(names)} for good?", abort=True, err=True)
        gone = purge(library, on=today(), journal_too=journal_too)
    output.done(
        f"Shredded {', '.join(gone)}: the program no longer holds a key for them."
        if gone
        else "Nothing is due.",
        shredded=gone,
        due=names,
    )
