"""Seal everything of a library with a new key, in one transaction."""

from __future__ import annotations

from sqlalchemy import LargeBinary, select, type_coerce, update
from sqlalchemy.orm import Session

from mbtg_video.database import Base, SealedText, load_rows, unknown_tables
from mbtg_video.errors import Damaged
from mbtg_video.vault.keys import Keyring
from mbtg_video.vault.model import LibraryState, SealedObject


def rotate(session: Session, ring: Keyring) -> Keyring:
    """Seal every data key and every text anew; the ring to follow once this is committed.

    The files themselves keep their own keys: whoever had the old library key and the rows that
    it sealed could read them, and after this has neither for what was shredded. Raises `Damaged`
    for a table that nobody knows, since what is sealed in it would be lost.
    """
    load_rows()
    unknown = unknown_tables(session)
    if unknown:
        raise Damaged(
            f"the database holds the table {min(unknown)}, which this mbtg does not know: update "
            "with pipx upgrade mbtg-video. Nothing was changed."
        )
    following = ring.prepare_next()
    for row in session.scalars(select(SealedObject)):
        row.wrapped_key = following.wrap_data_key(
            row.id, ring.open_data_key(row.id, row.wrapped_key)
        )
    session.flush()
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key)
        for column in table.columns:
            if not isinstance(column.type, SealedText):
                continue
            name = column.type.column
            raw = type_coerce(column, LargeBinary)
            for *key, sealed in session.execute(select(*keys, raw).where(column.is_not(None))):
                text = following.seal_text(name, ring.open_text(name, sealed))
                where = [part == value for part, value in zip(keys, key, strict=True)]
                session.execute(
                    update(table).where(*where).values({column: type_coerce(text, LargeBinary)})
                )
    session.get_one(LibraryState, 1).epoch = following.epoch
    return following
