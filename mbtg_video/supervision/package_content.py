"""What a package says: entries in order, clips with their tags, texts and planned minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.scale import Scale, Wording, scale_hash, written_out
from mbtg_video.settings import Language

DOCUMENT_KINDS: Final = frozenset(
    {"group", "frame", "patient", "formulation", "minutes", "reading"}
)
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
class AskedScoring:
    """What a clip is scored for: the scoring, the hash of the cut's receipt, and where in the
    recording its first frame lies.
    """

    name: str
    receipt: str
    first_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedScores:
    """How a package's clips are scored, and the keys that its scores are sealed with."""

    scale: Scale
    public: bytes
    own: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """An excerpt to be shown; `media` is its opened MP4 and stays the caller's.

    A clip that is to be scored carries no tags: what others saw would lead the rater.
    """

    title: str
    media: BinaryIO
    question: str | None = None
    notes: str | None = None
    minutes: int | None = None
    tags: tuple[ClipTag, ...] = ()
    scoring: AskedScoring | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An entry without a clip: `kind` is one of `STEP_KINDS`."""

    kind: str
    text: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document to be read: `kind` is one of `DOCUMENT_KINDS`, `about` a code and `day` a
    session's, where there is one.
    """

    kind: str
    title: str
    text: str
    about: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageContent:
    """Everything that a package says; all of it is sealed except the language."""

    title: str
    entries: tuple[Clip | Step, ...]
    made_on: date
    expires_on: date
    language: Language = Language.EN
    scores: AskedScores | None = None
    papers: tuple[Paper, ...] = ()


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


def paper_record(paper: Paper) -> dict[str, Any]:
    """A document as the page reads it; raises `BadInput` for an unknown kind."""
    if paper.kind not in DOCUMENT_KINDS:
        raise BadInput(f"{paper.kind!r} is no kind of document")
    return {
        "kind": paper.kind,
        "title": paper.title,
        "about": paper.about,
        "day": paper.day,
        "text": paper.text,
    }


def scoring_record(clip: Clip, scores: AskedScores | None) -> dict[str, Any] | None:
    """What a clip is scored for as the page reads it; raises `BadInput` for what would not work."""
    if clip.scoring is None:
        return None
    if scores is None or clip.tags:
        raise BadInput("a clip that is to be scored needs a scale, and no tags")
    return {
        "name": clip.scoring.name,
        "receipt": clip.scoring.receipt,
        "first": clip.scoring.first_us,
    }


def scores_record(scores: AskedScores | None) -> dict[str, Any] | None:
    """The scale and the keys as the page reads them."""
    if scores is None:
        return None
    written = written_out(scores.scale)
    return {
        "scale": msgspec.Raw(written.encode()),
        "hash": scale_hash(written),
        "public": scores.public,
        "own": scores.own,
    }
