"""``mbtg tag``."""

from __future__ import annotations

from typing import Any

import click

from mbtg_video.cli import output, tag_compare, tag_exchange
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.errors import BadInput
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.model import Recording
from mbtg_video.scale import find_scale
from mbtg_video.tag.mark import Mark, add_tag, edit_tag, find_tag, list_tags, remove_tag
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power

command = noun("Tag moments and spans with scale items.")
command.add_command(tag_compare.compare)
for _verb in (tag_exchange.import_, tag_exchange.export, tag_exchange.formats):
    command.add_command(_verb)

_VALENCE = click.Choice([valence.value for valence in Valence])


def _when(
    recording: Recording, at: str | None, start: str | None, end: str | None
) -> dict[str, Timecode | None]:
    """Times given on the command line; empty when none was."""
    from mbtg_video.excerpt.make import span_of

    if at is None and start is None and end is None:
        return {}
    if at is not None and (start is not None or end is not None):
        raise BadInput("give either --at T or --from T --to T")
    if at is not None:
        return {"start": Timecode.parse(at, recording.frames.times), "end": None}
    if start is None or end is None:
        raise BadInput("--from and --to go together")
    span = span_of(recording, start, end)
    return {"start": span.start, "end": span.end}


def _record(tag: Tag) -> dict[str, Any]:
    language = settings().language
    name = None
    if tag.item is not None and tag.scale is not None:
        name = find_scale(tag.scale).item(tag.item).spoken(language)
    return {
        "id": tag.name,
        "recording": f"R{tag.recording_id}",
        "start_us": tag.start.microseconds,
        "end_us": tag.end.microseconds if tag.end is not None else None,
        "scale": tag.scale,
        "item": tag.item,
        "item_name": name,
        "label": tag.label,
        "author": tag.author,
        "valence": tag.valence,
        "note": tag.note,
    }


@command.command()
@click.argument("recording")
@click.option("--at", metavar="T", help="A moment.")
@click.option("--from", "start", metavar="T", help="Start of a span.")
@click.option("--to", "end", metavar="T", help="End of a span.")
@click.option("--item", type=int, metavar="N", help="Item of the scale.")
@click.option("--label", metavar="TEXT", help="A free label instead of an item.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale of the item.")
@click.option("--by", "author", metavar="CODE", help="Person who tags.")
@click.option("--note", metavar="TEXT")
@click.option("--as", "valence", type=_VALENCE, default=Valence.NEUTRAL.value)
def add(
    recording: str,
    at: str | None,
    start: str | None,
    end: str | None,
    item: int | None,
    label: str | None,
    scale_id: str | None,
    author: str | None,
    note: str | None,
    valence: str,
) -> None:
    """Tag a moment or a span of RECORDING."""
    chosen = settings()
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording))
        times = _when(row, at, start, end)
        if not times.get("start"):
            raise BadInput("say when: --at T, or --from T --to T")
        mark = Mark(
            **times,  # type: ignore[arg-type]
            scale=chosen.scale if scale_id is None and item is not None else scale_id,
            item=item,
            label=label,
            author=author or chosen.author,
            note=note,
            valence=Valence(valence),
        )
        record = _record(add_tag(session, row, mark, on=today()))
    output.done(f"Added tag {record['id']}.", **record)


@command.command(name="list")
@click.argument("recording", required=False)
@click.option("--item", type=int, metavar="N")
@click.option("--by", "author", metavar="CODE")
@click.option("--text", metavar="TEXT", help="Only tags whose label or note contains TEXT.")
def list_(recording: str | None, item: int | None, author: str | None, text: str | None) -> None:
    """List tags, of RECORDING or of all."""
    with opened(Power.LOOK) as library, library.transaction() as session:
        row = find_recording(session, as_number("R", recording)) if recording else None
        tags = list_tags(session, recording=row, item=item, author=author, text=text)
        records = [_record(tag) for tag in tags]
    columns = (
        "id",
        "recording",
        "start_us",
        "end_us",
        "item",
        "item_name",
        "label",
        "valence",
        "author",
        "note",
    )
    output.table(records, columns)


@command.command()
@click.argument("tag")
@click.option("--at", metavar="T")
@click.option("--from", "start", metavar="T")
@click.option("--to", "end", metavar="T")
@click.option("--item", type=int, metavar="N")
@click.option("--label", metavar="TEXT")
@click.option("--scale", metavar="ID")
@click.option("--by", "author", metavar="CODE")
@click.option("--note", metavar="TEXT")
@click.option("--as", "valence", type=_VALENCE)
def edit(
    tag: str, at: str | None, start: str | None, end: str | None, **given: str | int | None
) -> None:
    """Change TAG: only what is named changes."""
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if "valence" in changes:
        changes["valence"] = Valence(changes["valence"])
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_tag(session, as_number("T", tag))
        changes |= _when(row.recording, at, start, end)
        if not changes:
            raise BadInput(f"say what to change, for example: mbtg tag edit {row.name} --note TEXT")
        if "item" in changes and row.scale is None:
            changes.setdefault("scale", settings().scale)
        record = _record(edit_tag(session, row, on=today(), **changes))
    output.done(f"Changed tag {record['id']}.", **record)


@command.command()
@click.argument("tag")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def remove(tag: str, yes: bool, dry_run: bool) -> None:
    """Remove TAG."""
    with opened(Power.TAG) as library, library.transaction() as session:
        row = find_tag(session, as_number("T", tag))
        record = _record(row)
        if dry_run:
            output.done(f"Would remove tag {row.name}.", **record)
            return
        if not yes:
            click.confirm(f"Remove tag {row.name}?", abort=True, err=True)
        remove_tag(session, row)
    output.done(f"Removed tag {record['id']}.", **record)
