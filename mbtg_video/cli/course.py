"""``mbtg course``: programmes, their times, and calendars of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mbtg_video import audit
from mbtg_video.cli import course_duties, course_people, output
from mbtg_video.cli.agenda import course_agenda
from mbtg_video.cli.course_letters import letters
from mbtg_video.cli.course_progress import progress
from mbtg_video.cli.options import course_option, noun
from mbtg_video.cli.session import opened, programme, settings
from mbtg_video.course.model import DutyKind
from mbtg_video.course.programme import (
    Clash,
    Programme,
    Slot,
    clashes,
    keep_programme,
    programme_paths,
    read_programme,
)
from mbtg_video.course.timetable import settle, timetable, told, unsettled
from mbtg_video.errors import NoLibrary
from mbtg_video.leaving import check_target, write_out
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.users import Power

command = noun("The course: days, slots, participants, duties.")
for verb in (*course_people.VERBS, *course_duties.VERBS, progress, letters, course_agenda):
    command.add_command(verb)


def _record(course: Programme, language: Language) -> dict[str, Any]:
    return {
        "id": course.id,
        "version": course.version,
        "title": course.title.spoken(language),
        "days": len(course.days),
        "from": course.days[0].date,
        "to": course.days[-1].date,
        "participants": course.participants,
    }


@command.command(name="list")
def list_() -> None:
    """List the courses."""
    language = settings().language
    records = [_record(read_programme(path), language) for path in programme_paths().values()]
    output.table(records, ("id", "version", "title", "days", "from", "to", "participants"))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is a course, and what is wrong with it if not."""
    course = read_programme(file)
    record = _record(course, settings().language)
    for clash in clashes(course):
        output.warn(told(course, clash))
    output.done(
        f"{file} is a course: {course.label}, {record['days']} days. "
        f"To use it: mbtg course add {file}",
        **record,
    )


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def add(file: Path) -> None:
    """Keep the course in FILE among your own, after checking it."""
    course = keep_programme(file)
    output.done(f"Added course {course.label}.", **_record(course, settings().language))


def _days(course: Programme, number: int | None, language: Language) -> list[dict[str, Any]]:
    scale = find_scale(course.scale)
    days = course.days if number is None else (course.day(number),)
    return [
        {
            "number": day.number,
            "date": day.date,
            "theme": day.spoken(language),
            "roleplay": day.roleplay,
            "focus": [
                {"item": item, "name": scale.item(item).spoken(language)} for item in day.focus
            ],
            "scored": day.scoring,
        }
        for day in days
    ]


def _slot(slot: Slot, language: Language) -> dict[str, Any]:
    return {
        "key": slot.key,
        "kind": slot.kind,
        "from": f"{slot.start:%H:%M}",
        "to": f"{slot.end:%H:%M}",
        "minutes": slot.minutes,
        "title": slot.spoken(language),
    }


def _times(course: Programme) -> tuple[tuple[Slot, ...], list[Clash]]:
    """Slots as the library has settled them, and what waits; without a library all waits."""
    try:
        with opened(Power.LOOK) as library, library.transaction() as session:
            waiting = unsettled(session, course)
            return (course.slots if waiting else timetable(session, course)), waiting
    except NoLibrary:
        return course.slots, list(clashes(course))


@command.command()
@click.argument("course_id", required=False, metavar="[COURSE]")
@click.option("--day", "number", type=int, metavar="N", help="Only this day.")
def show(course_id: str | None, number: int | None) -> None:
    """Show the days of COURSE, with their focus on the scale, and its slots.

    Times are those settled with `course choose`. Without a library the programme's own are shown.
    """
    course, language = programme(course_id), settings().language
    days = _days(course, number, language)
    slots, waiting = _times(course)
    for clash in waiting:
        output.warn(told(course, clash))
    lines = [_slot(slot, language) for slot in slots]
    if output.wants_json():
        more = {"place": course.place, "timezone": course.timezone, "scale": course.scale}
        output.details(
            _record(course, language) | more
            | dict(zip(("days", "slots", "settled"), (days, lines, not waiting), strict=True))
        )  # fmt: skip
        return
    output.say(f"{course.title.spoken(language)}, {course.label}: {course.place}")
    for day in days:
        day["focus"] = "\n".join(f"{one['item']} {one['name']}" for one in day["focus"]) or None
    output.table(days, ("number", "date", "theme", "roleplay", "focus", "scored"))
    output.table(lines, ("key", "from", "to", "minutes", "title"))


@command.command()
@click.argument("slot")
@course_option
def choose(slot: str, course_id: str | None) -> None:
    """Let SLOT keep its time where the programme lets it overlap with another."""
    course = programme(course_id)
    with opened(Power.PLAN) as library, library.transaction() as session:
        settle(session, course, slot)
        waiting = unsettled(session, course)
        slots = course.slots if waiting else timetable(session, course)
    for clash in waiting:
        output.warn(told(course, clash))
    times = ", ".join(f"{one.key} {one.start:%H:%M}-{one.end:%H:%M}" for one in slots)
    output.done(
        f"{slot} keeps its time in {course.id}. The times are now: {times}",
        course=course.id,
        kept=slot,
        settled=not waiting,
        slots=[_slot(one, settings().language) for one in slots],
    )


@command.command()
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE.ics")
@click.option("--for", "code", metavar="CODE", help="With the duties of this participant alone.")
@course_option
def calendar(target: Path, code: str | None, course_id: str | None) -> None:
    """Write the course as a calendar: an event for each day and each slot. The file is not sealed.

    Read into a calendar again after a change, events that are there already are brought up to date.
    """
    from mbtg_video.course.calendar import calendar as written
    from mbtg_video.course.calendar import revised
    from mbtg_video.course.duties import duties
    from mbtg_video.course.people import find_member

    course = programme(course_id)
    mine: dict[int, set[DutyKind]] = {}
    subjects = [course.id] if code is None else [course.id, code]
    with opened(Power.PLAN) as library:
        check_target(library, target)
        with library.transaction() as session:
            if code is not None:
                member = find_member(session, course.id, code)
                for row in duties(session, course.id):
                    if row.person_id == member.person_id:
                        mine.setdefault(row.day, set()).add(row.kind)
            slots = timetable(session, course)
            stamp = revised(session, course)
        write_out(
            library,
            target,
            written(course, slots, settings().language, stamp, mine),
            lambda session: audit.append(session, audit.Act.COURSE, *subjects, deed="calendar"),
            power=Power.PLAN,
        )
    events = len(course.days) * (1 + len(slots))
    output.done(
        f"Wrote {events} events of {course.id} to {target}. The file is not sealed.",
        file=target,
        course=course.id,
        events=events,
    )
