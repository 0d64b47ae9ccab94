"""Make playlists and order their entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, ChangedMeanwhile, NotFound
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.access import permit_leaving
from mbtg_video.supervision.fit import Fit, Planned, fit
from mbtg_video.supervision.held import judged_on
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
    """Put excerpts at the end.

    Raises `ConsentRefused` when one may not be shown for the use, today or when it is held.
    """
    for excerpt in excerpts:
        for day in judged_on(playlist, on):
            permit_leaving(excerpt.recording, playlist.use, day, excerpt.name)
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


def set_slot(playlist: Playlist, minutes: int | None) -> None:
    """Say how many minutes there are for the playlist, or that it is not known.

    Raises `BadInput`.
    """
    playlist.slot_minutes = _checked_minutes(minutes)


def fit_of(playlist: Playlist) -> Fit:
    """What the playlist's entries take, against its slot."""
    planned = []
    for entry in playlist.entries:
        length = entry.excerpt.receipt["duration_us"] if entry.excerpt else None
        clip = None if length is None else timedelta(microseconds=length)
        planned.append(Planned(clip, entry.minutes))
    return fit(planned, playlist.slot_minutes)


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


def _entry_with(playlist: Playlist, number: int) -> Entry:
    for entry in playlist.entries:
        if entry.id == number:
            return entry
    raise ChangedMeanwhile(
        f"{playlist.name} no longer holds that entry: it was taken out elsewhere. Look at it again."
    )


def order_entries(playlist: Playlist, was: Sequence[int], now: Sequence[int]) -> None:
    """Put the entries, named by their own ids, in the order `now`.

    Raises `ChangedMeanwhile` when they are no longer those, in the order `was`, that were seen,
    and `BadInput` when `now` holds others.
    """
    found = {entry.id: entry for entry in playlist.entries}
    if list(found) != list(was):
        raise ChangedMeanwhile(
            f"{playlist.name} was changed elsewhere since it was read. Nothing was overwritten: "
            "look at it again, then change it."
        )
    if sorted(now) != sorted(found):
        raise BadInput(f"the new order of {playlist.name} has to hold each of its entries once")
    _renumber(playlist, [found[number] for number in now])


def change_entry(playlist: Playlist, number: int, **changes: object) -> None:
    """Change the `minutes` or the `text` of the entry with its own id `number`."""
    entry = _entry_with(playlist, number)
    if "minutes" in changes:
        minutes = changes["minutes"]
        entry.minutes = _checked_minutes(minutes if isinstance(minutes, int) else None)
    if "text" in changes:
        text = str(changes["text"])
        if entry.kind is EntryKind.EXCERPT or not text.strip():
            raise BadInput("a step needs a text, and an excerpt has its title instead")
        entry.text = text


def remove_entry_with(playlist: Playlist, number: int) -> None:
    """Take the entry with its own id `number` out."""
    playlist.entries.remove(_entry_with(playlist, number))
    _renumber(playlist, list(playlist.entries))
