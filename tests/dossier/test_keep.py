"""Documents are sealed, kept, handed out and shredded as the rules of consent say."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_group, add_person, find_person, record_consent
from mbtg_video.dossier.keep import (
    Writing,
    add_document,
    change_document,
    find_document,
    lines_taken,
    list_documents,
)
from mbtg_video.dossier.model import DocumentKind
from mbtg_video.errors import BadInput, ChangedMeanwhile, ConsentRefused, NotFound
from mbtg_video.retention import Ends, due, purge
from mbtg_video.supervision.documents import attach_documents, detach_document
from mbtg_video.supervision.playlist import find_playlist, new_playlist
from mbtg_video.withdrawal import reach, withdraw

TODAY, UNTIL = date(2026, 11, 28), date(2027, 11, 28)
FIVE = "\n".join(["P1 er stille i dag."] * 5)
GROUP = Writing(kind=DocumentKind.GROUP, title="Gruppen", text="Fem pasienter.", group="G1")
PATIENT = Writing(kind=DocumentKind.PATIENT, title="P1", text=FIVE, person="P1")
FORMULATION = Writing(kind=DocumentKind.FORMULATION, title="P2", text="Utkast.", person="P2")
MINUTES = Writing(
    kind=DocumentKind.MINUTES, title="Referat", text="Stille.", group="G1",
    held_on=date(2026, 3, 13),
)  # fmt: skip
READING = Writing(kind=DocumentKind.READING, title="Bøker", text="Anthony Bateman (2016)")


def add(session, writing, **changed):
    return add_document(session, replace(writing, **changed), delete_by=UNTIL, on=TODAY)


@pytest.fixture
def dossier(consenting):
    """D1 about G1, D2 about P1, D3 about P2, D4 minutes, D5 a reading list."""
    with consenting.transaction() as session:
        for writing in (GROUP, PATIENT, FORMULATION, MINUTES, READING):
            add(session, writing)
    return consenting


def names(documents):
    return [document.name for document in documents]


# ---------- pure


@pytest.mark.parametrize(
    ("text", "lines"),
    [("a", 1), ("a\n\n \nb", 2), ("a" * 90, 1), ("a" * 91, 2), ("a" * 181 + "\nb", 4), ("", 0)],
)
def test_long_lines_count_once_for_each_ninety_letters(text, lines):
    assert lines_taken(text) == lines


# ---------- one library


def test_what_is_no_such_document_is_refused_and_nothing_is_kept(consenting):
    wrong = [
        (replace(GROUP, group=None), "--group CODE"),
        (replace(GROUP, person="P1"), "no --person"),
        (replace(PATIENT, person=None), "--person CODE"),
        (replace(PATIENT, person="T1"), "T1 is no patient"),
        (replace(PATIENT, group="G2"), "belongs to group G1"),
        (replace(PATIENT, text="\n".join(["a"] * 4)), "has 4 lines; it takes 5 to 10"),
        (replace(PATIENT, text="\n\n".join(["a"] * 11)), "has 11 lines"),
        (replace(PATIENT, text="a" * 901), "has 11 lines"),
        (replace(READING, group="G1"), "about nobody"),
        (replace(MINUTES, held_on=None), "--held-on DATE"),
        (replace(GROUP, held_on=TODAY), "--kind minutes"),
        (replace(GROUP, author="P1"), "P1 is a patient"),
        (replace(GROUP, text=" \n"), "no text"),
        (replace(GROUP, title="\0"), "no text has"),
        (replace(GROUP, title="a" * 201), "200 letters"),
        (replace(GROUP, text="Kari kom."), "line 1, column 1: name: Kari"),
        (replace(GROUP, title="Om Kari"), "title, column 4: name: Kari"),
        (replace(GROUP, text="Kari", override=" "), "--reason TEXT"),
    ]
    with consenting.transaction() as session:
        add_group(session, "G2", "Onsdag", approval_required=False)
        for writing, why in wrong:
            with pytest.raises(BadInput) as caught:
                add(session, writing)
            assert why in str(caught.value)
        for code in ("group", "person", "author"):
            with pytest.raises(NotFound, match="NOBODY"):
                add(session, replace(PATIENT, **{code: "NOBODY"}))
        assert list_documents(session) == []


def test_documents_are_found_by_group_author_and_kind(dossier):
    with dossier.transaction() as session:
        add(session, READING, author="T1", course="mbt-g-2026")
        assert names(list_documents(session)) == ["D1", "D2", "D3", "D4", "D5", "D6"]
        assert names(list_documents(session, group="G1")) == ["D1", "D2", "D3", "D4"]
        assert names(list_documents(session, author="T1")) == ["D6"]
        assert names(list_documents(session, kind=DocumentKind.PATIENT)) == ["D2"]
        with pytest.raises(NotFound, match="no document D9"):
            find_document(session, 9)


def test_a_change_is_checked_as_a_new_document_is(dossier):
    with dossier.transaction() as session:
        document = find_document(session, 2)
        seen = document.revision
        with pytest.raises(BadInput, match="Kari"):
            change_document(session, document, on=TODAY, text=f"{FIVE}\nKari")
        with pytest.raises(BadInput, match="has 1 line;"):
            change_document(session, document, on=TODAY, text="kort")
        change_document(session, document, on=TODAY, text=f"{FIVE}\r\ntil\r\n", title="Ny")
        assert (document.text, document.title) == (f"{FIVE}\ntil", "Ny")
        with pytest.raises(ChangedMeanwhile):
            change_document(session, document, on=TODAY, title="Igjen", seen=seen)


def test_an_override_is_noted_by_counts_and_never_by_words(dossier):
    with dossier.transaction() as session:
        text = "Kari og Ola, født 1990"
        made = add(session, GROUP, text=text, override="De er oppdiktet")
        assert made.overridden
        assert made.override == "De er oppdiktet"
        kept = add(session, GROUP, override="unødig")
        assert not kept.overridden
        line, other = audit.list_lines(session, act=Act.DOCUMENT)[-2:]
        assert line.detail == {"deed": "add", "overridden": ["birth 1", "name 2"]}
        assert other.detail == {"deed": "add"}
        assert line.subjects == "D6 G1 P1 P2"
        change_document(session, made, on=TODAY, text="Koder.")
        assert not made.overridden


def test_the_lines_of_a_person_tell_who_read_and_got_documents_about_them(dossier):
    with dossier.transaction() as session:
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        attach_documents(session, playlist, [find_document(session, 2)], on=TODAY)
        about = [line.subjects for line in audit.list_lines(session, subject="P1")]
        assert "D2 L1" in about
        assert "D2 L1" not in [line.subjects for line in audit.list_lines(session, subject="P2")]


def test_a_document_goes_with_a_playlist_if_all_it_is_about_consent(dossier):
    with dossier.transaction() as session:
        add_person(session, "P3", "G1", Role.PATIENT)
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        every = list_documents(session)
        attach_documents(session, playlist, [every[1], every[2], every[4]], on=TODAY)
        attach_documents(session, playlist, [every[1]], on=TODAY)
        assert names(playlist.documents) == ["D2", "D3", "D5"]
        for document in (every[0], every[3]):
            with pytest.raises(ConsentRefused, match="P3 has given no consent"):
                attach_documents(session, playlist, [every[1], document], on=TODAY)
        detach_document(session, playlist, every[1])
        assert names(playlist.documents) == ["D3", "D5"]
        with pytest.raises(NotFound, match="D2 is not attached to L1"):
            detach_document(session, playlist, every[1])


def test_nobody_known_of_and_no_approval_refuse_a_document(library):
    with library.transaction() as session:
        add_group(session, "G1", "Tirsdag", approval_required=True)
        document = add(session, GROUP)
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        with pytest.raises(ConsentRefused) as caught:
            attach_documents(session, playlist, [document], on=TODAY)
        assert "Nobody is written down as a patient of group G1" in str(caught.value)
        assert "employer's approval" in str(caught.value)


def test_whoever_must_be_concealed_is_in_no_document_that_names_somebody(library):
    with library.transaction() as session:
        add_group(session, "G1", "Tirsdag", approval_required=False)
        add_person(session, "P1", "G1", Role.PATIENT)
        dates = {"signed_on": TODAY, "until": UNTIL}
        record_consent(session, "P1", [Use.SUPERVISION], Form.CONCEALED, **dates)
        playlist = new_playlist(session, "Fredag", Use.SUPERVISION)
        attach_documents(session, playlist, [add(session, GROUP)], on=TODAY)
        named = add(session, GROUP, text="Kari kom.", override="oppdiktet")
        with pytest.raises(ConsentRefused, match="P1 consented to being concealed only"):
            attach_documents(session, playlist, [named], on=TODAY)


def attached_to(library, use):
    with library.transaction() as session:
        playlist = new_playlist(session, str(use), use)
        attach_documents(session, playlist, list_documents(session), on=TODAY)
        return playlist.id


def test_one_use_withdrawn_takes_documents_out_of_its_playlists_and_shreds_none(dossier):
    ending, staying = attached_to(dossier, Use.COURSE), attached_to(dossier, Use.SUPERVISION)
    reached = withdraw(dossier, "P1", [Use.COURSE], on=TODAY)
    assert reached.documents == ("D1", "D2", "D4")
    assert reached.shredded == ()
    assert reached.playlists == (f"L{ending}", f"L{staying}")
    with dossier.transaction() as session:
        assert names(find_playlist(session, ending).documents) == ["D3", "D5"]
        assert len(find_playlist(session, staying).documents) == 5
        with pytest.raises(ConsentRefused, match="P1 has withdrawn"):
            attach_documents(
                session, find_playlist(session, ending), [find_document(session, 1)], on=TODAY
            )


def test_with_the_last_use_the_documents_about_the_person_are_shredded(dossier):
    playlist = attached_to(dossier, Use.SUPERVISION)
    with dossier.transaction() as session:
        told = reach(session, "P1", [], TODAY)
        assert told.shredded == ("D2",)
        assert len(list_documents(session)) == 5
    assert withdraw(dossier, "P1", [], on=TODAY) == told
    with dossier.transaction() as session:
        assert names(list_documents(session)) == ["D1", "D3", "D4", "D5"]
        assert names(find_playlist(session, playlist).documents) == ["D3", "D5"]
        with pytest.raises(NotFound, match="D2 was shredded on"):
            find_document(session, 2)
        assert find_person(session, "P1").consents
        assert audit.verify(session) == []


def test_a_consent_that_ended_is_due_while_a_document_about_the_person_is_there(dossier):
    with dossier.transaction() as session:
        found = due(session, date(2100, 1, 5), 0)
        assert [one.id for one in found if one.what is Ends.CONSENT] == ["P1", "P2"]


def test_a_document_is_purged_when_its_day_has_come(dossier):
    playlist = attached_to(dossier, Use.SUPERVISION)
    with dossier.transaction() as session:
        find_document(session, 5).delete_by = TODAY
        (first, *_) = due(session, TODAY, 0)
        assert (first.what, first.id, first.on) == (Ends.DOCUMENT, "D5", TODAY)
    assert purge(dossier, on=TODAY, journal_too=False) == ["D5"]
    with dossier.transaction() as session:
        assert names(find_playlist(session, playlist).documents) == ["D1", "D2", "D3", "D4"]
        lines = session.scalars(select(audit.AuditLine.act)).all()
        assert Act.SHRED in lines
