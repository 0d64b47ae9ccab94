"""Every door to an excerpt opens if and only if the written rule of consent allows it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import mbtg_video
from mbtg_video.audit import Act, AuditLine
from mbtg_video.consent.model import (
    Consent,
    ConsentUse,
    EmployerApproval,
    Form,
    Group,
    Role,
    Use,
)
from mbtg_video.consent.record import add_group, add_person, find_person
from mbtg_video.dossier.keep import Writing, add_document, change_document, find_document
from mbtg_video.dossier.model import DocumentKind
from mbtg_video.errors import Busy, ConsentRefused
from mbtg_video.excerpt.export import export_excerpt
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.library import Library, create_library, open_library
from mbtg_video.recording.access import list_recordings
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.recording.model import NameState, SpokenName
from mbtg_video.recording.spoken import list_names
from mbtg_video.supervision.bundle import Handout, make_bundle
from mbtg_video.supervision.documents import attach_documents
from mbtg_video.supervision.model import EntryKind, Playlist
from mbtg_video.supervision.playlist import add_excerpts, add_step, find_playlist, new_playlist
from mbtg_video.timecode import Timecode
from tests.libraries import PASSPHRASE

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


@pytest.fixture(scope="module")
def ground(tmp_path_factory, recording_file):
    folder = tmp_path_factory.mktemp("doors")
    create_library(folder / "library", PASSPHRASE)
    (folder / "out").mkdir()
    with open_library(folder / "library", PASSPHRASE) as library:
        made = Ground(library, folder / "out")
        with library.transaction() as session:
            add_group(session, "G1", "Tirsdagsgruppen", approval_required=False)
            for code in CODES:
                add_person(session, code, "G1", Role.PATIENT)
        made.write_down(Case(Use.SUPERVISION, FIRST, [permission()] * len(CODES)))
        told = Description("G1", FIRST, CODES)
        take_in(library, recording_file("no_audio", 1), told, on=FIRST)
        cut_excerpt(library, 1, Wish(*(f"f{frame}" for frame in SHOWN), "First"), on=FIRST)
        with library.transaction() as session:
            for use in Use:
                playlist = new_playlist(session, use.value, use)
                excerpt = find_excerpt(session, 1)
                add_excerpts(session, playlist, [excerpt], minutes=None, on=FIRST)
        yield made


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


@pytest.mark.parametrize("door", QUICK)
@edges
@given(case=cases())
@often(60)
def test_export_and_playlist_open_if_and_only_if_the_rule_allows_it(door, case, ground):
    check(ground, door, case)


@pytest.mark.parametrize("door", SLOW)
@edges
@given(case=cases())
@often(20)
def test_cut_and_bundle_open_if_and_only_if_the_rule_allows_it(door, case, ground):
    check(ground, door, case)


@pytest.mark.long
@pytest.mark.parametrize("door", QUICK)
@given(case=cases())
@often(600)
def test_export_and_playlist_keep_to_the_rule_in_hundreds_of_cases(door, case, ground):
    check(ground, door, case)


@pytest.mark.long
@pytest.mark.parametrize("door", SLOW)
@given(case=cases())
@often(120)
def test_cut_and_bundle_keep_to_the_rule_in_a_hundred_cases(door, case, ground):
    check(ground, door, case)


def test_whatever_leaves_goes_through_the_door_that_asks_about_names():
    package = Path(mbtg_video.__file__).parent
    knowing = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"\b(open_medium|permit_leaving)\b", path.read_text(encoding="utf-8"))
    }
    # A playlist and its day are only plans: they ask for consent, and hand nothing out. The studio
    # looks.
    door = {str(Path("recording", "access.py")), str(Path("excerpt", "leave.py"))}
    looking = Path("studio", "viewing.py")
    plans = {str(Path("supervision", name)) for name in ("playlist.py", "held.py")}
    assert knowing == door | plans | {str(looking)}
    acts = re.findall(r"\bAct\.(\w+)", (package / looking).read_text(encoding="utf-8"))
    assert set(acts) == {"VIEW"}


# ---------- documents


def consenting(consents: list[Written], case: Case) -> bool:
    return held(consents, case.use, case.on) is not None


def may_be_read(case: Case, number: int) -> bool:
    """The rule for D1, about P1, and D2, about the group, whose patients are P1, P2 and T1."""
    approved = any(first <= case.on <= last for first, last in case.approvals)
    asked = case.people[:1] if number == 1 else case.people
    everybody = len(asked) == (1 if number == 1 else len(CODES))
    return (
        everybody
        and all(consenting(one, case) for one in asked)
        and (approved or not case.required)
    )


@pytest.fixture(scope="module")
def written(ground):
    """The same ground with D1 and D2, and two playlists a use whose step comes with one of them."""
    ground.write_down(Case(Use.SUPERVISION, FIRST, [permission()] * len(CODES)))
    told = Writing(kind=DocumentKind.GROUP, title="Gruppen", text="Stille.", group="G1")
    one = replace(told, kind=DocumentKind.FORMULATION, person="P1")
    playlists = {}
    with ground.library.transaction() as session:
        for writing in (one, told):
            document = add_document(session, writing, delete_by=FIRST, on=FIRST)
            for use in Use:
                playlist = new_playlist(session, f"Papers for {use}", use)
                add_step(session, playlist, EntryKind.MINUTES, "Referat", None)
                attach_documents(session, playlist, [document], on=FIRST)
                playlists[document.id, use] = playlist.id
    return ground, playlists


def attach(ground: Ground, number: int, playlist: int, case: Case) -> None:
    with ground.library.transaction() as session:
        document = find_document(session, number)
        attach_documents(session, find_playlist(session, playlist), [document], on=case.on)


def hand_out(ground: Ground, number: int, playlist: int, case: Case) -> None:
    handout = Handout(ground.target(), ["Somebody"])
    handed = make_bundle(ground.library, playlist, handout, on=case.on)
    asked = case.people[: 1 if number == 1 else None]
    consents = [held(one, case.use, case.on) for one in asked]
    last = min(consent.until for consent in consents if consent is not None)
    assert case.on <= handed.bundle.expires_on <= last
    shutil.rmtree(handout.folder)


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("door", [attach, hand_out])
@example(case=ALLOWED)
@example(case=replace(ALLOWED, people=[permission()] * 3))
@example(case=UNAPPROVED)
@example(case=replace(CONCEALED, people=[permission(Form.CONCEALED)] * 3))
@example(case=TAKEN_BACK)
@example(case=NOBODY)
@given(case=cases())
@often(8)
def test_a_document_leaves_if_and_only_if_those_it_is_about_consent(door, number, case, written):
    ground, playlists = written
    ground.write_down(case)
    files, lines = ground.files(), ground.lines()
    if may_be_read(case, number):
        door(ground, number, playlists[number, case.use], case)
        assert Act.REFUSAL not in {act for act, _ in ground.lines()[len(lines) :]}
        return
    with pytest.raises(ConsentRefused):
        door(ground, number, playlists[number, case.use], case)
    assert ground.files() == files
    ((act, subjects),) = ground.lines()[len(lines) :]
    assert act is Act.REFUSAL
    assert subjects.split()[0] == f"D{number}"


def test_a_consent_that_ends_while_a_bundle_is_written_keeps_the_document_here(written):
    ground, playlists = written
    ground.write_down(Case(Use.COURSE, FIRST, [permission()] * len(CODES)))
    handout = Handout(ground.target(), ["Somebody"])
    changed = []

    def change(_: int) -> None:
        with ground.library.transaction() as session:
            document = find_document(session, 2)
            text = f"{document.text} Uro."
            changed.append(change_document(session, document, on=FIRST, text=text))

    def withdraw(_: int) -> None:
        ground.write_down(TAKEN_BACK)

    number = playlists[2, Use.COURSE]
    for meanwhile, error in ((change, Busy), (withdraw, ConsentRefused)):
        with pytest.raises(error, match="D2"):
            make_bundle(ground.library, number, handout, on=FIRST, progress=meanwhile)
        assert not handout.folder.exists()
    assert changed
