"""Take a recording in: probe it, seal and hash it in one pass, write its row.

`take_in` reads a file of this computer. `receiving` is for one that comes from elsewhere and must
not lie here in the plain: it is sealed as it comes, and what was sealed is probed.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
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
from mbtg_video.errors import BadInput, Damaged, UnsafeMedia
from mbtg_video.library import Library
from mbtg_video.media.probe import Probe, check_name, open_untrusted, probe
from mbtg_video.recording.model import Kind, Recording, RecordingFrames
from mbtg_video.recording.retain import RETENTION_MONTHS, months_later
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power
from mbtg_video.vault.store import Draft

_READ_BYTES: Final = 1 << 20
_LONGEST_NAME: Final = 255
"""No disk that a recording comes from holds a longer one."""


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


def _identity(source: BinaryIO) -> tuple[int, int, int]:
    status = os.fstat(source.fileno())
    return status.st_size, status.st_mtime_ns, status.st_ino


def _name_alone(file_name: str) -> str:
    """The last part of a path of any system; raises for what no file is called."""
    name = re.split(r"[/\\]", file_name)[-1]
    check_name(name)
    if name.strip() in ("", ".", "..") or "\0" in name or len(name) > _LONGEST_NAME:
        raise BadInput(f"{file_name[:_LONGEST_NAME]!r} is no file's name. Rename the file.")
    return name


class Intake:
    """A recording on its way in: write all of it, then finish. Made by `receiving`.

    Its methods may be called from different threads, one call after the other.
    """

    def __init__(
        self, library: Library, draft: Draft, description: Description, file_name: str, on: date
    ) -> None:
        self._library = library
        self._draft = draft
        self._description = description
        self._file_name = file_name
        self._on = on
        self._digest = hmac.new(library.ring.fingerprint_key, digestmod=sha256)
        self._ended = False

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._draft.size

    def write(self, block: bytes | bytearray | memoryview) -> None:
        """Seal the next bytes of the file."""
        self._end()
        self._digest.update(block)
        self._draft.write(block)
        self._ended = False

    def _end(self) -> None:
        """What fails from here on leaves an intake that cannot be used any more."""
        if self._ended:
            raise ValueError("the intake was finished, or failed")
        self._ended = True

    def finish(self) -> Recording:
        """Probe what was sealed, and keep it for good.

        Raises `UnsafeMedia`, `Damaged` when the disk gives back something else, `BadInput` (a
        duplicate, named) or `ConsentRefused` for a consent that ended meanwhile.
        """
        self._end()
        if not self._draft.size:
            raise UnsafeMedia(f"{self._file_name} is empty. Copy it from the camera again.")
        try:
            with closing(self._draft.reopen()) as sealed:
                facts = probe(sealed)
        except Damaged as error:
            raise Damaged(
                f"The disk gave back something else than was written of {self._file_name}, and "
                "nothing of it was kept. Check the disk, then try again."
            ) from error
        return self._keep(facts)

    def _keep(self, facts: Probe) -> Recording:
        library, description = self._library, self._description
        fingerprint = self._digest.hexdigest()
        with library.transaction(Power.RECORD) as session:
            present = _present(session, description, self._on)
            _refuse_duplicate(session, fingerprint)
            row = library.store.publish(session, self._draft)
            recording = _row(facts, description, self._file_name, fingerprint)
            recording.group = present[0].group
            recording.present = present
            recording.delete_by = months_later(self._on, description.retention_months)
            recording.object_id = row.id
            recording.size = row.size
            session.add(recording)
            session.flush()
            codes = [person.code for person in present]
            audit.append(session, audit.Act.TAKE_IN, recording.name, *codes)
        return recording


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
            intake = Intake(library, draft, description, path.name, on)
            while block := source.read(_READ_BYTES):
                intake.write(block)
                progress(len(block))
            if _identity(source) != before or draft.size != before[0]:
                raise UnsafeMedia(
                    f"{path.name} changed while it was read; wait until it is copied, try again"
                )
            return intake._keep(facts)


def check_description(
    library: Library, description: Description, file_name: str, *, on: date
) -> str:
    """The file's name alone, if a recording so described may be taken in.

    Raises `BadInput` (unknown codes, no file's name), `NotFound`, `UnsafeMedia` (a name that is
    no text), `RoleRefused` or `ConsentRefused`.
    """
    with library.transaction(Power.RECORD) as session:
        _present(session, description, on)
    return _name_alone(file_name)


@contextmanager
def receiving(
    library: Library, description: Description, file_name: str, *, on: date
) -> Iterator[Intake]:
    """Take a recording in as its bytes come; left without `finish`, nothing of it is kept.

    Raises as `check_description` does before a byte is taken.
    """
    name = check_description(library, description, file_name, on=on)
    with library.store.draft() as draft:
        yield Intake(library, draft, description, name, on)


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
