"""What a file of mbtg-video's own JSON holds, version by version, and how an old one is upgraded.

Version 3 is told by the classes here. Version 2 had no documents of other tools. Version 1 had only
items, of one scale, and times in milliseconds.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeVar

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.scale import Scale
from mbtg_video.tag.model import Valence

FORMAT: Final = "mbtg-video"
VERSION: Final = 3

_Us = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
_Ms = Annotated[int, msgspec.Meta(ge=0, le=1 << 43)]
_Rate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(/[1-9][0-9]{0,11})?\Z")]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Item = Annotated[int, msgspec.Meta(ge=1, le=9999)]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file."""


class TagPart(_Strict, frozen=True, omit_defaults=True):
    """A tag; without an end it is a moment."""

    start_us: _Us
    end_us: _Us | None = None
    scale: str | None = None
    item: _Item | None = None
    label: str | None = None
    author: str | None = None
    note: str | None = None
    valence: Valence = Valence.NEUTRAL
    name: str | None = None
    key: str | None = None
    made_at: _Moment | None = None
    changed_at: _Moment | None = None


class CuePart(_Strict, frozen=True, omit_defaults=True):
    """What is said in a span of a transcript."""

    start_us: _Us
    end_us: _Us
    text: str
    speaker: str | None = None


class LanePart(_Strict, frozen=True, omit_defaults=True):
    """A transcript."""

    title: str
    cues: tuple[CuePart, ...]
    language: str | None = None


class ClipPart(_Strict, frozen=True, omit_defaults=True):
    """An excerpt."""

    start_us: _Us
    end_us: _Us
    title: str
    question: str | None = None
    name: str | None = None


class ScalePart(_Strict, frozen=True):
    """A scale in full, with its hash."""

    hash: str
    scale: Scale


class RecordingPart(_Strict, frozen=True):
    """The recording that all times are of."""

    name: str
    media: str
    recorded_on: date
    length_us: _Us
    frame_rate: _Rate


class OriginPart(_Strict, frozen=True):
    """Which tag came from which part of a document: `tag` counts from 1, `key` is the part's id."""

    tag: Annotated[int, msgspec.Meta(ge=1, le=1 << 31)]
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class DocumentPart(_Strict, frozen=True):
    """A document of another tool, with what was changed and removed here since it came."""

    format: Literal["elan"]
    content: str
    origins: tuple[OriginPart, ...]


class File(_Strict, frozen=True):
    """Version 3."""

    format: Literal["mbtg-video"]
    version: Literal[3]
    recording: RecordingPart
    scales: tuple[ScalePart, ...]
    tags: tuple[TagPart, ...]
    lanes: tuple[LanePart, ...]
    clips: tuple[ClipPart, ...]
    documents: tuple[DocumentPart, ...]


class _File2(_Strict, frozen=True):
    """Version 2."""

    format: Literal["mbtg-video"]
    version: Literal[2]
    recording: RecordingPart
    scales: tuple[ScalePart, ...]
    tags: tuple[TagPart, ...]
    lanes: tuple[LanePart, ...]
    clips: tuple[ClipPart, ...]


class _Tag1(_Strict, frozen=True):
    at_ms: _Ms
    item: _Item
    to_ms: _Ms | None = None
    by: str | None = None
    note: str | None = None
    valence: Valence = Valence.NEUTRAL


class _File1(_Strict, frozen=True):
    """Version 1."""

    format: Literal["mbtg-video"]
    version: Literal[1]
    recording: str
    recorded_on: date
    length_ms: _Ms
    frame_rate: _Rate
    scale: str
    tags: tuple[_Tag1, ...]


class _Head(msgspec.Struct, frozen=True):
    """What every version begins with."""

    format: str
    version: int


_Kind = TypeVar("_Kind", bound=msgspec.Struct)


def _decoded(data: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except msgspec.ValidationError as error:
        raise BadInput(f"the file is no complete {FORMAT} file: {error}") from error
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadInput(f"the file is no {FORMAT} file: it is no JSON that can be read") from error


def read_file(data: bytes) -> File:
    """A file of any version as it is written today; raises `BadInput`."""
    head = _decoded(data, _Head)
    if head.format != FORMAT:
        raise BadInput(f"the file is no {FORMAT} file, but says of itself {head.format[:40]!r}")
    if head.version > VERSION:
        raise BadInput(
            f"the file has version {head.version}; this program reads up to {VERSION}. Take in a "
            "newer version of the program"
        )
    if head.version == 1:
        return _from_2(_from_1(_decoded(data, _File1)))
    if head.version == 2:
        return _from_2(_decoded(data, _File2))
    return _decoded(data, File)


def _from_2(old: _File2) -> File:
    return File(
        format="mbtg-video",
        version=3,
        recording=old.recording,
        scales=old.scales,
        tags=old.tags,
        lanes=old.lanes,
        clips=old.clips,
        documents=(),
    )


def _from_1(old: _File1) -> _File2:
    def us(ms: int | None) -> int | None:
        return None if ms is None else ms * 1000

    recording = RecordingPart(
        name=old.recording,
        media=f"{old.recording}.mp4",
        recorded_on=old.recorded_on,
        length_us=old.length_ms * 1000,
        frame_rate=old.frame_rate,
    )
    tags = tuple(
        TagPart(
            start_us=tag.at_ms * 1000,
            end_us=us(tag.to_ms),
            scale=old.scale,
            item=tag.item,
            author=tag.by,
            note=tag.note,
            valence=tag.valence,
        )
        for tag in old.tags
    )
    return _File2(
        format="mbtg-video",
        version=2,
        recording=recording,
        scales=(),
        tags=tags,
        lanes=(),
        clips=(),
    )
