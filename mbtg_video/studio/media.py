"""Pictures and sound of open views, opened on the fly."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbtg_video.errors import MbtgError
from mbtg_video.studio.answers import failure_answer, studio_of
from mbtg_video.studio.ranges import partial_content


async def _part(request: Request) -> Response:
    views = studio_of(request).views
    handle, name = request.path_params["handle"], request.path_params["part"]

    def decide() -> None:
        views.open(handle, name)[0].close()

    try:
        file, part = await run_in_threadpool(views.open, handle, name)
    except MbtgError as error:
        return failure_answer(error)
    return partial_content(
        file,
        request.headers.get("range"),
        part.media_type,
        offset=part.offset,
        length=part.length,
        decide=decide,
        head=request.method == "HEAD",
    )


ROUTES = (Route("/media/{handle}/{part}", _part, methods=["GET", "HEAD"]),)
