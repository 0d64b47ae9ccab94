"""The four options that work everywhere, before or after a command's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

_META = "mbtg_video"


def harmless(text: str) -> str:
    """The text without control characters: one in a title or file name could steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value not in (None, False):
        ctx.meta[f"{_META}.{param.name}"] = value


def remembered(ctx: click.Context, name: str) -> Any:  # noqa: ANN401  an option's own type
    """What the user gave for one of the common options, wherever it stood; None if nothing."""
    return ctx.meta.get(f"{_META}.{name}")


def _common() -> list[click.Parameter]:
    def option(*names: str, **keywords: Any) -> click.Option:  # noqa: ANN401
        return click.Option(names, expose_value=False, callback=_remember, **keywords)

    return [
        option("--library", metavar="DIR", help="Folder of the library."),
        option("--passphrase-file", metavar="FILE", help="Read the passphrase from a file."),
        option("--json", is_flag=True, help="Print JSON for machines."),
        option(
            "--lang",
            type=click.Choice(["nb", "en"]),
            help="Language of tables, scale items and pages.",
        ),
    ]


class Words(click.Option):
    """An option that takes several words: ``--present P1 P2`` as well as ``--present P1
    --present P2``. A word belongs to it as long as `fits` says so.
    """

    def __init__(
        self,
        param_decls: Sequence[str],
        *,
        fits: Callable[[str], bool],
        **attributes: Any,  # noqa: ANN401  click's own signature
    ) -> None:
        super().__init__(param_decls, multiple=True, **attributes)
        self.fits = fits


class CommonCommand(click.Command):
    """A command that takes the common options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse after repeating the name of each `Words` option before each of its words."""
        options = {name: p for p in self.params if isinstance(p, Words) for name in p.opts}
        spread: list[str] = []
        taking: str | None = None
        first = False
        for word in args:
            if word.startswith("-"):
                name, joined, _ = word.partition("=")
                taking, first = (name, not joined) if name in options else (None, False)
            elif taking and not first:
                if options[taking].fits(word):
                    spread.append(taking)
                else:
                    taking = None
            else:
                first = False
            spread.append(word)
        return super().parse_args(ctx, spread)

    def __init__(
        self,
        name: str | None = None,
        *,
        params: Sequence[click.Parameter] | None = None,
        **keywords: Any,  # noqa: ANN401  click's own signature
    ) -> None:
        super().__init__(name, params=[*(params or ()), *_common()], **keywords)


class CommonGroup(click.Group):
    """A noun whose verbs take the common options."""

    command_class = CommonCommand

    def __init__(
        self,
        name: str | None = None,
        *,
        params: Sequence[click.Parameter] | None = None,
        **keywords: Any,  # noqa: ANN401  click's own signature
    ) -> None:
        super().__init__(name, params=[*(params or ()), *_common()], **keywords)


def noun(help_text: str) -> CommonGroup:
    """A noun's group of verbs."""
    return CommonGroup(help=help_text)


course_option = click.option(
    "--course", "course_id", metavar="ID", help="Which course; default: the setting `course`."
)
"""The course that a verb is about; `session.programme` finds it."""
