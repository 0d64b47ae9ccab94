"""``mbtg backup``."""

from __future__ import annotations

from pathlib import Path

import click

from mbtg_video.backup import back_up
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Bring the backup in DIR up to date: still sealed, also while the library is in use."""
    with opened(Power.GUARD) as library:
        made = back_up(library, folder)
    output.done(
        f"The backup in {folder} holds {made.objects} sealed files: {made.copied} copied now, "
        f"{made.removed} removed.\nKeep its withdrawals.json apart as well; restoring an old "
        "backup needs the newest one.",
        objects=made.objects,
        copied=made.copied,
        removed=made.removed,
    )
