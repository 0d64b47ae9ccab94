"""Keep the gatherings of tags and transcripts as their rows are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from mbtg_video.gathering.lines import PLAIN, Lines, Stamp, read, together
from mbtg_video.gathering.model import Gathered, Gathering
from mbtg_video.tag.model import Tag
from mbtg_video.transcript.model import Cue, Transcript

_AT_ONCE: Final = 500
_Standing = tuple[int, int, int]


def gathered(
    session: Session, kind: Gathered, recordings: Collection[int] | None = None
) -> Iterator[tuple[int, Lines]]:
    """Number and lines of each recording that has any, or of those among `recordings`.

    What was added or changed since the last time is opened and gathered first.
    """
    rows = _standing(session, kind)
    kept = _kept(session, kind)
    for recording in kept.keys() - rows.keys():
        session.execute(delete(Gathering).where(*_of(kind, recording)))
    for recording, standing in rows.items():
        if recordings is not None and recording not in recordings:
            continue
        lines = _read(session, kind, recording) if recording in kept else None
        if lines is None or kept[recording] != standing:
            lines = _renewed(session, kind, recording, lines)
            _keep(session, kind, recording, lines, new=recording not in kept)
        yield recording, lines


def _read(session: Session, kind: Gathered, recording: int) -> Lines | None:
    query = select(Gathering.texts).where(*_of(kind, recording))
    return read(session.execute(query).scalar_one())


def _of(kind: Gathered, recording: int) -> tuple[ColumnElement[bool], ...]:
    return (Gathering.kind == kind, Gathering.recording_id == recording)


def _standing(session: Session, kind: Gathered) -> dict[int, _Standing]:
    """What the rows of each recording add up to."""
    if kind is Gathered.TAGS:
        query = select(
            Tag.recording_id, func.count(), func.max(Tag.id), func.sum(Tag.revision)
        ).group_by(Tag.recording_id)
    else:
        query = (
            select(Transcript.recording_id, func.count(), func.max(Cue.id), literal(0))
            .join(Cue, Cue.transcript_id == Transcript.id)
            .group_by(Transcript.recording_id)
        )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def _kept(session: Session, kind: Gathered) -> dict[int, _Standing]:
    query = select(
        Gathering.recording_id, Gathering.count, Gathering.newest, Gathering.changes
    ).where(Gathering.kind == kind)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(query)}


def _keep(session: Session, kind: Gathered, recording: int, lines: Lines, *, new: bool) -> None:
    count, newest, changes = lines.standing
    values = {
        "count": count,
        "newest": newest,
        "changes": changes,
        "texts": lines.written(),
    }
    if new:
        values |= {"recording_id": recording, "kind": kind}
        session.execute(insert(Gathering).values(values))
    else:
        session.execute(update(Gathering).where(*_of(kind, recording)).values(values))


def _renewed(session: Session, kind: Gathered, recording: int, old: Lines | None) -> Lines:
    """The lines as the rows are now; only those that `old` does not hold are opened."""
    present = dict(_revisions(session, kind, recording))
    pairs = [] if old is None else list(zip(old.ids, old.revisions, strict=True))
    good = [place for place, (number, seen) in enumerate(pairs) if present.get(number) == seen]
    kept = Lines([], [], [], [], [], []) if old is None else old.only(good)
    missing = sorted(present.keys() - set(kept.ids))
    opened = _opened_tags if kind is Gathered.TAGS else _opened_cues
    stamps = {stamp: place for place, stamp in enumerate(kept.stamps)}
    lines = list(zip(kept.starts, kept.ids, kept.revisions, kept.stamp, kept.texts, strict=True))
    for number, revision, start, stamp, text in opened(session, missing):
        place = stamps.setdefault(stamp, len(stamps))
        lines.append((start, number, revision, place, text))
    lines.sort(key=lambda line: line[:2])
    starts, ids, revisions, places, texts = (list(c) for c in zip(*lines, strict=True))
    return Lines(ids, revisions, starts, places, texts, list(stamps))


def _revisions(session: Session, kind: Gathered, recording: int) -> Iterable[tuple[int, int]]:
    if kind is Gathered.TAGS:
        query = select(Tag.id, Tag.revision).where(Tag.recording_id == recording)
    else:
        query = (
            select(Cue.id, literal(0))
            .join(Transcript, Cue.transcript_id == Transcript.id)
            .where(Transcript.recording_id == recording)
        )
    return ((row[0], row[1]) for row in session.execute(query))


_Opened = Iterator[tuple[int, int, int, Stamp, str]]


def _opened_tags(session: Session, numbers: Sequence[int]) -> _Opened:
    columns = (Tag.id, Tag.revision, Tag.start, Tag.scale, Tag.item, Tag.author, Tag.valence,
               Tag.label, Tag.note)  # fmt: skip
    for row in _rows(session, columns, numbers):
        stamp = Stamp(row.scale, row.item, row.author, str(row.valence))
        yield row.id, row.revision, row.start.microseconds, stamp, together(row.label, row.note)


def _opened_cues(session: Session, numbers: Sequence[int]) -> _Opened:
    for row in _rows(session, (Cue.id, Cue.start, Cue.speaker, Cue.text), numbers):
        yield row.id, 0, row.start.microseconds, PLAIN, together(row.speaker, row.text)


def _rows(session: Session, columns: Sequence[Any], numbers: Sequence[int]) -> Iterator[Row[Any]]:
    """Columns of the rows with these ids, a handful of ids at a time."""
    return chain.from_iterable(
        session.execute(select(*columns).where(columns[0].in_(numbers[begin : begin + _AT_ONCE])))
        for begin in range(0, len(numbers), _AT_ONCE)
    )
