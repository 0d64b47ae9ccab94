"""Participants, wishes, duties and proposals, as a library keeps them."""

from datetime import date, time

import msgspec
import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.course.duties import assign, clear_wish, duties, unassign, wish, wishes
from mbtg_video.course.model import DutyKind, Wish, WishKind
from mbtg_video.course.people import enrol, find_member, leave, members, play, present_group
from mbtg_video.course.plan import Post, Want
from mbtg_video.course.programme import Slot
from mbtg_video.course.propose import first_open, keep, propose, question_of
from mbtg_video.course.timetable import settle, timetable
from mbtg_video.errors import BadInput, NotFound

CLINICAL, THEORY, COTHERAPIST = DutyKind
ASKED = {CLINICAL: 3, THEORY: 1, COTHERAPIST: 2}


def posts(session, course):
    return {(row.day, row.kind, row.person.code): row.proposed for row in duties(session, course)}


def test_participants_are_enrolled_once_each_and_no_more_than_there_are_places(enrolled, course):
    with enrolled.transaction() as session:
        assert [row.person.code for row in members(session, course.id)][:3] == ["K1", "K2", "K3"]
        for codes, told in (
            (["K1"], "K1 takes part in mbt-g-2026 already"),
            (["T1"], "12 places, and these would be 13"),
            (["P1"], "a person with the role patient"),
        ):
            with pytest.raises(BadInput, match=told):
                enrol(session, course, codes)
        with pytest.raises(NotFound, match="mbtg person add K99"):
            enrol(session, course, ["K99"])
        wider = msgspec.structs.replace(course, participants=14)
        with pytest.raises(BadInput, match="T1 takes part"):
            enrol(session, wider, ["T1", "T1"])
        assert len(members(session, course.id)) == 12
        (therapist,) = enrol(session, wider, ["T1"])
        assert therapist.group.code == "G1"
        present_group(session, find_member(session, course.id, "K1"), "G1")
        assert find_member(session, course.id, "K1").group.code == "G1"


def test_a_character_stays_unless_it_is_changed_on_purpose(enrolled, course):
    with enrolled.transaction() as session:
        member = find_member(session, course.id, "K1")
        assert play(session, member, "A teacher of 40")
        assert not play(session, member, " A teacher of 40 ")
        with pytest.raises(BadInput, match="--force"):
            play(session, member, "A nurse")
        with pytest.raises(BadInput, match="say whom K1 plays"):
            play(session, member, "  ")
        assert play(session, member, "A nurse", change=True)
        details = [str(line.detail) for line in session.scalars(select(audit.AuditLine))]
        assert not [detail for detail in details if "nurse" in detail or "teacher" in detail]


def test_who_leaves_takes_duties_and_wishes_along_and_no_one_elses(enrolled, course):
    with enrolled.transaction() as session:
        for code in ("K1", "K2"):
            member = find_member(session, course.id, code)
            assign(session, course, member, 1, CLINICAL)
            wish(session, course, member, 2, None, WishKind.GLADLY)
        gone = leave(session, find_member(session, course.id, "K1"))
        assert (gone.duties, gone.wishes) == (1, 1)
        assert [row.person.code for row in duties(session, course.id)] == ["K2"]
        assert [row.person.code for row in wishes(session, course.id)] == ["K2"]
        with pytest.raises(NotFound, match="mbtg course enrol K1"):
            find_member(session, course.id, "K1")


def test_duties_set_by_hand_keep_the_rules(enrolled, course):
    with enrolled.transaction() as session:
        k1, k2, k3, k4 = members(session, course.id)[:4]
        for member in (k1, k2, k3):
            assign(session, course, member, 1, CLINICAL)
        assign(session, course, k1, 1, THEORY)
        wish(session, course, k4, 2, COTHERAPIST, WishKind.CANNOT)
        for member, day, kind, told in (
            (k4, 1, CLINICAL, "full: K1, K2, K3. To free one: mbtg course assign K1 --day 1"),
            (k1, 1, CLINICAL, "K1 presents clinical material on day 1 already"),
            (k1, 1, COTHERAPIST, "--duty clinical --remove"),
            (k4, 2, COTHERAPIST, "mbtg course wish K4 --day 2 --duty cotherapist --clear"),
        ):
            with pytest.raises(BadInput, match=told):
                assign(session, course, member, day, kind)
        without = msgspec.structs.replace(course, theory_per_day=0)
        with pytest.raises(BadInput, match="has 0 for theory, and it is full"):
            assign(session, without, k4, 2, THEORY)
        with pytest.raises(NotFound, match="no day 9"):
            assign(session, course, k1, 9, CLINICAL)
        unassign(session, course, k1, 1, CLINICAL)
        assign(session, course, k1, 1, COTHERAPIST)
        with pytest.raises(NotFound, match="K1 has no duty clinical on day 1"):
            unassign(session, course, k1, 1, CLINICAL)
        kinds = [row.kind for row in duties(session, course.id, 1) if row.person.code == "K1"]
        assert kinds == [THEORY, COTHERAPIST]
        assert audit.verify(session) == []


def test_what_was_said_of_a_day_that_the_course_lost_can_be_taken_back(enrolled, course):
    shorter = msgspec.structs.replace(course, days=course.days[:2])
    with enrolled.transaction() as session:
        k1 = find_member(session, course.id, "K1")
        assign(session, course, k1, 3, CLINICAL)
        wish(session, course, k1, 3, THEORY, WishKind.GLADLY)
        unassign(session, shorter, k1, 3, CLINICAL)
        clear_wish(session, shorter, k1, 3, THEORY)
        assert [*duties(session, course.id), *wishes(session, course.id)] == []


def test_a_wish_takes_the_place_of_the_one_about_the_same(enrolled, course):
    with enrolled.transaction() as session:
        k1 = find_member(session, course.id, "K1")
        assert wish(session, course, k1, 3, CLINICAL, WishKind.GLADLY) == []
        wish(session, course, k1, 3, CLINICAL, WishKind.RATHER_NOT)
        wish(session, course, k1, 3, None, WishKind.GLADLY)
        with pytest.raises(BadInput, match="--day 3 --duty clinical --clear"):
            wish(session, course, k1, 3, None, WishKind.CANNOT)
        found = [(row.duty, row.wish) for row in wishes(session, course.id)]
        assert found == [(None, WishKind.GLADLY), (CLINICAL, WishKind.RATHER_NOT)]
        asked = question_of(session, course, ASKED, 1)
        assert asked.wants == (
            Want("K1", 3, (THEORY, COTHERAPIST), WishKind.GLADLY),
            Want("K1", 3, (CLINICAL,), WishKind.RATHER_NOT),
        )
        clear_wish(session, course, k1, 3, CLINICAL)
        with pytest.raises(NotFound, match="mbtg course wishes"):
            clear_wish(session, course, k1, 3, CLINICAL)
        assign(session, course, k1, 3, THEORY)
        against = wish(session, course, k1, 3, None, WishKind.CANNOT)
        assert [row.kind for row in against] == [THEORY]
        with pytest.raises(BadInput, match="at all"):
            wish(session, course, k1, 3, CLINICAL, WishKind.GLADLY)
        assert len(session.scalars(select(Wish)).all()) == 1


def test_a_new_proposal_replaces_the_earlier_one_and_nothing_set_by_hand(enrolled, course):
    needs = {CLINICAL: 1, THEORY: 0, COTHERAPIST: 0}
    with enrolled.transaction() as session:
        k9 = find_member(session, course.id, "K9")
        assign(session, course, k9, 5, CLINICAL)
        made = propose(question_of(session, course, needs, 1))
        keep(session, course, made)
        first = posts(session, course.id)
        assert len(first) == 8
        assert [post for post, proposed in first.items() if not proposed] == [(5, CLINICAL, "K9")]
        assert set(made.reasons) == {Post(*post) for post in first if post[0] != 5}
        (mover,) = (code for day, _, code in first if day == 7)
        wish(session, course, find_member(session, course.id, mover), 7, None, WishKind.CANNOT)
        keep(session, course, propose(question_of(session, course, needs, 6)))
        second = posts(session, course.id)
        assert {p: x for p, x in second.items() if p[0] < 6} == {
            p: x for p, x in first.items() if p[0] < 6
        }
        assert (7, CLINICAL, mover) not in second
        assert len(second) == 8
        assign(session, course, find_member(session, course.id, min(
            code for day, _, code in second if day == 8
        )), 8, CLINICAL)  # fmt: skip
        kept = question_of(session, course, needs, 6).kept
        assert {post.day for post in kept} == {1, 2, 3, 4, 5, 8}


def test_a_proposal_says_why_and_what_it_could_not_grant(enrolled, course):
    with enrolled.transaction() as session:
        for code in ("K3", "K4", "K5", "K6"):
            wish(session, course, find_member(session, course.id, code), 4, CLINICAL,
                 WishKind.GLADLY)  # fmt: skip
        wish(session, course, find_member(session, course.id, "K3"), 5, THEORY, WishKind.CANNOT)
        short = msgspec.structs.replace(course, days=course.days[:4])
        made = propose(question_of(session, short, {**ASKED, THEORY: 0, COTHERAPIST: 0}, 1))
    glad = {post.person: why for post, why in made.reasons.items() if "gladly" in why}
    (code,) = {"K3", "K4", "K5", "K6"} - set(glad)
    for granted, why in glad.items():
        assert why == (
            f"{granted} presents clinical material once like everybody; asked gladly for it on "
            "day 4"
        )
    assert made.costs == (
        f"{code} gladly clinical on day 4: not met, since another wish of the same weight would "
        "fail instead",
    )


def test_planning_begins_with_the_first_day_that_is_not_over(course):
    assert first_open(course, date(2026, 3, 13)) == 2
    assert first_open(course, date(2026, 3, 14)) == 3
    with pytest.raises(BadInput, match="--from-day 1"):
        first_open(course, date(2027, 1, 1))


def test_times_are_refused_until_settled_and_a_choice_can_be_changed(library, course):
    with library.transaction() as session:
        with pytest.raises(BadInput, match="mbtg course choose lunch"):
            timetable(session, course)
        with pytest.raises(BadInput, match="overlaps with no other"):
            settle(session, course, "theory")
        for kept, ends, begins in (("lunch", 12, (12, 0)), ("supervision", 12, (12, 15))):
            settle(session, course, kept)
            slots = {slot.key: slot for slot in timetable(session, course)}
            assert slots["lunch"].start == time(*begins)
            assert slots["supervision"].end == time(*begins), ends


def test_a_slot_between_two_others_gives_at_both_ends_and_never_vanishes(library, course):
    def slot(key, start, end):
        return Slot(key=key, kind="theory", start=start, end=end, nb=key, en=key)

    three = (slot("a", time(9), time(10)), slot("b", time(9, 30), time(11)),
             slot("c", time(10, 30), time(12)))  # fmt: skip
    wide = msgspec.structs.replace(course, slots=three)
    narrow = msgspec.structs.replace(
        course, id="narrow", slots=(three[0], slot("b", time(9, 30), time(10, 30)),
                                    slot("c", time(9, 45), time(12)))
    )  # fmt: skip
    with library.transaction() as session:
        settle(session, wide, "a")
        settle(session, wide, "c")
        found = [(one.key, one.start, one.end) for one in timetable(session, wide)]
        assert found[1] == ("b", time(10), time(10, 30))
        settle(session, narrow, "a")
        settle(session, narrow, "c")
        with pytest.raises(BadInput, match="nothing would be left of"):
            timetable(session, narrow)
