"""What ends and when, and the deletion of what has had its time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import EmployerApproval, Group, Person
from mbtg_video.dossier.model import Document
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.library import Library
from mbtg_video.recording.model import Recording, presence
from mbtg_video.shredding import remove_documents, shred, shred_excerpt
from mbtg_video.supervision.model import Bundle
from mbtg_video.users import Power


class Ends(StrEnum):
    """What ends."""

    RECORDING = "recording"
    EXCERPT = "excerpt"
    DOCUMENT = "document"
    CONSENT = "consent"
    APPROVAL = "approval"
    BUNDLE = "bundle"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that ends: its id or code, the day, and the command for it."""

    what: Ends
    id: str
    on: date
    remedy: str


def _recordings(session: Session, until: date) -> list[Due]:
    found = session.scalars(select(Recording).where(Recording.delete_by <= until))
    return [
        Due(
            Ends.RECORDING,
            recording.name,
            recording.delete_by,
            "mbtg purge --journal-too" if recording.in_journal else "mbtg purge",
        )
        for recording in found
    ]


def _excerpts(session: Session, until: date) -> list[Due]:
    """Excerpts that go before their recording."""
    found = session.scalars(select(Excerpt).where(Excerpt.own_delete_by <= until))
    return [
        Due(Ends.EXCERPT, excerpt.name, excerpt.delete_by, "mbtg purge")
        for excerpt in found
        if excerpt.delete_by < excerpt.recording.delete_by
    ]


def _documents(session: Session, until: date) -> list[Due]:
    found = session.scalars(select(Document).where(Document.delete_by <= until))
    return [Due(Ends.DOCUMENT, one.name, one.delete_by, "mbtg purge") for one in found]


def _consents(session: Session, until: date, on: date) -> list[Due]:
    kept = {
        *session.scalars(select(presence.c.person_id)),
        *session.scalars(select(Document.person_id)),
    }
    found = []
    for person in session.scalars(select(Person)):
        standing = [
            consent.until
            for consent in person.consents
            if any(entry.withdrawn_on is None for entry in consent.uses)
        ]
        # A consent that a later one continues does not end; an ended one matters while a
        # recording of the person is there, or a document about them.
        if standing and max(standing) <= until and (max(standing) >= on or person.id in kept):
            remedy = (
                f"mbtg consent record {person.code} --use USE... --form FORM --signed-on DATE "
                f"--until DATE, or mbtg consent withdraw {person.code}"
            )
            found.append(Due(Ends.CONSENT, person.code, max(standing), remedy))
    return found


def _approvals(session: Session, until: date, on: date) -> list[Due]:
    last: dict[str, date] = {}
    rows = session.execute(
        select(Group.code, EmployerApproval.until)
        .join(EmployerApproval, EmployerApproval.group_id == Group.id)
        .where(Group.approval_required)
    )
    for code, day in rows:
        last[code] = max(day, last.get(code, day))
    return [
        Due(Ends.APPROVAL, code, day, f"mbtg consent approve {code} --signed-on DATE --until DATE")
        for code, day in last.items()
        if on <= day <= until
    ]


def _bundles(session: Session, until: date) -> list[Due]:
    found = session.scalars(
        select(Bundle).where(Bundle.expires_on <= until, Bundle.returned_on.is_(None))
    )
    return [
        Due(
            Ends.BUNDLE,
            bundle.name,
            bundle.expires_on,
            f"mbtg bundle returned {bundle.name} --how returned|destroyed",
        )
        for bundle in found
    ]


def due(session: Session, on: date, days: int) -> list[Due]:
    """What ends within `days` of the day `on`, or has ended and waits; soonest first."""
    until = on + timedelta(days=days)
    found = [
        *_recordings(session, until),
        *_excerpts(session, until),
        *_documents(session, until),
        *_consents(session, until, on),
        *_approvals(session, until, on),
        *_bundles(session, until),
    ]
    return sorted(found, key=lambda one: (one.on, one.what, one.id))


@dataclass(frozen=True, slots=True)
class ToPurge:
    """Recordings and documents whose day has come, and excerpts that go before their recording."""

    recordings: list[Recording]
    excerpts: list[Excerpt]
    documents: list[Document]

    @property
    def names(self) -> list[str]:
        """Their ids."""
        parts = (self.recordings, self.excerpts, self.documents)
        return [one.name for part in parts for one in part]


def to_purge(session: Session, on: date, *, journal_too: bool) -> ToPurge:
    """What has had its time; what is part of a journal is there only when it is asked for."""
    query = select(Recording).where(Recording.delete_by <= on).order_by(Recording.id)
    recordings = [r for r in session.scalars(query) if journal_too or not r.in_journal]
    excerpts = session.scalars(
        select(Excerpt).where(Excerpt.own_delete_by <= on).order_by(Excerpt.id)
    )
    documents = session.scalars(
        select(Document).where(Document.delete_by <= on).order_by(Document.id)
    )
    earlier = [
        excerpt
        for excerpt in excerpts
        if excerpt.recording not in recordings and (journal_too or not excerpt.recording.in_journal)
    ]
    return ToPurge(recordings, earlier, list(documents))


def purge(library: Library, *, on: date, journal_too: bool) -> list[str]:
    """Shred what has had its time, and finish what an earlier purge left; the ids."""
    with library.transaction(Power.END) as session:
        found = to_purge(session, on, journal_too=journal_too)
        names = found.names
        gone: list[str] = []
        for excerpt in found.excerpts:
            gone += shred_excerpt(session, excerpt)
        for recording in found.recordings:
            gone += shred(session, recording)
        remove_documents(session, found.documents)
        if names:
            audit.append(session, Act.EXPIRY, *names)
        rotate = audit.rotation_due(session)  # also when an earlier purge was broken off
    with library.finishing(f"Shredded: {', '.join(names) or 'nothing'}"):
        library.forget(gone)
        if rotate:
            library.rotate_key()
    return names
