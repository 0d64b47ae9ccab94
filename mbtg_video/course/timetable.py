"""The times of a course day, once the course leader has settled where slots overlap."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.course.model import ClashChoice
from mbtg_video.course.programme import Clash, Programme, Slot, clashes, settled
from mbtg_video.errors import BadInput, NotFound


def choices(session: Session, programme: Programme) -> dict[tuple[str, str], str]:
    """The slot that keeps its time, by the keys of the two that overlap."""
    rows = session.scalars(select(ClashChoice).where(ClashChoice.course == programme.id))
    return {(row.first, row.second): row.kept for row in rows}


def unsettled(session: Session, programme: Programme) -> list[Clash]:
    """Overlaps about which nothing was decided yet."""
    taken = choices(session, programme)
    return [one for one in clashes(programme) if (one.first.key, one.second.key) not in taken]


def settle(session: Session, programme: Programme, kept: str) -> Clash:
    """Let the slot `kept` keep its time in the overlap it is part of; it is remembered.

    Raises `NotFound` for a slot that the programme has not, `BadInput` for one that overlaps
    with none.
    """
    slot = programme.slot(kept)
    found = [one for one in clashes(programme) if slot in (one.first, one.second)]
    if not found:
        raise BadInput(f"{kept} overlaps with no other slot of {programme.id}")
    for clash in found:
        pair = (clash.first.key, clash.second.key)
        row = session.scalar(
            select(ClashChoice).where(
                ClashChoice.course == programme.id,
                ClashChoice.first == pair[0],
                ClashChoice.second == pair[1],
            )
        )
        if row is None:
            row = ClashChoice(course=programme.id, first=pair[0], second=pair[1])
            session.add(row)
        row.kept, row.chosen_at = kept, datetime.now(UTC)
    audit.append(session, audit.Act.COURSE, programme.id, deed="choose", kept=kept)
    return found[0]


def timetable(session: Session, programme: Programme) -> tuple[Slot, ...]:
    """The slots of a day in order of time, none overlapping.

    Raises `BadInput` until all is settled, and where nothing would be left of a slot.
    """
    waiting = unsettled(session, programme)
    if waiting:
        raise BadInput("\n".join(told(programme, clash) for clash in waiting))
    taken = choices(session, programme)
    slots = {slot.key: slot for slot in programme.slots}
    for clash in clashes(programme):
        kept = taken[clash.first.key, clash.second.key]
        for one in settled(clash, kept):
            # A slot that overlaps on both sides gives at both ends.
            there = slots[one.key]
            slots[one.key] = msgspec.structs.replace(
                there, start=max(there.start, one.start), end=min(there.end, one.end)
            )
    for slot in slots.values():
        if slot.start >= slot.end:
            raise BadInput(
                f"{programme.id}: nothing would be left of {slot.key}, on both sides of which "
                f"others keep their time. Let it keep its own: mbtg course choose {slot.key} "
                f"--course {programme.id}"
            )
    return tuple(sorted(slots.values(), key=lambda slot: slot.start))


def told(programme: Programme, clash: Clash) -> str:
    """The overlap and both choices, for people."""
    first, second = clash.first, clash.second
    choose, of = "mbtg course choose", f"--course {programme.id}"
    return (
        f"{programme.id}: {first.key} lasts until {first.end:%H:%M}, but {second.key} begins at "
        f"{second.start:%H:%M}. Choose which keeps its time: {choose} {first.key} {of} "
        f"({second.key} begins at {clash.end:%H:%M}), or {choose} {second.key} {of} "
        f"({first.key} ends at {clash.start:%H:%M})"
    )


def slot_of(session: Session, programme: Programme, key: str) -> Slot:
    """One slot at its settled time; raises `NotFound` or `BadInput`."""
    programme.slot(key)
    for slot in timetable(session, programme):
        if slot.key == key:
            return slot
    raise NotFound(f"Course {programme.id} has no slot {key}")
