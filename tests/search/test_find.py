"""What is found, in which order, and what is gathered for it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update

from mbtg_video import audit
from mbtg_video.audit import Act
from mbtg_video.consent.model import Use
from mbtg_video.consent.record import withdraw_uses
from mbtg_video.errors import BadInput, NotFound
from mbtg_video.gathering.model import Gathering
from mbtg_video.rating.sheet import ItemScore
from mbtg_video.recording.access import find_recording
from mbtg_video.search.entries import Where
from mbtg_video.search.find import find
from mbtg_video.settings import Language
from mbtg_video.shredding import shred
from mbtg_video.supervision.model import EntryKind
from mbtg_video.supervision.playlist import add_excerpts, add_step
from mbtg_video.tag.mark import edit_tag, find_tag, remove_tag
from mbtg_video.tag.model import Tag, Valence
from mbtg_video.transcript.model import Cue, Transcript
from mbtg_video.users import User, UserRole
from tests.cli.conftest import everything_in
from tests.libraries import UNTIL
from tests.search.conftest import DAY, document, excerpt_of, playlist
from tests.sequences import filled


def test_each_kind_is_found_by_what_is_written_in_it(written):
    tag = written.tag(1, 1, item=18, note="Bruken av pusterom")
    written.lane(2, ("P2", "Jeg trenger et pusterom"))
    written.do(lambda s: excerpt_of(written.library, s, 1, "Et pusterom", "Hva nå?"))
    written.do(lambda s: playlist(s, "Fredag om pusterom"))
    written.do(lambda s: document(s, "Referat", "Vi tok et pusterom halvveis"))
    assert set(written("pusterom")) == {tag, "W1", "X1", "L1", "D1"}
    assert written("kind:transcript PUSTEROM p2") == ["W1"]
    hit = written.find("pusterom kind:tag").hits[0]
    assert (hit.recording, hit.item, hit.item_name, hit.where) == (
        "R1",
        18,
        "Stop and rewind",
        Where.NOTE,
    )
    assert hit.pieces == (("Bruken av ", False), ("pusterom", True))
    assert hit.on == DAY


def test_a_step_of_a_playlist_is_found_by_its_text(written):
    def plan(session):
        made = playlist(session, "Fredag")
        add_step(session, made, EntryKind.THEORY, "Om epistemisk tillit", minutes=5)
        excerpt = excerpt_of(written.library, session, 2, "Turtaking")
        add_excerpts(session, made, [excerpt], minutes=None, on=DAY)

    written.do(plan)
    assert written("epistemisk") == ["L1"]
    assert set(written("in:R2")) == {"R2", "X1", "L1"}
    assert set(written("person:P2 -kind:recording")) == {"P2", "X1", "L1"}


def test_an_items_name_in_either_language_finds_its_tags(written):
    stop, care = written.tag(1, 1, item=18), written.tag(1, 2, item=6, note="omsorg")
    assert written("rewind") == written("spol kind:tag") == [stop]
    assert written.find("rewind").hits[0].where is Where.ITEM
    assert written.find("spol", language=Language.NB).hits[0].item_name == "Stopp og spol tilbake"
    assert written("tag -rewind kind:tag") == []
    assert written("kind:tag -rewind") == [care]


def test_ids_codes_roles_and_days_are_found_as_they_are(written):
    tag = written.tag(1, 1, label="P1 ler", author="T1")
    assert written(tag)[0] == tag
    assert written("p1")[0] == "P1"
    assert set(written("P1")) == {"P1", tag, "R1"}
    assert set(written("pasient")) == set(written("patient")) == {"P1", "P2"}
    assert written("r1")[0] == "R1"
    assert set(written("2026-04")) == set(written("2026-04-17")) == {"R2"}
    assert set(written("by:t1")) == {tag}
    assert set(written("tirsdag kind:recording")) == {"R1", "R2"}


def test_filters_narrow_and_a_minus_turns_them_round(written):
    good = written.tag(1, 1, item=17, author="T1", note="gråt", valence=Valence.GOOD)
    missed = written.tag(2, 1, item=17, note="gråt", valence=Valence.MISSED)
    assert written("as:good") == [good]
    assert written("gråt -as:good") == [missed]
    assert written("item:17 in:R2") == [missed]
    assert written("ledd:17 fra:2026-04-01") == [missed]
    assert written("item:17 until:2026-03-13") == [good]
    assert written("item:17 person:P1") == [good]
    assert written("item:17 -by:T1") == [missed]
    assert written("item:17 group:G1 kind:tag") == [missed, good]
    assert written("item:1") == []


def test_whole_words_come_before_parts_and_then_the_newest_recording(written):
    part = written.tag(2, 1, label="forventer")
    late, early = written.tag(1, 9, label="vente, ja"), written.tag(1, 3, label="Å vente")
    newest = written.tag(2, 5, label="vente")
    assert written("vente") == [newest, early, late, part]
    assert written.find("vente", offset=1, limit=2).total == 4
    assert written("vente", offset=1, limit=2) == [early, late]
    assert written("vente", offset=3, limit=9) == [part]


def test_a_phrase_stands_as_it_is_over_blanks_and_lines(written):
    one = written.tag(1, 1, label="hvem\n får  ordet")
    written.tag(1, 2, label="ordet får hvem")
    written.tag(1, 3, label="hvem får", note="ordet")
    assert written('"hvem får ordet"') == [one]


@pytest.mark.parametrize("query", ["by:K9", "-person:P9", "group:G9", "in:R9"])
def test_a_code_or_id_that_nobody_knows_is_not_passed_over(written, query):
    with pytest.raises(NotFound, match=query[-2:]):
        written(query)


def test_a_query_that_cannot_be_read_is_refused(written):
    with pytest.raises(BadInput):
        written("as:bad")


# ---------- gathering


def test_a_removed_tags_text_is_gone_from_what_is_gathered(written):
    gone, kept = written.tag(1, 1, label="nøkkelbein"), written.tag(1, 2, label="kragebein")
    assert written("bein") == [gone, kept]
    assert "nøkkelbein" in written.gathered()
    written.do(lambda s: remove_tag(s, find_tag(s, 1)))
    assert "nøkkelbein" not in written.gathered()
    assert "kragebein" in written.gathered()
    assert written("bein") == [kept]


def test_a_changed_text_is_gone_at_once_and_the_new_one_is_found(written):
    tag = written.tag(1, 1, item=3, note="nøkkelbein")
    other = written.tag(1, 2, item=3, note="kragebein")
    written("x")
    written.do(lambda s: edit_tag(s, find_tag(s, 1), on=DAY, note="albue"))
    assert "nøkkelbein" not in written.gathered()
    assert "kragebein" in written.gathered()
    assert written("albue") == [tag]
    assert written("nøkkelbein") == []
    written.do(lambda s: edit_tag(s, find_tag(s, 1), on=DAY, item=18))
    assert written("item:18") == [tag]
    assert written("bein") == [other]


def test_tags_removed_by_one_statement_leave_no_text_either(written):
    written.tag(1, 1, label="nøkkelbein")
    kept = written.tag(2, 1, label="kragebein")
    written("x")
    written.do(lambda s: s.execute(delete(Tag).where(Tag.recording_id == 1)))
    assert "nøkkelbein" not in written.gathered()
    assert written("bein") == [kept]
    written.do(lambda s: s.execute(update(Tag).values(label="albue")))
    assert "kragebein" not in written.gathered()


@pytest.mark.parametrize("how", ["row", "statement", "cue", "orphan"])
def test_a_removed_transcript_leaves_no_text_behind(written, how):
    written.lane(1, (None, "nøkkelbein"))
    written.lane(2, (None, "kragebein"))
    assert written("bein") == ["W2", "W1"]

    def remove(session):
        lane = session.get_one(Transcript, 1)
        if how == "row":
            session.delete(lane)
        elif how == "statement":
            session.execute(delete(Transcript).where(Transcript.id == 1))
        elif how == "cue":
            session.execute(delete(Cue).where(Cue.transcript_id == 1))
        else:
            lane.cues.clear()

    written.do(remove)
    assert "nøkkelbein" not in written.gathered()
    assert written("bein") == ["W2"]


def test_what_was_undone_stays_gathered(written):
    tag = written.tag(1, 1, label="nøkkelbein")
    written("x")

    def change_of_mind(session):
        remove_tag(session, find_tag(session, 1))
        session.flush()
        raise BadInput("no")

    with pytest.raises(BadInput):
        written.do(change_of_mind)
    assert written("nøkkelbein") == [tag]


def test_only_what_changed_is_gathered_again(written):
    for second in range(5):
        written.tag(1, second, label=f"tag {second}")
    written.tag(2, 1, label="tag")
    written("tag")
    before = dict(_sealed(written))
    written("tag")
    assert dict(_sealed(written)) == before
    new = written.tag(1, 9, label="tag nine")
    assert new in written("tag")
    after = dict(_sealed(written))
    assert [number for number in after if after[number] != before[number]] == [1]


def _sealed(written):
    with written.library.transaction() as session:
        return session.execute(select(Gathering.recording_id, Gathering.texts)).all()


def test_what_another_version_gathered_is_gathered_anew(written):
    tag = written.tag(1, 1, label="nøkkelbein")
    written("x")
    for deed in (
        lambda s: None,
        lambda s: edit_tag(s, find_tag(s, 1), on=DAY, label="kragebein"),
    ):
        written.do(lambda s: s.execute(update(Gathering).values(texts='{"lines": "others"}')))
        written.do(deed)
        assert written("bein") == [tag]


def test_what_is_shredded_is_found_no_more(written):
    written.tag(1, 1, label="nøkkelbein")
    written.lane(1, (None, "nøkkelbein"))
    assert written("nøkkelbein") == ["T1", "W1"]
    written.do(lambda s: shred(s, find_recording(s, 1)))
    assert written("nøkkelbein") == []
    assert written.gathered() == ""
    with pytest.raises(NotFound, match="R1 was shredded"):
        written("in:R1")


def test_search_finds_the_same_after_the_library_key_was_replaced(written):
    tag = written.tag(1, 1, label="nøkkelbein")
    written("x")
    written.library.rotate_key()
    assert "nøkkelbein" in written.gathered()
    assert written("nøkkelbein") == [tag]


def test_nothing_that_is_gathered_is_readable_at_rest(written):
    written.tag(1, 1, label="Nøkkelbein", author="T1")
    written.lane(1, ("Kari Nordmann", "Nøkkelbein"))
    assert len(written("nøkkelbein kari")) == 1
    content = everything_in(written.library.root)
    for text in ("Nøkkelbein", "nøkkelbein", "Kari", "kari nordmann"):
        assert text.encode() not in content


def test_a_day_without_tags_before_it_is_none(written):
    assert written("kind:recording from:2026-04-01") == ["R2"]
    assert written.find("kind:recording from:2026-04-01").hits[0].on == date(2026, 4, 17)


# ---------- who finds what


def test_documents_are_found_only_by_those_who_may_watch(written):
    written.do(lambda s: document(s, "Referat", "nøkkelbein"))
    tag = written.tag(1, 1, label="nøkkelbein")
    assert written("nøkkelbein") == [tag, "D1"]
    for role, found in ((UserRole.CONTROLLER, [tag]), (UserRole.SUPERVISOR, [tag, "D1"])):
        with written.library.transaction() as session:
            session.info["user"] = User("somebody", role)
            hits = find(session, "nøkkelbein", language=Language.EN, on=DAY).hits
        assert [hit.id for hit in hits] == found


def seen_by(written, role, query="nøkkelbein", on=DAY):
    with written.library.transaction() as session:
        session.info["user"] = User("somebody", role)
        return [hit.id for hit in find(session, query, language=Language.EN, on=on).hits]


def test_transcripts_are_found_only_where_they_may_be_read(written):
    for recording in (1, 2):
        written.lane(recording, (None, "nøkkelbein"))
    written.do(lambda s: withdraw_uses(s, "P2", {Use.SUPERVISION}, on=DAY))
    assert seen_by(written, UserRole.THERAPIST) == ["W2", "W1"]
    assert seen_by(written, UserRole.SUPERVISOR) == ["W1"]
    assert seen_by(written, UserRole.CONTROLLER) == []
    written.do(lambda s: withdraw_uses(s, "P2", set(Use), on=DAY))
    assert seen_by(written, UserRole.OWNER) == ["W1"]
    assert seen_by(written, UserRole.OWNER, on=UNTIL + timedelta(days=1)) == []


def test_whose_words_a_search_showed_is_written_down_and_what_was_asked_is_not(written):
    written.do(lambda s: document(s, "Referat", "nøkkelbein"))
    written.lane(2, ("P2", "nøkkelbein"))
    written.tag(1, 1, label="krageben")
    assert set(written("nøkkelbein")) == {"D1", "W1"}
    written("krageben")
    with written.library.transaction() as session:
        (line,) = audit.list_lines(session, act=Act.VIEW)
        assert set(line.subjects.split()) == {"D1", "W1", "R2"}
        assert line.detail == {"deed": "search"}


def test_a_supervisor_finds_no_document_about_someone_who_has_not_agreed(written):
    written.do(lambda s: document(s, "Referat", "nøkkelbein"))
    written.do(lambda s: withdraw_uses(s, "P2", {Use.SUPERVISION}, on=DAY))
    assert seen_by(written, UserRole.SUPERVISOR) == []
    assert seen_by(written, UserRole.THERAPIST) == ["D1"]


def test_what_raters_write_is_never_found_and_their_scorings_are(sequence):
    note = ItemScore(item=3, adherence=4, quality=5, note="nøkkelbein")
    number = sequence.open()
    sequence.rate(number, "K1", filled(sequence.scale, item3=note))
    with sequence.library.transaction() as session:
        assert find(session, "nøkkelbein", language=Language.EN, on=DAY).total == 0
        found = find(session, "kind:scoring in:R1", language=Language.EN, on=DAY).hits
        assert [(hit.id, hit.snippet) for hit in found] == [(f"S{number}", "X1, T1")]
        assert find(session, f"s{number}", language=Language.EN, on=DAY).hits[0].id == f"S{number}"
