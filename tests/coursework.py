"""A course whose participant K1 has everything ready, to take things away from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import (
    add_group,
    add_person,
    find_group,
    find_person,
    record_approval,
    record_consent,
)
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.excerpt.make import Wish, cut_excerpt
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import Kind
from tests.libraries import PASSPHRASE

COURSE = "mbt-g-2026"
DAY_1, DAY_2, DAY_3 = date(2026, 2, 6), date(2026, 3, 13), date(2026, 4, 17)
TAKEN_IN = date(2026, 1, 15)
_SIGNED, _UNTIL = date(2026, 1, 1), date(2099, 12, 31)


def give(session: Session, code: str, day: int, kind: DutyKind = DutyKind.CLINICAL) -> None:
    """A duty set by hand."""
    session.add(
        Duty(
            course=COURSE,
            day=day,
            kind=kind,
            person=find_person(session, code),
            proposed=False,
            assigned_at=datetime.now(UTC),
        )
    )
    session.flush()


def enrol(session: Session, code: str, group: str | None, character: str | None) -> None:
    """A participant of the course."""
    session.add(
        CourseMember(
            course=COURSE,
            person=find_person(session, code),
            group=None if group is None else find_group(session, group),
            character=character,
        )
    )
    session.flush()


def document(session: Session, kind: DocumentKind, person: str | None = None) -> Document:
    """A document about group G1 or one of its patients."""
    now = datetime.now(UTC)
    made = Document(
        kind=kind,
        group=find_group(session, "G1"),
        person=None if person is None else find_person(session, person),
        author="K1",
        title="En tittel",
        text="Fem linjer\n" * 5,
        made_at=now,
        changed_at=now,
        delete_by=_UNTIL,
    )
    session.add(made)
    session.flush()
    return made


def prepare(root: Path, recording_file) -> None:
    """A library: R1 of K1's group G1 with excerpt X1 (frames 10 to 40), R2 a role-play of K1, K2.

    X2 is cut from the role-play.
    """
    create_library(root, PASSPHRASE)
    with open_library(root, PASSPHRASE) as library:
        with library.transaction() as session:
            add_group(session, "G1", "Tirsdagsgruppen", approval_required=True)
            add_group(session, "KURS", "Kurset", approval_required=False)
            record_approval(session, "G1", signed_on=_SIGNED, until=_UNTIL, evidence_id=None)
            for code, group, role in (
                ("P1", "G1", Role.PATIENT),
                ("P2", "G1", Role.PATIENT),
                ("T1", "G1", Role.THERAPIST),
                ("K1", "KURS", Role.PARTICIPANT),
                ("K2", "KURS", Role.PARTICIPANT),
                ("K10", "KURS", Role.PARTICIPANT),
            ):
                add_person(session, code, group, role)
                record_consent(
                    session, code, Use, Form.IDENTIFIABLE, signed_on=_SIGNED, until=_UNTIL
                )
            enrol(session, "K1", "G1", "Silje, 27 år")
            for kind in (DocumentKind.GROUP, DocumentKind.FRAME):
                document(session, kind)
            for patient in ("P1", "P2"):
                document(session, DocumentKind.PATIENT, patient)
            document(session, DocumentKind.FORMULATION, "P1")
        take_in(
            library,
            recording_file("gop25", 2),
            Description("G1", date(2026, 1, 10), ["P1", "P2", "T1"]),
            on=TAKEN_IN,
        )
        take_in(
            library,
            recording_file("no_audio", 2),
            Description("KURS", date(2026, 1, 10), ["K1", "K2"], Kind.ROLEPLAY),
            on=TAKEN_IN,
        )
        cut_excerpt(library, 1, Wish("f10", "f40", "Tapet blir synlig"), on=TAKEN_IN)
        cut_excerpt(library, 2, Wish("f10", "f40", "Rollespillet"), on=TAKEN_IN)


class _Undone(Exception):  # noqa: N818  no error
    pass


@contextmanager
def undone(library: Library) -> Iterator[Session]:
    """A transaction of which nothing stays."""
    with suppress(_Undone), library.transaction() as session:
        yield session
        raise _Undone
