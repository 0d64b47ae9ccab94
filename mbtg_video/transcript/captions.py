"""Caption files of any tool as timed lines: WebVTT and SubRip, in whichever encoding they came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from mbtg_video.errors import BadInput
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.content import Loss

_MS: Final = 1000
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_LARGEST: Final = 64 * 1024 * 1024
_NO_CUE: Final = ("NOTE", "STYLE", "REGION")


class CaptionFormat(StrEnum):
    """What a caption file is written in; the value is its ending."""

    WEBVTT = "vtt"
    SRT = "srt"


@dataclass(frozen=True, slots=True)
class Caption:
    """The lines shown from `start` up to `end`, as they stand in the file."""

    start: Timecode
    end: Timecode
    lines: tuple[str, ...]
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Captions:
    """What a file holds: its title, its header's lines, its comments and its captions in order."""

    title: str
    header: tuple[str, ...]
    comments: tuple[str, ...]
    captions: tuple[Caption, ...]
    losses: tuple[Loss, ...]


def decoded(data: bytes) -> tuple[str, list[Loss]]:
    """The text of a file in UTF-8 or UTF-16, or as old programs of Windows write it."""
    if len(data) > _LARGEST:
        raise BadInput(f"The file is larger than {_LARGEST // 1024**2} MB: these are no captions.")
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        told = [Loss("file", "not in UTF-8: read as Windows wrote it (cp1252)")]
        return text, told if encoding == "cp1252" else []
    raise BadInput("The file is written in no encoding that caption files have; save it as UTF-8.")


def read_captions(data: bytes, kind: CaptionFormat) -> Captions:
    """The captions of a file in its order; raises `BadInput` for one of another kind."""
    text, losses = decoded(data)
    if "\0" in text:
        raise BadInput(f"This is no {_TITLES[kind]} file: it is no text.")
    if kind is CaptionFormat.SRT:
        first, end, rest = text.lstrip().partition("\n")
        text = f"{first.strip()}{end}{rest}"
    else:
        losses += _stray(text)
    try:
        found = webvtt.from_buffer([text], format=kind.value)
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise BadInput(f"This is no {_TITLES[kind]} file, or a damaged one.") from error
    unread = sum("-->" in line for line in text.splitlines()) - len(found.captions)
    if unread > 0:
        losses.append(Loss("file", f"{unread} lines with an arrow are no caption: left out"))
    for number, what in (
        (len(found.styles), "descriptions of style"),
        (len(found.regions), "regions of the screen"),
    ):
        if number:
            losses.append(Loss("file", f"{number} {what}: left out"))
    placed = sum(bool(one.settings) for one in found.captions)
    if placed:
        losses.append(Loss("file", f"{placed} captions say where on the screen: left out"))
    comments = [
        *found.header_comments,
        *(comment for one in found.captions for comment in one.comments),
        *found.footer_comments,
    ]
    captions = tuple(
        Caption(
            Timecode(one.start_time.in_milliseconds() * _MS),
            Timecode(one.end_time.in_milliseconds() * _MS),
            tuple(one.lines),
            one.identifier,
        )
        for one in found.captions
    )
    header = tuple(found.metadata or ())
    title = (found.header_text or "").strip(" \t-")
    return Captions(title, header, tuple(comments), captions, tuple(losses))


def _stray(text: str) -> list[Loss]:
    """What is told of blocks of a WebVTT file that are neither a cue nor anything else it knows."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = re.split(r"\n[ \t]*(?:\n[ \t]*)+", plain)[1:]
    number = sum(
        bool(block.strip()) and "-->" not in block and not block.lstrip().startswith(_NO_CUE)
        for block in blocks
    )
    return [Loss("file", f"{number} blocks of lines have no time: left out")] if number else []


def within(
    captions: Sequence[Caption], length: Timecode
) -> tuple[list[tuple[int, Caption]], list[Loss]]:
    """Captions of a recording of this length with their numbers, sorted by time, cut to it."""
    found, losses = [], []
    for number, one in enumerate(captions, start=1):
        place = f"cue {number}"
        if one.end <= one.start:
            losses.append(Loss(place, "it ends before it begins: left out"))
        elif one.start >= length:
            losses.append(Loss(place, f"{one.start} lies behind the recording: left out"))
        elif one.end > length:
            losses.append(Loss(place, f"it ends at {one.end}, behind the recording: cut there"))
            found.append((number, Caption(one.start, length, one.lines, one.identifier)))
        else:
            found.append((number, one))
    return sorted(found, key=lambda numbered: (numbered[1].start, numbered[0])), losses


def clock(time: int, kind: CaptionFormat) -> str:
    """A time in milliseconds as caption files write it."""
    seconds, rest = divmod(time, 1000)
    point = "." if kind is CaptionFormat.WEBVTT else ","
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def lines_of(text: str, told: Callable[[str], None]) -> list[str]:
    """The lines of a text; empty ones, which would end a caption, are left out and told."""
    plain = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text)
    if plain != text:
        told("signs that steer a screen were replaced")
    lines = plain.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    full = [line for line in lines if line.strip()]
    if len(full) != len(lines):
        told("empty lines were left out")
    elif "\r" in plain:
        told("ends of lines were changed")
    return full


def caption_lines(number: int, one: Caption, kind: CaptionFormat) -> list[str]:
    """A caption as it stands in a file, with the empty line behind it."""
    start = one.start.microseconds // _MS
    end = max(one.end.microseconds // _MS, start + 1)
    name = [str(number)] if kind is CaptionFormat.SRT else [one.identifier or ""]
    times = f"{clock(start, kind)} --> {clock(end, kind)}"
    return [*filter(None, name), times, *one.lines, ""]


def joined(lines: Iterable[str]) -> bytes:
    """Lines as a file."""
    return "\n".join(lines).encode()


_TITLES: Final = {CaptionFormat.WEBVTT: "WebVTT", CaptionFormat.SRT: "SubRip"}
