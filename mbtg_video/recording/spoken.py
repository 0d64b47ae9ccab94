"""Mark where a full name is said, and decide about it: mute it, or clear it with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, MalformedTime, NotFound
from mbtg_video.recording.access import permit
from mbtg_video.recording.model import NameState, Recording, SpokenName
from mbtg_video.timecode import Span, Timecode
from mbtg_video.users import Power

_PACKETS: Final = 2
_PACKET_SAMPLES: Final = 1024
_DEEDS: Final = {
    NameState.OPEN: "reopen",
    NameState.MUTED: "mute",
    NameState.CLEARED: "clear",
}


def _note(session: Session, name: SpokenName, deed: str) -> None:
    audit.append(session, Act.NAME, name.name, name.recording.name, deed=deed)


def _check(recording: Recording, span: Span) -> None:
    if span.end > recording.length:
        raise MalformedTime(
            f"{span.end} lies outside {recording.name}, which is {recording.length} long"
        )


def mark_name(session: Session, recording: Recording, span: Span, *, on: date) -> SpokenName:
    """A new mark, open until it is decided about.

    Raises `RoleRefused`, `ConsentRefused` or `MalformedTime`.
    """
    audit.acting(session).require(Power.TAG)
    permit(recording, Use.OWN_REVIEW, on)
    _check(recording, span)
    name = SpokenName(
        recording=recording,
        start=span.start,
        end=span.end,
        state=NameState.OPEN,
        made_at=datetime.now(UTC),
    )
    session.add(name)
    session.flush()
    _note(session, name, "mark")
    return name


def find_name(session: Session, number: int) -> SpokenName:
    """Mark with this number; raises `NotFound`."""
    name = session.get(SpokenName, number)
    if name is None:
        raise NotFound(f"There is no spoken name N{number}. See: mbtg name list")
    return name


def list_names(session: Session, recording: Recording | None = None) -> Sequence[SpokenName]:
    """Marks in order of recording and time."""
    query = select(SpokenName).order_by(SpokenName.recording_id, SpokenName.start, SpokenName.id)
    if recording is not None:
        query = query.where(SpokenName.recording_id == recording.id)
    return session.scalars(query).all()


def decide_name(
    session: Session, name: SpokenName, state: NameState, *, on: date, reason: str | None = None
) -> SpokenName:
    """The mark muted, cleared (which needs a reason) or opened again.

    Muting changes no excerpt by itself. Raises as `mark_name` does, and `BadInput`.
    """
    audit.acting(session).require(Power.TAG)
    permit(name.recording, Use.OWN_REVIEW, on, name.name)
    if state is NameState.CLEARED and not (reason and reason.strip()):
        raise BadInput(f"say why: mbtg name clear {name.name} --reason TEXT")
    if state is not NameState.CLEARED and reason is not None:
        raise BadInput("a reason goes with clearing a name")
    if name.state is state and name.reason == reason:
        return name
    name.state, name.reason = state, reason
    name.decided_at = None if state is NameState.OPEN else datetime.now(UTC)
    _note(session, name, _DEEDS[state])
    return name


def move_name(session: Session, name: SpokenName, span: Span, *, on: date) -> SpokenName:
    """The mark with another span; what was decided about the old one holds no more.

    Raises as `mark_name` does.
    """
    audit.acting(session).require(Power.TAG)
    permit(name.recording, Use.OWN_REVIEW, on, name.name)
    _check(name.recording, span)
    if span == name.span:
        return name
    name.start, name.end = span.start, span.end
    name.state, name.reason, name.decided_at = NameState.OPEN, None, None
    _note(session, name, "move")
    return name


def remove_name(session: Session, name: SpokenName) -> None:
    """Take a mark away; raises `RoleRefused`."""
    audit.acting(session).require(Power.TAG)
    _note(session, name, "remove")
    session.delete(name)
    session.flush()


def heard_in(recording: Recording, shown: Span) -> Span:
    """What of a recording may be heard in an excerpt that shows a stretch of it.

    Sound that is copied comes in whole packets, which overlap: it reaches over either edge by two
    of them at most.
    """
    rates = [track["sample_rate"] for track in recording.sound if track.get("sample_rate")]
    if not rates:
        return shown
    reach = timedelta(microseconds=-(-_PACKETS * _PACKET_SAMPLES * 1_000_000 // min(rates)))
    return Span(max(Timecode(0), shown.start + -reach), shown.end + reach)


def names_heard(session: Session, recording: Recording, shown: Span) -> list[SpokenName]:
    """Marks of names that may be heard in an excerpt that shows this stretch."""
    heard = heard_in(recording, shown)
    return [name for name in list_names(session, recording) if name.span.overlaps(heard)]
