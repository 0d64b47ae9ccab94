"""Take a recording in from the page: told first, then sent, sealed as it comes."""

from __future__ import annotations

import logging
import secrets
from contextlib import ExitStack
from typing import Annotated, Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mbtg_video.errors import BadInput, MbtgError, NotFound
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.ingest import Description, check_description, receiving
from mbtg_video.recording.model import DerivedKind, Kind, Recording
from mbtg_video.studio.answers import (
    change,
    day_of,
    failure_answer,
    json_answer,
    studio_of,
)
from mbtg_video.studio.api.recordings import making
from mbtg_video.studio.shown import recording_record
from mbtg_video.studio.state import Studio, Waiting
from mbtg_video.studio.viewing import use_of

_log = logging.getLogger(__name__)

_BLOCK_BYTES: Final = 1 << 20
_MOST_WAITING: Final = 8
Code = Annotated[str, msgspec.Meta(max_length=64)]


class Announced(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is said of a file before it is sent."""

    group: Code
    recorded_on: str
    present: list[Code]
    file_name: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
    kind: Kind = Kind.THERAPY


def _announce(studio: Studio, _request: Request, wish: Announced) -> dict[str, Any]:
    day = day_of(wish.recorded_on, "recorded_on")
    if day is None:
        raise BadInput("say when it was recorded")
    description = Description(
        wish.group, day, wish.present, wish.kind, studio.settings.retention_months
    )
    check_description(studio.library, description, wish.file_name, on=studio.today())
    ticket = secrets.token_hex(16)
    studio.waiting[ticket] = Waiting(description, wish.file_name)
    while len(studio.waiting) > _MOST_WAITING:
        del studio.waiting[next(iter(studio.waiting))]
    return {"upload": f"/api/intake/{ticket}"}


def _record(studio: Studio, recording: Recording) -> dict[str, Any]:
    for kind in (DerivedKind.POSTER, DerivedKind.SPRITES):
        making(studio, recording.id, kind)
    with studio.library.transaction() as session:
        found = find_recording(session, recording.id)
        return recording_record(found, use_of(studio.library.user), studio.today())


async def _received(studio: Studio, request: Request, waiting: Waiting) -> Recording:
    """Take all bytes in; nothing is kept of what breaks off."""
    expected = int(request.headers["content-length"])
    with ExitStack() as kept:
        entered = receiving(
            studio.library, waiting.description, waiting.file_name, on=studio.today()
        )
        intake = await run_in_threadpool(kept.enter_context, entered)
        block = bytearray()
        async for piece in request.stream():
            block += piece
            if len(block) >= _BLOCK_BYTES:
                await run_in_threadpool(intake.write, bytes(block))
                block.clear()
        if block:
            await run_in_threadpool(intake.write, bytes(block))
        if intake.size != expected:
            raise BadInput(f"{waiting.file_name} did not arrive whole; send it again")
        return await run_in_threadpool(intake.finish)


async def _send(request: Request) -> Response:
    studio = studio_of(request)
    waiting = studio.waiting.pop(request.path_params["ticket"], None)
    try:
        if waiting is None:
            raise NotFound("Nothing was announced for this; choose the file again.")
        studio.receiving += 1
        try:
            recording = await _received(studio, request, waiting)
        finally:
            studio.receiving -= 1
        return json_answer(await run_in_threadpool(_record, studio, recording))
    except ClientDisconnect:
        _log.info("an upload was broken off")
        return Response(status_code=499)
    except MbtgError as error:
        return failure_answer(error)
    except OSError as error:
        why = error.strerror or "the disk failed"
        return failure_answer(MbtgError(f"The system refused: {why}. Nothing was kept."))


ROUTES = (
    Route("/api/intake", change(Announced, _announce), methods=["POST"]),
    Route("/api/intake/{ticket}", _send, methods=["POST"]),
)
