"""A report as blocks in reading order, which the page and the PDF both set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mbtg_video.rating.reliability.estimate import Estimate, Why
from mbtg_video.rating.report.content import Index
from mbtg_video.rating.report.wording import Voice

NOTHING: Final = "\N{EN DASH}"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Tone(StrEnum):
    """How a paragraph is meant."""

    PLAIN = "plain"
    LEAD = "lead"
    WARNING = "warning"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title."""

    text: str
    level: int
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str
    tone: Tone = Tone.PLAIN
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a word and what it is."""

    pairs: tuple[tuple[str, str], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it says, smaller lines below, and the letter of a footnote."""

    text: str
    small: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names its rows, `numeric` says which hold numbers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]
    notes: tuple[tuple[str, str], ...] = ()
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with what stands for it when it cannot be seen."""

    name: str
    svg: str
    alt: str
    caption: str
    kind: str = "plot"


@dataclass(frozen=True, slots=True)
class Glossary:
    """What kinds of numbers mean and do not say: name, meaning, limit."""

    entries: tuple[tuple[str, str, str], ...]
    kind: str = "glossary"


Block = Heading | Paragraph | Facts | Table | Plot | Glossary


class Footnotes:
    """Reasons why numbers of one table could not be made, each with its letter."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._found: dict[Why, str] = {}

    def mark(self, why: Why) -> str:
        """Letter of a reason."""
        return self._found.setdefault(why, _LETTERS[len(self._found) % len(_LETTERS)])

    def cell(self, estimate: Estimate, *, share: bool = False) -> Cell:
        """A number with its interval below, or a dash and the letter of the reason."""
        if estimate.why is not None or estimate.value is None:
            return Cell(NOTHING, mark=self.mark(estimate.why or Why.ALL_MISSING))
        small = interval(self._voice, estimate, share=share)
        return Cell(value(self._voice, estimate.value, share=share), (small,) if small else ())

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """Letters and reasons, in the order in which they came up."""
        return tuple((letter, self._voice.reason(why)) for why, letter in self._found.items())


def value(voice: Voice, number: float, *, share: bool = False) -> str:
    """A coefficient with two decimals, a share as a percentage."""
    return voice.percent(number) if share else voice.number(number)


def interval(voice: Voice, estimate: Estimate, *, share: bool = False) -> str:
    """The interval in brackets; empty when there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (value(voice, bound, share=share) for bound in (estimate.low, estimate.high))
    return f"[{low}; {high}]"


def glossary(voice: Voice, *indices: Index) -> Glossary:
    """The sentences of these kinds of numbers."""
    return Glossary(tuple(voice.term(index) for index in indices))


def numbers_in_short(numbers: tuple[int, ...]) -> str:
    """Rising whole numbers with runs drawn together: ``1, 4-7``."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]}{', ' if len(run) == 2 else NOTHING}{run[-1]}"
        for run in runs
    )
