"""What a Word document says, read with suspicion: no entity, no link and no macro is followed."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from mbtg_video.errors import BadInput

if TYPE_CHECKING:
    from docx.document import Document

_MOST_INFLATED: Final = 64 << 20
_MOST_PARTS: Final = 2_000
_DEEPEST: Final = 200
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# Elements whose content is not read, and the word for what is lost with them.
_SKIPPED: Final = {
    "drawing": "pictures and text boxes",
    "pict": "pictures and text boxes",
    "object": "embedded files",
    "del": "deleted words of tracked changes",
    "moveFrom": "deleted words of tracked changes",
    "footnoteReference": "footnotes and endnotes",
    "endnoteReference": "footnotes and endnotes",
    "commentReference": "comments",
    "oMath": "formulas",
    "altChunk": "embedded files",
}
# Elements that are read, and what of them is lost.
_FLATTENED: Final = {
    "tbl": "tables: their words are kept, a line a row",
    "numPr": "bullets and numbers of lists",
    "hyperlink": "links: their words are kept, their addresses are not",
    "ins": "marks of tracked changes: what was added is kept as if accepted",
}


def _local(element: Any) -> str:  # noqa: ANN401  lxml's own
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _refuse_traps(data: bytes) -> None:
    """Raise `BadInput` for a document that swells when it is read, or defines entities."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_INFLATED:
            raise BadInput("the Word document is too large when it is unpacked")
        for part in parts:
            # Without its noughts a text of two bytes a sign reads as one of one.
            if b"<!DOCTYPE" in packed.read(part).replace(b"\0", b""):
                raise BadInput("the Word document defines entities; it is not read")


class _Reader:
    """Walks through a document's body and counts what it leaves out."""

    def __init__(self) -> None:
        self.lost: Counter[str] = Counter()

    def words(self, element: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401  lxml's own
        """The text below an element of a paragraph."""
        if depth > _DEEPEST:
            raise BadInput("the Word document is nested too deeply; it is not read")
        for child in element:
            name = _local(child)
            if name in _SKIPPED:
                self.lost[_SKIPPED[name]] += 1
            elif name == "t":
                yield child.text or ""
            elif name in _SIGNS:
                yield _SIGNS[name]
            elif name == "AlternateContent":
                yield from self.words(child[:1], depth + 1)  # the others say the same again
            elif name not in ("rPr", "instrText", "delText"):
                if name in _FLATTENED:
                    self.lost[_FLATTENED[name]] += 1
                yield from self.words(child, depth + 1)

    def lines(self, element: Any, depth: int = 0) -> Iterator[str]:  # noqa: ANN401  lxml's own
        """The lines of a body or of a table's cell: one a paragraph, one a row of a table."""
        if depth > _DEEPEST:
            raise BadInput("the Word document is nested too deeply; it is not read")
        for child in element:
            name = _local(child)
            if name in _SKIPPED:
                self.lost[_SKIPPED[name]] += 1
            elif name == "p":
                yield "".join(self.words(child, depth + 1))
            elif name == "tbl":
                self.lost[_FLATTENED[name]] += 1
                for row in child.iter(f"{_W}tr"):
                    if next(row.iterancestors(f"{_W}tbl")) is child:
                        yield self._row(row, depth + 1)
            else:
                yield from self.lines(child, depth + 1)

    def _row(self, row: Any, depth: int) -> str:  # noqa: ANN401  lxml's own
        cells = [" ".join(self.lines(cell, depth)) for cell in row.iterchildren(f"{_W}tc")]
        return " | ".join(cell.strip() for cell in cells)


def _margins(document: Document) -> bool:
    """Whether something is written in a header or a footer."""
    for section in document.sections:
        for margin in (section.header, section.footer):
            if not margin.is_linked_to_previous and any(p.text.strip() for p in margin.paragraphs):
                return True
    return False


def read_word(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of a ``.docx``, and what is left out of it, a sentence each; raises `BadInput`."""
    import docx

    try:
        _refuse_traps(data)
        document = docx.Document(io.BytesIO(data))
        reader = _Reader()
        text = "\n".join(reader.lines(document.element.body))
        if _margins(document):
            reader.lost["headers and footers"] += 1
    except BadInput:
        raise
    except Exception as error:  # its readers raise whatever a broken part makes them stumble over
        raise BadInput(
            "it is no Word document that can be read; one with a password has to be saved without"
        ) from error
    return text, tuple(f"{what} ({count})" for what, count in sorted(reader.lost.items()))
