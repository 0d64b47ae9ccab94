"""Look at one rater's sheet, which is nobody else's business before the reveal."""

from __future__ import annotations

from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.rating.model import Rating, Scoring, ScoringState
from mbtg_video.rating.record import rating_by
from mbtg_video.rating.scoring import check_rater
from mbtg_video.users import Power


def open_sheet(session: Session, scoring: Scoring, rater: str) -> tuple[str, Rating | None]:
    """The rater's code as it is kept, and what that rater has given so far.

    Whoever opens a sheet says whose it is; that it was opened while the scoring is blind is
    noted, so that a look at another's shows. Raises `RoleRefused`, `NotFound` or `BadInput`.
    """
    audit.acting(session).require(Power.RATE)
    code = check_rater(session, rater)
    rating = rating_by(scoring, code)
    if rating is not None and scoring.state is ScoringState.BLIND:
        audit.append(session, audit.Act.RATING, rating.name, scoring.name, code, deed="look")
    return code, rating
