"""``mbtg scale``."""

from __future__ import annotations

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import settings
from mbtg_video.scale import find_scale, read_scale, scale_paths

command = noun("Rating scales and their items.")


@command.command(name="list")
def list_() -> None:
    """List the scales."""
    language = settings().language
    scales = [read_scale(path) for path in scale_paths().values()]
    records = [
        {
            "id": scale.id,
            "version": scale.version,
            "title": scale.title.spoken(language),
            "items": len(scale.items),
        }
        for scale in scales
    ]
    output.table(records, ("id", "version", "title", "items"))


@command.command()
@click.argument("scale_id", metavar="ID")
def show(scale_id: str) -> None:
    """Show the items of the scale ID."""
    language = settings().language
    scale = find_scale(scale_id)
    records = [
        {
            "number": item.number,
            "name": item.spoken(language),
            "nb": item.nb,
            "en": item.en,
            "group_specific": item.group_specific,
            "adherence_rated": item.adherence_rated,
        }
        for item in scale.items
    ]
    if not output.wants_json():
        values = scale.values
        output.say(
            f"{scale.title.spoken(language)}, {scale.id} version {scale.version}: "
            f"{values.lowest}-{values.highest}, {values.good_enough} is good enough"
        )
    output.table(records, ("number", "name", "group_specific", "adherence_rated"))
