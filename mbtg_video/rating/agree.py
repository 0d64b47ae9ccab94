"""After the blind scoring: reveal it, agree on a consensus, sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Use, counted
from mbtg_video.errors import BadInput, StillBlind
from mbtg_video.excerpt.leave import permit_excerpt
from mbtg_video.rating.model import (
    Rating,
    RatingKind,
    RatingState,
    Scoring,
    ScoringState,
    Source,
)
from mbtg_video.rating.record import begin, fill, pictured, refuse_stale
from mbtg_video.rating.scoring import check_rater, receipt_hash
from mbtg_video.rating.sheet import Sheet, check_complete, check_sheet, tidied
from mbtg_video.users import Power


def require_revealed(scoring: Scoring) -> None:
    """Raise `StillBlind` while raters must not see each other's scores."""
    if scoring.state is ScoringState.BLIND:
        raise StillBlind(
            f"{scoring.name} is blind: nobody sees another's scores before they are revealed. "
            f"When all have submitted: mbtg rate reveal {scoring.name}"
        )


def reveal(session: Session, scoring: Scoring) -> Sequence[Rating]:
    """Let everybody see all submitted scores; the drafts that stay out of it.

    From then on no score changes. Raises `RoleRefused`, and `BadInput` when nobody has submitted
    or it is revealed already.
    """
    audit.acting(session).require(Power.REVEAL)
    if scoring.state is not ScoringState.BLIND:
        raise BadInput(f"{scoring.name} is revealed already; see: mbtg rate show {scoring.name}")
    if not scoring.submitted:
        raise BadInput(
            f"Nobody has submitted for {scoring.name} yet. Rate with: mbtg rate add "
            f"{scoring.name} --by CODE"
        )
    scoring.state, scoring.revealed_at = ScoringState.REVEALED, datetime.now(UTC)
    drafts = [r for r in scoring.individual if r.state is RatingState.DRAFT]
    audit.append(
        session,
        audit.Act.RATING,
        scoring.name,
        *(rating.name for rating in scoring.submitted),
        deed="reveal",
        drafts=len(drafts),
    )
    return drafts


def _agreeing(session: Session, scoring: Scoring, codes: Sequence[str]) -> str:
    raters = [rating.rater for rating in scoring.submitted if rating.rater]
    named = list(dict.fromkeys(check_rater(session, code) for code in codes)) or raters
    strangers = [code for code in named if code not in raters]
    if strangers:
        raise BadInput(
            f"{strangers[0]} has not submitted for {scoring.name}; a consensus is agreed on by "
            f"its raters: {', '.join(raters)}"
        )
    return " ".join(sorted(named, key=counted))


def record_consensus(
    session: Session,
    scoring: Scoring,
    sheet: Sheet,
    *,
    agreed_by: Sequence[str] = (),
    source: Source,
    on: date,
    seen: int | None = None,
) -> Rating:
    """What the raters agreed on, beside their own scores; replaces an earlier one until signed.

    `agreed_by` names the raters who agreed, all of them when it is empty. Raises `StillBlind`,
    `BadInput`, `ConsentRefused` and `ChangedMeanwhile`.
    """
    require_revealed(scoring)
    _refuse_signed(scoring)
    excerpt = pictured(scoring)
    permit_excerpt(session, excerpt, Use.SCORING, on)
    consensus = scoring.consensus
    refuse_stale(consensus, seen)
    sheet = tidied(sheet)
    check_sheet(scoring.scale, sheet)
    check_complete(scoring.scale, sheet)
    agreed = _agreeing(session, scoring, agreed_by)
    if consensus is None:
        consensus = begin(scoring, RatingKind.CONSENSUS, source, agreed_by=agreed)
    consensus.agreed_by, consensus.source = agreed, source
    consensus.receipt = receipt_hash(excerpt)
    consensus.state, consensus.submitted_at = RatingState.SUBMITTED, datetime.now(UTC)
    scoring.state = ScoringState.AGREED
    fill(session, consensus, sheet)
    audit.append(
        session,
        audit.Act.RATING,
        consensus.name,
        scoring.name,
        *agreed.split(),
        deed="consensus",
    )
    return consensus


def _refuse_signed(scoring: Scoring) -> None:
    if scoring.state is ScoringState.SIGNED:
        day = scoring.signed_at.date() if scoring.signed_at else "?"
        raise BadInput(
            f"{scoring.name} was signed by {scoring.signed_by} on {day} and changes no more. "
            f"Open a new scoring: mbtg rate open {scoring.sequence}"
        )


def sign(session: Session, scoring: Scoring, signer: str, *, seen: int | None = None) -> None:
    """Freeze a scoring with its consensus; `seen` is the revision of the consensus signed.

    Raises `RoleRefused`, `StillBlind`, `ChangedMeanwhile`, and `BadInput` without a consensus or
    when it is signed already.
    """
    audit.acting(session).require(Power.SIGN)
    require_revealed(scoring)
    _refuse_signed(scoring)
    if scoring.consensus is None:
        raise BadInput(
            f"{scoring.name} has no consensus to sign yet. Record it: mbtg rate consensus "
            f"{scoring.name}"
        )
    refuse_stale(scoring.consensus, seen)
    scoring.signed_by = check_rater(session, signer)
    scoring.state, scoring.signed_at = ScoringState.SIGNED, datetime.now(UTC)
    audit.append(
        session,
        audit.Act.RATING,
        scoring.name,
        scoring.consensus.name,
        scoring.signed_by,
        deed="sign",
    )
