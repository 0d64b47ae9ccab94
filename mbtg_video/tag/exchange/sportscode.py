"""Sportscode XML timelines, which Nacsport, Longomatch and others write as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as Tree

from mbtg_video.errors import BadInput
from mbtg_video.tag.exchange.content import (
    Incoming,
    Loss,
    Outgoing,
    TagValues,
    Target,
    Written,
)
from mbtg_video.tag.exchange.found import (
    Found,
    decimal_seconds,
    item_name,
    no_place,
    place_of,
    time_written,
)
from mbtg_video.tag.exchange.item_text import item_of_text
from mbtg_video.tag.exchange.xml_text import child, holdable, read_xml, write_xml
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

_TITLE: Final = "a Sportscode timeline"
# Groups of the labels that carry what an instance has no element for.
_SCALE, _ITEM, _LABEL, _AUTHOR = "mbtg scale", "mbtg item", "mbtg label", "mbtg author"
_VALENCE, _NOTE, _MOMENT, _TAG = "mbtg valence", "mbtg note", "mbtg moment", "mbtg tag"
_OURS: Final = frozenset({_SCALE, _ITEM, _LABEL, _AUTHOR, _VALENCE, _NOTE, _MOMENT, _TAG})


def read(data: bytes, into: Target) -> Incoming:
    """The instances as tags; raises `BadInput`."""
    root = read_xml(data, _TITLE)
    found = Found(into)
    instances = root.find("ALL_INSTANCES")
    if instances is None:
        raise BadInput(f"the file is not {_TITLE}: it has no ALL_INSTANCES")
    for number, one in enumerate(instances, start=1):
        if one.tag == "instance":
            _read_instance(one, f"instance {_text(one, 'ID') or number}", found)
        else:
            found.lose(f"instance {number}", f"{str(one.tag)[:40]} is no instance; left out")
    return found.incoming()


def _text(parent: Tree.Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _labels(instance: Tree.Element) -> tuple[Mapping[str, str], list[str]]:
    """Our own labels by their group, and the others as lines of a note."""
    own: dict[str, str] = {}
    others = []
    for label in instance.iter("label"):
        group, text = _text(label, "group"), label.findtext("text") or ""
        if group in _OURS:
            own[group] = text
        elif text.strip() or (label.text or "").strip():
            said = text.strip() or (label.text or "").strip()
            others.append(f"{group}: {said}" if group else said)
    return own, others


def _read_instance(instance: Tree.Element, place: str, found: Found) -> None:
    start, end = (time_written(_text(instance, name)) for name in ("start", "end"))
    if start is None or (end is None and _text(instance, "end")):
        found.lose(place, "its start or end is no time; left out")
        return
    own, others = _labels(instance)
    code = (instance.findtext("code") or "").strip()
    scale, item, label = own.get(_SCALE), None, own.get(_LABEL)
    if own.get(_ITEM, "").isdecimal() and len(own[_ITEM]) <= 4:
        item = int(own[_ITEM])
    elif label is None:
        called = item_of_text(code, found.into.scale, found.into.scales)
        if called is None:
            label = code
        else:
            scale, item = called
    valence = own.get(_VALENCE, Valence.NEUTRAL)
    if valence not in list(Valence):
        found.lose(place, f"{valence[:32]!r} is no valence; read as neutral")
        valence = Valence.NEUTRAL
    note = "\n".join(filter(None, (own.get(_NOTE), *others)))
    found.add(
        place,
        TagValues(
            start=start,
            end=None if _MOMENT in own else end,
            scale=scale,
            item=item,
            label=label,
            author=own.get(_AUTHOR),
            note=note or None,
            valence=Valence(valence),
            name=own.get(_TAG) or None,
        ),
    )


def write(content: Outgoing) -> Written:
    """The tags as instances. A moment is one frame long there, and marked as a moment."""
    losses = no_place(content, "Sportscode", tags=True, clips=False)
    root = Tree.Element("file")
    instances = child(root, "ALL_INSTANCES")
    codes: dict[str, None] = {}
    for number, tag in enumerate(content.tags, start=1):
        code = _code(content, tag)
        codes.setdefault(code)
        _write_instance(instances, number, tag, code, content)
        place = place_of(tag, number)
        if tag.end is None:
            losses.append(Loss(place, "a moment: one frame long there, and marked as a moment"))
        if any(holdable(text) != text for text in (tag.label or "", tag.note or "")):
            losses.append(Loss(place, "signs that XML cannot hold were replaced"))
    rows = child(root, "ROWS")
    for code in codes:
        row = child(rows, "row")
        child(row, "code", code)
        for colour in "RGB":
            child(row, colour, "32768")
    return Written(write_xml(root), tuple(losses))


def _code(content: Outgoing, tag: TagValues) -> str:
    """What names a tag's row: an item's number and name, else the label in one line."""
    if tag.item is None:
        return " ".join((tag.label or "").split())
    return f"{tag.item} {item_name(content, tag)}".strip()


def _write_instance(
    instances: Tree.Element, number: int, tag: TagValues, code: str, content: Outgoing
) -> None:
    instance = child(instances, "instance")
    end = tag.end or tag.start + (Timecode.from_frame(1, content.frame_rate) - Timecode(0))
    child(instance, "ID", str(number))
    child(instance, "start", decimal_seconds(tag.start))
    child(instance, "end", decimal_seconds(end))
    child(instance, "code", code)
    told = {
        _SCALE: tag.scale,
        _ITEM: None if tag.item is None else str(tag.item),
        _LABEL: tag.label,
        _AUTHOR: tag.author,
        _VALENCE: tag.valence.value,
        _NOTE: tag.note,
        _MOMENT: "yes" if tag.end is None else None,
        _TAG: tag.name,
    }
    for group, text in told.items():
        if text is not None:
            label = child(instance, "label")
            child(label, "group", group)
            child(label, "text", text)
