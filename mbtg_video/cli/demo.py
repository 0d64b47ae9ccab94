"""``mbtg demo``: the whole path, from a recording to a locked bundle."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

from mbtg_video import interrupt
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import settings, today
from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, record_consent
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import Absence, Source
from mbtg_video.rating.record import record_sheet
from mbtg_video.rating.report.build import build_report
from mbtg_video.rating.report.content import Report
from mbtg_video.rating.report.page import write_html
from mbtg_video.rating.scoring import open_scoring
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet
from mbtg_video.recording.access import find_recording
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import Kind
from mbtg_video.scale import Scale, find_scale
from mbtg_video.supervision.bundle import HandedOut, Handout, make_bundle
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.package_check import verify_package
from mbtg_video.supervision.passphrase import new_passphrase
from mbtg_video.supervision.playlist import add_excerpts, add_step, new_playlist
from mbtg_video.tag.mark import Mark, add_tag, list_tags
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.timecode import Timecode

_SHORTEST: Final = Timecode(10_000_000)
_SCALE: Final = "mbt-g-aqs"
_PERSONS: Final = (("T1", Role.THERAPIST), ("P1", Role.PARTICIPANT), ("P2", Role.PARTICIPANT))

# What three invented raters make of the first excerpt: quality of items 1 to 19, adherence is one
# less; 0 stands for what did not occur.
_RATERS: Final = {
    "K1": (4, 4, 6, 3, 5, 5, 4, 3, 0, 6, 5, 3, 4, 4, 0, 3, 5, 4, 3),
    "K2": (4, 5, 6, 3, 4, 5, 4, 2, 0, 6, 5, 2, 4, 5, 0, 3, 4, 2, 3),
    "K3": (5, 4, 3, 3, 5, 6, 4, 3, 0, 6, 6, 3, 5, 4, 3, 3, 5, 4, 2),
}

# Start and end as hundredths of the recording; title, question; item, valence and note of its tag.
_EXCERPTS: Final = (
    (10, 25, "Who speaks when", "How could I have brought P2 in?", 3, Valence.GOOD,
     "The therapist hands the turn over."),
    (35, 55, "Wondering together", "Was I curious, or did I know already?", 11, Valence.MISSED,
     "Here was room for an open question."),
    (70, 90, "Stop and rewind", "Was this the moment to stop?", 18, Valence.NEUTRAL,
     "Back to what happened just before."),
)  # fmt: skip


def _hundredth(length: Timecode, part: int) -> Timecode:
    return Timecode(length.microseconds * part // 100)


@contextmanager
def _film(recording: Path | None) -> Iterator[Path]:
    if recording is not None:
        yield recording
        return
    from mbtg_video.media.roleplay import make_roleplay

    with tempfile.TemporaryDirectory(prefix="mbtg-demo-") as folder:
        path = Path(folder) / "roleplay.mp4"
        output.warn("Making a role-play recording ...")
        make_roleplay(path)
        yield path


def _consented(library: Library, on: date) -> None:
    with library.transaction() as session:
        add_group(session, "DEMO", "Role-play group", approval_required=False)
        for code, role in _PERSONS:
            add_person(session, code, "DEMO", role)
            record_consent(
                session,
                code,
                (Use.OWN_REVIEW, Use.SUPERVISION, Use.COURSE, Use.SCORING),
                Form.IDENTIFIABLE,
                signed_on=on,
                until=on + timedelta(days=365),
            )


def _taken_in(library: Library, recording: Path | None, on: date) -> int:
    codes = [code for code, _ in _PERSONS]
    with _film(recording) as path:
        output.warn("Taking it in ...")
        taken = take_in(library, path, Description("DEMO", on, codes, Kind.ROLEPLAY), on=on)
    return taken.id


def _cut_and_tagged(library: Library, recording_number: int, on: date) -> list[int]:
    with library.transaction() as session:
        length = find_recording(session, recording_number).length
    if length < _SHORTEST:
        raise BadInput(f"the demo cuts three excerpts, and {length} is too short for that")
    numbers = []
    for start, end, title, question, item, valence, note in _EXCERPTS:
        interrupt.let_go()
        output.warn(f"Cutting an excerpt: {title} ...")
        span = (str(_hundredth(length, start)), str(_hundredth(length, end)))
        excerpt = cut_excerpt(library, recording_number, Wish(*span, title, question), on=on)
        numbers.append(excerpt.id)
        with library.transaction() as session:
            middle = (start + end) // 2
            mark = Mark(
                start=_hundredth(length, middle),
                end=_hundredth(length, middle + 4),
                scale=_SCALE,
                item=item,
                author="T1",
                note=note,
                valence=valence,
            )
            add_tag(session, find_recording(session, recording_number), mark, on=on)
    return numbers


def _planned(library: Library, numbers: list[int], on: date) -> int:
    with library.transaction() as session:
        playlist = new_playlist(session, "Supervision: a first look", Use.SUPERVISION)
        excerpts = [find_excerpt(session, number) for number in numbers]
        add_excerpts(session, playlist, excerpts, minutes=10, on=on)
        add_step(session, playlist, EntryKind.DISCUSSION, "What do we take with us?", 15)
        return playlist.id


def _sheet(qualities: tuple[int, ...], scale: Scale, tag: Tag) -> Sheet:
    scores = []
    for item, quality in zip(scale.items, qualities, strict=True):
        rated = item.adherence_rated and quality
        cited = (Moment(tag.start.microseconds, None, tag.name),) if item.number == tag.item else ()
        scores.append(
            ItemScore(
                item=item.number,
                adherence=max(1, quality - 1) if rated else None,
                quality=quality or None,
                absence=None if quality else Absence.DID_NOT_OCCUR,
                evidence=cited,
            )
        )
    middle = sorted(qualities)[len(qualities) // 2]
    return Sheet(items=tuple(scores), overall={"adherence": middle - 1, "quality": middle})


def _scored(library: Library, excerpt_number: int, on: date) -> Report:
    """Three raters score an excerpt blind, and it is revealed; the report of it."""
    scale = find_scale(_SCALE)
    with library.transaction() as session:
        excerpt = find_excerpt(session, excerpt_number)
        tag = list_tags(session, recording=excerpt.recording, span=excerpt.shown)[0]
        scoring = open_scoring(session, excerpt, scale, on=on)
        add_group(session, "COURSE", "Raters of the demo", approval_required=False)
        for rater, qualities in _RATERS.items():
            add_person(session, rater, "COURSE", Role.PARTICIPANT)
            sheet = _sheet(qualities, scale, tag)
            record_sheet(session, scoring, rater, sheet, submit=True, source=Source.COMMAND, on=on)
        reveal(session, scoring)
        session.flush()
        return build_report(session, [scoring], about=None, language=settings().language, on=on)


def _made(into: Path, recording: Path | None, passphrase: str, day: date) -> tuple[HandedOut, str]:
    create_library(into / "library", passphrase)
    with open_library(into / "library", passphrase) as library:
        _consented(library, day)
        interrupt.let_go()
        number = _taken_in(library, recording, day)
        excerpts = _cut_and_tagged(library, number, day)
        playlist = _planned(library, excerpts, day)
        output.warn("Scoring the first excerpt by three invented raters ...")
        report = _scored(library, excerpts[0], day)
        (into / "report.html").write_bytes(write_html(report))
        interrupt.let_go()
        output.warn("Making the bundle and verifying it ...")
        handout = Handout(into / "bundle", ("Demo",), language=settings().language)
        made = make_bundle(library, playlist, handout, on=day)
    verify_package(into / "bundle")
    return made, report.scorings[0].name


@click.command(cls=CommonCommand)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("mbtg-demo"),
    show_default=True,
    help="New folder for the demo's library and bundle.",
)
@click.option(
    "--recording",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Use this recording instead of a generated role-play.",
)
def command(into: Path, recording: Path | None) -> None:
    """Make a role-play, take it in, cut, tag and bundle it, and say what to click.

    With a recording of your own, use one that everybody in it agreed to: the bundle plays it.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BadInput(f"{into} is not empty; name a new folder: mbtg demo --into DIR")
    if recording is not None and not recording.exists():
        raise NotFound(f"There is no file {recording}. Check the name and the folder.")
    passphrase = new_passphrase()
    there = into.exists()
    try:
        made, scoring = _made(into, recording, passphrase, today())
    except BaseException:
        # Nobody was told its passphrase: it could never be opened.
        if into.exists():
            shutil.rmtree(into)
        if there:
            into.mkdir()
        raise
    page, report = (
        (into / name).resolve() for name in (Path("bundle", "index.html"), Path("report.html"))
    )
    output.done(
        f"Open this page in a browser (double-click it):\n\n  {page}\n\n"
        f"Its passphrase:\n\n  {made.passphrase}\n\n"
        "Then click a clip in the list, and a tag beside the picture to jump to it.\n\n"
        f"The demo's library lies in {into / 'library'}; its passphrase:\n\n  {passphrase}\n\n"
        f"Watch and tag the recording yourself:\n\n  mbtg studio --library {into / 'library'}\n\n"
        f"See how three raters differ:\n\n  {report}\n\n"
        "A course is next: mbtg course show, and the README's section on it.",
        page=page,
        bundle=made.bundle.name,
        bundle_passphrase=made.passphrase,
        scoring=scoring,
        report=report,
        library=into / "library",
        library_passphrase=passphrase,
    )
