"""Fill a playlist's slot from the library: what may be shown that day, chosen by `fill`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mbtg_video import audit
from mbtg_video.consent.model import Use, counted
from mbtg_video.course.model import CourseMember, Duty, DutyKind
from mbtg_video.course.programme import Programme
from mbtg_video.errors import BadInput
from mbtg_video.excerpt.leave import against_leaving
from mbtg_video.excerpt.make import list_excerpts
from mbtg_video.excerpt.model import Excerpt
from mbtg_video.recording.model import Kind, Recording
from mbtg_video.supervision.fill import Filled, fill
from mbtg_video.supervision.fill_case import Candidate, FillCase
from mbtg_video.supervision.fit import Fit
from mbtg_video.supervision.held import judged_on, programme_of
from mbtg_video.supervision.model import Entry, Playlist
from mbtg_video.supervision.playlist import add_excerpts, fit_of
from mbtg_video.tag.mark import items_in


class Presenters:
    """Whose a recording is in a course, and who of them presents on its day."""

    def __init__(self, session: Session, course: str | None, day: int | None) -> None:
        members: Sequence[CourseMember] = ()
        duties: Sequence[Duty] = ()
        if course is not None:
            query = select(CourseMember).where(CourseMember.course == course)
            members = session.scalars(query).all()
            presenting = select(Duty).where(
                Duty.course == course, Duty.day == day, Duty.kind == DutyKind.CLINICAL
            )
            duties = session.scalars(presenting).all()
        self._members = sorted(members, key=lambda member: counted(member.person.code))
        self.on_duty = sorted((duty.person.code for duty in duties), key=counted)

    def of(self, recording: Recording) -> str | None:
        """Whose it is: who presents its group, or who is seen in the role-play; None if nobody.

        Where several are, one who is on duty comes first, else the one whose code comes first.
        """
        if recording.kind is Kind.ROLEPLAY:
            seen = {person.code for person in recording.present}
            codes = [m.person.code for m in self._members if m.person.code in seen]
        else:
            codes = [m.person.code for m in self._members if m.group_id == recording.group_id]
        return min(codes, key=lambda code: code not in self.on_duty, default=None)

    def refusal(self, recording: Recording) -> str | None:
        """Why nothing of it is shown on a day that others present on."""
        if not self.on_duty or self.of(recording) in self.on_duty:
            return None
        return f"the presenters of the day are {', '.join(self.on_duty)}"


def length_of(excerpt: Excerpt) -> timedelta:
    """How long an excerpt plays."""
    return timedelta(microseconds=excerpt.receipt["duration_us"])


def items_of(session: Session, excerpt: Excerpt, scale: str) -> frozenset[int]:
    """Items of a scale that are tagged in an excerpt."""
    return items_in(session, excerpt.recording, excerpt.shown, scale)


def _shown(session: Session, playlist: Playlist, until: date) -> list[tuple[Playlist, Entry]]:
    """Excerpts in other playlists that are held by the day, the earliest first."""
    rows = session.scalars(
        select(Playlist)
        .where(Playlist.held_on.is_not(None), Playlist.held_on <= until, Playlist.id != playlist.id)
        .order_by(Playlist.held_on, Playlist.id)
    )
    return [(row, entry) for row in rows for entry in row.entries if entry.excerpt is not None]


def _covered(excerpt: Excerpt, shown: Excerpt) -> bool:
    """Whether more than half of an excerpt lies in one that was shown."""
    span, other = excerpt.shown, shown.shown
    if excerpt.recording_id != shown.recording_id or not span.overlaps(other):
        return False
    shared = min(span.end, other.end) - max(span.start, other.start)
    return shared * 2 > span.length


def _against(session: Session, use: Use, excerpt: Excerpt, days: Sequence[date]) -> str | None:
    """Why an excerpt may not be shown on one of the days; None when it may."""
    told = []
    for day in days:
        reasons = against_leaving(session, excerpt, use, day)
        told += [f"on {day.isoformat()}: {' '.join(reasons)}"] if reasons else []
    return " ".join(told) or None


def _takes(entry: Entry) -> timedelta:
    clip = timedelta() if entry.excerpt is None else length_of(entry.excerpt)
    return clip + timedelta(minutes=entry.minutes or 0)


def _free(playlist: Playlist, fits: Fit) -> timedelta:
    if fits.left is None:
        raise BadInput(
            f"It is not known how long {playlist.name} may take. Say it with --minutes N, or hold "
            f"it in a slot: mbtg playlist hold {playlist.name} --course ID --day N --slot KEY"
        )
    if fits.left <= timedelta():
        raise BadInput(
            f"Nothing is free: {playlist.name} takes its whole slot already. See: mbtg playlist "
            f"fit {playlist.name}"
        )
    return fits.left


class _Cases:
    """Makes candidates of a playlist's day out of rows."""

    def __init__(self, session: Session, playlist: Playlist, on: date) -> None:
        held = programme_of(playlist)
        self.session, self.playlist = session, playlist
        self.days = judged_on(playlist, on)
        self.programme: Programme | None = held[0] if held else None
        self.focus = frozenset(held[1].focus) if held else frozenset()
        self.presenters = Presenters(session, playlist.course, playlist.course_day)
        self._shown = _shown(session, playlist, playlist.held_on or on)

    def candidate(
        self, excerpt: Excerpt, takes: timedelta, refused: str | None = None, name: str = ""
    ) -> Candidate:
        """The excerpt as `fill` takes it, under its own name unless another is given."""
        scale = self.programme.scale if self.programme else ""
        return Candidate(
            name=name or excerpt.name,
            takes=takes,
            items=items_of(self.session, excerpt, scale) if scale else frozenset(),
            presenter=self.presenters.of(excerpt.recording),
            recording=excerpt.recording.name,
            span=excerpt.shown,
            refused=refused,
        )

    def refusal(self, excerpt: Excerpt) -> str | None:
        """Why an excerpt may not be chosen; None when it may."""
        for row, entry in self._shown:
            if entry.excerpt is excerpt and row.held_on is not None:
                return f"shown on {row.held_on.isoformat()} in {row.name}"
        for row, entry in self._shown:
            other = entry.excerpt
            if other is not None and row.held_on is not None and _covered(excerpt, other):
                return (
                    f"more than half of it was shown on {row.held_on.isoformat()} in {row.name}, "
                    f"as {other.name}"
                )
        held = self.playlist.held_on
        if held is not None and excerpt.gone_by(held):
            return f"it is deleted on {excerpt.delete_by.isoformat()}, before it could be shown"
        return self.presenters.refusal(excerpt.recording) or _against(
            self.session, self.playlist.use, excerpt, self.days
        )

    def elsewhere(self) -> tuple[Candidate, ...]:
        """What the other sessions on the same course day show."""
        day = (self.playlist.course, self.playlist.course_day)
        return tuple(
            self.candidate(entry.excerpt, _takes(entry), name=f"{entry.excerpt.name} of {row.name}")
            for row, entry in self._shown
            if entry.excerpt and None not in day and (row.course, row.course_day) == day
        )

    def shown(self) -> dict[str, timedelta]:
        """How long each presenter is shown in the course until that day, here included.

        Where two present the same group, a clip is whose duty it was on the day it was shown.
        """
        course = self.playlist.course
        held = [row for row in self._shown if course is not None and row[0].course == course]
        of_day = {
            day: Presenters(self.session, course, day)
            for day in {row.course_day for row, _ in held}
        }
        entries = [(of_day[row.course_day], entry) for row, entry in held]
        entries += [(self.presenters, entry) for entry in self.playlist.entries]
        total: dict[str, timedelta] = {}
        for presenters, entry in entries:
            whose = presenters.of(entry.excerpt.recording) if entry.excerpt else None
            if whose is not None:
                total[whose] = total.get(whose, timedelta()) + _takes(entry)
        return total


def fill_case(
    session: Session,
    playlist: Playlist,
    *,
    talk: int,
    only: Sequence[Excerpt] | None,
    on: date,
) -> FillCase:
    """What is free of a playlist's slot and what it could be filled with.

    `talk` are the minutes planned for each clip. Raises `BadInput` when nothing is free, or when
    it is not known how much is.
    """
    if not 0 <= talk <= 24 * 60:
        raise BadInput(f"{talk} is no number of minutes to talk; give 0 to 1440")
    free = _free(playlist, fit_of(playlist))
    cases = _Cases(session, playlist, on)
    entered = [entry for entry in playlist.entries if entry.excerpt is not None]
    here = {entry.excerpt_id for entry in entered}
    found = list_excerpts(session) if only is None else only
    return FillCase(
        free=free,
        candidates=tuple(
            cases.candidate(
                excerpt, length_of(excerpt) + timedelta(minutes=talk), cases.refusal(excerpt)
            )
            for excerpt in {excerpt.id: excerpt for excerpt in found}.values()
            if excerpt.id not in here
        ),
        focus=cases.focus,
        shown=cases.shown(),
        entered=tuple(
            cases.candidate(entry.excerpt, _takes(entry)) for entry in entered if entry.excerpt
        ),
        elsewhere=cases.elsewhere(),
    )


def fill_playlist(
    session: Session,
    playlist: Playlist,
    *,
    talk: int,
    only: Sequence[Excerpt] | None = None,
    on: date,
    dry_run: bool = False,
) -> Filled:
    """Choose what fills the slot best, and put it at the end: one presenter after the other.

    What the playlist holds stays. With `dry_run` nothing is put there. Raises as `fill_case` does.
    """
    filled = fill(fill_case(session, playlist, talk=talk, only=only, on=on))
    if dry_run or not filled.chosen:
        return filled
    by_name = {excerpt.name: excerpt for excerpt in only or list_excerpts(session)}
    order = sorted(
        (one.candidate for one in filled.chosen),
        key=lambda c: (counted(c.presenter or ""), c.recording, c.span.start, c.name),
    )
    chosen = [by_name[candidate.name] for candidate in order]
    add_excerpts(session, playlist, chosen, minutes=talk or None, on=on)
    names = [candidate.name for candidate in order]
    audit.append(session, audit.Act.COURSE, playlist.name, *names, deed="fill")
    return filled
