"""The studio's addresses: the page, what it asks, and the media."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from mbtg_video.rating import page as sheet
from mbtg_video.studio.api import (
    excerpts,
    intake,
    library,
    names,
    playlists,
    ratings,
    recordings,
    scorings,
    search,
    session,
    transcripts,
)
from mbtg_video.studio.api import tags as tags_
from mbtg_video.studio.guard import Guard
from mbtg_video.studio.media import ROUTES as MEDIA
from mbtg_video.studio.site import Content, build_site, read_files
from mbtg_video.studio.state import Studio


@cache
def _page() -> Content:
    shared = {name: sheet.source(name).encode() for name in (*sheet.MODULES, sheet.STYLE)}
    return shared | read_files(files("mbtg_video.studio") / "page")


def build_app(studio: Studio) -> Guard:
    """The studio behind its guard."""
    routes = [
        *session.ROUTES,
        *library.ROUTES,
        *recordings.ROUTES,
        *tags_.ROUTES,
        *transcripts.ROUTES,
        *names.ROUTES,
        *excerpts.ROUTES,
        *playlists.ROUTES,
        *scorings.ROUTES,
        *ratings.ROUTES,
        *search.ROUTES,
        *intake.ROUTES,
        *MEDIA,
    ]
    return build_site(_page(), routes, studio, studio.pass_)
