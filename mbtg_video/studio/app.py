"""The studio's addresses: the page, what it asks, and the media."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mbtg_video.studio.api import excerpts, intake, library, names, playlists, recordings, session
from mbtg_video.studio.api import tags as tags_
from mbtg_video.studio.guard import Guard
from mbtg_video.studio.media import ROUTES as MEDIA
from mbtg_video.studio.state import Studio

_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@cache
def _page() -> dict[str, tuple[bytes, str]]:
    """Every file of the page by its name, read once: no address ever names a file on disk."""
    folder = files("mbtg_video.studio") / "page"
    return {
        item.name: (item.read_bytes(), _TYPES[f".{item.name.rpartition('.')[2]}"])
        for item in folder.iterdir()
        if f".{item.name.rpartition('.')[2]}" in _TYPES
    }


async def _file(request: Request) -> Response:
    found = _page().get(request.path_params.get("name", "index.html"))
    if found is None:
        return PlainTextResponse("there is nothing here", 404)
    content, media_type = found
    return Response(content, media_type=media_type)


async def _nothing(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return PlainTextResponse("there is nothing here", status)


async def _mistake(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("the program made a mistake", 500)


def build_app(studio: Studio) -> Guard:
    """The studio behind its guard."""
    inner = Starlette(
        routes=[
            Route("/", _file),
            Route("/page/{name}", _file),
            *session.ROUTES,
            *library.ROUTES,
            *recordings.ROUTES,
            *tags_.ROUTES,
            *names.ROUTES,
            *excerpts.ROUTES,
            *playlists.ROUTES,
            *intake.ROUTES,
            *MEDIA,
        ],
        exception_handlers={HTTPException: _nothing, Exception: _mistake},
    )
    inner.router.redirect_slashes = False
    inner.state.run = studio
    return Guard(inner, studio.pass_)
