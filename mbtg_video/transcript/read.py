"""Transcripts out of caption files."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

from mbtg_video.timecode import Timecode
from mbtg_video.transcript.captions import (
    Caption,
    CaptionFormat,
    Captions,
    read_captions,
    within,
)
from mbtg_video.transcript.content import CueValues, Lane, Loss

# None reads past the beginning of another mark: a file full of beginnings would take hours.
_VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t]([^<>]*))?>")
_VOICE_END: Final = re.compile(r"</v\s*>")
_TAGS: Final = {
    CaptionFormat.WEBVTT: re.compile(r"<[^<>]*>"),
    CaptionFormat.SRT: re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE),
}
_LANGUAGE: Final = re.compile(r"Language:\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*)\s*")
_UNTITLED: Final = {CaptionFormat.WEBVTT: "WebVTT", CaptionFormat.SRT: "SubRip"}


def read_transcript(
    data: bytes,
    kind: CaptionFormat,
    length: Timecode,
    *,
    title: str | None = None,
    untitled: str | None = None,
    language: str | None = None,
) -> tuple[Lane, list[Loss]]:
    """The transcript that a caption file holds, and what it has no place for.

    Who speaks comes from WebVTT's voice tags; a caption with several voices becomes as many cues.
    `untitled` is its title if neither `title` nor the file says one.
    Raises `BadInput`.
    """
    return lane_from(
        read_captions(data, kind), kind, length, title=title, untitled=untitled, language=language
    )


def lane_from(
    found: Captions,
    kind: CaptionFormat,
    length: Timecode,
    *,
    title: str | None = None,
    untitled: str | None = None,
    language: str | None = None,
) -> tuple[Lane, list[Loss]]:
    """As `read_transcript`, from captions that were read."""
    captions, told = within(found.captions, length)
    losses = [*found.losses, *told]
    if found.comments:
        losses.append(Loss("file", f"{len(found.comments)} comments: left out"))
    said = [match[1] for match in map(_LANGUAGE.fullmatch, found.header) if match]
    if len(found.header) > len(said):
        losses.append(Loss("file", "lines of the header: left out"))
    named = sum(one.identifier is not None for _, one in captions)
    if named and kind is CaptionFormat.WEBVTT:
        losses.append(Loss("file", f"{named} captions have a name or number: left out"))
    cues: list[CueValues] = []
    styled = 0
    for number, caption in captions:
        spoken = list(_spoken(caption, kind))
        styled += any(marked for _, _, marked in spoken)
        parts = [(speaker, text) for speaker, text, _ in spoken if text]
        if not parts:
            losses.append(Loss(f"cue {number}", "nothing is said in it: left out"))
        cues += [
            CueValues(start=caption.start, end=caption.end, text=text, speaker=speaker)
            for speaker, text in parts
        ]
    if styled:
        losses.append(Loss("file", f"{styled} captions have marks of style inside: left out"))
    lane = Lane(
        title=title or found.title or untitled or _UNTITLED[kind],
        cues=tuple(cues),
        language=language or next(iter(said), None),
    )
    return lane, losses


def _spoken(caption: Caption, kind: CaptionFormat) -> Iterator[tuple[str | None, str, bool]]:
    """Who says what in a caption, and whether it was marked with a style."""
    text = "\n".join(caption.lines)
    if kind is CaptionFormat.SRT:
        yield None, *_plain(text, kind)
        return
    before, *voices = _VOICE.split(_VOICE_END.sub("", text))
    if before.strip():
        yield None, *_plain(before, kind)
    for speaker, said in zip(voices[::2], voices[1::2], strict=True):
        name = html.unescape(speaker or "").strip()
        yield name or None, *_plain(said, kind)


def _plain(text: str, kind: CaptionFormat) -> tuple[str, bool]:
    bare = _TAGS[kind].sub("", text)
    plain = html.unescape(bare) if kind is CaptionFormat.WEBVTT else bare
    return plain.strip(), bare != text
