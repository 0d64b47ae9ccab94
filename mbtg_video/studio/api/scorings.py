"""Scorings of excerpts: opened, listed, revealed and signed."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.consent.model import Person, Role, Use, counted
from mbtg_video.errors import ConfigurationError
from mbtg_video.excerpt.leave import permit_excerpt
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.agree import reveal, sign
from mbtg_video.rating.record import pictured
from mbtg_video.rating.scoring import find_scoring, list_scorings, open_scoring
from mbtg_video.scale import find_scale, scale_paths
from mbtg_video.studio.answers import Asked, change, look, number_of
from mbtg_video.studio.scored import scale_record, scoring_record
from mbtg_video.studio.state import Studio
from mbtg_video.studio.viewing import Part
from mbtg_video.users import Power

Code = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Revision = Annotated[int, msgspec.Meta(ge=0)]


class NewScoring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scoring that is wished for; `about` is the therapist whose work is scored."""

    scale: Code
    about: Code | None = None


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who signs which revision of the consensus."""

    signer: Code
    seen: Revision


def _all(studio: Studio, _request: Request) -> list[dict[str, Any]]:
    with studio.library.transaction(Power.LOOK) as session:
        return [scoring_record(scoring) for scoring in list_scorings(session)]


def _of_excerpt(studio: Studio, request: Request) -> list[dict[str, Any]]:
    with studio.library.transaction(Power.LOOK) as session:
        excerpt = find_excerpt(session, number_of(request, "X"))
        return [scoring_record(scoring) for scoring in list_scorings(session, excerpt)]


def _choices(studio: Studio, _request: Request) -> dict[str, Any]:
    """Who may rate and with which scales; what is wrong with those that cannot be read."""
    scales, damaged = [], []
    for name in sorted(scale_paths()):
        try:
            scales.append(scale_record(find_scale(name)))
        except ConfigurationError as error:
            damaged.append(str(error))
    with studio.library.transaction(Power.LOOK) as session:
        found = session.scalars(select(Person).where(Person.role != Role.PATIENT))
        raters = sorted(found, key=lambda one: counted(one.code))
        return {
            "raters": [{"code": one.code, "role": one.role} for one in raters],
            "scales": scales,
            "usual": studio.settings.scale,
            "damaged": damaged,
        }


def _open(studio: Studio, request: Request, wish: NewScoring) -> dict[str, Any]:
    scale = find_scale(wish.scale)
    with studio.library.transaction(Power.RATE) as session:
        excerpt = find_excerpt(session, number_of(request, "X"))
        return scoring_record(
            open_scoring(session, excerpt, scale, on=studio.today(), about=wish.about)
        )


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        excerpt = scoring.excerpt
        return scoring_record(scoring) | {
            "items": scoring.scale,
            "question": excerpt.question if excerpt is not None else None,
            "first_frame_us": excerpt.first_frame.microseconds if excerpt is not None else None,
            "length_us": excerpt.receipt["duration_us"] if excerpt is not None else None,
        }


def _watch(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    """Raters are others than the therapist: the stricter rule holds, and names said in it."""
    number = number_of(request, "S")

    def permit(session: Session) -> object:
        excerpt = pictured(find_scoring(session, number))
        return permit_excerpt(session, excerpt, Use.SCORING, studio.today())

    with studio.library.transaction(Power.WATCH) as session:
        excerpt = pictured(find_scoring(session, number))
        handle = studio.views.begin(
            session,
            excerpt.recording,
            excerpt.name,
            excerpt.object_id,
            {"video": Part(excerpt.object_id)},
            use=Use.SCORING,
            permit=permit,
        )
    return {"video": f"/media/{handle}/video"}


def _reveal(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    with studio.library.transaction(Power.REVEAL) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        reveal(session, scoring)
        return scoring_record(scoring)


def _sign(studio: Studio, request: Request, wish: Signature) -> dict[str, Any]:
    with studio.library.transaction(Power.SIGN) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        sign(session, scoring, wish.signer, seen=wish.seen)
        return scoring_record(scoring)


ROUTES = (
    Route("/api/scorings", look(_all)),
    Route("/api/raters", look(_choices)),
    Route("/api/excerpts/{id}/scorings", look(_of_excerpt)),
    Route("/api/excerpts/{id}/score", change(NewScoring, _open), methods=["POST"]),
    Route("/api/scorings/{id}", look(_one)),
    Route("/api/scorings/{id}/watch", change(Asked, _watch), methods=["POST"]),
    Route("/api/scorings/{id}/reveal", change(Asked, _reveal), methods=["POST"]),
    Route("/api/scorings/{id}/sign", change(Signature, _sign), methods=["POST"]),
)
