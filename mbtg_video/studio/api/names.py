"""Marks where a full name is said: made, moved, decided about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.excerpt.remake import mute_name, remake_excerpt
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import decide_name, find_name, mark_name, move_name, remove_name
from mbtg_video.studio.answers import Asked, Microseconds, change, look, number_of
from mbtg_video.studio.jobs import Progress
from mbtg_video.studio.shown import job_record, name_record
from mbtg_video.studio.state import Studio
from mbtg_video.timecode import Span, Timecode
from mbtg_video.users import Power


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The stretch in which the name is said."""

    start_us: Microseconds
    end_us: Microseconds

    @property
    def span(self) -> Span:
        """The same as a span; raises `MalformedTime`."""
        return Span(Timecode(self.start_us), Timecode(self.end_us))


class Clearing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why the name may be heard."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)]


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        return name_record(find_name(session, number_of(request, "N")))


def _add(studio: Studio, request: Request, wish: Where) -> dict[str, Any]:
    with studio.library.transaction(Power.TAG) as session:
        recording = find_recording(session, number_of(request, "R"))
        return name_record(mark_name(session, recording, wish.span, on=studio.today()))


def _move(studio: Studio, request: Request, wish: Where) -> dict[str, Any]:
    with studio.library.transaction(Power.TAG) as session:
        name = find_name(session, number_of(request, "N"))
        return name_record(move_name(session, name, wish.span, on=studio.today()))


def _remove(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    with studio.library.transaction(Power.TAG) as session:
        remove_name(session, find_name(session, number_of(request, "N")))
    return {}


def _decided(
    studio: Studio, request: Request, decide: Callable[[Session, SpokenName], SpokenName]
) -> dict[str, Any]:
    with studio.library.transaction(Power.TAG) as session:
        name = decide(session, find_name(session, number_of(request, "N")))
        return {"name": name_record(name), "job": None}


def _clear(studio: Studio, request: Request, wish: Clearing) -> dict[str, Any]:
    def decide(session: Session, name: SpokenName) -> SpokenName:
        state, on = NameState.CLEARED, studio.today()
        return decide_name(session, name, state, on=on, reason=wish.reason)

    return _decided(studio, request, decide)


def _reopen(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    def decide(session: Session, name: SpokenName) -> SpokenName:
        return decide_name(session, name, NameState.OPEN, on=studio.today())

    return _decided(studio, request, decide)


def _mute(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    """Mute it; the excerpts in which it is heard are made again one after the other."""
    number, on = number_of(request, "N"), studio.today()
    with studio.library.transaction(Power.TAG) as session:
        stale = mute_name(session, number, on=on)
        record = name_record(find_name(session, number))
    if not stale:
        return {"name": record, "job": None}

    def work(progress: Progress) -> dict[str, Any]:
        for place, excerpt in enumerate(stale):
            remake_excerpt(
                studio.library,
                excerpt,
                on=on,
                progress=lambda share, place=place: progress((place + share) / len(stale)),  # type: ignore[misc]
            )
        return {"excerpts": [f"X{excerpt}" for excerpt in stale]}

    return {"name": record, "job": job_record(studio.jobs.start("remake", f"N{number}", work))}


ROUTES = (
    Route("/api/recordings/{id}/names/add", change(Where, _add), methods=["POST"]),
    Route("/api/names/{id}", look(_one), methods=["GET"]),
    Route("/api/names/{id}/move", change(Where, _move), methods=["POST"]),
    Route("/api/names/{id}/remove", change(Asked, _remove), methods=["POST"]),
    Route("/api/names/{id}/mute", change(Asked, _mute), methods=["POST"]),
    Route("/api/names/{id}/clear", change(Clearing, _clear), methods=["POST"]),
    Route("/api/names/{id}/reopen", change(Asked, _reopen), methods=["POST"]),
)
