"""``mbtg consent form`` and ``mbtg consent employer-form``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, Words
from mbtg_video.cli.session import opened, settings, today
from mbtg_video.consent.forms import consent_form, employer_form
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import find_group
from mbtg_video.errors import BadInput
from mbtg_video.leaving import check_new
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably

_USES: Final = [use.value for use in Use]


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option(
            "--use",
            "uses",
            cls=Words,
            fits=_USES.__contains__,
            type=click.Choice(_USES),
            help="Ask for these uses only; default: all six.",
        ),
        click.option("--group", metavar="CODE", help="A group of the library, filled in."),
        click.option(
            "--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf"
        ),
    ):
        command = option(command)
    return command


def _write(
    made: Callable[..., bytes], target: Path, group: str | None, uses: tuple[str, ...]
) -> None:
    if target.suffix.lower() != ".pdf":
        raise BadInput(f"{target}: the form is a PDF; name a file that ends in .pdf")
    check_new(target)
    if group is not None:
        with opened(Power.LOOK) as library, library.transaction() as session:
            library.refuse_inside(target)
            find_group(session, group)
    known: dict[str, Any] = {"months": settings().retention_months, "on": today(), "group": group}
    named = [Use(name) for name in uses]
    write_durably(target, made(settings().language, uses=named, **known))
    output.done(
        f"Wrote {target}. The institution's data protection officer has to approve the form before "
        "it is used.",
        file=target,
        group=group,
        uses=[use.value for use in Use if not named or use in named],
    )


@click.command(cls=CommonCommand)
@_options
def form(target: Path, group: str | None, uses: tuple[str, ...]) -> None:
    """Write the form on which a person consents, to be printed and signed.

    It needs no library, unless a group is to be filled in.
    """
    _write(consent_form, target, group, uses)


@click.command(cls=CommonCommand, name="employer-form")
@_options
def employer(target: Path, group: str | None, uses: tuple[str, ...]) -> None:
    """Write the form on which an employer approves of a group's recordings.

    It needs no library, unless a group is to be filled in.
    """
    _write(employer_form, target, group, uses)
