"""What is said in a recording: a lane of cues in recording time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.database import Base, SealedText
from mbtg_video.gathering.leave import Gatherable
from mbtg_video.gathering.model import Gathered
from mbtg_video.recording.model import Recording
from mbtg_video.timecode import Span, Timecode


class Transcript(Gatherable, Base):
    """One lane of timed text of a recording, as a file brought it."""

    gathered = Gathered.CUES

    __tablename__ = "transcript"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  an id is never given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    title: Mapped[str] = mapped_column(SealedText("transcript.title"))
    language: Mapped[str | None] = mapped_column(String(16))
    made_at: Mapped[datetime]

    recording: Mapped[Recording] = relationship()
    cues: Mapped[list[Cue]] = relationship(
        order_by="Cue.start, Cue.id", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"W{self.id}"


class Cue(Gatherable, Base):
    """One half-open span of a transcript and what is said in it, by whom if that is known."""

    gathered = Gathered.CUES
    gathered_texts = ("speaker", "text")

    __tablename__ = "transcript_cue"
    __table_args__ = (
        CheckConstraint('start < "end"', name="span"),
        Index("ix_transcript_cue_transcript_id_start", "transcript_id", "start"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transcript_id: Mapped[int] = mapped_column(ForeignKey("transcript.id", ondelete="CASCADE"))
    start: Mapped[Timecode]
    end: Mapped[Timecode]
    speaker: Mapped[str | None] = mapped_column(SealedText("transcript_cue.speaker"))
    text: Mapped[str] = mapped_column(SealedText("transcript_cue.text"))

    @property
    def span(self) -> Span:
        """When it is said."""
        return Span(self.start, self.end)
