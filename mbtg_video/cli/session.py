"""From options to an opened library."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from mbtg_video.cli.options import remembered
from mbtg_video.errors import BadInput, ConfigurationError
from mbtg_video.library import Library, open_library
from mbtg_video.settings import Settings, read_settings, settings_path

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z](\d{1,9})")


def settings() -> Settings:
    """Settings of this run: flags before environment before file."""
    ctx = click.get_current_context()
    flags = {"library": remembered(ctx, "library"), "language": remembered(ctx, "lang")}
    return read_settings(settings_path(), os.environ, flags)


def passphrase() -> str:
    """The library's passphrase from a file, the environment or a prompt."""
    named = remembered(click.get_current_context(), "passphrase_file")
    if named is not None:
        try:
            return Path(named).read_text(encoding="utf-8-sig").splitlines()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise ConfigurationError(f"The passphrase file {named} cannot be read.") from error
    if os.environ.get("MBTG_PASSPHRASE"):
        return os.environ["MBTG_PASSPHRASE"]
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "A passphrase is needed: name a file with --passphrase-file FILE, or set "
            "MBTG_PASSPHRASE"
        )
    typed: str = click.prompt("Passphrase", hide_input=True, err=True)
    return typed


def opened() -> Library:
    """The user's library, opened; use it as a context manager."""
    chosen = settings()
    return open_library(chosen.library, passphrase())


def today() -> date:
    """The day on which consents are judged: the user's own."""
    return datetime.now(UTC).astimezone().date()


def as_number(letter: str, text: str) -> int:
    """Number behind an id such as ``R1``; raises `BadInput`."""
    match = _ID.fullmatch(text)
    if match is None or text[0].upper() != letter:
        raise BadInput(f"{text!r} is no id of this kind; they look like {letter}1")
    return int(match[1])


class Day(click.ParamType[date]):
    """A date written 2026-11-24."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        try:
            # Python reads more spellings than people do.
            return date.fromisoformat(value if _DAY.fullmatch(value) else "")
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2026-11-24", param, ctx)


DAY = Day()
