"""A page with its files and the addresses that it asks, behind its guard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from mbtg_video.studio.guard import Door, Guard

Content = Mapping[str, bytes]
"""Files of a page by name, read once: no address ever names a file on disk."""
_TYPES: Final = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


def read_files(folder: Traversable, names: Iterable[str] | None = None) -> dict[str, bytes]:
    """The files of a folder that a page consists of, or those that are named."""
    wanted = names or (item.name for item in folder.iterdir() if _kind(item.name) in _TYPES)
    return {name: (folder / name).read_bytes() for name in wanted}


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


async def _nothing(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return PlainTextResponse("there is nothing here", status)


async def _mistake(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("the program made a mistake", 500)


def build_site(content: Content, routes: Sequence[BaseRoute], run: object, door: Door) -> Guard:
    """A page, whose first file is ``index.html``, and what it asks about one run."""

    async def file(request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        found = content.get(name)
        if found is None:
            return PlainTextResponse("there is nothing here", 404)
        return Response(found, media_type=_TYPES[_kind(name)])

    handlers: dict[Any, Any] = {HTTPException: _nothing, Exception: _mistake}
    inner = Starlette(
        routes=[Route("/", file), Route("/page/{name}", file), *routes],
        exception_handlers=handlers,
    )
    inner.router.redirect_slashes = False
    inner.state.run, inner.state.door = run, door
    return Guard(inner, door)
