"""``mbtg playlist``."""

from __future__ import annotations

from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.agenda import playlist_agenda
from mbtg_video.cli.options import noun
from mbtg_video.cli.playlist_export import export
from mbtg_video.cli.playlist_film import film
from mbtg_video.cli.playlist_fit import fit
from mbtg_video.cli.playlist_record import held, playlist_record, show_playlist
from mbtg_video.cli.playlist_session import Held, hold, session_options
from mbtg_video.cli.session import as_number, opened, today
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import (
    add_excerpts,
    add_step,
    find_playlist,
    list_playlists,
    move_entry,
    new_playlist,
    remove_entry,
)
from mbtg_video.users import Power

command = noun("Order excerpts for a supervision session.")

_STEPS = [kind.value for kind in EntryKind if kind is not EntryKind.EXCERPT]


@command.command()
@click.argument("name")
@click.option("--use", type=click.Choice([use.value for use in Use]), default=Use.SUPERVISION.value)
@session_options
def new(name: str, use: str, **when: Any) -> None:  # noqa: ANN401  what `session_options` adds
    """Make an empty playlist called NAME, for a slot of a course day or a date when that is known.

    What is held on a day needs every consent on that day too.
    """
    when_held = Held(**when)
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = new_playlist(session, name, Use(use))
        if when_held.said:
            when_held.note(session, row)
        record = playlist_record(row)
    output.done(f"Made playlist {record['id']} for {use}{held(record)}.", **record)


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
        record = playlist_record(row)
    show_playlist(record)


@command.command()
@click.argument("playlist")
@click.argument("position", type=int)
@click.option("--to", required=True, type=int, metavar="N", help="Its new place.")
def move(playlist: str, position: int, to: int) -> None:
    """Move the entry at POSITION of PLAYLIST to another place."""
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        move_entry(row, position, to)
        record = playlist_record(row)
    show_playlist(record)


@command.command()
@click.argument("playlist")
@click.argument("position", type=int)
def remove(playlist: str, position: int) -> None:
    """Take the entry at POSITION out of PLAYLIST; the excerpt itself stays."""
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        remove_entry(row, position)
        record = playlist_record(row)
    show_playlist(record)


@command.command()
@click.argument("playlist")
def show(playlist: str) -> None:
    """Show the entries of PLAYLIST in order."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        record = playlist_record(find_playlist(session, as_number("L", playlist)))
    show_playlist(record)


@command.command(name="list")
def list_() -> None:
    """List the playlists."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [playlist_record(playlist) for playlist in list_playlists(session)]
    if not output.wants_json():
        records = [record | {"entries": len(record["entries"])} for record in records]
    columns = ("id", "title", "use", "held_on", "day", "course_slot", "slot_minutes", "entries")
    output.table(records, columns)


for _verb in (export, hold, fit, film, playlist_agenda):
    command.add_command(_verb)
