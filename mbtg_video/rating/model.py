"""A scoring of one sequence, and the ratings that its raters gave."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import counted
from mbtg_video.database import Base, SealedText
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.scale import Scale, restored
from mbtg_video.timecode import Timecode


class ScoringState(StrEnum):
    """How far a scoring has come; each state is reached from the one before."""

    BLIND = "blind"
    """Nobody sees another's scores."""
    REVEALED = "revealed"
    """Everybody sees all of them, and none changes any more."""
    AGREED = "agreed"
    """A consensus stands beside them."""
    SIGNED = "signed"
    """A supervisor has signed; nothing changes any more."""


class RatingKind(StrEnum):
    """Whose scores these are."""

    INDIVIDUAL = "individual"
    CONSENSUS = "consensus"


class RatingState(StrEnum):
    """Whether a rater is done."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class Source(StrEnum):
    """How the scores came in."""

    COMMAND = "command"
    FILE = "file"
    STUDIO = "studio"
    BUNDLE = "bundle"
    ROOM = "room"


class Absence(StrEnum):
    """Why an item carries no score."""

    DID_NOT_OCCUR = "did_not_occur"
    CANNOT_JUDGE = "cannot_judge"


class KeptScale(Base):
    """A scale as it was when somebody rated with it: what it says later changes no rating."""

    __tablename__ = "kept_scale"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    scale: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    written: Mapped[str]

    @property
    def content(self) -> Scale:
        """The scale itself."""
        return restored(self.written)


class Scoring(Base):
    """One sequence scored by several with one scale.

    `about` is the therapist whose work is scored, `held_on` the day of the session. It outlives
    its excerpt: numbers stay when the pictures go, notes and moments do not.
    """

    __tablename__ = "scoring"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  read once by SQLAlchemy

    id: Mapped[int] = mapped_column(primary_key=True)
    excerpt_id: Mapped[int | None] = mapped_column(ForeignKey("excerpt.id"))
    sequence: Mapped[str] = mapped_column(String(16))
    recording: Mapped[str] = mapped_column(String(16))
    scale_hash: Mapped[str] = mapped_column(ForeignKey("kept_scale.hash"))
    about: Mapped[str | None] = mapped_column(ForeignKey("person.code"))
    held_on: Mapped[date]
    state: Mapped[ScoringState]
    opened_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("person.code"))

    excerpt: Mapped[Excerpt | None] = relationship()
    kept_scale: Mapped[KeptScale] = relationship()
    ratings: Mapped[list[Rating]] = relationship(
        order_by="Rating.id", back_populates="scoring", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"S{self.id}"

    @property
    def scale(self) -> Scale:
        """The scale as it was when the scoring was opened."""
        return self.kept_scale.content

    @property
    def individual(self) -> list[Rating]:
        """What single raters gave, drafts included, in the order of their codes."""
        found = (rating for rating in self.ratings if rating.kind is RatingKind.INDIVIDUAL)
        return sorted(found, key=lambda rating: counted(rating.rater or ""))

    @property
    def submitted(self) -> list[Rating]:
        """What single raters have submitted: these are compared."""
        return [r for r in self.individual if r.state is RatingState.SUBMITTED]

    @property
    def consensus(self) -> Rating | None:
        """What was agreed on, once it was."""
        return next((r for r in self.ratings if r.kind is RatingKind.CONSENSUS), None)


class Rating(Base):
    """One rater's sheet of one scoring, or what several agreed on.

    `overall` maps each key of the scale's overall ratings to a value or an `Absence`; `receipt`
    is the hash of the receipt of the very cut that was watched; `agreed_by` holds the codes of
    those who agreed, with blanks between.
    """

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("(kind = 'individual') = (rater IS NOT NULL)", name="rater"),
        CheckConstraint("(kind = 'consensus') = (agreed_by IS NOT NULL)", name="agreed_by"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        UniqueConstraint("scoring_id", "rater"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scoring_id: Mapped[int] = mapped_column(ForeignKey("scoring.id"))
    kind: Mapped[RatingKind]
    rater: Mapped[str | None] = mapped_column(ForeignKey("person.code"))
    agreed_by: Mapped[str | None] = mapped_column(String(512))
    state: Mapped[RatingState]
    source: Mapped[Source]
    receipt: Mapped[str] = mapped_column(String(64))
    overall: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(SealedText("rating.note"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column()

    scoring: Mapped[Scoring] = relationship(back_populates="ratings")
    scores: Mapped[list[Score]] = relationship(order_by="Score.item", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  read once by SQLAlchemy

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"Q{self.id}"


class Score(Base):
    """What a rating says of one item."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("rating_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rating_id: Mapped[int] = mapped_column(ForeignKey("rating.id"))
    item: Mapped[int]
    adherence: Mapped[int | None]
    quality: Mapped[int | None]
    absence: Mapped[Absence | None]
    note: Mapped[str | None] = mapped_column(SealedText("score.note"))

    evidence: Mapped[list[Evidence]] = relationship(
        order_by="Evidence.start, Evidence.id", cascade="all, delete-orphan"
    )


class Evidence(Base):
    """A moment or span of the recording that a score rests on; `tag` is the id it came from."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint('"end" IS NULL OR start < "end"', name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    score_id: Mapped[int] = mapped_column(ForeignKey("score.id"))
    start: Mapped[Timecode]
    end: Mapped[Timecode | None]
    tag: Mapped[str | None] = mapped_column(String(16))
