"""The documents that go out with a playlist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.dossier.access import permit_document
from mbtg_video.dossier.model import Document
from mbtg_video.errors import NotFound
from mbtg_video.supervision.model import Playlist


def attach_documents(
    session: Session, playlist: Playlist, documents: Sequence[Document], *, on: date
) -> None:
    """Let documents go out with a playlist; raises `ConsentRefused` when one may not be read.

    One that is attached already stays so.
    """
    for document in documents:
        permit_document(document, playlist.use, on)
    for document in documents:
        if document not in playlist.documents:
            playlist.documents.append(document)
            # The document comes first: the line is found by whoever it is about.
            audit.append(session, Act.DOCUMENT, document.name, playlist.name, deed="attach")
    playlist.documents.sort(key=lambda document: document.id)
    session.flush()


def detach_document(session: Session, playlist: Playlist, document: Document) -> None:
    """Let a document go out with a playlist no longer; raises `NotFound` when it did not."""
    if document not in playlist.documents:
        raise NotFound(
            f"{document.name} is not attached to {playlist.name}. "
            f"See: mbtg playlist show {playlist.name}"
        )
    playlist.documents.remove(document)
    session.flush()
    audit.append(session, Act.DOCUMENT, document.name, playlist.name, deed="detach")
