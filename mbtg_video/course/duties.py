"""Who does what on which course day, and what they wish: as set by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import counted
from mbtg_video.course.model import CourseMember, Duty, DutyKind, Wish, WishKind
from mbtg_video.course.plan import DOES, MAIN
from mbtg_video.course.programme import Programme
from mbtg_video.errors import BadInput, NotFound

_ORDER = {kind: place for place, kind in enumerate(DutyKind)}


def duties(session: Session, course: str, day: int | None = None) -> Sequence[Duty]:
    """Duties of a course, or of one day of it: by day, kind and code."""
    query = select(Duty).where(Duty.course == course)
    if day is not None:
        query = query.where(Duty.day == day)
    return sorted(
        session.scalars(query),
        key=lambda row: (row.day, _ORDER[row.kind], counted(row.person.code)),
    )


def per_day(programme: Programme) -> dict[DutyKind, int]:
    """How many do each duty on one day, as the programme says."""
    return {
        DutyKind.CLINICAL: programme.clinical_per_day,
        DutyKind.THEORY: programme.theory_per_day,
        DutyKind.COTHERAPIST: programme.cotherapists_per_day,
    }


def wishes(session: Session, course: str) -> Sequence[Wish]:
    """Wishes of a course: by day, code and duty, the whole day first."""
    rows = session.scalars(select(Wish).where(Wish.course == course))
    return sorted(
        rows,
        key=lambda row: (
            row.day,
            counted(row.person.code),
            -1 if row.duty is None else _ORDER[row.duty],
        ),
    )


def _of(session: Session, member: CourseMember, day: int) -> list[Wish]:
    query = select(Wish).where(
        Wish.course == member.course, Wish.day == day, Wish.person_id == member.person_id
    )
    return list(session.scalars(query))


def _wished(session: Session, member: CourseMember, day: int, kind: DutyKind) -> Wish | None:
    """What a participant said of a duty on a day, else of the whole day."""
    said = {row.duty: row for row in _of(session, member, day)}
    return said.get(kind, said.get(None))


def wish(
    session: Session,
    programme: Programme,
    member: CourseMember,
    day: int,
    kind: DutyKind | None,
    how: WishKind,
) -> Sequence[Duty]:
    """Note a wish, in place of the one about the same; the duties that it stands against.

    Raises `NotFound` for a day that the programme has not, and `BadInput` for a wish about one
    duty beside the word that the participant cannot come at all.
    """
    programme.day(day)
    code = member.person.code
    for other in _of(session, member, day):
        if other.duty is kind:
            session.delete(other)
            continue
        pair = {kind: how, other.duty: other.wish}
        if pair.get(None) is WishKind.CANNOT:
            about = "" if other.duty is None else f" --duty {other.duty}"
            raise BadInput(
                f"{code} cannot come on day {day} at all and wish something of one duty as well. "
                f"Take back what was said: mbtg course wish {code} --day {day}{about} --clear"
                f" --course {programme.id}"
            )
    session.add(Wish(course=programme.id, day=day, person_id=member.person_id, duty=kind, wish=how))
    said: dict[str, str | int] = {"day": day, "wish": how.value}
    if kind is not None:
        said["duty"] = kind.value
    audit.append(session, audit.Act.COURSE, programme.id, code, deed="wish", **said)
    if how is not WishKind.CANNOT:
        return []
    return [
        row
        for row in duties(session, programme.id, day)
        if row.person_id == member.person_id and kind in (None, row.kind)
    ]


def clear_wish(
    session: Session, programme: Programme, member: CourseMember, day: int, kind: DutyKind | None
) -> None:
    """Take a wish back; raises `NotFound` when there is none about that.

    The programme may have lost that day since.
    """
    code = member.person.code
    about = "" if kind is None else f" about {kind}"
    for row in _of(session, member, day):
        if row.duty is kind:
            session.delete(row)
            said: dict[str, str | int] = {"day": day}
            if kind is not None:
                said["duty"] = kind.value
            audit.append(session, audit.Act.COURSE, programme.id, code, deed="clear wish", **said)
            return
    raise NotFound(
        f"{code} has no wish{about} for day {day}. See: mbtg course wishes --course {programme.id}"
    )


def assign(
    session: Session, programme: Programme, member: CourseMember, day: int, kind: DutyKind
) -> Duty:
    """Give a duty by hand; a proposed one of the same becomes set by hand.

    Raises `NotFound` for a day that the programme has not, `BadInput` for a duty that is full or
    set by hand already, for both main duties on one day, and for somebody who cannot.
    """
    programme.day(day)
    code = member.person.code
    there = duties(session, programme.id, day)
    mine = {row.kind: row for row in there if row.person_id == member.person_id}
    if kind in mine and not mine[kind].proposed:
        raise BadInput(f"{code} {DOES[kind]} on day {day} already")
    said = _wished(session, member, day, kind)
    if said is not None and said.wish is WishKind.CANNOT:
        about = "" if said.duty is None else f" --duty {said.duty}"
        raise BadInput(
            f"{code} cannot on day {day}. If that has changed: mbtg course wish {code} --day {day}"
            f"{about} --clear --course {programme.id}"
        )
    other = next((one for one in MAIN if kind in MAIN and one is not kind and one in mine), None)
    if other is not None:
        raise BadInput(
            f"{code} {DOES[other]} on day {day}, and nobody has both main duties on one day. To "
            f"exchange: mbtg course assign {code} --day {day} --duty {other} --remove"
            f" --course {programme.id}"
        )
    taken = [row.person.code for row in there if row.kind is kind and row is not mine.get(kind)]
    places = per_day(programme)[kind]
    if len(taken) >= places:
        full = f"Day {day} of {programme.id} has {places} for {kind}, and it is full"
        if not taken:
            raise BadInput(f"{full}.")
        raise BadInput(
            f"{full}: {', '.join(taken)}. To free one: mbtg course assign {taken[0]} --day {day} "
            f"--duty {kind} --remove --course {programme.id}"
        )
    row = mine.get(kind)
    if row is None:
        row = Duty(course=programme.id, day=day, kind=kind, person=member.person)
        session.add(row)
    row.proposed, row.assigned_at = False, datetime.now(UTC)
    audit.append(
        session, audit.Act.COURSE, programme.id, code, deed="assign", day=day, duty=kind.value
    )
    session.flush()
    return row


def unassign(
    session: Session, programme: Programme, member: CourseMember, day: int, kind: DutyKind
) -> None:
    """Take a duty away, proposed or set by hand; raises `NotFound`.

    The programme may have lost that day since.
    """
    code = member.person.code
    for row in duties(session, programme.id, day):
        if row.person_id == member.person_id and row.kind is kind:
            session.delete(row)
            audit.append(
                session,
                audit.Act.COURSE,
                programme.id,
                code,
                deed="remove",
                day=day,
                duty=kind.value,
            )
            session.flush()
            return
    raise NotFound(
        f"{code} has no duty {kind} on day {day}. See: mbtg course duties --course {programme.id}"
    )
