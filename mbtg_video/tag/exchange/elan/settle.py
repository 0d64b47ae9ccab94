"""The parts of an ELAN document that its annotations refer to, brought up to date with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from mbtg_video.tag.exchange.elan.document import Document
from mbtg_video.tag.exchange.elan.skeleton import insert

_MS: Final = 1000


def settle_slots(root: Element, new: list[tuple[int, str]], freed: set[str]) -> None:
    """Put new time slots, with their microseconds, in order of time; drop `freed` unused ones."""
    order = root.find("TIME_ORDER")
    if order is None:
        order = Element("TIME_ORDER")
        insert(root, order)
    used = {
        one.get(f"TIME_SLOT_REF{place}")
        for one in root.iter("ALIGNABLE_ANNOTATION")
        for place in (1, 2)
    }
    gone = freed - used
    slots: list[Element] = []
    waiting = list(reversed(new))
    for slot in list(order):
        order.remove(slot)
        if slot.get("TIME_SLOT_ID") in gone:
            continue
        time = Document.slot_time(slot) if slot.tag == "TIME_SLOT" else None
        while time is not None and waiting and waiting[-1][0] < time:
            slots.append(_slot(*waiting.pop()))
        slots.append(slot)
    slots += [_slot(*one) for one in reversed(waiting)]
    order.extend(slots)


def _slot(time: int, name: str) -> Element:
    return Element("TIME_SLOT", TIME_SLOT_ID=name, TIME_VALUE=str(time // _MS))


def drop_links(root: Element, removed: set[str]) -> Iterator[str]:
    """Take away links to removed annotations; what each was called."""
    for links in root.findall("REF_LINK_SET"):
        for link in list(links):
            named = [link.get(key, "") for key in ("REF1", "REF2", "REFS")]
            if removed.intersection(" ".join(named).split()):
                links.remove(link)
                yield f"link {link.get('REF_LINK_ID', '')}"


def get_property(root: Element, name: str) -> str | None:
    """A property of the document; None where it has none of this name."""
    for one in root.findall("HEADER/PROPERTY"):
        if one.get("NAME") == name:
            return one.text or ""
    return None


def set_property(root: Element, name: str, text: str) -> None:
    """Write a property of the document."""
    header = root.find("HEADER")
    if header is None:
        header = Element("HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
        insert(root, header)
    for one in header.findall("PROPERTY"):
        if one.get("NAME") == name:
            one.text = text
            return
    SubElement(header, "PROPERTY", NAME=name).text = text
