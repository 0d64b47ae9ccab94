"""Who has shown what on the course days, and which items in focus were covered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mbtg_video.consent.model import Use
from mbtg_video.course.model import DutyKind
from mbtg_video.course.people import find_member
from mbtg_video.course.programme import find_programme
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.library import open_library
from mbtg_video.supervision.filling import fill_case
from mbtg_video.supervision.model import Entry, EntryKind, Playlist
from mbtg_video.supervision.progress import progress
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
from tests.coursework import COURSE, DAY_1, DAY_2, DAY_3, enrol, give, prepare, undone
from tests.libraries import PASSPHRASE

LENGTH = timedelta(seconds=30 / 25)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, recording_file):
    root = tmp_path_factory.mktemp("progress") / "library"
    prepare(root, recording_file)
    with open_library(root, PASSPHRASE) as library:
        with library.transaction() as session:
            enrol(session, "K2", None, None)
        yield library


@pytest.fixture
def session(prepared):
    with undone(prepared) as session:
        yield session


def hold(session, day, *excerpts, on=None, course=COURSE):
    """A playlist with these excerpts, held on a day of the course."""
    entries = [
        Entry(position=n, kind=EntryKind.EXCERPT, excerpt=find_excerpt(session, number), minutes=5)
        for n, number in enumerate(excerpts, start=1)
    ]
    step = Entry(position=len(entries) + 1, kind=EntryKind.DISCUSSION, text="Hva nå?", minutes=15)
    session.add(
        Playlist(
            title="Fredag", use=Use.COURSE, course=course, course_day=day, held_on=on,
            made_at=datetime.now(UTC), entries=[*entries, step],
        )
    )  # fmt: skip
    session.flush()


def tag(session, item, start_us, end_us=None):
    end = None if end_us is None else Timecode(end_us)
    mark = Mark(start=Timecode(start_us), end=end, scale="mbt-g-aqs", item=item)
    return add_tag(session, find_excerpt(session, 1).recording, mark, on=DAY_1)


def so_far(session, on=DAY_3):
    session.flush()
    found = progress(session, find_programme(COURSE), on)
    return {one.participant: one for one in found.participants}, {d.day: d for d in found.days}


def test_a_clip_of_ones_own_group_counts_and_a_role_play_for_those_who_take_part(session):
    hold(session, 1, 1)
    hold(session, 3, 2, on=DAY_3)
    people, days = so_far(session)
    assert list(people) == ["K1", "K2"]
    assert (people["K1"].excerpts, people["K1"].roleplays) == (("X1",), ("X2",))
    assert (people["K2"].excerpts, people["K2"].roleplays) == ((), ("X2",))
    assert people["K1"].shown == 2 * LENGTH
    assert people["K2"].shown == LENGTH
    assert people["K1"].days == (1, 3)
    assert (days[1].excerpts, days[1].participants, days[1].shown) == (("X1",), ("K1",), LENGTH)
    assert days[3].participants == ("K1", "K2")
    assert [day.held for day in days.values()] == [True] * 3 + [False] * 5


def test_what_lies_ahead_or_in_another_course_or_in_none_was_not_shown(session):
    hold(session, 4, 1)
    hold(session, None, 1, on=DAY_1, course="another")
    hold(session, None, 1, on=DAY_1, course=None)
    people, days = so_far(session)
    assert not people["K1"].presented
    assert not any(day.excerpts for day in days.values())
    people, _ = so_far(session, date(2026, 5, 29))
    assert people["K1"].presented


def test_the_day_of_the_session_itself_counts(session):
    hold(session, 3, 1, on=DAY_3)
    assert not so_far(session, DAY_3 - timedelta(1))[0]["K1"].presented
    assert so_far(session, DAY_3)[0]["K1"].presented


def test_a_clip_shown_twice_a_day_counts_once_and_on_two_days_twice(session):
    hold(session, 1, 1, 1)
    hold(session, 1, 1)
    hold(session, 2, 1)
    people, days = so_far(session)
    assert people["K1"].excerpts == ("X1",)
    assert people["K1"].shown == 2 * LENGTH
    assert days[1].excerpts == ("X1",)


def test_an_item_in_focus_is_covered_by_a_tag_that_lies_in_what_is_shown(session):
    hold(session, 3, 1)  # in focus: 10, 11 and 12; frames 10 to 40 of R1
    tag(session, 11, 1_000_000)
    tag(session, 12, 1_600_000)  # the first moment behind its end
    tag(session, 10, 0, 400_000)  # ends where it begins
    tag(session, 3, 1_000_000)  # not in focus
    tag(session, 12, 1_000_000).scale = "another"
    people, days = so_far(session)
    assert (days[3].covered, days[3].not_yet) == ((11,), (10, 12))
    assert people["K1"].items == (11,)
    tag(session, 10, 0, 400_001)
    assert so_far(session)[1][3].covered == (10, 11)
    assert so_far(session)[1][4].not_yet == (16, 15)


def test_duties_are_done_or_planned_and_one_without_a_clip_is_told(session):
    for code, day, kind in (
        ("K1", 1, DutyKind.CLINICAL),
        ("K1", 3, DutyKind.CLINICAL),
        ("K1", 4, DutyKind.CLINICAL),
        ("K2", 2, DutyKind.THEORY),
        ("K2", 8, DutyKind.COTHERAPIST),
    ):
        give(session, code, day, kind)
    hold(session, 3, 1)
    people, days = so_far(session)
    assert people["K1"].done[DutyKind.CLINICAL] == (1, 3)
    assert people["K1"].planned[DutyKind.CLINICAL] == (4,)
    assert people["K1"].without_clip == (1,)
    assert people["K2"].done[DutyKind.THEORY] == (2,)
    assert people["K2"].planned[DutyKind.COTHERAPIST] == (8,)
    assert days[8].duties[DutyKind.COTHERAPIST] == ("K2",)


def test_where_two_present_a_group_a_clip_is_whose_duty_it_was_on_its_day(session):
    find_member(session, COURSE, "K2").group = find_member(session, COURSE, "K1").group
    for code, day in (("K1", 2), ("K2", 3)):
        give(session, code, day)
    hold(session, 2, 1, on=DAY_2)
    later = Playlist(
        title="Senere", use=Use.COURSE, course=COURSE, course_day=3, held_on=DAY_3,
        slot="afternoon", slot_minutes=30, made_at=datetime.now(UTC),
    )  # fmt: skip
    session.add(later)
    session.flush()
    case = fill_case(session, later, talk=5, only=None, on=DAY_2)
    assert case.shown == {"K1": LENGTH + timedelta(minutes=5)}
