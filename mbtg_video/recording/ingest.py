"""Take a recording in: probe it, seal and hash it in one pass, write its row."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Person, Use
from mbtg_video.consent.policy import decide
from mbtg_video.consent.record import find_group, find_person
from mbtg_video.errors import BadInput, UnsafeMedia
from mbtg_video.library import Library
from mbtg_video.media.probe import Probe, open_untrusted, probe
from mbtg_video.recording.model import Kind, Recording, RecordingFrames
from mbtg_video.recording.retain import RETENTION_MONTHS, months_later
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power
from mbtg_video.vault.store import Draft

_READ_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Description:
    """What a person says of a file that is taken in."""

    group_code: str
    recorded_on: date
    present_codes: Sequence[str]
    kind: Kind = Kind.THERAPY
    retention_months: int = RETENTION_MONTHS


def _present(session: Session, description: Description, on: date) -> list[Person]:
    group = find_group(session, description.group_code)
    if description.recorded_on > on:
        raise BadInput(f"--recorded-on {description.recorded_on} lies in the future")
    codes = dict.fromkeys(description.present_codes)
    present = [find_person(session, code) for code in codes]
    for person in present:
        if person.group_id != group.id:
            raise BadInput(
                f"Person {person.code} belongs to group {person.group.code}, not to {group.code}. "
                "See: mbtg person list"
            )
    decide(group, present, Use.OWN_REVIEW, on).enforce(f"A recording of {group.code}")
    return present


def _refuse_duplicate(session: Session, fingerprint: str) -> None:
    number = session.scalar(select(Recording.id).where(Recording.fingerprint == fingerprint))
    if number is not None:
        raise BadInput(
            f"This file is in the library already, as R{number}. See: mbtg recording show R{number}"
        )


def _seal(source: BinaryIO, draft: Draft, key: bytes, progress: Callable[[int], None]) -> str:
    """Copy `source` into the draft; the keyed fingerprint of what was read."""
    digest = hmac.new(key, digestmod=sha256)
    source.seek(0)
    while block := source.read(_READ_BYTES):
        digest.update(block)
        draft.write(block)
        progress(len(block))
    return digest.hexdigest()


def _identity(source: BinaryIO) -> tuple[int, int, int]:
    status = os.fstat(source.fileno())
    return status.st_size, status.st_mtime_ns, status.st_ino


def take_in(
    library: Library,
    path: Path,
    description: Description,
    *,
    on: date,
    progress: Callable[[int], None] = lambda _: None,
) -> Recording:
    """Take one file in for good, or leave the library unchanged; `progress` counts bytes.

    Raises `NotFound`, `BadInput` (unknown codes, a duplicate, named), `UnsafeMedia` or
    `ConsentRefused`: whoever is present must have consented to own review.
    """
    with library.transaction(Power.RECORD) as session:
        _present(session, description, on)
    with open_untrusted(path) as source:
        before = _identity(source)
        facts = probe(source)
        with library.store.draft() as draft:
            fingerprint = _seal(source, draft, library.ring.fingerprint_key, progress)
            if _identity(source) != before or draft.size != before[0]:
                raise UnsafeMedia(
                    f"{path.name} changed while it was read; wait until it is copied, try again"
                )
            with library.transaction() as session:
                present = _present(session, description, on)
                _refuse_duplicate(session, fingerprint)
                row = library.store.publish(session, draft)
                recording = _row(facts, description, path.name, fingerprint)
                recording.group = present[0].group
                recording.present = present
                recording.delete_by = months_later(on, description.retention_months)
                recording.object_id = row.id
                recording.size = row.size
                session.add(recording)
                session.flush()
                codes = [person.code for person in present]
                audit.append(session, audit.Act.TAKE_IN, recording.name, *codes)
    return recording


def _row(facts: Probe, description: Description, file_name: str, fingerprint: str) -> Recording:
    return Recording(
        kind=description.kind,
        recorded_on=description.recorded_on,
        taken_in_at=datetime.now(UTC),
        in_journal=False,
        fingerprint=fingerprint,
        file_name=file_name,
        container=facts.container,
        codec=facts.codec,
        width=facts.width,
        height=facts.height,
        rotation=facts.rotation,
        interlaced=facts.interlaced,
        plays_in_browser=facts.plays_in_browser,
        frame_rate=facts.frame_rate,
        constant_rate=facts.constant_rate,
        time_base=facts.time_base,
        start_pts=facts.start_pts,
        frame_count=len(facts.frame_times),
        length=Timecode(facts.duration_us),
        sound=[asdict(track) for track in facts.audio],
        frames=RecordingFrames.of(facts.frame_times),
    )
