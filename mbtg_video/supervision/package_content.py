"""What a package says: entries in order, clips with their tags, texts and planned minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

from mbtg_video.errors import BadInput
from mbtg_video.scale import Wording
from mbtg_video.settings import Language

STEP_KINDS: Final = frozenset({"roleplay", "minutes", "theory", "discussion"})
VALENCES: Final = frozenset({"good", "missed", "neutral"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTag:
    """A tag in the clip's own time; `item` comes with its `name`, else there is a `label`."""

    start_us: int
    end_us: int | None = None
    item: int | None = None
    name: Wording | None = None
    label: str | None = None
    note: str | None = None
    valence: str = "neutral"
    author: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """An excerpt to be shown; `media` is its opened MP4 and stays the caller's."""

    title: str
    media: BinaryIO
    question: str | None = None
    notes: str | None = None
    minutes: int | None = None
    tags: tuple[ClipTag, ...] = ()
    scoring: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry without a clip: `kind` is one of `STEP_KINDS`."""

    kind: str
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageContent:
    """Everything that a package says; all of it is sealed except the language."""

    title: str
    entries: tuple[Clip | Step, ...]
    made_on: date
    expires_on: date
    language: Language = Language.EN


def tag_record(tag: ClipTag, duration_us: int) -> dict[str, Any]:
    """A tag as the page reads it, cut to its clip; raises `BadInput` when it lies outside."""
    if tag.valence not in VALENCES:
        raise BadInput(f"{tag.valence!r} is no valence of a tag")
    if tag.start_us >= duration_us or (tag.end_us is not None and tag.end_us <= 0):
        raise BadInput("a tag lies outside its clip")
    return {
        "start": max(0, tag.start_us),
        "end": None if tag.end_us is None else min(tag.end_us, duration_us),
        "item": tag.item,
        "name": tag.name,
        "label": tag.label,
        "note": tag.note,
        "valence": tag.valence,
        "author": tag.author,
    }


def step_record(entry: Step) -> dict[str, Any]:
    """An entry without a clip as the page reads it; raises `BadInput` for an unknown kind."""
    if entry.kind not in STEP_KINDS:
        raise BadInput(f"{entry.kind!r} is no kind of entry")
    return {"kind": entry.kind, "text": entry.text, "minutes": entry.minutes}
