"""What a library knows of a course beyond its file: who takes part, and who does what when.

A course is named by its id and a day by its number, as they stand in its file.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Group, Person
from mbtg_video.database import Base, SealedText


class DutyKind(StrEnum):
    """What a participant does on a course day."""

    CLINICAL = "clinical"
    """Presents excerpts of their own therapy."""
    THEORY = "theory"
    COTHERAPIST = "cotherapist"
    """One of the two therapists of the role-play."""


class WishKind(StrEnum):
    """How a participant stands to a duty on a day."""

    CANNOT = "cannot"
    RATHER_NOT = "rather_not"
    GLADLY = "gladly"


class CourseMember(Base):
    """A participant of a course: the therapy group they present, and whom they play.

    `character` is the patient that they play in every role-play of the course.
    """

    __tablename__ = "course_member"
    __table_args__ = (UniqueConstraint("course", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("therapy_group.id"))
    character: Mapped[str | None] = mapped_column(SealedText("course_member.character"))

    person: Mapped[Person] = relationship()
    group: Mapped[Group | None] = relationship()


class Duty(Base):
    """One duty of one participant on one day; `proposed` by the program, or set by hand."""

    __tablename__ = "course_duty"
    __table_args__ = (UniqueConstraint("course", "day", "kind", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(64))
    day: Mapped[int]
    kind: Mapped[DutyKind]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed: Mapped[bool]
    assigned_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class Wish(Base):
    """What a participant wishes of one day; `duty` is None for whatever the duty."""

    __tablename__ = "course_wish"

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(64))
    day: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    duty: Mapped[DutyKind | None]
    wish: Mapped[WishKind]

    person: Mapped[Person] = relationship()


class ClashChoice(Base):
    """Which of two slots keeps its time where the programme lets them overlap."""

    __tablename__ = "course_clash_choice"
    __table_args__ = (UniqueConstraint("course", "first", "second"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course: Mapped[str] = mapped_column(String(64))
    first: Mapped[str] = mapped_column(String(32))
    second: Mapped[str] = mapped_column(String(32))
    kept: Mapped[str] = mapped_column(String(32))
    chosen_at: Mapped[datetime]
