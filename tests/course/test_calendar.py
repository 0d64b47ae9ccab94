from datetime import UTC, date, datetime

import msgspec
from icalendar import Calendar

from mbtg_video.course.calendar import calendar
from mbtg_video.course.model import DutyKind
from mbtg_video.course.programme import clashes, find_programme, settled
from mbtg_video.settings import Language

STAMP = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
COURSE = find_programme("mbt-g-2026")
SLOTS = (*COURSE.slots[:2], *settled(clashes(COURSE)[0], "lunch"), COURSE.slots[-1])


def read(content):
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_every_day_and_slot_is_an_event_that_stands_at_oslos_own_time():
    events = read(calendar(COURSE, SLOTS, Language.NB, STAMP))
    assert len(events) == 8 * (1 + 5)
    winter = events["mbt-g-2026-day1-roleplay@mbtg-video"]
    summer = events["mbt-g-2026-day5-roleplay@mbtg-video"]
    assert winter["dtstart"].params["TZID"] == "Europe/Oslo"
    assert winter["dtstart"].dt.astimezone(UTC) == datetime(2026, 2, 6, 8, 0, tzinfo=UTC)
    assert summer["dtstart"].dt.astimezone(UTC) == datetime(2026, 8, 21, 7, 0, tzinfo=UTC)
    assert summer["dtend"].dt.astimezone(UTC) == datetime(2026, 8, 21, 8, 30, tzinfo=UTC)
    whole = events["mbt-g-2026-day7@mbtg-video"]
    assert (whole["dtstart"].dt, whole["dtend"].dt) == (date(2026, 10, 30), date(2026, 10, 31))
    assert whole["location"] == "Holbergs kurs- og konferansesenter, Oslo"
    assert "19 Fokus på forholdet mellom terapeuter og pasienter" in whole["description"]
    assert "skåres sammen" in whole["description"]
    assert all(event["dtstamp"].dt == STAMP for event in events.values())


def test_the_zones_rules_are_in_the_file_for_calendars_that_know_no_zones():
    (zone,) = Calendar.from_ical(calendar(COURSE, SLOTS, Language.NB, STAMP)).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    for day in COURSE.days:
        noon = datetime(day.date.year, day.date.month, day.date.day, 12)  # noqa: DTZ001
        ours = noon.replace(tzinfo=COURSE.zone)
        assert noon.replace(tzinfo=told).utcoffset() == ours.utcoffset()


def test_the_same_course_gives_the_same_bytes_and_a_changed_one_the_same_events():
    first = calendar(COURSE, SLOTS, Language.EN, STAMP)
    assert calendar(COURSE, SLOTS, Language.EN, STAMP) == first
    changed = msgspec.structs.replace(COURSE, version=2, place="Bergen")
    later = read(calendar(changed, SLOTS, Language.EN, STAMP))
    assert set(later) == set(read(first))
    assert {event["sequence"] for event in later.values()} == {2}


def test_ones_own_duties_stand_in_the_day_and_in_the_slot_where_they_are_done():
    mine = {4: {DutyKind.CLINICAL}, 6: {DutyKind.COTHERAPIST, DutyKind.THEORY}}
    events = read(calendar(COURSE, SLOTS, Language.EN, STAMP, mine))
    told = {uid for uid, event in events.items() if "Your duties" in event.get("description", "")}
    assert told == {
        f"mbt-g-2026-{name}@mbtg-video"
        for name in (
            "day4", "day4-supervision", "day4-afternoon", "day6", "day6-roleplay", "day6-theory",
        )
    }  # fmt: skip
    assert (
        "Your duties: theory, co-therapist" in events["mbt-g-2026-day6@mbtg-video"]["description"]
    )
