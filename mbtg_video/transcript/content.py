"""A transcript as plain values, and what a file held that has no place in it."""

from __future__ import annotations

from dataclasses import dataclass

from mbtg_video.timecode import Timecode


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that was left out or changed: where it stood, and what became of it.

    `place` is a line, row, annotation or event of the file read, or the id of what was written.
    """

    place: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueValues:
    """One cue of a transcript: `speaker` is what the file calls whoever speaks."""

    start: Timecode
    end: Timecode
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A transcript; `language` is a code such as nb."""

    title: str
    cues: tuple[CueValues, ...]
    language: str | None = None
