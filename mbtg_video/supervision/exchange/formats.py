"""The formats of playlists by their endings, and a playlist as the values that they write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.leave import permit_excerpt
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.settings import Language
from mbtg_video.supervision.clip_tags import clip_tags
from mbtg_video.supervision.exchange.content import Clip, Mark, PlaylistValues, Step
from mbtg_video.supervision.model import Entry, Playlist
from mbtg_video.tag.exchange.content import Written
from mbtg_video.tag.model import Valence
from mbtg_video.timecode import Timecode

FORMATS: Final = {".otio": "otio", ".xspf": "xspf", ".m3u8": "m3u8"}


def writer_for(path: Path) -> Callable[[PlaylistValues], Written]:
    """What writes files with such an ending; raises `BadInput`."""
    module = FORMATS.get(path.suffix.lower())
    if module is None:
        raise BadInput(f"{path.name}: name a file that ends in {', '.join(FORMATS)}")
    write: Callable[[PlaylistValues], Written] = import_module(
        f"mbtg_video.supervision.exchange.{module}"
    ).write
    return write


def playlist_values(
    session: Session, playlist: Playlist, *, titles: bool, language: Language, on: date
) -> PlaylistValues:
    """A playlist to be handed out, its texts only if `titles` asks for them.

    A playlist for scoring goes without tags: what others saw would lead the raters. Raises
    `ConsentRefused` unless each excerpt may be shown for the playlist's use on that day.
    """
    for entry in playlist.entries:
        if entry.excerpt is not None:
            permit_excerpt(session, entry.excerpt, playlist.use, on)
    return PlaylistValues(
        name=playlist.name,
        title=playlist.title if titles else playlist.name,
        entries=tuple(_entry(session, one, playlist, titles, language) for one in playlist.entries),
    )


def _entry(
    session: Session, entry: Entry, playlist: Playlist, titles: bool, language: Language
) -> Clip | Step:
    excerpt = entry.excerpt
    if excerpt is None:
        title = entry.text if titles and entry.text else str(entry.kind)
        return Step(kind=entry.kind, title=title, minutes=entry.minutes)
    blind = playlist.use is Use.SCORING
    return Clip(
        name=excerpt.name,
        title=excerpt.title if titles else excerpt.name,
        length=Timecode(excerpt.receipt["duration_us"]),
        frame_rate=excerpt.recording.frame_rate,
        frames=excerpt.receipt["frames"] if excerpt.recording.constant_rate else None,
        minutes=entry.minutes,
        marks=() if blind else _marks(session, excerpt, language),
    )


def _marks(session: Session, excerpt: Excerpt, language: Language) -> tuple[Mark, ...]:
    """The tags with an item; labels are texts of a person and stay at home."""
    length = excerpt.receipt["duration_us"]
    return tuple(
        Mark(
            Timecode(tag.start_us),
            None if tag.end_us is None else Timecode(min(tag.end_us, length)),
            f"{tag.item} {tag.name.spoken(language)}",
            Valence(tag.valence),
        )
        for tag in clip_tags(session, excerpt)
        if tag.name is not None
    )
