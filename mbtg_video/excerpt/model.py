"""An excerpt and the receipt of its cut."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Use
from mbtg_video.database import Base, SealedText
from mbtg_video.recording.model import Recording
from mbtg_video.timecode import Span, Timecode


class Excerpt(Base):
    """A span of a recording as a sealed MP4; its time zero is its first frame, at `first_frame`.

    `receipt` holds times, counts and check figures only, never text from a person.
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

    recording: Mapped[Recording] = relationship()

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"X{self.id}"

    @property
    def span(self) -> Span:
        """The stretch of the recording that was asked for."""
        return Span(self.start, self.end)


class Export(Base):
    """An excerpt written out in the clear: for what use, and why."""

    __tablename__ = "export"

    id: Mapped[int] = mapped_column(primary_key=True)
    excerpt_id: Mapped[int] = mapped_column(ForeignKey("excerpt.id"))
    use: Mapped[Use]
    reason: Mapped[str] = mapped_column(SealedText("export.reason"))
    made_at: Mapped[datetime]
