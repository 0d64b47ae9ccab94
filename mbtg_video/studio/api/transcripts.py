"""What is said in a recording, in pages: it may be read by whoever may hear it."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.requests import Request
from starlette.routing import Route

from mbtg_video import audit
from mbtg_video.errors import BadInput
from mbtg_video.recording.access import find_recording, permit_watching
from mbtg_video.studio.answers import look, number_of
from mbtg_video.studio.state import Studio
from mbtg_video.studio.viewing import use_of
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.lane import list_transcripts, page_of_cues
from mbtg_video.transcript.model import Cue
from mbtg_video.users import Power

PAGE: Final = 1000
_PLACE: Final = re.compile(r"([0-9]{1,16})-([0-9]{1,9})")


def _after(text: str | None) -> tuple[Timecode, int] | None:
    if not text:
        return None
    match = _PLACE.fullmatch(text)
    if match is None:
        raise BadInput(f"{text[:32]!r} is no place in a list of cues")
    return Timecode(int(match[1])), int(match[2])


def _record(cue: Cue) -> dict[str, Any]:
    return {
        "transcript": f"W{cue.transcript_id}",
        "start_us": cue.start.microseconds,
        "end_us": cue.end.microseconds,
        "speaker": cue.speaker,
        "text": cue.text,
    }


def _page(studio: Studio, request: Request) -> dict[str, Any]:
    after = _after(request.query_params.get("after"))
    with studio.library.transaction(Power.WATCH) as session:
        recording = find_recording(session, number_of(request, "R"))
        transcripts = list_transcripts(session, recording)
        if transcripts:
            permit_watching(recording, use_of(audit.acting(session)), studio.today())
        cues = page_of_cues(session, recording, after=after, limit=PAGE)
        more = f"{cues[-1].start.microseconds}-{cues[-1].id}" if len(cues) == PAGE else None
        told = [
            {"id": one.name, "title": one.title, "language": one.language} for one in transcripts
        ]
        return {"transcripts": told, "cues": [_record(cue) for cue in cues], "after": more}


ROUTES = (Route("/api/recordings/{id}/transcripts", look(_page), methods=["GET"]),)
