"""What the host's page asks: who is how far, and what happens next."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import segno
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.errors import BadInput, NotFound
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.studio.answers import Asked, change, look
from mbtg_video.studio.guard import THERE, Pass
from mbtg_video.studio.room.progress import difference_records
from mbtg_video.studio.room.state import AWAY_SECONDS, Room
from mbtg_video.users import MATRIX, Power


class Show(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which sequence comes now, or is revealed."""

    sequence: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose seat another device may take."""

    code: Annotated[str, msgspec.Meta(max_length=40)]


def qr_path(link: str) -> dict[str, Any]:
    """A link as a QR code: a path of squares, and how many fit side by side."""
    rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix]
    squares = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]
    return {"size": len(rows), "path": "".join(squares)}


def _session(room: Room, request: Request) -> dict[str, Any]:
    pass_: Pass = request.app.state.door
    scale = room.scale
    return {
        "csrf": pass_.forgery,
        "language": room.language,
        "may_reveal": Power.REVEAL in MATRIX[room.library.user.role],
        "link": room.link,
        "qr": qr_path(room.link),
        "fingerprint": room.fingerprint,
        "playlist": room.opened.playlist,
        "sequences": [
            {"number": s.number, "excerpt": s.excerpt, "scoring": f"S{s.scoring}"}
            for s in room.sequences
        ],
        "scale": {
            "values": scale.values,
            "items": [{"number": i.number, "nb": i.nb, "en": i.en} for i in scale.items],
            "overall": scale.overall,
        },
    }


def _raters(room: Room, number: int) -> list[dict[str, Any]]:
    now = room.clock()
    far = room.progress(number).raters
    return [
        {
            "code": seat.code,
            "held": seat.device is not None,
            "here": seat.seen is not None and now - seat.seen < AWAY_SECONDS,
            "answered": far[seat.code].answered if seat.code in far else 0,
            "submitted": seat.code in far and far[seat.code].submitted,
        }
        for seat in list(room.seats.seats.values())
    ]


def _board(room: Room, _request: Request) -> dict[str, Any]:
    progress = room.progress(room.current)
    seated = set(room.seats.seats)
    left = [code for code, far in progress.raters.items() if not far.submitted]
    return {
        "ended": room.why_ended,
        "join_code": room.join_code,
        "wrong": room.gate.wrong,
        "sequence": room.current,
        "state": progress.state,
        "questions": progress.questions,
        "raters": _raters(room, room.current),
        "drafts_elsewhere": [code for code in left if code not in seated],
        "compared": difference_records(progress.compared),
    }


def _refuse_ended(room: Room) -> None:
    if room.ended:
        raise BadInput("The room is closed. Open it again: mbtg rate room")
    room.use()


def _show(room: Room, request: Request, wish: Show) -> dict[str, Any]:
    _refuse_ended(room)
    room.show(wish.sequence)
    return _board(room, request)


def _release(room: Room, request: Request, wish: Release) -> dict[str, Any]:
    _refuse_ended(room)
    if not room.seats.release(wish.code):
        raise NotFound(f"Nobody holds the seat of {wish.code}.")
    room.note(wish.code, deed="room release")
    return _board(room, request)


def _reveal(room: Room, request: Request, wish: Show) -> dict[str, Any]:
    _refuse_ended(room)
    scoring = room.sequence(wish.sequence).scoring

    def work(session: Session) -> None:
        reveal(session, find_scoring(session, scoring))

    room.write(Power.REVEAL, work)
    room.changed(wish.sequence)
    return _board(room, request)


def _end(room: Room, _request: Request, _wish: Asked) -> dict[str, Any]:
    room.end("the host ended it")
    return {}


def _there(_room: Room, _request: Request) -> dict[str, Any]:
    return {}


ROUTES = (
    Route("/api/session", look(_session)),
    Route("/api/board", look(_board)),
    Route("/api/show", change(Show, _show), methods=["POST"]),
    Route("/api/release", change(Release, _release), methods=["POST"]),
    Route("/api/reveal", change(Show, _reveal), methods=["POST"]),
    Route("/api/end", change(Asked, _end), methods=["POST"]),
    Route(THERE, look(_there)),
)
