"""``mbtg course enrol|leave|people|group|character|wish|wishes``."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, course_option
from mbtg_video.cli.session import opened, programme
from mbtg_video.course.duties import clear_wish, duties
from mbtg_video.course.duties import wish as note_wish
from mbtg_video.course.duties import wishes as all_wishes
from mbtg_video.course.model import CourseMember, DutyKind, WishKind
from mbtg_video.course.people import (
    enrol as enrol_all,
)
from mbtg_video.course.people import (
    find_member,
    members,
    play,
    present_group,
    traces,
)
from mbtg_video.course.people import leave as let_leave
from mbtg_video.errors import BadInput
from mbtg_video.users import MATRIX, Power

DUTY = click.Choice([kind.value for kind in DutyKind])
_WISH = click.Choice([kind.value for kind in WishKind])


def _group(member: CourseMember) -> str | None:
    return member.group.code if member.group else None


@click.command(cls=CommonCommand)
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option("--group", "group_code", metavar="CODE", help="The therapy group that they present.")
@course_option
def enrol(codes: tuple[str, ...], group_code: str | None, course_id: str | None) -> None:
    """Let the persons CODE take part in the course.

    Each is a participant, therapist or co-therapist. The last two present their own group unless
    --group names another.
    """
    course = programme(course_id)
    with opened(Power.PLAN) as library, library.transaction() as session:
        rows = enrol_all(session, course, codes, group=group_code)
        records = [{"code": row.person.code, "group": _group(row)} for row in rows]
        many = len(members(session, course.id))
    output.done(
        f"Enrolled in {course.id}: {', '.join(codes)}. {many} of {course.participants} places are "
        "taken.",
        course=course.id,
        enrolled=records,
        members=many,
        participants=course.participants,
    )


@click.command(cls=CommonCommand)
@click.argument("code")
@course_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def leave(code: str, course_id: str | None, yes: bool, dry_run: bool) -> None:
    """Remove CODE from the course, with their duties and wishes, also those of past days."""
    course = programme(course_id)
    with opened(Power.PLAN) as library, library.transaction() as session:
        member = find_member(session, course.id, code)
        gone = traces(session, member)
        what = f"{code} from {course.id} with {gone.duties} duties and {gone.wishes} wishes"
        record = {"code": code, "course": course.id, "duties": gone.duties, "wishes": gone.wishes}
        if dry_run:
            output.done(f"Would remove {what}.", **record)
            return
        if not yes:
            click.confirm(f"Remove {what}?", abort=True, err=True)
        let_leave(session, member)
    output.done(f"Removed {what}.", **record)


@click.command(cls=CommonCommand)
@course_option
def people(course_id: str | None) -> None:
    """List who takes part: the group they present, whom they play, how many duties they have.

    Whom they play is told to those who may read documents.
    """
    course = programme(course_id)
    with opened(Power.LOOK) as library, library.transaction() as session:
        may_read = Power.WATCH in MATRIX[library.user.role]
        many = Counter((row.person_id, row.kind) for row in duties(session, course.id))
        records: list[dict[str, Any]] = [
            {
                "code": member.person.code,
                "group": _group(member),
                "character": member.character if may_read else None,
            }
            | {kind.value: many[member.person_id, kind] for kind in DutyKind}
            for member in members(session, course.id)
        ]
    output.table(records, ("code", "group", "character", "clinical", "theory", "cotherapist"))


@click.command(cls=CommonCommand)
@click.argument("code")
@click.argument("group_code", metavar="GROUP")
@course_option
def group(code: str, group_code: str, course_id: str | None) -> None:
    """Let CODE present the therapy group GROUP."""
    course = programme(course_id)
    with opened(Power.PLAN) as library, library.transaction() as session:
        present_group(session, find_member(session, course.id, code), group_code)
    output.done(f"{code} presents {group_code}.", code=code, group=group_code)


@click.command(cls=CommonCommand)
@click.argument("code")
@click.argument("text")
@click.option("--force", is_flag=True, help="Let it replace whom they have played so far.")
@course_option
def character(code: str, text: str, force: bool, course_id: str | None) -> None:
    """Write down the patient TEXT that CODE plays in every role-play of the course; sealed.

    An invented patient: an agenda may print TEXT, so that it must fit nobody real.
    It stays the same through all days, and another one is refused without --force.
    """
    course = programme(course_id)
    with opened(Power.PLAN) as library, library.transaction() as session:
        changed = play(session, find_member(session, course.id, code), text, change=force)
    done = f"{code} has a character." if changed else f"{code} plays that character already."
    output.done(done, code=code, changed=changed)


@click.command(cls=CommonCommand)
@click.argument("code")
@click.argument("how", type=_WISH, required=False)
@click.option("--day", type=int, required=True, metavar="N")
@click.option("--duty", type=DUTY, help="Only about this duty; default: the whole day.")
@click.option("--clear", is_flag=True, help="Take the wish back.")
@course_option
def wish(
    code: str, how: str | None, day: int, duty: str | None, clear: bool, course_id: str | None
) -> None:
    """Note how CODE stands to a duty on a day: cannot, rather_not or gladly.

    A proposal never breaks a cannot. A wish about one duty goes before one about the whole day.
    """
    if clear is (how is not None):
        raise BadInput(f"say either {', '.join(WishKind)}, or --clear")
    course, kind = programme(course_id), DutyKind(duty) if duty else None
    record = {"code": code, "day": day, "duty": duty, "wish": how}
    about = f"day {day}" + (f", {duty}" if duty else "")
    with opened(Power.PLAN) as library, library.transaction() as session:
        member = find_member(session, course.id, code)
        if how is None:
            clear_wish(session, course, member, day, kind)
            against = []
        else:
            rows = note_wish(session, course, member, day, kind, WishKind(how))
            against = [
                f"{code} has {row.kind} on day {day}"
                + (
                    f". A new proposal mends it: mbtg course assign --propose --course {course.id}"
                    if row.proposed
                    else f", set by hand. To take it away: mbtg course assign {code} --day {day} "
                    f"--duty {row.kind} --remove --course {course.id}"
                )
                for row in rows
            ]
    for text in against:
        output.warn(text)
    output.done(
        f"{code} has no wish for {about} any more."
        if how is None
        else f"{code}, {about}: {how.replace('_', ' ')}.",
        **record,
        against=against,
    )


@click.command(cls=CommonCommand)
@course_option
def wishes(course_id: str | None) -> None:
    """List what the participants wish."""
    course = programme(course_id)
    with opened(Power.LOOK) as library, library.transaction() as session:
        records: list[dict[str, Any]] = [
            {"day": row.day, "code": row.person.code, "duty": row.duty, "wish": row.wish}
            for row in all_wishes(session, course.id)
        ]
    if not output.wants_json():
        records = [one | {"duty": one["duty"] or "whole_day"} for one in records]
    output.table(records, ("day", "code", "duty", "wish"))


VERBS: Final = (enrol, leave, people, group, character, wish, wishes)
