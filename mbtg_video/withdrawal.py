"""The one act that runs against the flow: a consent ends, and everything it reaches follows.

The uses end at once. What has no lawful use left is shredded, playlists lose what they may no
longer show, the library key is replaced, and whoever was handed a bundle is written to. Every
step finds out anew what is left to do: a withdrawal that was stopped half way is finished by
giving the same command again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mbtg_video import audit, ledger
from mbtg_video.audit import Act
from mbtg_video.consent.model import Person, Use
from mbtg_video.consent.policy import decide
from mbtg_video.consent.record import find_person, withdraw_uses
from mbtg_video.dossier.keep import persons_of
from mbtg_video.dossier.model import Document
from mbtg_video.excerpt.model import Excerpt, Export, ReturnedHow
from mbtg_video.library import Library
from mbtg_video.rating.model import Scoring
from mbtg_video.recording.model import Recording, presence
from mbtg_video.shredding import (
    keep_numbers_only,
    remove_documents,
    remove_entries,
    shred,
    strip,
)
from mbtg_video.supervision.model import Bundle, Entry, Playlist, attached
from mbtg_video.tag.model import Tag
from mbtg_video.transcript.model import Transcript
from mbtg_video.users import Power


@dataclass(frozen=True, slots=True)
class LeftReached:
    """What left the library: a bundle or an export, who has it, since when, and what became."""

    id: str
    recipients: tuple[str, ...]
    made_on: date
    expires_on: date | None = None
    package_hash: str | None = None
    returned_on: date | None = None
    returned_how: ReturnedHow | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a person's withdrawal touches; `shredded` has no lawful use left.

    What is `kept` has none either, but is part of a journal, which no withdrawal ends: only what
    was made of it goes. `documents` are about the person, alone or with their group; those about
    the person alone are shredded with the last use. `scorings` lose notes and moments with their
    excerpts or with the consent to scoring, and keep numbers.
    """

    person: str
    ending: tuple[Use, ...]
    recordings: tuple[str, ...]
    shredded: tuple[str, ...]
    kept: tuple[str, ...]
    excerpts: tuple[str, ...]
    tags: tuple[str, ...]
    transcripts: tuple[str, ...]
    scorings: tuple[str, ...]
    playlists: tuple[str, ...]
    documents: tuple[str, ...]
    left: tuple[LeftReached, ...]

    @property
    def to_recall(self) -> tuple[LeftReached, ...]:
        """What is still with its recipients."""
        return tuple(one for one in self.left if one.returned_on is None)


def _ending(person: Person, uses: Iterable[Use]) -> tuple[Use, ...]:
    named = set(uses) or set(Use)
    standing = {
        entry.use
        for consent in person.consents
        for entry in consent.uses
        if entry.withdrawn_on is None
    }
    return tuple(sorted(standing & named))


def _recordings_of(session: Session, person: Person) -> Sequence[Recording]:
    query = select(Recording).join(presence).where(presence.c.person_id == person.id)
    return session.scalars(query.order_by(Recording.id)).all()


def _documents_of(session: Session, person: Person) -> Sequence[Document]:
    """Documents about a patient, or about the whole of a patient's group."""
    found = session.scalars(
        select(Document).where(Document.group_id == person.group_id).order_by(Document.id)
    )
    return [document for document in found if person in persons_of(document)]


def _keeps_some(person: Person, ending: set[Use], on: date) -> bool:
    """Whether the person still consents to something when these uses have ended."""
    rest = set(Use) - ending
    return any(
        entry.withdrawn_on is None and entry.use in rest and on <= consent.until
        for consent in person.consents
        for entry in consent.uses
    )


def _loses_all(recording: Recording, person: Person, ending: set[Use], on: date) -> bool:
    """Whether a recording has no lawful use left because the person ends these uses.

    Where another's consent has lapsed for a while and this person keeps some use, it waits.
    """
    keeps = _keeps_some(person, ending, on)
    lawful = {use for use in Use if decide(recording.group, recording.present, use, on).allowed}
    return not keeps or (bool(lawful) and not lawful - ending)


def _lost_documents(
    documents: Iterable[Document], person: Person, ending: set[Use], on: date
) -> list[Document]:
    """Documents about this person alone, when no use is left; those about the group wait."""
    if _keeps_some(person, ending, on):
        return []
    return [document for document in documents if document.person_id == person.id]


def _detach(session: Session, documents: Iterable[Document], uses: set[Use]) -> None:
    """Let documents no longer go out with the playlists for these uses."""
    numbers = [document.id for document in documents]
    ended = select(Playlist.id).where(Playlist.use.in_(uses))
    session.execute(
        delete(attached).where(
            attached.c.document_id.in_(numbers), attached.c.playlist_id.in_(ended)
        )
    )
    session.expire_all()


def _left(session: Session, person: Person, uses: set[Use]) -> list[LeftReached]:
    names = audit.made_with(session, person.code)
    bundles = session.scalars(select(Bundle).order_by(Bundle.id))
    found = [
        LeftReached(
            bundle.name,
            tuple(recipient.who for recipient in bundle.recipients),
            bundle.made_at.date(),
            bundle.expires_on,
            bundle.package_hash,
            bundle.returned_on,
            bundle.returned_how,
        )
        for bundle in bundles
        if bundle.name in names and bundle.use in uses
    ]
    exports = session.scalars(select(Export).order_by(Export.id))
    return found + [
        LeftReached(
            export.name,
            (export.recipient or "?",),
            export.made_at.date(),
            returned_on=export.returned_on,
            returned_how=export.returned_how,
        )
        for export in exports
        if export.excerpt in names and export.use in uses
    ]


def reach(session: Session, person_code: str, uses: Iterable[Use], on: date) -> Reach:
    """What a withdrawal of `uses` (all, when none is named) reaches; changes nothing."""
    person = find_person(session, person_code)
    named = set(uses) or set(Use)
    recordings = _recordings_of(session, person)
    numbers = [recording.id for recording in recordings]
    lost = [r for r in recordings if _loses_all(r, person, named, on)]
    excerpts = session.scalars(
        select(Excerpt).where(Excerpt.recording_id.in_(numbers)).order_by(Excerpt.id)
    ).all()
    tags = session.scalars(select(Tag.id).where(Tag.recording_id.in_(numbers)).order_by(Tag.id))
    transcripts = session.scalars(
        select(Transcript.id).where(Transcript.recording_id.in_(numbers)).order_by(Transcript.id)
    )
    scorings = session.scalars(
        select(Scoring.id)
        .where(Scoring.excerpt_id.in_([excerpt.id for excerpt in excerpts]))
        .order_by(Scoring.id)
    )
    documents = _documents_of(session, person)
    holding = select(Entry.playlist_id).where(Entry.excerpt_id.in_([x.id for x in excerpts]))
    naming = select(attached.c.playlist_id).where(
        attached.c.document_id.in_([document.id for document in documents])
    )
    playlists = session.scalars(
        select(Playlist.id)
        .where(Playlist.id.in_(holding) | Playlist.id.in_(naming))
        .order_by(Playlist.id)
    )
    return Reach(
        person=person.code,
        ending=_ending(person, named),
        recordings=tuple(recording.name for recording in recordings),
        shredded=(
            *(r.name for r in lost if not r.in_journal),
            *(document.name for document in _lost_documents(documents, person, named, on)),
        ),
        kept=tuple(r.name for r in lost if r.in_journal),
        excerpts=tuple(excerpt.name for excerpt in excerpts),
        tags=tuple(f"T{number}" for number in tags),
        transcripts=tuple(f"W{number}" for number in transcripts),
        scorings=tuple(f"S{number}" for number in scorings),
        playlists=tuple(f"L{number}" for number in playlists),
        documents=tuple(document.name for document in documents),
        left=tuple(_left(session, person, named)),
    )


def apply(session: Session, person_code: str, uses: Iterable[Use], on: date) -> list[str]:
    """End the uses and shred what they leave without any; ids of the files to forget."""
    named = set(uses) or set(Use)
    person = find_person(session, person_code)
    recordings = _recordings_of(session, person)
    lost = [recording for recording in recordings if _loses_all(recording, person, named, on)]
    documents = _documents_of(session, person)
    lost_documents = _lost_documents(documents, person, named, on)
    withdraw_uses(session, person_code, named, on=on)
    session.flush()
    _detach(session, documents, named)
    entries = session.scalars(
        select(Entry)
        .join(Excerpt, Entry.excerpt_id == Excerpt.id)
        .join(Playlist, Entry.playlist_id == Playlist.id)
        .where(Excerpt.recording_id.in_([r.id for r in recordings]), Playlist.use.in_(named))
    )
    remove_entries(session, list(entries))
    if Use.SCORING in named:
        made = select(Excerpt.id).where(Excerpt.recording_id.in_([r.id for r in recordings]))
        keep_numbers_only(session, session.scalars(made).all())
    gone: list[str] = []
    for recording in lost:
        gone += (strip if recording.in_journal else shred)(session, recording)
    remove_documents(session, lost_documents)
    return gone


def withdraw(library: Library, person_code: str, uses: Iterable[Use], *, on: date) -> Reach:
    """Withdraw for good, and say what it reached; raises `NotFound`."""
    chosen = list(uses)
    with library.transaction(Power.END) as session:
        reached = reach(session, person_code, chosen, on)
        gone = apply(session, person_code, chosen, on)
        audit.append(
            session,
            Act.WITHDRAWAL,
            reached.person,
            *reached.shredded,
            uses=[str(use) for use in reached.ending],
            recalled=[one.id for one in reached.to_recall],
        )
        ledger.write(session, library)
    with library.finishing(f"The consent of {reached.person} has ended"):
        library.forget(gone)
        library.rotate_key()
    return reached
