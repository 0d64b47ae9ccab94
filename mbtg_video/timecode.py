"""Positions and stretches of a recording in whole microseconds.

A `Timecode` counts from the first shown frame. A frame lies in a half-open `Span`
exactly when the timecode of its presentation time does; rounding to the microsecond
is exact to undo while a time base is no finer than a microsecond.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from mbtg_video.errors import MalformedTime

MICROSECONDS: Final = 1_000_000

_CLOCK = re.compile(
    r"(?:(?P<hours>[0-9]{1,3}):)?(?P<minutes>[0-9]{1,2}):(?P<seconds>[0-9]{1,2}(?:\.[0-9]{1,6})?)"
)
_SECONDS = re.compile(r"(?P<seconds>[0-9]{1,7}(?:\.[0-9]{1,6})?)s")
_FRAME = re.compile(r"f(?P<index>[0-9]{1,9})")
_EXPECTED = "write it as 00:10:03.48, 10:03, 603.48s or f15087 (frame)"


def _rounded(value: Fraction) -> int:
    """Nearest whole number, halves up (Python's own rounding goes to even)."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@dataclass(frozen=True, order=True, slots=True)
class Timecode:
    """A position: whole microseconds from the recording's first shown frame."""

    microseconds: int

    @classmethod
    def parse(cls, text: str, frames: Sequence[int] = ()) -> Timecode:
        """Position written by a person: ``00:10:03.48``, ``10:03``, ``603.48s`` or ``f15087``.

        `frames` holds the timecode of every frame in microseconds, so that a frame number
        means that very frame also where the rate varies; without it ``f…`` is refused.
        Raises `MalformedTime`.
        """
        written = text.strip()
        if match := _CLOCK.fullmatch(written):
            seconds = Fraction(match["seconds"])
            minutes = int(match["minutes"])
            if seconds >= 60 or (match["hours"] is not None and minutes >= 60):
                raise MalformedTime(f"{written!r} is no time: {_EXPECTED}")
            whole = int(match["hours"] or 0) * 3600 + minutes * 60
            return cls(int((whole + seconds) * MICROSECONDS))
        if match := _SECONDS.fullmatch(written):
            return cls(int(Fraction(match["seconds"]) * MICROSECONDS))
        if match := _FRAME.fullmatch(written):
            index = int(match["index"])
            if not frames:
                raise MalformedTime(f"{written!r} names a frame, but no frames are known here")
            if index >= len(frames):
                raise MalformedTime(
                    f"{written!r} lies outside the recording; its last frame is f{len(frames) - 1}"
                )
            return cls(frames[index])
        raise MalformedTime(f"{written!r} is no time: {_EXPECTED}")

    @classmethod
    def from_pts(cls, pts: int, time_base: Fraction, start_pts: int = 0) -> Timecode:
        """Position of a presentation time stamp counted in `time_base`."""
        return cls(_rounded((pts - start_pts) * time_base * MICROSECONDS))

    @classmethod
    def from_frame(cls, index: int, frame_rate: Fraction) -> Timecode:
        """Position of a frame of a recording whose rate is constant."""
        return cls(_rounded(index * MICROSECONDS / frame_rate))

    def to_pts(self, time_base: Fraction, start_pts: int = 0) -> int:
        """Time stamp nearest to this position; undoes `from_pts` unless it rounded."""
        return start_pts + _rounded(Fraction(self.microseconds, MICROSECONDS) / time_base)

    def __add__(self, length: timedelta) -> Timecode:
        return Timecode(self.microseconds + length // timedelta(microseconds=1))

    def __sub__(self, earlier: Timecode) -> timedelta:
        return timedelta(microseconds=self.microseconds - earlier.microseconds)

    def __str__(self) -> str:
        sign = "-" if self.microseconds < 0 else ""
        seconds, fraction = divmod(abs(self.microseconds), MICROSECONDS)
        digits = f"{fraction:06d}"
        digits = digits if digits[3:] != "000" else digits[:3]
        hours, minutes = seconds // 3600, seconds // 60 % 60
        return f"{sign}{hours:02d}:{minutes:02d}:{seconds % 60:02d}.{digits}"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open stretch: `start` belongs to it, `end` does not."""

    start: Timecode
    end: Timecode

    def __post_init__(self) -> None:
        if self.start.microseconds < 0:
            raise MalformedTime(f"{self.start} lies before the first frame")
        if self.end <= self.start:
            raise MalformedTime(f"the end {self.end} must come after the start {self.start}")

    @property
    def length(self) -> timedelta:
        """How long the stretch is."""
        return self.end - self.start

    def __contains__(self, position: Timecode) -> bool:
        return self.start <= position < self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one microsecond."""
        return self.start < other.end and other.start < self.end

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"
