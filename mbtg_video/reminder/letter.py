"""What a reminder says: sentences in one language, codes and no names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from mbtg_video.consent.model import Use, counted
from mbtg_video.consent.policy import Reason
from mbtg_video.course.programme import CourseDay, Programme
from mbtg_video.readiness import Lack, Missing
from mbtg_video.settings import Language

_Pair = tuple[str, str]  # English, Norwegian


class Sentences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every text of the letter in both languages."""

    months: tuple[_Pair, ...]
    weekdays: tuple[_Pair, ...]
    words: dict[str, _Pair]
    uses: dict[Use, _Pair]
    lacks: dict[Missing, _Pair]
    reasons: dict[Reason, _Pair]


class Part(msgspec.Struct, frozen=True):
    """Sentences under one heading."""

    heading: str
    sentences: tuple[str, ...]


class DayPart(msgspec.Struct, frozen=True):
    """What is missing for one course day, and by when."""

    heading: str
    facts: tuple[str, ...]
    by: str
    parts: tuple[Part, ...]


class Letter(msgspec.Struct, frozen=True):
    """A letter to one participant, as it is read."""

    participant: str
    language: Language
    title: str
    course: str
    to: str
    on: date
    dated: str
    hello: str
    days: tuple[DayPart, ...]
    closing: tuple[str, ...]


_PARTS: Final = (
    ("taking_part", (Missing.MEMBERSHIP, Missing.GROUP, Missing.PATIENT, Missing.CHARACTER)),
    ("consents", (Missing.APPROVAL, Missing.CONSENT)),
    ("material", (Missing.RECORDING, Missing.EXCERPT, Missing.RETENTION, Missing.NAME)),
    (
        "accounts",
        (
            Missing.DOSSIER_GROUP,
            Missing.DOSSIER_FRAME,
            Missing.DOSSIER_PATIENT,
            Missing.FORMULATION,
        ),
    ),
)


@cache
def sentences() -> Sentences:
    """The texts, read from the file beside this one."""
    read = (files("mbtg_video.reminder") / "sentences.toml").read_bytes()
    return msgspec.toml.decode(read, type=Sentences)


class _Voice:
    """Speaks one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def of(self, pair: _Pair, **values: object) -> str:
        english, norwegian = pair
        chosen = norwegian if self.language is Language.NB else english
        return chosen.format_map(values)

    def word(self, key: str, **values: object) -> str:
        return self.of(sentences().words[key], **values)

    def day(self, on: date) -> str:
        """A date in words, without its weekday."""
        month = self.of(sentences().months[on.month - 1])
        return self.word("date", day=on.day, month=month, year=on.year)

    def weekday(self, on: date) -> str:
        weekday = self.of(sentences().weekdays[on.weekday()])
        return self.word("weekday", weekday=weekday, date=self.day(on))

    def listed(self, texts: Sequence[str]) -> str:
        *first, last = texts
        return f"{', '.join(first)} {self.word('and')} {last}" if first else last

    def consent(self, code: str, reason: Reason, uses: Sequence[Use]) -> str:
        """One person's consent, for all uses that it lacks for the same reason."""
        told = self.listed([self.of(sentences().uses[use]) for use in uses])
        return self.of(sentences().reasons[reason], id=code, uses=told)


def write(
    programme: Programme, lacks: Sequence[Lack], language: Language, on: date
) -> list[Letter]:
    """A letter, dated `on`, to each participant that lacks something."""
    codes = sorted({lack.participant for lack in lacks}, key=counted)
    return [
        _letter(programme, code, [one for one in lacks if one.participant == code], language, on)
        for code in codes
    ]


def _letter(
    programme: Programme, code: str, lacks: Sequence[Lack], language: Language, on: date
) -> Letter:
    voice = _Voice(language)
    numbers = sorted({lack.day for lack in lacks})
    asks = any(lack.what is Missing.CONSENT for lack in lacks)
    closing = ("careful", "help", "codes") if asks else ("help", "codes")
    return Letter(
        participant=code,
        language=language,
        title=voice.word("title"),
        course=programme.title.spoken(language),
        to=f"{voice.word('to')}: {code}",
        on=on,
        dated=voice.day(on),
        hello=voice.word("hello"),
        days=tuple(
            _day(voice, programme, programme.day(number), [x for x in lacks if x.day == number])
            for number in numbers
        ),
        closing=tuple(voice.word(key) for key in closing),
    )


def _day(voice: _Voice, programme: Programme, day: CourseDay, lacks: Sequence[Lack]) -> DayPart:
    parts = []
    for key, kinds in _PARTS:
        told = _told(voice, [lack for lack in lacks if lack.what in kinds])
        if told:
            parts.append(Part(voice.word(key), told))
    return DayPart(
        heading=voice.word("day", number=day.number, weekday=voice.weekday(day.date)),
        facts=(
            voice.word("where", place=programme.place),
            voice.word("theme", theme=day.spoken(voice.language)),
        ),
        by=voice.word("by", date=voice.weekday(day.date)),
        parts=tuple(parts),
    )


def _told(voice: _Voice, lacks: Sequence[Lack]) -> tuple[str, ...]:
    """A sentence a lack, each once; a person's consents that fail for one reason are one."""
    found: dict[str, None] = {}
    for lack in lacks:
        if lack.what is Missing.CONSENT and lack.reason is not None:
            alike = [
                one.use
                for one in lacks
                if (one.what, one.id, one.reason) == (lack.what, lack.id, lack.reason)
                and one.use is not None
            ]
            found[voice.consent(lack.id, lack.reason, alike)] = None
        else:
            found[voice.of(sentences().lacks[lack.what], id=lack.id)] = None
    return tuple(found)
