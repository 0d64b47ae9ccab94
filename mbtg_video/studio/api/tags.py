"""Tags of a recording: in pages, added, changed and removed one by one."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.errors import BadInput
from mbtg_video.recording.access import find_recording
from mbtg_video.studio.answers import Microseconds, Text, change, look, number_of
from mbtg_video.studio.shown import tag_record
from mbtg_video.studio.state import Studio
from mbtg_video.tag.mark import Mark, add_tag, edit_tag, find_tag, page_of_tags, remove_tag
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power

PAGE: Final = 1000
_PLACE: Final = re.compile(r"([0-9]{1,16})-([0-9]{1,9})")


class NewTag(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A tag that is wished for."""

    start_us: Microseconds
    end_us: Microseconds | None = None
    item: int | None = None
    label: Text | None = None
    note: Text | None = None
    valence: Valence = Valence.NEUTRAL


class Edit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What changes of a tag that was seen in this revision."""

    revision: int
    start_us: Microseconds | UnsetType = UNSET
    end_us: Microseconds | UnsetType | None = UNSET
    item: int | UnsetType = UNSET
    label: Text | UnsetType = UNSET
    note: Text | UnsetType | None = UNSET
    valence: Valence | UnsetType = UNSET


class Removal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The tag goes, if it still is as it was seen."""

    revision: int


def _after(text: str | None) -> tuple[Timecode, int] | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    if match is None:
        raise BadInput(f"{text[:32]!r} is no place in a list of tags")
    return Timecode(int(match[1])), int(match[2])


def _page(studio: Studio, request: Request) -> dict[str, Any]:
    after = _after(request.query_params.get("after"))
    with studio.library.transaction(Power.LOOK) as session:
        recording = find_recording(session, number_of(request, "R"))
        tags = page_of_tags(session, recording, after=after, limit=PAGE)
        more = f"{tags[-1].start.microseconds}-{tags[-1].id}" if len(tags) == PAGE else None
        return {"tags": [tag_record(tag) for tag in tags], "after": more}


def _add(studio: Studio, request: Request, wish: NewTag) -> dict[str, Any]:
    mark = Mark(
        start=Timecode(wish.start_us),
        end=None if wish.end_us is None else Timecode(wish.end_us),
        scale=studio.settings.scale if wish.item is not None else None,
        item=wish.item,
        label=wish.label,
        author=studio.settings.author,
        note=wish.note or None,
        valence=wish.valence,
    )
    with studio.library.transaction(Power.TAG) as session:
        recording = find_recording(session, number_of(request, "R"))
        return tag_record(add_tag(session, recording, mark, on=studio.today()))


def _edit(studio: Studio, request: Request, wish: Edit) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name, value in msgspec.structs.asdict(wish).items():
        if name == "revision" or value is UNSET:
            continue
        if name.endswith("_us"):
            changes[name.removesuffix("_us")] = None if value is None else Timecode(value)
        else:
            changes[name] = value
    if changes.get("note") == "":
        changes["note"] = None
    if "item" in changes:
        changes["scale"] = studio.settings.scale
    with studio.library.transaction(Power.TAG) as session:
        tag = find_tag(session, number_of(request, "T"))
        edit_tag(session, tag, on=studio.today(), seen=wish.revision, **changes)
        session.flush()
        return tag_record(tag)


def _remove(studio: Studio, request: Request, wish: Removal) -> dict[str, Any]:
    with studio.library.transaction(Power.TAG) as session:
        remove_tag(session, find_tag(session, number_of(request, "T")), seen=wish.revision)
    return {}


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        return tag_record(find_tag(session, number_of(request, "T")))


ROUTES = (
    Route("/api/recordings/{id}/tags", look(_page), methods=["GET"]),
    Route("/api/recordings/{id}/tags/add", change(NewTag, _add), methods=["POST"]),
    Route("/api/tags/{id}", look(_one)),
    Route("/api/tags/{id}/edit", change(Edit, _edit), methods=["POST"]),
    Route("/api/tags/{id}/remove", change(Removal, _remove), methods=["POST"]),
)
