"""Make playlists and order their entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.access import permit_leaving
from mbtg_video.supervision.model import Entry, EntryKind, Playlist


def new_playlist(session: Session, title: str, use: Use) -> Playlist:
    """An empty playlist; raises `BadInput` without a title."""
    if not title.strip():
        raise BadInput("a playlist needs a name: mbtg playlist new NAME")
    playlist = Playlist(title=title, use=use, made_at=datetime.now(UTC))
    session.add(playlist)
    session.flush()
    return playlist


def find_playlist(session: Session, number: int) -> Playlist:
    """Playlist with this number; raises `NotFound`."""
    playlist = session.get(Playlist, number)
    if playlist is None:
        raise NotFound(f"There is no playlist L{number}. See: mbtg playlist list")
    return playlist


def list_playlists(session: Session) -> Sequence[Playlist]:
    """All playlists, oldest id first."""
    return session.scalars(select(Playlist).order_by(Playlist.id)).all()


def add_excerpts(
    session: Session,
    playlist: Playlist,
    excerpts: Sequence[Excerpt],
    *,
    minutes: int | None,
    on: date,
) -> None:
    """Put excerpts at the end; raises `ConsentRefused` when one may not be shown for the use."""
    for excerpt in excerpts:
        permit_leaving(excerpt.recording, playlist.use, on, excerpt.name)
    for excerpt in excerpts:
        playlist.entries.append(
            Entry(
                position=len(playlist.entries) + 1,
                kind=EntryKind.EXCERPT,
                excerpt=excerpt,
                minutes=_checked_minutes(minutes),
            )
        )
    session.flush()


def add_step(
    session: Session, playlist: Playlist, kind: EntryKind, text: str, minutes: int | None
) -> None:
    """Put a step without a clip at the end: role-play, minutes, theory or discussion."""
    if kind is EntryKind.EXCERPT:
        raise BadInput(f"name the excerpt: mbtg playlist add {playlist.name} X1")
    if not text.strip():
        raise BadInput(f"say what the step is about: --kind {kind} --text TEXT")
    playlist.entries.append(
        Entry(
            position=len(playlist.entries) + 1,
            kind=kind,
            text=text,
            minutes=_checked_minutes(minutes),
        )
    )
    session.flush()


def _checked_minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= 24 * 60:
        raise BadInput(f"{minutes} is no number of minutes; give 1 to 1440")
    return minutes


def _entry_at(playlist: Playlist, position: int) -> Entry:
    if not 1 <= position <= len(playlist.entries):
        raise NotFound(
            f"{playlist.name} has no entry {position}; it has {len(playlist.entries)}. "
            f"See: mbtg playlist show {playlist.name}"
        )
    return playlist.entries[position - 1]


def _renumber(playlist: Playlist, order: Sequence[Entry]) -> None:
    for position, entry in enumerate(order, start=1):
        entry.position = position
    playlist.entries.sort(key=lambda entry: entry.position)


def move_entry(playlist: Playlist, position: int, to: int) -> None:
    """Move the entry at `position` (from 1) to the place `to`; raises `NotFound`."""
    entry = _entry_at(playlist, position)
    _entry_at(playlist, to)
    order = [other for other in playlist.entries if other is not entry]
    order.insert(to - 1, entry)
    _renumber(playlist, order)


def remove_entry(playlist: Playlist, position: int) -> None:
    """Take the entry at `position` (from 1) out; raises `NotFound`."""
    playlist.entries.remove(_entry_at(playlist, position))
    _renumber(playlist, list(playlist.entries))
