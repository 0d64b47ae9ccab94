"""``mbtg name``."""

from __future__ import annotations

from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import as_number, opened, today
from mbtg_video.excerpt.make import span_of
from mbtg_video.excerpt.remake import excerpts_hearing, mute_name, remake_excerpt
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import (
    decide_name,
    find_name,
    list_names,
    mark_name,
    move_name,
    remove_name,
)
from mbtg_video.users import Power

command = noun("Mark where a full name is said, and mute it.")


def _record(name: SpokenName) -> dict[str, Any]:
    return {
        "id": name.name,
        "recording": f"R{name.recording_id}",
        "start_us": name.start.microseconds,
        "end_us": name.end.microseconds,
        "state": name.state,
        "reason": name.reason,
        "decided_on": name.decided_at.date() if name.decided_at else None,
    }


@command.command()
@click.argument("recording")
@click.option("--from", "start", required=True, metavar="T", help="Where it begins.")
@click.option("--to", "end", required=True, metavar="T", help="Its end; not part of it.")
def mark(recording: str, start: str, end: str) -> None:
    """Mark a span of RECORDING in which a full name is said.

    What overlaps it does not leave the library until it is muted or cleared.
    """
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording))
        name = mark_name(session, row, span_of(row, start, end), on=today())
        record = _record(name)
    output.done(
        f"Marked {record['id']}. Nothing that overlaps it is handed out until it is muted "
        f"(mbtg name mute {record['id']}) or cleared.",
        **record,
    )


@command.command(name="list")
@click.argument("recording", required=False)
def list_(recording: str | None) -> None:
    """List the marks, of RECORDING or of all."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording)) if recording else None
        records = [_record(name) for name in list_names(session, row)]
    columns = ("id", "recording", "start_us", "end_us", "state", "decided_on", "reason")
    output.table(records, columns)


@command.command()
@click.argument("name")
def mute(name: str) -> None:
    """Silence NAME, and make the excerpts again in which it is heard.

    Given again, it goes on where it was broken off.
    """
    number = as_number("N", name)
    with opened(Power.TAG) as library:
        with library.transaction() as session:
            stale = mute_name(session, number, on=today())
        with library.finishing(f"N{number} is muted"):
            for excerpt in stale:
                with output.share(f"Making X{excerpt} again") as progress:
                    remake_excerpt(library, excerpt, on=today(), progress=progress)
        with library.transaction() as session:
            record = _record(find_name(session, number))
    remade = [f"X{excerpt}" for excerpt in stale]
    output.done(
        f"N{number} is muted. Made again: {', '.join(remade) or 'nothing'}.",
        **record,
        remade=remade,
    )


def _decided(name: str, state: NameState, reason: str | None = None) -> dict[str, Any]:
    """The mark's record after a decision, with the excerpts that are silent there still."""
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_name(session, as_number("N", name))
        decide_name(session, row, state, on=today(), reason=reason)
        silent = [
            excerpt.name
            for excerpt in excerpts_hearing(session, row)
            if any(one.overlaps(row.span) for one in excerpt.muted)
        ]
        return _record(row) | {"silent_in": silent}


@command.command()
@click.argument("name")
@click.option("--reason", required=True, metavar="TEXT", help="Why it may be heard; sealed.")
def clear(name: str, reason: str) -> None:
    """Let NAME be heard: nobody can be recognised by it."""
    record = _decided(name, NameState.CLEARED, reason)
    again = [f"mbtg excerpt remake {excerpt}" for excerpt in record["silent_in"]]
    rest = f" It is silent still in what was cut before: {', '.join(again)}" if again else ""
    output.done(f"{record['id']} is cleared.{rest}", **record)


@command.command()
@click.argument("name")
def reopen(name: str) -> None:
    """Undo what was decided about NAME."""
    record = _decided(name, NameState.OPEN)
    output.done(
        f"{record['id']} is open. Nothing that overlaps it is handed out until it is muted or "
        "cleared.",
        **record,
    )


@command.command()
@click.argument("name")
@click.option("--from", "start", required=True, metavar="T")
@click.option("--to", "end", required=True, metavar="T")
def move(name: str, start: str, end: str) -> None:
    """Give NAME another span; it is open then, whatever was decided before."""
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_name(session, as_number("N", name))
        move_name(session, row, span_of(row.recording, start, end), on=today())
        record = _record(row)
    output.done(f"{record['id']} is {record['state']}.", **record)


@command.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def remove(name: str, yes: bool, dry_run: bool) -> None:
    """Remove NAME, which was marked by mistake."""
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_name(session, as_number("N", name))
        record = _record(row)
        if dry_run:
            output.done(f"Would remove {row.name}.", **record)
            return
        if not yes:
            click.confirm(f"Remove {row.name}?", abort=True, err=True)
        remove_name(session, row)
    output.done(f"Removed {record['id']}.", **record)
