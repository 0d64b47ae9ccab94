"""An agenda from the library's rows: ids, lengths, codes and items; texts only when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import counted
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import CourseDay, Programme
from mbtg_video.course.timetable import slot_of, timetable
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.leave import against_leaving
from mbtg_video.rating.report.printable import cleaned
from mbtg_video.scale import find_scale
from mbtg_video.settings import Language
from mbtg_video.supervision.agenda.content import (
    Agenda,
    Line,
    Sitting,
    Slotted,
    agenda_word,
    long_date,
)
from mbtg_video.supervision.filling import Presenters, items_of, length_of
from mbtg_video.supervision.held import judged_on, programme_of, still_held
from mbtg_video.supervision.model import Entry, EntryKind, Playlist
from mbtg_video.supervision.playlist import fit_of

_STEPS: Final = {
    EntryKind.ROLEPLAY: "roleplay",
    EntryKind.MINUTES: "minutes_text",
    EntryKind.THEORY: "theory_step",
    EntryKind.DISCUSSION: "discussion",
}
_SECOND: Final = timedelta(seconds=1)


def _clock(length: timedelta) -> str:
    """Minutes and seconds, rounded up to the second."""
    minutes, seconds = divmod(-(-length // _SECOND), 60)
    return f"{minutes}:{seconds:02d}"


class _Builder:
    def __init__(self, session: Session, language: Language, on: date, titles: bool) -> None:
        self.session, self.language, self.on, self.titles = session, language, on, titles
        self.warnings: list[str] = []

    def word(self, key: str) -> str:
        return agenda_word(key, self.language)

    def _takes(self, entry: Entry) -> str:
        minutes = "" if entry.minutes is None else f"{entry.minutes} {self.word('minutes')}"
        if entry.excerpt is None:
            return minutes
        talk = f" + {minutes} {self.word('talk')}" if minutes else ""
        return f"{_clock(length_of(entry.excerpt))}{talk}"

    def _barred(self, playlist: Playlist, entry: Entry) -> str:
        if entry.excerpt is None:
            return ""
        told = [
            f"{entry.excerpt.name} on {day.isoformat()}: {' '.join(reasons)}"
            for day in judged_on(playlist, self.on)
            if (reasons := against_leaving(self.session, entry.excerpt, playlist.use, day))
        ]
        if playlist.held_on is not None and entry.excerpt.gone_by(playlist.held_on):
            told.append(
                f"{entry.excerpt.name} on {playlist.held_on.isoformat()}: it is deleted on "
                f"{entry.excerpt.delete_by.isoformat()}, before it could be shown"
            )
        self.warnings += told
        return self.word("barred") if told else ""

    def _line(self, playlist: Playlist, entry: Entry, presenters: Presenters, scale: str) -> Line:
        excerpt = entry.excerpt
        if excerpt is None:
            name, whose, items = self.word(_STEPS[entry.kind]), "", frozenset[int]()
            texts = [entry.text]
        else:
            name, whose = excerpt.name, presenters.of(excerpt.recording) or ""
            items = items_of(self.session, excerpt, scale)
            texts = [excerpt.title, excerpt.question]
        barred = self._barred(playlist, entry)
        return Line(
            position=entry.position,
            name=name,
            takes=self._takes(entry),
            presenter=whose,
            items=tuple(sorted(items)),
            # What is said of people who may not be shown stays in the library, too.
            texts=tuple(text for text in texts if text) if self.titles and not barred else (),
            barred=barred,
        )

    def sitting(self, playlist: Playlist, scale: str) -> Sitting:
        """A playlist as it stands on the agenda."""
        presenters = Presenters(self.session, playlist.course, playlist.course_day)
        fits = fit_of(playlist)
        slot = f" {self.word('of')} {_clock(fits.slot)}" if fits.slot is not None else ""
        return Sitting(
            name=playlist.name,
            title=playlist.title if self.titles else "",
            takes=f"{self.word('takes')} {_clock(fits.total)}{slot} {self.word('minutes')}",
            lines=tuple(self._line(playlist, e, presenters, scale) for e in playlist.entries),
        )

    def facts(self, programme: Programme, day: CourseDay) -> list[tuple[str, str]]:
        """What the programme says of a day."""
        told = [
            (self.word("place"), programme.place),
            (self.word("theme"), day.spoken(self.language)),
            (self.word("roleplay"), self.word(day.roleplay.value)),
        ]
        if day.scoring:
            told.append((self.word("scoring"), self.word("scored")))
        return told

    def duties(self, programme: Programme, day: CourseDay) -> list[tuple[str, str]]:
        """Who does what, by code."""
        query = select(Duty).where(Duty.course == programme.id, Duty.day == day.number)
        rows = self.session.scalars(query).all()
        told = []
        for kind in (DutyKind.CLINICAL, DutyKind.COTHERAPIST, DutyKind.THEORY):
            codes = sorted((row.person.code for row in rows if row.kind is kind), key=counted)
            if codes:
                told.append((self.word(kind.value), ", ".join(codes)))
        return told

    def characters(self, programme: Programme) -> list[tuple[str, str]]:
        """Whom everybody plays, by code."""
        query = select(CourseMember).where(CourseMember.course == programme.id)
        rows = sorted(self.session.scalars(query), key=lambda row: counted(row.person.code))
        return [(row.person.code, row.character) for row in rows if row.character]

    def focus(self, programme: Programme, day: CourseDay) -> list[tuple[int, str]]:
        """The day's items with their names."""
        scale = find_scale(programme.scale)
        return [(number, scale.item(number).spoken(self.language)) for number in day.focus]


def course_agenda(
    session: Session,
    programme: Programme,
    number: int,
    *,
    language: Language,
    on: date,
    titles: bool = False,
    characters: bool = False,
) -> Agenda:
    """The agenda of a course day: every slot at its settled time, and what is held in it.

    Without `titles`, and the `characters` of the role-play, it holds no text of the library.
    Raises `NotFound`, and `BadInput` until the times are settled and where the day or a slot that
    is used was changed since.
    """
    day = programme.day(number)
    builder = _Builder(session, language, on, titles)
    query = select(Playlist).where(
        Playlist.course == programme.id, Playlist.course_day == day.number
    )
    held: Sequence[Playlist] = session.scalars(query.order_by(Playlist.id)).all()
    for playlist in held:
        still_held(playlist, programme)
    slots = []
    for slot in timetable(session, programme):
        sittings = tuple(
            builder.sitting(playlist, programme.scale)
            for playlist in held
            if playlist.slot == slot.key
        )
        name = slot.spoken(language)
        slots.append(Slotted(f"{slot.start:%H:%M}", f"{slot.end:%H:%M}", name, sittings))
    return cleaned(
        Agenda(
            language=language,
            title=f"{builder.word('day')} {day.number}, {long_date(day.date, language)}",
            subtitle=programme.title.spoken(language),
            on=day.date,
            facts=tuple(builder.facts(programme, day)),
            duties=tuple(builder.duties(programme, day)),
            characters=tuple(builder.characters(programme)) if characters else (),
            focus=tuple(builder.focus(programme, day)),
            slots=tuple(slots),
            warnings=tuple(builder.warnings),
        )
    )


def playlist_agenda(
    session: Session,
    playlist: Playlist,
    *,
    scale: str,
    language: Language,
    on: date,
    titles: bool = False,
) -> Agenda:
    """The agenda of one session, on a course day or outside of any course.

    `scale` is whose items are named outside of a course. Raises `BadInput` when it is not known
    when it is held.
    """
    if playlist.held_on is None:
        raise BadInput(
            f"It is not known when {playlist.name} is held. Say it: mbtg playlist hold "
            f"{playlist.name} --on DATE"
        )
    builder = _Builder(session, language, on, titles)
    held = programme_of(playlist)
    start = end = ""
    name = builder.word("session")
    if held is not None and playlist.slot is not None:
        slot = slot_of(session, held[0], playlist.slot)
        start, end, name = f"{slot.start:%H:%M}", f"{slot.end:%H:%M}", slot.spoken(language)
    sitting = builder.sitting(playlist, held[0].scale if held else scale)
    return cleaned(
        Agenda(
            language=language,
            title=f"{builder.word('session')}, {long_date(playlist.held_on, language)}",
            subtitle=held[0].title.spoken(language) if held else playlist.name,
            on=playlist.held_on,
            facts=tuple(builder.facts(*held)) if held else (),
            duties=tuple(builder.duties(*held)) if held else (),
            characters=(),
            focus=tuple(builder.focus(*held)) if held else (),
            slots=(Slotted(start, end, name, (sitting,)),),
            warnings=tuple(builder.warnings),
        )
    )
