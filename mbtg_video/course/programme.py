"""Course programmes: data in ``configs/courses`` and in the user's own folder, read strictly."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from mbtg_video.errors import ConfigurationError, MbtgError, NotFound
from mbtg_video.scale import Wording, find_scale
from mbtg_video.shelf import Shelf

_ID: Final = r"^[a-z0-9][a-z0-9-]{0,63}$"
_KEY: Final = r"^[a-z][a-z0-9_]{0,31}$"
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
_Few = Annotated[int, msgspec.Meta(ge=0, le=100)]


class SlotKind(StrEnum):
    """What a slot is for."""

    ROLEPLAY = "roleplay"
    THEORY = "theory"
    SUPERVISION = "supervision"
    BREAK = "break"


class RoleplayKind(StrEnum):
    """Which kind of group is played."""

    PSYCHOEDUCATIONAL = "psychoeducational"
    DYNAMIC = "dynamic"


class Slot(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stretch of every course day, from `start` until `end`, in the course's own time."""

    key: Annotated[str, msgspec.Meta(pattern=_KEY)]
    kind: SlotKind
    start: dt.time
    end: dt.time

    @property
    def minutes(self) -> int:
        """How long it is."""
        return _minute(self.end) - _minute(self.start)


class CourseDay(Wording, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One day: its texts are the theme, `focus` the items of the scale that it is about."""

    number: Annotated[int, msgspec.Meta(ge=1, le=999)]
    date: dt.date
    roleplay: RoleplayKind
    focus: tuple[int, ...]
    scoring: bool


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A course as its file tells it."""

    id: Annotated[str, msgspec.Meta(pattern=_ID)]
    version: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    source: _Text
    title: Wording
    place: _Text
    timezone: _Text
    participants: Annotated[int, msgspec.Meta(ge=1, le=200)]
    scale: Annotated[str, msgspec.Meta(pattern=_ID)]
    clinical_per_day: _Few
    theory_per_day: _Few
    cotherapists_per_day: _Few
    slots: Annotated[tuple[Slot, ...], msgspec.Meta(min_length=1, max_length=48)]
    days: Annotated[tuple[CourseDay, ...], msgspec.Meta(min_length=1, max_length=200)]

    @property
    def label(self) -> str:
        """Which course this is, for people."""
        return f"{self.id} version {self.version}"

    def day(self, number: int) -> CourseDay:
        """Day with this number; raises `NotFound`."""
        for day in self.days:
            if day.number == number:
                return day
        raise NotFound(
            f"Course {self.id} has no day {number}; it has {self.days[0].number} to "
            f"{self.days[-1].number}. See: mbtg course show {self.id}"
        )

    def slot(self, key: str) -> Slot:
        """Slot with this key, at the programme's own times; raises `NotFound`."""
        return slot_with(self.slots, key, self.id)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of all its times."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two slots that overlap, the earlier one first, from `start` until `end`."""

    first: Slot
    second: Slot
    start: dt.time
    end: dt.time


def slot_with(slots: Sequence[Slot], key: str, course: str) -> Slot:
    """Slot with this key; raises `NotFound`."""
    for slot in slots:
        if slot.key == key:
            return slot
    known = ", ".join(slot.key for slot in slots)
    raise NotFound(
        f"Course {course} has no slot {key}; it has {known}. See: mbtg course show {course}"
    )


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def clashes(programme: Programme) -> tuple[Clash, ...]:
    """Slots of a day whose times overlap, which only the course leader can settle."""
    found = []
    ordered = sorted(programme.slots, key=lambda slot: (slot.start, slot.end))
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 :]:
            if second.start < first.end:
                found.append(Clash(first, second, second.start, min(first.end, second.end)))
    return tuple(found)


def settled(clash: Clash, kept: str) -> tuple[Slot, Slot]:
    """Both slots of a clash when the one with the key `kept` keeps its time."""
    if kept == clash.first.key:
        return clash.first, msgspec.structs.replace(clash.second, start=clash.end)
    return msgspec.structs.replace(clash.first, end=clash.start), clash.second


def _checked(programme: Programme, path: Path) -> Programme:
    def wrong(key: str, why: str) -> ConfigurationError:
        return ConfigurationError(f"{path}: {key}: {why}")

    told: dict[str, Wording] = {"title": programme.title}
    told |= {f"slots[{place}]": slot for place, slot in enumerate(programme.slots)}
    told |= {f"days[{place}]": day for place, day in enumerate(programme.days)}
    texts = {"place": programme.place}
    for name, wording in told.items():
        texts |= {f"{name}.nb": wording.nb, f"{name}.en": wording.en}
    for key, text in texts.items():
        if not text.strip() or not text.isprintable():
            raise wrong(key, "a text of one line is needed")
    keys = Counter(slot.key for slot in programme.slots)
    twice = [key for key, times in keys.items() if times > 1]
    if twice:
        raise wrong("slots", f"the key {twice[0]} is there twice")
    for place, slot in enumerate(programme.slots):
        if slot.start >= slot.end:
            raise wrong(f"slots[{place}]", f"{slot.key} has to end after it starts")
        if any(time.second or time.microsecond or time.tzinfo for time in (slot.start, slot.end)):
            raise wrong(f"slots[{place}]", f"{slot.key}: whole minutes without a zone are needed")
    for clash in clashes(programme):
        if clash.first.start == clash.second.start:
            raise wrong("slots", f"{clash.first.key} lies within {clash.second.key}")
        if clash.first.end >= clash.second.end:
            raise wrong("slots", f"{clash.second.key} lies within {clash.first.key}")
    numbers = [day.number for day in programme.days]
    dates = [day.date for day in programme.days]
    if numbers != sorted(set(numbers)) or dates != sorted(set(dates)):
        raise wrong("days", "numbers and dates must rise, and none may be there twice")
    try:
        programme.zone  # noqa: B018  looked up to see that it exists
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise wrong("timezone", f"there is no time zone {programme.timezone}") from error
    try:
        items = {item.number for item in find_scale(programme.scale).items}
    except MbtgError as error:
        raise wrong("scale", str(error)) from error
    for place, day in enumerate(programme.days):
        unknown = [item for item in day.focus if item not in items]
        if unknown or len(set(day.focus)) != len(day.focus):
            raise wrong(
                f"days[{place}].focus",
                f"{programme.scale} has no item {unknown[0]}" if unknown else "an item is twice",
            )
    return programme


PROGRAMMES: Final = Shelf("course", "courses", "MBTG_COURSES", Programme, _checked)
read_programme = PROGRAMMES.read
programme_paths = PROGRAMMES.paths
find_programme = PROGRAMMES.find
keep_programme = PROGRAMMES.keep
