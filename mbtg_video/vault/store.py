"""Sealed files of a library: written as drafts, published whole, opened, swept.

A draft is ciphertext in ``tmp/``. Publishing makes it durable, gives it its place in
``objects/`` and adds its row to the caller's transaction, which ends last: a crash leaves a
file without a row, which the next start removes, and never a row without a file.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.errors import Damaged
from mbtg_video.vault.container import KEY_BYTES, SealedReader, SealingWriter
from mbtg_video.vault.durable import sync_folder
from mbtg_video.vault.keys import Keyring
from mbtg_video.vault.model import SealedObject

_log = logging.getLogger(__name__)

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would translate line ends without it


def _is_ours(path: Path) -> bool:
    return path.is_symlink() or not path.is_dir()


class Draft:
    """A sealed file in the making; write to it, then publish it with its `Store` or discard it."""

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(16)
        self.path = folder / self.id
        self._key = os.urandom(KEY_BYTES)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        self._raw: BinaryIO = os.fdopen(descriptor, "w+b")
        self._writer = SealingWriter(self._raw, self._key, bytes.fromhex(self.id))
        self._readers: list[SealedReader] = []

    @property
    def size(self) -> int:
        """Bytes of plain content."""
        return self._writer.size

    def write(self, data: bytes | bytearray | memoryview) -> int:
        return self._writer.write(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return self._writer.seek(offset, whence)

    def tell(self) -> int:
        return self._writer.tell()

    def reopen(self) -> BinaryIO:
        """What was written, from its beginning; nothing more can be written."""
        self._writer.finish()
        reader = SealedReader(
            cast(BinaryIO, self.path.open("rb")), self._key, bytes.fromhex(self.id)
        )
        self._readers.append(reader)
        return cast(BinaryIO, reader)

    def seal(self, ring: Keyring) -> SealedObject:
        """Finish and make the contents durable; the row to publish it with."""
        self._writer.finish()
        os.fsync(self._raw.fileno())
        self._close()
        return SealedObject(
            id=self.id, wrapped_key=ring.wrap_data_key(self.id, self._key), size=self.size
        )

    def _close(self) -> None:
        for reader in self._readers:
            reader.close()
        self._raw.close()

    def discard(self) -> None:
        """Remove the draft; harmless when it is gone or published."""
        self._close()
        self.path.unlink(missing_ok=True)


class Store:
    """The sealed files below one library folder."""

    def __init__(self, root: Path, ring: Keyring) -> None:
        self._objects = root / "objects"
        self._drafts = root / "tmp"
        self._ring = ring

    @contextmanager
    def drafts(self) -> Iterator[Callable[[], Draft]]:
        """What makes new drafts; on leaving, those that were not published are removed."""
        with ExitStack() as made:

            def new_draft() -> Draft:
                draft = Draft(self._drafts)
                made.callback(draft.discard)
                return draft

            yield new_draft

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """One new draft, removed on leaving unless it was published."""
        with self.drafts() as new_draft:
            yield new_draft()

    def publish(self, session: Session, draft: Draft) -> SealedObject:
        """Give a draft its place, and its row to `session`; part of the caller's transaction."""
        row = draft.seal(self._ring)
        draft.path.rename(self._objects / row.id)
        sync_folder(self._objects)
        session.add(row)
        return row

    def open(self, session: Session, object_id: str) -> BinaryIO:
        """Plain content of a published file; raises `Damaged` when file or key do not verify."""
        row = session.get_one(SealedObject, object_id)
        key = self._ring.open_data_key(row.id, row.wrapped_key)
        path = self._objects / row.id
        try:
            raw = cast(BinaryIO, path.open("rb"))
        except FileNotFoundError:
            raise Damaged(
                f"The sealed file {row.id} is missing; restore it from a backup."
            ) from None
        try:
            return cast(BinaryIO, SealedReader(raw, key, bytes.fromhex(row.id)))
        except BaseException:
            raw.close()
            raise

    def remove(self, object_ids: Iterable[str]) -> None:
        """Remove files whose rows are gone; those that are not there any more are no matter."""
        gone = list(object_ids)
        for object_id in gone:
            (self._objects / object_id).unlink(missing_ok=True)
        if gone:
            sync_folder(self._objects)

    def sweep(self, session: Session) -> int:
        """Remove drafts and files without a row; how many. The caller holds the lock alone."""
        known = set(session.scalars(select(SealedObject.id)))
        gone = [path for path in self._objects.iterdir() if path.name not in known]
        leftovers = list(self._drafts.iterdir())
        # A folder is none of ours: some disks put their own into every folder.
        for path in filter(_is_ours, gone + leftovers):
            path.unlink()
        if gone:
            sync_folder(self._objects)
        if gone or leftovers:
            _log.info("swept %d objects and %d drafts", len(gone), len(leftovers))
        return len(gone) + len(leftovers)
