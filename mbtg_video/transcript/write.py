"""Transcripts as caption files, which are not sealed."""

from __future__ import annotations

import html
from collections.abc import Callable

from mbtg_video.transcript.captions import (
    Caption,
    CaptionFormat,
    caption_lines,
    joined,
    lines_of,
)
from mbtg_video.transcript.content import CueValues, Lane, Loss


def write_transcript(lane: Lane, kind: CaptionFormat) -> tuple[bytes, list[Loss]]:
    """The transcript as a file, and what had to be changed in it."""
    losses: list[Loss] = []
    lines = []
    if kind is CaptionFormat.WEBVTT:
        title = " ".join(lane.title.replace("-->", "\N{RIGHTWARDS ARROW}").split())
        lines = [
            f"WEBVTT - {title}",
            *([f"Language: {lane.language}"] if lane.language else []),
            "",
        ]
    for number, cue in enumerate(lane.cues, start=1):

        def told(what: str, number: int = number) -> None:
            losses.append(Loss(f"cue {number}", what))

        if cue.start.microseconds % 1000 or cue.end.microseconds % 1000:
            told("rounded to the millisecond")
        caption = Caption(cue.start, cue.end, tuple(_lines(cue, kind, told)))
        lines += caption_lines(number, caption, kind)
    return joined(lines), losses


def _lines(cue: CueValues, kind: CaptionFormat, told: Callable[[str], None]) -> list[str]:
    lines = lines_of(cue.text, told)
    if kind is CaptionFormat.SRT:
        if cue.speaker is not None:
            told("who speaks is written before the text")
            lines = [f"{cue.speaker}: {lines[0] if lines else ''}", *lines[1:]]
        return without_arrows(lines, told)
    voice = "" if cue.speaker is None else f"<v {_escaped(' '.join(cue.speaker.split()))}>"
    first, *others = [_escaped(line) for line in lines] or [""]
    return [voice + first, *others]


def without_arrows(lines: list[str], told: Callable[[str], None]) -> list[str]:
    """Lines that no program takes for the times of a caption."""
    if any("-->" in line for line in lines):
        told("arrows were replaced")
    return [line.replace("-->", "\N{RIGHTWARDS ARROW}") for line in lines]


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)
