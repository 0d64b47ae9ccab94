"""``mbtg scale``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import settings
from mbtg_video.scale import Scale, find_scale, keep_scale, read_scale, scale_paths
from mbtg_video.settings import Language

command = noun("Rating scales and their items.")


def _record(scale: Scale, language: Language) -> dict[str, Any]:
    return {
        "id": scale.id,
        "version": scale.version,
        "title": scale.title.spoken(language),
        "items": len(scale.items),
    }


@command.command(name="list")
def list_() -> None:
    """List the scales."""
    language = settings().language
    records = [_record(read_scale(path), language) for path in scale_paths().values()]
    output.table(records, ("id", "version", "title", "items"))


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is a scale, and what is wrong with it if not."""
    record = _record(read_scale(file), settings().language)
    output.done(
        f"{file} is a scale: {record['id']} version {record['version']}, {record['items']} items. "
        f"To use it: mbtg scale add {file}",
        **record,
    )


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
def add(file: Path) -> None:
    """Keep the scale in FILE among your own, after checking it.

    Ratings given before keep the scale as it was then.
    """
    record = _record(keep_scale(file), settings().language)
    output.done(f"Added scale {record['id']} version {record['version']}.", **record)


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
