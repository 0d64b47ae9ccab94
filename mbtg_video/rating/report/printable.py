"""Texts without signs that no paper shows: they would steer a reader, or be no valid file."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_Any = TypeVar("_Any")


def printable(text: str) -> str:
    """The text with a mark in place of every control character but line ends."""
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def _cleaned(value: Any) -> Any:  # noqa: ANN401  whatever a report holds
    if type(value) is str:
        return printable(value)
    if type(value) is tuple:
        return tuple(_cleaned(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return cleaned(value)
    return value


def cleaned(value: _Any) -> _Any:
    """The same dataclass with all its texts printable, however deep they lie."""
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{type(value).__name__} is no dataclass")
    changed = {}
    for field in fields(value):
        before = getattr(value, field.name)
        after = _cleaned(before)
        if after != before:
            changed[field.name] = after
    return replace(value, **changed) if changed else value
