"""``mbtg course agenda`` and ``mbtg playlist agenda``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.cli import output
from mbtg_video.cli.options import CommonCommand
from mbtg_video.cli.session import as_number, opened, settings, today
from mbtg_video.course.programme import find_programme
from mbtg_video.errors import BadInput
from mbtg_video.leaving import check_target, write_out
from mbtg_video.supervision.playlist import find_playlist
from mbtg_video.users import Power

if TYPE_CHECKING:
    from mbtg_video.supervision.agenda.content import Agenda

_KINDS: Final = ("html", "pdf")
_TO: Final = click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE"
)
_TITLES: Final = click.option(
    "--with-titles",
    is_flag=True,
    help="With titles, questions and texts, in the clear: they may tell of patients.",
)


def _content(agenda: Agenda, kind: str) -> bytes:
    if kind == "html":
        from mbtg_video.supervision.agenda.page import write_html

        return write_html(agenda)
    from mbtg_video.supervision.agenda.pdf import write_pdf

    return write_pdf(agenda)


def _write(
    target: Path, titles: bool, subject: str, build: Callable[[Session], Agenda], **detail: int
) -> None:
    """Build the agenda and write it, with its audit line; without the line there is no file."""
    kind = target.suffix.lstrip(".").lower()
    if kind not in _KINDS:
        raise BadInput(f"{target}: an agenda is a page or a PDF; name it FILE.html or FILE.pdf")
    with opened(Power.HAND_OUT) as library:
        check_target(library, target)
        with library.transaction() as session:
            agenda = build(session)
        content = _content(agenda, kind)
        write_out(
            library,
            target,
            content,
            lambda session: audit.append(
                session,
                audit.Act.EXCHANGE,
                subject,
                *(name for name in agenda.playlists if name != subject),
                deed="agenda",
                format=kind,
                titles=int(titles),
                **detail,
            ),
        )
    for warning in agenda.warnings:
        output.warn(f"May not be shown: {warning}")
    if titles:
        output.warn("The agenda holds titles and questions in the clear: collect every copy.")
    output.done(
        f"Wrote the agenda of {agenda.on} to {target}. The file is not sealed: keep it as you keep "
        "other confidential papers.",
        file=target,
        format=kind,
        on=agenda.on,
        playlists=list(agenda.playlists),
        warnings=list(agenda.warnings),
        size=len(content),
    )


@click.command(name="agenda", cls=CommonCommand)
@click.option("--day", required=True, type=int, metavar="N", help="Number of the course day.")
@click.option("--course", metavar="ID", help="Default: the setting `course`.")
@_TO
@_TITLES
@click.option(
    "--with-characters", is_flag=True, help="With the patients of the role-play, in the clear."
)
def course_agenda(
    day: int, course: str | None, target: Path, with_titles: bool, with_characters: bool
) -> None:
    """Write the agenda of a course day as a page (.html) or PDF (.pdf) to hand out.

    Slots at their settled times, duties by code, what is held in each slot, and the items in
    focus, with room for notes. Excerpts are told by id, length, presenter and items; texts of the
    library are there only when they are asked for.
    """
    from mbtg_video.supervision.agenda.build import course_agenda as build

    chosen = settings()
    programme = find_programme(course or chosen.course)

    def built(session: Session) -> Agenda:
        said: dict[str, Any] = {"titles": with_titles, "characters": with_characters}
        return build(session, programme, day, language=chosen.language, on=today(), **said)

    said = {"day": day, "characters": int(with_characters)}
    _write(target, with_titles, programme.id, built, **said)


@click.command(name="agenda", cls=CommonCommand)
@click.argument("playlist")
@_TO
@_TITLES
def playlist_agenda(playlist: str, target: Path, with_titles: bool) -> None:
    """Write the agenda of the session on PLAYLIST as a page (.html) or PDF (.pdf) to hand out."""
    from mbtg_video.supervision.agenda.build import playlist_agenda as build

    number, chosen = as_number("L", playlist), settings()

    def built(session: Session) -> Agenda:
        return build(
            session,
            find_playlist(session, number),
            scale=chosen.scale,
            language=chosen.language,
            on=today(),
            titles=with_titles,
        )

    _write(target, with_titles, f"L{number}", built)
