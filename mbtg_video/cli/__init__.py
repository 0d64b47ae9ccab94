"""The command line ``mbtg``: nouns load when they are called, so that help is quick."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any, NoReturn

import click

from mbtg_video import __version__
from mbtg_video.cli.options import CommonGroup, harmless
from mbtg_video.errors import MbtgError

# Noun or verb, the module that holds it, and its line in the help: shown without loading it.
_COMMANDS = {
    "init": ("start", "Make a new library."),
    "demo": ("demo", "Make a role-play, cut, tag and bundle it: the whole path in a minute."),
    "group": ("group", "Therapy groups."),
    "person": ("person", "Who is in a group: codes and roles, never names."),
    "consent": ("consent", "Who permits which use, and until when."),
    "recording": ("recording", "Take recordings in and list them."),
    "excerpt": ("excerpt", "Cut exact excerpts."),
    "tag": ("tag", "Tag moments and spans with scale items."),
    "transcript": ("transcript", "What is said in a recording, from caption files."),
    "search": ("search", "Find tags, transcripts, excerpts, sessions and persons."),
    "name": ("name", "Mark where a full name is said, and mute it."),
    "scale": ("scale", "Rating scales and their items."),
    "rate": ("rate", "Score sequences, compare the raters, agree and sign."),
    "course": ("course", "The course: days, slots, participants, duties."),
    "dossier": ("dossier", "Sealed documents about a group: accounts, minutes, reading lists."),
    "playlist": ("playlist", "Order excerpts for a supervision session."),
    "bundle": ("bundle", "Hand a playlist out as a locked folder."),
    "studio": ("studio", "Watch, tag, cut and plan on a page in the browser."),
    "due": ("due", "What ends soon, or has ended and waits."),
    "purge": ("purge", "Shred what has had its time."),
    "audit": ("audit", "What was done, and whether the record of it is whole."),
    "key": ("key", "Passphrases, the recovery code, other users."),
    "backup": ("backup", "Copy the library, still sealed."),
    "restore": ("restore", "Make a library from a backup."),
    "check": ("check", "Verify every file, key, row and audit line."),
}


class Failure(click.ClickException):
    """An `MbtgError` on its way to the user, with its own exit code."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(harmless(message))
        self.exit_code = exit_code  # type: ignore[misc]


class LazyGroup(CommonGroup):
    """The root: finds commands by name and turns our errors into exit codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, unless a word is no text: it could be neither sealed nor printed."""
        for word in args:
            if any("\ud800" <= sign <= "\udfff" for sign in word):
                shown = word.encode(errors="replace").decode()
                raise click.UsageError(f"{shown!r} is not written in UTF-8. Write or rename it so.")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"mbtg_video.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  click's own signature
        try:
            return super().invoke(ctx)
        except MbtgError as error:
            raise Failure(str(error), error.exit_code) from error
        except OSError as error:
            _explain(error)


def _explain(error: OSError) -> NoReturn:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise Failure(
            "The disk is full. Nothing was changed; free some space, try again.", 1
        ) from error
    if isinstance(error, BrokenPipeError):
        raise error
    where = f" ({error.filename})" if error.filename else ""
    raise Failure(f"The system refused: {error.strerror or error}{where}", 1) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mbtg")
def command() -> None:
    """Consented video excerpts for supervision in mentalization-based group therapy.

    Times are written 00:10:03.48, 10:03, 603.48s or f15087 (frame). Start with: mbtg demo
    """


def main() -> None:
    """Run the command line."""
    import sys

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Windows redirects in an encoding that has not even æøå everywhere.
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")
    command(prog_name="mbtg")
