"""W3C Web Annotations (JSON-LD): each tag an annotation of a fragment of the recording.

What `@context` names is never fetched: terms mean what the recommendation says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.content import Incoming, Outgoing, TagValues, Target, Written
from mbtg_video.tag.exchange.found import (
    Found,
    decimal_seconds,
    item_name,
    no_place,
    time_written,
)
from mbtg_video.tag.exchange.item_text import item_of_text
from mbtg_video.tag.exchange.json_text import Object, as_list, as_object, as_text, read_json
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

_TITLE: Final = "a Web Annotation document"
_FRAGMENTS: Final = "http://www.w3.org/TR/media-frags/"
_CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
_URN: Final = "urn:mbtg:"
_TIME: Final = re.compile(
    r"(?:^|[#&?])t=(?:npt:)?(?P<start>[0-9:.]*)(?:,(?P<end>[0-9:.]+))?(?:&|$)"
)


def read(data: bytes, into: Target) -> Incoming:
    """The annotations of a page, a collection or a list as tags; raises `BadInput`."""
    document = read_json(data, _TITLE)
    found = Found(into)
    annotations = list(_annotations(document, found))
    if not annotations and not _is_empty_page(document):
        raise BadInput(f"the file is not {_TITLE}: it has no annotations")
    for number, one in enumerate(annotations, start=1):
        _read_annotation(one, f"annotation {number}", found)
    return found.incoming()


def _types(one: Object) -> list[str]:
    return [as_text(kind) for kind in as_list(one.get("type") or one.get("@type"))]


def _is_empty_page(document: object) -> bool:
    kinds = _types(as_object(document))
    return "AnnotationPage" in kinds or "AnnotationCollection" in kinds


def _annotations(document: object, found: Found) -> Iterable[Object]:
    """The annotations in a document, without fetching any further page."""
    for one in as_list(document):
        held = as_object(one)
        kinds = _types(held)
        if "Annotation" in kinds:
            yield held
        elif "AnnotationPage" in kinds:
            yield from (as_object(item) for item in as_list(held.get("items")))
            if isinstance(held.get("next"), str):
                found.lose("the page", "further pages lie elsewhere; they are not fetched")
        elif "AnnotationCollection" in kinds:
            if isinstance(held.get("first"), str):
                found.lose("the collection", "its first page lies elsewhere; it is not fetched")
            first = as_object(held.get("first"))
            yield from (as_object(item) for item in as_list(first.get("items")))


def _read_annotation(one: Object, place: str, found: Found) -> None:
    ours = as_text(one.get("id")).startswith(_URN)
    times = [time for target in as_list(one.get("target")) for time in _times(target)]
    if not times:
        found.lose(place, "its target names no time; left out")
        return
    if len(times) > 1:
        found.lose(place, f"it has {len(times)} targets; each became a tag")
    values = _bodies(one, ours, place, found)
    for start, end in times:
        if end is None and not ours:
            found.lose(place, f"it names no end; read as the moment {start}")
        found.add(place, TagValues(start=start, end=end, **values))


def _times(target: object) -> Iterable[tuple[Timecode, Timecode | None]]:
    """Start and end in each fragment that a target names."""
    held = as_object(target)
    texts = [as_text(target), as_text(held.get("id")), as_text(held.get("source"))]
    selectors = [as_object(selector) for selector in as_list(held.get("selector"))]
    texts = [as_text(s.get("value")) for s in selectors if "FragmentSelector" in _types(s)] or texts
    for text in texts:
        match = _TIME.search(text) or _TIME.search(unquote(text))
        if match is None or not (match["start"] or match["end"]):
            continue
        start = time_written(match["start"] or "0")
        end = None if match["end"] is None else time_written(match["end"])
        if start is not None and (end is not None or match["end"] is None):
            yield start, end
            return


def _bodies(one: Object, ours: bool, place: str, found: Found) -> dict[str, Any]:
    """What the bodies say, as values of a tag."""
    values: dict[str, Any] = {"author": _person(one.get("creator"))}
    values |= {key: _moment(one.get(name)) for key, name in _DATES.items()}
    values["name"] = as_text(one.get("id")).rpartition(":")[2]
    labels, notes = [], []
    bodies = [*as_list(one.get("body")), *as_list(one.get("bodyValue"))]
    for body in bodies:
        held = as_object(body)
        source = held.get("source")
        iri = as_text(as_object(source).get("id") or source)
        text = as_text(body) or as_text(held.get("value"))
        purpose = as_text(held.get("purpose") or one.get("motivation"))
        if iri.startswith(f"{_URN}valence:") and iri.rpartition(":")[2] in list(Valence):
            values["valence"] = Valence(iri.rpartition(":")[2])
        elif iri.startswith(f"{_URN}scale:") and "item" not in values:
            scale, _, item = iri.removeprefix(f"{_URN}scale:").rpartition(":")
            if item.isdecimal() and len(item) <= 4:
                values |= {"scale": scale, "item": int(item)}
        elif text and purpose == "tagging":
            labels.append(text)
        elif text:
            notes.append(text)
        else:
            found.lose(place, "a body that is neither a text nor an item was not read")
    return values | _said(labels, notes, "item" in values, None if ours else found)


def _said(
    labels: list[str], notes: list[str], has_item: bool, found: Found | None
) -> dict[str, Any]:
    """Label, or item by its name where `found` knows some, and the note from all else."""
    values: dict[str, Any] = {}
    for text in labels:
        into = None if found is None else found.into
        called = None if into is None else item_of_text(text, into.scale, into.scales)
        if has_item or values:
            notes.append(text)
        elif called is not None:
            values |= {"scale": called[0], "item": called[1]}
        else:
            values["label"] = text
    if not values and not has_item and notes:
        values["label"] = notes.pop(0)
    return values | {"note": "\n".join(notes) or None}


_DATES: Final = {"made_at": "created", "changed_at": "modified"}


def _person(creator: object) -> str | None:
    held = as_object(creator)
    name = as_text(held.get("nickname") or held.get("name") or held.get("id") or creator)
    return name.removeprefix(f"{_URN}person:") or None


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(as_text(value))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def write(content: Outgoing) -> Written:
    """The tags as a page of annotations."""
    losses = no_place(content, "A Web Annotation", tags=True, clips=False)
    items = [_annotation(content, number, tag) for number, tag in enumerate(content.tags, start=1)]
    page = {
        "@context": _CONTEXT,
        "id": f"{_URN}{content.recording}",
        "type": "AnnotationPage",
        "items": items,
    }
    return Written(msgspec.json.format(msgspec.json.encode(page), indent=2) + b"\n", tuple(losses))


def _annotation(content: Outgoing, number: int, tag: TagValues) -> Mapping[str, Any]:
    span = f"t=npt:{decimal_seconds(tag.start)}"
    if tag.end is not None:
        span += f",{decimal_seconds(tag.end)}"
    creator = tag.author and {
        "id": f"{_URN}person:{tag.author}",
        "type": "Person",
        "nickname": tag.author,
    }
    dates = {"created": tag.made_at, "modified": tag.changed_at}
    told = {
        "id": f"{_URN}{content.recording}:{tag.name or number}",
        "type": "Annotation",
        "motivation": "tagging",
        "creator": creator or None,
        **{key: None if day is None else day.isoformat() for key, day in dates.items()},
        "body": list(_written_bodies(content, tag)),
        "target": {
            "source": content.media,
            "selector": {"type": "FragmentSelector", "conformsTo": _FRAGMENTS, "value": span},
        },
    }
    return {key: value for key, value in told.items() if value is not None}


def _written_bodies(content: Outgoing, tag: TagValues) -> Iterable[Mapping[str, Any]]:
    if tag.item is not None:
        source = {
            "id": f"{_URN}scale:{tag.scale}:{tag.item}",
            "type": "Concept",
            "label": item_name(content, tag),
        }
        yield {"type": "SpecificResource", "purpose": "tagging", "source": source}
    if tag.label is not None:
        yield {"type": "TextualBody", "purpose": "tagging", "value": tag.label}
    if tag.note is not None:
        yield {"type": "TextualBody", "purpose": "commenting", "value": tag.note}
    yield {
        "type": "SpecificResource",
        "purpose": "assessing",
        "source": {"id": f"{_URN}valence:{tag.valence}", "type": "Concept"},
    }
