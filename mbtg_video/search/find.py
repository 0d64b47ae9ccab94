"""Find what a query asks for, over everything that is written in a library.

What is named by its own id or code comes first, then what holds every word whole, then what holds
one as part of a longer word; of each the newest day first, then the time in the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.dossier import access as dossier
from mbtg_video.errors import NotFound
from mbtg_video.gathering.lines import Stamp, folded
from mbtg_video.gathering.model import Gathered
from mbtg_video.recording.access import missing
from mbtg_video.search import entries as few
from mbtg_video.search.entries import Entry, Known, Where
from mbtg_video.search.gather import gathered
from mbtg_video.search.match import LinesFound, Names, Rank, lines_found, passes, rank_of
from mbtg_video.search.query import By, Query, What, parse
from mbtg_video.search.snippet import Piece, pieces
from mbtg_video.settings import Language
from mbtg_video.tag.model import Tag
from mbtg_video.timecode import Timecode
from mbtg_video.transcript import lane
from mbtg_video.transcript.model import Cue

LIMIT: Final = 100
_GATHERED: Final = {What.TAG: Gathered.TAGS, What.TRANSCRIPT: Gathered.CUES}
_ORDER: Final = {what: place for place, what in enumerate(What)}
_Key = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found; `pieces` is a line of its text, with what was looked for."""

    kind: What
    id: str
    recording: str | None
    start: Timecode | None
    end: Timecode | None
    item: int | None
    item_name: str | None
    by: str | None
    on: date | None
    where: Where
    pieces: tuple[Piece, ...]

    @property
    def snippet(self) -> str:
        """The line as plain text."""
        return "".join(text for text, _ in self.pieces)

    def record(self) -> dict[str, Any]:
        """All but its text, as plain values."""
        return {
            "kind": self.kind,
            "id": self.id,
            "recording": self.recording,
            "start_us": self.start and self.start.microseconds,
            "end_us": self.end and self.end.microseconds,
            "item": self.item,
            "item_name": self.item_name,
            "by": self.by,
            "on": self.on,
            "where": self.where,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """How much was found, and one page of it."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    key: _Key
    what: What
    number: int
    entry: Entry


def find(
    session: Session,
    text: str,
    *,
    language: Language,
    on: date,
    offset: int = 0,
    limit: int = LIMIT,
) -> Found:
    """At most `limit` hits from `offset` on, and how many there are in all.

    Raises `BadInput` for a query that cannot be read, and `NotFound` for a code or id in it that
    the library does not have. Transcripts and documents are found by whoever may read them on the
    day `on`; which of them a page shows is written in the audit, what was asked is not.
    """
    query = parse(text)
    known = few.know(session)
    _check_codes(session, query, known)
    wanted = _kinds(query)
    most = offset + limit
    total = 0
    candidates: list[_Candidate] = []
    for entry in _few(session, known, wanted, language, on):
        rank = rank_of(query, entry)
        if rank is not None:
            total += 1
            start = 0 if entry.start is None else entry.start.microseconds
            candidates.append(_candidate(rank, entry, entry.number, start))
    names = Names()
    for what in sorted(wanted & _GATHERED.keys()):
        for lines in _many(session, what, query, known, names, on):
            total += len(lines.places)
            candidates += _best(lines, most)
    candidates.sort(key=lambda one: one.key)
    page = candidates[offset:most]
    found = Found(total, tuple(_hits(session, page, query, names, language)))
    _note(session, found.hits)
    return found


def _note(session: Session, hits: Sequence[Hit]) -> None:
    """The audit line of the documents and transcripts whose words are shown."""
    read = [hit for hit in hits if hit.kind in (What.DOCUMENT, What.TRANSCRIPT)]
    # Whom a transcript is about is known by its recording.
    names = dict.fromkeys(name for hit in read for name in (hit.id, hit.recording) if name)
    if names:
        audit.append(session, Act.VIEW, *names, deed="search")


def _check_codes(session: Session, query: Query, known: Known) -> None:
    for one in query.filters:
        if one.by in (By.AUTHOR, By.PERSON) and one.value not in known.person_codes:
            raise NotFound(f"{one.piece!r}: there is no such person. See: mbtg person list")
        if one.by is By.GROUP and one.value not in known.group_codes:
            raise NotFound(f"{one.piece!r}: there is no such group. See: mbtg group list")
        if one.by is By.RECORDING and one.number not in known.recordings:
            missing(session, f"R{one.number}", "recording")


def _kinds(query: Query) -> set[What]:
    """What may be found at all, so that nothing else is opened."""
    wanted = set(What)
    for one in query.filters:
        if one.by is By.KIND:
            named = {What(one.value)}
            wanted = wanted - named if one.excluded else wanted & named
        elif not one.excluded and one.by in (By.ITEM, By.VALENCE):
            wanted &= {What.TAG}
        elif not one.excluded and one.by is By.AUTHOR:
            wanted &= {What.TAG, What.DOCUMENT}
    return wanted


def _few(
    session: Session, known: Known, wanted: set[What], language: Language, on: date
) -> Iterator[Entry]:
    if What.RECORDING in wanted:
        yield from known.recordings.values()
    if What.PERSON in wanted:
        yield from few.persons(known, language)
    for what, opened in (
        (What.EXCERPT, few.excerpts),
        (What.PLAYLIST, few.playlists),
        (What.SCORING, few.scorings),
    ):
        if what in wanted:
            yield from opened(session, known)
    if What.DOCUMENT in wanted:
        yield from few.documents(session, known, dossier.readable(session, on=on))


def _many(
    session: Session, what: What, query: Query, known: Known, names: Names, on: date
) -> Iterator[LinesFound]:
    """What is found of each recording's tags or cues, the newest recording first."""
    about = Query(filters=tuple(f for f in query.filters if f.by not in _OF_A_LINE))
    common = {
        number: replace(entry, what=what, texts=(), codes=frozenset({f"r{number}"}))
        for number, entry in known.recordings.items()
    }
    possible = {number for number, entry in common.items() if passes(about, entry, Stamp())}
    if what is What.TRANSCRIPT:
        possible &= lane.readable(session, on=on)
    for number, lines in gathered(session, _GATHERED[what], possible):
        yield lines_found(query, common[number], lines, names)


_OF_A_LINE: Final = frozenset({By.ITEM, By.VALENCE, By.AUTHOR})


def _best(found: LinesFound, most: int) -> Iterator[_Candidate]:
    """The hits of a recording that may be on the page."""
    lines = found.lines
    for place, rank in found.ranked(most):
        yield _candidate(rank, found.entry, lines.ids[place], lines.starts[place])


def _candidate(rank: Rank, entry: Entry, number: int, start: int) -> _Candidate:
    day = date.max if entry.on is None else entry.on
    key = (rank, -day.toordinal(), -(entry.recording or 0), start, _ORDER[entry.what], number)
    return _Candidate(key, entry.what, number, entry)


def _hits(
    session: Session, page: Sequence[_Candidate], query: Query, names: Names, language: Language
) -> Iterator[Hit]:
    tags = _tags(session, [one.number for one in page if one.what is What.TAG])
    cues = _cues(session, [one.number for one in page if one.what is What.TRANSCRIPT])
    for one in page:
        if one.what is What.TAG:
            yield _tag_hit(tags[one.number], one.entry, query, names, language)
        elif one.what is What.TRANSCRIPT:
            yield _cue_hit(cues[one.number], one.entry, query)
        else:
            yield _hit(one.entry, query)


def _tags(session: Session, numbers: Sequence[int]) -> dict[int, Any]:
    columns = (Tag.id, Tag.start, Tag.end, Tag.scale, Tag.item, Tag.author, Tag.label, Tag.note)
    return {row.id: row for row in session.execute(select(*columns).where(Tag.id.in_(numbers)))}


def _cues(session: Session, numbers: Sequence[int]) -> dict[int, Any]:
    columns = (Cue.id, Cue.transcript_id, Cue.start, Cue.end, Cue.speaker, Cue.text)
    return {row.id: row for row in session.execute(select(*columns).where(Cue.id.in_(numbers)))}


def _where(
    texts: Iterable[tuple[Where, str]], words: Sequence[str], item: str = ""
) -> tuple[Where, str]:
    """The first text that holds one of the words; else that it was an item's name, or a code."""
    for where, text in texts:
        small = folded(text)
        if any(word in small for word in words):
            return where, text
    if any(word in item for word in words):
        return Where.ITEM, ""
    return Where.CODE, ""


def _hit(entry: Entry, query: Query) -> Hit:
    where, text = _where(entry.texts, query.wanted)
    # What it is comes before a text that does not say so, and is never cut off.
    told = f"{entry.shown}: " if entry.shown and text and where is not Where.TITLE else ""
    text = text or entry.shown or next((text for _, text in entry.texts), "")
    return Hit(
        kind=entry.what,
        id=entry.name,
        recording=None if entry.recording is None else f"R{entry.recording}",
        start=entry.start,
        end=entry.end,
        item=None,
        item_name=None,
        by=entry.author,
        on=entry.on,
        where=where,
        pieces=((told, False), *pieces(text, query.wanted)) if told else pieces(text, query.wanted),
    )


def _tag_hit(row: Any, of: Entry, query: Query, names: Names, language: Language) -> Hit:  # noqa: ANN401
    texts = [(w, t) for w, t in ((Where.LABEL, row.label), (Where.NOTE, row.note)) if t]
    where, text = _where(texts, query.wanted, names.of(row.scale, row.item))
    named = names.item(row.scale, row.item)
    text = text or next((text for _, text in texts), "")
    return Hit(
        kind=What.TAG,
        id=f"T{row.id}",
        recording=of.name,
        start=row.start,
        end=row.end,
        item=row.item,
        item_name=named and named[0 if language is Language.NB else 1],
        by=row.author,
        on=of.on,
        where=where,
        pieces=pieces(text, query.wanted),
    )


def _cue_hit(row: Any, of: Entry, query: Query) -> Hit:  # noqa: ANN401
    spoken = f"{row.speaker}: {row.text}" if row.speaker else row.text
    texts = ((Where.TEXT, row.text), (Where.SPEAKER, row.speaker or ""))
    where, _ = _where(texts, query.wanted)
    return Hit(
        kind=What.TRANSCRIPT,
        id=f"W{row.transcript_id}",
        recording=of.name,
        start=row.start,
        end=row.end,
        item=None,
        item_name=None,
        by=None,
        on=of.on,
        where=where,
        pieces=pieces(spoken, query.wanted),
    )
