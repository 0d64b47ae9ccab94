"""Fixtures: a library in which much is written, without a single picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import Group, Person, Use
from mbtg_video.dossier.model import Document, DocumentKind
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.gathering.model import Gathering
from mbtg_video.library import Library
from mbtg_video.recording.access import find_recording
from mbtg_video.search.find import Found, find
from mbtg_video.settings import Language
from mbtg_video.supervision.playlist import new_playlist
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
from mbtg_video.transcript.model import Cue, Transcript
from mbtg_video.vault.model import SealedObject
from tests.recorded import recorded

DAY = date(2026, 3, 13)
NOW = datetime(2026, 3, 14, tzinfo=UTC)


def at(seconds: float) -> Timecode:
    return Timecode(int(seconds * 1_000_000))


@dataclass(frozen=True)
class Written:
    """A library, what to write into it and what is found."""

    library: Library

    def __call__(self, query: str, **how) -> list[str]:
        """Ids of the hits, in order."""
        return [hit.id for hit in self.find(query, **how).hits]

    def find(self, query: str, **how) -> Found:
        with self.library.transaction() as session:
            return find(session, query, **({"language": Language.EN, "on": DAY} | how))

    def do(self, deed: Callable[[Session], object]) -> None:
        with self.library.transaction() as session:
            deed(session)

    def tag(self, recording: int, second: float, **mark) -> str:
        with self.library.transaction() as session:
            if "item" in mark:
                mark.setdefault("scale", "mbt-g-aqs")
            row = find_recording(session, recording)
            return add_tag(session, row, Mark(start=at(second), **mark), on=DAY).name

    def lane(self, recording: int, *said: tuple[str | None, str]) -> int:
        with self.library.transaction() as session:
            cues = [
                Cue(start=at(n), end=at(n + 1), speaker=speaker, text=text)
                for n, (speaker, text) in enumerate(said, start=1)
            ]
            lane = Transcript(recording_id=recording, title="Lane", made_at=NOW, cues=cues)
            session.add(lane)
            session.flush()
            return lane.id

    def gathered(self) -> str:
        """All that is gathered, opened."""
        with self.library.transaction() as session:
            return "\n".join(session.scalars(select(Gathering.texts)))


def excerpt_of(library: Library, session: Session, recording: int, title: str, question=None):
    number = session.query(Excerpt).count() + 1
    key = library.ring.wrap_data_key(f"x{number:031x}", bytes(32))
    session.add(SealedObject(id=f"x{number:031x}", wrapped_key=key, size=0))
    session.flush()
    made = Excerpt(
        recording_id=recording,
        object_id=f"x{number:031x}",
        start=at(10),
        end=at(20),
        first_frame=at(10),
        title=title,
        question=question,
        receipt={},
        made_at=NOW,
        own_delete_by=None,
    )
    session.add(made)
    session.flush()
    return made


def document(session: Session, title: str, text: str) -> Document:
    made = Document(
        kind=DocumentKind.MINUTES,
        group=session.scalars(select(Group)).first(),
        held_on=DAY,
        title=title,
        text=text,
        made_at=NOW,
        changed_at=NOW,
        delete_by=date(2027, 3, 13),
    )
    session.add(made)
    session.flush()
    return made


def playlist(session: Session, title: str):
    return new_playlist(session, title, Use.SUPERVISION)


@pytest.fixture
def written(consenting) -> Written:
    """Recordings R1 (13 March) with P1 and T1, and R2 (17 April) with P2 and T1."""
    with consenting.transaction() as session:
        people = {one.code: one for one in session.scalars(select(Person))}
        group = session.scalars(select(Group)).one()
        for patient, on in (("P1", DAY), ("P2", date(2026, 4, 17))):
            recorded(consenting, session, group, [people[patient], people["T1"]], on=on)
    return Written(consenting)
