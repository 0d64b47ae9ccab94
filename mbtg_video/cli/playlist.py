"""``mbtg playlist``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.playlist_export import export
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.cli.words import word
from mbtg_video.consent.model import Use
from mbtg_video.dossier.model import Document
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.supervision.model import Entry, EntryKind, Playlist
from mbtg_video.supervision.playlist import (
    add_excerpts,
    add_step,
    find_playlist,
    fit_of,
    list_playlists,
    move_entry,
    new_playlist,
    remove_entry,
    set_slot,
)
from mbtg_video.users import Power

command = noun("Order excerpts for a supervision session.")
command.add_command(export)

_MICROSECOND: Final = timedelta(microseconds=1)
_STEPS = [kind.value for kind in EntryKind if kind is not EntryKind.EXCERPT]


def _entry(entry: Entry) -> dict[str, Any]:
    excerpt = entry.excerpt
    length = excerpt.receipt["duration_us"] if excerpt else None
    return {
        "position": entry.position,
        "kind": entry.kind,
        "entry": excerpt.name if excerpt else None,
        "title": excerpt.title if excerpt else entry.text,
        "length_us": length,
        "minutes": entry.minutes,
    }


def _document(document: Document) -> dict[str, Any]:
    return {"id": document.name, "kind": document.kind, "title": document.title}


def _record(playlist: Playlist) -> dict[str, Any]:
    return {
        "id": playlist.name,
        "title": playlist.title,
        "use": playlist.use,
        "slot_minutes": playlist.slot_minutes,
        "entries": [_entry(entry) for entry in playlist.entries],
        "documents": [_document(document) for document in playlist.documents],
    }


def _show(record: dict[str, Any]) -> None:
    if output.wants_json():
        output.details(record)
        return
    slot = record["slot_minutes"]
    within = "" if slot is None else f", {slot} {word('minutes', settings().language).lower()}"
    output.say(f"{record['id']}  {record['title']}  ({record['use']}{within})")
    columns = ("position", "kind", "entry", "title", "length_us", "minutes")
    output.table(record["entries"], columns)
    if record["documents"]:
        output.table(record["documents"], ("id", "kind", "title"))


@command.command()
@click.argument("name")
@click.option("--use", type=click.Choice([use.value for use in Use]), default=Use.SUPERVISION.value)
def new(name: str, use: str) -> None:
    """Make an empty playlist called NAME."""
    with opened(Power.PLAN) as library, library.transaction() as session:
        record = _record(new_playlist(session, name, Use(use)))
    output.done(f"Made playlist {record['id']} for {use}.", **record)


@command.command()
@click.argument("playlist")
@click.argument("excerpts", nargs=-1)
@click.option("--kind", type=click.Choice(_STEPS), help="A step without a clip.")
@click.option("--text", metavar="TEXT", help="What the step is about.")
@click.option("--minutes", type=int, metavar="N", help="Time planned for it.")
def add(
    playlist: str,
    excerpts: tuple[str, ...],
    kind: str | None,
    text: str | None,
    minutes: int | None,
) -> None:
    """Put EXCERPTS, or one step of another kind, at the end of PLAYLIST."""
    if bool(excerpts) == (kind is not None):
        raise BadInput("name excerpts (X1 X2), or one step with --kind and --text")
    if excerpts and text is not None:
        raise BadInput("--text goes with --kind; what an excerpt is about stands in its title")
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        if kind is not None:
            add_step(session, row, EntryKind(kind), text or "", minutes)
        else:
            found = [find_excerpt(session, as_number("X", excerpt)) for excerpt in excerpts]
            add_excerpts(session, row, found, minutes=minutes, on=today())
        record = _record(row)
    _show(record)


@command.command()
@click.argument("playlist")
@click.argument("position", type=int)
@click.option("--to", required=True, type=int, metavar="N", help="Its new place.")
def move(playlist: str, position: int, to: int) -> None:
    """Move the entry at POSITION of PLAYLIST to another place."""
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        move_entry(row, position, to)
        record = _record(row)
    _show(record)


@command.command()
@click.argument("playlist")
@click.argument("position", type=int)
def remove(playlist: str, position: int) -> None:
    """Take the entry at POSITION out of PLAYLIST; the excerpt itself stays."""
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        remove_entry(row, position)
        record = _record(row)
    _show(record)


@command.command()
@click.argument("playlist")
def show(playlist: str) -> None:
    """Show the entries of PLAYLIST in order."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        record = _record(find_playlist(session, as_number("L", playlist)))
    _show(record)


@command.command(name="list")
def list_() -> None:
    """List the playlists."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [_record(playlist) for playlist in list_playlists(session)]
    if not output.wants_json():
        records = [record | {"entries": len(record["entries"])} for record in records]
    output.table(records, ("id", "title", "use", "slot_minutes", "entries"))


def _fit(playlist: Playlist) -> dict[str, Any]:
    fits = fit_of(playlist)
    entries = [
        _entry(entry) | {"takes_us": takes // _MICROSECOND}
        for entry, takes in zip(playlist.entries, fits.takes, strict=True)
    ]
    return {
        "id": playlist.name,
        "slot_minutes": playlist.slot_minutes,
        "total_us": fits.total // _MICROSECOND,
        "left_us": None if fits.left is None else fits.left // _MICROSECOND,
        "unplanned": list(fits.unplanned),
        "entries": entries,
    }


@command.command(name="fit")
@click.argument("playlist")
@click.option("--minutes", type=int, metavar="N", help="Minutes of the slot; kept.")
def fit_(playlist: str, minutes: int | None) -> None:
    """Add up what PLAYLIST takes, and compare it with its slot.

    An excerpt takes its length and the minutes planned to talk about it.
    """
    power = Power.LOOK if minutes is None else Power.PLAN
    with opened(power) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        if minutes is not None:
            set_slot(row, minutes)
        record = _fit(row)
    if output.wants_json():
        output.details(record)
        return
    columns = ("position", "kind", "entry", "title", "length_us", "minutes", "takes_us")
    output.table(record["entries"], columns)
    shown = {"total_us": record["total_us"], "slot_minutes": record["slot_minutes"]}
    left = record["left_us"]
    if left is not None:
        shown |= {"left_us": left} if left >= 0 else {"over_us": -left}
    if record["unplanned"]:
        shown |= {"unplanned": record["unplanned"]}
    output.details(shown)
