"""Open a room: what is scored, with what, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Person, Role
from mbtg_video.errors import BadInput
from mbtg_video.rating.scoring import check_rater, scoring_of
from mbtg_video.scale import Scale
from mbtg_video.supervision.playlist import find_playlist


@dataclass(frozen=True, slots=True)
class RoomSequence:
    """One excerpt of the playlist and its scoring; nothing of it but ids goes to a phone."""

    number: int
    excerpt: str
    scoring: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What a room is for."""

    playlist: str
    scale: Scale
    sequences: tuple[RoomSequence, ...]
    raters: tuple[str, ...]


def find_raters(session: Session, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes of those who may rate: the ones named, else all who are no patients.

    Raises `NotFound` or `BadInput`.
    """
    if codes:
        return tuple(dict.fromkeys(check_rater(session, code) for code in codes))
    query = select(Person.code).where(Person.role != Role.PATIENT).order_by(Person.id)
    found = tuple(session.scalars(query))
    if not found:
        raise BadInput(
            "There is nobody who may rate. Add the participants: "
            "mbtg person add K1 --group CODE --role participant"
        )
    return found


def open_room(
    session: Session, playlist_number: int, scale: Scale, codes: Sequence[str], *, on: date
) -> Opened:
    """The scorings of a playlist's excerpts, opened where there are none, noted in the audit.

    Raises `ConsentRefused` when one of them may not be scored that day, `NotFound`, and
    `BadInput` for a playlist without excerpts.
    """
    playlist = find_playlist(session, playlist_number)
    excerpts = list(dict.fromkeys(entry.excerpt for entry in playlist.entries if entry.excerpt))
    if not excerpts:
        raise BadInput(
            f"{playlist.name} has no excerpt to score. Add one: "
            f"mbtg playlist add {playlist.name} X1"
        )
    raters = find_raters(session, codes)
    sequences = tuple(
        RoomSequence(number, excerpt.name, scoring_of(session, excerpt, scale, on=on).id)
        for number, excerpt in enumerate(excerpts, start=1)
    )
    audit.append(
        session,
        audit.Act.RATING,
        playlist.name,
        *(f"S{sequence.scoring}" for sequence in sequences),
        deed="room open",
        raters=len(raters),
    )
    return Opened(playlist.name, scale, sequences, raters)
