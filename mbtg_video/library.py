"""A library: the folder that holds one clinic's recordings, opened with its passphrase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
from filelock import ReadWriteLock, Timeout
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mbtg_video import audit, database
from mbtg_video.errors import (
    BadInput,
    Busy,
    ConfigurationError,
    ConsentRefused,
    MbtgError,
    MediaError,
    NoLibrary,
    RoleRefused,
    WrongPassphrase,
)
from mbtg_video.users import Power, User
from mbtg_video.vault import oskeyring
from mbtg_video.vault.durable import sync_folder, write_durably
from mbtg_video.vault.keys import Keyring, create_keys, open_keys
from mbtg_video.vault.model import LibraryState
from mbtg_video.vault.private import private_folder, sweep_private
from mbtg_video.vault.rotate import rotate
from mbtg_video.vault.store import Store

_FORMAT = 1
_FAILURES = "failed-unlocks.json"


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

    @property
    def user(self) -> User:
        """Whose passphrase opened it."""
        return self.ring.user

    @contextmanager
    def transaction(self, power: Power | None = None) -> Iterator[Session]:
        """Session in one transaction, for a deed that needs `power`.

        A refusal is noted in the audit although all is undone.
        """
        try:
            with self._session() as session:
                if power is not None:
                    self.user.require(power)
                yield session
        except ConsentRefused as refusal:
            with self._session() as session:
                audit.append(session, audit.Act.REFUSAL, *refusal.subjects, use=refusal.use)
            raise
        except RoleRefused as refusal:
            with self._session() as session:
                audit.append(session, audit.Act.REFUSAL, refusal.user, power=refusal.power)
            raise

    @contextmanager
    def _session(self) -> Iterator[Session]:
        info = {"audit_key": self.ring.audit_key, "user": self.user}
        with database.transaction(self.engine, **info) as session:
            self.ring.follow(session.get_one(LibraryState, 1).epoch)
            yield session

    def rotate_key(self) -> None:
        """Seal every data key and text with a new library key, and keep nothing of the old."""
        with self._session() as session:
            following = rotate(session, self.ring)
            audit.append(session, audit.Act.KEY, deed="rotate", epoch=following.epoch)
        with self.finishing("The library key was replaced"):
            with self._session():
                self.ring.settle()
            database.checkpoint(self.engine)

    @contextmanager
    def finishing(self, done: str) -> Iterator[None]:
        """For what follows a deed that is done: when it fails, the error says that it is done."""
        try:
            yield
        except (MediaError, ConsentRefused):
            raise  # they say themselves what stands in the way
        except (MbtgError, OSError) as error:
            why = (
                "Another mbtg is busy" if isinstance(error, Busy) else "The disk is full or failed"
            )
            raise MbtgError(
                f"{why}. {done}; give the same command again for the rest that follows from it."
            ) from error

    def forget(self, object_ids: Iterable[str]) -> None:
        """Remove files whose rows and keys are gone, and what the database kept of them."""
        database.checkpoint(self.engine)
        self.store.remove(object_ids)

    def refuse_inside(self, target: Path) -> None:
        """Raise `BadInput` for a place in the library's own folder, where nothing else may lie."""
        if target.resolve().is_relative_to(self.root.resolve()):
            raise BadInput(f"{target} lies inside the library; name a place outside of it")

    def private_folder(self, size: int) -> AbstractContextManager[Path]:
        """A folder for about `size` bytes that have to lie plain in a file; gone afterwards."""
        return private_folder(self.id, self.root / "tmp", size)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()
        self.lock.close()


def create_library(root: Path, passphrase: str, *, keyring: bool = False) -> str:
    """Make a new library in `root`, a folder that is absent or empty; the recovery code.

    With `keyring` the operating system opens it as well. Raises `BadInput` when the folder is in
    use or the passphrase too short, and `ConfigurationError` without a keyring.
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
        description = Description(uuid4().hex, _FORMAT)
        if keyring:
            oskeyring.remember(root / "keys", description.id, ring.master, ring.user)
        made.append(root / "mbtg.db")
        engine = database.make_engine(root / "mbtg.db", ring)
        try:
            database.migrate(engine, new=True)
            info = {"audit_key": ring.audit_key, "user": ring.user}
            with database.transaction(engine, **info) as session:
                audit.append(session, audit.Act.INIT)
        finally:
            engine.dispose()
        # The description comes last: a folder without it is no library yet.
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


def describe(root: Path) -> Description:
    """What the folder says of the library in it; raises `NoLibrary` or `ConfigurationError`."""
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
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: {error}") from error
    if description.format > _FORMAT:
        raise ConfigurationError(
            f"{path}: the library was made by a newer mbtg; update with: pipx upgrade mbtg-video"
        )
    return description


def open_library(root: Path, secret: str | Keyring) -> Library:
    """Open the library in `root`: newest schema, and what a crash left behind swept away.

    `secret` is a passphrase, the recovery code, or keys that were opened before. Raises
    `NoLibrary`, `WrongPassphrase` or `ConfigurationError`.
    """
    description = describe(root)
    if not (root / "mbtg.db").is_file():
        # SQLite would make an empty one, beside which every sealed file has no row.
        raise ConfigurationError(
            f"The database {root / 'mbtg.db'} is missing: put it back from a backup. Nothing was "
            "changed."
        )
    ring = secret if isinstance(secret, Keyring) else _opened_keys(root, secret)
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
        _note_unlock(library)
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
                sweep_private(library.id, library.root / "tmp")
                library.ring.settle()  # of a new library key that was broken off
                for folder in (library.root, library.root / "keys"):
                    for draft in folder.glob("*.part"):
                        draft.unlink()
    except (Timeout, Busy):
        return  # another mbtg is at work here; its drafts are not ours to remove
    sync_folder(library.root)


class _Failures(msgspec.Struct, forbid_unknown_fields=True):
    """Wrong passphrases since the last right one; nothing can be signed without a key."""

    count: int
    first: datetime
    last: datetime


def _opened_keys(root: Path, secret: str) -> Keyring:
    try:
        return open_keys(root / "keys", secret)
    except WrongPassphrase:
        now = datetime.now(UTC)
        failures = _failures(root) or _Failures(0, now, now)
        failures.count, failures.last = failures.count + 1, now
        write_durably(root / _FAILURES, msgspec.json.encode(failures))
        raise


def _failures(root: Path) -> _Failures | None:
    try:
        return msgspec.json.decode((root / _FAILURES).read_bytes(), type=_Failures)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def _note_unlock(library: Library) -> None:
    failures = _failures(library.root)
    with library.transaction() as session:
        if failures is not None:
            audit.append(
                session,
                audit.Act.FAILED_UNLOCK,
                times=failures.count,
                first=failures.first.isoformat(),
                last=failures.last.isoformat(),
            )
        audit.append(session, audit.Act.UNLOCK, slot=library.ring.slot)
    (library.root / _FAILURES).unlink(missing_ok=True)
