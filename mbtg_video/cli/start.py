"""``mbtg init``."""

from __future__ import annotations

from pathlib import Path

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import given_passphrase, passphrase, settings, typed_twice
from mbtg_video.library import create_library


def _chosen_passphrase() -> str:
    import sys

    if given_passphrase() is not None or not sys.stdin.isatty():
        return passphrase()
    return typed_twice("New passphrase")


@click.command(cls=CommonCommand)
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--keyring", is_flag=True, help="Let this computer's own keyring open the library as well."
)
def command(folder: Path | None, keyring: bool) -> None:
    """Make a new library in DIR (an empty or new folder) and print its recovery code once."""
    root = folder or settings().library
    code = create_library(root, _chosen_passphrase(), keyring=keyring)
    output.done(
        f"A library is ready in {root}\n\n"
        f"Recovery code: {code}\n\n"
        "Write the code down and keep it apart from the computer. It opens the library when the\n"
        "passphrase is forgotten, and it is not shown again.",
        library=root,
        recovery_code=code,
    )
