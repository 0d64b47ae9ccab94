"""Open a scoring of an excerpt, and find it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import find_person
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.excerpt.leave import permit_excerpt
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.rating.model import KeptScale, Rating, Scoring, ScoringState
from mbtg_video.scale import Scale, scale_hash, written_out


def receipt_hash(excerpt: Excerpt) -> str:
    """SHA-256 of an excerpt's receipt: says which cut was watched, also after it was remade."""
    plain = {"object": excerpt.object_id} | excerpt.receipt
    return sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


def keep_as_it_is(session: Session, scale: Scale) -> KeptScale:
    """The library's own copy of a scale, made when there is none yet."""
    written = written_out(scale)
    found = session.get(KeptScale, scale_hash(written))
    if found is None:
        found = KeptScale(
            hash=scale_hash(written), scale=scale.id, version=scale.version, written=written
        )
        session.add(found)
    return found


def check_rater(session: Session, code: str) -> str:
    """The code of somebody who may rate or sign; raises `NotFound` or `BadInput`."""
    person = find_person(session, code)
    if person.role is Role.PATIENT:
        raise BadInput(f"{person.code} is a patient; raters are therapists and participants")
    return person.code


def _therapist(session: Session, excerpt: Excerpt, about: str | None) -> str | None:
    """Whose work is scored: the one named, else the only therapist in the recording."""
    if about is not None:
        return check_rater(session, about)
    present = excerpt.recording.present
    leading = [p.code for p in present if p.role is Role.THERAPIST]
    return leading[0] if len(leading) == 1 else None


def open_scoring(
    session: Session, excerpt: Excerpt, scale: Scale, *, on: date, about: str | None = None
) -> Scoring:
    """A new scoring of an excerpt with a scale, blind until it is revealed.

    Raises `ConsentRefused` or `NameSpoken` unless raters may be shown the excerpt, and `BadInput`
    while another scoring of it with the same scale is open.
    """
    permit_excerpt(session, excerpt, Use.SCORING, on)
    present = open_for(session, excerpt, scale)
    if present is not None:
        raise BadInput(
            f"{present.name} scores {excerpt.name} with {scale.label} already, and is blind "
            f"still. Rate in it: mbtg rate add {present.name} --by CODE"
        )
    scoring = Scoring(
        excerpt=excerpt,
        sequence=excerpt.name,
        recording=excerpt.recording.name,
        kept_scale=keep_as_it_is(session, scale),
        about=_therapist(session, excerpt, about),
        held_on=excerpt.recording.recorded_on,
        state=ScoringState.BLIND,
        opened_at=datetime.now(UTC),
    )
    session.add(scoring)
    session.flush()
    audit.append(session, audit.Act.RATING, scoring.name, excerpt.name, deed="open")
    return scoring


def open_for(session: Session, excerpt: Excerpt, scale: Scale) -> Scoring | None:
    """The scoring of an excerpt with just this scale that is blind still; None if there is none."""
    query = (
        select(Scoring)
        .where(Scoring.excerpt_id == excerpt.id)
        .where(Scoring.scale_hash == scale_hash(written_out(scale)))
        .where(Scoring.state == ScoringState.BLIND)
    )
    return session.scalars(query).first()


def scoring_of(session: Session, excerpt: Excerpt, scale: Scale, *, on: date) -> Scoring:
    """The blind scoring of an excerpt, opened if there is none; raises as `open_scoring` does."""
    found = open_for(session, excerpt, scale)
    if found is not None:
        permit_excerpt(session, excerpt, Use.SCORING, on)
        return found
    return open_scoring(session, excerpt, scale, on=on)


def find_scoring(session: Session, number: int) -> Scoring:
    """Scoring with this number; raises `NotFound`."""
    scoring = session.get(Scoring, number)
    if scoring is None:
        raise NotFound(f"There is no scoring S{number}. See: mbtg rate list")
    return scoring


def list_scorings(session: Session, excerpt: Excerpt | None = None) -> Sequence[Scoring]:
    """Scorings, of one excerpt or of all, oldest id first."""
    query = select(Scoring).order_by(Scoring.id)
    if excerpt is not None:
        query = query.where(Scoring.excerpt_id == excerpt.id)
    return session.scalars(query).all()


def find_rating(session: Session, number: int) -> Rating:
    """Rating with this number; raises `NotFound`."""
    rating = session.get(Rating, number)
    if rating is None:
        raise NotFound(f"There is no rating Q{number}. See: mbtg rate list")
    return rating
