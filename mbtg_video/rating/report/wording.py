"""Every text of a report in both languages, read from the two files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from mbtg_video.rating.reliability.estimate import Why
from mbtg_video.rating.report.content import Index
from mbtg_video.settings import Language


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    en: str
    nb: str

    def spoken(self, language: Language) -> str:
        """The text in one language."""
        return self.nb if language is Language.NB else self.en


class Term(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of number: its name, what it means, and what it does not say."""

    name: Said
    means: Said
    limit: Said


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence for each kind of number, and for each reason why one could not be made."""

    terms: dict[Index, Term]
    reasons: dict[Why, Said]


_Pair = tuple[str, str]  # English, Norwegian


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All other texts by their keys."""

    words: dict[str, _Pair]
    headings: dict[str, _Pair]
    sentences: dict[str, _Pair]
    method: dict[str, _Pair]


def _read(name: str) -> bytes:
    return (files("mbtg_video.rating.report") / name).read_bytes()


@cache
def terms() -> Terms:
    """What each number means."""
    return msgspec.toml.decode(_read("terms.toml"), type=Terms)


@cache
def sentences() -> Sentences:
    """Words, headings and sentences."""
    return msgspec.toml.decode(_read("sentences.toml"), type=Sentences)


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks one language: texts by their keys, numbers as they are written there.

    `space` stands between a number and its sign; a terminal wants a plain one.
    """

    language: Language
    space: str = "\N{NO-BREAK SPACE}"

    def _from(self, texts: dict[str, _Pair], key: str, values: dict[str, object]) -> str:
        english, norwegian = texts[key]
        chosen = norwegian if self.language is Language.NB else english
        return chosen.format_map({k: str(v) for k, v in values.items()})

    def word(self, key: str, **values: object) -> str:
        """A word or short phrase."""
        return self._from(sentences().words, key, values)

    def heading(self, key: str, **values: object) -> str:
        """A heading."""
        return self._from(sentences().headings, key, values)

    def say(self, key: str, **values: object) -> str:
        """A sentence."""
        return self._from(sentences().sentences, key, values)

    def method(self) -> list[str]:
        """How the numbers are made, a paragraph each."""
        return [self._from(sentences().method, key, {}) for key in sentences().method]

    def reason(self, why: Why) -> str:
        """Why a number could not be made."""
        return terms().reasons[why].spoken(self.language)

    def term(self, index: Index) -> tuple[str, str, str]:
        """Name of a kind of number, what it means, and what it does not say."""
        term = terms().terms[index]
        found = (term.name, term.means, term.limit)
        name, means, limit = (said.spoken(self.language) for said in found)
        return name, means, limit

    def number(self, value: float, places: int = 2) -> str:
        """A number with the decimal sign of the language and a real minus."""
        text = f"{value:.{places}f}"
        if float(text) == 0.0:
            text = text.lstrip("-")
        text = text.replace("-", "\N{MINUS SIGN}")
        return text.replace(".", ",") if self.language is Language.NB else text

    def percent(self, share: float) -> str:
        """A share as a whole percentage."""
        sign = f"{self.space}%" if self.language is Language.NB else "%"
        return f"{100 * share:.0f}{sign}"

    def raters(self, count: int) -> str:
        """So many raters, in words."""
        return self.say("one_rater") if count == 1 else self.say("many_raters", count=count)
