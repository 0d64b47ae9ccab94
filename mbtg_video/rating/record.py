"""Take a rater's sheet in: as a draft, or submitted."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput, ChangedMeanwhile, NotFound
from mbtg_video.excerpt.leave import permit_excerpt
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.rating.model import (
    Absence,
    Evidence,
    Rating,
    RatingKind,
    RatingState,
    Score,
    Scoring,
    ScoringState,
    Source,
)
from mbtg_video.rating.scoring import check_rater, receipt_hash
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet, check_complete, check_sheet, tidied
from mbtg_video.tag.model import Tag
from mbtg_video.timecode import Span, Timecode


def sheet_of(rating: Rating) -> Sheet:
    """A rating as the sheet that it was taken from."""
    items = tuple(
        ItemScore(
            item=score.item,
            adherence=score.adherence,
            quality=score.quality,
            absence=score.absence,
            note=score.note,
            evidence=tuple(
                Moment(
                    one.start.microseconds,
                    None if one.end is None else one.end.microseconds,
                    one.tag,
                )
                for one in score.evidence
            ),
        )
        for score in rating.scores
    )
    overall = {
        key: Absence(value) if isinstance(value, str) else value
        for key, value in rating.overall.items()
    }
    return Sheet(items=items, overall=overall, note=rating.note)


def pictured(scoring: Scoring) -> Excerpt:
    """The excerpt that is scored; raises `NotFound` when it was shredded."""
    if scoring.excerpt is None:
        raise NotFound(
            f"{scoring.sequence}, which {scoring.name} scores, was shredded. Its numbers stay; no "
            "more are taken. Why: mbtg audit list --act shred"
        )
    return scoring.excerpt


def _evidence(session: Session, excerpt: Excerpt, item: int, moment: Moment) -> Evidence:
    """A piece of evidence, with its tag's own times; raises `BadInput` or `NotFound`.

    A tag that was removed since it was cited leaves the times that it had.
    """
    start = Timecode(moment.start_us)
    end = None if moment.end_us is None else Timecode(moment.end_us)
    if moment.tag is not None:
        tag = session.get(Tag, int(moment.tag[1:]))
        if tag is None and moment == Moment(0, None, moment.tag):
            raise NotFound(f"item {item}: there is no tag {moment.tag}. See: mbtg tag list")
        if tag is not None:
            if tag.recording_id != excerpt.recording_id:
                raise BadInput(f"item {item}: {tag.name} does not lie in {excerpt.name}")
            start, end = tag.start, tag.end
    shown = excerpt.shown
    inside = start in shown if end is None else Span(start, end).overlaps(shown)
    if not inside:
        cited = f"{moment.tag} ({start})" if moment.tag else str(start)
        raise BadInput(
            f"item {item}: {cited} does not lie in {excerpt.name}, which shows {shown} of "
            f"{excerpt.recording.name}"
        )
    return Evidence(start=start, end=end, tag=moment.tag)


def fill(session: Session, rating: Rating, sheet: Sheet) -> None:
    """Put a sheet's content into a rating, in place of what was there; checks the evidence."""
    excerpt = pictured(rating.scoring)
    present = {score.item: score for score in rating.scores}
    wanted = {score.item for score in sheet.items}
    for number, score in present.items():
        if number not in wanted:
            rating.scores.remove(score)
    for given in sheet.items:
        row = present.get(given.item)
        if row is None:
            row = Score(item=given.item)
            rating.scores.append(row)
        row.adherence, row.quality = given.adherence, given.quality
        row.absence, row.note = given.absence, given.note
        row.evidence = [_evidence(session, excerpt, given.item, one) for one in given.evidence]
    rating.overall, rating.note = dict(sheet.overall), sheet.note
    rating.changed_at = datetime.now(UTC)  # also raises the revision when only a score changed
    session.flush()


def rating_by(scoring: Scoring, rater: str) -> Rating | None:
    """What one rater has given so far, a draft or submitted."""
    return next((rating for rating in scoring.individual if rating.rater == rater), None)


def refuse_unless_blind(scoring: Scoring) -> None:
    """Raise `BadInput` once a scoring was revealed: what comes later would not be blind."""
    if scoring.state is not ScoringState.BLIND:
        day = scoring.revealed_at.date() if scoring.revealed_at else "?"
        raise BadInput(
            f"{scoring.name} was revealed on {day}, and scores given now would not be blind. "
            f"Open a new scoring: mbtg rate open {scoring.sequence}"
        )


def refuse_stale(rating: Rating | None, seen: int | None) -> None:
    """Raise `ChangedMeanwhile` unless a rating is still as it was seen; 0 means not there."""
    if seen is not None and seen != (rating.revision if rating else 0):
        name = rating.name if rating else "The rating"
        raise ChangedMeanwhile(
            f"{name} was changed elsewhere since it was read. Nothing was overwritten: look at it "
            "again, then change it."
        )


def begin(
    scoring: Scoring,
    kind: RatingKind,
    source: Source,
    *,
    rater: str | None = None,
    agreed_by: str | None = None,
) -> Rating:
    """A rating of a scoring with nothing in it yet, a draft."""
    now = datetime.now(UTC)
    rating = Rating(
        kind=kind,
        rater=rater,
        agreed_by=agreed_by,
        state=RatingState.DRAFT,
        source=source,
        receipt="",
        overall={},
        made_at=now,
        changed_at=now,
    )
    scoring.ratings.append(rating)
    return rating


def record_sheet(
    session: Session,
    scoring: Scoring,
    rater: str,
    sheet: Sheet,
    *,
    submit: bool,
    source: Source,
    on: date,
    receipt: str | None = None,
    seen: int | None = None,
) -> Rating:
    """One rater's sheet, in place of the rater's draft; submitted, it stays as it is.

    `receipt` says which cut was watched, when it is not the excerpt as it is now; `seen` is the
    revision that was changed. Raises `BadInput` for an answer that cannot be so, a sheet with
    gaps that is submitted, a second submission or a scoring that is revealed, `ConsentRefused`
    when the excerpt may not be scored that day, and `ChangedMeanwhile`.
    """
    rater = check_rater(session, rater)
    excerpt = pictured(scoring)
    permit_excerpt(session, excerpt, Use.SCORING, on)
    refuse_unless_blind(scoring)
    rating = rating_by(scoring, rater)
    if rating is not None and rating.state is RatingState.SUBMITTED:
        raise BadInput(
            f"{rater} has submitted {rating.name} for {scoring.name} already. To change it while "
            f"{scoring.name} is blind: mbtg rate reopen {rating.name}"
        )
    refuse_stale(rating, seen)
    sheet = tidied(sheet)
    check_sheet(scoring.scale, sheet)
    if submit:
        check_complete(scoring.scale, sheet, otherwise="; or keep a draft: --draft")
    began = rating is None
    if rating is None:
        rating = begin(scoring, RatingKind.INDIVIDUAL, source, rater=rater)
    rating.source = source
    rating.receipt = receipt or receipt_hash(excerpt)
    if submit:
        rating.state, rating.submitted_at = RatingState.SUBMITTED, datetime.now(UTC)
    fill(session, rating, sheet)
    if submit or began:
        deed = "submit" if submit else "begin"
        audit.append(
            session, audit.Act.RATING, rating.name, scoring.name, rater, deed=deed, source=source
        )
    return rating


def reopen(session: Session, rating: Rating) -> None:
    """Make a submitted rating a draft again, while nobody has seen the others'.

    Raises `BadInput` once the scoring is revealed, or when it is a draft, and `NotFound` when the
    excerpt was shredded: it could not be submitted again.
    """
    refuse_unless_blind(rating.scoring)
    pictured(rating.scoring)
    if rating.state is RatingState.DRAFT:
        raise BadInput(
            f"{rating.name} is a draft; change it with: mbtg rate add {rating.scoring.name} "
            f"--by {rating.rater}"
        )
    rating.state, rating.submitted_at = RatingState.DRAFT, None
    rating.changed_at = datetime.now(UTC)
    audit.append(session, audit.Act.RATING, rating.name, rating.scoring.name, deed="reopen")
    session.flush()
