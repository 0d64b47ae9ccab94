"""Excerpts: marked and cut from the page, and watched with their receipts."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.spoken import names_heard
from mbtg_video.studio.answers import (
    Asked,
    Microseconds,
    Text,
    change,
    frames_answer,
    look,
    number_of,
)
from mbtg_video.studio.jobs import Progress
from mbtg_video.studio.shown import excerpt_record, job_record, name_record
from mbtg_video.studio.state import Studio
from mbtg_video.studio.viewing import Part
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power


class NewExcerpt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An excerpt that is wished for."""

    start_us: Microseconds
    end_us: Microseconds
    title: Text
    question: Text | None = None


def _cut(studio: Studio, request: Request, wish: NewExcerpt) -> dict[str, Any]:
    number = number_of(request, "R")
    if not wish.title.strip():
        raise BadInput("an excerpt needs a title")
    wanted = Wish(
        str(Timecode(wish.start_us)),
        str(Timecode(wish.end_us)),
        wish.title.strip(),
        (wish.question or "").strip() or None,
    )
    with studio.library.transaction(Power.CUT) as session:
        find_recording(session, number)
    on = studio.today()

    def work(progress: Progress) -> dict[str, Any]:
        made = cut_excerpt(studio.library, number, wanted, on=on, progress=progress)
        with studio.library.transaction(Power.LOOK) as session:
            return excerpt_record(find_excerpt(session, made.id))

    return job_record(studio.jobs.start("cut", f"R{number}", work))


def _one(studio: Studio, request: Request) -> dict[str, Any]:
    with studio.library.transaction(Power.LOOK) as session:
        excerpt = find_excerpt(session, number_of(request, "X"))
        heard = names_heard(session, excerpt.recording, excerpt.shown)
        names = [name_record(spoken) for spoken in heard]
        return excerpt_record(excerpt) | {"receipt": excerpt.receipt, "names": names}


def _frames(studio: Studio, request: Request) -> Response:
    """When each frame of the excerpt is shown, from its first one."""
    with studio.library.transaction(Power.LOOK) as session:
        excerpt = find_excerpt(session, number_of(request, "X"))
        first, times = excerpt.first_frame.microseconds, excerpt.recording.frames.times
        place = bisect_left(times, first)
        shown = times[place : place + excerpt.receipt["frames"]]
    return frames_answer([time - first for time in shown])


def _watch(studio: Studio, request: Request, _wish: Asked) -> dict[str, Any]:
    with studio.library.transaction(Power.WATCH) as session:
        excerpt = find_excerpt(session, number_of(request, "X"))
        handle = studio.views.begin(
            session,
            excerpt.recording,
            excerpt.name,
            excerpt.object_id,
            {"video": Part(excerpt.object_id)},
        )
    return {"video": f"/media/{handle}/video"}


ROUTES = (
    Route("/api/recordings/{id}/excerpts", change(NewExcerpt, _cut), methods=["POST"]),
    Route("/api/excerpts/{id}", look(_one)),
    Route("/api/excerpts/{id}/frames", look(_frames)),
    Route("/api/excerpts/{id}/watch", change(Asked, _watch), methods=["POST"]),
)
