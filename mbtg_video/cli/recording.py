"""``mbtg recording``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import Words, noun
from mbtg_video.cli.session import DAY, as_number, opened, settings, today
from mbtg_video.recording.access import find_recording, list_recordings
from mbtg_video.recording.model import Kind, Recording
from mbtg_video.recording.retain import keep_until, mark_journal
from mbtg_video.users import Power

command = noun("Take recordings in and list them.")


def _record(recording: Recording) -> dict[str, Any]:
    return {
        "id": recording.name,
        "group": recording.group.code,
        "kind": recording.kind,
        "recorded_on": recording.recorded_on,
        "length_us": recording.length.microseconds,
        "present": [person.code for person in recording.present],
        "file_name": recording.file_name,
        "delete_by": recording.delete_by,
        "in_journal": recording.in_journal,
    }


def _is_code(word: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", word) is not None


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--group", "group_code", required=True, metavar="CODE", help="Code of the group.")
@click.option("--recorded-on", required=True, type=DAY)
@click.option(
    "--present",
    cls=Words,
    fits=_is_code,
    required=True,
    metavar="CODE...",
    help="Everybody who can be seen or heard.",
)
@click.option(
    "--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.THERAPY.value
)
def add(
    file: Path, group_code: str, recorded_on: date, present: tuple[str, ...], kind: str
) -> None:
    """Take FILE in: check it, seal it, and leave the original untouched."""
    from mbtg_video.recording.ingest import Description, take_in

    months = settings().retention_months
    description = Description(group_code, recorded_on, present, Kind(kind), months)
    with opened(Power.RECORD) as library:
        size = file.stat().st_size if file.is_file() else 0
        with output.progress(f"Sealing {file.name}", size) as advance:
            recording = take_in(library, file, description, on=today(), progress=advance)
        with library.transaction() as session:
            record = _record(find_recording(session, recording.id))
    output.done(
        f"Took in {file.name} as {recording.name}: {recording.length}, "
        f"{recording.frame_count} frames. The original is unchanged; "
        "delete it where it must not stay.",
        **record,
    )


@command.command(name="list")
def list_() -> None:
    """List the recordings."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [_record(recording) for recording in list_recordings(session)]
    columns = ("id", "group", "kind", "recorded_on", "length_us", "present", "file_name")
    output.table(records, columns)


@command.command()
@click.argument("recording")
def show(recording: str) -> None:
    """Show what is known of RECORDING."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording))
        record = _record(row) | {
            "picture": f"{row.codec} {row.width}x{row.height}"
            + (f" rotated {row.rotation}" if row.rotation else "")
            + (" interlaced" if row.interlaced else ""),
            "container": row.container,
            "frames": row.frame_count,
            "frame_rate": row.frame_rate,
            "constant_rate": row.constant_rate,
            "time_base": row.time_base,
            "start_pts": row.start_pts,
            "plays_in_browser": row.plays_in_browser,
            "sound": [
                f"{track['codec']} {track['sample_rate']} Hz {track['channels']} ch"
                for track in row.sound
            ],
            "size": row.size,
        }
    output.details(record)


@command.command()
@click.argument("recording")
@click.option("--until", required=True, type=DAY, help="Day by which it is deleted.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; sealed.")
def keep(recording: str, until: date, reason: str) -> None:
    """Keep RECORDING for longer or shorter than the setting says."""
    number = as_number("R", recording)
    with opened(Power.END) as library, library.transaction() as session:
        keep_until(session, find_recording(session, number), until, reason, today())
    output.done(f"R{number} is kept until {until}.", id=f"R{number}", delete_by=until)


@command.command()
@click.argument("recording")
@click.option("--not", "out", is_flag=True, help="It is no part of the journal any more.")
def journal(recording: str, out: bool) -> None:
    """Say that RECORDING is part of a patient's journal: purging then needs --journal-too."""
    number = as_number("R", recording)
    with opened(Power.END) as library, library.transaction() as session:
        mark_journal(session, find_recording(session, number), in_journal=not out)
    said = "is no part of the journal" if out else "is part of the journal"
    output.done(f"R{number} {said}.", id=f"R{number}", in_journal=not out)
