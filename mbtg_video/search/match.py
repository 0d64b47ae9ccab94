"""Whether a query holds for an entry, or for which lines of a gathering, and how well."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import islice
from typing import Final

from mbtg_video.errors import MbtgError
from mbtg_video.gathering.lines import Lines, Stamp, code, folded, together
from mbtg_video.scale import Scale, find_scale
from mbtg_video.search.entries import Entry
from mbtg_video.search.query import By, Filter, Query, What

_LETTER: Final = {What.TAG: "t"}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")


class Rank(IntEnum):
    """How well something fits, best first."""

    NAMED = 0
    """A word is its own id or code."""
    WHOLE = 1
    """Every word and phrase stands there whole."""
    PART = 2
    """Some word is only part of a longer one."""


class Names:
    """The folded names of scale items in both languages; a scale that is gone names none."""

    def __init__(self) -> None:
        self._scales: dict[str, Scale | None] = {}
        self._folded: dict[tuple[str | None, int | None], str] = {}

    def of(self, scale: str | None, item: int | None) -> str:
        """Names of an item, folded."""
        if (scale, item) not in self._folded:
            self._folded[scale, item] = together(*(self.item(scale, item) or ()))
        return self._folded[scale, item]

    def item(self, scale: str | None, item: int | None) -> tuple[str, str] | None:
        """Norwegian and English name of an item; None where nobody knows it."""
        if scale is None or item is None:
            return None
        if scale not in self._scales:
            try:
                self._scales[scale] = find_scale(scale)
            except MbtgError:
                self._scales[scale] = None  # a tag is found by its note all the same
        known = self._scales[scale]
        found = known and next((one for one in known.items if one.number == item), None)
        return (found.nb, found.en) if found else None


def whole(word: str) -> re.Pattern[str]:
    """What finds a word where no letter or digit stands right beside it."""
    # The word comes first, since a pattern that begins with plain signs is sought much faster.
    signs = re.escape(word)
    return re.compile(rf"{signs}(?<![^\W_]{signs})(?![^\W_])")


def on_day(word: str, on: date | None) -> bool:
    """Whether a word is a day or a month, and the day is it or in it."""
    return on is not None and bool(_DAY.fullmatch(word)) and on.isoformat().startswith(word)


def _holds(wanted: Filter, entry: Entry, stamp: Stamp) -> bool:
    by, value = wanted.by, wanted.value
    if by is By.ITEM:
        return stamp.item == wanted.number
    if by is By.VALENCE:
        return stamp.valence == value
    if by is By.AUTHOR:
        author = stamp.author or entry.author
        return author is not None and code(author) == value
    if by is By.RECORDING:
        return wanted.number in entry.scope.recordings
    if by is By.GROUP:
        return value in entry.scope.groups
    if by is By.PERSON:
        return value in entry.scope.persons
    if by is By.KIND:
        return entry.what == value
    if entry.on is None:
        return False
    day = entry.on.isoformat()
    return day >= value if by is By.FROM else day <= value


def passes(query: Query, entry: Entry, stamp: Stamp) -> bool:
    """Whether all filters let it through."""
    return all(_holds(one, entry, stamp) != one.excluded for one in query.filters)


def rank_of(query: Query, entry: Entry) -> Rank | None:
    """How well an entry fits; None when it does not."""
    if not passes(query, entry, Stamp()):
        return None
    texts = "\n".join(folded(text) for _, text in entry.texts)
    name = folded(entry.name)
    best = Rank.WHOLE
    named = False
    for word in query.words:
        exact = word.text == name
        marked = exact or word.text in entry.codes or on_day(word.text, entry.on)
        if (marked or word.text in texts) == word.excluded:
            return None
        if word.excluded:
            continue
        named = named or exact
        if not marked and not whole(word.text).search(texts):
            best = Rank.PART
    return Rank.NAMED if named else best


@dataclass(frozen=True, slots=True)
class LinesFound:
    """Places of the lines for which a query holds, in order of time."""

    lines: Lines
    places: Sequence[int]
    query: Query
    entry: Entry
    names: Sequence[str]
    """Of the items, by place in the stamps."""

    def ranked(self, most: int) -> Iterator[tuple[int, Rank]]:
        """The best places with their ranks: at most `most`, and all that are named.

        Of each rank the first ones; where those in which every word is whole are enough, the
        others are not looked at.
        """
        named = self._named()
        if named:
            yield from ((place, Rank.NAMED) for place in sorted(named))
        whole_ones = list(islice(self._whole(named), most))
        yield from ((place, Rank.WHOLE) for place in whole_ones)
        best = named.union(whole_ones)
        rest = (place for place in self.places if place not in best)
        yield from ((place, Rank.PART) for place in islice(rest, most - len(whole_ones)))

    def _words(self) -> list[str]:
        return [word for word in self.query.wanted if not on_entry(word, self.entry)]

    def _named(self) -> set[int]:
        own = {_own(word, self.entry.what) for word in self._words()} - {None}
        ids = self.lines.ids
        return {place for place in self.places if ids[place] in own} if own else set()

    def _whole(self, named: Collection[int]) -> Iterator[int]:
        """Places of the lines in which every word is whole, but for the named ones."""
        places = iter(self.places)
        if named:
            places = (place for place in self.places if place not in named)
        for word in self._words():
            places = self._holding(places, whole(word).search, self._stamped(word))
        return places

    def _holding(
        self, places: Iterable[int], search: Callable[[str], object], stamped: Collection[int]
    ) -> Iterator[int]:
        texts, stamps = self.lines.texts, self.lines.stamp
        if not stamped:
            return (place for place in places if search(texts[place]))
        return (place for place in places if stamps[place] in stamped or search(texts[place]))

    def _stamped(self, word: str) -> set[int]:
        search = whole(word).search
        return {
            at
            for at, (stamp, name) in enumerate(zip(self.lines.stamps, self.names, strict=True))
            if code(stamp.author) == word or search(name)
        }


def _own(word: str, what: What) -> int | None:
    letter = _LETTER.get(what)
    if letter and word.startswith(letter) and word[1:].isdecimal() and len(word) < 11:
        return int(word[1:])
    return None


def on_entry(word: str, entry: Entry) -> bool:
    """Whether a word is what all lines of a recording have in common."""
    return word in entry.codes or on_day(word, entry.on)


def lines_found(query: Query, entry: Entry, lines: Lines, names: Names) -> LinesFound:
    """Which lines of a gathering a query holds for; `entry` is what they have in common."""
    known = [names.of(stamp.scale, stamp.item) for stamp in lines.stamps]
    good = {at for at, stamp in enumerate(lines.stamps) if passes(query, entry, stamp)}
    places: Sequence[int] = range(len(lines.ids))
    if len(good) < len(lines.stamps):
        places = [at for at, stamp in enumerate(lines.stamp) if stamp in good]
    texts, stamps = lines.texts, lines.stamp
    for word in query.words:
        text, excluded = word.text, word.excluded
        if on_entry(text, entry):
            places = () if excluded else places
            continue
        named = {
            at
            for at, (stamp, name) in enumerate(zip(lines.stamps, known, strict=True))
            if text in name or code(stamp.author) == text
        }
        number = _own(text, entry.what)
        if named or number is not None:
            places = [
                at
                for at in places
                if (stamps[at] in named or text in texts[at] or lines.ids[at] == number) != excluded
            ]
        elif excluded:
            places = [at for at in places if text not in texts[at]]
        else:
            places = [at for at in places if text in texts[at]]
    return LinesFound(lines, places, query, entry, known)
