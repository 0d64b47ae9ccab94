"""Recordings as rows only, for tests and measurements that need no pictures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from sqlalchemy.orm import Session

from mbtg_video.consent.model import Group, Person
from mbtg_video.library import Library
from mbtg_video.recording.model import Kind, Recording, RecordingFrames
from mbtg_video.timecode import Timecode
from mbtg_video.vault.model import SealedObject

LENGTH_US = 5_400_000_000


def recorded(
    library: Library,
    session: Session,
    group: Group,
    present: Sequence[Person] = (),
    *,
    on: date = date(2026, 3, 13),
    file_name: str = "film.mp4",
) -> Recording:
    """A recording of 90 minutes whose sealed file is not there."""
    number = session.query(Recording).count() + 1
    object_id = f"{number:032x}"
    key = library.ring.wrap_data_key(object_id, bytes(32))
    session.add(SealedObject(id=object_id, wrapped_key=key, size=0))
    session.flush()
    made = Recording(
        group=group,
        kind=Kind.THERAPY,
        recorded_on=on,
        taken_in_at=datetime.now(UTC),
        object_id=object_id,
        fingerprint=f"{number:064x}",
        file_name=file_name,
        size=0,
        container="mp4",
        codec="h264",
        width=2,
        height=2,
        rotation=0,
        interlaced=False,
        plays_in_browser=True,
        frame_rate=Fraction(25),
        constant_rate=True,
        time_base=Fraction(1, 25),
        start_pts=0,
        frame_count=1,
        length=Timecode(LENGTH_US),
        sound=[],
        delete_by=on + timedelta(days=365),
        in_journal=False,
        present=list(present),
        frames=RecordingFrames.of([0]),
    )
    session.add(made)
    session.flush()
    return made
