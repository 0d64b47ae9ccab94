"""What goes to another program: a playlist as plain values, the same for every format.

A format is a module of this package with ``write(playlist) -> Written``; it knows no rows. Media
are named as `excerpt export` would name them, such as X1.mp4, to lie beside the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mbtg_video.tag.model import Valence
from mbtg_video.timecode import MICROSECONDS, Timecode


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a tag lies in its clip; `end` is None for a moment. `title` is its item's name."""

    start: Timecode
    end: Timecode | None
    title: str
    valence: Valence


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """An excerpt; `title` is its id where titles stay at home.

    `frames` is None where they do not come at a constant rate.
    """

    name: str
    title: str
    length: Timecode
    frame_rate: Fraction
    frames: int | None
    minutes: int | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def media(self) -> str:
        """Name of its file."""
        return f"{self.name}.mp4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry without a clip; `title` is what kind it is where texts stay at home."""

    kind: str
    title: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaylistValues:
    """A playlist; `title` is its id where titles stay at home."""

    name: str
    title: str
    entries: tuple[Clip | Step, ...]


def step_place(number: int, step: Step) -> str:
    """What a loss calls a step."""
    return f"entry {number} ({step.kind})"


def in_seconds(length: Timecode) -> str:
    """A length in seconds, exact, without noughts at its end."""
    whole, rest = divmod(length.microseconds, MICROSECONDS)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
