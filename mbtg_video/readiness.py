"""What participants still lack for the course days on which they present."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Group, Person, Role, Use, counted
from mbtg_video.consent.policy import Decision, Reason, decide, shown_openly
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import CourseDay, Programme
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.excerpt.leave import is_stale
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.model import Kind, NameState, Recording
from mbtg_video.recording.spoken import names_heard


class Missing(StrEnum):
    """What is missing, in the order in which it is mended."""

    MEMBERSHIP = "membership"
    """Somebody who presents takes no part in the course."""
    GROUP = "group"
    """No therapy group of the participant's own is named."""
    PATIENT = "patient"
    """The group has no patient."""
    APPROVAL = "approval"
    CONSENT = "consent"
    RECORDING = "recording"
    EXCERPT = "excerpt"
    RETENTION = "retention"
    """An excerpt is deleted before the day."""
    NAME = "name"
    """A full name is heard in an excerpt."""
    DOSSIER_GROUP = "dossier_group"
    DOSSIER_FRAME = "dossier_frame"
    DOSSIER_PATIENT = "dossier_patient"
    FORMULATION = "formulation"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a participant lacks for a day: the id or code concerned, and the command.

    `reason` says why a consent or an approval does not hold, `use` what the consent is needed for.
    """

    participant: str
    day: int
    on: date
    what: Missing
    id: str
    remedy: str
    use: Use | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class _Want:
    """A lack, before it is said whose it is and for which day."""

    what: Missing
    id: str
    remedy: str
    use: Use | None = None
    reason: Reason | None = None


USES: Final = (Use.COURSE, Use.SUPERVISION)
"""What material shown on a course day is used for."""

_ACCOUNTS: Final = (
    (DocumentKind.GROUP, Missing.DOSSIER_GROUP),
    (DocumentKind.FRAME, Missing.DOSSIER_FRAME),
)
# These change with the day; the rest is missing until it is there, and is told for one day only.
_DAILY: Final = frozenset({Missing.APPROVAL, Missing.CONSENT, Missing.RETENTION})


def _coming(programme: Programme, on: date, weeks: int) -> list[CourseDay]:
    return [day for day in programme.days if on <= day.date <= on + timedelta(weeks=weeks)]


def unasked(session: Session, programme: Programme, on: date, weeks: int) -> list[str]:
    """Sentences on coming days for which nobody is asked, so that nobody seems to lack anything."""
    of = f"--course {programme.id}"
    members = session.scalars(
        select(CourseMember.id).where(CourseMember.course == programme.id).limit(1)
    )
    days = _coming(programme, on, weeks)
    if days and members.first() is None:
        return [
            f"Nobody takes part in {programme.id}, so nobody is asked for anything. To enrol: mbtg "
            f"course enrol CODE... {of}"
        ]
    presenting = set(
        session.scalars(
            select(Duty.day).where(Duty.course == programme.id, Duty.kind == DutyKind.CLINICAL)
        )
    )
    return [
        f"Nobody presents clinical material on day {day.number}, {day.date.isoformat()}, so no "
        f"material is asked for. Propose duties: mbtg course assign --propose {of}"
        for day in days
        if day.number not in presenting and programme.clinical_per_day
    ]


def ready(session: Session, programme: Programme, on: date, weeks: int) -> list[Lack]:
    """What is lacking for the course days from `on` through so many weeks later; soonest first.

    Asked is whoever presents excerpts on such a day, and for the first day every participant:
    the group, its recordings, everybody's consent to course and supervision and the employer's
    approval on that day, an excerpt that may be shown then, the dossier, and the role-play
    character. What holds for no day in particular is told for the first of them.
    """
    members = {
        member.person.code: member
        for member in session.scalars(
            select(CourseMember).where(CourseMember.course == programme.id)
        )
    }
    found = []
    told: set[tuple[str, Missing, str]] = set()
    for day in _coming(programme, on, weeks):
        for code in sorted(_asked(session, programme, day, members), key=counted):
            for want in _wants(session, members.get(code), code, programme, day):
                key = (code, want.what, want.id)
                if want.what not in _DAILY and key in told:
                    continue
                told.add(key)
                lack = Lack(
                    code, day.number, day.date, want.what, want.id, want.remedy, want.use,
                    want.reason,
                )  # fmt: skip
                found.append(lack)
    return found


def _asked(
    session: Session, programme: Programme, day: CourseDay, members: Iterable[str]
) -> set[str]:
    """Codes of those who have to be ready for a day."""
    presenting = session.scalars(
        select(Person.code)
        .join(Duty, Duty.person_id == Person.id)
        .where(Duty.course == programme.id, Duty.day == day.number, Duty.kind == DutyKind.CLINICAL)
    )
    first = day.number == programme.days[0].number
    return set(presenting) | (set(members) if first else set())


def _wants(
    session: Session, member: CourseMember | None, code: str, programme: Programme, day: CourseDay
) -> list[_Want]:
    """What one participant lacks for one day, each once, in the order in which it is mended."""
    if member is None:
        remedy = f"mbtg course enrol {code} --group CODE --course {programme.id}"
        return [_Want(Missing.MEMBERSHIP, code, remedy)]
    wants = []
    if member.group is None:
        remedy = f"mbtg course group {code} GROUP --course {programme.id}"
        wants.append(_Want(Missing.GROUP, code, remedy))
    else:
        first = day.number == programme.days[0].number
        wants += _material(session, member.group, day.date)
        wants += _dossier(session, member.group, code, formulation=first)
    if not (member.character or "").strip():
        remedy = f"mbtg course character {code} TEXT --course {programme.id}"
        wants.append(_Want(Missing.CHARACTER, code, remedy))
    order = list(Missing)
    once = dict.fromkeys(wants)
    return sorted(once, key=lambda it: (order.index(it.what), counted(it.id), it.use or ""))


def _material(session: Session, group: Group, on: date) -> Iterator[_Want]:
    """Recordings of the group and excerpts of them that may be shown on the day."""
    recordings = session.scalars(
        select(Recording)
        .where(Recording.group_id == group.id, Recording.kind == Kind.THERAPY)
        .order_by(Recording.id)
    ).all()
    patients = [person for person in group.persons if person.role is Role.PATIENT]
    if not patients:
        remedy = f"mbtg person add CODE --group {group.code} --role patient"
        yield _Want(Missing.PATIENT, group.code, remedy)
    concerned = {person.id: person for recording in recordings for person in recording.present}
    concerned |= {person.id: person for person in patients}
    if concerned:
        for use in USES:
            yield from _refused(decide(group, list(concerned.values()), use, on))
    if not recordings:
        remedy = (
            f"mbtg recording add FILE --group {group.code} --recorded-on DATE --present CODE..."
        )
        yield _Want(Missing.RECORDING, group.code, remedy)
        return
    excerpts = session.scalars(
        select(Excerpt)
        .where(Excerpt.recording_id.in_([recording.id for recording in recordings]))
        .order_by(Excerpt.id)
    ).all()
    if not excerpts:
        remedy = f"mbtg excerpt cut {recordings[-1].name} --from T --to T --title TEXT"
        yield _Want(Missing.EXCERPT, group.code, remedy)
        return
    hindrances = [list(_hindrances(session, excerpt, on)) for excerpt in excerpts]
    if all(hindrances):
        for some in hindrances:
            yield from some


def _refused(decision: Decision) -> Iterator[_Want]:
    for refusal in decision.refusals:
        if refusal.reason is Reason.APPROVAL:
            yield _Want(Missing.APPROVAL, refusal.code, refusal.remedy, reason=refusal.reason)
        else:
            yield _Want(Missing.CONSENT, refusal.code, refusal.remedy, decision.use, refusal.reason)


def _hindrances(session: Session, excerpt: Excerpt, on: date) -> Iterator[_Want]:
    """Why an excerpt cannot be shown to the course on the day."""
    recording = excerpt.recording
    for use in USES:
        yield from _refused(shown_openly(decide(recording.group, recording.present, use, on)))
    if excerpt.gone_by(on):
        own = excerpt.delete_by < recording.delete_by
        what = f"excerpt keep {excerpt.name}" if own else f"recording keep {recording.name}"
        remedy = f"mbtg {what} --until DATE --reason TEXT"
        yield _Want(Missing.RETENTION, excerpt.name, remedy)
    for name in names_heard(session, recording, excerpt.shown):
        if name.state is NameState.OPEN:
            yield _Want(Missing.NAME, name.name, f"mbtg name mute {name.name}")
        elif is_stale(excerpt, name):
            yield _Want(Missing.NAME, name.name, f"mbtg excerpt remake {excerpt.name}")


def _dossier(session: Session, group: Group, author: str, *, formulation: bool) -> Iterator[_Want]:
    """Documents about the group and its patients that are not there."""
    documents: Sequence[Document] = session.scalars(
        select(Document).where(Document.group_id == group.id)
    ).all()
    kinds = {document.kind for document in documents}
    told = {one.person_id for one in documents if one.kind is DocumentKind.PATIENT}
    add = f"mbtg dossier add FILE --group {group.code} --author {author} --kind"
    for kind, what in _ACCOUNTS:
        if kind not in kinds:
            yield _Want(what, group.code, f"{add} {kind}")
    for person in group.persons:
        if person.role is Role.PATIENT and person.id not in told:
            remedy = f"{add} {DocumentKind.PATIENT} --person {person.code}"
            yield _Want(Missing.DOSSIER_PATIENT, person.code, remedy)
    if formulation and DocumentKind.FORMULATION not in kinds:
        remedy = f"{add} {DocumentKind.FORMULATION} --person CODE"
        yield _Want(Missing.FORMULATION, group.code, remedy)
