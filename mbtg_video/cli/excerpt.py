"""``mbtg excerpt``."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import DAY, as_number, opened, settings, today
from mbtg_video.consent.model import Use
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.export import export_excerpt, find_export, list_exports, note_return
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt, list_excerpts
from mbtg_video.excerpt.model import Excerpt, ReturnedHow
from mbtg_video.excerpt.remake import remake_excerpt
from mbtg_video.excerpt.retain import keep_excerpt_until
from mbtg_video.library import Library
from mbtg_video.recording.access import find_recording
from mbtg_video.supervision.clip_tags import tag_chapters
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power

command = noun("Cut exact excerpts.")


def _record(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "id": excerpt.name,
        "recording": f"R{excerpt.recording_id}",
        "start_us": excerpt.start.microseconds,
        "end_us": excerpt.end.microseconds,
        "frames": excerpt.receipt["frames"],
        "rung": excerpt.receipt["rung"],
        "delete_by": excerpt.delete_by,
        "title": excerpt.title,
        "question": excerpt.question,
    }


@command.command()
@click.argument("recording")
@click.option("--from", "start", required=True, metavar="T", help="First moment.")
@click.option("--to", "end", required=True, metavar="T", help="End; it does not belong to it.")
@click.option("--title", required=True, metavar="TEXT")
@click.option("--question", metavar="TEXT", help="What the therapist wants to ask.")
@click.option("--keep-codec", is_flag=True, help="Keep HEVC and interlaced pictures as they are.")
def cut(
    recording: str, start: str, end: str, title: str, question: str | None, keep_codec: bool
) -> None:
    """Cut RECORDING from one moment to another, exact to the frame, and verify it."""
    wish = Wish(start, end, title, question, keep_codec)
    number = as_number("R", recording)
    with opened(Power.CUT) as library:
        with output.share("Cutting") as progress:
            excerpt = cut_excerpt(library, number, wish, on=today(), progress=progress)
        record, what = _told(library, excerpt.id)
    output.done(f"Cut {record['id']}: {what}", **record)


def _told(library: Library, number: int) -> tuple[dict[str, Any], str]:
    """An excerpt's record, and what its cut gave in words."""
    with library.transaction() as session:
        excerpt = find_excerpt(session, number)
        record, receipt, muted = _record(excerpt), excerpt.receipt, len(excerpt.muted)
    silent = f", {muted} muted" if muted else ""
    return record, (
        f"{record['frames']} frames, {Timecode(receipt['duration_us'])} long, "
        f"{len(receipt['checks'])} checks passed ({record['rung']}{silent})."
    )


@command.command()
@click.argument("excerpt")
def remake(excerpt: str) -> None:
    """Cut EXCERPT again where it was, silent where names are muted now.

    Its id, title, question, playlists and delete-by day stay; the earlier file goes.
    """
    number = as_number("X", excerpt)
    with opened(Power.CUT) as library:
        with output.share("Cutting") as progress:
            remake_excerpt(library, number, on=today(), progress=progress)
        record, what = _told(library, number)
    output.done(f"Made {record['id']} again: {what}", **record)


@command.command(name="list")
@click.argument("recording", required=False)
def list_(recording: str | None) -> None:
    """List the excerpts, of RECORDING or of all."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording)) if recording else None
        records = [_record(excerpt) for excerpt in list_excerpts(session, row)]
    columns = ("id", "recording", "start_us", "end_us", "frames", "rung", "title", "question")
    output.table(records, columns)


@command.command()
@click.argument("excerpt")
def show(excerpt: str) -> None:
    """Show EXCERPT with the receipt of its cut."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_excerpt(session, as_number("X", excerpt))
        record = _record(row)
        receipt, muted = row.receipt, [str(span) for span in row.muted]
    if output.wants_json():
        output.details(record | {"receipt": receipt})
        return
    silent = {"muted_spans": muted} if muted else {}
    output.details(record | {"length_us": receipt["duration_us"]} | silent)
    output.table(receipt["checks"], ("name", "passed", "figure"))


@command.command()
@click.argument("excerpt")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--use", required=True, type=click.Choice([use.value for use in Use]))
@click.option("--recipient", required=True, metavar="TEXT", help="Who gets it; sealed.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it leaves the library; sealed.")
@click.option("--chapters", is_flag=True, help="Mark the tags' items as chapters in the file.")
@click.option("--with-labels", is_flag=True, help="Chapters for free labels as well: their text.")
def export(
    excerpt: str,
    target: Path,
    use: str,
    recipient: str,
    reason: str,
    chapters: bool,
    with_labels: bool,
) -> None:
    """Write EXCERPT to FILE in the clear, for a use that everybody consented to."""
    number = as_number("X", excerpt)
    if with_labels and not chapters:
        raise BadInput("--with-labels goes with --chapters")
    if chapters and use == Use.SCORING:
        raise BadInput("no chapters for scoring: what others saw would lead the raters")
    marks = partial(tag_chapters, language=settings().language, labels=with_labels)
    with opened(Power.HAND_OUT) as library:
        made = export_excerpt(
            library,
            number,
            target,
            recipient=recipient,
            use=Use(use),
            reason=reason,
            on=today(),
            chapters=marks if chapters else None,
        )
    output.done(
        f"Wrote X{number} to {target} as {made.name}. The file is not sealed: when it has served, "
        f"delete it and say so: mbtg excerpt returned {made.name} --how destroyed",
        id=made.name,
        excerpt=f"X{number}",
        file=target,
        size=target.stat().st_size,
    )


@command.command()
def exports() -> None:
    """List what was written out, to whom, and what became of it."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        records = [
            {
                "id": export.name,
                "excerpt": export.excerpt,
                "recording": export.recording,
                "recipients": [export.recipient or "?"],
                "use": export.use,
                "reason": export.reason,
                "made_on": export.made_at.date(),
                "returned_on": export.returned_on,
                "returned_how": export.returned_how,
            }
            for export in list_exports(session)
        ]
    output.table(records, ("id", "excerpt", "recipients", "use", "made_on", "returned_on"))


@command.command()
@click.argument("export_id", metavar="EXPORT")
@click.option("--how", required=True, type=click.Choice([how.value for how in ReturnedHow]))
@click.option("--on", type=DAY, help="On this day; default: today.")
def returned(export_id: str, how: str, on: date | None) -> None:
    """Write down that the file of EXPORT came back or was destroyed."""
    number = as_number("E", export_id)
    with opened(Power.HAND_OUT) as library, library.transaction() as session:
        note_return(session, find_export(session, number), ReturnedHow(how), on or today())
    output.done(f"E{number}: {how}.", id=f"E{number}", how=how, on=on or today())


@command.command()
@click.argument("excerpt")
@click.option("--until", required=True, type=DAY, help="Day by which it is deleted.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; sealed.")
def keep(excerpt: str, until: date, reason: str) -> None:
    """Keep EXCERPT until a day, at most as long as its recording."""
    number = as_number("X", excerpt)
    with opened(Power.END) as library, library.transaction() as session:
        keep_excerpt_until(session, find_excerpt(session, number), until, reason, today())
    output.done(f"X{number} is kept until {until}.", id=f"X{number}", delete_by=until)
