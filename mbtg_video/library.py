"""A library: the folder that holds one clinic's recordings, opened with its passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import msgspec
from filelock import ReadWriteLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mbtg_video import audit, database
from mbtg_video.errors import BadInput, Busy, ConfigurationError, ConsentRefused, NoLibrary
from mbtg_video.vault.durable import sync_folder, write_durably
from mbtg_video.vault.keys import Keyring, create_keys, open_keys
from mbtg_video.vault.store import Store

_FORMAT = 1


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``library.toml`` holds: nothing that says whose library it is."""

    id: str
    format: int


@dataclass(frozen=True, slots=True)
class Library:
    """An opened library. Use it as a context manager; work inside `transaction`."""

    root: Path
    id: str
    ring: Keyring
    engine: Engine
    store: Store
    lock: ReadWriteLock

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Session in one transaction; a refusal is noted in the audit although all is undone."""
        try:
            with database.transaction(self.engine, audit_key=self.ring.audit_key) as session:
                yield session
        except ConsentRefused as refusal:
            with database.transaction(self.engine, audit_key=self.ring.audit_key) as session:
                audit.append(session, audit.Act.REFUSAL, *refusal.subjects, use=refusal.use)
            raise

    def refuse_inside(self, target: Path) -> None:
        """Raise `BadInput` for a place in the library's own folder, where nothing else may lie."""
        if target.resolve().is_relative_to(self.root.resolve()):
            raise BadInput(f"{target} lies inside the library; name a place outside of it")

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()
        self.lock.close()


def create_library(root: Path, passphrase: str) -> str:
    """Make a new library in `root`, a folder that is absent or empty; the recovery code.

    Raises `BadInput` when the folder is in use or the passphrase too short.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise BadInput(f"{root} is not empty; name a new folder: mbtg init DIR")
    root.mkdir(parents=True, exist_ok=True)
    root.chmod(0o700)
    made: list[Path] = []
    try:
        for name in ("objects", "tmp"):
            folder = root / name
            folder.mkdir(mode=0o700)
            made.append(folder)
        made.append(root / "keys")
        ring, code = create_keys(root / "keys", passphrase)
        made.append(root / "mbtg.db")
        engine = database.make_engine(root / "mbtg.db", ring)
        try:
            database.migrate(engine, new=True)
            with database.transaction(engine, audit_key=ring.audit_key) as session:
                audit.append(session, audit.Act.INIT)
        finally:
            engine.dispose()
        # The description comes last: a folder without it is no library yet.
        description = Description(uuid4().hex, _FORMAT)
        write_durably(root / "library.toml", msgspec.toml.encode(description))
    except BaseException:
        _remove(made)
        raise
    return code


def _remove(made: list[Path]) -> None:
    for path in made:
        if path.is_dir():
            for inner in path.iterdir():
                inner.unlink()
            path.rmdir()
        else:
            for beside in path.parent.glob(f"{path.name}*"):
                beside.unlink()


def _described(root: Path) -> Description:
    path = root / "library.toml"
    try:
        description = msgspec.toml.decode(path.read_bytes(), type=Description)
    except FileNotFoundError:
        raise NoLibrary(
            f"There is no library in {root}. Make one with: mbtg init, "
            "or name another with --library DIR"
        ) from None
    except NotADirectoryError:
        raise NoLibrary(f"{root} is a file, and a library is a folder: --library DIR") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    if description.format > _FORMAT:
        raise ConfigurationError(
            f"{path}: the library was made by a newer mbtg; update with: pipx upgrade mbtg-video"
        )
    return description


def open_library(root: Path, passphrase: str) -> Library:
    """Open the library in `root`: newest schema, and what a crash left behind swept away.

    Raises `NoLibrary`, `WrongPassphrase` or `ConfigurationError`.
    """
    description = _described(root)
    if not (root / "mbtg.db").is_file():
        # SQLite would make an empty one, beside which every sealed file has no row.
        raise ConfigurationError(
            f"The database {root / 'mbtg.db'} is missing: put it back from a backup. Nothing was "
            "changed."
        )
    ring = open_keys(root / "keys", passphrase)
    engine = database.make_engine(root / "mbtg.db", ring)
    lock = ReadWriteLock(root / "lock.db", is_singleton=False)
    try:
        for name in ("objects", "tmp"):
            (root / name).mkdir(mode=0o700, exist_ok=True)
        store = Store(root, ring)
        library = Library(root, description.id, ring, engine, store, lock)
        _sweep(library)
        with database.explained():
            lock.acquire_read()
    except BaseException:
        engine.dispose()
        lock.close()
        raise
    return library


def _sweep(library: Library) -> None:
    try:
        with database.explained(), library.lock.write_lock(timeout=0):
            database.migrate(library.engine)
            with library.transaction() as session:
                audit.recognise(session)  # another library's rows would name none of the files
                library.store.sweep(session)
    except (Timeout, Busy):
        return  # another mbtg is at work here; its drafts are not ours to remove
    sync_folder(library.root)
