"""``mbtg playlist film``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.errors import BadInput
from mbtg_video.users import Power


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,5})x([0-9]{1,5})", text)
    if match is None:
        raise BadInput(f"--size {text}: write it as 1280x720")
    return int(match[1]), int(match[2])


@click.command(cls=CommonCommand)
@click.argument("playlist")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE.mp4")
@click.option("--recipient", required=True, metavar="TEXT", help="Who gets it; sealed.")
@click.option("--reason", required=True, metavar="TEXT", help="Why it leaves the library; sealed.")
@click.option("--items", is_flag=True, help="Show the names of tagged scale items; never notes.")
@click.option("--size", default="1280x720", show_default=True, metavar="WxH")
def film(playlist: str, target: Path, recipient: str, reason: str, items: bool, size: str) -> None:
    """Write PLAYLIST in the clear as one film, for a room where nothing may be installed.

    A slate before each clip shows its number, id, title and question; a step without a clip is a
    slate with its text and minutes. Each excerpt in it counts as exported.
    """
    from mbtg_video.supervision.film import FilmWish, film_playlist

    number = as_number("L", playlist)
    wish = FilmWish(target, recipient, reason, items, _size(size), settings().language)
    with opened(Power.HAND_OUT) as library, output.share("Filming") as progress:
        made = film_playlist(library, number, wish, on=today(), progress=progress)
    names = [export.name for export in made]
    output.done(
        f"Wrote L{number} to {target} as {', '.join(names)}. The film is not sealed: when it has "
        f"served, delete it and say so: mbtg excerpt returned {names[0]} --how destroyed"
        + (f" (and the same for {', '.join(names[1:])})" if names[1:] else ""),
        playlist=f"L{number}",
        file=target,
        exports=names,
        excerpts=[export.excerpt for export in made],
        size=target.stat().st_size,
    )
