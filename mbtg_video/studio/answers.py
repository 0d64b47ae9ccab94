"""From requests to wishes and from records to answers: JSON, strict on the way in."""

from __future__ import annotations

import logging
import re
import sys
from array import array
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mbtg_video.errors import BadInput, Busy, ChangedMeanwhile, MbtgError, StillBlind
from mbtg_video.studio.guard import MOST_JSON_BYTES
from mbtg_video.studio.state import Studio

_log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]
Wish = TypeVar("Wish", bound=msgspec.Struct)
Run = TypeVar("Run")
"""What one run of a server knows: the studio, or the room."""
Text = Annotated[str, msgspec.Meta(max_length=20_000)]
"""What a person types."""
Microseconds = Annotated[int, msgspec.Meta(ge=0, le=2**52)]
"""A time; JavaScript counts no further exactly."""

_STATUS: Final = {1: 500, 2: 400, 3: 403, 4: 404, 5: 422, 6: 500}
_ID: Final = re.compile(r"[A-Z]([0-9]{1,9})")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wish that says nothing more than its address."""


def _plain(value: object) -> object:
    if isinstance(value, Fraction | Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise NotImplementedError(type(value).__name__)


def json_answer(record: object, status: int = 200) -> Response:
    """A record as JSON."""
    body = msgspec.json.encode(record, enc_hook=_plain)
    return Response(body, status, media_type="application/json")


def frames_answer(times: Sequence[int]) -> Response:
    """When each frame is shown, as differences: 32 bits each, the lowest byte first."""
    steps = array("I", [times[0], *(later - earlier for earlier, later in pairwise(times))])
    if sys.byteorder == "big":
        steps.byteswap()
    return Response(steps.tobytes(), media_type="application/octet-stream")


def failure_record(error: MbtgError) -> dict[str, Any]:
    """What a page is told of an error."""
    return {"error": str(error), "kind": type(error).__name__, "code": error.exit_code}


def failure_answer(error: MbtgError) -> Response:
    """An error as JSON, with the status that fits its place in the error tree."""
    status = _STATUS[error.exit_code]
    if isinstance(error, ChangedMeanwhile):
        status = 409
    if isinstance(error, Busy):
        status = 503
    if isinstance(error, StillBlind):
        status = 403
    return json_answer(failure_record(error), status)


def number_of(request: Request, letter: str) -> int:
    """Number of the id in the address; raises `BadInput`."""
    text: str = request.path_params["id"]
    match = _ID.fullmatch(text)
    if match is None or text[0] != letter:
        raise BadInput(f"{text[:16]!r} is no id of this kind; they look like {letter}1")
    return int(match[1])


def studio_of(request: Request) -> Studio:
    """The run that the request belongs to."""
    studio: Studio = request.app.state.run
    return studio


async def answered(work: Callable[[], object]) -> Response:
    """What came of work in a thread of its own: its record, or its error, as JSON."""
    try:
        record = await run_in_threadpool(work)
    except MbtgError as error:
        return failure_answer(error)
    except OSError as error:
        _log.warning("the system refused a file: %s", error.errno)
        why = error.strerror or "the disk failed"
        return failure_answer(MbtgError(f"The system refused: {why}. Nothing was changed."))
    return record if isinstance(record, Response) else json_answer(record)


def look(tell: Callable[[Run, Request], object]) -> Endpoint:
    """An address that only tells something."""

    async def endpoint(request: Request) -> Response:
        return await answered(lambda: tell(request.app.state.run, request))

    return endpoint


def change(kind: type[Wish], do: Callable[[Run, Request, Wish], object]) -> Endpoint:
    """An address that does something, told as a strict record of that kind."""

    async def endpoint(request: Request) -> Response:
        body = await read_body(request)
        if body is None:
            return failure_answer(BadInput("The wish is too long."))
        try:
            wish = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, RecursionError, ValueError) as error:
            return failure_answer(BadInput(f"The page asked for something that is none: {error}"))
        return await answered(lambda: do(request.app.state.run, request, wish))

    return endpoint


async def read_body(request: Request) -> bytes | None:
    """What was sent, unless it is longer than it said and than anything may be."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_JSON_BYTES:
            return None
    return bytes(body)


def day_of(text: str | None, name: str) -> date | None:
    """A day written 2026-11-25; raises `BadInput`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{name}: {text[:16]!r} is no date; write it as 2026-11-24") from error
