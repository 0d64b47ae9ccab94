"""Who has presented what in a course so far, and which items in focus were seen in clips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video.consent.model import counted
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import CourseDay, Programme
from mbtg_video.errors import NotFound
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.model import Kind, Recording
from mbtg_video.supervision.model import Playlist
from mbtg_video.tag.mark import items_in


@dataclass(frozen=True, slots=True)
class Shown:
    """An excerpt shown on a course day: by whom, how long, and the day's items tagged in it."""

    day: int
    excerpt: str
    kind: Kind
    participants: tuple[str, ...]
    length: timedelta
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Presented:
    """One participant so far; days and items are numbers, each once.

    `without_clip` are past days with the duty to present excerpts on which none was shown.
    """

    participant: str
    group: str | None
    excerpts: tuple[str, ...]
    roleplays: tuple[str, ...]
    shown: timedelta
    items: tuple[int, ...]
    days: tuple[int, ...]
    without_clip: tuple[int, ...]
    done: dict[DutyKind, tuple[int, ...]]
    planned: dict[DutyKind, tuple[int, ...]]

    @property
    def presented(self) -> bool:
        """Whether anything of theirs was shown."""
        return bool(self.excerpts or self.roleplays)


@dataclass(frozen=True, slots=True)
class DayCovered:
    """One course day: what was shown, its items in focus, and who has which duty."""

    day: int
    on: date
    held: bool
    excerpts: tuple[str, ...]
    participants: tuple[str, ...]
    shown: timedelta
    covered: tuple[int, ...]
    not_yet: tuple[int, ...]
    duties: dict[DutyKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Progress:
    """A course as it stands on the day `on`."""

    course: str
    on: date
    participants: tuple[Presented, ...]
    days: tuple[DayCovered, ...]


def progress(session: Session, programme: Programme, on: date) -> Progress:
    """What was shown on the course days through `on`, by participant and by day.

    Shown is what stands in a playlist that is held on a course day. It is a participant's when the
    recording is of their own group, or a role-play in which they take part. An item is covered
    when a tag of the programme's scale with it lies in what the excerpt shows, even in part.
    """
    members = sorted(
        session.scalars(select(CourseMember).where(CourseMember.course == programme.id)),
        key=lambda member: counted(member.person.code),
    )
    shown = list(_shown(session, programme, members, on))
    duties = session.scalars(
        select(Duty).where(Duty.course == programme.id).order_by(Duty.day)
    ).all()
    return Progress(
        programme.id,
        on,
        tuple(_presented(member, shown, duties, programme, on) for member in members),
        tuple(_covered(day, shown, duties, on) for day in programme.days),
    )


def _day_of(programme: Programme, playlist: Playlist) -> CourseDay | None:
    """The course day on which a playlist is held; None for a day that the programme has not."""
    if playlist.course_day is None:
        return next((day for day in programme.days if day.date == playlist.held_on), None)
    try:
        return programme.day(playlist.course_day)
    except NotFound:  # the programme was changed since
        return None


def _shown(
    session: Session, programme: Programme, members: Sequence[CourseMember], on: date
) -> Iterator[Shown]:
    seen: set[tuple[int, int]] = set()
    playlists = session.scalars(
        select(Playlist).where(Playlist.course == programme.id).order_by(Playlist.id)
    )
    for playlist in playlists:
        day = _day_of(programme, playlist)
        if day is None or (playlist.held_on or day.date) > on:
            continue
        for entry in playlist.entries:
            excerpt = entry.excerpt
            # Watched again the same day, it is the same clip.
            if excerpt is None or (day.number, excerpt.id) in seen:
                continue
            seen.add((day.number, excerpt.id))
            yield Shown(
                day.number,
                excerpt.name,
                excerpt.recording.kind,
                tuple(m.person.code for m in members if _theirs(m, excerpt.recording)),
                timedelta(microseconds=excerpt.receipt["duration_us"]),
                _items(session, programme, day, excerpt),
            )


def _theirs(member: CourseMember, recording: Recording) -> bool:
    if recording.kind is Kind.ROLEPLAY:
        return any(person.id == member.person_id for person in recording.present)
    return member.group_id == recording.group_id


def _items(
    session: Session, programme: Programme, day: CourseDay, excerpt: Excerpt
) -> tuple[int, ...]:
    """The day's items in focus that are tagged in an excerpt, in the programme's order."""
    tagged = items_in(session, excerpt.recording, excerpt.shown, programme.scale)
    return tuple(item for item in day.focus if item in tagged)


def _presented(
    member: CourseMember,
    shown: Sequence[Shown],
    duties: Sequence[Duty],
    programme: Programme,
    on: date,
) -> Presented:
    code = member.person.code
    theirs = [one for one in shown if code in one.participants]
    over = {day.number for day in programme.days if day.date <= on}
    days = tuple(sorted({one.day for one in theirs}))

    def of(kind: DutyKind, *, past: bool) -> tuple[int, ...]:
        return tuple(
            duty.day
            for duty in duties
            if duty.person_id == member.person_id
            and duty.kind is kind
            and (duty.day in over) is past
        )

    def names(kind: Kind) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.excerpt for one in theirs if one.kind is kind))

    return Presented(
        participant=code,
        group=None if member.group is None else member.group.code,
        excerpts=names(Kind.THERAPY),
        roleplays=names(Kind.ROLEPLAY),
        shown=sum((one.length for one in theirs), timedelta()),
        items=tuple(sorted({item for one in theirs for item in one.items})),
        days=days,
        without_clip=tuple(day for day in of(DutyKind.CLINICAL, past=True) if day not in days),
        done={kind: of(kind, past=True) for kind in DutyKind},
        planned={kind: of(kind, past=False) for kind in DutyKind},
    )


def _covered(
    day: CourseDay, shown: Sequence[Shown], duties: Sequence[Duty], on: date
) -> DayCovered:
    that_day = [one for one in shown if one.day == day.number]
    seen = {item for one in that_day for item in one.items}
    codes = {code for one in that_day for code in one.participants}

    def those(kind: DutyKind) -> tuple[str, ...]:
        found = {d.person.code for d in duties if d.day == day.number and d.kind is kind}
        return tuple(sorted(found, key=counted))

    return DayCovered(
        day=day.number,
        on=day.date,
        held=day.date <= on,
        excerpts=tuple(one.excerpt for one in that_day),
        participants=tuple(sorted(codes, key=counted)),
        shown=sum((one.length for one in that_day), timedelta()),
        covered=tuple(item for item in day.focus if item in seen),
        not_yet=tuple(item for item in day.focus if item not in seen),
        duties={kind: those(kind) for kind in DutyKind},
    )
