"""``mbtg playlist hold``: when a playlist is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar

import click
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.playlist_record import held, playlist_record
from mbtg_video.cli.session import DAY, as_number, opened, settings, today
from mbtg_video.course.programme import find_programme
from mbtg_video.errors import BadInput
from mbtg_video.supervision.held import hold_in_slot, hold_on
from mbtg_video.supervision.model import Playlist
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.users import Power

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS: Final = (
    click.option("--course", metavar="ID", help="Default: the setting `course`."),
    click.option("--day", type=int, metavar="N", help="Number of the course day."),
    click.option("--slot", metavar="KEY", help="Slot of that day; see mbtg course show."),
    click.option("--on", "held_on", type=DAY, help="On this date, outside of any course."),
)


def session_options(command: _Command) -> _Command:
    """Add the options that say when a playlist is held."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Held:
    """When a playlist is held, as it was given."""

    course: str | None
    day: int | None
    slot: str | None
    held_on: date | None

    @property
    def said(self) -> bool:
        """Whether anything was given."""
        return any(one is not None for one in (self.course, self.day, self.slot, self.held_on))

    def note(self, session: Session, playlist: Playlist) -> None:
        """Write it down; raises `BadInput` unless it is one slot, or one date."""
        in_course = any(one is not None for one in (self.course, self.day, self.slot))
        if self.held_on is not None and not in_course:
            hold_on(session, playlist, self.held_on, on=today())
        elif self.held_on is None and self.day is not None and self.slot is not None:
            programme = find_programme(self.course or settings().course)
            hold_in_slot(session, playlist, programme, self.day, self.slot, on=today())
        else:
            raise BadInput("say when it is held: --day N --slot KEY [--course ID], or --on DATE")


@click.command(cls=CommonCommand)
@click.argument("playlist")
@session_options
def hold(playlist: str, **when: Any) -> None:  # noqa: ANN401  what `session_options` adds
    """Hold PLAYLIST in a slot of a course day, for as long as that is, or on a date.

    Every consent behind it has to hold on that day as well as today.
    """
    when_held = Held(**when)
    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        when_held.note(session, row)
        record = playlist_record(row)
    minutes = record["slot_minutes"]
    within = "" if minutes is None else f" ({minutes} minutes)"
    output.done(f"{record['id']} is held on{held(record).lstrip(',')}{within}.", **record)
