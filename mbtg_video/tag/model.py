"""A tag in recording time, and the document of another tool that tags came from."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.database import Base, SealedText
from mbtg_video.gathering.leave import Gatherable
from mbtg_video.gathering.model import Gathered
from mbtg_video.recording.model import Recording
from mbtg_video.timecode import Timecode


class Valence(StrEnum):
    """What the moment is an example of."""

    GOOD = "good"
    MISSED = "missed"
    NEUTRAL = "neutral"


class Tag(Gatherable, Base):
    """A moment (no `end`) or a half-open span, with a scale item or a free label.

    `revision` counts its changes, so that two who change it at once do not overwrite each other.
    """

    gathered = Gathered.TAGS
    gathered_texts = ("label", "note")
    is_line = True

    __tablename__ = "tag"
    __table_args__ = (
        CheckConstraint("(item IS NULL) != (label IS NULL)", name="item_or_label"),
        CheckConstraint('"end" IS NULL OR start < "end"', name="span"),
        Index("ix_tag_recording_id_start", "recording_id", "start"),
        Index("ix_tag_recording_id_revision", "recording_id", "revision", "id"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    start: Mapped[Timecode]
    end: Mapped[Timecode | None]
    scale: Mapped[str | None] = mapped_column(String(64))
    item: Mapped[int | None]
    label: Mapped[str | None] = mapped_column(SealedText("tag.label"))
    author: Mapped[str | None] = mapped_column(ForeignKey("person.code"))
    note: Mapped[str | None] = mapped_column(SealedText("tag.note"))
    valence: Mapped[Valence]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column()

    recording: Mapped[Recording] = relationship()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  read once by SQLAlchemy

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"T{self.id}"


class KeptDocument(Base):
    """The document of another tool as it came, so that what we have no place for goes back to it.

    `format` is the name of its exchange format, `made_at` when it last came.
    """

    __tablename__ = "kept_document"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  an id is never given twice

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    format: Mapped[str] = mapped_column(String(32))
    content: Mapped[str] = mapped_column(SealedText("kept_document.content"))
    made_at: Mapped[datetime]


class TagOrigin(Base):
    """Which part of a kept document a tag came from: `key` is that part's own id there.

    `revision` is the tag's when it came, so that a change shows.
    """

    __tablename__ = "tag_origin"

    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("kept_document.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
