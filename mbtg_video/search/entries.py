"""What there is little of, so that it is opened anew for each query: all but tags and cues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Group, Person, Role
from mbtg_video.dossier.model import Document
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.gathering.lines import folded
from mbtg_video.rating.model import Scoring
from mbtg_video.recording.model import Kind, Recording, presence
from mbtg_video.search.query import What
from mbtg_video.settings import Language
from mbtg_video.supervision.model import Entry as Step
from mbtg_video.supervision.model import Playlist
from mbtg_video.timecode import Timecode


class Where(StrEnum):
    """In which of its texts something was found."""

    LABEL = "label"
    NOTE = "note"
    SPEAKER = "speaker"
    TEXT = "text"
    TITLE = "title"
    QUESTION = "question"
    NAME = "name"
    FILE = "file"
    STEP = "step"
    ITEM = "item"
    CODE = "code"


_SPOKEN: Final = MappingProxyType(
    {
        Role.PATIENT: ("patient", "pasient"),
        Role.THERAPIST: ("therapist", "terapeut"),
        Role.COTHERAPIST: ("cotherapist", "koterapeut"),
        Role.PARTICIPANT: ("participant", "deltaker"),
        Role.OBSERVER: ("observer", "observatør"),
        Kind.THERAPY: ("therapy", "terapi"),
        Kind.ROLEPLAY: ("roleplay", "rollespill"),
    }
)


def _spoken(value: Role | Kind, language: Language) -> str:
    english, norwegian = _SPOKEN[value]
    return norwegian if language is Language.NB else english


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an entry belongs to: numbers of recordings, folded codes of groups and persons."""

    recordings: frozenset[int] = frozenset()
    groups: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def __or__(self, other: Scope) -> Scope:
        return Scope(
            recordings=self.recordings | other.recordings,
            groups=self.groups | other.groups,
            persons=self.persons | other.persons,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that may be found.

    Words are looked for in `texts`, and compared with its `name`, its folded `codes` and the day.
    `shown` says what it is: before a text that holds a word, or when none does.
    """

    what: What
    number: int
    name: str
    texts: tuple[tuple[Where, str], ...] = ()
    codes: frozenset[str] = frozenset()
    scope: Scope = Scope()
    on: date | None = None
    author: str | None = None
    shown: str = ""
    recording: int | None = None
    start: Timecode | None = None
    end: Timecode | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The groups, persons and recordings of a library, and what belongs to each recording."""

    groups: dict[int, tuple[str, str]]
    """Code and name by number."""
    persons: dict[int, tuple[str, Role, int]]
    """Code, role and number of the group by number."""
    recordings: dict[int, Entry] = field(default_factory=dict)

    @property
    def person_codes(self) -> set[str]:
        """Folded."""
        return {folded(code) for code, _, _ in self.persons.values()}

    @property
    def group_codes(self) -> set[str]:
        """Folded."""
        return {folded(code) for code, _ in self.groups.values()}

    def scope(self, recording: int | None) -> Scope:
        """What belongs to a recording; nothing when it is gone."""
        entry = None if recording is None else self.recordings.get(recording)
        return Scope() if entry is None else entry.scope

    def day(self, recording: int) -> date | None:
        """When it was recorded."""
        return self.recordings[recording].on


def know(session: Session) -> Known:
    """What the other rows refer to."""
    groups = {row[0]: (row[1], row[2]) for row in
              session.execute(select(Group.id, Group.code, Group.name))}  # fmt: skip
    columns = (Person.id, Person.code, Person.role, Person.group_id)
    persons = {row[0]: (row[1], row[2], row[3]) for row in session.execute(select(*columns))}
    present: dict[int, set[str]] = defaultdict(set)
    for recording, person in session.execute(select(presence)):
        present[recording].add(folded(persons[person][0]))
    known = Known(groups, persons)
    rows = session.execute(
        select(Recording.id, Recording.group_id, Recording.kind, Recording.recorded_on,
               Recording.file_name)
    )  # fmt: skip
    for number, group, kind, on, file_name in rows:
        code, name = groups[group]
        known.recordings[number] = Entry(
            what=What.RECORDING,
            number=number,
            name=f"R{number}",
            texts=((Where.NAME, name), (Where.FILE, file_name)),
            codes=frozenset({folded(code), *present[number], *_SPOKEN[kind]}),
            scope=Scope(
                recordings=frozenset({number}),
                groups=frozenset({folded(code)}),
                persons=frozenset(present[number]),
            ),
            on=on,
            recording=number,
        )
    return known


def persons(known: Known, language: Language) -> Iterator[Entry]:
    """Every person, by code, role and group."""
    for number, (code, role, group) in known.persons.items():
        group_code, group_name = known.groups[group]
        yield Entry(
            what=What.PERSON,
            number=number,
            name=code,
            texts=((Where.NAME, group_name),),
            codes=frozenset({folded(group_code), *_SPOKEN[role]}),
            scope=Scope(groups=frozenset({folded(group_code)}), persons=frozenset({folded(code)})),
            shown=f"{_spoken(role, language)}, {group_code}",
        )


def _texts(*pairs: tuple[Where, str | None]) -> tuple[tuple[Where, str], ...]:
    return tuple((where, text) for where, text in pairs if text)


def excerpts(session: Session, known: Known) -> Iterator[Entry]:
    """Every excerpt, by title and question."""
    columns = (Excerpt.id, Excerpt.recording_id, Excerpt.start, Excerpt.end, Excerpt.title,
               Excerpt.question)  # fmt: skip
    for number, recording, start, end, title, question in session.execute(select(*columns)):
        yield Entry(
            what=What.EXCERPT,
            number=number,
            name=f"X{number}",
            texts=_texts((Where.TITLE, title), (Where.QUESTION, question)),
            codes=frozenset({f"r{recording}"}),
            scope=known.scope(recording),
            on=known.day(recording),
            recording=recording,
            start=start,
            end=end,
        )


def playlists(session: Session, known: Known) -> Iterator[Entry]:
    """Every playlist, by title and the texts of its steps; it belongs where its excerpts do."""
    steps: dict[int, list[str]] = defaultdict(list)
    scopes: dict[int, Scope] = defaultdict(Scope)
    rows = select(Step.playlist_id, Step.text, Excerpt.recording_id).join(
        Excerpt, Step.excerpt_id == Excerpt.id, isouter=True
    )
    for playlist, text, recording in session.execute(rows.order_by(Step.position)):
        steps[playlist] += [text] if text else []
        scopes[playlist] |= known.scope(recording)
    columns = (Playlist.id, Playlist.title, Playlist.held_on, Playlist.made_at)
    for number, title, held_on, made_at in session.execute(select(*columns)):
        yield Entry(
            what=What.PLAYLIST,
            number=number,
            name=f"L{number}",
            texts=_texts((Where.TITLE, title), *((Where.STEP, text) for text in steps[number])),
            scope=scopes[number],
            on=held_on or made_at.date(),
        )


def documents(session: Session, known: Known, readable: set[int]) -> Iterator[Entry]:
    """The documents of the dossier with these numbers, by title and text."""
    columns = (Document.id, Document.group_id, Document.person_id, Document.author,
               Document.held_on, Document.made_at, Document.title, Document.text)  # fmt: skip
    for number, group, person, author, held_on, made_at, title, text in session.execute(
        select(*columns)
    ):
        if number not in readable:
            continue
        codes = {folded(known.groups[group][0])} if group is not None else set()
        about = {folded(known.persons[person][0])} if person is not None else set()
        yield Entry(
            what=What.DOCUMENT,
            number=number,
            name=f"D{number}",
            texts=_texts((Where.TITLE, title), (Where.TEXT, text)),
            codes=frozenset({*codes, *about, *({folded(author)} if author else ())}),
            scope=Scope(groups=frozenset(codes), persons=frozenset(about)),
            on=held_on or made_at.date(),
            author=author,
            shown=title,
        )


def scorings(session: Session, known: Known) -> Iterator[Entry]:
    """Every scoring, by what it is of and about whom: never by what its raters wrote."""
    columns = (Scoring.id, Scoring.sequence, Scoring.recording, Scoring.about, Scoring.held_on,
               Scoring.state)  # fmt: skip
    for number, sequence, recording, about, held_on, state in session.execute(select(*columns)):
        of = int(recording[1:]) if recording[1:].isdecimal() else None
        persons = frozenset({folded(about)} if about else ())
        yield Entry(
            what=What.SCORING,
            number=number,
            name=f"S{number}",
            codes=frozenset({folded(sequence), folded(recording), *persons, str(state)}),
            scope=known.scope(of) | Scope(persons=persons),
            on=held_on,
            shown=", ".join(part for part in (sequence, about) if part),
            recording=of if of in known.recordings else None,
        )
