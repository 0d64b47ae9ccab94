"""How long an excerpt is kept: at most as long as its recording."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from mbtg_video.errors import BadInput
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.retain import note_change


def keep_excerpt_until(
    session: Session, excerpt: Excerpt, until: date, reason: str, on: date
) -> None:
    """Change the day by which an excerpt is deleted; raises `BadInput`."""
    recording = excerpt.recording
    if until > recording.delete_by:
        raise BadInput(
            f"{excerpt.name} cannot outlive {recording.name}, which is deleted by "
            f"{recording.delete_by}. Keep that one longer first: "
            f"mbtg recording keep {recording.name} --until {until} --reason TEXT"
        )
    was = excerpt.delete_by
    note_change(session, recording, excerpt.name, was=was, until=until, reason=reason, on=on)
    excerpt.own_delete_by = until
