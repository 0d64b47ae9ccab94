"""mbtg-video's own JSON: complete, strict, with a version; older versions are read as well.

Version 2 is told by the classes here. Version 1 had only items, of one scale, and times in
milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeVar

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.scale import Scale, scale_hash, written_out
from mbtg_video.tag.exchange.content import (
    Clip,
    CueValues,
    Incoming,
    Lane,
    Outgoing,
    TagValues,
    Target,
    Written,
)
from mbtg_video.tag.exchange.found import Found
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

FORMAT: Final = "mbtg-video"
VERSION: Final = 2
MOST_BYTES: Final = 64 << 20

_Us = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]
_Ms = Annotated[int, msgspec.Meta(ge=0, le=1 << 43)]
_Rate = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(/[1-9][0-9]{0,11})?\Z")]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]
_Item = Annotated[int, msgspec.Meta(ge=1, le=9999)]


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the file."""


class _Tag(_Strict, frozen=True, omit_defaults=True):
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


class _Cue(_Strict, frozen=True, omit_defaults=True):
    start_us: _Us
    end_us: _Us
    text: str
    speaker: str | None = None


class _Lane(_Strict, frozen=True, omit_defaults=True):
    title: str
    cues: tuple[_Cue, ...]
    language: str | None = None


class _Clip(_Strict, frozen=True, omit_defaults=True):
    start_us: _Us
    end_us: _Us
    title: str
    question: str | None = None
    name: str | None = None


class _KeptScale(_Strict, frozen=True):
    hash: str
    scale: Scale


class _Recording(_Strict, frozen=True):
    name: str
    media: str
    recorded_on: date
    length_us: _Us
    frame_rate: _Rate


class _File(_Strict, frozen=True):
    """Version 2."""

    format: Literal["mbtg-video"]
    version: Literal[2]
    recording: _Recording
    scales: tuple[_KeptScale, ...]
    tags: tuple[_Tag, ...]
    lanes: tuple[_Lane, ...]
    clips: tuple[_Clip, ...]


class _OldTag(_Strict, frozen=True):
    at_ms: _Ms
    item: _Item
    to_ms: _Ms | None = None
    by: str | None = None
    note: str | None = None
    valence: Valence = Valence.NEUTRAL


class _OldFile(_Strict, frozen=True):
    """Version 1."""

    format: Literal["mbtg-video"]
    version: Literal[1]
    recording: str
    recorded_on: date
    length_ms: _Ms
    frame_rate: _Rate
    scale: str
    tags: tuple[_OldTag, ...]


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


def read(data: bytes, into: Target) -> Incoming:
    """All that a file of this or an older version holds; raises `BadInput`."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file is too large to be a {FORMAT} file")
    data = data.removeprefix(b"\xef\xbb\xbf")
    head = _decoded(data, _Head)
    if head.format != FORMAT:
        raise BadInput(f"the file is no {FORMAT} file, but says of itself {head.format[:40]!r}")
    if head.version > VERSION:
        raise BadInput(
            f"the file has version {head.version}; this program reads up to {VERSION}. Take in a "
            "newer version of the program"
        )
    if head.version == 1:
        return _read(_upgraded(_decoded(data, _OldFile)), into)
    return _read(_decoded(data, _File), into)


def _upgraded(old: _OldFile) -> _File:
    """A file of version 1 as it is written today."""

    def us(ms: int | None) -> int | None:
        return None if ms is None else ms * 1000

    recording = _Recording(
        name=old.recording,
        media=f"{old.recording}.mp4",
        recorded_on=old.recorded_on,
        length_us=old.length_ms * 1000,
        frame_rate=old.frame_rate,
    )
    tags = tuple(
        _Tag(
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
    return _File(
        format="mbtg-video",
        version=2,
        recording=recording,
        scales=(),
        tags=tags,
        lanes=(),
        clips=(),
    )


def _read(file: _File, into: Target) -> Incoming:
    found = Found(into)
    # Version 1 knew milliseconds only.
    if abs(file.recording.length_us - into.length.microseconds) >= 1000:
        found.lose(
            "the recording",
            f"the file speaks of one that is {Timecode(file.recording.length_us)} long; this one "
            f"is {into.length}",
        )
    own = {into.scale.id: into.scale} | dict(into.scales)
    meant = {one.scale.id: one.scale for one in file.scales}
    for one in file.scales:
        here = own.get(one.scale.id)
        if one.hash != scale_hash(written_out(one.scale)):
            raise BadInput(f"the scale {one.scale.id} in the file is not the one that it was")
        if here is not None and here != one.scale:
            found.lose(f"scale {one.scale.id}", "it says something else in the file than here")
    for number, tag in enumerate(file.tags, start=1):
        found.add(f"tag {tag.name or number}", _named(_tag_values(tag), own, meant))
    for number, clip in enumerate(file.clips, start=1):
        found.add_clip(f"excerpt {clip.name or number}", _clip_values(clip))
    lanes = tuple(_lane(lane, f"transcript {n}", found) for n, lane in enumerate(file.lanes, 1))
    return replace(found.incoming(), lanes=lanes)


def _named(tag: TagValues, own: Mapping[str, Scale], meant: Mapping[str, Scale]) -> TagValues:
    """A tag with its item's name for a label, where this library has no such scale."""
    scale = None if tag.scale in own else meant.get(tag.scale or "")
    if scale is None or tag.label:
        return tag
    named = [item.nb for item in scale.items if item.number == tag.item]
    return replace(tag, label=named[0]) if named else tag


def _time(us: int | None) -> Timecode | None:
    return None if us is None else Timecode(us)


def _tag_values(tag: _Tag) -> TagValues:
    return TagValues(
        start=Timecode(tag.start_us),
        end=_time(tag.end_us),
        scale=tag.scale,
        item=tag.item,
        label=tag.label,
        author=tag.author,
        note=tag.note,
        valence=tag.valence,
        name=tag.name,
        key=tag.key,
        made_at=tag.made_at,
        changed_at=tag.changed_at,
    )


def _clip_values(clip: _Clip) -> Clip:
    return Clip(
        start=Timecode(clip.start_us),
        end=Timecode(clip.end_us),
        title=clip.title,
        question=clip.question,
        name=clip.name,
    )


def _lane(lane: _Lane, place: str, found: Found) -> Lane:
    cues = []
    for number, cue in enumerate(lane.cues, start=1):
        where = f"{place}, cue {number}"
        start, end = Timecode(cue.start_us), min(Timecode(cue.end_us), found.into.length)
        if start >= end:
            found.lose(where, f"{start} lies outside the recording, or it is empty; left out")
            continue
        if end.microseconds != cue.end_us:
            found.lose(where, f"it ends after the recording; moved to {end}")
        text, speaker = found.text(where, cue.text), found.text(where, cue.speaker)
        cues.append(CueValues(start=start, end=end, text=text or "", speaker=speaker))
    title, language = found.text(place, lane.title), found.text(place, lane.language)
    return Lane(title=title or "", cues=tuple(cues), language=language)


def write(content: Outgoing) -> Written:
    """All of it; nothing is lost."""
    file = _File(
        format="mbtg-video",
        version=2,
        recording=_Recording(
            name=content.recording,
            media=content.media,
            recorded_on=content.recorded_on,
            length_us=content.length.microseconds,
            frame_rate=str(content.frame_rate),
        ),
        scales=tuple(
            _KeptScale(hash=scale_hash(written_out(scale)), scale=scale)
            for scale in content.scales.values()
        ),
        tags=tuple(map(_written_tag, content.tags)),
        lanes=tuple(map(_written_lane, content.lanes)),
        clips=tuple(map(_written_clip, content.clips)),
    )
    return Written(msgspec.json.format(msgspec.json.encode(file), indent=2) + b"\n")


def _written_tag(tag: TagValues) -> _Tag:
    return _Tag(
        start_us=tag.start.microseconds,
        end_us=None if tag.end is None else tag.end.microseconds,
        scale=tag.scale,
        item=tag.item,
        label=tag.label,
        author=tag.author,
        note=tag.note,
        valence=tag.valence,
        name=tag.name,
        key=tag.key,
        made_at=tag.made_at,
        changed_at=tag.changed_at,
    )


def _written_lane(lane: Lane) -> _Lane:
    cues = tuple(
        _Cue(
            start_us=cue.start.microseconds,
            end_us=cue.end.microseconds,
            text=cue.text,
            speaker=cue.speaker,
        )
        for cue in lane.cues
    )
    return _Lane(title=lane.title, cues=cues, language=lane.language)


def _written_clip(clip: Clip) -> _Clip:
    return _Clip(
        start_us=clip.start.microseconds,
        end_us=clip.end.microseconds,
        title=clip.title,
        question=clip.question,
        name=clip.name,
    )
