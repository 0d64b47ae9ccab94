"""A recording: its facts, its frames, what is watched of it, and what is made for that."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.derive import derive, find_derived, needs_proxy
from mbtg_video.recording.model import DerivedKind, DerivedMedium, Recording
from mbtg_video.recording.spoken import list_names
from mbtg_video.studio.answers import Asked, change, frames_answer, look, number_of
from mbtg_video.studio.jobs import Job, Progress
from mbtg_video.studio.shown import (
    decision_on,
    decision_record,
    excerpt_record,
    job_record,
    name_record,
    recording_record,
)
from mbtg_video.studio.state import Studio
from mbtg_video.studio.viewing import Part, use_of
from mbtg_video.users import Power

_Derived = dict[DerivedKind, DerivedMedium | None]

_SHOWN: Final = (DerivedKind.SPRITES, DerivedKind.WAVEFORM)


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        recording = find_recording(session, number_of(request, "R"))
        record = recording_record(recording, use_of(studio.library.user), studio.today())
        excerpts = list_excerpts(session, recording)
        return record | {
            "excerpts": [excerpt_record(excerpt) for excerpt in excerpts],
            "names": [name_record(spoken) for spoken in list_names(session, recording)],
        }


def _frames(studio: Studio, request: Request) -> Response:
    with studio.library.transaction(Power.LOOK) as session:
        return frames_answer(find_recording(session, number_of(request, "R")).frames.times)


def _consent(studio: Studio, request: Request) -> dict[str, Any]:
    wanted = request.query_params.get("use", "")
    if wanted not in set(Use):
        raise BadInput(f"{wanted[:32]!r} is no use; there are {', '.join(Use)}")
    with studio.library.transaction(Power.LOOK) as session:
        recording = find_recording(session, number_of(request, "R"))
        return decision_record(decision_on(recording, Use(wanted), studio.today()))


def making(studio: Studio, number: int, kind: DerivedKind) -> Job:
    """The work that makes something of a recording, begun once."""
    on, use = studio.today(), use_of(studio.library.user)

    def work(progress: Progress) -> dict[str, Any]:
        derive(studio.library, number, kind, on=on, use=use, progress=progress)
        return {}

    return studio.jobs.start(kind, f"R{number}", work, behind=True)


def _derived(session: Session, recording: Recording) -> _Derived:
    return {kind: find_derived(session, recording, kind) for kind in DerivedKind}


def _parts(recording: Recording, derived: _Derived, proxied: bool) -> dict[str, Part]:
    """What there is to show of a recording, under the names that the page asks for."""
    parts: dict[str, Part] = {}
    proxy = derived[DerivedKind.PROXY]
    if not proxied:
        parts["video"] = Part(recording.object_id)
    elif proxy is not None:
        parts["video"] = Part(proxy.object_id)
    waveform, sprites = derived[DerivedKind.WAVEFORM], derived[DerivedKind.SPRITES]
    if waveform is not None:
        parts["waveform"] = Part(waveform.object_id, "application/octet-stream")
    if sprites is not None:
        for place, (offset, length) in enumerate(sprites.facts["sheets"]):
            parts[f"sheet-{place}"] = Part(sprites.object_id, "image/jpeg", offset, length)
    return parts


def _view_record(
    studio: Studio, number: int, derived: _Derived, handle: str, parts: dict[str, Part]
) -> dict[str, Any]:
    jobs = [making(studio, number, kind) for kind in _SHOWN if derived[kind] is None]
    if "video" not in parts:
        jobs.append(making(studio, number, DerivedKind.PROXY))
    sprites, waveform = derived[DerivedKind.SPRITES], derived[DerivedKind.WAVEFORM]
    return {
        "handle": handle,
        "parts": {name: f"/media/{handle}/{name}" for name in parts},
        "sprites": sprites.facts if sprites is not None else None,
        "waveform": waveform.facts if waveform is not None else None,
        "jobs": [job_record(job) for job in jobs],
    }


def _watch(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    number = number_of(request, "R")
    use = use_of(studio.library.user)
    proxied = needs_proxy(studio.library, number, on=studio.today(), use=use)
    with studio.library.transaction(Power.WATCH) as session:
        recording = find_recording(session, number)
        derived = _derived(session, recording)
        parts = _parts(recording, derived, proxied)
        handle = studio.views.begin(
            session, recording, recording.name, recording.object_id, parts, grows=True
        )
        return _view_record(studio, number, derived, handle, parts)


def _look_again(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    """What an open view may show by now."""
    handle = request.path_params["handle"]
    number = studio.views.recording_of(handle)
    use = use_of(studio.library.user)
    proxied = needs_proxy(studio.library, number, on=studio.today(), use=use)
    with studio.library.transaction(Power.WATCH) as session:
        recording = find_recording(session, number)
        derived = _derived(session, recording)
        parts = _parts(recording, derived, proxied)
        studio.views.add(handle, parts)
        return _view_record(studio, number, derived, handle, parts)


def _poster(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    number = number_of(request, "R")
    handle = studio.posters.get(number)
    with studio.library.transaction(Power.WATCH) as session:
        recording = find_recording(session, number)
        poster = find_derived(session, recording, DerivedKind.POSTER)
        if poster is not None and not studio.views.shows(handle, poster.object_id):
            part = {"poster": Part(poster.object_id, "image/jpeg")}
            handle = studio.views.begin(session, recording, recording.name, poster.object_id, part)
    if poster is None or handle is None:
        return {"url": None, "job": job_record(making(studio, number, DerivedKind.POSTER))}
    studio.posters[number] = handle  # only now: the line that notes it is kept
    return {"url": f"/media/{handle}/poster"}


ROUTES = (
    Route("/api/recordings/{id}", look(_one)),
    Route("/api/recordings/{id}/frames", look(_frames)),
    Route("/api/recordings/{id}/consent", look(_consent)),
    Route("/api/recordings/{id}/watch", change(Asked, _watch), methods=["POST"]),
    Route("/api/recordings/{id}/poster", change(Asked, _poster), methods=["POST"]),
    Route("/api/views/{handle}", change(Asked, _look_again), methods=["POST"]),
)
