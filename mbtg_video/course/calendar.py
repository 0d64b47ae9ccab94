"""A course as a calendar (iCalendar, RFC 5545): its slots, its days, one participant's duties."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType
from typing import Final

from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.course.model import DutyKind
from mbtg_video.course.programme import CourseDay, Programme, Slot, SlotKind
from mbtg_video.scale import Scale, Wording, find_scale
from mbtg_video.settings import Language

_DAY = Wording(nb="Dag {number}: {theme}", en="Day {number}: {theme}")
_FOCUS = Wording(nb="Fokus: {items}", en="Focus: {items}")
_SCORING = Wording(nb="En videosekvens skåres sammen.", en="A video sequence is scored together.")
_YOURS = Wording(nb="Dine oppgaver: {duties}", en="Your duties: {duties}")
_DUTY: Final[Mapping[DutyKind, Wording]] = MappingProxyType(
    {
        DutyKind.CLINICAL: Wording(nb="klinisk materiale", en="clinical material"),
        DutyKind.THEORY: Wording(nb="teori", en="theory"),
        DutyKind.COTHERAPIST: Wording(nb="koterapeut i rollespillet", en="co-therapist"),
    }
)
_DONE_IN: Final[Mapping[DutyKind, SlotKind]] = MappingProxyType(
    {
        DutyKind.CLINICAL: SlotKind.SUPERVISION,
        DutyKind.THEORY: SlotKind.THEORY,
        DutyKind.COTHERAPIST: SlotKind.ROLEPLAY,
    }
)
_DOMAIN = "mbtg-video"


def revised(session: Session, programme: Programme) -> datetime:
    """When anything of the course was last decided, to the second: the calendar's time stamp.

    It comes from the audit, so that the same decisions give the same calendar, and later ones a
    later stamp, which calendars need to take them.
    """
    found = [
        line.at
        for line in audit.list_lines(session, act=audit.Act.COURSE)
        if programme.id in line.subjects.split() and line.detail.get("deed") != "calendar"
    ]
    begins = datetime.combine(programme.days[0].date, time(), tzinfo=UTC)
    return max(found, default=begins).replace(microsecond=0)


def calendar(
    programme: Programme,
    slots: Sequence[Slot],
    language: Language,
    stamp: datetime,
    mine: Mapping[int, Collection[DutyKind]] = MappingProxyType({}),
) -> bytes:
    """One event a day and one a slot, at the course's own times; `mine` are duties by day.

    `slots` are the settled ones. An event keeps its UID whatever changes in it.
    """
    scale = find_scale(programme.scale)
    made = Calendar()
    made.add("prodid", f"-//{_DOMAIN}//{programme.id}//{language.upper()}")
    made.add("version", "2.0")
    made.add("x-wr-calname", programme.title.spoken(language))
    for day in programme.days:
        duties = [kind for kind in DutyKind if kind in mine.get(day.number, ())]
        whole = _event(programme, stamp, f"day{day.number}")
        theme = day.spoken(language)
        whole.add("summary", _DAY.spoken(language).format(number=day.number, theme=theme))
        whole.add("dtstart", day.date)
        whole.add("dtend", day.date + timedelta(days=1))
        whole.add("transp", "TRANSPARENT")
        whole.add("description", _told(day, scale, language, duties))
        made.add_component(whole)
        for slot in slots:
            one = _event(programme, stamp, f"day{day.number}-{slot.key}")
            one.add("summary", slot.spoken(language))
            for name, at in (("dtstart", slot.start), ("dtend", slot.end)):
                one.add(name, datetime.combine(day.date, at, tzinfo=programme.zone))
            one.add("transp", "TRANSPARENT" if slot.kind is SlotKind.BREAK else "OPAQUE")
            if slot.kind is not SlotKind.BREAK:
                here = [kind for kind in duties if _DONE_IN[kind] is slot.kind]
                one.add("description", _told(day, scale, language, here))
            made.add_component(one)
    first, last = programme.days[0].date, programme.days[-1].date
    made.add_missing_timezones(
        # A whole year around, so that the rules of summer time are told and not their history.
        first_date=first.replace(month=1, day=1),
        last_date=last.replace(month=12, day=31),
    )
    written: bytes = made.to_ical()
    return written


def _event(programme: Programme, stamp: datetime, name: str) -> Event:
    event = Event()
    event.add("uid", f"{programme.id}-{name}@{_DOMAIN}")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", programme.version)
    event.add("location", programme.place)
    return event


def _told(day: CourseDay, scale: Scale, language: Language, duties: Sequence[DutyKind]) -> str:
    lines = [day.spoken(language)]
    if day.focus:
        items = "; ".join(f"{item} {scale.item(item).spoken(language)}" for item in day.focus)
        lines.append(_FOCUS.spoken(language).format(items=items))
    if day.scoring:
        lines.append(_SCORING.spoken(language))
    if duties:
        named = ", ".join(_DUTY[kind].spoken(language) for kind in duties)
        lines.append(_YOURS.spoken(language).format(duties=named))
    return "\n".join(lines)
