"""The text of a file: plain text in UTF-8, or what a Word document says; nothing is followed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mbtg_video.dossier.word import read_word
from mbtg_video.errors import BadInput

MOST_BYTES: Final = 8 << 20
MOST_LETTERS: Final = 200_000
_PLAIN: Final = frozenset({".txt", ".md", ""})
_LINE_ENDS: Final = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")


@dataclass(frozen=True, slots=True)
class Reading:
    """A file's text, and what of it the text does not say: a sentence each."""

    text: str
    lost: tuple[str, ...] = ()


def _too_long(letters: int) -> BadInput:
    return BadInput(f"it has {letters} letters; {MOST_LETTERS} are the most")


def tidied(text: str) -> str:
    """The text as it is kept: composed letters, plain line ends, no blanks behind lines.

    Signs that nobody sees go, since a name or number could hide between them. Raises `BadInput`
    for what is no text, is empty or is too long.
    """
    if len(text) > 4 * MOST_LETTERS:
        raise _too_long(len(text))
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise BadInput("it holds signs that no text has; save it as plain text in UTF-8")
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).split("\n")]
    whole = "\n".join(lines).strip("\n")
    if not whole.strip():
        raise BadInput("there is no text in it")
    if len(whole) > MOST_LETTERS:
        raise _too_long(len(whole))
    return whole


def _plain(data: bytes) -> Reading:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("it is written in UTF-16; save it as plain text in UTF-8")
    try:
        return Reading(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        # Guessing would turn æøå into something else, and a name into no name.
        raise BadInput(
            "it is not written in UTF-8; save it again with the encoding UTF-8"
        ) from error


def read_document(data: bytes, name: str) -> Reading:
    """Text of the content of a file; `name` is the file's, for its ending.

    Raises `BadInput`, which names neither the file nor what stands in it.
    """
    suffix = Path(name).suffix.lower()
    readers: dict[str, Callable[[bytes], Reading]] = dict.fromkeys(_PLAIN, _plain)
    readers[".docx"] = lambda content: Reading(*read_word(content))
    if suffix not in readers:
        raise BadInput(f"documents are read from .txt, .md and .docx, not from {suffix}")
    if len(data) > MOST_BYTES:
        raise BadInput(f"it is larger than {MOST_BYTES >> 20} MB")
    found = readers[suffix](data)
    return Reading(tidied(found.text), found.lost)
