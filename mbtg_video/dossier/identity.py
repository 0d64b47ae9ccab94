"""What in a text looks as if it named somebody: identity numbers, births, addresses, names.

It warns too often rather than too seldom; what it finds is for the person at the terminal, and
never for an audit line or a log. Nothing found is no proof that nobody is named.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from mbtg_video.dossier.known_words import MONTHS, ORDINALS
from mbtg_video.dossier.names import find_initials, find_names
from mbtg_video.dossier.national_number import (
    carries_a_day,
    is_day,
    is_national_number,
    is_number_from_2032,
)


class Sign(StrEnum):
    """What a finding looks like."""

    NUMBER = "identity number"
    BIRTH = "date of birth"
    EMAIL = "e-mail address"
    PHONE = "phone number"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Finding:
    """One stretch of a text: `line` and `column` are counted from 1, `excerpt` is what it says."""

    sign: Sign
    line: int
    column: int
    excerpt: str


_Found = tuple[int, int, Sign]

# People write blanks of several widths, hyphens and points between the parts of a number.
_GAP: Final = r"[ \t\u00a0\u2007\u2009\u202f.\-\u2010-\u2015]?"
_NUMBER: Final = re.compile(
    rf"(?<!\d)\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}(?:{_GAP}|\s?[-\u2013|]\s?|\n)\d{{3}}{_GAP}\d{{2}}(?!\d)"
)
# Written in any other way, only what passes both checks is one; each group of digits may begin it.
_LOOSE: Final = re.compile(r"(?<!\d)(?=(\d(?:[\W_]{0,3}\d){10})(?!\d))")
_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE: Final = re.compile(
    rf"(?<![\d.,/+-])(?:(?P<abroad>(?:\+|\b00){_GAP}[1-9]{_GAP}\d(?:{_GAP}\d){{5,12}})"
    rf"|[2-9]\d{{7}}|[2-9]\d\d(?P<gap>{_GAP[:-1]})\d\d(?P=gap)\d{{3}}"
    rf"|[2-9]\d(?P<space>{_GAP[:-1]})\d\d(?P=space)\d\d(?P=space)\d\d)"
    r"(?!\d|[.,/-]\d)"
)
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL: Final = "|".join(ORDINALS)
_MARK: Final = r"[./_\-\u2010-\u2015]\s?"
_DATES: Final = (
    re.compile(
        rf"(?<![\d.])(?P<day>\d{{1,2}}){_MARK}(?P<month>\d{{1,2}})"
        rf"(?:{_MARK}|\s(?=\d{{4}}))(?P<year>\d{{4}}|['\u2019]?\d{{2}})(?!\d)(?!\.\d)"
    ),
    re.compile(r"(?<![\d.])(?P<day>\d{2})\s(?P<month>\d{2})\s(?P<year>\d{4})(?!\d)"),
    re.compile(
        r"(?<![\d.])(?P<year>\d{4})(?P<mark>[./\-\u2010-\u2015])(?P<month>\d{1,2})(?P=mark)"
        r"(?P<day>\d{1,2})(?!\d)"
    ),
    re.compile(
        rf"(?:(?<!\d)(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?|\b(?P<ordinal>{_ORDINAL}))\s?(?:of\s)?"
        rf"(?P<name>{_MONTH})[.,]{{0,2}}\s?(?:i\s)?"
        r"(?P<year>\d{4}|['\u2019\-\u2013]?\d{2})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>\d{{4}})(?!\d)",
        re.IGNORECASE,
    ),
    # Without any mark, as the first digits of a national number or in a computer's list.
    re.compile(
        r"(?<![\w.,/+-])(?:(?P<day>[0-3]\d)(?P<month>0\d|1[0-2])(?P<year>\d{4}|\d{2})"
        r")(?!\w|[.,/-]\d)"
    ),
    re.compile(
        r"(?<![\w.,/+-])(?P<year>\d{4})(?P<month>0\d|1[0-2])(?P<day>[0-3]\d)(?!\w|[.,/-]\d)"
    ),
)
_BORN: Final = re.compile(
    r"\b(?:født|fødd|fødselsdato|fødselsdag|fødselsår|bursdag|f\.?\s?dato|born|date of birth"
    r"|birth date|birthday|d\.?o\.?b\.?|f\.|f(?=\s(?:19|20)\d\d\b))\W{0,3}"
    r"(?:(?:den|the|on|in|i|år|year|er|var|is|was) )*",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    rf"\d{{1,2}}(?:\.\s?|\s)(?:{_MONTH})\b|\d{{1,2}}[./]\s?\d{{1,2}}(?!\d)|(?:(?:{_MONTH})\.?\s)?"
    r"(?:(?:19|20)\d\d(?!\d)|['\u2019]?\d\d(?!\d|[.:,/-]\d|\s?(?:uke|week)))",
    re.IGNORECASE,
)
"""A year, a month of one, or a day without its year: enough behind *born*."""
_OLDEST: Final = 1890
_YOUNGEST: Final = 12
"""Who is in therapy in a group is older; a younger date is of a session, unless it says *born*."""


def _digits(text: str) -> str:
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


def _numbers(text: str) -> Iterator[_Found]:
    for match in _NUMBER.finditer(text):
        number = _digits(match[0])
        if is_national_number(number) or is_number_from_2032(number):
            yield match.start(), match.end(), Sign.NUMBER
        elif carries_a_day(number):  # with a slip of the pen in it: the day is there all the same
            yield match.start(), match.end(), Sign.BIRTH
    for match in _LOOSE.finditer(text):
        if is_national_number(_digits(match[1])):
            yield match.start(1), match.end(1), Sign.NUMBER


def _date(match: re.Match[str], on: date) -> date | None:
    parts = match.groupdict()
    written = _digits(parts["year"])
    year = int(written)
    if len(written) == 2:
        year += 1900 if year > on.year % 100 else 2000
    name = parts.get("name")
    month = MONTHS[name.casefold()] if name else int(parts["month"])
    ordinal = parts.get("ordinal")
    day = ORDINALS[ordinal.casefold()] if ordinal else int(parts["day"])
    if not is_day(day, month, year) and is_day(month, day, year):
        day, month = month, day  # as Americans write it
    return date(year, month, day) if is_day(day, month, year) else None


def _births(text: str, on: date) -> Iterator[_Found]:
    born = {match.end(): match.start() for match in _BORN.finditer(text)}
    dated = set()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            found = _date(match, on)
            if found is None or found.year < _OLDEST:
                continue
            if match.start() in born:
                dated.add(match.start())
                yield born[match.start()], match.end(), Sign.BIRTH
            elif found.year <= on.year - _YOUNGEST:
                yield match.start(), match.end(), Sign.BIRTH
    for behind, start in born.items():
        part = _PART.match(text, behind)
        if part and behind not in dated:
            yield start, part.end(), Sign.BIRTH


def _phones(text: str) -> Iterator[_Found]:
    for match in _PHONE.finditer(text):
        written = match[0]
        year, month, day = written[:4], written[4:6], written[6:]
        a_day = written.isdecimal() and 1900 <= int(year) < 2100
        if match["abroad"] or not (a_day and is_day(int(day), int(month), int(year))):
            yield match.start(), match.end(), Sign.PHONE


def _found(text: str, on: date, *, names: bool) -> Iterator[_Found]:
    """Everything found, what says most first."""
    yield from _numbers(text)
    yield from ((match.start(), match.end(), Sign.EMAIL) for match in _EMAIL.finditer(text))
    yield from _births(text, on)
    yield from _phones(text)
    if names:
        for find in (find_names, find_initials):
            yield from ((start, end, Sign.NAME) for start, end in find(text))


def find_signs(text: str, *, on: date, names: bool = True) -> list[Finding]:
    """What in `text` looks as if it named a person, in the order of the text.

    `on` is the day on which it is asked, which tells a birth from a session; without `names`,
    as in a list of books, names are let be.
    """
    taken = bytearray(len(text))
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    findings = []
    for start, end, sign in _found(text, on, names=names):
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        line = bisect_right(line_starts, start)
        excerpt = " ".join(text[start:end].split())
        findings.append(Finding(sign, line, start - line_starts[line - 1] + 1, excerpt))
    return sorted(findings, key=lambda finding: (finding.line, finding.column))
