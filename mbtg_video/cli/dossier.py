"""``mbtg dossier``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from mbtg_video.cli import output
from mbtg_video.cli.options import noun
from mbtg_video.cli.session import DAY, as_number, opened, settings, today
from mbtg_video.cli.words import word
from mbtg_video.dossier.access import look_at
from mbtg_video.dossier.keep import (
    Writing,
    add_document,
    change_document,
    find_document,
    lines_taken,
    list_documents,
    signs_in,
)
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.dossier.read import MOST_BYTES, Reading, read_document
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.users import Power

command = noun("Documents about a group and its patients: sealed, and checked for names.")

_KINDS = [kind.value for kind in DocumentKind]
_OVERRIDE = click.option(
    "--override", is_flag=True, help="Seal it although it seems to name somebody; with --reason."
)
_REASON = click.option("--reason", metavar="TEXT", help="Why --override; sealed with it.")


def _record(document: Document) -> dict[str, Any]:
    return {
        "id": document.name,
        "kind": document.kind,
        "group": document.group.code if document.group else None,
        "person": document.person.code if document.person else None,
        "author": document.author,
        "course": document.course,
        "held_on": document.held_on,
        "title": document.title,
        "lines": lines_taken(document.text),
        "overridden": document.overridden,
        "delete_by": document.delete_by,
    }


def _content(file: str) -> bytes:
    """What stands in a file, or in what is piped in; no more of it than can be a document."""
    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    path = Path(file)
    if not path.is_file():
        raise NotFound(f"There is no file {file}.")
    with path.open("rb") as source:
        return source.read(MOST_BYTES + 1)


def _read(file: str) -> Reading:
    """The text of a file; tells on stderr what it could not take along."""
    try:
        found = read_document(_content(file), "" if file == "-" else file)
    except BadInput as error:
        raise BadInput(f"{file} cannot be read: {error}") from error
    for lost in found.lost:
        output.warn(f"Not taken along: {lost}")
    return found


def _named(writing: dict[str, Any]) -> str:
    """A title for what was given none: its kind, whom it is about and when."""
    parts = (
        word(f"document_{writing['kind']}", settings().language),
        writing["person"] or writing["group"],
        writing["held_on"],
    )
    return " ".join(str(part) for part in parts if part)


def _overriding(override: bool, reason: str | None) -> str | None:
    if override:
        return reason or ""
    if reason is not None:
        raise BadInput("--reason goes with --override")
    return None


def _refuse_unknown(course: str | None) -> None:
    from mbtg_video.course.programme import find_programme

    if course is not None:
        find_programme(course)


@command.command()
@click.argument("file")
@click.option("--kind", required=True, type=click.Choice(_KINDS))
@click.option("--group", metavar="CODE", help="The group that it is about.")
@click.option("--person", metavar="CODE", help="The patient that it is about.")
@click.option("--author", metavar="CODE", help="Participant who wrote it.")
@click.option("--course", metavar="ID", help="Course that it was written for.")
@click.option("--held-on", type=DAY, help="Day of the session, for minutes.")
@click.option("--title", metavar="TEXT", help="Default: its kind and whom it is about.")
@_OVERRIDE
@_REASON
def add(file: str, override: bool, reason: str | None, **given: Any) -> None:  # noqa: ANN401
    """Seal the text of FILE (.txt, .md, .docx; - for what is piped in).

    What seems to name somebody is listed, and nothing is sealed. An account of a patient takes 5
    to 10 lines; a line counts once for each 90 letters.
    """
    given["override"] = _overriding(override, reason)
    _refuse_unknown(given["course"])
    given["text"] = _read(file).text
    given["title"] = given["title"] or _named(given)
    given["kind"] = DocumentKind(given["kind"])
    with opened(Power.RECORD) as library, library.transaction() as session:
        record = _record(
            add_document(session, Writing(**given), delete_by=_delete_by(), on=today())
        )
    output.done(
        f"Sealed {record['id']}: {record['title']}, to be deleted by {record['delete_by']}. "
        "The file is unchanged; delete it where it must not stay.",
        **record,
    )


def _delete_by() -> date:
    from mbtg_video.recording.retain import months_later

    return months_later(today(), settings().retention_months)


@command.command()
@click.argument("document")
@click.argument("file", required=False)
@click.option("--title", metavar="TEXT", help="Another title.")
@_OVERRIDE
@_REASON
def edit(
    document: str, file: str | None, title: str | None, override: bool, reason: str | None
) -> None:
    """Put the text of FILE in the place of DOCUMENT's, checked as when it was added."""
    number, why = as_number("D", document), _overriding(override, reason)
    if file is None and title is None:
        raise BadInput(f"say what to change: mbtg dossier edit D{number} FILE, or --title TEXT")
    text = None if file is None else _read(file).text
    with opened(Power.RECORD) as library, library.transaction() as session:
        row = find_document(session, number)
        change_document(session, row, on=today(), text=text, title=title, override=why)
        record = _record(row)
    output.done(f"Changed {record['id']}.", **record)


@command.command(name="list")
@click.option("--group", metavar="CODE", help="Only about this group and its patients.")
@click.option("--author", metavar="CODE", help="Only by this participant.")
@click.option("--kind", type=click.Choice(_KINDS))
def list_(group: str | None, author: str | None, kind: str | None) -> None:
    """List the documents, without their texts."""
    chosen = None if kind is None else DocumentKind(kind)
    with opened(Power.LOOK) as library, library.transaction() as session:
        found = list_documents(session, group=group, author=author, kind=chosen)
        records = [_record(document) for document in found]
    columns = (
        "id",
        "kind",
        "group",
        "person",
        "author",
        "held_on",
        "lines",
        "delete_by",
        "title",
    )
    output.table(records, columns)


@command.command()
@click.argument("document")
def show(document: str) -> None:
    """Print the text of DOCUMENT; that it was read is written in the audit."""
    with opened(Power.WATCH) as library, library.transaction() as session:
        row = find_document(session, as_number("D", document))
        record, text = _record(row), look_at(session, row, today())
        reason = row.override
    if output.wants_json():
        output.details(record | {"reason": reason, "text": text})
        return
    if reason is not None:
        output.warn(f"{word('overridden', settings().language)}: {reason}")
    output.say(f"{record['id']}  {record['title']}\n\n{text.expandtabs(4)}")


@command.command()
@click.argument("document")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def remove(document: str, yes: bool, dry_run: bool) -> None:
    """Shred DOCUMENT, and take it out of its playlists."""
    from mbtg_video.shredding import remove_documents

    number = as_number("D", document)
    with opened(Power.RECORD) as library:
        with library.transaction() as session:
            record = _record(find_document(session, number))
        if dry_run:
            output.done(f"Would shred {record['id']}. Nothing was changed.", **record)
            return
        if not yes:
            click.confirm(f"Shred {record['id']} for good?", abort=True, err=True)
        with library.transaction() as session:
            remove_documents(session, [find_document(session, number)])
        with library.finishing(f"{record['id']} is removed"):
            library.forget([])
            library.rotate_key()
    output.done(f"Shredded {record['id']}.", **record)


@command.command()
@click.argument("file")
@click.option("--kind", type=click.Choice(_KINDS), default=DocumentKind.PATIENT.value)
def check(file: str, kind: str) -> None:
    """List what in FILE seems to name somebody; nothing is kept, and no library is needed.

    Ends with exit code 1 when there is something. Nothing found is no proof that nobody is named.
    """
    text = _read(file).text
    found = signs_in(DocumentKind(kind), "", text, on=today())
    records = [
        {"line": one.line, "column": one.column, "sign": one.sign, "words": one.excerpt}
        for one in found
    ]
    output.warn(f"{lines_taken(text)} lines, {len(found)} findings")
    output.table(records, ("line", "column", "sign", "words"))
    if found:
        click.get_current_context().exit(1)


@command.command()
@click.argument("playlist")
@click.argument("documents", nargs=-1, required=True)
def attach(playlist: str, documents: tuple[str, ...]) -> None:
    """Let DOCUMENTS go out with the bundles of PLAYLIST, if all they are about consent."""
    from mbtg_video.supervision.documents import attach_documents
    from mbtg_video.supervision.playlist import find_playlist

    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        found = [find_document(session, as_number("D", one)) for one in documents]
        attach_documents(session, row, found, on=today())
        names = [document.name for document in row.documents]
    number = as_number("L", playlist)
    output.done(
        f"With L{number} go out: {', '.join(names)}.", playlist=f"L{number}", documents=names
    )


@command.command()
@click.argument("playlist")
@click.argument("document")
def detach(playlist: str, document: str) -> None:
    """Let DOCUMENT no longer go out with PLAYLIST; the document itself stays."""
    from mbtg_video.supervision.documents import detach_document
    from mbtg_video.supervision.playlist import find_playlist

    with opened(Power.PLAN) as library, library.transaction() as session:
        row = find_playlist(session, as_number("L", playlist))
        detach_document(session, row, find_document(session, as_number("D", document)))
        names = [document.name for document in row.documents]
    number = as_number("L", playlist)
    output.done(
        f"With L{number} go out: {', '.join(names) or 'no documents'}.",
        playlist=f"L{number}",
        documents=names,
    )
