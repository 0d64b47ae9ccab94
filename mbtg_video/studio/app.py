"""The studio's addresses: the page, what it asks, and the media."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from mbtg_video.studio.api import excerpts, intake, library, names, playlists, recordings, session
from mbtg_video.studio.api import tags as tags_
from mbtg_video.studio.guard import Guard
from mbtg_video.studio.media import ROUTES as MEDIA
from mbtg_video.studio.site import Content, build_site, read_files
from mbtg_video.studio.state import Studio


@cache
def _page() -> Content:
    return read_files(files("mbtg_video.studio") / "page")


def build_app(studio: Studio) -> Guard:
    """The studio behind its guard."""
    routes = [
        *session.ROUTES,
        *library.ROUTES,
        *recordings.ROUTES,
        *tags_.ROUTES,
        *names.ROUTES,
        *excerpts.ROUTES,
        *playlists.ROUTES,
        *intake.ROUTES,
        *MEDIA,
    ]
    return build_site(_page(), routes, studio, studio.pass_)
