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

from mbtg_video.cli.options import harmless, remembered
from mbtg_video.cli.session import settings
from mbtg_video.cli.words import word
from mbtg_video.errors import MbtgError
from mbtg_video.settings import Language
from mbtg_video.timecode import Timecode

_PIPE_WIDTH = 200
_GAP, _NARROW_GAP, _EDGES = 3, 2, 2  # between the columns of a table, and around them
_LONG_WORD = 8
_TEXTS = {"title", "question", "item_name", "label", "note", "name", "file_name", "missing",
          "recipients", "figure", "detail", "remedy", "reason", "theme", "focus",
          "character", "words", "text", "keeps", "speaker", "snippet"}  # fmt: skip
_WORDED = {"valence", "state", "absence", "roleplay", "duty", "wish"}  # values that have words


def wants_json() -> bool:
    """Whether a machine is reading."""
    return bool(remembered(click.get_current_context(), "json"))


def _print(text: str = "", end: str = "\n") -> None:
    """Print to stdout at once; raises `MbtgError` when what was done cannot be told."""
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        raise  # whoever reads has seen enough
    except OSError as error:
        raise MbtgError(
            f"The answer could not be written ({error.strerror}). What was asked for is done: "
            "look before you ask for it again."
        ) from error


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
    if key in ("kind", "sign"):
        called = word(f"{key}_{value}", language)
        return harmless(str(value)) if called == f"{key}_{value}" else called
    if key in _WORDED:
        return word(str(value), language).lower()  # a heading may be the same word
    if key == "size" and isinstance(value, int):
        return f"{value / 1_000_000:.1f} MB"
    if isinstance(value, Sequence) and not isinstance(value, str):
        between = " " if key == "missing" else ", "  # sentences have their own stops
        return harmless(between.join(str(part) for part in value))
    return harmless(str(value))


def _json(value: object) -> str:
    """JSON that says the same to machines and does nothing to a terminal."""
    text = json.dumps(value, default=_plain, ensure_ascii=False, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def _widths(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Widths of columns that together fill `room` at most: the widest give first, to `least`."""
    widths = list(natural)
    while sum(widths) > room:
        column = max(
            (i for i, width in enumerate(widths) if width > least[i]), key=widths.__getitem__
        )
        widths[column] -= 1
    return widths


def table(records: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print records: `columns` as a table for people, every key as JSON for machines."""
    if wants_json():
        _print(_json(list(records)))
        return
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    language = settings().language
    if not records:
        say(word("nothing", language))
        return
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _PIPE_WIDTH)
    rows = [[_shown(key, record.get(key), language) for key in columns] for record in records]
    cells = [[word(key, language), *column] for key, *column in zip(columns, *rows, strict=True)]
    # An id, time, date or code is one word, and no word is cut but those of long texts.
    natural = [max(cell_len(line) for cell in c for line in cell.split("\n")) for c in cells]
    least = [
        min(longest, _LONG_WORD) if key in _TEXTS else longest
        for key, c in zip(columns, cells, strict=True)
        for longest in [max(cell_len(part) for cell in c for part in cell.split() or [""])]
    ]
    gaps = [gap * (len(columns) - 1) + _EDGES for gap in (_GAP, _NARROW_GAP)]
    fitting = [gap for gap in gaps if sum(least) + gap <= console.width]
    if not fitting:
        _stacked(records, columns, language)
        return
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=fitting[0] != gaps[0])
    for key, c, width in zip(
        columns, cells, _widths(least, natural, console.width - fitting[0]), strict=True
    ):
        number = key.endswith("_us") or all(isinstance(r.get(key), int) for r in records)
        drawn.add_column(c[0], justify="right" if number else "left", width=width, overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    with console.capture() as captured:
        console.print(drawn)
    _print(captured.get(), end="")


def _stacked(
    records: Sequence[Mapping[str, Any]], columns: Sequence[str], language: Language
) -> None:
    """Print records below each other, for a window too narrow for their table."""
    for record in records:
        _lines({key: record.get(key) for key in columns}, language)
        _print()


def details(record: Mapping[str, Any]) -> None:
    """Print one record, a line a key."""
    if wants_json():
        _print(_json(record))
        return
    _lines(record, settings().language)


def _lines(record: Mapping[str, Any], language: Language) -> None:
    headings = {key: word(key, language) for key in record}
    widest = max(len(heading) for heading in headings.values())
    for key, value in record.items():
        _print(f"{headings[key]:<{widest}}  {_shown(key, value, language)}")


def done(sentence: str, **record: Any) -> None:  # noqa: ANN401  what JSON takes
    """Print that something was done: the sentence for people, the record for machines."""
    if wants_json():
        _print(_json(record))
    else:
        say(sentence)


def say(text: str) -> None:
    """Print one text to stdout."""
    _print(harmless(text))


def warn(text: str) -> None:
    """Print one text to stderr."""
    print(harmless(text), file=sys.stderr)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Progress bar on stderr, advanced by the function yielded; none when nobody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(harmless(label)), total=total)
        yield lambda amount: bar.advance(task, amount)


@contextmanager
def share(label: str) -> Iterator[Callable[[float], None]]:
    """Progress bar on stderr, told by the function yielded which part is done, from 0 to 1."""
    with progress(label, 1000) as advance:
        shown = 0

        def part_done(part: float) -> None:
            nonlocal shown
            advance(int(part * 1000) - shown)
            shown = int(part * 1000)

        yield part_done
