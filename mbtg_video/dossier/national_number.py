"""Norwegian national identity numbers: eleven digits that carry a day of birth and two checks."""

from __future__ import annotations

from datetime import date
from typing import Final

DIGITS: Final = 11
_FIRST_CHECK: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_CHECK: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_RESTS_FROM_2032: Final = range(4)
_D_NUMBER: Final = 40  # added to the day
_ADDED_TO_MONTH: Final = (0, 40, 65, 80)  # H-numbers and synthetic persons, synthetic persons
_FH_NUMBER: Final = 80  # from here on the first two digits are no day, and there is no birth


def _rests(number: str) -> tuple[int, int]:
    """What the two checks leave; both leave nothing in a number that is valid today."""
    digits = [int(digit) for digit in number]
    first, second = (
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % DIGITS
        for weights in (_FIRST_CHECK, _SECOND_CHECK)
    )
    return first, second


def _year(short: int, individual: int) -> int | None:
    """The year that two digits mean, by the three that follow them; None where none is given."""
    if individual < 500:
        return 1900 + short
    if individual < 750 and short >= 54:
        return 1800 + short
    if short < 40:
        return 2000 + short
    return 1900 + short if individual >= 900 else None


def is_day(day: int, month: int, year: int) -> bool:
    """Whether there is such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_day_of(number: str, year: int) -> bool:
    """Whether the first four digits are a day and month of that year, whatever was added."""
    day, month = int(number[:2]), int(number[2:4])
    if day > _D_NUMBER:
        day -= _D_NUMBER
    return any(is_day(day, month - added, year) for added in _ADDED_TO_MONTH)


def carries_a_day(number: str) -> bool:
    """Whether the digits begin as a national number does, whatever their checks say."""
    year = _year(int(number[4:6]), int(number[6:9]))
    return year is not None and _is_day_of(number, year)


def is_national_number(number: str) -> bool:
    """Whether eleven digits are the number of a person, of whatever kind.

    Kinds: fødselsnummer, D-number, H-number, FH-number (of somebody unknown), and those of
    synthetic persons, which are looked for as well since nobody can tell from a text.
    """
    if len(number) != DIGITS or any(_rests(number)):
        return False
    return int(number[:2]) >= _FH_NUMBER or carries_a_day(number)


def is_number_from_2032(number: str) -> bool:
    """Whether eleven digits are a number as they are given from 2032 on.

    The first check may then leave 0 to 3, and no digit tells the century any more (Skatteetaten,
    *Nytt fødselsnummer 2032*).
    """
    if len(number) != DIGITS:
        return False
    first, second = _rests(number)
    if second or first not in _RESTS_FROM_2032:
        return False
    return any(_is_day_of(number, century + int(number[4:6])) for century in (1900, 2000))
