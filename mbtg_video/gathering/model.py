"""The texts of a recording's tags or transcripts once more, together and sealed as one.

Opening a hundred thousand sealed texts takes seconds; opening a few long ones does not.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mbtg_video.database import Base, SealedText


class Gathered(StrEnum):
    """Whose texts are gathered."""

    TAGS = "tags"
    CUES = "cues"


class Gathering(Base):
    """The texts of one recording's tags or cues, as `lines.Lines` writes them.

    It is up to date as long as `count`, `newest` (the highest id) and `changes` (the sum of the
    revisions) are those of the rows: an id is never given twice, and a revision only rises.
    """

    __tablename__ = "search_gathering"
    __table_args__ = (UniqueConstraint("recording_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recording.id"))
    kind: Mapped[Gathered]
    count: Mapped[int]
    newest: Mapped[int]
    changes: Mapped[int]
    texts: Mapped[str] = mapped_column(SealedText("search_gathering.texts"))
