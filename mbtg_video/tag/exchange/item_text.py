"""How a scale item is written in other tools, and read back: ``17 Fokus på følelser``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mbtg_video.scale import Item, Scale
from mbtg_video.settings import Language

_ITEM: Final = re.compile(
    r"(?:(?:item|ledd) ?|(?P<scale>[a-z0-9][a-z0-9-]{0,63})[:/ ])?"
    r"(?P<number>[0-9]{1,4})(?P<behind>[\s.:)\u2013-].*)?",
    re.DOTALL | re.IGNORECASE,
)
_CODE: Final = re.compile(r"_?(?P<scale>[a-z0-9][a-z0-9-]{0,63})_(?P<number>[0-9]{1,4})")


def item_text(scale: Scale, number: int, language: Language, *, full: bool = False) -> str:
    """An item for people; `full` names its scale before it, for where nothing else does."""
    text = f"{number} {scale.item(number).spoken(language)}"
    return f"{scale.id}:{text}" if full else text


def item_code(scale: str, number: int) -> str:
    """An item for machines, a name as XML allows it: ``mbt-g-aqs_17``."""
    code = f"{scale}_{number}"
    return code if code[0].isalpha() else f"_{code}"


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _named(item: Item, name: str) -> bool:
    return _plain(name) in (_plain(item.nb), _plain(item.en))


def numbered(scale: Scale, number: int) -> Item | None:
    """The item of a scale with this number."""
    return next((item for item in scale.items if item.number == number), None)


def item_of_code(code: str, scales: Mapping[str, Scale]) -> tuple[str, int] | None:
    """Scale and number behind an `item_code`; None for anything else."""
    match = _CODE.fullmatch(code)
    if match is None or match["scale"] not in scales:
        return None
    scale = scales[match["scale"]]
    found = numbered(scale, int(match["number"]))
    return None if found is None else (scale.id, found.number)


def item_of_text(text: str, default: Scale, scales: Mapping[str, Scale]) -> tuple[str, int] | None:
    """Scale and number of an item written as a number, a name or both; None for a free label.

    A number alone is of `default`. A number with another text behind it is a label: "3 patients
    leave" speaks of no item.
    """
    known = {default.id: default} | dict(scales)
    match = _ITEM.fullmatch(text.strip())
    if match is not None:
        number, name = int(match["number"]), (match["behind"] or "").strip(" \t\r\n.:)\u2013-")
        meant = [default] if not name else list(known.values())
        if match["scale"] is not None:
            meant = [scale for scale in known.values() if scale.id == match["scale"].lower()]
        for scale in meant:
            found = numbered(scale, number)
            if found is not None and (not name or _named(found, name)):
                return scale.id, number
    for scale in known.values():
        named = [item.number for item in scale.items if _named(item, text)]
        if named:
            return (scale.id, named[0]) if len(named) == 1 else None
    return None
