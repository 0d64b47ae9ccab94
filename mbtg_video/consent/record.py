"""Write down groups, persons, consents and approvals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import (
    Consent,
    ConsentUse,
    EmployerApproval,
    Form,
    Group,
    Person,
    Role,
    Use,
)
from mbtg_video.errors import BadInput, NotFound

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def _checked_code(code: str) -> str:
    if not _CODE.fullmatch(code):
        raise BadInput(
            f"{code!r} is no code: use up to 32 letters a-z, digits, - and _, and never a name"
        )
    return code


def _case(taken: str, code: str) -> str:
    """What to add for a code that is told apart by its capitals alone: two persons or none."""
    return "" if taken == code else f", and {code} differs from it only in its capitals"


def find_group(session: Session, code: str) -> Group:
    """Group with this code; raises `NotFound`."""
    group = session.scalar(select(Group).where(Group.code == code))
    if group is None:
        raise NotFound(f"There is no group {code}. Add it with: mbtg group add {code} --name TEXT")
    return group


def find_person(session: Session, code: str) -> Person:
    """Person with this code; raises `NotFound`."""
    person = session.scalar(select(Person).where(Person.code == code))
    if person is None:
        raise NotFound(
            f"There is no person {code}. Add one with: "
            f"mbtg person add {code} --group CODE --role ROLE"
        )
    return person


def add_group(session: Session, code: str, name: str, *, approval_required: bool) -> Group:
    """A new group; raises `BadInput` when the code is taken or the name is empty."""
    _checked_code(code)
    taken = session.scalar(select(Group.code).where(func.lower(Group.code) == code.lower()))
    if taken is not None:
        raise BadInput(f"Group {taken} exists already{_case(taken, code)}. See: mbtg group list")
    if not name.strip():
        raise BadInput(f"a group needs a name: mbtg group add {code} --name TEXT")
    group = Group(code=code, name=name, approval_required=approval_required)
    session.add(group)
    session.flush()
    return group


def add_person(session: Session, code: str, group_code: str, role: Role) -> Person:
    """A new person of a group; raises `BadInput` when the code is taken."""
    group = find_group(session, group_code)
    _checked_code(code)
    taken = session.scalar(select(Person.code).where(func.lower(Person.code) == code.lower()))
    if taken is not None:
        raise BadInput(f"Person {taken} exists already{_case(taken, code)}. See: mbtg person list")
    person = Person(code=code, group=group, role=role)
    session.add(person)
    session.flush()
    return person


def _checked_dates(signed_on: date, until: date) -> None:
    if until < signed_on:
        raise BadInput(f"--until {until} lies before --signed-on {signed_on}")


def record_consent(
    session: Session,
    person_code: str,
    uses: Iterable[Use],
    form: Form,
    *,
    signed_on: date,
    until: date,
    evidence_id: str | None = None,
) -> Consent:
    """A written consent of one person; raises `NotFound` or `BadInput`."""
    person = find_person(session, person_code)
    _checked_dates(signed_on, until)
    chosen = sorted(set(uses))
    if not chosen:
        raise BadInput("a consent needs at least one --use")
    consent = Consent(
        form=form,
        signed_on=signed_on,
        until=until,
        evidence_id=evidence_id,
        recorded_at=datetime.now(UTC),
        uses=[ConsentUse(use=use) for use in chosen],
    )
    person.consents.append(consent)
    audit.append(
        session,
        audit.Act.CONSENT,
        person.code,
        uses=[str(use) for use in chosen],
        form=form,
        signed_on=signed_on.isoformat(),
        until=until.isoformat(),
    )
    return consent


def record_approval(
    session: Session, group_code: str, *, signed_on: date, until: date, evidence_id: str | None
) -> EmployerApproval:
    """An employer's approval for a group; raises `NotFound` or `BadInput`."""
    group = find_group(session, group_code)
    _checked_dates(signed_on, until)
    approval = EmployerApproval(signed_on=signed_on, until=until, evidence_id=evidence_id)
    group.approvals.append(approval)
    audit.append(
        session,
        audit.Act.APPROVAL,
        group.code,
        signed_on=signed_on.isoformat(),
        until=until.isoformat(),
    )
    return approval


def withdraw_uses(
    session: Session, person_code: str, uses: Iterable[Use], *, on: date
) -> list[Use]:
    """End a person's consent to `uses` (all, when none is named) from `on`; the uses ended."""
    person = find_person(session, person_code)
    named = set(uses)
    ended: set[Use] = set()
    for consent in person.consents:
        for entry in consent.uses:
            if entry.withdrawn_on is None and (not named or entry.use in named):
                entry.withdrawn_on = on
                ended.add(entry.use)
    audit.append(
        session, audit.Act.CONSENT, person.code, withdrawn=[str(use) for use in sorted(ended)]
    )
    return sorted(ended)
