"""When a playlist is held: in a slot of a course day, or on a date outside of any course.

Every consent is judged for that day as well as for today.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.course.programme import CourseDay, Programme, SlotKind, find_programme
from mbtg_video.course.timetable import slot_of
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.recording.access import permit_leaving
from mbtg_video.supervision.model import Playlist


def judged_on(playlist: Playlist, today: date) -> tuple[date, ...]:
    """The days on which consents have to hold: today, and the day on which it is held.

    Where its course has moved that day since, both dates count.
    """
    days = [today, playlist.held_on, _moved_to(playlist)]
    return tuple(dict.fromkeys(day for day in days if day is not None))


def _moved_to(playlist: Playlist) -> date | None:
    """When the course has that day by now; None where it is gone."""
    if playlist.course is None or playlist.course_day is None:
        return None
    try:
        return find_programme(playlist.course).day(playlist.course_day).date
    except NotFound:
        return None


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
    if playlist.course is not None:
        playlist.slot_minutes = None  # those of the slot that it leaves
    playlist.course = playlist.course_day = playlist.slot = None
    playlist.held_on = day
    _judged(playlist, on)
    audit.append(session, audit.Act.COURSE, playlist.name, deed="hold", on=day.isoformat())


def programme_of(playlist: Playlist) -> tuple[Programme, CourseDay] | None:
    """The course and its day on which the playlist is held; None outside of any course.

    Raises `NotFound` without the course, and `BadInput` where it has changed that day since.
    """
    if playlist.course is None or playlist.course_day is None:
        return None
    programme = find_programme(playlist.course)
    return programme, still_held(playlist, programme)


def still_held(playlist: Playlist, programme: Programme) -> CourseDay:
    """The course day on which the playlist is held; raises `BadInput` unless all is as it was."""
    open_slots = {slot.key for slot in programme.slots if slot.kind is not SlotKind.BREAK}
    for day in programme.days:
        as_it_was = (day.number, day.date) == (playlist.course_day, playlist.held_on)
        if as_it_was and playlist.slot in open_slots:
            return day
    raise BadInput(
        f"{playlist.name} was to be held on {playlist.held_on}, day {playlist.course_day}, in the "
        f"slot {playlist.slot} of {programme.id}, which has changed since. Say it anew: mbtg "
        f"playlist hold {playlist.name} --day N --slot KEY --course {programme.id}"
    )


def _judged(playlist: Playlist, on: date) -> None:
    for entry in playlist.entries:
        if entry.excerpt is not None:
            for day in judged_on(playlist, on):
                permit_leaving(entry.excerpt.recording, playlist.use, day, entry.excerpt.name)


def _open(programme: Programme) -> str:
    return ", ".join(slot.key for slot in programme.slots if slot.kind is not SlotKind.BREAK)
