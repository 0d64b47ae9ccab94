"""``mbtg restore``."""

from __future__ import annotations

from pathlib import Path

import click

from mbtg_video.backup import restore
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import passphrase, today


@click.command(cls=CommonCommand)
@click.argument("backup", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The newest withdrawals.json: what was withdrawn since the backup is withdrawn again.",
)
def command(backup: Path, folder: Path, ledger: Path | None) -> None:
    """Make a library in the empty folder DIR from BACKUP, checked, whole or not at all."""
    again = restore(backup, folder, passphrase(), on=today(), newer_ledger=ledger)
    if ledger is None:
        output.warn("No --ledger was named: withdrawals made since the backup are not known to it.")
    said = f" Withdrawn again: {', '.join(again)}." if again else ""
    output.done(f"The library was restored to {folder}.{said}", library=folder, withdrawn=again)
