"""A proposal of duties: asked of the rows, explained in sentences, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.course.duties import duties, wishes
from mbtg_video.course.model import Duty, DutyKind, WishKind
from mbtg_video.course.people import members
from mbtg_video.course.plan import DOES, SHARES, SPREADS, Aim, Plan, Post, Question, Want
from mbtg_video.course.programme import Programme
from mbtg_video.course.solve import Unmet, best, unmet
from mbtg_video.errors import BadInput

_CALLED = {
    DutyKind.CLINICAL: "clinical material",
    DutyKind.THEORY: "theory",
    DutyKind.COTHERAPIST: "co-therapist",
}
_TIMES = {0: "never", 1: "once", 2: "twice"}
_WORSE = {
    Aim.RATHER_NOT: "there would be {now} duties that somebody would rather not have, not {was}",
    Aim.GLADLY: "{now} wishes to have a duty would not be met, not {was}",
    Aim.DOUBLED: "{now} times somebody would have theory beside another duty, not {was}",
    Aim.IN_A_ROW: "{now} times somebody would have duties on two days in a row, not {was}",
    Aim.SAME_PAIR: "{now} times the same two would be co-therapists again, not {was}",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan with why each duty is as it is, and what could not be granted and why."""

    question: Question
    plan: Plan
    reasons: Mapping[Post, str]
    """One sentence for each duty that was proposed."""
    unmet: tuple[Unmet, ...]
    costs: tuple[str, ...]
    """One sentence for each of `unmet`."""


def first_open(programme: Programme, on: date) -> int:
    """First day that is not over; raises `BadInput` when all are."""
    for day in programme.days:
        if day.date >= on:
            return day.number
    raise BadInput(
        f"All days of {programme.id} are over. To plan nevertheless: "
        f"mbtg course assign --propose --from-day {programme.days[0].number} "
        f"--course {programme.id}"
    )


def question_of(
    session: Session, programme: Programme, needs: Mapping[DutyKind, int], first: int
) -> Question:
    """What the library knows, as the planner takes it; raises `BadInput` without participants.

    A wish about one duty goes before the same person's wish about the whole day.
    """
    programme.day(first)
    persons = tuple(member.person.code for member in members(session, programme.id))
    if not persons:
        raise BadInput(
            f"Nobody takes part in {programme.id}. To enrol: mbtg course enrol CODE… "
            f"--course {programme.id}"
        )
    days = tuple(day.number for day in programme.days)
    rows = wishes(session, programme.id)
    told = {(row.day, row.person_id, row.duty) for row in rows}
    wants = []
    for row in rows:
        kinds = (row.duty,) if row.duty else tuple(
            kind for kind in DutyKind if (row.day, row.person_id, kind) not in told
        )  # fmt: skip
        if row.day in days and kinds and row.person.code in persons:
            wants.append(Want(row.person.code, row.day, kinds, row.wish))
    kept = frozenset(
        Post(row.day, row.kind, row.person.code)
        for row in duties(session, programme.id)
        if row.day in days and (row.day < first or not row.proposed)
    )
    return Question(persons, days, dict(needs), kept, tuple(wants), first)


def propose(question: Question) -> Proposal:
    """The best plan, explained; raises `BadInput` that says why there is none."""
    plan = best(question)
    missed = tuple(unmet(question, plan))
    reasons = {
        post: _reason(question, plan, post)
        for post in sorted(plan.posts)
        if post.day >= question.first and post not in question.kept
    }
    return Proposal(question, plan, reasons, missed, tuple(_cost(plan, one) for one in missed))


def keep(session: Session, programme: Programme, proposal: Proposal) -> None:
    """Put a proposal in the place of the earlier one; what was set by hand stays as it is."""
    first = proposal.question.first
    there = {}
    removed = 0
    for row in duties(session, programme.id):
        post = Post(row.day, row.kind, row.person.code)
        if row.proposed and row.day >= first and post not in proposal.reasons:
            session.delete(row)
            removed += 1
        else:
            there[post] = row
    session.flush()
    people = {member.person.code: member.person for member in members(session, programme.id)}
    added = [post for post in proposal.reasons if post not in there]
    for post in added:
        session.add(
            Duty(
                course=programme.id,
                day=post.day,
                kind=post.kind,
                person=people[post.person],
                proposed=True,
                assigned_at=datetime.now(UTC),
            )
        )
    audit.append(
        session,
        audit.Act.COURSE,
        programme.id,
        deed="propose",
        from_day=first,
        added=len(added),
        removed=removed,
    )
    session.flush()


def summary(plan: Plan) -> str:
    """How far the plan reaches each aim, in one sentence."""
    figures = plan.figures
    spreads = ", ".join(f"{_CALLED[kind]} {figures[aim]}" for aim, kind in SPREADS.items())
    return (
        f"Between who has a duty most often and who least: {spreads}. Duties that somebody would "
        f"rather not have: {figures[Aim.RATHER_NOT]}. "
        f"Wishes for a duty not met: {figures[Aim.GLADLY]}. Theory "
        f"beside another duty: {figures[Aim.DOUBLED]}. Duties two days in a row: "
        f"{figures[Aim.IN_A_ROW]}. The same co-therapists again: {figures[Aim.SAME_PAIR]}."
    )


def _often(times: int) -> str:
    return _TIMES.get(times, f"{times} times")


def _reason(question: Question, plan: Plan, post: Post) -> str:
    """Why a person has this duty: how often they have it, others do, and what they wished."""
    mine = plan.times(post.kind, post.person)
    others = {plan.times(post.kind, person) for person in question.persons if person != post.person}
    does = f"{post.person} {DOES[post.kind]} {_often(mine)}"
    if others == {mine}:
        does += " like everybody"
    elif others:
        least, most = min(others), max(others)
        between = "or" if most - least == 1 else "to"
        span = _often(most) if least == most else f"{_often(least)} {between} {_often(most)}"
        does += f", the others {span}"
    said = [want for want in question.wants if post in want.posts]
    wished = {want.how: want for want in said}
    if WishKind.GLADLY in wished:
        about = "for it" if len(wished[WishKind.GLADLY].kinds) == 1 else "for a duty"
        return f"{does}; asked gladly {about} on day {post.day}"
    if WishKind.RATHER_NOT in wished:
        return f"{does}; would rather not on day {post.day}, see below"
    return does


def _cost(plan: Plan, one: Unmet) -> str:
    """Why a wish is not met."""
    want = one.want
    of = f" {want.kinds[0]}" if len(want.kinds) == 1 else " a duty"
    wished = f"{want.person} {want.how.replace('_', ' ')}{of} on day {want.day}"
    if one.draw:
        return f"{wished}: not met, since another wish of the same weight would fail instead"
    if one.aim is None:
        return f"{wished}: not met, since what is set by hand or cannot be leaves no way"
    if one.figure is None:
        return f"{wished}: not met; the search was stopped before it was settled whether it could"
    if one.aim in SHARES:
        called = _CALLED[SPREADS[SHARES[one.aim]]]
        why = f"it would be shared less evenly who has {called}"
    elif one.aim in SPREADS:
        does = DOES[SPREADS[one.aim]]
        why = (
            f"between who most often {does} and who least often there would be {one.figure}, "
            f"not {plan.figures[one.aim]}"
        )
    else:
        why = _WORSE[one.aim].format(now=one.figure, was=plan.figures[one.aim])
    return f"{wished}: not met, since {why}"
