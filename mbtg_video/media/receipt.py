"""The receipt of a verified excerpt: what it holds, how it was cut, and what was checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mbtg_video.media.check import Check
from mbtg_video.timecode import Span


class Rung(StrEnum):
    """How an excerpt was cut, from the rung that changes nothing to the one that always works."""

    ALIGNED = "aligned"
    SPLICE_IDR = "splice_idr"
    SPLICE_CRA = "splice_cra"
    REENCODE = "reencode"


@dataclass(frozen=True, slots=True)
class Fall:
    """A rung that did not hold, and why."""

    rung: str
    reason: str


@dataclass(frozen=True, slots=True)
class Muted:
    """A stretch of recording time, in microseconds, that is silent in an excerpt."""

    start_us: int
    end_us: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The receipt of a verified excerpt; times are microseconds of recording time.

    `encoded` counts the frames that were encoded anew, `stripped` tells what was left out,
    `muted` which stretches were asked to be silent.
    """

    span: Span
    first_frame_us: int
    last_frame_us: int
    duration_us: int
    frames: int
    encoded: int
    sound_packets: tuple[int, ...]
    rung: Rung
    checks: tuple[Check, ...]
    fell: tuple[Fall, ...]
    stripped: tuple[str, ...]
    muted: tuple[Muted, ...] = ()
