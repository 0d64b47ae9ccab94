"""Norwegian national identity numbers: eleven digits that carry a day of birth and two checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

DIGITS: Final = 11
_FIRST_CHECK: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_CHECK: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_D_NUMBER: Final = 40  # added to the day
_ADDED_TO_MONTH: Final = (0, 40, 80)  # H-numbers and synthetic persons, synthetic persons
_FH_NUMBER: Final = 80  # from here on the first two digits are no day, and there is no birth


def _checks(digits: Sequence[int]) -> bool:
    return not any(
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % DIGITS
        for weights in (_FIRST_CHECK, _SECOND_CHECK)
    )


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


def carries_a_day(number: str) -> bool:
    """Whether the digits begin as a national number does, whatever their checks say."""
    day, month, short = int(number[:2]), int(number[2:4]), int(number[4:6])
    if day > _D_NUMBER:
        day -= _D_NUMBER
    year = _year(short, int(number[6:9]))
    months = [month - added for added in _ADDED_TO_MONTH]
    return year is not None and any(is_day(day, month, year) for month in months)


def is_national_number(number: str) -> bool:
    """Whether eleven digits are the number of a person, of whatever kind.

    Kinds: fødselsnummer, D-number, H-number, FH-number (of somebody unknown), and those of
    synthetic persons, which are looked for as well since nobody can tell from a text.
    """
    if len(number) != DIGITS or not _checks([int(digit) for digit in number]):
        return False
    return int(number[:2]) >= _FH_NUMBER or carries_a_day(number)
