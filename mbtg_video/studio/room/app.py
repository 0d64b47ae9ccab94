"""The room's two servers: the sheets for phones, and the host's page for this computer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from mbtg_video.rating import page as sheet_page
from mbtg_video.studio.guard import Guard, Pass
from mbtg_video.studio.room import host, phones
from mbtg_video.studio.room.state import Room
from mbtg_video.studio.site import Content, build_site, read_files

_PHONES: Final = ("phone.html", "phone.css", "phone.js", "entering.js", "saving.js", "result.js",
                  "asking.js", "words.js")  # fmt: skip
_HOST: Final = ("host.html", "host.css", "host.js", "differences.js", "host_words.js")
_STUDIO: Final = ("dom.js", "icon.svg")


@cache
def _files(names: Sequence[str], studio: Sequence[str]) -> Content:
    """Files of a page, and those that it shares with the studio; the first is its index."""
    folder = files("mbtg_video.studio")
    found = read_files(folder / "room" / "page", (*names, "colours.css"))
    found |= read_files(folder / "page", studio)
    found["index.html"] = found.pop(names[0])
    return found


def build_phones(room: Room) -> Guard:
    """The score sheets for those who know the join code; nothing else of the library."""
    sheet = {n: sheet_page.source(n).encode() for n in (*sheet_page.MODULES, sheet_page.STYLE)}
    return build_site({**_files(_PHONES, _STUDIO), **sheet}, phones.ROUTES, room, room.seats)


def build_host(room: Room, pass_: Pass) -> Guard:
    """The page for the projector, for a browser of this computer alone."""
    return build_site(_files(_HOST, (*_STUDIO, "api.js")), host.ROUTES, room, pass_)
