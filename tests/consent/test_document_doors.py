"""A document leaves if and only if those it is about consent to it."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from hypothesis import example, given

from mbtg_video.audit import Act
from mbtg_video.consent.model import (
    Form,
    Use,
)
from mbtg_video.dossier.keep import Writing, add_document, change_document, find_document
from mbtg_video.dossier.model import DocumentKind
from mbtg_video.errors import Busy, ConsentRefused
from mbtg_video.supervision.bundle import Handout, make_bundle
from mbtg_video.supervision.documents import attach_documents
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import add_step, find_playlist, new_playlist
from tests.consent.doors import (
    ALLOWED,
    CODES,
    CONCEALED,
    FIRST,
    NOBODY,
    TAKEN_BACK,
    UNAPPROVED,
    Case,
    Ground,
    Written,
    cases,
    held,
    often,
    permission,
)


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
