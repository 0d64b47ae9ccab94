"""Seal documents, find them and change them; one that seems to name somebody is refused."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Group, Person, Role
from mbtg_video.consent.record import find_group, find_person
from mbtg_video.dossier.identity import Finding, find_signs
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.dossier.read import tidied
from mbtg_video.errors import BadInput, ChangedMeanwhile, NotFound

ABOUT_ONE: Final = frozenset({DocumentKind.PATIENT, DocumentKind.FORMULATION})
_FEWEST_LINES, _MOST_LINES = 5, 10
_LINE_LETTERS: Final = 90
_MOST_TITLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a new document is: its kind, whom it is about, who wrote it, what it says.

    `override` is the reason for sealing it although it seems to name somebody.
    """

    kind: DocumentKind
    title: str
    text: str
    group: str | None = None
    person: str | None = None
    author: str | None = None
    course: str | None = None
    held_on: date | None = None
    override: str | None = None


def lines_taken(text: str) -> int:
    """How many lines a text takes: empty ones none, a long one one for each 90 letters begun."""
    return sum(math.ceil(len(line) / _LINE_LETTERS) for line in text.split("\n") if line.strip())


def _refuse_length(kind: DocumentKind, text: str, who: str) -> None:
    lines = lines_taken(text)
    if kind is DocumentKind.PATIENT and not _FEWEST_LINES <= lines <= _MOST_LINES:
        taken = f"{lines} line" if lines == 1 else f"{lines} lines"
        raise BadInput(
            f"the account of {who} has {taken}; it takes {_FEWEST_LINES} to {_MOST_LINES}. "
            f"Empty lines do not count, and a line counts once for each {_LINE_LETTERS} letters"
        )


def signs_in(kind: DocumentKind, title: str, text: str, *, on: date) -> list[Finding]:
    """What in a document seems to name somebody; the title's findings have the line 0.

    A reading list names authors, and names are let be there.
    """
    names = kind is not DocumentKind.READING
    in_title = find_signs(title, on=on, names=names)
    return [
        *(Finding(found.sign, 0, found.column, found.excerpt) for found in in_title),
        *find_signs(text, on=on, names=names),
    ]


def told(finding: Finding) -> str:
    """A finding in a line, for the person at the terminal only."""
    where = "title" if finding.line == 0 else f"line {finding.line}"
    return f"{where}, column {finding.column}: {finding.sign}: {finding.excerpt}"


def _refuse_signs(findings: Sequence[Finding], override: str | None) -> None:
    if override is not None and not override.strip():
        raise BadInput("say why it may be sealed as it is: --override --reason TEXT")
    if findings and override is None:
        listed = "\n".join(f"  {told(finding)}" for finding in findings)
        raise BadInput(
            "It seems to name somebody, and nothing was sealed:\n"
            f"{listed}\n"
            "Write codes instead (P1), and give the command again. When nobody can be recognised "
            "by it: --override --reason TEXT"
        )


def _counted(findings: Sequence[Finding]) -> list[str]:
    """The findings as an audit line may hold them: how many of which kind."""
    counts = Counter(finding.sign for finding in findings)
    return [f"{sign.name.lower()} {count}" for sign, count in sorted(counts.items())]


def _people(session: Session, writing: Writing) -> tuple[Group | None, Person | None]:
    """The group and the person that a document is about; raises `BadInput` or `NotFound`."""
    kind = writing.kind
    if kind is DocumentKind.READING:
        if writing.group is not None or writing.person is not None:
            raise BadInput("a reading list is about nobody: leave out --group and --person")
        return None, None
    if kind not in ABOUT_ONE:
        if writing.person is not None:
            raise BadInput(f"a document of kind {kind} is about the whole group: no --person")
        if writing.group is None:
            raise BadInput(f"say about which group: --kind {kind} --group CODE")
        return find_group(session, writing.group), None
    if writing.person is None:
        raise BadInput(f"say about whom: --kind {kind} --person CODE")
    person = find_person(session, writing.person)
    if writing.group is not None and person.group != find_group(session, writing.group):
        raise BadInput(f"{person.code} belongs to group {person.group.code}, not {writing.group}")
    if person.role is not Role.PATIENT:
        raise BadInput(f"{person.code} is no patient but {person.role}; see: mbtg person list")
    return person.group, person


def _refuse_day(writing: Writing) -> None:
    minutes = writing.kind is DocumentKind.MINUTES
    if minutes and writing.held_on is None:
        raise BadInput("say when the session was: --held-on DATE")
    if not minutes and writing.held_on is not None:
        raise BadInput("--held-on is the day of a session: it goes with --kind minutes")


def _refuse_title(title: str) -> str:
    whole = " ".join(tidied(title).split())
    if len(whole) > _MOST_TITLE:
        raise BadInput(f"a title has at most {_MOST_TITLE} letters")
    return whole


def persons_of(document: Document) -> list[Person]:
    """Whom a document is about: one patient, every patient of its group, or nobody."""
    if document.person is not None:
        return [document.person]
    if document.group is None or document.kind is DocumentKind.READING:
        return []
    return [person for person in document.group.persons if person.role is Role.PATIENT]


def _note(
    session: Session, document: Document, deed: str, findings: Sequence[Finding] | None = None
) -> None:
    """The audit line of a deed: it names whom the document is about, so that they find it."""
    about = [person.code for person in persons_of(document)]
    group = [] if document.group is None else [document.group.code]
    found = {"overridden": _counted(findings)} if findings else {}
    audit.append(session, audit.Act.DOCUMENT, document.name, *group, *about, deed=deed, **found)


def add_document(session: Session, writing: Writing, *, delete_by: date, on: date) -> Document:
    """A new document, sealed; raises `BadInput` or `NotFound`.

    `on` is today, which tells a day of birth from that of a session.
    """
    group, person = _people(session, writing)
    _refuse_day(writing)
    author = None if writing.author is None else find_person(session, writing.author)
    if author is not None and author.role is Role.PATIENT:
        raise BadInput(f"{author.code} is a patient; --author is the participant who wrote it")
    title, text = _refuse_title(writing.title), tidied(writing.text)
    if person is not None:
        _refuse_length(writing.kind, text, person.code)
    findings = signs_in(writing.kind, title, text, on=on)
    _refuse_signs(findings, writing.override)
    now = datetime.now(UTC)
    document = Document(
        kind=writing.kind,
        group=group,
        person=person,
        author=None if author is None else author.code,
        course=writing.course,
        held_on=writing.held_on,
        title=title,
        text=text,
        override=writing.override if findings else None,
        made_at=now,
        changed_at=now,
        delete_by=delete_by,
    )
    session.add(document)
    session.flush()
    _note(session, document, "add", findings)
    return document


def change_document(
    session: Session,
    document: Document,
    *,
    on: date,
    text: str | None = None,
    title: str | None = None,
    override: str | None = None,
    seen: int | None = None,
) -> Document:
    """The document with another text or title, checked as a new one is.

    With `seen`, the revision that the change was made on, a newer one raises `ChangedMeanwhile`.
    """
    if seen is not None and seen != document.revision:
        raise ChangedMeanwhile(
            f"{document.name} was changed elsewhere since it was read. Nothing was overwritten: "
            "look at it again, then change it."
        )
    new_title = document.title if title is None else _refuse_title(title)
    new_text = document.text if text is None else tidied(text)
    if document.person is not None:
        _refuse_length(document.kind, new_text, document.person.code)
    findings = signs_in(document.kind, new_title, new_text, on=on)
    _refuse_signs(findings, override)
    document.title, document.text = new_title, new_text
    document.override = override if findings else None
    document.changed_at = datetime.now(UTC)
    session.flush()
    _note(session, document, "edit", findings)
    return document


def find_document(session: Session, number: int) -> Document:
    """Document with this number; raises `NotFound`, saying since when if it was shredded."""
    document = session.get(Document, number)
    if document is None:
        day = audit.shredded_on(session, f"D{number}")
        if day is not None:
            raise NotFound(f"D{number} was shredded on {day}. Why: mbtg audit list --act shred")
        raise NotFound(f"There is no document D{number}. See: mbtg dossier list")
    return document


def list_documents(
    session: Session,
    *,
    group: str | None = None,
    author: str | None = None,
    kind: DocumentKind | None = None,
) -> Sequence[Document]:
    """Documents, oldest id first: of one group, by one author, of one kind."""
    query = select(Document).order_by(Document.id)
    if group is not None:
        query = query.where(Document.group_id == find_group(session, group).id)
    if author is not None:
        query = query.where(Document.author == find_person(session, author).code)
    if kind is not None:
        query = query.where(Document.kind == kind)
    return session.scalars(query).all()
