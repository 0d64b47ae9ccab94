"""What lies in the library, and what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.routing import Route

from mbtg_video.consent.model import Group
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.access import list_recordings
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import heard_in
from mbtg_video.retention import due
from mbtg_video.studio.answers import look
from mbtg_video.studio.shown import (
    bundle_record,
    excerpt_record,
    group_record,
    playlist_record,
    recording_record,
)
from mbtg_video.studio.state import Studio
from mbtg_video.studio.viewing import use_of
from mbtg_video.supervision.bundle import list_bundles
from mbtg_video.supervision.playlist import list_playlists
from mbtg_video.tag.model import Tag
from mbtg_video.timecode import Span
from mbtg_video.users import Power

_DUE_DAYS = 30


def _counts(session: Session, table: type[Tag | Excerpt | SpokenName]) -> dict[int, int]:
    query = select(table.recording_id, func.count()).group_by(table.recording_id)
    if table is SpokenName:
        query = query.where(SpokenName.state == NameState.OPEN)
    return dict(session.execute(query).all())


def _open_names(session: Session, excerpts: Sequence[Excerpt]) -> dict[int, int]:
    """How many names that nobody decided on may be heard in each excerpt."""
    found: dict[int, list[Span]] = {}
    for name in session.scalars(select(SpokenName).where(SpokenName.state == NameState.OPEN)):
        found.setdefault(name.recording_id, []).append(name.span)
    return {
        excerpt.id: sum(span.overlaps(heard_in(excerpt.recording, excerpt.shown)) for span in spans)
        for excerpt in excerpts
        if (spans := found.get(excerpt.recording_id))
    }


def _library(studio: Studio, _request: Request) -> dict[str, Any]:
    on = studio.today()
    with studio.library.transaction(Power.LOOK) as session:
        tags, excerpts = _counts(session, Tag), _counts(session, Excerpt)
        names = _counts(session, SpokenName)
        all_excerpts = list_excerpts(session)
        heard = _open_names(session, all_excerpts)
        recordings = [
            recording_record(recording, use_of(studio.library.user), on)
            | {
                "tags": tags.get(recording.id, 0),
                "excerpts": excerpts.get(recording.id, 0),
                "open_names": names.get(recording.id, 0),
            }
            for recording in list_recordings(session)
        ]
        return {
            "recordings": recordings,
            "excerpts": [
                excerpt_record(excerpt) | {"open_names": heard.get(excerpt.id, 0)}
                for excerpt in all_excerpts
            ],
            "playlists": [playlist_record(playlist) for playlist in list_playlists(session)],
            "bundles": [bundle_record(bundle) for bundle in list_bundles(session)],
            "due": [asdict(one) for one in due(session, on, _DUE_DAYS)],
            "groups": [
                group_record(group) for group in session.scalars(select(Group).order_by(Group.code))
            ],
        }


ROUTES = (Route("/api/library", look(_library)),)
