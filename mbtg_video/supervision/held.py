"""When a playlist is held: in a slot of a course day, or on a date outside of any course.

Every consent is judged for that day as well as for today.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.course.programme import CourseDay, Programme, SlotKind, find_programme
from mbtg_video.course.timetable import slot_of
from mbtg_video.errors import BadInput
from mbtg_video.recording.access import permit_leaving
from mbtg_video.supervision.model import Playlist


def judged_on(playlist: Playlist, today: date) -> tuple[date, ...]:
    """The days on which consents have to hold: today, and the day on which it is held."""
    held = playlist.held_on
    return (today,) if held is None or held == today else (today, held)


def hold_in_slot(
    session: Session, playlist: Playlist, programme: Programme, number: int, key: str, *, on: date
) -> None:
    """Hold the playlist in a slot of a course day, for as many minutes as that has.

    Raises `NotFound` for a day or slot that the course has not, `BadInput` for a break and until
    the times are settled, and `ConsentRefused` when an excerpt may not be shown on that day.
    """
    day = programme.day(number)
    slot = slot_of(session, programme, key)
    if slot.kind is SlotKind.BREAK:
        raise BadInput(f"{key} is a break; name another slot of {programme.id}: {_open(programme)}")
    playlist.course, playlist.course_day, playlist.slot = programme.id, day.number, slot.key
    playlist.held_on, playlist.slot_minutes = day.date, slot.minutes
    _judged(playlist, on)
    audit.append(
        session,
        audit.Act.COURSE,
        playlist.name,
        deed="hold",
        course=programme.id,
        day=day.number,
        slot=slot.key,
        on=day.date.isoformat(),
    )


def hold_on(session: Session, playlist: Playlist, day: date, *, on: date) -> None:
    """Hold the playlist on a date outside of any course; raises `ConsentRefused`."""
    playlist.course = playlist.course_day = playlist.slot = None
    playlist.held_on = day
    _judged(playlist, on)
    audit.append(session, audit.Act.COURSE, playlist.name, deed="hold", on=day.isoformat())


def programme_of(playlist: Playlist) -> tuple[Programme, CourseDay] | None:
    """The course and its day on which the playlist is held; None outside of any course."""
    if playlist.course is None or playlist.course_day is None:
        return None
    programme = find_programme(playlist.course)
    return programme, programme.day(playlist.course_day)


def _judged(playlist: Playlist, on: date) -> None:
    for entry in playlist.entries:
        if entry.excerpt is not None:
            for day in judged_on(playlist, on):
                permit_leaving(entry.excerpt.recording, playlist.use, day, entry.excerpt.name)


def _open(programme: Programme) -> str:
    return ", ".join(slot.key for slot in programme.slots if slot.kind is not SlotKind.BREAK)
