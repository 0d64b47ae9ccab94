"""A short piece of a text around what was found in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

_BEFORE: Final = 40
_LONGEST: Final = 140

Piece = tuple[str, bool]
"""Some text, and whether it is what was looked for."""


def _mapped(text: str) -> tuple[str, list[int]]:
    """The text folded, and for each of its signs the place in `text` that it came from."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        small = sign.casefold()
        signs.append(small)
        places += [place] * len(small)
    return "".join(signs), places


def _marks(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words stand in the text, in order and without overlaps."""
    small, places = _mapped(text)
    found = []
    for word in words:
        at = small.find(word)
        while at >= 0:
            found.append((places[at], places[at + len(word) - 1] + 1))
            at = small.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """At most a line of the text, from shortly before the first of the folded `words`."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    marks = _marks(line, words)
    begin = max(0, marks[0][0] - _BEFORE) if marks and len(line) > _LONGEST else 0
    if begin:
        blank = line.find(" ", begin, marks[0][0])
        begin = begin if blank < 0 else blank + 1
    end = min(len(line), begin + _LONGEST)
    cut: list[Piece] = [("… ", False)] if begin else []
    place = begin
    for first, last in marks:
        if first >= end:
            break
        cut += [(line[place:first], False), (line[first : min(last, end)], True)]
        place = min(last, end)
    cut += [(line[place:end], False), (" …" if end < len(line) else "", False)]
    return tuple(piece for piece in cut if piece[0])
