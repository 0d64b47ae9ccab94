"""A recording, who is present in it, the time of each of its frames, and what was made of it."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mbtg_video.consent.model import Group, Person
from mbtg_video.database import Base, SealedText
from mbtg_video.timecode import Span, Timecode


class Kind(StrEnum):
    """What was recorded."""

    THERAPY = "therapy"
    ROLEPLAY = "roleplay"


class DerivedKind(StrEnum):
    """What is made of a recording so that it can be shown quickly."""

    POSTER = "poster"
    SPRITES = "sprites"
    WAVEFORM = "waveform"
    PROXY = "proxy"


class NameState(StrEnum):
    """What was decided about a name that is said."""

    OPEN = "open"
    MUTED = "muted"
    CLEARED = "cleared"


presence = Table(
    "recording_presence",
    Base.metadata,
    Column("recording_id", ForeignKey("recording.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
)


class Recording(Base):
    """One file taken in. With rate, time base and first time stamp any pts is exact again.

    `fingerprint` is a keyed hash: it finds a duplicate, and tells a stranger nothing. What is
    `in_journal` is part of a patient's record and not purged on `delete_by` like the rest.
    """

    __tablename__ = "recording"
    __table_args__ = (
        CheckConstraint("frame_count > 0", name="frames"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("therapy_group.id"))
    kind: Mapped[Kind]
    recorded_on: Mapped[date]
    taken_in_at: Mapped[datetime]
    object_id: Mapped[str] = mapped_column(ForeignKey("sealed_object.id"))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(SealedText("recording.file_name"))
    size: Mapped[int] = mapped_column(BigInteger)
    container: Mapped[str]
    codec: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    rotation: Mapped[int]
    interlaced: Mapped[bool]
    plays_in_browser: Mapped[bool]
    frame_rate: Mapped[Fraction]
    constant_rate: Mapped[bool]
    time_base: Mapped[Fraction]
    start_pts: Mapped[int] = mapped_column(BigInteger)
    frame_count: Mapped[int]
    length: Mapped[Timecode]
    sound: Mapped[list[dict[str, Any]]]
    delete_by: Mapped[date]
    in_journal: Mapped[bool]

    group: Mapped[Group] = relationship()
    present: Mapped[list[Person]] = relationship(secondary=presence, order_by=Person.id)
    frames: Mapped[RecordingFrames] = relationship(cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"R{self.id}"


class RetentionChange(Base):
    """Something kept longer or shorter than usual, and why: `subject` is its id as printed.

    `recording_id` is the recording that it is, or was made of.
    """

    __tablename__ = "retention_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    subject: Mapped[str] = mapped_column(String(16))
    was: Mapped[date]
    until: Mapped[date]
    reason: Mapped[str] = mapped_column(SealedText("retention_change.reason"))
    made_at: Mapped[datetime]


class RecordingFrames(Base):
    """Timecodes of all shown frames, as compressed differences; kept apart since it is long."""

    __tablename__ = "recording_frames"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"), primary_key=True)
    differences: Mapped[bytes] = mapped_column(LargeBinary)

    @classmethod
    def of(cls, times: Sequence[int]) -> RecordingFrames:
        """Row for the sorted timecodes `times` in microseconds."""
        steps = array("q", (b - a for a, b in zip((0, *times), times, strict=False)))
        return cls(differences=zlib.compress(steps.tobytes(), 6))

    @cached_property
    def times(self) -> array[int]:
        """Timecode of each frame in microseconds, sorted."""
        steps = array("q", zlib.decompress(self.differences))
        total = 0
        for index, step in enumerate(steps):
            total += step
            steps[index] = total
        return steps


class DerivedMedium(Base):
    """Sealed pictures or sound made of a recording; whatever is done to it is done to them.

    `facts` holds sizes, places and times only.
    """

    __tablename__ = "derived_medium"
    __table_args__ = (UniqueConstraint("recording_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    kind: Mapped[DerivedKind]
    object_id: Mapped[str] = mapped_column(ForeignKey("sealed_object.id"))
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class SpokenName(Base):
    """A half-open span in which a full name is said: open until somebody decides about it.

    `reason` says why it was cleared.
    """

    __tablename__ = "spoken_name"
    __table_args__ = (
        CheckConstraint('start < "end"', name="span"),
        {"sqlite_autoincrement": True},  # an id is never given twice
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    start: Mapped[Timecode]
    end: Mapped[Timecode]
    state: Mapped[NameState]
    reason: Mapped[str | None] = mapped_column(SealedText("spoken_name.reason"))
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    recording: Mapped[Recording] = relationship()

    @property
    def name(self) -> str:
        """Id as it is printed."""
        return f"N{self.id}"

    @property
    def span(self) -> Span:
        """The stretch of the recording in which it is said."""
        return Span(self.start, self.end)
