"""``mbtg transcript``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import as_number, opened, today
from mbtg_video.cli.tag_exchange import read_file, told
from mbtg_video.errors import BadInput
from mbtg_video.recording.access import find_recording
from mbtg_video.transcript.captions import CaptionFormat
from mbtg_video.transcript.lane import (
    add_transcript,
    count_cues,
    find_transcript,
    list_transcripts,
    read_by,
    remove_transcript,
)
from mbtg_video.transcript.model import Transcript
from mbtg_video.transcript.read import read_transcript
from mbtg_video.transcript.send import send_transcript
from mbtg_video.users import Power

command = noun("What is said in a recording, from caption files.")


def _record(transcript: Transcript, cues: int) -> dict[str, Any]:
    return {
        "id": transcript.name,
        "recording": f"R{transcript.recording_id}",
        "title": transcript.title,
        "language": transcript.language,
        "cues": cues,
    }


def _kind(path: Path) -> CaptionFormat:
    """What a file is written in, by its ending."""
    for kind in CaptionFormat:
        if path.suffix.lower() == f".{kind}":
            return kind
    raise BadInput(f"{path.name}: captions end in .vtt (WebVTT) or .srt (SubRip)")


@command.command(name="import")
@click.argument("recording")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", metavar="TEXT", help="Sealed. Default: FILE's own title, else its name.")
@click.option("--language", metavar="CODE", help="Such as nb; default: what FILE says.")
def import_(recording: str, file: Path, title: str | None, language: str | None) -> None:
    """Take the captions in FILE in as a transcript of RECORDING.

    What mbtg has no place for, such as colours, is told line by line. Who speaks comes from the
    voice tags of WebVTT.
    """
    kind, number = _kind(file), as_number("R", recording)
    data = read_file(file)
    with opened(Power.TAG) as library, library.transaction(Power.TAG) as session:
        row = find_recording(session, number)
        lane, losses = read_transcript(
            data,
            kind,
            row.length,
            title=title,
            untitled=file.stem,
            language=language,
        )
        record = _record(add_transcript(session, row, lane, on=today()), len(lane.cues))
    output.done(
        f"Took in {record['id']}: {record['cues']} cues of R{number}.",
        **record,
        losses=told(losses),
    )


@command.command(name="list")
@click.argument("recording", required=False)
def list_(recording: str | None) -> None:
    """List the transcripts, of RECORDING or of all."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording)) if recording else None
        cues = count_cues(session)
        records = [_record(one, cues.get(one.id, 0)) for one in list_transcripts(session, row)]
    output.table(records, ("id", "recording", "title", "language", "cues"))


@command.command()
@click.argument("transcript")
def show(transcript: str) -> None:
    """Show who says what in TRANSCRIPT, and when."""
    with opened(Power.WATCH) as library, library.transaction(Power.WATCH) as session:
        row = find_transcript(session, as_number("W", transcript))
        read_by(session, row, on=today())
        record = _record(row, len(row.cues))
        cues = [
            {
                "start_us": cue.start.microseconds,
                "end_us": cue.end.microseconds,
                "speaker": cue.speaker,
                "text": cue.text,
            }
            for cue in row.cues
        ]
    if output.wants_json():
        output.details(record | {"cues": cues})
        return
    output.details(record)
    output.table(cues, ("start_us", "end_us", "speaker", "text"))


@command.command()
@click.argument("transcript")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE")
def export(transcript: str, target: Path) -> None:
    """Write TRANSCRIPT to FILE (.vtt or .srt). The file is not sealed."""
    kind, number = _kind(target), as_number("W", transcript)
    with opened(Power.HAND_OUT) as library:
        size, losses = send_transcript(library, number, target, kind, on=today())
    output.done(
        f"Wrote W{number} to {target}. The file is not sealed, and holds what was said: keep it as "
        "you keep other confidential papers.",
        id=f"W{number}",
        file=target,
        size=size,
        losses=told(losses),
    )


@command.command()
@click.argument("transcript")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def remove(transcript: str, yes: bool, dry_run: bool) -> None:
    """Remove TRANSCRIPT with all its cues."""
    with opened(Power.TAG) as library, library.transaction(Power.TAG) as session:
        row = find_transcript(session, as_number("W", transcript))
        record = _record(row, len(row.cues))
        if dry_run:
            output.done(f"Would remove transcript {row.name}.", **record)
            return
        if not yes:
            click.confirm(f"Remove transcript {row.name}?", abort=True, err=True)
        remove_transcript(session, row)
    output.done(f"Removed transcript {record['id']}.", **record)
