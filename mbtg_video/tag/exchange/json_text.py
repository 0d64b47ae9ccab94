"""JSON of other tools, read without harm; numbers are exact."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from mbtg_video.errors import BadInput

MOST_BYTES: Final = 64 << 20
_MOST_DIGITS: Final = 60
_MOST_TENS: Final = 15

Object = Mapping[str, Any]


def _number(text: str) -> Decimal:
    """A number that can be counted with; raises `BadInput` for any other."""
    if len(text) > _MOST_DIGITS:
        raise BadInput("the file holds a number that is too long")
    number = Decimal(text)
    if number and number.adjusted() > _MOST_TENS:
        raise BadInput("the file holds a number that is too large")
    return Decimal(0) if number.adjusted() < -_MOST_TENS else number


def _whole(text: str) -> int:
    return int(_number(text))


def _once(pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    """An object; raises `BadInput` for one that says something twice: one of them would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        named = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise BadInput(f"the file says {named[:40]!r} twice in one object; it is not read")
    return found


def read_json(data: bytes, title: str) -> Any:  # noqa: ANN401  whatever the file holds
    """What a JSON file holds; fractions are `Decimal`, NaN among them. Raises `BadInput`."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"the file is too large to be {title}")
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_whole,
            parse_constant=Decimal,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the file is not {title}: it is no JSON that can be read") from error


def as_object(value: object) -> Object:
    """The value if it is an object; else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[Any]:
    """The value if it is a list, none if there is no value; else the value alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: object) -> str:
    """A text or number as text; nothing for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    return "" if _is_endless(value) else str(value)


def _is_endless(value: object) -> bool:
    """Whether a whole number is too long; the reader of JSON5 does not check those in hex."""
    return isinstance(value, int) and value.bit_length() > 4 * _MOST_DIGITS


def as_number(value: object) -> Decimal | None:
    """A finite number, also one written as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if _is_endless(value):
        return None
    try:
        found = _number(value.strip()) if isinstance(value, str) else Decimal(value)
    except (ArithmeticError, BadInput):
        return None
    return found if found.is_finite() else None
