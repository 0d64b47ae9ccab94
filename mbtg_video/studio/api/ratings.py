"""Score sheets: each rater's own, and after the reveal all of them and what is agreed on."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.errors import NotFound
from mbtg_video.rating.agree import record_consensus
from mbtg_video.rating.look import open_sheet
from mbtg_video.rating.model import Source
from mbtg_video.rating.record import rating_by, record_sheet, reopen
from mbtg_video.rating.scoring import check_rater, find_scoring
from mbtg_video.rating.sheet import Sheet
from mbtg_video.studio.answers import change, look, number_of
from mbtg_video.studio.api.scorings import Code, Revision
from mbtg_video.studio.scored import (
    comparison_record,
    consensus_record,
    scoring_record,
    sheet_record,
)
from mbtg_video.studio.state import Studio
from mbtg_video.users import Power


class Whose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose sheet it is about."""

    rater: Code


class Filled(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rater's sheet in place of the one that was seen in this revision, 0 for none."""

    rater: Code
    seen: Revision
    sheet: Sheet
    submit: bool = False


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What these raters agreed on, in place of what was seen in this revision, 0 for nothing."""

    agreed_by: Annotated[list[Code], msgspec.Meta(min_length=1, max_length=200)]
    seen: Revision
    sheet: Sheet


def _sheet(studio: Studio, request: Request, wish: Whose) -> dict[str, Any]:
    with studio.library.transaction(Power.RATE) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        return sheet_record(*open_sheet(session, scoring, wish.rater))


def _save(studio: Studio, request: Request, wish: Filled) -> dict[str, Any]:
    with studio.library.transaction(Power.RATE) as session:
        rating = record_sheet(
            session,
            find_scoring(session, number_of(request, "S")),
            wish.rater,
            wish.sheet,
            submit=wish.submit,
            source=Source.STUDIO,
            on=studio.today(),
            seen=wish.seen,
        )
        return sheet_record(rating.rater or wish.rater, rating)


def _reopen(studio: Studio, request: Request, wish: Whose) -> dict[str, Any]:
    with studio.library.transaction(Power.RATE) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        code = check_rater(session, wish.rater)
        rating = rating_by(scoring, code)
        if rating is None:
            raise NotFound(f"{code} has not begun a sheet for {scoring.name}")
        reopen(session, rating)
        return sheet_record(code, rating)


def _compare(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.RATE) as session:
        return comparison_record(find_scoring(session, number_of(request, "S")))


def _agree(studio: Studio, request: Request, wish: Agreed) -> dict[str, Any]:
    with studio.library.transaction(Power.RATE) as session:
        scoring = find_scoring(session, number_of(request, "S"))
        record_consensus(
            session,
            scoring,
            wish.sheet,
            agreed_by=wish.agreed_by,
            source=Source.STUDIO,
            on=studio.today(),
            seen=wish.seen,
        )
        return {"scoring": scoring_record(scoring), "consensus": consensus_record(scoring)}


ROUTES = (
    Route("/api/scorings/{id}/sheet", change(Whose, _sheet), methods=["POST"]),
    Route("/api/scorings/{id}/save", change(Filled, _save), methods=["POST"]),
    Route("/api/scorings/{id}/reopen", change(Whose, _reopen), methods=["POST"]),
    Route("/api/scorings/{id}/compare", look(_compare)),
    Route("/api/scorings/{id}/consensus", change(Agreed, _agree), methods=["POST"]),
)
