"""Add, find, change and remove tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import find_person
from mbtg_video.errors import BadInput, ChangedMeanwhile, MalformedTime, NotFound
from mbtg_video.recording.access import permit
from mbtg_video.recording.model import Recording
from mbtg_video.scale import Scale, find_scale
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.timecode import Span, Timecode


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a tag says: when, which item of which scale or which label, by whom."""

    start: Timecode
    end: Timecode | None = None
    scale: str | None = None
    item: int | None = None
    label: str | None = None
    author: str | None = None
    note: str | None = None
    valence: Valence = Valence.NEUTRAL


_FIELDS: Final = fields(Mark)


class _Known:
    """Scales and persons that were looked up, so that many tags look each up once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.scales: dict[str, Scale] = {}
        self.persons: set[str] = set()

    def item(self, scale: str, number: int) -> None:
        if scale not in self.scales:
            self.scales[scale] = find_scale(scale)
        self.scales[scale].item(number)

    def person(self, code: str) -> None:
        if code not in self.persons:
            self.persons.add(find_person(self.session, code).code)


def _check(known: _Known, recording: Recording, mark: Mark) -> None:
    if (mark.item is None) == (mark.label is None):
        raise BadInput("a tag carries either --item N or --label TEXT")
    if mark.label is not None and not mark.label.strip():
        raise BadInput("a label needs a text: --label TEXT")
    if mark.label is not None and mark.scale is not None:
        raise BadInput("a label belongs to no scale: --scale goes with --item N")
    if mark.item is not None:
        known.item(mark.scale or "", mark.item)
    if mark.author is not None:
        known.person(mark.author)
    if mark.end is not None:
        Span(mark.start, mark.end)
    last = mark.end or mark.start
    outside = last > recording.length or (mark.end is None and last == recording.length)
    if mark.start.microseconds < 0 or outside:
        raise MalformedTime(
            f"{last} lies outside {recording.name}, which is {recording.length} long"
        )


def add_tag(session: Session, recording: Recording, mark: Mark, *, on: date) -> Tag:
    """A new tag; raises `BadInput`, `MalformedTime`, `NotFound` or `ConsentRefused`."""
    (tag,) = add_tags(session, recording, (mark,), on=on)
    audit.append(session, audit.Act.TAG, tag.name, recording.name, deed="add")
    return tag


def add_tags(
    session: Session, recording: Recording, marks: Iterable[Mark], *, on: date
) -> list[Tag]:
    """As `add_tag` for many at once; the caller writes the audit line."""
    permit(recording, Use.OWN_REVIEW, on)
    known, now, tags = _Known(session), datetime.now(UTC), []
    for mark in marks:
        _check(known, recording, mark)
        values = {field.name: getattr(mark, field.name) for field in _FIELDS}
        tags.append(Tag(recording_id=recording.id, made_at=now, changed_at=now, **values))
    session.add_all(tags)
    session.flush()
    return tags


def find_tag(session: Session, number: int) -> Tag:
    """Tag with this number; raises `NotFound`."""
    tag = session.get(Tag, number)
    if tag is None:
        raise NotFound(f"There is no tag T{number}. See: mbtg tag list")
    return tag


def _refuse_stale(tag: Tag, seen: int | None) -> None:
    if seen is not None and seen != tag.revision:
        raise ChangedMeanwhile(
            f"{tag.name} was changed elsewhere since it was read. Nothing was overwritten: look "
            "at it again, then change it."
        )


def edit_tag(
    session: Session, tag: Tag, *, on: date, seen: int | None = None, **changes: object
) -> Tag:
    """The tag with some fields of its `Mark` changed; raises as `add_tag` does.

    With `seen`, the revision that the change was made on, a newer one raises `ChangedMeanwhile`.
    """
    _refuse_stale(tag, seen)
    permit(tag.recording, Use.OWN_REVIEW, on, tag.name)
    if changes.get("item") is not None:
        changes.setdefault("label", None)
    if changes.get("label") is not None:
        changes = {"item": None, "scale": None} | changes
    before = Mark(**{field.name: getattr(tag, field.name) for field in fields(Mark)})
    mark = replace(before, **changes)  # type: ignore[arg-type]
    _check(_Known(session), tag.recording, mark)
    for field in fields(mark):
        setattr(tag, field.name, getattr(mark, field.name))
    tag.changed_at = datetime.now(UTC)
    audit.append(session, audit.Act.TAG, tag.name, tag.recording.name, deed="edit")
    return tag


def remove_tag(session: Session, tag: Tag, *, seen: int | None = None) -> None:
    """Take a tag away; with `seen` as `edit_tag` does."""
    _refuse_stale(tag, seen)
    audit.append(session, audit.Act.TAG, tag.name, tag.recording.name, deed="remove")
    session.delete(tag)


def list_tags(
    session: Session,
    *,
    recording: Recording | None = None,
    item: int | None = None,
    author: str | None = None,
    text: str | None = None,
    span: Span | None = None,
) -> Sequence[Tag]:
    """Tags in order of recording and time; `text` is looked for in labels and notes."""
    query = select(Tag).order_by(Tag.recording_id, Tag.start, Tag.id)
    if recording is not None:
        query = query.where(Tag.recording_id == recording.id)
    if item is not None:
        query = query.where(Tag.item == item)
    if author is not None:
        query = query.where(Tag.author == find_person(session, author).code)
    if span is not None:
        query = query.where(_touching(span))
    tags = session.scalars(query).all()
    if text is not None:
        wanted = text.casefold()
        tags = [t for t in tags if wanted in f"{t.label or ''}\n{t.note or ''}".casefold()]
    return tags


def _touching(span: Span) -> ColumnElement[bool]:
    """Any of the tag lies in the span."""
    moment = and_(Tag.end.is_(None), Tag.start >= span.start)
    return and_(Tag.start < span.end, or_(moment, Tag.end > span.start))


def items_in(session: Session, recording: Recording, span: Span, scale: str) -> frozenset[int]:
    """Items of a scale that are tagged in a span; no text is opened for it."""
    query = select(Tag.item).where(
        Tag.recording_id == recording.id, Tag.scale == scale, _touching(span)
    )
    return frozenset(item for item in session.scalars(query) if item is not None)


def page_of_tags(
    session: Session, recording: Recording, *, after: tuple[Timecode, int] | None, limit: int
) -> Sequence[Tag]:
    """At most `limit` tags of a recording in order of time, behind the one with that start and id.

    Takes as long for the last page as for the first.
    """
    query = select(Tag).where(Tag.recording_id == recording.id).order_by(Tag.start, Tag.id)
    if after is not None:
        start, number = after
        later = or_(Tag.start > start, and_(Tag.start == start, Tag.id > number))
        query = query.where(Tag.start >= start, later)
    return session.scalars(query.limit(limit)).all()
