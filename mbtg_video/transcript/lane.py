"""Add, find and remove transcripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, MalformedTime, NotFound
from mbtg_video.recording.access import may_watch, permit, permit_watching
from mbtg_video.recording.model import Recording
from mbtg_video.timecode import Span, Timecode
from mbtg_video.transcript.content import CueValues, Lane
from mbtg_video.transcript.model import Cue, Transcript
from mbtg_video.users import MATRIX, Power, User, UserRole

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,1}")


def add_transcript(session: Session, recording: Recording, lane: Lane, *, on: date) -> Transcript:
    """A new transcript; raises `BadInput`, `MalformedTime` or `ConsentRefused`."""
    permit(recording, Use.OWN_REVIEW, on)
    if not lane.title.strip():
        raise BadInput("a transcript needs a title: --title TEXT")
    if lane.language is not None and not _LANGUAGE.fullmatch(lane.language):
        raise BadInput(f"{lane.language!r} is no code of a language; they look like nb or en")
    if not lane.cues:
        raise BadInput("The transcript holds nothing that is said within the recording.")
    for cue in lane.cues:
        if Span(cue.start, cue.end).end > recording.length:
            raise MalformedTime(
                f"{cue.end} lies outside {recording.name}, which is {recording.length} long"
            )
    transcript = Transcript(
        recording=recording, title=lane.title, language=lane.language, made_at=datetime.now(UTC)
    )
    session.add(transcript)
    session.flush()
    session.add_all(
        Cue(
            transcript_id=transcript.id,
            start=cue.start,
            end=cue.end,
            speaker=cue.speaker,
            text=cue.text,
        )
        for cue in sorted(lane.cues, key=lambda one: one.start)
    )
    session.flush()
    session.expire(transcript, ["cues"])
    audit.append(
        session,
        Act.TRANSCRIPT,
        transcript.name,
        recording.name,
        deed="add",
        cues=len(lane.cues),
    )
    return transcript


def find_transcript(session: Session, number: int) -> Transcript:
    """Transcript with this number; raises `NotFound`."""
    transcript = session.get(Transcript, number)
    if transcript is None:
        raise NotFound(f"There is no transcript W{number}. See: mbtg transcript list")
    return transcript


def list_transcripts(session: Session, recording: Recording | None = None) -> Sequence[Transcript]:
    """Transcripts, of one recording or of all, oldest id first."""
    query = select(Transcript).order_by(Transcript.id)
    if recording is not None:
        query = query.where(Transcript.recording_id == recording.id)
    return session.scalars(query).all()


def count_cues(session: Session) -> dict[int, int]:
    """How many cues each transcript has, by its number."""
    query = select(Cue.transcript_id, func.count()).group_by(Cue.transcript_id)
    return {row[0]: row[1] for row in session.execute(query)}


def page_of_cues(
    session: Session, recording: Recording, *, after: tuple[Timecode, int] | None, limit: int
) -> Sequence[Cue]:
    """At most `limit` cues of all transcripts of a recording in order of time.

    They stand behind the one with that start and id.
    """
    query = (
        select(Cue)
        .join(Transcript, Transcript.id == Cue.transcript_id)
        .where(Transcript.recording_id == recording.id)
        .order_by(Cue.start, Cue.id)
    )
    if after is not None:
        start, number = after
        query = query.where(or_(Cue.start > start, and_(Cue.start == start, Cue.id > number)))
    return session.scalars(query.limit(limit)).all()


def lane_of(transcript: Transcript) -> Lane:
    """A transcript as plain values."""
    return Lane(
        title=transcript.title,
        language=transcript.language,
        cues=tuple(
            CueValues(start=cue.start, end=cue.end, text=cue.text, speaker=cue.speaker)
            for cue in transcript.cues
        ),
    )


def _use_of(user: User) -> Use:
    return Use.SUPERVISION if user.role is UserRole.SUPERVISOR else Use.OWN_REVIEW


def readable(session: Session, *, on: date) -> set[int]:
    """Numbers of the recordings whose transcripts the user may read."""
    user = audit.acting(session)
    if Power.WATCH not in MATRIX[user.role]:
        return set()
    query = select(Recording).where(Recording.id.in_(select(Transcript.recording_id)))
    use = _use_of(user)
    return {one.id for one in session.scalars(query) if may_watch(one, use, on)}


def read_by(session: Session, transcript: Transcript, *, on: date) -> None:
    """Note that a transcript is read, where it may be heard; raises `ConsentRefused`."""
    user = audit.acting(session)
    user.require(Power.WATCH)
    use = _use_of(user)
    permit_watching(transcript.recording, use, on, transcript.name)
    name, recording = transcript.name, f"R{transcript.recording_id}"
    audit.append(session, Act.TRANSCRIPT, name, recording, deed="read", use=use)


def remove_transcript(session: Session, transcript: Transcript) -> None:
    """Take a transcript away with all its cues."""
    name, recording = transcript.name, f"R{transcript.recording_id}"
    audit.append(session, Act.TRANSCRIPT, name, recording, deed="remove")
    session.delete(transcript)
    session.flush()
