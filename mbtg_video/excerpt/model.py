"""An excerpt and the receipt of its cut."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Use
from mbtg_video.database import Base, SealedText
from mbtg_video.recording.model import Recording
from mbtg_video.timecode import Span, Timecode


class ReturnedHow(StrEnum):
    """What became of something that had been handed out."""

    RETURNED = "returned"
    DESTROYED = "destroyed"


class Excerpt(Base):
    """A span of a recording as a sealed MP4; its time zero is its first frame, at `first_frame`.

    `receipt` holds times, counts and check figures only, never text from a person;
    `own_delete_by` is there when it goes before its recording.
    """

    __tablename__ = "excerpt"
    __table_args__ = (
        CheckConstraint('start < "end"', name="span"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    object_id: Mapped[str] = mapped_column(ForeignKey("sealed_object.id"))
    start: Mapped[Timecode]
    end: Mapped[Timecode]
    first_frame: Mapped[Timecode]
    title: Mapped[str] = mapped_column(SealedText("excerpt.title"))
    question: Mapped[str | None] = mapped_column(SealedText("excerpt.question"))
    receipt: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    own_delete_by: Mapped[date | None]

    recording: Mapped[Recording] = relationship()

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"X{self.id}"

    @property
    def delete_by(self) -> date:
        """Day by which it is deleted: at most its recording's."""
        last = self.recording.delete_by
        return last if self.own_delete_by is None else min(self.own_delete_by, last)

    def gone_by(self, on: date) -> bool:
        """Whether its time is over by then; what is part of a journal stays."""
        return self.delete_by <= on and not self.recording.in_journal

    @property
    def span(self) -> Span:
        """The stretch of the recording that was asked for."""
        return Span(self.start, self.end)

    @property
    def shown(self) -> Span:
        """The stretch of the recording that its own time counts from."""
        return Span(self.first_frame, self.end)

    @property
    def muted(self) -> tuple[Span, ...]:
        """Stretches of the recording that were silenced when it was cut."""
        return tuple(
            Span(Timecode(one["start_us"]), Timecode(one["end_us"]))
            for one in self.receipt.get("muted", ())
        )


class HandedOut:
    """Columns of what has left the library, and what became of it."""

    made_at: Mapped[datetime]
    returned_on: Mapped[date | None]
    returned_how: Mapped[ReturnedHow | None]

    @property
    def name(self) -> str:
        """Id as it is printed."""
        raise NotImplementedError


class Export(HandedOut, Base):
    """An excerpt written out in the clear: to whom, for what use, and why.

    It outlives the excerpt, because what has left must still be told.
    """

    __tablename__ = "export"

    id: Mapped[int] = mapped_column(primary_key=True)
    excerpt: Mapped[str] = mapped_column(String(16))
    recording: Mapped[str] = mapped_column(String(16))
    recipient: Mapped[str | None] = mapped_column(SealedText("export.recipient"))
    use: Mapped[Use]
    reason: Mapped[str] = mapped_column(SealedText("export.reason"))

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"E{self.id}"
