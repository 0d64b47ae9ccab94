"""How long a recording is kept, and why longer or shorter than usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.errors import BadInput
from mbtg_video.recording.model import Recording, RetentionChange

RETENTION_MONTHS: Final = 12


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day when the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def note_change(
    session: Session,
    recording: Recording,
    subject: str,
    *,
    was: date,
    until: date,
    reason: str,
    on: date,
) -> None:
    """Write down that `subject`, a recording or what was made of it, goes on another day.

    Raises `BadInput` without a reason, or for a day in the past.
    """
    if not reason.strip():
        raise BadInput(f"keeping {subject} longer or shorter needs a reason: --reason TEXT")
    if until < on:
        raise BadInput(f"--until {until} lies in the past; to delete {subject} now, name today")
    session.add(
        RetentionChange(
            recording_id=recording.id,
            subject=subject,
            was=was,
            until=until,
            reason=reason,
            made_at=datetime.now(UTC),
        )
    )
    audit.append(
        session, audit.Act.RETENTION, subject, was=was.isoformat(), until=until.isoformat()
    )


def keep_until(session: Session, recording: Recording, until: date, reason: str, on: date) -> None:
    """Change the day by which a recording is deleted; raises `BadInput`."""
    was = recording.delete_by
    note_change(session, recording, recording.name, was=was, until=until, reason=reason, on=on)
    recording.delete_by = until


def mark_journal(session: Session, recording: Recording, *, in_journal: bool) -> None:
    """Say whether a recording is part of a patient's journal, which is not purged as the rest."""
    recording.in_journal = in_journal
    audit.append(
        session, audit.Act.RETENTION, recording.name, journal="yes" if in_journal else "no"
    )
