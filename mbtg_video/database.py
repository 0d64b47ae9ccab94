"""The engine, the base of every row, the column types and migrations.

Free text is sealed column by column: `SealedText` asks the engine's dialect for the cipher
that the opened library registered, so no row and no query carries a key.
"""

from __future__ import annotations

import enum
import pkgutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from fractions import Fraction
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    create_engine,
    event,
    inspect,
)
from sqlalchemy import types as sqltypes
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

from mbtg_video import interrupt
from mbtg_video.errors import Busy, Damaged, MbtgError
from mbtg_video.timecode import Timecode

_BUSY_SECONDS = 10
# The disk failed after all was written: the change may be found, or not, at the next start.
_SQLITE_IOERR_FSYNC = sqlite3.SQLITE_IOERR | 4 << 8
_NO_DATABASE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_UNWRITABLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)


class ColumnCipher(Protocol):
    """What seals and opens the text of one column."""

    def seal_text(self, column: str, text: str) -> bytes: ...

    def open_text(self, column: str, sealed: bytes) -> str: ...


_ciphers: WeakKeyDictionary[Dialect, ColumnCipher] = WeakKeyDictionary()


class SealedText(sqltypes.TypeDecorator[str]):
    """Text that only an opened library can read; `column` is bound into the seal."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _ciphers[dialect].seal_text(self.column, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _ciphers[dialect].open_text(self.column, value)


class TimecodeColumn(sqltypes.TypeDecorator[Timecode]):
    """A `Timecode` as its microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Timecode | None, dialect: Dialect) -> int | None:
        return None if value is None else value.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> Timecode | None:
        return None if value is None else Timecode(value)


class FractionColumn(sqltypes.TypeDecorator[Fraction]):
    """A rate or time base, exactly, as ``30000/1001``."""

    impl = String(42)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value.numerator}/{value.denominator}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


class Moment(sqltypes.TypeDecorator[datetime]):
    """A point of time in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = sqltypes.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of every row."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  read once by SQLAlchemy when the class is made
        Timecode: TimecodeColumn,
        Fraction: FractionColumn,
        datetime: Moment,
        enum.Enum: sqltypes.Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            length=32,
            values_callable=lambda choices: [choice.value for choice in choices],
        ),
        dict[str, Any]: sqltypes.JSON,
        list[dict[str, Any]]: sqltypes.JSON,
    }


def load_rows() -> None:
    """Import every module that describes rows: a deed on all tables has to know all of them."""
    import mbtg_video

    for package in pkgutil.iter_modules(mbtg_video.__path__, "mbtg_video."):
        if package.ispkg and files(package.name).joinpath("model.py").is_file():
            import_module(f"{package.name}.model")
    import_module("mbtg_video.audit")


def unknown_tables(session: Session) -> set[str]:
    """Tables of the database of which the program has no rows, which should be none."""
    found = set(inspect(session.connection()).get_table_names())
    return found - set(Base.metadata.tables) - {"alembic_version"}


def make_engine(database: Path, cipher: ColumnCipher) -> Engine:
    """Engine on a library's SQLite file; sealed columns are opened with `cipher`."""
    engine = create_engine(
        f"sqlite:///{database}",
        hide_parameters=True,  # an error must not print what is about to be sealed
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
    )
    _ciphers[engine.dialect] = cipher
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_writing)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # secure_delete overwrites what is deleted; FULL makes a commit survive a power cut.
    with explained(), closing(connection.cursor()) as cursor:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")


def _begin_writing(connection: Any) -> None:  # noqa: ANN401  SQLAlchemy types no event
    # Taking the write lock at once means that no transaction fails half way for want of it.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine, **info: object) -> Iterator[Session]:
    """Session in one transaction: committed at the end, undone by any exception.

    `info` is put into ``session.info``. Raises `Busy` when another process holds the
    database too long, `Damaged` when the file is no database, `MbtgError` when it cannot be
    written. Once something was changed for good, Ctrl-C waits for the next change, or for
    `interrupt.let_go`.
    """
    with explained(), Session(engine, expire_on_commit=False, info=info) as session:
        event.listen(session, "after_flush", _hold_interrupts_on_commit, once=True)
        with session.begin():
            yield session


def _hold_interrupts_on_commit(session: Session, _context: object) -> None:
    interrupt.let_go()
    event.listen(session, "before_commit", lambda _: interrupt.hold(), once=True)


@contextmanager
def explained() -> Iterator[None]:
    """SQLite's own errors inside are raised as ours."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        told = getattr(cause, "sqlite_errorcode", 0)
        code = told & 0xFF
        if not isinstance(cause, sqlite3.OperationalError) and code not in _NO_DATABASE:
            raise
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Busy(
                f"Another mbtg has been writing to this library for {_BUSY_SECONDS} seconds. "
                "Wait until it has finished, then try again."
            ) from error
        if told == _SQLITE_IOERR_FSYNC:
            raise MbtgError(
                f"The disk is full or cannot be written ({cause}), and whether this was saved is "
                "not known. Free some space, then look before you try again."
            ) from error
        if code in _UNWRITABLE:
            raise MbtgError(
                f"The disk is full or cannot be written ({cause}). Nothing was changed; "
                "free some space, try again."
            ) from error
        raise Damaged(
            f"The library's database cannot be used: {cause}. Put mbtg.db back from a backup."
        ) from error


def checkpoint(engine: Engine) -> None:
    """Bring the write-ahead log into the database and empty it, so that it keeps nothing old."""
    with explained(), closing(engine.raw_connection()) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _newest_revision() -> str:
    names = (path.name for path in files("mbtg_video.migrations.versions").iterdir())
    return max(name.removesuffix(".py") for name in names if name[:4].isdigit())


def migrate(engine: Engine, *, new: bool = False) -> None:
    """Bring the database to the newest schema, from any earlier one, or a `new` one from none.

    Raises `Damaged` for one that should not be empty, and is.
    """
    with explained(), engine.begin() as connection:
        if connection.dialect.has_table(connection, "alembic_version"):
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if found == _newest_revision():
                return  # alembic takes longer to load than most commands take to run
        elif not new:
            raise Damaged(
                "The library's database is empty: put mbtg.db back from a backup. Nothing was "
                "changed."
            )
    from alembic import command
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", "mbtg_video:migrations")
    with explained(), engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
