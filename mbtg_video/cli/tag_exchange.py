"""``mbtg tag import|export|formats``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.make import Wish, cut_excerpt
from mbtg_video.library import Library
from mbtg_video.recording.access import find_recording
from mbtg_video.settings import Language
from mbtg_video.tag.exchange.bring import Plan, carry_out, plan_import
from mbtg_video.tag.exchange.content import Clip, Loss
from mbtg_video.tag.exchange.formats import FORMATS, format_for
from mbtg_video.tag.exchange.send import send_file
from mbtg_video.users import Power

_LARGEST: Final = 64 * 1024 * 1024
_FORMAT = click.Choice(list(FORMATS))
_KEEPS: Final = {
    "json": (
        "all: tags, transcripts, excerpts, ELAN documents that came in",
        "alt: merker, transkripsjoner, utdrag, ELAN-dokumenter som kom inn",
    ),
    "elan": (
        "all of a tag, and a document that came in whole; a moment is a tenth of a second there",
        "alt ved et merke, og hele dokumentet som kom inn; et øyeblikk er et tidels sekund der",
    ),
    "webvtt": (
        "all of a tag, as captions; other captions are a transcript",
        "alt ved et merke, som teksting; annen teksting er en transkripsjon",
    ),
    "srt": (
        "all of a tag to the millisecond; other subtitles are a transcript",
        "alt ved et merke på millisekundet; andre undertekster er en transkripsjon",
    ),
    "csv": ("a line a tag", "en linje per merke"),
    "xlsx": ("a row a tag", "en rad per merke"),
    "boris": ("events, point and state; a project comes back", "hendelser; et prosjekt bevares"),
    "sportscode": ("spans with labels", "strekk med etiketter"),
    "losslesscut": ("spans as clips to be cut", "strekk som klipp"),
    "webannotation": ("spans and moments with a text", "strekk og øyeblikk med tekst"),
}


_TEXTS: Final = {
    "tags": "the notes",
    "transcripts": "what was said",
    "excerpts": "titles and questions",
}


def read_file(path: Path) -> bytes:
    """What the file holds, unless it is too large for a file of tags."""
    if path.stat().st_size > _LARGEST:
        raise BadInput(f"{path.name} is larger than {_LARGEST // 1024**2} MB: that is no tag file")
    return path.read_bytes()


def told(losses: Iterable[Loss]) -> list[dict[str, str]]:
    """The losses as records, after they were told to people."""
    records = [{"place": loss.place, "what": loss.what} for loss in losses]
    if not output.wants_json():
        for record in records:
            output.warn(f"{record['place']}: {record['what']}")
    return records


def _clip(clip: Clip) -> dict[str, Any]:
    return {
        "start_us": clip.start.microseconds,
        "end_us": clip.end.microseconds,
        "title": clip.title,
        "question": clip.question,
    }


def _refuse_losses(plan: Plan, title: str) -> None:
    if plan.losses:
        first = plan.losses[0]
        raise BadInput(
            f"{len(plan.losses)} things in the {title} file have no place here, and nothing was "
            f"taken in. The first: {first.place}: {first.what}"
        )


@click.command(cls=CommonCommand, name="import")
@click.argument("recording")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "name", type=_FORMAT, help="Default: FILE's ending.")
@click.option("--by", "author", metavar="CODE", help="Who made the tags that name nobody.")
@click.option("--scale", "scale_id", metavar="ID", help="Scale of items that name none.")
@click.option("--cut", is_flag=True, help="Cut the clips that FILE asks for.")
@click.option("--strict", is_flag=True, help="Take nothing in if anything would be left out.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken in.")
def import_(
    recording: str,
    file: Path,
    name: str | None,
    author: str | None,
    scale_id: str | None,
    cut: bool,
    strict: bool,
    dry_run: bool,
) -> None:
    """Take the tags of another tool's FILE in, for RECORDING.

    What mbtg has no place for is told line by line. A tag or transcript that is here already is
    not added again. A file of subtitles is taken in as a transcript.
    """
    format_, number = format_for(file, name, verb="reads"), as_number("R", recording)
    chosen, data = settings(), read_file(file)
    with opened(Power.TAG) as library:
        with library.transaction(Power.TAG) as session:
            row = find_recording(session, number)
            plan = plan_import(
                session,
                row,
                data,
                format_,
                on=today(),
                scale=scale_id or chosen.scale,
                language=chosen.language,
                author=author,
            )
            if strict:
                _refuse_losses(plan, format_.title)
            made = None if dry_run else carry_out(session, row, plan, on=today())
        losses = told(plan.losses)
        clips = plan.clips
        excerpts = _cut(library, number, clips) if cut and not dry_run else []
    tags = len(plan.new) if made is None else len(made.tags)
    lanes = len(plan.lanes)
    had = len(plan.incoming.lanes) - lanes
    would = "Would take in" if dry_run else "Took in"
    said = [f"{would} {tags} tags for R{number}; {len(plan.present)} were there already."]
    if lanes:
        said.append(f"Transcripts: {', '.join(made.transcripts) if made else lanes}.")
    if had:
        said.append(f"Transcripts that were there already: {had}.")
    if clips and excerpts:
        said.append(f"Cut {', '.join(excerpts)}.")
    elif clips:
        said.append(f"It asks for {len(clips)} clips: cut them with --cut.")
    output.done(
        " ".join(said),
        recording=f"R{number}",
        format=format_.name,
        tags=tags if made is None else list(made.tags),
        already=len(plan.present),
        transcripts=lanes if made is None else list(made.transcripts),
        clips=[_clip(clip) for clip in clips],
        excerpts=excerpts,
        losses=losses,
        dry_run=dry_run,
    )


def _cut(library: Library, number: int, clips: Iterable[Clip]) -> list[str]:
    names = []
    for clip in clips:
        wish = Wish(str(clip.start), str(clip.end), clip.title, clip.question)
        with output.share("Cutting") as progress:
            names.append(cut_excerpt(library, number, wish, on=today(), progress=progress).name)
    return names


@click.command(cls=CommonCommand)
@click.argument("recording")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE")
@click.option("--format", "name", type=_FORMAT, help="Default: FILE's ending.")
@click.option("--strict", is_flag=True, help="Write nothing if anything would be left out.")
def export(recording: str, target: Path, name: str | None, strict: bool) -> None:
    """Write the tags of RECORDING, with their notes, to FILE for another tool.

    Our own format (.json) holds transcripts and the titles of excerpts as well. The file is not
    sealed. What its format has no place for is told line by line.
    """
    format_, number = format_for(target, name, verb="writes"), as_number("R", recording)
    with opened(Power.HAND_OUT) as library:
        sent = send_file(
            library,
            number,
            target,
            format_,
            language=settings().language,
            on=today(),
            strict=strict,
        )
    counted = [f"{count} {kind}" for kind, count in sent.held.items() if count or kind == "tags"]
    texts = [_TEXTS[kind] for kind, count in sent.held.items() if count or kind == "tags"]
    holds = f", and holds {', '.join(texts)}" if texts else ""
    output.done(
        f"Wrote {', '.join(counted) or 'no excerpts'} of R{number} to {target}. The file is not "
        f"sealed{holds}: keep it as you keep other confidential papers.",
        recording=f"R{number}",
        file=target,
        format=format_.name,
        **{"tags": 0, **sent.held},
        size=sent.size,
        losses=told(sent.losses),
    )


@click.command(cls=CommonCommand)
def formats() -> None:
    """List the formats that tags can be read from or written in."""
    norwegian = settings().language is Language.NB
    records = [
        {
            "format": one.name,
            "title": one.title,
            "suffix": one.suffix,
            "reads": one.reads,
            "writes": one.writes,
            "keeps": _KEEPS.get(one.name, ("", ""))[norwegian],
        }
        for one in FORMATS.values()
    ]
    output.table(records, ("format", "title", "suffix", "reads", "writes", "keeps"))
