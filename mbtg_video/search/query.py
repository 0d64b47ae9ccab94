"""From a line that a person types to what is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mbtg_video.errors import BadInput
from mbtg_video.gathering.lines import folded

_MOST_SIGNS: Final = 1000
_MOST_PIECES: Final = 40


class What(StrEnum):
    """What can be found."""

    TAG = "tag"
    TRANSCRIPT = "transcript"
    EXCERPT = "excerpt"
    RECORDING = "recording"
    PERSON = "person"
    PLAYLIST = "playlist"
    DOCUMENT = "document"
    SCORING = "scoring"


class By(StrEnum):
    """What a filter looks at."""

    ITEM = "item"
    AUTHOR = "by"
    RECORDING = "in"
    GROUP = "group"
    PERSON = "person"
    VALENCE = "as"
    KIND = "kind"
    FROM = "from"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that has to occur, or must not."""

    text: str
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One side that has to be so, or must not; `value` is folded, and a date in ISO form."""

    by: By
    value: str
    excluded: bool = False
    piece: str = ""

    @property
    def number(self) -> int:
        """The number in an item's or a recording's filter."""
        return int(self.value.lstrip("r"))


@dataclass(frozen=True, slots=True)
class Query:
    """All that has to hold at once."""

    words: tuple[Word, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def wanted(self) -> tuple[str, ...]:
        """Words that have to occur."""
        return tuple(word.text for word in self.words if not word.excluded)


_NAMES: Final = MappingProxyType(
    {name.value: name for name in By}
    | {
        "ledd": By.ITEM,
        "av": By.AUTHOR,
        "i": By.RECORDING,
        "gruppe": By.GROUP,
        "som": By.VALENCE,
        "type": By.KIND,
        "fra": By.FROM,
        "til": By.UNTIL,
    }
)
_VALUES: Final = MappingProxyType(
    {
        By.VALENCE: {
            "good": "good",
            "missed": "missed",
            "neutral": "neutral",
            "god": "good",  # as Norwegian tables write it
            "godt": "good",
            "tapt": "missed",
            "nøytral": "neutral",
        },
        By.KIND: {what.value: what.value for what in What}
        | {
            "merke": What.TAG,
            "transkript": What.TRANSCRIPT,
            "transkripsjon": What.TRANSCRIPT,
            "utdrag": What.EXCERPT,
            "opptak": What.RECORDING,
            "spilleliste": What.PLAYLIST,
            "dokument": What.DOCUMENT,
            "skåring": What.SCORING,
        },
    }
)
_KNOWN: Final = (
    "item:17, by:K1, in:R1, group:G1, person:P3, as:good|missed|neutral, "
    f"kind:{'|'.join(What)}, from:2026-03-01, until:2026-03-31"
)
_PIECE: Final = re.compile(r'(-?)(?:([^\W\d_]+):)?(?:"([^"]*)"|([^\s"]*))')
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ITEM: Final = re.compile(r"[0-9]{1,4}")
_RECORDING: Final = re.compile(r"r[0-9]{1,9}")


def parse(text: str) -> Query:
    """What a line asks for: words, "phrases" and filters, each excluded by a minus before it.

    Raises `BadInput`, naming the piece that cannot be used.
    """
    if len(text) > _MOST_SIGNS:
        raise BadInput(f"a query has at most {_MOST_SIGNS} signs")
    words: list[Word] = []
    filters: list[Filter] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        match = _PIECE.match(text, place)
        if match is None or match.end() == place:
            raise BadInput(f"{text[place:]!r}: a phrase begins and ends with a quotation mark")
        place = match.end()
        minus, name, phrase, plain = match.groups()
        value = plain if phrase is None else phrase
        piece = match[0]
        if name is not None:
            filters.append(_filter(piece, name, value, excluded=bool(minus)))
        elif folded(value):
            words.append(Word(folded(value), bool(minus)))
        elif phrase is None:
            raise BadInput(f"{piece!r}: a minus stands right before what it excludes")
    if not words and not filters:
        raise BadInput(f"say what to find: words, a phrase in quotation marks, or {_KNOWN}")
    if len(words) + len(filters) > _MOST_PIECES:
        raise BadInput(f"a query has at most {_MOST_PIECES} words and filters")
    _check_days(filters)
    return Query(tuple(words), tuple(filters))


def _filter(piece: str, name: str, value: str, *, excluded: bool) -> Filter:
    by = _NAMES.get(folded(name))
    if by is None:
        raise BadInput(
            f"{piece!r}: there is no filter {name!r}. Known: {_KNOWN}. A text with a colon is "
            "found in quotation marks"
        )
    given = folded(value)
    if by in _VALUES:
        known = _VALUES[by]
        if given not in known:
            raise BadInput(f"{piece!r}: {by}: takes one of {', '.join(known)}")
        return Filter(by, str(known[given]), excluded, piece)
    if by in (By.FROM, By.UNTIL):
        try:
            date.fromisoformat(given if _DAY.fullmatch(given) else "")
        except ValueError:
            raise BadInput(
                f"{piece!r}: {value!r} is no date; write it as {by}:2026-03-01"
            ) from None
    elif by is By.ITEM and not _ITEM.fullmatch(given):
        raise BadInput(f"{piece!r}: an item is a number, as item:17")
    elif by is By.RECORDING and not _RECORDING.fullmatch(given):
        raise BadInput(f"{piece!r}: a recording is written as in:R1")
    elif not given:
        raise BadInput(f"{piece!r}: a code is missing. Known: {_KNOWN}")
    return Filter(by, given, excluded, piece)


def _check_days(filters: list[Filter]) -> None:
    first = max((f.value for f in filters if f.by is By.FROM and not f.excluded), default="")
    last = min((f.value for f in filters if f.by is By.UNTIL and not f.excluded), default="9")
    if first > last:
        raise BadInput(f"from:{first} lies after until:{last}, so that no day is left")
