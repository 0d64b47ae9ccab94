"""XML of other tools, read without harm, and texts as XML can hold them."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as Tree

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException

from mbtg_video.errors import BadInput

MOST_BYTES: Final = 64 << 20
_NO_TEXT: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_xml(data: bytes, title: str) -> Tree.Element:
    """The root of an XML document; one that declares a document type is refused.

    Raises `BadInput`.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file is too large to be {title}")
    try:
        root: Tree.Element = SafeTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput(
            f"the file is not read: it declares a document type or entities, which {title} "
            "does not need"
        ) from error
    except (Tree.ParseError, ValueError, LookupError) as error:
        raise BadInput(f"the file is not {title}: it is no XML that can be read") from error
    return root


def holdable(text: str) -> str:
    """The text with signs that XML cannot hold replaced."""
    return _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)


def child(parent: Tree.Element, name: str, text: str | None = None) -> Tree.Element:
    """A new element at the end of `parent`."""
    element = Tree.SubElement(parent, name)
    element.text = None if text is None else holdable(text)
    return element


def write_xml(root: Tree.Element) -> bytes:
    """A document; line ends inside texts stay as they are."""
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    # Unless it is written as a reference, whoever reads a carriage return gets a line feed.
    return written.replace(b"\r", b"&#13;") + b"\n"
