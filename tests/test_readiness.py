"""What participants lack for a course day, taken from one who lacks nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.policy import Reason
from mbtg_video.consent.record import add_person, find_group, find_person, withdraw_uses
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import find_programme
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.library import open_library
from mbtg_video.readiness import Missing, ready, unasked
from mbtg_video.recording.model import Kind, NameState, SpokenName
from mbtg_video.recording.spoken import decide_name, mark_name
from mbtg_video.timecode import Span, Timecode
from tests.coursework import COURSE, DAY_1, DAY_2, DAY_3, enrol, give, prepare, undone
from tests.libraries import PASSPHRASE

BEFORE = date(2026, 1, 20)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, recording_file):
    root = tmp_path_factory.mktemp("readiness") / "library"
    prepare(root, recording_file)
    with open_library(root, PASSPHRASE) as library:
        yield library


@pytest.fixture
def session(prepared):
    with undone(prepared) as session:
        yield session


@pytest.fixture(scope="module")
def programme():
    return find_programme(COURSE)


def lacks(session, programme, on=BEFORE, weeks=6):
    session.flush()
    session.expire_all()
    return [(lack.participant, lack.what, lack.id) for lack in ready(session, programme, on, weeks)]


def consents(session, programme, on=BEFORE):
    session.flush()
    session.expire_all()
    return {
        (lack.id, lack.use, lack.reason)
        for lack in ready(session, programme, on, 6)
        if lack.what is Missing.CONSENT
    }


def consent_of(session, code):
    (consent,) = find_person(session, code).consents
    return consent


def end(what, day):
    def change(session):
        what(session).until = day

    return change


def without(kind):
    def change(session):
        for row in session.query(Document).where(Document.kind == kind).limit(1):
            session.delete(row)

    return change


def without_excerpt(session):
    session.delete(find_excerpt(session, 1))


def without_recording(session):
    find_excerpt(session, 1).recording.group = find_group(session, "KURS")


def only_played(session):
    find_excerpt(session, 1).recording.kind = Kind.ROLEPLAY


def without_group(session):
    session.query(CourseMember).one().group = None


def without_character(session):
    session.query(CourseMember).one().character = None


def deleted_early(session):
    find_excerpt(session, 1).own_delete_by = DAY_1


def name_said(session):
    span = Span(Timecode(600_000), Timecode(700_000))
    mark_name(session, find_excerpt(session, 1).recording, span, on=BEFORE)


def name_muted_since(session):
    name_said(session)
    decide_name(session, session.query(SpokenName).one(), NameState.MUTED, on=BEFORE)


def approval(session):
    return find_group(session, "G1").approvals[0]


def test_whoever_has_everything_lacks_nothing(session, programme):
    give(session, "K1", 1)
    assert lacks(session, programme) == []


@pytest.mark.parametrize(
    ("change", "what", "code", "remedy"),
    [
        (without_group, Missing.GROUP, "K1", "mbtg course group K1"),
        (without_recording, Missing.RECORDING, "G1", "mbtg recording add FILE --group G1"),
        (only_played, Missing.RECORDING, "G1", "mbtg recording add FILE --group G1"),
        (without_excerpt, Missing.EXCERPT, "G1", "mbtg excerpt cut R1"),
        (deleted_early, Missing.RETENTION, "X1", "mbtg excerpt keep X1"),
        (name_said, Missing.NAME, "N1", "mbtg name mute N1"),
        (name_muted_since, Missing.NAME, "N1", "mbtg excerpt remake X1"),
        (end(approval, DAY_1 - timedelta(1)), Missing.APPROVAL, "G1", "mbtg consent approve G1"),
        (without(DocumentKind.GROUP), Missing.DOSSIER_GROUP, "G1", "--kind group"),
        (without(DocumentKind.FRAME), Missing.DOSSIER_FRAME, "G1", "--kind frame"),
        (without(DocumentKind.PATIENT), Missing.DOSSIER_PATIENT, "P1", "patient --person P1"),
        (without(DocumentKind.FORMULATION), Missing.FORMULATION, "G1", "--kind formulation"),
        (without_character, Missing.CHARACTER, "K1", "mbtg course character K1"),
    ],
)
def test_what_is_taken_away_is_lacking_and_nothing_else(
    session, programme, change, what, code, remedy
):
    change(session)
    session.flush()
    session.expire_all()
    (lack,) = ready(session, programme, BEFORE, 6)
    assert (lack.participant, lack.day, lack.on) == ("K1", 1, DAY_1)
    assert (lack.what, lack.id) == (what, code)
    assert remedy in lack.remedy


def test_consents_are_judged_on_the_course_day_for_course_and_supervision(session, programme):
    consent_of(session, "P1").until = DAY_1
    assert consents(session, programme) == set()
    consent_of(session, "P1").until = DAY_1 - timedelta(1)
    assert consents(session, programme) == {
        ("P1", use, Reason.EXPIRED) for use in (Use.COURSE, Use.SUPERVISION)
    }


def test_a_withdrawn_and_a_concealed_consent_are_lacking(session, programme):
    withdraw_uses(session, "P2", [Use.COURSE], on=date(2026, 1, 15))
    consent_of(session, "T1").form = Form.CONCEALED
    assert consents(session, programme) == {
        ("P2", Use.COURSE, Reason.WITHDRAWN),
        ("T1", Use.COURSE, Reason.CONCEALMENT),
        ("T1", Use.SUPERVISION, Reason.CONCEALMENT),
    }


def test_a_patient_who_was_never_filmed_is_asked_as_well(session, programme):
    add_person(session, "P3", "G1", Role.PATIENT)
    add_person(session, "O1", "G1", Role.OBSERVER)
    assert lacks(session, programme) == [
        ("K1", Missing.CONSENT, "P3"),
        ("K1", Missing.CONSENT, "P3"),
        ("K1", Missing.DOSSIER_PATIENT, "P3"),
    ]


def test_a_name_that_was_cleared_or_lies_outside_the_excerpt_is_no_hindrance(session, programme):
    name_said(session)
    name = session.query(SpokenName).one()
    recording = find_excerpt(session, 1).recording
    mark_name(session, recording, Span(Timecode(0), Timecode(100_000)), on=BEFORE)
    assert len(lacks(session, programme)) == 1
    decide_name(session, name, NameState.CLEARED, on=BEFORE, reason="en by")
    assert lacks(session, programme) == []


def test_one_excerpt_that_may_be_shown_is_enough(session, programme):
    name_said(session)
    other = find_excerpt(session, 2)
    other.recording = find_excerpt(session, 1).recording
    other.start, other.first_frame, other.end = map(Timecode, (1_000_000, 1_000_000, 1_500_000))
    assert lacks(session, programme) == []


def test_days_count_from_today_through_the_last_of_the_weeks(session, programme):
    without_character(session)
    one = ("K1", Missing.CHARACTER, "K1")
    for on, weeks, expected in (
        (DAY_1, 0, [one]),
        (DAY_1 + timedelta(1), 4, []),
        (DAY_1 - timedelta(weeks=2), 2, [one]),
        (DAY_1 - timedelta(weeks=2, days=1), 2, []),
    ):
        assert lacks(session, programme, on, weeks) == expected, (on, weeks)


def test_after_the_first_day_only_those_who_present_are_asked(session, programme):
    without_character(session)
    without(DocumentKind.FORMULATION)(session)
    after = DAY_1 + timedelta(1)
    give(session, "K1", 2, DutyKind.THEORY)
    assert lacks(session, programme, after) == []
    give(session, "K1", 2)
    # The draft formulation was for the first day.
    assert lacks(session, programme, after) == [("K1", Missing.CHARACTER, "K1")]


def test_before_the_first_day_every_participant_is_asked(session, programme):
    for code in ("K10", "K2"):
        enrol(session, code, None, "Per, 50 år")
    assert lacks(session, programme) == [
        ("K2", Missing.GROUP, "K2"),
        ("K10", Missing.GROUP, "K10"),
    ]


def test_who_presents_without_taking_part_is_told(session, programme):
    give(session, "K2", 1)
    assert lacks(session, programme) == [("K2", Missing.MEMBERSHIP, "K2")]


def test_what_is_needed_for_no_day_in_particular_is_told_once_and_the_rest_for_each(
    session, programme
):
    without_character(session)
    consent_of(session, "P1").until = DAY_2
    for day in (2, 3):
        give(session, "K1", day)
    session.flush()
    session.expire_all()
    found = [(x.on, x.what, x.use) for x in ready(session, programme, DAY_1 + timedelta(1), 12)]
    assert found == [
        (DAY_2, Missing.CHARACTER, None),
        (DAY_3, Missing.CONSENT, Use.COURSE),
        (DAY_3, Missing.CONSENT, Use.SUPERVISION),
    ]


def test_a_day_on_which_nobody_presents_is_told_and_so_is_a_course_without_participants(
    session, programme
):
    told = unasked(session, programme, BEFORE, 30)
    presented = [day.number for day in programme.days if f"day {day.number}," not in "".join(told)]
    given = session.scalars(select(Duty.day).where(Duty.kind == DutyKind.CLINICAL))
    assert {day for day in presented if day <= 4} == set(given)
    assert unasked(session, programme, date(2026, 12, 5), 30) == []
    session.execute(delete(CourseMember))
    (one,) = unasked(session, programme, BEFORE, 30)
    assert "mbtg course enrol" in one
