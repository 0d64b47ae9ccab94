"""Every door to an excerpt, and the written rule of consent in words of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import strategies as st
from sqlalchemy import select

from mbtg_video.audit import Act, AuditLine
from mbtg_video.consent.model import (
    Consent,
    ConsentUse,
    EmployerApproval,
    Form,
    Group,
    Use,
)
from mbtg_video.consent.record import find_person
from mbtg_video.errors import ConsentRefused
from mbtg_video.excerpt.export import export_excerpt
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import Library
from mbtg_video.recording.access import list_recordings
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import list_names
from mbtg_video.supervision.bundle import Handout, make_bundle
from mbtg_video.supervision.model import Playlist
from mbtg_video.supervision.playlist import add_excerpts, find_playlist, new_playlist
from mbtg_video.timecode import Timecode

FIRST = date(2026, 3, 1)
CODES = ("P1", "P2", "T1")
SHOWN = (4, 12)  # frames of the excerpt that is handed out
FRAME_US = 40_000


@dataclass(frozen=True)
class Written:
    """A written consent: each use that it names, with the day on which that was taken back."""

    form: Form
    signed_on: date
    until: date
    uses: dict[Use, date | None]


@dataclass(frozen=True)
class Case:
    """All that the rule asks about: oldest consent first, one list for each person present."""

    use: Use
    on: date
    people: list[list[Written]]
    required: bool = False
    approvals: list[tuple[date, date]] = field(default_factory=list)
    names: list[tuple[int, int, NameState]] = field(default_factory=list)
    """Frames between which a name is said, and what was decided about it since the cut."""


def held(consents: list[Written], use: Use, on: date) -> Written | None:
    """The newest consent that covers the use on the day."""
    found = None
    for consent in consents:
        if use not in consent.uses or not consent.signed_on <= on <= consent.until:
            continue
        taken_back = consent.uses[use]
        if taken_back is None or on < taken_back:
            found = consent
    return found


def rule_allows(case: Case, use: Use, *, others_see_it: bool) -> bool:
    """The rule as it is written down; nobody is concealed in these excerpts."""
    for consents in case.people:
        consent = held(consents, use, case.on)
        if consent is None or (others_see_it and consent.form is Form.CONCEALED):
            return False
    approved = any(first <= case.on <= last for first, last in case.approvals)
    return bool(case.people) and (approved or not case.required)


def says_a_name(case: Case) -> bool:
    """Whether one is said in the excerpt: only what was cleared does not count."""
    first, behind = SHOWN
    return any(
        start < behind and first < end and state is not NameState.CLEARED
        for start, end, state in case.names
    )


DAYS = st.integers(-4, 12).map(lambda days: FIRST + timedelta(days))
NAMES = st.builds(
    lambda start, frames, state: (start, start + frames, state),
    st.integers(0, 20),
    st.integers(1, 4),
    st.sampled_from(NameState),
)
PERIODS = st.tuples(DAYS, DAYS).map(lambda days: (min(days), max(days)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    use, on = draw(st.sampled_from(Use)), draw(DAYS)
    surely = {use: None, Use.OWN_REVIEW: None}
    day = timedelta(1)
    good = st.builds(
        lambda form, before, behind: Written(form, on - before * day, on + behind * day, surely),
        st.sampled_from([Form.IDENTIFIABLE] * 4 + [Form.CONCEALED]),
        st.integers(0, 3),
        st.integers(0, 3),
    )
    uses = st.dictionaries(st.sampled_from(Use), st.none() | DAYS, min_size=1)
    any_ = st.builds(
        lambda form, period, uses: Written(form, *period, uses),
        st.sampled_from(Form),
        PERIODS,
        uses,
    )
    lasting = st.lists(any_, max_size=1).flatmap(lambda old: good.map(lambda new: [*old, new]))
    person = st.one_of(lasting, lasting, lasting, st.lists(any_ | good, max_size=3))
    return Case(
        use=use,
        on=on,
        people=draw(st.lists(person, min_size=draw(st.sampled_from([0, 1, 1, 1])), max_size=3)),
        required=draw(st.booleans()),
        approvals=draw(st.lists(PERIODS | st.just((on, on)), max_size=2)),
        names=draw(st.just([]) | st.lists(NAMES, max_size=2)),
    )


@dataclass
class Ground:
    """A library with one recording and one excerpt of it, whose consents are changed at will."""

    library: Library
    out: Path
    numbers: count[int] = field(default_factory=lambda: count(1))

    def write_down(self, case: Case) -> None:
        with self.library.transaction() as session:
            group = session.scalars(select(Group)).one()
            group.approval_required = case.required
            for approval in list(group.approvals):
                session.delete(approval)
            group.approvals = [
                EmployerApproval(signed_on=first, until=last) for first, last in case.approvals
            ]
            for code in CODES:
                person = find_person(session, code)
                for consent in list(person.consents):
                    session.delete(consent)
                person.consents = []
                session.flush()
            codes = CODES[: len(case.people)]
            for code, consents in zip(codes, case.people, strict=True):
                person = find_person(session, code)
                person.consents = [
                    Consent(
                        form=consent.form,
                        signed_on=consent.signed_on,
                        until=consent.until,
                        recorded_at=datetime.now(UTC),
                        uses=[
                            ConsentUse(use=use, withdrawn_on=day)
                            for use, day in consent.uses.items()
                        ],
                    )
                    for consent in consents
                ]
            for recording in list_recordings(session):
                recording.present = [find_person(session, code) for code in codes]
                for name in list_names(session, recording):
                    session.delete(name)
                session.add_all(
                    SpokenName(
                        recording=recording,
                        start=Timecode(start * FRAME_US),
                        end=Timecode(end * FRAME_US),
                        state=state,
                        made_at=datetime.now(UTC),
                    )
                    for start, end, state in case.names
                )

    def playlist_of(self, use: Use) -> int:
        """A playlist for `use` that holds the excerpt since a time when it was allowed."""
        with self.library.transaction() as session:
            return session.scalars(select(Playlist.id).where(Playlist.use == use)).all()[0]

    def target(self) -> Path:
        return self.out / str(next(self.numbers))

    def files(self) -> set[Path]:
        """Every file but the database's own."""
        folders = (self.out, self.library.root / "objects", self.library.root / "tmp")
        return {path for folder in folders for path in folder.rglob("*")}

    def lines(self) -> list[tuple[Act, str]]:
        with self.library.transaction() as session:
            rows = session.scalars(select(AuditLine).order_by(AuditLine.number))
            return [(row.act, row.subjects) for row in rows]


def cut(ground: Ground, case: Case) -> None:
    made = cut_excerpt(ground.library, 1, Wish("f3", "f9", "A turn"), on=case.on)
    with ground.library.transaction() as session:
        medium = ground.library.store.open(session, made.object_id)
    with medium, av.open(medium) as source:
        assert sum(1 for _ in source.decode(video=0)) == 6


def export(ground: Ground, case: Case) -> None:
    target = ground.target()
    export_excerpt(
        ground.library,
        1,
        target,
        recipient="Kari",
        use=case.use,
        reason="A reason",
        on=case.on,
    )
    with av.open(str(target)) as source:
        assert sum(1 for _ in source.decode(video=0)) == 8


def add(ground: Ground, case: Case) -> None:
    with ground.library.transaction() as session:
        playlist = new_playlist(session, "Another", case.use)
        excerpt = find_excerpt(session, 1)
        add_excerpts(session, playlist, [excerpt], minutes=None, on=case.on)
        number = playlist.id
    with ground.library.transaction() as session:
        assert len(find_playlist(session, number).entries) == 1


def bundle(ground: Ground, case: Case) -> None:
    handout = Handout(ground.target(), ["Somebody"])
    handed = make_bundle(ground.library, ground.playlist_of(case.use), handout, on=case.on)
    assert len(list(handout.folder.glob("clips/*"))) == 1
    ends = []
    for consents in case.people:
        consent = held(consents, case.use, case.on)
        assert consent is not None
        ends.append(consent.until)
    assert case.on <= handed.bundle.expires_on <= min(ends)
    shutil.rmtree(handout.folder)


Door = Callable[[Ground, Case], None]
QUICK: tuple[Door, ...] = (export, add)
SLOW: tuple[Door, ...] = (cut, bundle)


def check(ground: Ground, door: Door, case: Case) -> None:
    """The door opens if and only if the rule allows it; a refusal leaves a line and no file."""
    ground.write_down(case)
    own = door is cut
    allowed = rule_allows(case, Use.OWN_REVIEW if own else case.use, others_see_it=not own)
    if door in (export, bundle):  # a cut stays here, and so does a plan
        allowed = allowed and not says_a_name(case)
    files, lines = ground.files(), ground.lines()
    if allowed:
        door(ground, case)
        assert Act.REFUSAL not in {act for act, _ in ground.lines()[len(lines) :]}
        return
    with pytest.raises(ConsentRefused):
        door(ground, case)
    assert ground.files() == files
    (act, subjects), *others = ground.lines()[len(lines) :]
    assert not others
    assert act is Act.REFUSAL
    assert subjects.split()[0] == ("R1" if own else "X1")


def often(examples: int) -> settings:
    # A slow door makes generating look slow; nothing here is kept between examples but rows.
    slow = [HealthCheck.too_slow, HealthCheck.differing_executors]
    return settings(max_examples=examples, suppress_health_check=slow)


def permission(form: Form = Form.IDENTIFIABLE, back: date | None = None) -> list[Written]:
    return [Written(form, FIRST, FIRST, dict.fromkeys(Use, back))]


ON = {"use": Use.COURSE, "on": FIRST}
ALLOWED = Case(**ON, people=[permission()], required=True, approvals=[(FIRST, FIRST)])
UNAPPROVED = Case(**ON, people=[permission()], required=True)
CONCEALED = Case(**ON, people=[permission(), permission(Form.CONCEALED)])
TAKEN_BACK = Case(**ON, people=[permission(back=FIRST)])
NOBODY = Case(**ON, people=[])
NAMED = Case(**ON, people=[permission()], names=[(11, 13, NameState.OPEN)])
MUTED_SINCE = Case(**ON, people=[permission()], names=[(3, 5, NameState.MUTED)])
CLEARED = Case(**ON, people=[permission()], names=[(5, 6, NameState.CLEARED)])
BESIDE = Case(**ON, people=[permission()], names=[(2, 4, NameState.OPEN), (12, 13, NameState.OPEN)])


def edges(test):
    """The cases that must be among those tried."""
    for case in (
        ALLOWED,
        UNAPPROVED,
        CONCEALED,
        TAKEN_BACK,
        NOBODY,
        NAMED,
        MUTED_SINCE,
        CLEARED,
        BESIDE,
    ):
        test = example(case=case)(test)
    return test
