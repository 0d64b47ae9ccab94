"""Rating scales: data in ``configs/scales`` and in the user's own folder, read strictly."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import msgspec

from mbtg_video.errors import ConfigurationError, NotFound
from mbtg_video.settings import Language
from mbtg_video.shelf import Shelf

_MOST_ITEMS: Final = 200
_ID = r"^[a-z0-9][a-z0-9-]{0,63}$"
_KEY = r"^[a-z][a-z0-9_]{0,31}$"
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    nb: _Text
    en: _Text

    def spoken(self, language: Language) -> str:
        """The text in one language."""
        return self.nb if language is Language.NB else self.en


class Values(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Range of a score, both ends included, and the level that is good enough."""

    lowest: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    highest: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    good_enough: int

    def __contains__(self, value: int) -> bool:
        return self.lowest <= value <= self.highest


class Overall(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rating of the whole excerpt."""

    key: Annotated[str, msgspec.Meta(pattern=_KEY)]


class Item(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item; `wording` says where its names come from."""

    number: Annotated[int, msgspec.Meta(ge=1, le=9999)]
    group_specific: bool
    adherence_rated: bool
    wording: _Text


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rating scale; a tag or rating stores which one it speaks of."""

    id: Annotated[str, msgspec.Meta(pattern=_ID)]
    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    source: _Text
    title: Wording
    values: Values
    overall: tuple[Overall, ...]
    items: Annotated[tuple[Item, ...], msgspec.Meta(max_length=_MOST_ITEMS)]

    def item(self, number: int) -> Item:
        """Item with this number; raises `NotFound`."""
        for item in self.items:
            if item.number == number:
                return item
        raise NotFound(
            f"Scale {self.id} has no item {number}; it has {self.items[0].number} to "
            f"{self.items[-1].number}. See: mbtg scale show {self.id}"
        )

    @property
    def label(self) -> str:
        """Which scale this is, for people."""
        return f"{self.id} version {self.version}"


def _texts(scale: Scale) -> dict[str, str]:
    """Every text of a scale that a person reads, by the key that holds it."""
    named: dict[str, Wording] = {"title": scale.title}
    named |= {f"overall[{place}]": overall for place, overall in enumerate(scale.overall)}
    named |= {f"items[{place}]": item for place, item in enumerate(scale.items)}
    texts = {"source": scale.source}
    for key, wording in named.items():
        texts |= {f"{key}.nb": wording.nb, f"{key}.en": wording.en}
    return texts | {f"items[{n}].wording": item.wording for n, item in enumerate(scale.items)}


def _checked(scale: Scale, path: Path) -> Scale:
    numbers = [item.number for item in scale.items]
    repeated = [number for number, times in Counter(numbers).items() if times > 1]
    keys = Counter(overall.key for overall in scale.overall)
    twice = [key for key, times in keys.items() if times > 1]
    values = scale.values
    if not numbers:
        raise ConfigurationError(f"{path}: a scale needs at least one item")
    if repeated:
        raise ConfigurationError(f"{path}: items: number {repeated[0]} is there twice")
    if numbers != sorted(numbers):
        raise ConfigurationError(f"{path}: items: the numbers must rise")
    if twice:
        raise ConfigurationError(f"{path}: overall: the key {twice[0]} is there twice")
    if values.lowest >= values.highest:
        raise ConfigurationError(f"{path}: values: highest must lie above lowest")
    if values.good_enough not in values:
        raise ConfigurationError(f"{path}: values: good_enough must lie in lowest to highest")
    for key, text in _texts(scale).items():
        if not text.strip() or not text.isprintable():
            raise ConfigurationError(f"{path}: {key}: a text of one line is needed")
    return scale


SCALES: Final = Shelf("scale", "scales", "MBTG_SCALES", Scale, _checked)
read_scale = SCALES.read
scale_paths = SCALES.paths
find_scale = SCALES.find
keep_scale = SCALES.keep


def written_out(scale: Scale) -> str:
    """The scale as JSON, the same for the same content however its file was laid out."""
    return msgspec.json.encode(scale, order="deterministic").decode()


def restored(written: str) -> Scale:
    """Undo `written_out`."""
    return msgspec.json.decode(written, type=Scale)


def scale_hash(written: str) -> str:
    """SHA-256 of a scale written out, so that a changed scale never passes for the old one."""
    return sha256(written.encode()).hexdigest()
