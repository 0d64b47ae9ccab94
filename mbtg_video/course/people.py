"""Who takes part in a course, which group they present, and which patient they play."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Person, Role, counted
from mbtg_video.consent.record import find_group, find_person
from mbtg_video.course.model import CourseMember, Duty, Wish
from mbtg_video.course.programme import Programme
from mbtg_video.errors import BadInput, NotFound

_PRESENTERS = (Role.PARTICIPANT, Role.THERAPIST, Role.COTHERAPIST)
_MOST_SIGNS = 2000


def members(session: Session, course: str) -> Sequence[CourseMember]:
    """Participants of a course, K2 before K10."""
    rows = session.scalars(select(CourseMember).where(CourseMember.course == course))
    return sorted(rows, key=lambda row: counted(row.person.code))


def find_member(session: Session, course: str, code: str) -> CourseMember:
    """Participant with this code; raises `NotFound`."""
    row = session.scalar(
        select(CourseMember)
        .join(Person, CourseMember.person_id == Person.id)
        .where(CourseMember.course == course, Person.code == code)
    )
    if row is None:
        raise NotFound(
            f"{code} takes no part in {course}. Who does: mbtg course people --course {course}. "
            f"To enrol: mbtg course enrol {code} --course {course}"
        )
    return row


def _presenter(session: Session, code: str) -> Person:
    person = find_person(session, code)
    if person.role not in _PRESENTERS:
        raise BadInput(
            f"{code} is a person with the role {person.role}. Who takes part in a course has one "
            f"of the roles {', '.join(_PRESENTERS)}: add them with a code of their own, "
            "mbtg person add CODE --group CODE --role participant"
        )
    return person


def enrol(
    session: Session, programme: Programme, codes: Iterable[str], *, group: str | None = None
) -> list[CourseMember]:
    """New participants, all or none; `group` is the therapy group that they present.

    A therapist or co-therapist presents their own group unless another is named. Raises
    `NotFound`, or `BadInput` for somebody who takes part already or has another role, and for
    more than the programme has places for.
    """
    presented = find_group(session, group) if group is not None else None
    there = {row.person.code for row in members(session, programme.id)}
    rows: list[CourseMember] = []
    for code in codes:
        person = _presenter(session, code)
        if code in there:
            raise BadInput(
                f"{code} takes part in {programme.id} already. To change the group presented: "
                f"mbtg course group {code} CODE --course {programme.id}"
            )
        there.add(code)
        own = presented
        if own is None and person.role is not Role.PARTICIPANT:
            own = person.group
        rows.append(CourseMember(course=programme.id, person=person, group=own))
    if len(there) > programme.participants:
        raise BadInput(
            f"{programme.id} has {programme.participants} places, and these would be "
            f"{len(there)}. Nobody was enrolled. To free a place: mbtg course leave CODE "
            f"--course {programme.id}"
        )
    for row in rows:
        session.add(row)
        audit.append(session, audit.Act.COURSE, programme.id, row.person.code, deed="enrol")
    session.flush()
    return rows


@dataclass(frozen=True, slots=True)
class Traces:
    """What a library holds of a participant beside the membership."""

    duties: int
    wishes: int


def traces(session: Session, member: CourseMember) -> Traces:
    """How much would go with a participant who leaves."""

    def many(table: type[Duty] | type[Wish]) -> int:
        query = select(func.count()).select_from(table)
        mine = (table.course == member.course, table.person_id == member.person_id)
        return session.scalar(query.where(*mine)) or 0

    return Traces(many(Duty), many(Wish))


def leave(session: Session, member: CourseMember) -> Traces:
    """Remove a participant with their duties and wishes; how many these were."""
    gone = traces(session, member)
    for table in (Duty, Wish):
        session.execute(
            delete(table).where(table.course == member.course, table.person_id == member.person_id)
        )
    code = member.person.code
    session.delete(member)
    audit.append(
        session,
        audit.Act.COURSE,
        member.course,
        code,
        deed="leave",
        duties=gone.duties,
        wishes=gone.wishes,
    )
    return gone


def present_group(session: Session, member: CourseMember, group: str) -> None:
    """Let a participant present another group; raises `NotFound`."""
    member.group = find_group(session, group)
    audit.append(
        session, audit.Act.COURSE, member.course, member.person.code, deed="group", group=group
    )


def play(session: Session, member: CourseMember, character: str, *, change: bool = False) -> bool:
    """Let a participant play this patient in every role-play; False when it is so already.

    A character stays through all days of the course: another one raises `BadInput` unless
    `change` is given.
    """
    text = character.strip()
    code = member.person.code
    if not text:
        raise BadInput(f'say whom {code} plays: mbtg course character {code} "…"')
    if len(text) > _MOST_SIGNS:
        raise BadInput(f"a character has at most {_MOST_SIGNS} signs, and this has {len(text)}")
    if member.character == text:
        return False
    if member.character is not None and not change:
        raise BadInput(
            f"{code} plays somebody already, and a character stays the same through all days of "
            f"the course. To replace it nevertheless: mbtg course character {code} TEXT --force"
            f" --course {member.course}"
        )
    deed = "character" if member.character is None else "change character"
    member.character = text
    audit.append(session, audit.Act.COURSE, member.course, code, deed=deed)
    return True
