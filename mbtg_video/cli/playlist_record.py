"""A playlist as it is printed."""

from __future__ import annotations

from typing import Any

from mbtg_video.cli import output
from mbtg_video.cli.session import settings
from mbtg_video.cli.words import word
from mbtg_video.supervision.model import Entry, Playlist


def entry_record(entry: Entry) -> dict[str, Any]:
    """One entry."""
    excerpt = entry.excerpt
    return {
        "position": entry.position,
        "kind": entry.kind,
        "entry": excerpt.name if excerpt else None,
        "title": excerpt.title if excerpt else entry.text,
        "length_us": excerpt.receipt["duration_us"] if excerpt else None,
        "minutes": entry.minutes,
    }


def playlist_record(playlist: Playlist) -> dict[str, Any]:
    """A playlist with its entries."""
    return {
        "id": playlist.name,
        "title": playlist.title,
        "use": playlist.use,
        "course": playlist.course,
        "day": playlist.course_day,
        "course_slot": playlist.slot,
        "held_on": playlist.held_on,
        "slot_minutes": playlist.slot_minutes,
        "entries": [entry_record(entry) for entry in playlist.entries],
        "documents": [
            {"id": document.name, "kind": document.kind, "title": document.title}
            for document in playlist.documents
        ],
    }


def held(record: dict[str, Any]) -> str:
    """When a playlist is held, for people; empty when that is not known."""
    day = record["held_on"]
    if day is None:
        return ""
    if record["course"] is None:
        return f", {day.isoformat()}"
    number = f"{word('day', settings().language).lower()} {record['day']}"
    return f", {day.isoformat()}: {record['course']}, {number}, {record['course_slot']}"


def show_playlist(record: dict[str, Any]) -> None:
    """Print a playlist: its heading and its entries."""
    if output.wants_json():
        output.details(record)
        return
    slot = record["slot_minutes"]
    within = "" if slot is None else f", {slot} {word('minutes', settings().language).lower()}"
    output.say(f"{record['id']}  {record['title']}  ({record['use']}{within}{held(record)})")
    columns = ("position", "kind", "entry", "title", "length_us", "minutes")
    output.table(record["entries"], columns)
    if record["documents"]:
        output.table(record["documents"], ("id", "kind", "title"))
