"""``mbtg course assign|duties``."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.course_people import DUTY
from mbtg_video.cli.options import CommonCommand, course_option
from mbtg_video.cli.session import opened, programme, today
from mbtg_video.course.duties import assign as give
from mbtg_video.course.duties import duties as all_duties
from mbtg_video.course.duties import per_day, unassign
from mbtg_video.course.model import DutyKind
from mbtg_video.course.people import find_member
from mbtg_video.course.plan import DOES, Post
from mbtg_video.course.programme import Programme
from mbtg_video.course.propose import Proposal, first_open, keep, propose, question_of, summary
from mbtg_video.errors import BadInput
from mbtg_video.users import Power

_MANY = click.IntRange(0, 100)


@click.command(cls=CommonCommand)
@click.argument("code", required=False)
@click.option("--day", type=int, metavar="N", help="The day of a duty set by hand.")
@click.option("--duty", type=DUTY, help="Which duty is set by hand.")
@click.option("--remove", is_flag=True, help="Take the duty away.")
@click.option("--propose", "proposed", is_flag=True, help="Plan all that is not set by hand.")
@click.option("--clinical", type=_MANY, metavar="N", help="How many present their own group a day.")
@click.option("--theory", type=_MANY, metavar="N", help="How many present theory a day.")
@click.option("--cotherapists", type=_MANY, metavar="N", help="How many are co-therapists a day.")
@click.option("--from-day", type=int, metavar="N", help="First day to plan; default: the next one.")
@click.option("--dry-run", is_flag=True, help="Only show the proposal.")
@course_option
def assign(
    code: str | None,
    day: int | None,
    duty: str | None,
    remove: bool,
    proposed: bool,
    clinical: int | None,
    theory: int | None,
    cotherapists: int | None,
    from_day: int | None,
    dry_run: bool,
    course_id: str | None,
) -> None:
    """Give CODE a duty by hand, or let the program propose fair ones with --propose.

    A proposal takes the place of the earlier one. What was set by hand stays, and days before
    --from-day stay as they were. Everybody has each duty equally often, as far as it can be; after
    that as few wishes as possible are broken, as many as possible granted, and as few as possible
    have duties two days in a row. Each duty, and each wish that is not met, is explained.
    """
    course = programme(course_id)
    counts = {
        DutyKind.CLINICAL: clinical,
        DutyKind.THEORY: theory,
        DutyKind.COTHERAPIST: cotherapists,
    }
    named = {kind: many for kind, many in counts.items() if many is not None}
    if proposed:
        if code is not None or day is not None or duty is not None or remove:
            raise BadInput("--propose plans everybody: leave out CODE, --day, --duty and --remove")
        _propose(course, per_day(course) | named, from_day, dry_run)
        return
    if named or from_day is not None or dry_run:
        raise BadInput(
            "--clinical, --theory, --cotherapists, --from-day and --dry-run go with --propose"
        )
    if code is None or day is None or duty is None:
        raise BadInput(
            "say who, when and what: mbtg course assign CODE --day N --duty KIND; or let all be "
            "proposed: mbtg course assign --propose"
        )
    kind = DutyKind(duty)
    with opened(Power.PLAN) as library, library.transaction() as session:
        member = find_member(session, course.id, code)
        (unassign if remove else give)(session, course, member, day, kind)
    done = (
        f"Day {day}: {code} no longer {DOES[kind]}."
        if remove
        else f"Day {day}: {code} {DOES[kind]}."
    )
    output.done(done, code=code, day=day, duty=kind, proposed=False, removed=remove)


def _propose(
    course: Programme, needs: dict[DutyKind, int], from_day: int | None, dry_run: bool
) -> None:
    first = first_open(course, today()) if from_day is None else from_day
    with opened(Power.PLAN) as library:
        with library.transaction() as session:
            question = question_of(session, course, needs, first)
        made = propose(question)
        if not dry_run:
            with library.transaction() as session:
                if question_of(session, course, needs, first) != question:
                    raise BadInput(
                        "Duties or wishes were changed while this was planned. Nothing was "
                        "changed; propose again."
                    )
                keep(session, course, made)
    _show(course, made, dry_run)


def _line(course: Programme, post: Post, reason: str | None) -> dict[str, Any]:
    return {
        "day": post.day,
        "date": course.day(post.day).date,
        "duty": post.kind,
        "code": post.person,
        "proposed": reason is not None,
        "reason": reason,
    }


def _show(course: Programme, made: Proposal, dry_run: bool) -> None:
    order = {kind: place for place, kind in enumerate(DutyKind)}
    ranks = {code: place for place, code in enumerate(made.question.ordered)}
    posts = sorted(
        (post for post in made.plan.posts if post.day >= made.question.first),
        key=lambda post: (post.day, order[post.kind], ranks[post.person]),
    )
    lines = [_line(course, post, made.reasons.get(post)) for post in posts]
    unproven = [str(aim) for aim in made.plan.unproven]
    if output.wants_json():
        missed = [
            {"code": one.want.person, "day": one.want.day, "duties": list(one.want.kinds),
             "wish": one.want.how, "aim": one.aim, "draw": one.draw, "reason": cost}
            for one, cost in zip(made.unmet, made.costs, strict=True)
        ]  # fmt: skip
        record = {"course": course.id, "from_day": made.question.first, "kept": not dry_run}
        figures = {str(aim): figure for aim, figure in made.plan.figures.items()}
        output.done(
            "", **record, duties=lines, not_granted=missed, figures=figures, unproven=unproven
        )
        return
    output.table(lines, ("day", "date", "duty", "code", "proposed"))
    output.say(summary(made.plan))
    by_person = sorted(made.reasons, key=lambda post: (ranks[post.person], order[post.kind]))
    reasons = dict.fromkeys(made.reasons[post] for post in by_person)
    for reason in reasons:
        # Of a duty that was wished for on one of its days, the sentence with the wish says it all.
        if not any(other.startswith(f"{reason};") for other in reasons):
            output.say(reason)
    for cost in made.costs:
        output.say(cost)
    for aim in unproven:
        output.warn(f"A better plan may exist by this aim, which took too many steps: {aim}")
    if dry_run:
        output.say("Nothing was changed. To keep it, leave out --dry-run.")


@click.command(cls=CommonCommand)
@click.option("--day", type=int, metavar="N", help="Only this day.")
@course_option
def duties(day: int | None, course_id: str | None) -> None:
    """List who does what on which day."""
    course = programme(course_id)
    dates: dict[int, date] = {one.number: one.date for one in course.days}
    if day is not None:
        course.day(day)
    with opened(Power.LOOK) as library, library.transaction() as session:
        records: list[dict[str, Any]] = [
            {
                "day": row.day,
                "date": dates.get(row.day),
                "duty": row.kind,
                "code": row.person.code,
                "proposed": row.proposed,
            }
            for row in all_duties(session, course.id, day)
        ]
    output.table(records, ("day", "date", "duty", "code", "proposed"))


VERBS: Final = (assign, duties)
