"""Rating scales: data in ``configs/scales``, read strictly."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from mbtg_video.errors import ConfigurationError, NotFound
from mbtg_video.settings import Language


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    nb: str
    en: str

    def spoken(self, language: Language) -> str:
        """The text in one language."""
        return self.nb if language is Language.NB else self.en


class Values(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Range of a score, both ends included, and the level that is good enough."""

    lowest: int
    highest: int
    good_enough: int


class Overall(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rating of the whole excerpt."""

    key: str


class Item(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item; `wording` says where its names come from."""

    number: int
    group_specific: bool
    adherence_rated: bool
    wording: str


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rating scale; a tag or rating stores which one it speaks of."""

    id: str
    version: int
    source: str
    title: Wording
    values: Values
    overall: tuple[Overall, ...]
    items: tuple[Item, ...]

    def item(self, number: int) -> Item:
        """Item with this number; raises `NotFound`."""
        for item in self.items:
            if item.number == number:
                return item
        raise NotFound(
            f"Scale {self.id} has no item {number}; it has {self.items[0].number} to "
            f"{self.items[-1].number}. See: mbtg scale show {self.id}"
        )


def _checked(scale: Scale, path: Path) -> Scale:
    numbers = [item.number for item in scale.items]
    repeated = [number for number, times in Counter(numbers).items() if times > 1]
    values = scale.values
    if not numbers:
        raise ConfigurationError(f"{path}: a scale needs at least one item")
    if repeated:
        raise ConfigurationError(f"{path}: items: number {repeated[0]} is there twice")
    if numbers != sorted(numbers):
        raise ConfigurationError(f"{path}: items: the numbers must rise")
    if not values.lowest <= values.good_enough <= values.highest:
        raise ConfigurationError(f"{path}: values: good_enough must lie in lowest to highest")
    return scale


def read_scale(path: Path) -> Scale:
    """Scale in one TOML file; raises `ConfigurationError` naming file and key."""
    try:
        return _checked(msgspec.toml.decode(path.read_bytes(), type=Scale, strict=True), path)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        # The TOML reader itself stumbles over endless numbers and lists in lists.
        raise ConfigurationError(f"{path}: {error}") from error


def scale_hash(path: Path) -> str:
    """SHA-256 of a scale file, so that a changed scale never passes for the old one."""
    return sha256(path.read_bytes()).hexdigest()


def scale_paths() -> dict[str, Path]:
    """Shipped scale files by id, which is the file's name."""
    packaged = files("mbtg_video") / "configs" / "scales"
    with as_file(packaged) as folder:
        found = folder if folder.is_dir() else _checkout() / "configs" / "scales"
    return {path.stem: path for path in sorted(found.glob("*.toml"))}


def _checkout() -> Path:
    return Path(__file__).resolve().parent.parent


def find_scale(scale_id: str) -> Scale:
    """Shipped scale with this id; raises `NotFound`."""
    path = scale_paths().get(scale_id)
    if path is None:
        raise NotFound(f"There is no scale {scale_id}. See: mbtg scale list")
    return read_scale(path)
