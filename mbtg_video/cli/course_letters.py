"""``mbtg course letters``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from mbtg_video import audit
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand, course_option
from mbtg_video.cli.session import opened, programme, settings, today
from mbtg_video.errors import BadInput
from mbtg_video.library import Library
from mbtg_video.readiness import ready, unasked
from mbtg_video.reminder.letter import write
from mbtg_video.reminder.paper import WRITERS
from mbtg_video.users import Power
from mbtg_video.vault.durable import write_durably


def _check_folder(library: Library, folder: Path) -> None:
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise BadInput(f"{folder} is a file; name a folder")
    if not folder.parent.is_dir():
        raise BadInput(f"there is no folder {folder.parent}; make it first")
    library.refuse_inside(folder)


def _write(
    library: Library, folder: Path, letters: Mapping[str, bytes], course: str, codes: list[str]
) -> list[Path]:
    """Files first, then the audit line; without the line there is no file."""
    paths = [folder / name for name in letters]
    there = [path.name for path in paths if path.exists() or path.is_symlink()]
    if there:
        raise BadInput(f"{', '.join(there)}: there already; name a new folder")
    made = not folder.exists()
    folder.mkdir(exist_ok=True)
    written: list[Path] = []
    try:
        for path, content in zip(paths, letters.values(), strict=True):
            write_durably(path, content)
            written.append(path)
        with library.transaction(Power.HAND_OUT) as session:
            audit.append(
                session, audit.Act.COURSE, course, *codes, deed="letters", letters=len(codes)
            )
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        if made:
            folder.rmdir()
        raise
    return paths


@click.command(cls=CommonCommand)
@course_option
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the letters; made when it is not there.",
)
@click.option(
    "--weeks", type=click.IntRange(0, 520), default=6, show_default=True, help="How far ahead."
)
@click.option("--format", "kind", type=click.Choice(list(WRITERS)), help="Default: both.")
def letters(course_id: str | None, folder: Path, weeks: int, kind: str | None) -> None:
    """Write a letter to each participant that lacks something for a course day to come.

    It says in plain sentences what is missing and by when, what `mbtg due --course` lists. It
    holds codes and no names; the files are not sealed.
    """
    course = programme(course_id)
    with opened(Power.HAND_OUT) as library:
        _check_folder(library, folder)
        with library.transaction() as session:
            lacks = ready(session, course, today(), weeks)
            gaps = unasked(session, course, today(), weeks)
        made = write(course, lacks, settings().language, today())
        files = {
            f"reminder-{letter.participant}-{today()}.{ending}": WRITERS[ending](letter)
            for letter in made
            for ending in ([kind] if kind else WRITERS)
        }
        codes = [letter.participant for letter in made]
        paths = _write(library, folder, files, course.id, codes) if files else []
    for gap in gaps:
        output.warn(gap)
    output.done(
        f"Wrote letters to {', '.join(codes)} in {folder}. They are not sealed: keep them as you "
        "keep other confidential papers."
        if paths
        else "Nobody lacks anything. No letter was written.",
        participants=codes,
        files=paths,
    )
