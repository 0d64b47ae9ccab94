"""An ELAN document without annotations, for a recording that none came in for."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from mbtg_video.tag.exchange.content import Outgoing

_VERSION: Final = "3.0"
_SCHEMA: Final = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
_ORDER: Final = (
    "LICENSE",
    "HEADER",
    "TIME_ORDER",
    "TIER",
    "LINGUISTIC_TYPE",
    "LOCALE",
    "LANGUAGE",
    "CONSTRAINT",
    "CONTROLLED_VOCABULARY",
    "LEXICON_REF",
    "REF_LINK_SET",
    "EXTERNAL_REF",
)


def skeleton(content: Outgoing) -> Element:
    """Header, medium and an empty time line; dated by its newest tag, without an author."""
    changed = [tag.changed_at for tag in content.tags if tag.changed_at is not None]
    made = max(changed, default=datetime.combine(content.recorded_on, time(), UTC))
    root = Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "",
            "DATE": made.isoformat(timespec="seconds"),
            "FORMAT": _VERSION,
            "VERSION": _VERSION,
            _SCHEMA: f"http://www.mpi.nl/tools/elan/EAFv{_VERSION}.xsd",
        },
    )
    header = SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    SubElement(
        header,
        "MEDIA_DESCRIPTOR",
        MEDIA_URL=f"file:///{content.media}",
        MIME_TYPE="video/mp4" if content.media.endswith(".mp4") else "video/*",
        RELATIVE_MEDIA_URL=f"./{content.media}",
    )
    SubElement(root, "TIME_ORDER")
    return root


def insert(root: Element, element: Element) -> None:
    """Put a part of the document where the schema wants it."""
    rank = _ORDER.index(element.tag)
    place = 0
    for number, present in enumerate(root, start=1):
        if present.tag in _ORDER and _ORDER.index(present.tag) <= rank:
            place = number
    root.insert(place, element)
