"""One query over all that is written in the library."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.errors import BadInput
from mbtg_video.search.find import find
from mbtg_video.settings import Language
from mbtg_video.studio.answers import look
from mbtg_video.studio.state import Studio
from mbtg_video.users import Power

PAGE: Final = 50
_OFFSET: Final = re.compile(r"[0-9]{1,7}")


def _search(studio: Studio, request: Request) -> dict[str, Any]:
    offset = request.query_params.get("offset") or "0"
    if not _OFFSET.fullmatch(offset):
        raise BadInput(f"{offset[:16]!r} is no place in what was found")
    spoken = request.query_params.get("language")
    language = Language.NB if spoken == Language.NB else Language.EN
    with studio.library.transaction(Power.LOOK) as session:
        query = request.query_params.get("q", "")
        found = find(
            session,
            query,
            language=language,
            on=studio.today(),
            offset=int(offset),
            limit=PAGE,
        )
    return {
        "total": found.total,
        "hits": [hit.record() | {"pieces": hit.pieces} for hit in found.hits],
    }


ROUTES = (Route("/api/search", look(_search)),)
