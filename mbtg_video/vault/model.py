"""The row of a sealed file."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from mbtg_video.database import Base


class SealedObject(Base):
    """One sealed file in ``objects/``: its key, wrapped by the library key, and its plain size."""

    __tablename__ = "sealed_object"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wrapped_key: Mapped[bytes]
    size: Mapped[int] = mapped_column(BigInteger)


class LibraryState(Base):
    """One row: which library key the rows are sealed with."""

    __tablename__ = "library_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
