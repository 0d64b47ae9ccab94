"""Cut an excerpt out of a recording and keep it with its receipt."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, MalformedTime
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.library import Library
from mbtg_video.media.cut import cut, no_progress
from mbtg_video.media.receipt import Cut
from mbtg_video.recording.access import find_recording, missing, permit
from mbtg_video.recording.footage import footage_of
from mbtg_video.recording.model import NameState, Recording
from mbtg_video.recording.spoken import names_heard
from mbtg_video.timecode import Span, Timecode
from mbtg_video.users import Power


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for: times as written, what to call it, and the therapist's question."""

    start: str
    end: str
    title: str
    question: str | None = None
    keep_codec: bool = False


def find_excerpt(session: Session, number: int) -> Excerpt:
    """Excerpt with this number; raises `NotFound`."""
    excerpt = session.get(Excerpt, number)
    if excerpt is None:
        missing(session, f"X{number}", "excerpt")
    return excerpt


def list_excerpts(session: Session, recording: Recording | None = None) -> Sequence[Excerpt]:
    """Excerpts, of one recording or of all, oldest id first."""
    query = select(Excerpt).order_by(Excerpt.id)
    if recording is not None:
        query = query.where(Excerpt.recording_id == recording.id)
    return session.scalars(query).all()


def span_of(recording: Recording, start: str, end: str) -> Span:
    """The span written `start` and `end`, inside the recording; raises `MalformedTime`."""
    frames = recording.frames.times
    # The frame after the last one is a fair way to write "to the end".
    beyond = f"f{len(frames)}"
    last = recording.length if end.strip() == beyond else Timecode.parse(end, frames)
    span = Span(Timecode.parse(start, frames), last)
    if span.end > recording.length:
        raise MalformedTime(
            f"{span.end} lies outside {recording.name}, which is {recording.length} long"
        )
    return span


def receipt(made: Cut) -> dict[str, Any]:
    """A cut's receipt as plain values: integers in microseconds, texts and lists."""
    plain: dict[str, Any] = msgspec.to_builtins(made)
    del plain["span"]
    asked = {"start_us": made.span.start.microseconds, "end_us": made.span.end.microseconds}
    return asked | plain


def muted_in(session: Session, recording: Recording, span: Span) -> list[Span]:
    """Where names were muted that an excerpt of this span would let be heard."""
    return [
        name.span for name in names_heard(session, recording, span) if name.state is NameState.MUTED
    ]


def cut_excerpt(
    library: Library,
    recording_number: int,
    wish: Wish,
    *,
    on: date,
    progress: Callable[[float], None] = no_progress,
) -> Excerpt:
    """Cut, verify and seal one excerpt, or leave the library unchanged.

    Where a name was muted it is silent; an open mark does not hinder a cut, but keeps it here.
    Raises `NotFound`, `MalformedTime`, `ConsentRefused` or `CutFailed`.
    """
    if not wish.title.strip():
        raise BadInput("an excerpt needs a title: --title TEXT")
    with library.transaction(Power.CUT) as session:
        recording = find_recording(session, recording_number)
        permit(recording, Use.OWN_REVIEW, on)
        span = span_of(recording, wish.start, wish.end)
        silent = muted_in(session, recording, span)
        footage = footage_of(recording, library.store.open(session, recording.object_id))
    with footage.file, library.store.drafts() as new_draft:
        made, draft = cut(
            footage, span, new_draft, keep_codec=wish.keep_codec, silent=silent, progress=progress
        )
        with library.transaction() as session:
            recording = find_recording(session, recording_number)
            # Once more, in the transaction of the deed: a consent may have ended meanwhile.
            permit(recording, Use.OWN_REVIEW, on)
            row = library.store.publish(session, draft)
            excerpt = Excerpt(
                recording=recording,
                object_id=row.id,
                start=span.start,
                end=span.end,
                first_frame=Timecode(made.first_frame_us),
                title=wish.title,
                question=wish.question,
                receipt=receipt(made),
                made_at=datetime.now(UTC),
            )
            session.add(excerpt)
            session.flush()
            audit.append(session, Act.CUT, excerpt.name, recording.name, rung=made.rung)
    return excerpt
