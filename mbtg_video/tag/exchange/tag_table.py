"""Tags as the rows of a table, one row a tag; what CSV and XLSX share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mbtg_video.errors import BadInput
from mbtg_video.settings import Language
from mbtg_video.spreadsheet import holdable, read_rows
from mbtg_video.tag.exchange.content import Incoming, Loss, Outgoing, TagValues, Target
from mbtg_video.tag.exchange.found import (
    Found,
    clock,
    item_name,
    no_place,
    place_of,
    time_written,
)
from mbtg_video.tag.exchange.item_text import item_of_text
from mbtg_video.tag.model import Valence

MOST_BYTES: Final = 32 << 20

# What a column is, and how it is written in English and Norwegian.
COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "start": ("start", "fra"),
    "end": ("end", "til"),
    "scale": ("scale", "skala"),
    "item": ("item", "ledd"),
    "item name": ("item name", "leddnavn"),
    "label": ("label", "etikett"),
    "author": ("author", "av"),
    "valence": ("valence", "som"),
    "note": ("note", "notat"),
    "tag id": ("tag id", "merke"),
}
_ALSO: Final = {
    "from": "start", "begin": "start", "time": "start", "begynnelse": "start", "tid": "start",
    "to": "end", "stop": "end", "slutt": "end",
    "vurderingsskala": "scale", "name": "item name", "navn": "item name", "tekst": "label",
    "by": "author", "forfatter": "author", "as": "valence", "valens": "valence",
    "comment": "note", "kommentar": "note", "id": "tag id", "tag": "tag id", "merke-id": "tag id",
}  # fmt: skip
_HEADS: Final = {written: key for key, both in COLUMNS.items() for written in both} | _ALSO

_VALENCES: Final[Mapping[Valence, tuple[str, str]]] = {
    Valence.GOOD: ("good", "god"),
    Valence.MISSED: ("missed", "tapt"),
    Valence.NEUTRAL: ("neutral", "nøytral"),
}
_READ_AS: Final = {written: valence for valence, both in _VALENCES.items() for written in both} | {
    "": Valence.NEUTRAL,
    "good example": Valence.GOOD,
    "godt eksempel": Valence.GOOD,
    "missed opportunity": Valence.MISSED,
    "tapt mulighet": Valence.MISSED,
}

Row = Mapping[str, str]


def read_table(data: bytes, suffix: str, into: Target) -> Incoming:
    """The tags in a table; raises `BadInput` for a file that is none."""
    if len(data) > MOST_BYTES:
        raise BadInput("the file is too large to be a table of tags")
    found = Found(into)
    heads: Sequence[str] | None = None

    def unread(sheet: str) -> None:
        found.lose(f"sheet {sheet}", "only the first sheet that is shown is read; left out")

    for number, texts in read_rows(data, suffix, unread=unread):
        if heads is None:
            heads = _heads(texts, found)
            continue
        if any(text.strip() for text in texts):
            _beyond(heads, texts, number, found)
            _read_row(dict(zip(heads, texts, strict=False)), f"row {number}", found)
    if heads is None:
        raise BadInput("the table is empty")
    return found.incoming()


def _heads(texts: Sequence[str], found: Found) -> Sequence[str]:
    heads: list[str] = []
    for number, text in enumerate(texts, start=1):
        key = _HEADS.get(" ".join(text.split()).casefold(), "")
        if key and key in heads:
            raise BadInput(f"row 1: the column {key} is there twice")
        if text.strip() and not key:
            found.lose("row 1", f"the column {text.strip()[:40]!r} is not known; it is not read")
        heads.append(key or f"#{number}")
    if "start" not in heads:
        raise BadInput(f"row 1: the column start is missing; known: {', '.join(COLUMNS)}")
    return heads


def _beyond(heads: Sequence[str], texts: Sequence[str], number: int, found: Found) -> None:
    if any(text.strip() for text in texts[len(heads) :]):
        found.lose(f"row {number}", "it has more cells than row 1 has headings; they are not read")


def _read_row(row: Row, place: str, found: Found) -> None:
    def told(column: str) -> str:
        return row.get(column, "").strip()

    start = time_written(told("start"))
    end = time_written(told("end")) if told("end") else None
    for column, time in (("start", start), ("end", end)):
        if time is None and (told(column) or column == "start"):
            found.lose(place, f"{column}: {told(column)[:32]!r} is no time; the row was left out")
            return
    if start is None:
        return
    valence = _READ_AS.get(told("valence").casefold())
    if valence is None:
        found.lose(place, f"valence: {told('valence')[:32]!r} is none; read as neutral")
    scale, item, label = _item(row, place, found)
    found.add(
        place,
        TagValues(
            start=start,
            end=end,
            scale=scale,
            item=item,
            label=label,
            author=told("author") or None,
            note=row.get("note") or None,
            valence=valence or Valence.NEUTRAL,
            name=told("tag id") or None,
        ),
    )


def _item(row: Row, place: str, found: Found) -> tuple[str | None, int | None, str | None]:
    """Scale, item and label of a row."""
    written, label = row.get("item", "").strip(), row.get("label") or None
    scale = row.get("scale", "").strip() or None
    named = row.get("item name", "").strip()
    if re.fullmatch(r"[0-9]{1,4}", written):
        number = int(written)
        if not label and not _is_known(scale, number, found.into):
            label = named or None
        return scale, number, label
    into = found.into
    called = item_of_text(written or ("" if label else named), into.scale, into.scales)
    if called is not None:
        return *called, label
    if written:
        found.lose(place, f"{written[:40]!r} is no item; kept as a label")
    return None, None, label or written or named or None


def _is_known(scale: str | None, number: int, into: Target) -> bool:
    text = f"{scale or into.scale.id}:{number}"
    return item_of_text(text, into.scale, into.scales) is not None


def write_table(
    content: Outgoing, title: str, pack: Callable[[Sequence[Sequence[str]]], bytes]
) -> tuple[bytes, tuple[Loss, ...]]:
    """The tags as a table that `pack` lays out, and what of the content is not in it."""
    norwegian = content.language is Language.NB
    rows: list[Sequence[str]] = [[both[norwegian] for both in COLUMNS.values()]]
    losses = no_place(content, title, tags=True, clips=False)
    for number, tag in enumerate(content.tags, start=1):
        texts = [
            clock(tag.start),
            "" if tag.end is None else clock(tag.end),
            tag.scale or "",
            "" if tag.item is None else str(tag.item),
            item_name(content, tag),
            tag.label or "",
            tag.author or "",
            _VALENCES[tag.valence][norwegian],
            tag.note or "",
            tag.name or "",
        ]
        held = [holdable(text) for text in texts]
        if held != texts:
            what = f"{title} cannot hold all of its text: signs were replaced, or it was cut short"
            losses.append(Loss(place_of(tag, number), what))
        rows.append(held)
    return pack(rows), tuple(losses)
