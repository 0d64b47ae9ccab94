"""Whether a playlist fits into its slot: clips, the talk about each, and the steps between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry: how long its clip is, if it has one, and the minutes planned for talking."""

    clip: timedelta | None
    minutes: int | None

    @property
    def takes(self) -> timedelta:
        """How long it takes altogether; nothing where nothing is planned."""
        return (self.clip or timedelta()) + timedelta(minutes=self.minutes or 0)


@dataclass(frozen=True, slots=True)
class Fit:
    """What the entries take, one by one and together, against the slot if there is one.

    `unplanned` names the entries without minutes, counted from 1: their talk is not in the total.
    """

    takes: tuple[timedelta, ...]
    total: timedelta
    slot: timedelta | None
    unplanned: tuple[int, ...]

    @property
    def left(self) -> timedelta | None:
        """What is left of the slot; negative when the entries take longer, None without one."""
        return None if self.slot is None else self.slot - self.total


def fit(entries: Sequence[Planned], slot_minutes: int | None) -> Fit:
    """The entries, in order, against a slot of so many minutes."""
    takes = tuple(entry.takes for entry in entries)
    return Fit(
        takes=takes,
        total=sum(takes, timedelta()),
        slot=None if slot_minutes is None else timedelta(minutes=slot_minutes),
        unplanned=tuple(n for n, entry in enumerate(entries, start=1) if entry.minutes is None),
    )
