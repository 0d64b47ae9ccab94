"""Scorings as the page gets them: before the reveal, no number or note of anybody."""

from __future__ import annotations

from typing import Any

from mbtg_video.rating.agree import require_revealed
from mbtg_video.rating.compare import compare
from mbtg_video.rating.model import Rating, Scoring
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.sheet import Sheet
from mbtg_video.scale import Scale


def scale_record(scale: Scale) -> dict[str, Any]:
    """Which scale it is."""
    return {"id": scale.id, "version": scale.version, "title": scale.title}


def scoring_record(scoring: Scoring) -> dict[str, Any]:
    """How far a scoring has come, and who has submitted."""
    excerpt, consensus = scoring.excerpt, scoring.consensus
    return {
        "id": scoring.name,
        "state": scoring.state,
        "sequence": scoring.sequence,
        "title": excerpt.title if excerpt is not None else None,
        "recording": scoring.recording,
        "scale": scale_record(scoring.scale),
        "about": scoring.about,
        "held_on": scoring.held_on,
        "opened_at": scoring.opened_at,
        "revealed_at": scoring.revealed_at,
        "signed_at": scoring.signed_at,
        "signed_by": scoring.signed_by,
        "raters": [
            {"rater": one.rater, "state": one.state, "submitted_at": one.submitted_at}
            for one in scoring.individual
        ],
        "agreed_by": (consensus.agreed_by or "").split() if consensus is not None else [],
        "agreed_at": consensus.submitted_at if consensus is not None else None,
    }


def sheet_record(rater: str, rating: Rating | None) -> dict[str, Any]:
    """One rater's sheet as far as it is filled in; revision 0 when it was not begun."""
    return {
        "rater": rater,
        "state": rating.state if rating is not None else None,
        "revision": rating.revision if rating is not None else 0,
        "sheet": sheet_of(rating) if rating is not None else Sheet(),
    }


def consensus_record(scoring: Scoring) -> dict[str, Any]:
    """What was agreed on so far; revision 0 when nothing was. Raises `StillBlind`."""
    require_revealed(scoring)
    consensus = scoring.consensus
    return {
        "revision": consensus.revision if consensus is not None else 0,
        "sheet": sheet_of(consensus) if consensus is not None else None,
    }


def comparison_record(scoring: Scoring) -> dict[str, Any]:
    """Everybody's answers, the largest gap first; raises `StillBlind`."""
    return {
        "rows": list(compare(scoring)),
        "notes": [{"rater": one.rater, "note": one.note} for one in scoring.submitted if one.note],
        "consensus": consensus_record(scoring),
    }
