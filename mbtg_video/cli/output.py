"""Results to stdout, as a table for people or JSON for machines; the rest to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli.options import remembered
from mbtg_video.cli.session import settings
from mbtg_video.cli.words import word
from mbtg_video.settings import Language
from mbtg_video.timecode import Timecode

_PIPE_WIDTH = 200


def wants_json() -> bool:
    """Whether a machine is reading."""
    return bool(remembered(click.get_current_context(), "json"))


def _plain(value: object) -> object:
    if isinstance(value, Timecode):
        return value.microseconds
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction | Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _shown(key: str, value: object, language: Language) -> str:
    if value is None or value == []:
        return "-"
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if key.endswith("_us") and isinstance(value, int):
        return str(Timecode(value))
    if key == "valence":
        return word(str(value), language)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(part) for part in value)
    # A control character in a title must not reach the terminal.
    return "".join(
        c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in str(value)
    )


def table(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print records: `columns` as a table for people, every key as JSON for machines."""
    if wants_json():
        print(json.dumps(list(records), default=_plain, ensure_ascii=False, indent=2))
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    language = settings().language
    if not records:
        say(word("nothing", language))
        return
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key in columns:
        number = key.endswith("_us") or all(isinstance(r.get(key), int) for r in records)
        drawn.add_column(word(key, language), justify="right" if number else "left")
    for record in records:
        drawn.add_row(*(Text(_shown(key, record.get(key), language)) for key in columns))
    width = None if sys.stdout.isatty() else _PIPE_WIDTH
    Console(file=sys.stdout, width=width).print(drawn)


def details(record: Mapping[str, Any]) -> None:
    """Print one record, a line a key."""
    if wants_json():
        print(json.dumps(record, default=_plain, ensure_ascii=False, indent=2))
        return
    language = settings().language
    headings = {key: word(key, language) for key in record}
    widest = max(len(heading) for heading in headings.values())
    for key, value in record.items():
        print(f"{headings[key]:<{widest}}  {_shown(key, value, language)}")


def done(sentence: str, **record: Any) -> None:  # noqa: ANN401  what JSON takes
    """Print that something was done: the sentence for people, the record for machines."""
    if wants_json():
        print(json.dumps(record, default=_plain, ensure_ascii=False, indent=2))
    else:
        say(sentence)


def say(text: str) -> None:
    """Print one text to stdout."""
    print(text)


def warn(text: str) -> None:
    """Print one text to stderr."""
    print(text, file=sys.stderr)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Progress bar on stderr, advanced by the function yielded; none when nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda amount: bar.advance(task, amount)
