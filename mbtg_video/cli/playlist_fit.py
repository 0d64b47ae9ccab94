"""``mbtg playlist fit``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import click
from sqlalchemy.orm import Session

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, Words
from mbtg_video.cli.playlist_record import entry_record
from mbtg_video.cli.session import as_number, opened, today
from mbtg_video.cli.session import settings as chosen_settings
from mbtg_video.cli.words import word
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.scale import find_scale
from mbtg_video.supervision.held import programme_of
from mbtg_video.supervision.model import Playlist
from mbtg_video.supervision.playlist import find_playlist, fit_of, set_slot
from mbtg_video.users import Power

if TYPE_CHECKING:
    from mbtg_video.supervision.fill import Filled

_TALK_MINUTES: Final = 10
_MICROSECOND: Final = timedelta(microseconds=1)


def _fit(playlist: Playlist) -> dict[str, Any]:
    fits = fit_of(playlist)
    entries = [
        entry_record(entry) | {"takes_us": takes // _MICROSECOND}
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


def _filled(filled: Filled, focus: tuple[int, ...]) -> dict[str, Any]:
    return {
        "focus": list(focus),
        "chosen": [
            {
                "excerpt": one.candidate.name,
                "presenter": one.candidate.presenter,
                "takes_us": one.candidate.takes // _MICROSECOND,
                "items": list(one.brings),
                "only_here": list(one.alone),
            }
            for one in filled.chosen
        ],
        "left_out": [
            {
                "excerpt": one.candidate.name,
                "presenter": one.candidate.presenter,
                "takes_us": one.candidate.takes // _MICROSECOND,
                "items": sorted(one.candidate.items & set(focus)),
                "reason": one.reason,
            }
            for one in filled.left_out
        ],
        "missing_items": list(filled.missing),
        "left_us": filled.left // _MICROSECOND,
    }


def _show_filled(record: dict[str, Any], playlist: str, dry_run: bool) -> None:
    if record["chosen"]:
        output.say(
            f"{'Would fill' if dry_run else 'Filled'} {playlist} with "
            f"{', '.join(one['excerpt'] for one in record['chosen'])}:"
        )
        columns = ("excerpt", "presenter", "takes_us", "items", "only_here")
        output.table(record["chosen"], columns)
    else:
        output.say(f"No excerpt fills {playlist}.")
    if record["left_out"]:
        output.say(f"{word('left_out', chosen_settings().language)}:")
        left = ("excerpt", "presenter", "takes_us", "items", "reason")
        output.table(record["left_out"], left)
    shown = {"left_us": record["left_us"], "missing_items": record["missing_items"]}
    if record["unplanned"]:
        shown |= {"unplanned": record["unplanned"]}
    output.details(shown)


def _show_fit(record: dict[str, Any]) -> None:
    columns = ("position", "kind", "entry", "title", "length_us", "minutes", "takes_us")
    output.table(record["entries"], columns)
    shown = {"total_us": record["total_us"], "slot_minutes": record["slot_minutes"]}
    left = record["left_us"]
    if left is not None:
        shown |= {"left_us": left} if left >= 0 else {"over_us": -left}
    if record["unplanned"]:
        shown |= {"unplanned": record["unplanned"]}
    output.details(shown)


@click.command(cls=CommonCommand)
@click.argument("playlist")
@click.option("--minutes", type=int, metavar="N", help="Minutes of the slot; kept.")
@click.option("--fill", is_flag=True, help="Choose excerpts for what is free, and say why.")
@click.option(
    "--talk",
    type=int,
    metavar="N",
    help=f"Minutes to talk about each clip that is chosen; default: {_TALK_MINUTES}.",
)
@click.option(
    "--only",
    cls=Words,
    fits=lambda text: re.fullmatch(r"[Xx][0-9,Xx]+", text) is not None,
    metavar="X1...",
    help="Choose among these excerpts only.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be chosen, and change nothing.")
def fit(
    playlist: str,
    minutes: int | None,
    fill: bool,
    talk: int | None,
    only: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Add up what PLAYLIST takes, and compare it with its slot.

    An excerpt takes its length and the minutes planned to talk about it. With --fill, excerpts
    are chosen for what is free: first those that show most of the day's items in focus, then
    those of whom least was shown in the course so far, then those that leave least over. What is
    held on a course day takes only what everybody consented to on that day, what no earlier or
    other session of that day shows, and what the day's presenters recorded.
    """
    if not fill and (talk is not None or only or dry_run):
        raise BadInput("--talk, --only and --dry-run go with --fill")
    power = Power.PLAN if minutes is not None or fill else Power.LOOK
    with opened(power) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        before = row.slot_minutes
        if minutes is not None:
            set_slot(row, minutes)
        filled = None
        if fill:
            filled = _fill(session, row, talk, only, dry_run)
        if dry_run:
            row.slot_minutes = before
        record = _fit(row)
    if filled is not None:
        record |= dict(filled, dry_run=dry_run)
    if output.wants_json():
        output.details(record)
        return
    if filled is not None:
        _show_filled(record, record["id"], dry_run)
    else:
        _show_fit(record)


def _fill(
    session: Session, playlist: Playlist, talk: int | None, only: tuple[str, ...], dry_run: bool
) -> dict[str, Any]:
    from mbtg_video.supervision.filling import fill_playlist

    names = [name for part in only for name in part.split(",") if name]
    held = programme_of(playlist)
    filled = fill_playlist(
        session,
        playlist,
        talk=_TALK_MINUTES if talk is None else talk,
        only=[find_excerpt(session, as_number("X", name)) for name in names] or None,
        on=today(),
        dry_run=dry_run,
    )
    focus = () if held is None else held[1].focus
    if held is not None:
        for number in filled.missing:
            item = find_scale(held[0].scale).item(number)
            name = item.spoken(chosen_settings().language)
            output.warn(f"Nothing of that day shows item {number} ({name}) yet.")
    return _filled(filled, focus)
