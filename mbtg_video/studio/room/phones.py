"""What a phone may ask: to join, to take a seat, and for the sheets of that seat alone.

No message of ours goes to a phone, only its kind: a refusal may name a patient's code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar

import msgspec
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbtg_video.errors import BadInput, MbtgError, NotFound
from mbtg_video.rating.model import Rating, RatingState, Source
from mbtg_video.rating.record import rating_by, record_sheet, sheet_of
from mbtg_video.rating.record import reopen as reopen_rating
from mbtg_video.rating.scoring import find_scoring
from mbtg_video.rating.sheet import Sheet
from mbtg_video.studio.answers import Asked, Endpoint, failure_answer, json_answer, read_body
from mbtg_video.studio.room.codes import is_code
from mbtg_video.studio.room.progress import group_records
from mbtg_video.studio.room.seats import JOIN, STATE, Outcome, Seat
from mbtg_video.studio.room.state import Room
from mbtg_video.users import Power

_HOUR_SECONDS: Final = 3600
_Typed = Annotated[str, msgspec.Meta(max_length=40)]
_Wish = TypeVar("_Wish", bound=msgspec.Struct)


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code on the screen."""

    code: _Typed


class Take(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose seat, and the return code when another device holds it."""

    code: _Typed
    returning: _Typed = ""


class Save(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sheet as it is on the phone, changed from `revision`; 0 when there was none.

    `attempt` names this save: sent again because its answer was lost, it is answered again.
    `rater` is whose sheet it is: a late one must not land on whoever has the device now.
    """

    rater: _Typed
    sheet: Sheet
    revision: Annotated[int, msgspec.Meta(ge=0, le=2**31)]
    submit: bool
    attempt: Annotated[str, msgspec.Meta(min_length=8, max_length=64)]


def _room(request: Request) -> Room:
    room: Room = request.app.state.run
    return room


def _cookies(request: Request) -> list[str]:
    return request.headers.getlist("cookie")


def _without_words(error: MbtgError) -> Response:
    told = failure_answer(error)
    return json_answer({"kind": type(error).__name__}, told.status_code)


def _look(tell: Callable[[Room, Request], object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return json_answer(await run_in_threadpool(tell, _room(request), request))
        except MbtgError as error:
            return _without_words(error)

    return endpoint


def _change(
    kind: type[_Wish], do: Callable[[Room, Request, _Wish], Awaitable[Response]]
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        room = _room(request)
        if room.ended:
            return json_answer({"kind": "Ended"}, HTTPStatus.GONE)
        if request.url.path != JOIN:
            room.use()  # whoever guesses at the join code does not need it
        try:
            body = await read_body(request)
            return await do(room, request, msgspec.json.decode(body or b"", type=kind))
        except MbtgError as error:
            return _without_words(error)
        except (msgspec.DecodeError, RecursionError, ValueError):
            return _without_words(BadInput("no such wish"))

    return endpoint


def _seated(kind: type[_Wish], do: Callable[[Room, Seat, int, _Wish], object]) -> Endpoint:
    """An address that changes something of the sender's own seat, a change at a time."""

    async def answer(room: Room, request: Request, wish: _Wish) -> Response:
        seat, number = _own_seat(room, request), _number(room, request)

        def work() -> object:
            with seat.lock:
                _own_seat(room, request)  # it may have been taken over while this one waited
                return do(room, seat, number, wish)

        return json_answer(await run_in_threadpool(work))

    return _change(kind, answer)


def _own_seat(room: Room, request: Request) -> Seat:
    seat = room.seats.seat_of(_cookies(request))
    if seat is None:
        raise NotFound("this device holds no seat")
    return seat


def _number(room: Room, request: Request) -> int:
    number: int = request.path_params["number"]
    if number not in room.shown:
        raise NotFound("that sequence was not shown yet")
    return number


async def _join(room: Room, request: Request, wish: Join) -> Response:
    address = request.client.host if request.client else ""
    delay = room.gate.wait(address)
    if delay is None:
        return json_answer({"kind": "Locked"}, HTTPStatus.TOO_MANY_REQUESTS)
    if delay:
        await asyncio.sleep(delay)
    if not is_code(wish.code, room.join_code):
        if room.gate.is_locked(address):
            await run_in_threadpool(room.note, deed="room locked", wrong=room.gate.wrong)
        return json_answer({"kind": "WrongCode"}, HTTPStatus.FORBIDDEN)
    room.gate.passed(address)
    room.use()
    answer = json_answer({"joined": True})
    answer.set_cookie(
        room.seats.cookie_name,
        room.seats.join(),
        max_age=room.limits.hours * _HOUR_SECONDS,
        path="/",
        secure=True,
        httponly=True,
        samesite="strict",
    )
    return answer


async def _take(room: Room, request: Request, wish: Take) -> Response:
    outcome = room.seats.take(_cookies(request), wish.code, wish.returning)
    if outcome is Outcome.SEATED:
        room.joined += 1
        await run_in_threadpool(room.note, wish.code, deed="room join")
    elif outcome is Outcome.LOCKED or outcome is Outcome.WRONG:
        await run_in_threadpool(room.note, wish.code, deed="room refused", outcome=str(outcome))
    return json_answer({"outcome": outcome})


def _state(room: Room, request: Request) -> dict[str, Any]:
    told: dict[str, Any] = {"language": room.language, "ended": room.ended, "joined": False}
    token = room.seats.token_of(_cookies(request))
    if token is None or room.ended:
        return told
    told |= {"joined": True, "csrf": token, "seat": None}
    seat = room.seats.seat_of(_cookies(request))
    if seat is None:
        seats = room.seats.seats.values()
        return told | {"codes": [{"code": s.code, "held": s.device is not None} for s in seats]}
    number = room.current
    progress = room.progress(number)
    return told | {
        "seat": seat.code,
        "returning": seat.returning,
        "sequence": number,
        "sequences": len(room.sequences),
        "excerpt": room.sequence(number).excerpt,
        "blind": progress.blind,
        "submitted": len(set(progress.submitted) & set(room.opened.raters)),
        "raters": len(room.opened.raters),
    }


def _scale(room: Room, request: Request) -> object:
    _own_seat(room, request)
    scale = room.scale
    return {
        "values": scale.values,
        "items": [
            {"number": i.number, "nb": i.nb, "en": i.en, "adherence_rated": i.adherence_rated}
            for i in scale.items
        ],
        "overall": scale.overall,
    }


def _rating_record(rating: Rating | None) -> dict[str, Any]:
    if rating is None:
        return {"revision": 0, "submitted": False}
    return {"revision": rating.revision, "submitted": rating.state is RatingState.SUBMITTED}


def _sheet(room: Room, request: Request) -> dict[str, Any]:
    """The seat's own sheet and, once it is revealed, what the group said."""
    seat, number = _own_seat(room, request), _number(room, request)
    scoring = room.sequence(number).scoring

    def read(session: Session) -> dict[str, Any]:
        rating = rating_by(find_scoring(session, scoring), seat.code)
        sheet = sheet_of(rating) if rating else None
        return _rating_record(rating) | {"sheet": sheet}

    progress = room.progress(number)
    group = None if progress.blind else group_records(progress.compared)
    return room.write(Power.RATE, read) | {"group": group}


def _save(room: Room, seat: Seat, number: int, wish: Save) -> object:
    if wish.rater != seat.code:
        raise NotFound("that is another rater's sheet")
    last = seat.attempts.get(number)
    if last is not None and last[0] == wish.attempt:
        return last[1]
    scoring = room.sequence(number).scoring

    def record(session: Session) -> dict[str, Any]:
        rating = record_sheet(
            session,
            find_scoring(session, scoring),
            seat.code,
            wish.sheet,
            submit=wish.submit,
            source=Source.ROOM,
            on=room.today(),
            seen=wish.revision,
        )
        return _rating_record(rating)

    told = room.write(Power.RATE, record)
    seat.attempts[number] = (wish.attempt, told)
    room.changed(number)
    return told


def _reopen(room: Room, seat: Seat, number: int, _wish: Asked) -> object:
    scoring = room.sequence(number).scoring

    def reopen(session: Session) -> dict[str, Any]:
        rating = rating_by(find_scoring(session, scoring), seat.code)
        if rating is None:
            raise NotFound("nothing was submitted")
        reopen_rating(session, rating)
        return _rating_record(rating)

    told = room.write(Power.RATE, reopen)
    room.changed(number)
    return told


ROUTES = (
    Route(STATE, _look(_state)),
    Route(JOIN, _change(Join, _join), methods=["POST"]),
    Route("/api/seat", _change(Take, _take), methods=["POST"]),
    Route("/api/scale", _look(_scale)),
    Route("/api/sheets/{number:int}", _look(_sheet)),
    Route("/api/sheets/{number:int}/save", _seated(Save, _save), methods=["POST"]),
    Route("/api/sheets/{number:int}/reopen", _seated(Asked, _reopen), methods=["POST"]),
)
