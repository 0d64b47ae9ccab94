"""A document of a dossier: text about a group or a patient, sealed."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Group, Person
from mbtg_video.database import Base, SealedText


class DocumentKind(StrEnum):
    """What a document is."""

    GROUP = "group"
    """An account of the group."""
    FRAME = "frame"
    """Time, place, rules and therapists of the group."""
    PATIENT = "patient"
    """An account of one patient."""
    FORMULATION = "formulation"
    """A draft case formulation of one patient."""
    MINUTES = "minutes"
    """Minutes (referat) of one session."""
    READING = "reading"
    """A reading list: about nobody."""


class Document(Base):
    """Plain text about a group, or one patient of it; a reading list is about nobody.

    `author` is the participant who wrote it; `held_on` is the day of a session's minutes.
    `override` is why somebody sealed it although it seemed to name a person.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint(
            "(kind IN ('patient', 'formulation')) = (person_id IS NOT NULL)", name="about"
        ),
        CheckConstraint("(kind = 'reading') OR (group_id IS NOT NULL)", name="group"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("therapy_group.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author: Mapped[str | None] = mapped_column(ForeignKey("person.code"))
    course: Mapped[str | None] = mapped_column(String(64))
    held_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(SealedText("document.title"))
    text: Mapped[str] = mapped_column(SealedText("document.text"))
    override: Mapped[str | None] = mapped_column(SealedText("document.override"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    delete_by: Mapped[date]
    revision: Mapped[int] = mapped_column()

    group: Mapped[Group | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  read once by SQLAlchemy

    @property
    def overridden(self) -> bool:
        """Whether it seemed to name a person when it was sealed."""
        return self.override is not None

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"D{self.id}"
