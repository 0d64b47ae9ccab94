"""Groups, persons and what they permit."""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.database import Base, SealedText


class Role(StrEnum):
    """What a person does in the group."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    COTHERAPIST = "cotherapist"
    PARTICIPANT = "participant"
    OBSERVER = "observer"


class Use(StrEnum):
    """What a recording or excerpt is used for."""

    OWN_REVIEW = "own_review"
    SUPERVISION = "supervision"
    COURSE = "course"
    SCORING = "scoring"
    TEACHING = "teaching"
    RESEARCH = "research"


class Form(StrEnum):
    """How a person may be shown."""

    IDENTIFIABLE = "identifiable"
    CONCEALED = "concealed"


class Group(Base):
    """A therapy group or a role-play group; `name` is sealed, `code` is what the program prints."""

    __tablename__ = "therapy_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(SealedText("group.name"))
    approval_required: Mapped[bool]

    approvals: Mapped[list[EmployerApproval]] = relationship(order_by="EmployerApproval.id")
    persons: Mapped[list[Person]] = relationship(back_populates="group", order_by="Person.id")


def counted(code: str) -> list[str | int]:
    """A key that sorts codes as people count them: K2 before K10."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", code)]


class Person(Base):
    """Somebody who can be seen or heard: a code and a role, never a name."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("therapy_group.id"))
    role: Mapped[Role]

    group: Mapped[Group] = relationship(back_populates="persons")
    consents: Mapped[list[Consent]] = relationship(order_by="Consent.id")


class Consent(Base):
    """One written permission, valid from `signed_on` through `until` for uses not withdrawn."""

    __tablename__ = "consent"
    __table_args__ = (CheckConstraint("signed_on <= until", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    form: Mapped[Form]
    signed_on: Mapped[date]
    until: Mapped[date]
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_object.id"))
    recorded_at: Mapped[datetime]

    uses: Mapped[list[ConsentUse]] = relationship(cascade="all, delete-orphan")


class ConsentUse(Base):
    """One use that a consent permits, and the day it was taken back."""

    __tablename__ = "consent_use"

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    use: Mapped[Use] = mapped_column(primary_key=True)
    withdrawn_on: Mapped[date | None]


class EmployerApproval(Base):
    """An employer's written approval for one group, valid from `signed_on` through `until`."""

    __tablename__ = "employer_approval"
    __table_args__ = (CheckConstraint("signed_on <= until", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("therapy_group.id"))
    signed_on: Mapped[date]
    until: Mapped[date]
    evidence_id: Mapped[str | None] = mapped_column(ForeignKey("sealed_object.id"))
