"""Names in a text: what is written with a capital where no sentence begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mbtg_video.dossier.known_words import (
    ALSO_WORDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    NO_NAMES,
    PARTICLES,
    SHORTENED,
    TITLES,
    VERBS,
)

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019\u2010\u2011-][^\W\d_]+)*(?![^\W_])")
_EMPHASIS: Final = str.maketrans("", "", "*_")  # as Markdown writes it around words
_GOES_ON: Final = re.compile(r"[\w,)\]]\s*[(\[]?$")
_GENITIVES: Final = ("'s", "\u2019s", "s", "'", "\u2019")
_CHILD_OF: Final = re.compile(r"[^\W\d_]{2,}(?:sen|son|datter|dottir)s?", re.IGNORECASE)
"""Family names that say whose child somebody was: Hansen, Jónsdottir."""
_INITIALS: Final = re.compile(r"(?<![\w.-])(?:[^\W\d_a-zæøå]\. ?){2,3}(?![\w.-])")
_NO_INITIALS: Final = frozenset(
    {"A.A.", "N.A.", "N.B.", "N.N.", "P.S.", "U.S.", "D.C.", "R.I.P.", "B.A.", "M.A."}
)
_WRAPPED: Final = 60
"""A line this long was broken to fit: a name may go on in the next one."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    first: bool
    """Whether a sentence or line begins with it, so that its capital says nothing."""
    joined: bool
    """Whether nothing but a blank, or the point of an initial or a title, lies before it."""

    @property
    def plain(self) -> str:
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def _wraps(text: str, gap: str, at: int) -> bool:
    """Whether the gap that ends at `at` is the break of a long line."""
    end = at - len(gap)
    return gap.count("\n") == 1 and end - (text.rfind("\n", 0, end) + 1) >= _WRAPPED


def _pointed(word: _Word) -> bool:
    """Whether a point after this word ends no sentence: an initial's or a title's."""
    return (len(word.text) == 1 and word.text.isupper()) or word.plain in SHORTENED


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for match in _WORD.finditer(text):
        if match.start() and text[match.start() - 1].isalnum():
            continue
        gap = text[words[-1].end if words else 0 : match.start()]
        broken = "\n" in gap and not _wraps(text, gap, match.start())
        between = gap.translate(_EMPHASIS).strip()
        pointed = between == "." and bool(words) and _pointed(words[-1])
        joined = bool(words) and not broken and (not between or pointed)
        inside = not broken and _GOES_ON.search(between) is not None
        words.append(_Word(match.start(), match.end(), match[0], not (joined or inside), joined))
    return words


def _is_known(word: str) -> bool:
    """Whether a word is a common name, in the genitive or not, or one with a hyphen."""
    plain = word.casefold()
    bases = [plain, *(plain.removesuffix(end) for end in _GENITIVES if plain.endswith(end))]
    return any(
        base in GIVEN_NAMES
        or base in FAMILY_NAMES
        or any(part in GIVEN_NAMES for part in re.split(r"[-\u2010\u2011]", base))
        for base in bases
    )


def _names_somebody(words: Sequence[_Word], at: int) -> bool:
    """Whether one word alone names somebody."""
    word = words[at]
    if not word.capital or len(word.text) < 2:
        return False
    if _is_known(word.text):
        return not word.first or word.plain not in ALSO_WORDS or _acts(words, at)
    return not word.first and _CHILD_OF.fullmatch(word.text) is not None


def _acts(words: Sequence[_Word], at: int) -> bool:
    """Whether what the next word says is said of a person."""
    return at + 1 < len(words) and words[at + 1].joined and words[at + 1].text in VERBS


def _may_be_part(word: _Word) -> bool:
    """Whether a word may belong to a name; one in capitals only, such as DBT, has to be known."""
    if not word.capital or word.plain in TITLES:
        return False
    known = _is_known(word.text)
    if word.plain in NO_NAMES:
        return known and not word.first
    return known or not word.text.isupper() or len(word.text) == 1


def _run(words: Sequence[_Word], at: int) -> int:
    """Behind the last word of the name that may begin with the word `at`."""
    end = at + 1
    while True:
        following = end
        while (
            following < len(words)
            and words[following].joined
            and words[following].text in PARTICLES
        ):
            following += 1
        if (
            following >= len(words)
            or not words[following].joined
            or not _may_be_part(words[following])
        ):
            return end
        end = following + 1


def find_initials(text: str) -> Iterator[tuple[int, int]]:
    """Where two or three initials with points stand, as for somebody's name."""
    for match in _INITIALS.finditer(text):
        if match[0].replace(" ", "") not in _NO_INITIALS:
            yield match.span()


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Where names seem to begin and end in the text, in order.

    A name is two or more words with capitals in a row, a title with one, or a common given name;
    what stands first in a sentence counts only when another follows or it is such a name itself.
    """
    words = _words(text)
    at = 0
    while at < len(words):
        word = words[at]
        if word.plain in TITLES and at + 1 < len(words):
            named = words[at + 1]
            if named.joined and not named.first and _may_be_part(named):
                end = _run(words, at + 1)
                yield word.start, words[end - 1].end
                at = end
                continue
        if not _may_be_part(word):
            at += 1
            continue
        end = _run(words, at)
        run = words[at:end]
        telling = [one for one in run if one.capital and len(one.text) > 1]
        if (len(run) > 1 and telling) or any(
            _names_somebody(words, place) for place in range(at, end)
        ):
            yield word.start, run[-1].end
        at = end
