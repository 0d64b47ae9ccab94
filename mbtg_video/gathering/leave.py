"""A text that is changed or removed leaves its gathering at once, in the same transaction.

This holds for whoever changes a row: it is done where the session writes, not where it is asked to.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, ClassVar, cast

from sqlalchemy import Connection, delete, event, inspect, select, update
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, object_session

from mbtg_video.gathering.lines import read
from mbtg_video.gathering.model import Gathered, Gathering

_LEAVING = "leaving gatherings"
_Leaving = defaultdict[tuple[Gathered, int | None], set[int]]


class Gatherable:
    """A row whose texts are gathered, or one that goes with such rows.

    `gathered_texts` names its sealed columns. One without a `recording_id` leaves the gatherings
    of every recording, and one that is not a single line the whole gathering.
    """

    gathered: ClassVar[Gathered]
    gathered_texts: ClassVar[tuple[str, ...]] = ()
    is_line: ClassVar[bool] = False


def _leaving(session: Session) -> _Leaving:
    found: _Leaving = session.info.setdefault(_LEAVING, defaultdict(set))
    return found


def _note(row: Gatherable) -> None:
    session = object_session(row)
    if session is None:
        return
    known = inspect(row).dict
    recording = known.get("recording_id")
    _leaving(session)[row.gathered, recording].add(known["id"] if row.is_line else 0)


@event.listens_for(Gatherable, "after_delete", propagate=True)
def _deleted(_mapper: Mapper[Any], _connection: Connection, row: Gatherable) -> None:
    _note(row)


@event.listens_for(Gatherable, "after_update", propagate=True)
def _updated(_mapper: Mapper[Any], _connection: Connection, row: Gatherable) -> None:
    attributes = inspect(row).attrs
    if any(attributes[name].history.has_changes() for name in row.gathered_texts):
        _note(row)


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: UOWTransaction) -> None:
    for (kind, recording), lines in session.info.pop(_LEAVING, {}).items():
        if recording is None or 0 in lines:
            _drop(session, kind, recording)
        else:
            _take_out(session, kind, recording, lines)


def _drop(session: Session, kind: Gathered, recording: int | None) -> None:
    table = Gathering.__table__
    dropped = delete(Gathering).where(table.c.kind == kind)
    if recording is not None:
        dropped = dropped.where(table.c.recording_id == recording)
    session.connection().execute(dropped)


def _take_out(session: Session, kind: Gathered, recording: int, gone: set[int]) -> None:
    table = Gathering.__table__
    mine = (table.c.kind == kind, table.c.recording_id == recording)
    connection = session.connection()
    text = connection.execute(select(table.c.texts).where(*mine)).scalar()
    if text is None:
        return
    lines = read(text)
    if lines is None:
        _drop(session, kind, recording)
        return
    left = lines.only([place for place, number in enumerate(lines.ids) if number not in gone])
    count, newest, changes = left.standing
    connection.execute(
        update(Gathering)
        .where(*mine)
        .values(count=count, newest=newest, changes=changes, texts=left.written())
    )


@event.listens_for(Session, "do_orm_execute")
def _in_bulk(state: ORMExecuteState) -> None:
    """What one statement changes or removes of many rows: their recordings' gatherings go."""
    if not (state.is_orm_statement and (state.is_delete or state.is_update)):
        return
    mapper = state.bind_mapper
    if mapper is None or not issubclass(mapper.class_, Gatherable):
        return
    kind: Gathered = mapper.class_.gathered
    if "recording_id" not in mapper.columns:
        _drop(state.session, kind, None)
        return
    statement = cast("Any", state.statement)
    touched = select(mapper.columns["recording_id"]).distinct()
    if statement.whereclause is not None:
        touched = touched.where(statement.whereclause)
    for recording in state.session.connection().execute(touched).scalars().all():
        _drop(state.session, kind, recording)
