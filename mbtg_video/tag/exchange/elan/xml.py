"""ELAN's XML to and from a tree; what reaches outside of it, or would swell, is refused."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, indent, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from mbtg_video.errors import BadInput

LARGEST: Final = 64 * 1024 * 1024
_DEEPEST: Final = 32
_IN_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Builder(TreeBuilder):
    """Builds the tree with its comments, as long as it is no deeper than a document may be."""

    def __init__(self) -> None:
        super().__init__(insert_comments=True, insert_pis=True)
        self.depth = 0

    def start(self, tag: Any, attrs: dict[Any, Any], /) -> Element:  # noqa: ANN401
        self.depth += 1
        if self.depth > _DEEPEST or "XInclude" in tag:
            raise BadInput(
                "The ELAN document holds elements in elements without end, or pieces of other "
                "files. It is not read."
            )
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)


def parsed(data: bytes) -> Element:
    """Root of an ELAN document; raises `BadInput` for whatever is none."""
    if len(data) > LARGEST:
        raise BadInput(
            f"The ELAN document is {len(data) // 1_000_000} MB large; at most "
            f"{LARGEST // 1_000_000} MB are read."
        )
    parser = XMLParser(target=_Builder(), forbid_dtd=True)
    try:
        parser.feed(data)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise BadInput(
            "The ELAN document declares entities or refers to other files, which ELAN never does. "
            "It is not read."
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise BadInput(f"This is no ELAN document, or a damaged one: {error}") from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadInput("This is no ELAN document: it begins with something else.")
    return root


def text_of(root: Element) -> str:
    """The tree as text, from which `parsed` makes the same tree again."""
    # A carriage return that is not written as a reference would come back as a line feed.
    return tostring(root, encoding="unicode").replace("\r", "&#13;")


def serialised(root: Element) -> bytes:
    """The tree as a file, indented as ELAN does it."""
    indent(root, "    ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text_of(root)}\n'.encode()


def allowed(text: str) -> str:
    """The text with a sign of replacement for each that XML cannot hold."""
    return _IN_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
