"""``mbtg init``."""

from __future__ import annotations

from pathlib import Path

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, remembered
from mbtg_video.cli.session import passphrase, settings
from mbtg_video.errors import ConfigurationError
from mbtg_video.library import create_library


def _chosen_passphrase() -> str:
    import os
    import sys

    given = remembered(click.get_current_context(), "passphrase_file")
    if given or os.environ.get("MBTG_PASSPHRASE") or not sys.stdin.isatty():
        return passphrase()
    first: str = click.prompt("New passphrase", hide_input=True, err=True)
    again: str = click.prompt("Once more", hide_input=True, err=True)
    if first != again:
        raise ConfigurationError("The two passphrases differ. Nothing was made; try again.")
    return first


@click.command(cls=CommonCommand)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
def command(folder: Path | None) -> None:
    """Make a new library in DIR (an empty or new folder) and print its recovery code once."""
    root = folder or settings().library
    code = create_library(root, _chosen_passphrase())
    output.done(
        f"A library is ready in {root}\n\n"
        f"Recovery code: {code}\n\n"
        "Write the code down and keep it apart from the computer. It opens the library when the\n"
        "passphrase is forgotten, and it is not shown again.",
        library=root,
        recovery_code=code,
    )
