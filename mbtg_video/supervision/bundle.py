"""Hand a playlist out: decide, write the locked folder, note who got it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit, interrupt
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.dossier.access import open_document, permit_document
from mbtg_video.dossier.keep import find_document
from mbtg_video.dossier.model import Document
from mbtg_video.errors import BadInput, Busy, NotFound
from mbtg_video.excerpt.leave import open_excerpt, permit_excerpt
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.library import Library
from mbtg_video.rating.record import refuse_unless_blind
from mbtg_video.rating.scoring import find_scoring, receipt_hash, scoring_of
from mbtg_video.scale import Scale, find_scale
from mbtg_video.settings import Language
from mbtg_video.supervision.clip_tags import clip_tags
from mbtg_video.supervision.held import judged_on
from mbtg_video.supervision.model import Bundle, Entry, Playlist, Recipient
from mbtg_video.supervision.package import PackageSummary, write_package
from mbtg_video.supervision.package_content import (
    AskedScores,
    AskedScoring,
    Clip,
    PackageContent,
    Paper,
    Step,
)
from mbtg_video.supervision.passphrase import new_passphrase
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.supervision.receipt import receipt_paths, receipt_record, write_receipt
from mbtg_video.supervision.scores_lock import ScoresLock
from mbtg_video.users import Power


@dataclass(frozen=True, slots=True)
class Handout:
    """Where a bundle goes, who gets it, and until when.

    Without `expires_on` it is `days` from now, or the day on which the first consent ends. With
    the scale of this id it is scored, when that is what the playlist is for.
    """

    folder: Path
    recipients: Sequence[str]
    expires_on: date | None = None
    days: int = 30
    language: Language = Language.EN
    scale: str = "mbt-g-aqs"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What a bundle's maker is told: its passphrase is kept nowhere else."""

    bundle: Bundle
    passphrase: str
    receipts: Sequence[Path]


def _last_day(session: Session, playlist: Playlist, on: date) -> date:
    """The last day on which every consent behind the playlist holds; enforces them.

    They have to hold on the day on which it is held too, even where a later consent covers that.
    What is about nobody ends no bundle.
    """
    excerpts = [entry.excerpt for entry in playlist.entries if entry.excerpt is not None]
    if not playlist.entries or not (excerpts or playlist.documents):
        raise BadInput(
            f"{playlist.name} holds no excerpt. Add one with: mbtg playlist add {playlist.name} X1"
        )
    for day in reversed(judged_on(playlist, on)):  # today comes last, and its ends count
        decisions = [permit_excerpt(session, excerpt, playlist.use, day) for excerpt in excerpts]
        decisions += [permit_document(one, playlist.use, day) for one in playlist.documents]
    return min((d.until for d in decisions if d.until is not None), default=date.max)


def _expiry(handout: Handout, last_day: date, held_on: date | None, on: date) -> date:
    if handout.expires_on is None:
        # Not before it is shown, unless a consent ends before that.
        return min(max(on + timedelta(days=handout.days), held_on or on), last_day)
    if handout.expires_on < on:
        raise BadInput(f"--expires {handout.expires_on} lies in the past")
    if handout.expires_on > last_day:
        raise BadInput(
            f"--expires {handout.expires_on} outlives a consent: the first one ends on {last_day}. "
            "See: mbtg consent status"
        )
    return handout.expires_on


def _asked(session: Session, excerpt: Excerpt, scale: Scale, on: date) -> AskedScoring:
    return AskedScoring(
        name=scoring_of(session, excerpt, scale, on=on).name,
        receipt=receipt_hash(excerpt),
        first_us=excerpt.first_frame.microseconds,
    )


def _entry(
    session: Session,
    library: Library,
    entry: Entry,
    playlist: Playlist,
    scale: Scale | None,
    on: date,
    open_: ExitStack,
) -> Clip | Step:
    """An entry as it goes out; one that is scored with `scale` shows no tags, to stay blind."""
    excerpt = entry.excerpt
    if excerpt is None:
        return Step(kind=entry.kind, text=entry.text or "", minutes=entry.minutes)
    medium = open_excerpt(session, library.store, excerpt, act=Act.BUNDLE, use=playlist.use, on=on)
    scoring = None if scale is None else _asked(session, excerpt, scale, on)
    blind = scoring is not None
    tags = () if blind else clip_tags(session, excerpt)
    return Clip(
        title=excerpt.title,
        media=open_.enter_context(medium),
        question=excerpt.question,
        minutes=entry.minutes,
        tags=tags,
        scoring=scoring,
    )


def _paper(session: Session, document: Document, playlist: Playlist, on: date) -> Paper:
    """A document as it goes out."""
    group = document.group.code if document.group else None
    return Paper(
        kind=document.kind,
        title=document.title,
        text=open_document(session, document, playlist.use, on),
        about=document.person.code if document.person else group,
        day=document.held_on,
    )


def _named(handout: Handout) -> list[str]:
    return [who.strip() for who in handout.recipients if who.strip()]


def _told(excerpt: Excerpt, scoring: AskedScoring | None) -> dict[str, Any]:
    asked = {} if scoring is None else {"scoring": scoring.name, "receipt": scoring.receipt}
    return {
        "excerpt": excerpt.name,
        "recording": excerpt.recording.name,
        "start": str(excerpt.start),
        "end": str(excerpt.end),
        "frames": excerpt.receipt["frames"],
    } | asked


def make_bundle(
    library: Library,
    playlist_number: int,
    handout: Handout,
    *,
    on: date,
    progress: Callable[[int], None] = lambda _: None,
) -> HandedOut:
    """Write a playlist to a locked folder, with its receipt beside it, or leave nothing.

    A playlist for scoring asks for scores: each excerpt's blind scoring is found or opened, and
    stays when the bundle is broken off. Raises `NotFound`, `BadInput`, `ConsentRefused` or
    `MediaError`.
    """
    if not _named(handout):
        raise BadInput("say who gets it: --recipient TEXT")
    library.refuse_inside(handout.folder)
    receipt_paths(handout.folder)
    words = new_passphrase()
    with ExitStack() as opened:
        with library.transaction(Power.HAND_OUT) as session:
            playlist = find_playlist(session, playlist_number)
            expires_on = _expiry(handout, _last_day(session, playlist, on), playlist.held_on, on)
            shown = tuple(
                (e.excerpt.id, e.excerpt.object_id) for e in playlist.entries if e.excerpt
            )
            read = tuple((document.id, document.revision) for document in playlist.documents)
            scale = find_scale(handout.scale) if playlist.use is Use.SCORING else None
            lock = None if scale is None else ScoresLock.new()
            entries = [
                _entry(session, library, entry, playlist, scale, on, opened)
                for entry in playlist.entries
            ]
            content = PackageContent(
                title=playlist.title,
                entries=tuple(entries),
                made_on=on,
                expires_on=expires_on,
                language=handout.language,
                scores=AskedScores(scale=scale, public=lock.public, own=lock.own)
                if scale and lock
                else None,
                papers=tuple(
                    _paper(session, document, playlist, on) for document in playlist.documents
                ),
            )
        interrupt.let_go()  # the lines that tell of the views may stay when this is broken off
        leaving = _Leaving(playlist.id, shown, read, content, lock)
        return _handed_out(library, leaving, handout, words, on, progress)


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What is being handed out: a playlist, the excerpts that it held when it was read with the
    ids of their files, the documents with their revisions, and the keys for the scores that it
    asks for.
    """

    playlist: int
    excerpts: tuple[tuple[int, str], ...]
    documents: tuple[tuple[int, int], ...]
    content: PackageContent
    lock: ScoresLock | None

    @property
    def scorings(self) -> Sequence[AskedScoring | None]:
        """What each of the excerpts is scored for."""
        return [entry.scoring for entry in self.content.entries if isinstance(entry, Clip)]


def _refuse_changed(document: Document, revision: int) -> None:
    if document.revision != revision:
        raise Busy(
            f"{document.name} was changed while it was being handed out. Nothing was handed out; "
            "give the same command again."
        )


def _handed_out(
    library: Library,
    leaving: _Leaving,
    handout: Handout,
    words: str,
    on: date,
    progress: Callable[[int], None],
) -> HandedOut:
    written: list[Path] = []
    summary: PackageSummary | None = None
    try:
        summary = write_package(handout.folder, leaving.content, words, progress=progress)
        with library.transaction() as session:
            playlist = find_playlist(session, leaving.playlist)
            excerpts = [find_excerpt(session, number) for number, _ in leaving.excerpts]
            for excerpt, (_, opened) in zip(excerpts, leaving.excerpts, strict=True):
                # Once more, in the transaction of the deed: a consent may have ended meanwhile.
                for day in judged_on(playlist, on):
                    permit_excerpt(session, excerpt, playlist.use, day, opened=opened)
            documents = [find_document(session, number) for number, _ in leaving.documents]
            for document, (_, revision) in zip(documents, leaving.documents, strict=True):
                for day in judged_on(playlist, on):
                    permit_document(document, playlist.use, day)
                _refuse_changed(document, revision)
            for asked in filter(None, leaving.scorings):
                refuse_unless_blind(find_scoring(session, int(asked.name[1:])))
            bundle = Bundle(
                playlist=playlist,
                package_id=summary.id,
                package_hash=summary.hash,
                use=playlist.use,
                folder=str(handout.folder.absolute()),
                made_at=datetime.now(UTC),
                expires_on=leaving.content.expires_on,
                size=summary.size,
                clips=list(map(_told, excerpts, leaving.scorings)),
                scores_key=leaving.lock.private if leaving.lock else None,
                recipients=[Recipient(who=who) for who in _named(handout)],
            )
            session.add(bundle)
            session.flush()
            anchor = audit.append(
                session,
                Act.DISCLOSURE,
                bundle.name,
                playlist.name,
                *(clip["excerpt"] for clip in bundle.clips),
                *(document.name for document in documents),
                recipients=len(bundle.recipients),
                hash=summary.hash,
            )
            record = receipt_record(bundle, documents, str(anchor))
            written = write_receipt(record, handout.folder, handout.language)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        if summary is not None:
            shutil.rmtree(handout.folder)
        raise
    return HandedOut(bundle, words, written)


def list_bundles(session: Session) -> Sequence[Bundle]:
    """All bundles, oldest id first."""
    return session.scalars(select(Bundle).order_by(Bundle.id)).all()


def find_bundle(session: Session, number: int) -> Bundle:
    """Bundle with this number; raises `NotFound`."""
    bundle = session.get(Bundle, number)
    if bundle is None:
        raise NotFound(f"There is no bundle B{number}. See: mbtg bundle list")
    return bundle
