"""``mbtg check``."""

from __future__ import annotations

from dataclasses import asdict

import click

from mbtg_video.backup import check
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import opened
from mbtg_video.errors import Damaged
from mbtg_video.users import Power


@click.command(cls=CommonCommand)
def command() -> None:
    """Verify every sealed file, key, text, row and audit line of the library."""
    with opened(Power.GUARD) as library:
        problems = list(check(library))
    if problems and not output.wants_json():
        listed = "\n".join(f"  {one.what}\n    {one.remedy}" for one in problems)
        raise Damaged(f"The library is not whole:\n{listed}")
    output.done("The library is whole.", problems=[asdict(one) for one in problems])
    if problems:
        raise Damaged("The library is not whole.")
