"""From options to an opened library."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mbtg_video.cli.options import remembered
from mbtg_video.errors import BadInput, ConfigurationError
from mbtg_video.library import Library, describe, open_library
from mbtg_video.settings import Settings, read_settings, settings_path
from mbtg_video.users import Power, UserRole
from mbtg_video.vault.oskeyring import remembered_secret

if TYPE_CHECKING:
    from mbtg_video.course.programme import Programme

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[A-Za-z](\d{1,9})")


def settings() -> Settings:
    """Settings of this run: flags before environment before file."""
    ctx = click.get_current_context()
    flags = {"library": remembered(ctx, "library"), "language": remembered(ctx, "lang")}
    return read_settings(settings_path(), os.environ, flags)


def programme(course: str | None) -> Programme:
    """The course named, else that of the settings; raises `NotFound`."""
    from mbtg_video.course.programme import find_programme

    return find_programme(settings().course if course is None else course)


def given_passphrase() -> str | None:
    """The passphrase from a file or the environment; None when neither was named."""
    named = remembered(click.get_current_context(), "passphrase_file")
    if named is not None:
        try:
            return Path(named).read_text(encoding="utf-8-sig").splitlines()[0]
        except (OSError, UnicodeDecodeError, IndexError) as error:
            raise ConfigurationError(f"The passphrase file {named} cannot be read.") from error
    return os.environ.get("MBTG_PASSPHRASE") or None


def passphrase() -> str:
    """The library's passphrase from a file, the environment or a prompt."""
    given = given_passphrase()
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise ConfigurationError(
            "A passphrase is needed: name a file with --passphrase-file FILE, or set "
            "MBTG_PASSPHRASE"
        )
    typed: str = click.prompt("Passphrase", hide_input=True, err=True)
    return typed


def typed_twice(prompt: str) -> str:
    """A new passphrase, typed by a person; raises `ConfigurationError`."""
    first: str = click.prompt(prompt, hide_input=True, err=True)
    again: str = click.prompt("Once more", hide_input=True, err=True)
    if first != again:
        raise ConfigurationError("The two passphrases differ. Nothing was changed; try again.")
    return first


def _secret(root: Path) -> str:
    """What opens the library: named, kept by the system's keyring, or typed."""
    given = given_passphrase()
    if given is None:
        given = remembered_secret(root / "keys", describe(root).id)
    return passphrase() if given is None else given


def opened(power: Power) -> Library:
    """The user's library, opened for what needs `power`; use it as a context manager."""
    root = settings().library
    library = open_library(root, _secret(root))
    try:
        if library.user.role is not UserRole.OWNER:
            with library.transaction(power):
                pass  # refused and noted before anything is read
    except BaseException:
        library.__exit__()
        raise
    return library


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
