"""LosslessCut projects (.llc): segments are excerpts, markers are moments."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pyjson5

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.content import (
    Clip,
    Incoming,
    Outgoing,
    TagValues,
    Target,
    Written,
)
from mbtg_video.tag.exchange.found import Found, decimal_seconds, no_place, seconds
from mbtg_video.tag.exchange.item_text import item_of_text
from mbtg_video.tag.exchange.json_text import Object, as_list, as_number, as_object, as_text
from mbtg_video.timecode import Timecode

_MOST_BYTES: Final = 16 << 20
_DEEPEST: Final = 32
_NEWEST: Final = 3


def _decoded(data: bytes) -> Any:  # noqa: ANN401  whatever the file holds
    if len(data) > _MOST_BYTES:
        raise BadInput("the file is too large to be a project of LosslessCut")
    try:
        return pyjson5.decode(data.decode("utf-8-sig"), maxdepth=_DEEPEST)
    except (pyjson5.Json5Exception, ValueError) as error:
        raise BadInput("the file is no project of LosslessCut that can be read") from error


def read(data: bytes, into: Target) -> Incoming:
    """The segments as excerpts, markers as tags; raises `BadInput`."""
    project = as_object(_decoded(data))
    version = project.get("version", 1)
    if "cutSegments" not in project or not isinstance(version, int):
        raise BadInput("the file is no project of LosslessCut: it has no segments")
    if not 1 <= version <= _NEWEST:
        raise BadInput(
            f"the file is a project of LosslessCut in version {as_text(version) or '?'}; versions "
            f"1 to {_NEWEST} are read"
        )
    found = Found(into)
    if as_list(project.get("overlayClips")):
        found.lose("the project", "texts laid over the picture are not read")
    for number, one in enumerate(as_list(project["cutSegments"]), start=1):
        if isinstance(one, dict):
            _read_segment(one, f"segment {number}", version, found)
        else:
            found.lose(f"segment {number}", "it is no segment; left out")
    return found.incoming()


def _time(segment: Object, key: str, otherwise: Timecode) -> Timecode | None:
    """When it starts or ends; None for what is no time."""
    value = segment.get(key)
    if value is None:
        return otherwise
    number = as_number(str(value) if isinstance(value, float) else value)
    return None if number is None else seconds(number)


def _read_segment(segment: Object, place: str, version: int, found: Found) -> None:
    start = _time(segment, "start", Timecode(0))
    end = _time(segment, "end", found.into.length)
    if start is None or end is None:
        found.lose(place, "its start or end is no number; left out")
        return
    name = as_text(segment.get("name"))
    told = dict(as_object(segment.get("tags")))
    question = as_text(told.pop("question", None)) or None
    own = as_text(told.pop("excerpt", None)) or None
    for key in told:
        found.lose(place, f"its tag {str(key)[:40]!r} is not read")
    if segment.get("selected") is False:
        found.lose(place, "it is not selected in LosslessCut; read all the same")
    if version > 1 and segment.get("end") is None:
        item = item_of_text(name, found.into.scale, found.into.scales)
        marked = TagValues(start=start, label=name or "LosslessCut")
        if item is not None:
            marked = TagValues(start=start, scale=item[0], item=item[1])
        found.add(place, marked)
        return
    found.add_clip(
        place, Clip(start=start, end=end, title=name or place, question=question, name=own)
    )


def write(content: Outgoing) -> Written:
    """The excerpts as segments; tags and transcripts have no place there."""
    segments = []
    for clip in content.clips:
        told = {"question": clip.question, "excerpt": clip.name}
        segments.append(
            {
                "start": msgspec.Raw(decimal_seconds(clip.start).encode()),
                "end": msgspec.Raw(decimal_seconds(clip.end).encode()),
                "name": clip.title,
                "tags": {key: text for key, text in told.items() if text},
                "selected": True,
            }
        )
    project = {"version": 2, "mediaFileName": content.media, "cutSegments": segments}
    data = msgspec.json.format(msgspec.json.encode(project), indent=2)
    return Written(data + b"\n", tuple(no_place(content, "LosslessCut", tags=False, clips=True)))
