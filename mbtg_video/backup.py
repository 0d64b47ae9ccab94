"""Copies of a library that stay sealed, and a close look at whether a library is whole."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit, ledger, withdrawal
from mbtg_video.audit import Act
from mbtg_video.consent.model import Person
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.database import Base, SealedText, explained, load_rows
from mbtg_video.errors import BadInput, Damaged, MbtgError, NotFound
from mbtg_video.library import Library, describe, open_library
from mbtg_video.users import Power
from mbtg_video.vault.durable import copy_durably, sync_folder, write_durably
from mbtg_video.vault.keys import LIBRARY_KEYS, epoch_of
from mbtg_video.vault.model import SealedObject

_BLOCK_BYTES: Final = 1 << 20
_ATTEMPTS: Final = 5
_FOLDERS: Final = ("objects", "keys", "tmp")
_DATABASE: Final = "mbtg.db"
_NEXT_KEYS: Final = "library.next.json"
_FROM_BACKUP: Final = "copy this file from a backup's objects/ into the library's objects/"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a library, and what to do."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup did: sealed files it holds, those copied now, and those it let go."""

    objects: int
    copied: int
    removed: int


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        copy_durably(target, iter(partial(file.read, _BLOCK_BYTES), b""))


def _snapshot(library: Library, target: Path) -> set[str]:
    """Database, keys and ledger of one moment, written to `target`; ids of the sealed files."""
    part = target / f"{_DATABASE}.part"
    part.unlink(missing_ok=True)
    # The write lock is held: no key is replaced between the copy of the rows and of the keys.
    with library.transaction(Power.GUARD) as session:
        known = set(session.scalars(select(SealedObject.id)))
        with (
            closing(sqlite3.connect(library.root / _DATABASE)) as rows,
            closing(sqlite3.connect(part)) as copy,
        ):
            rows.backup(copy)
        keys = {path.name: path.read_bytes() for path in (library.root / "keys").glob("*.json")}
        ledger.write(session, library)
        withdrawals = (library.root / ledger.FILE).read_bytes()
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    for gone in set((target / "keys").glob("*.slot.json")):
        if gone.name not in keys:
            gone.unlink()
    # The library key may have been replaced since the last backup: until the new rows are in
    # place, the old key stays beside the new one, and `restore` takes the one that they need.
    keys[_NEXT_KEYS] = keys.pop(LIBRARY_KEYS)
    for name, content in keys.items():
        write_durably(target / "keys" / name, content)
    write_durably(target / ledger.FILE, withdrawals)
    return known


def _settle_keys(target: Path) -> None:
    """Keep the key that a backup's rows are sealed with, and no other."""
    following = target / "keys" / _NEXT_KEYS
    if not following.exists() or not (target / _DATABASE).exists():
        return
    unchanging = f"{(target / _DATABASE).resolve().as_uri()}?immutable=1"
    with explained(), closing(sqlite3.connect(unchanging, uri=True)) as rows:
        (epoch,) = rows.execute("SELECT epoch FROM library_state").fetchone()
    if epoch_of(following) == epoch:
        following.replace(target / "keys" / LIBRARY_KEYS)
    following.unlink(missing_ok=True)
    sync_folder(target / "keys")


def _prepared(library: Library, target: Path) -> None:
    """A folder that holds a backup of this library, or nothing yet."""
    library.refuse_inside(target)
    begun = {"library.toml.part"}  # of a backup that was broken off before it could say whose
    if target.exists() and {path.name for path in target.iterdir()} - begun:
        try:
            same = describe(target).id == library.id
        except MbtgError:
            same = False
        if not same:
            raise BadInput(f"{target} holds something else; name a new folder or this backup's")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.chmod(0o700)
    # The description comes first: what was begun is this library's, and can be gone on with.
    _copy(library.root / "library.toml", target / "library.toml")
    for name in _FOLDERS:
        (target / name).mkdir(mode=0o700, exist_ok=True)
    _settle_keys(target)  # of a backup that was broken off


def back_up(
    library: Library, target: Path, progress: Callable[[int], None] = lambda _: None
) -> Backup:
    """Bring the backup in `target` up to date while the library is in use; still sealed.

    Only files that it lacks are copied, and those that the library no longer has are removed:
    a backup forgets what was shredded. `progress` counts files. Raises `BadInput`.
    """
    _prepared(library, target)
    copied = 0
    for _ in range(_ATTEMPTS):
        known = _snapshot(library, target)
        held = {path.name for path in (target / "objects").iterdir()}
        try:
            for object_id in sorted(known - held):
                _copy(library.root / "objects" / object_id, target / "objects" / object_id)
                copied += 1
                progress(1)
        except FileNotFoundError:
            continue  # shredded meanwhile: the next snapshot does not ask for it
        for beside in ("-wal", "-shm"):
            (target / f"{_DATABASE}{beside}").unlink(missing_ok=True)
        (target / f"{_DATABASE}.part").replace(target / _DATABASE)
        sync_folder(target)
        _settle_keys(target)
        surplus = [path for path in (target / "objects").iterdir() if path.name not in known]
        for path in surplus:
            path.unlink()
        sync_folder(target / "objects")
        with library.transaction() as session:
            audit.append(session, Act.BACKUP, copied=copied, removed=len(surplus))
        return Backup(len(known), copied, len(surplus))
    raise MbtgError("The library changed all the time; nothing was lost. Try again when it rests.")


def restore(
    source: Path, root: Path, passphrase: str, *, on: date, newer_ledger: Path | None = None
) -> list[str]:
    """Make a library in the new or empty folder `root` from a backup, whole or not at all.

    Withdrawals in `newer_ledger`, made since the backup, are applied again: the codes concerned.
    Raises `NotFound`, `BadInput`, `WrongPassphrase` or `Damaged`.
    """
    if not (source / "library.toml").is_file() or not (source / _DATABASE).is_file():
        raise NotFound(f"There is no finished backup in {source}.")
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BadInput(f"{root} is not empty; name a new folder")
    draft = root.with_name(f".{root.name}.part")
    if draft.exists():
        shutil.rmtree(draft)  # a restore that was broken off
    try:
        for name in _FOLDERS:
            (draft / name).mkdir(mode=0o700, parents=True)
        draft.chmod(0o700)
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.parent.name != "tmp" and not path.name.endswith(".part"):
                _copy(path, draft / path.relative_to(source))
        _settle_keys(draft)
        with open_library(draft, passphrase) as library:
            problems = list(check(library))
            if problems:
                what = problems[0].what
                raise Damaged(f"The backup in {source} is not whole: {what}. Nothing was restored.")
            again = _withdrawn_since(library, newer_ledger, on)
        if root.exists():
            root.rmdir()
        draft.rename(root)
        sync_folder(root.parent)
    except BaseException:
        if draft.exists():
            shutil.rmtree(draft)
        raise
    return again


def _withdrawn_since(library: Library, newer: Path | None, on: date) -> list[str]:
    known = set(ledger.read(library.root / ledger.FILE, library))
    found = ledger.read(newer, library) if newer is not None else []
    missing = [one for one in found if one not in known]
    gone: list[str] = []
    with library.transaction(Power.GUARD) as session:
        people = set(session.scalars(select(Person.code)))
        codes = sorted({one.person for one in missing} & people)
        for one in missing:
            if one.person in people:
                withdraw_uses(session, one.person, [one.use], on=one.on)
        for code in codes:
            uses = [one.use for one in missing if one.person == code]
            gone += withdrawal.apply(session, code, uses, on)
        audit.append(session, Act.RESTORE, *codes)
        ledger.write(session, library)
    library.forget(gone)
    if codes:
        library.rotate_key()
    return codes


def check(library: Library, progress: Callable[[int], None] = lambda _: None) -> Iterator[Problem]:
    """Everything that is wrong with a library; `progress` counts sealed files."""
    with library.transaction(Power.GUARD) as session:
        yield from _database_problems(session)
        for sentence in audit.verify(session):
            yield Problem(f"audit: {sentence}", "keep the library as it is and ask who changed it")
        yield from _text_problems(session)
        rows = session.scalars(select(SealedObject).order_by(SealedObject.id)).all()
        yield from _object_problems(library, session, rows, progress)
        known = {row.id for row in rows}
    for path in sorted((library.root / "objects").iterdir()):
        if path.name not in known:
            yield Problem(
                f"{path.name} in objects/ has no row",
                "close every mbtg and run any command: it is removed at start",
            )
    if (library.root / ledger.FILE).exists():
        try:
            ledger.read(library.root / ledger.FILE, library)
        except Damaged as error:
            yield Problem(str(error), "any withdrawal writes it anew")


def _database_problems(session: Session) -> Iterator[Problem]:
    connection = session.connection()
    remedy = "restore the newest backup: mbtg restore BACKUP DIR"
    for (answer,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if answer != "ok":
            yield Problem(f"database: {answer}", remedy)
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Problem(f"database: a row of {table} refers to nothing", remedy)


def _text_problems(session: Session) -> Iterator[Problem]:
    load_rows()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedText):
                try:
                    session.execute(select(column)).all()
                except Damaged as error:
                    remedy = "restore the newest backup: mbtg restore BACKUP DIR"
                    yield Problem(f"{table.name}.{column.name}: {error}", remedy)


def _object_problems(
    library: Library,
    session: Session,
    rows: Iterable[SealedObject],
    progress: Callable[[int], None],
) -> Iterator[Problem]:
    for row in rows:
        try:
            with library.store.open(session, row.id) as sealed:
                size = sum(len(block) for block in iter(partial(sealed.read, _BLOCK_BYTES), b""))
            if size != row.size:
                yield Problem(f"{row.id} holds {size} bytes, not {row.size}", _FROM_BACKUP)
        except Damaged as error:
            yield Problem(str(error), _FROM_BACKUP)
        progress(1)
