"""Playlists, their entries, and the bundles handed out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Use
from mbtg_video.database import Base, SealedText
from mbtg_video.dossier.model import Document
from mbtg_video.excerpt.model import Excerpt, HandedOut


class EntryKind(StrEnum):
    """What a playlist's entry is."""

    EXCERPT = "excerpt"
    ROLEPLAY = "roleplay"
    MINUTES = "minutes"
    THEORY = "theory"
    DISCUSSION = "discussion"


attached = Table(
    "playlist_document",
    Base.metadata,
    Column("playlist_id", ForeignKey("playlist.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
)


class Playlist(Base):
    """Ordered entries for one use, in a slot of so many minutes when that is known.

    One that is held on a course day names the course, the day's number and the slot's key;
    `held_on` is the day on which it is shown.
    """

    __tablename__ = "playlist"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  read once by SQLAlchemy

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(SealedText("playlist.title"))
    use: Mapped[Use]
    slot_minutes: Mapped[int | None]
    course: Mapped[str | None] = mapped_column(String(64))
    course_day: Mapped[int | None]
    slot: Mapped[str | None] = mapped_column(String(32))
    held_on: Mapped[date | None]
    made_at: Mapped[datetime]

    entries: Mapped[list[Entry]] = relationship(
        order_by="Entry.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[Document]] = relationship(secondary=attached, order_by=Document.id)

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"L{self.id}"


class Entry(Base):
    """One step of a playlist: an excerpt, or a text with planned minutes."""

    __tablename__ = "playlist_entry"
    __table_args__ = (
        CheckConstraint("(kind = 'excerpt') = (excerpt_id IS NOT NULL)", name="excerpt"),
        CheckConstraint("minutes IS NULL OR minutes > 0", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    playlist_id: Mapped[int] = mapped_column(ForeignKey("playlist.id"))
    position: Mapped[int]
    kind: Mapped[EntryKind]
    excerpt_id: Mapped[int | None] = mapped_column(ForeignKey("excerpt.id"))
    text: Mapped[str | None] = mapped_column(SealedText("entry.text"))
    minutes: Mapped[int | None]

    excerpt: Mapped[Excerpt | None] = relationship()


class Bundle(HandedOut, Base):
    """A playlist handed out: what, to whom, until when, and the hash that proves which.

    `scores_key` opens the scores that come back, when it asks for some.
    """

    __tablename__ = "bundle"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  read once by SQLAlchemy

    id: Mapped[int] = mapped_column(primary_key=True)
    playlist_id: Mapped[int] = mapped_column(ForeignKey("playlist.id"))
    package_id: Mapped[str] = mapped_column(String(64))
    package_hash: Mapped[str] = mapped_column(String(64))
    use: Mapped[Use]
    folder: Mapped[str] = mapped_column(SealedText("bundle.folder"))
    expires_on: Mapped[date]
    size: Mapped[int] = mapped_column(BigInteger)
    clips: Mapped[list[dict[str, Any]]]
    scores_key: Mapped[str | None] = mapped_column(SealedText("bundle.scores_key"))

    playlist: Mapped[Playlist] = relationship()
    recipients: Mapped[list[Recipient]] = relationship(order_by="Recipient.id")

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"B{self.id}"


class Recipient(Base):
    """Somebody a bundle was handed to."""

    __tablename__ = "bundle_recipient"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundle.id"))
    who: Mapped[str] = mapped_column(SealedText("recipient.who"))
