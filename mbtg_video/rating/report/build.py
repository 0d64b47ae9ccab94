"""From revealed scorings to all that a report says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from mbtg_video.consent.record import find_person
from mbtg_video.errors import BadInput
from mbtg_video.rating.agree import require_revealed
from mbtg_video.rating.compare import Answer, Compared, compare
from mbtg_video.rating.matrix import Score, matrix, one_scale
from mbtg_video.rating.model import Rating, Scoring
from mbtg_video.rating.report.agreement import agreement, occurrence
from mbtg_video.rating.report.content import (
    Growth,
    ItemName,
    Note,
    OverallName,
    Report,
    ScaleHead,
    ScoringPart,
    Unsupported,
)
from mbtg_video.rating.report.growth import growth
from mbtg_video.scale import Scale
from mbtg_video.settings import Language


def _head(scale: Scale, language: Language) -> ScaleHead:
    return ScaleHead(
        scale.id,
        scale.version,
        scale.title.spoken(language),
        scale.source,
        scale.values.lowest,
        scale.values.highest,
        scale.values.good_enough,
        tuple(
            ItemName(item.number, item.spoken(language), item.group_specific, item.adherence_rated)
            for item in scale.items
        ),
        tuple(OverallName(overall.key, overall.spoken(language)) for overall in scale.overall),
    )


def _unsupported(rows: Sequence[Compared], raters: Sequence[str]) -> tuple[Unsupported, ...]:
    """Who gave a quality score without a moment to it, and for which items."""
    found = []
    for rater in raters:
        items = sorted(
            row.item
            for row in rows
            for answer in row.answers
            if answer.rater == rater
            and row.item is not None
            and answer.quality is not None
            and not answer.evidence
        )
        if items:
            found.append(Unsupported(rater, tuple(items)))
    return tuple(found)


def _without_note(answer: Answer) -> Answer:
    return replace(answer, note=None)


def _quiet(row: Compared) -> Compared:
    """The same row without anybody's notes."""
    return replace(
        row,
        answers=tuple(_without_note(answer) for answer in row.answers),
        agreed=_without_note(row.agreed) if row.agreed else None,
    )


def _notes(ratings: Sequence[Rating]) -> tuple[Note, ...]:
    found = []
    for rating in ratings:
        who = rating.rater or " ".join((rating.agreed_by or "").split())
        if rating.note:
            found.append(Note(who, None, rating.note))
        found += [Note(who, score.item, score.note) for score in rating.scores if score.note]
    return tuple(found)


def _part(scoring: Scoring, *, notes: bool) -> ScoringPart:
    rows = compare(scoring)
    raters = tuple(sorted(rating.rater or "" for rating in scoring.submitted))
    consensus = scoring.consensus
    told = [*sorted(scoring.submitted, key=lambda one: one.rater or "")]
    told += [consensus] if consensus else []
    return ScoringPart(
        scoring.name,
        scoring.sequence,
        scoring.recording,
        scoring.about,
        scoring.held_on,
        scoring.state,
        scoring.revealed_at.date() if scoring.revealed_at else None,
        tuple((consensus.agreed_by or "").split()) if consensus else (),
        scoring.signed_by,
        scoring.signed_at.date() if scoring.signed_at else None,
        raters,
        len(scoring.individual) - len(scoring.submitted),
        tuple(_quiet(row) for row in rows),
        _unsupported(rows, raters),
        {score: matrix([scoring], score).gaps for score in Score},
        _notes(told) if notes else (),
    )


def _growth(session: Session, scorings: Sequence[Scoring], about: str | None) -> Growth | None:
    """Growth of the one named, or of whom all sequences are about; None when that is nobody."""
    if about is None:
        found = {scoring.about for scoring in scorings}
        only = found.pop() if len(found) == 1 else None
        return growth(scorings, only) if only else None
    code = find_person(session, about).code
    mine = growth(scorings, code)
    if not mine.points:
        names = ", ".join(scoring.name for scoring in scorings)
        raise BadInput(f"none of {names} is about {code}; see: mbtg rate list")
    return mine


def build_report(
    session: Session,
    scorings: Sequence[Scoring],
    *,
    about: str | None = None,
    language: Language,
    on: date,
    notes: bool = False,
) -> Report:
    """All that can be said of these scorings, in order of the day of their sessions.

    Raters' notes are private and stay out unless `notes` asks for them. Raises `StillBlind`
    when one is blind, and `BadInput` for none, for different scales, or when none is `about`
    the person named.
    """
    scorings = sorted(dict.fromkeys(scorings), key=lambda one: (one.held_on, one.id))
    for scoring in scorings:
        require_revealed(scoring)
    scale = one_scale(scorings)
    matrices = {score: matrix(scorings, score) for score in Score}
    times = Counter(scoring.recording for scoring in scorings)
    return Report(
        language,
        on,
        _head(scale, language),
        matrices[Score.QUALITY].raters,
        tuple(_part(scoring, notes=notes) for scoring in scorings),
        tuple(agreement(found) for found in matrices.values()),
        occurrence(matrices[Score.QUALITY]),
        _growth(session, scorings, about),
        tuple(recording for recording, count in sorted(times.items()) if count > 1),
    )
