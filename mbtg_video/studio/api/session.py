"""Who is here, what the scale and the words of the page are, and what was set."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video import __version__
from mbtg_video.consent.model import Use
from mbtg_video.recording.model import Kind
from mbtg_video.scale import find_scale
from mbtg_video.studio.answers import Asked, change, look
from mbtg_video.studio.guard import THERE
from mbtg_video.studio.preferences import Preferences, read_preferences, write_preferences
from mbtg_video.studio.shown import job_record
from mbtg_video.studio.state import Studio
from mbtg_video.supervision.model import EntryKind
from mbtg_video.users import MATRIX


def _session(studio: Studio, _request: Request) -> dict[str, Any]:
    user = studio.library.user
    scale = find_scale(studio.settings.scale)
    preferences = read_preferences(studio.preferences)
    return {
        "csrf": studio.pass_.forgery,
        "version": __version__,
        "user": user.name,
        "role": user.role,
        "powers": sorted(MATRIX[user.role]),
        "today": studio.today(),
        "author": studio.settings.author,
        "language": preferences.language or studio.settings.language,
        "preferences": preferences,
        "scale": {
            "id": scale.id,
            "title": scale.title,
            "items": [
                {
                    "number": item.number,
                    "nb": item.nb,
                    "en": item.en,
                    "group_specific": item.group_specific,
                }
                for item in scale.items
            ],
        },
        "uses": list(Use),
        "kinds": list(Kind),
        "entry_kinds": list(EntryKind),
    }


def _prefer(studio: Studio, _request: Request, wish: Preferences) -> dict[str, Any]:
    write_preferences(studio.preferences, wish)
    kept: dict[str, Any] = msgspec.to_builtins(wish)
    return kept


def _alive(_studio: Studio, _request: Request, _wish: Asked) -> dict[str, Any]:
    return {}


def _there(_studio: Studio, _request: Request) -> dict[str, Any]:
    return {}


def _jobs(studio: Studio, _request: Request) -> list[dict[str, Any]]:
    return [job_record(job) for job in studio.jobs.all()]


def _job(studio: Studio, request: Request) -> dict[str, Any]:
    return job_record(studio.jobs.find(request.path_params["id"]))


def _cancel(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    job = studio.jobs.find(request.path_params["id"])
    job.cancel()
    return job_record(job)


def _forget(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    studio.jobs.forget(request.path_params["id"])
    return {}


ROUTES = (
    Route("/api/session", look(_session)),
    Route("/api/preferences", change(Preferences, _prefer), methods=["POST"]),
    Route(THERE, look(_there)),
    Route("/api/alive", change(Asked, _alive), methods=["POST"]),
    Route("/api/jobs", look(_jobs)),
    Route("/api/jobs/{id}", look(_job)),
    Route("/api/jobs/{id}/cancel", change(Asked, _cancel), methods=["POST"]),
    Route("/api/jobs/{id}/forget", change(Asked, _forget), methods=["POST"]),
)
