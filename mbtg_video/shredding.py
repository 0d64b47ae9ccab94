"""Take a recording or an excerpt, and all that was made of it, out of the library for good.

Each gives the ids of sealed files, to be removed with `Library.forget` once the transaction is
committed: from then on the program no longer holds a key for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.dossier.model import Document
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.gathering.model import Gathering
from mbtg_video.rating.model import Evidence, Rating, Score, Scoring
from mbtg_video.recording.model import DerivedMedium, Recording, RetentionChange, SpokenName
from mbtg_video.supervision.model import Entry, Playlist
from mbtg_video.tag.model import KeptDocument, Tag
from mbtg_video.transcript.model import Transcript
from mbtg_video.vault.model import SealedObject


def remove_entries(session: Session, entries: Sequence[Entry]) -> None:
    """Take entries out of their playlists, and close the gaps."""
    touched = {entry.playlist_id for entry in entries}
    for entry in entries:
        session.delete(entry)
    session.flush()
    session.expire_all()
    for number in touched:
        playlist = session.get_one(Playlist, number, populate_existing=True)
        for position, entry in enumerate(playlist.entries, start=1):
            entry.position = position


def _remove_excerpts(session: Session, excerpts: Sequence[Excerpt]) -> list[str]:
    """Take excerpts out of playlists and library; ids of their files, whose keys still exist."""
    numbers = [excerpt.id for excerpt in excerpts]
    names = [excerpt.name for excerpt in excerpts]
    objects = [excerpt.object_id for excerpt in excerpts]
    found = session.scalars(select(Entry).where(Entry.excerpt_id.in_(numbers)))
    remove_entries(session, found.all())
    session.execute(delete(RetentionChange).where(RetentionChange.subject.in_(names)))
    keep_numbers_only(session, numbers)
    session.execute(update(Scoring).where(Scoring.excerpt_id.in_(numbers)).values(excerpt_id=None))
    session.execute(delete(Excerpt).where(Excerpt.id.in_(numbers)))
    return objects


def keep_numbers_only(session: Session, excerpts: Sequence[int]) -> None:
    """Take notes and moments out of the ratings of excerpts: they speak of patients, scores do
    not.
    """
    scorings = select(Scoring.id).where(Scoring.excerpt_id.in_(excerpts))
    ratings = select(Rating.id).where(Rating.scoring_id.in_(scorings))
    scores = select(Score.id).where(Score.rating_id.in_(ratings))
    session.execute(delete(Evidence).where(Evidence.score_id.in_(scores)))
    session.execute(update(Score).where(Score.rating_id.in_(ratings)).values(note=None))
    session.execute(update(Rating).where(Rating.scoring_id.in_(scorings)).values(note=None))


def remove_documents(session: Session, documents: Sequence[Document]) -> None:
    """Delete documents, and with them their places in playlists."""
    names = [document.name for document in documents]
    if not names:
        return
    session.flush()
    session.execute(delete(Document).where(Document.id.in_([one.id for one in documents])))
    session.expire_all()
    audit.append(session, audit.Act.SHRED, *names)


def _destroy_keys(session: Session, objects: Sequence[str]) -> None:
    session.flush()
    session.execute(delete(SealedObject).where(SealedObject.id.in_(objects)))


def shred_excerpt(session: Session, excerpt: Excerpt) -> list[str]:
    """Delete an excerpt with its key and its places in playlists; its recording stays."""
    name = excerpt.name
    objects = _remove_excerpts(session, [excerpt])
    _destroy_keys(session, objects)
    audit.append(session, audit.Act.SHRED, name)
    return objects


def strip(session: Session, recording: Recording) -> list[str]:
    """Delete all that was made of a recording, and keep the recording itself."""
    name = recording.name
    query = select(Excerpt).where(Excerpt.recording_id == recording.id)
    excerpts = session.scalars(query).all()
    made = [excerpt.name for excerpt in excerpts]
    objects = _remove_excerpts(session, excerpts)
    derived = select(DerivedMedium.object_id).where(DerivedMedium.recording_id == recording.id)
    objects += session.scalars(derived)
    for made_of_it in (DerivedMedium, SpokenName, Tag, KeptDocument, Transcript, Gathering):
        session.execute(delete(made_of_it).where(made_of_it.recording_id == recording.id))
    _destroy_keys(session, objects)
    audit.append(session, audit.Act.SHRED, *made, of=name)
    return objects


def shred(session: Session, recording: Recording) -> list[str]:
    """Delete a recording, its excerpts, tags and notes, and every key of them."""
    own = recording.object_id
    objects = strip(session, recording)
    number, name = recording.id, recording.name
    session.execute(delete(RetentionChange).where(RetentionChange.recording_id == number))
    session.delete(session.get_one(Recording, number))
    _destroy_keys(session, [own])
    audit.append(session, audit.Act.SHRED, name)
    return [own, *objects]
