"""Scores that come back from a bundle: taken in whole, or refused with nothing changed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import accumulate

import pytest

from mbtg_video import audit
from mbtg_video.consent.model import Form, Role, Use
from mbtg_video.consent.record import add_person, find_person, record_consent
from mbtg_video.errors import BadInput, ConsentRefused, Damaged, NotFound
from mbtg_video.excerpt.make import Wish, cut_excerpt, find_excerpt
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.model import Absence, RatingState, ScoringState, Source
from mbtg_video.rating.record import reopen, sheet_of
from mbtg_video.rating.scoring import find_rating, find_scoring, receipt_hash
from mbtg_video.rating.sheet import ItemScore, Moment, Sheet, tidied
from mbtg_video.recording.ingest import Description, take_in
from mbtg_video.supervision.model import Bundle
from mbtg_video.supervision.package_check import verify_package
from mbtg_video.supervision.scores_lock import ScoresLock
from mbtg_video.tag.mark import Mark, add_tag
from mbtg_video.timecode import Timecode
from mbtg_video.withdrawal import withdraw
from tests.sequences import DAY, filled
from tests.supervision.scoring import hand_out, refused, seal, take
from tests.test_privacy import readable


@pytest.fixture
def bundle(sequence, tmp_path):
    return hand_out(sequence, tmp_path / "out")


# ---------- what a bundle for scoring holds


def test_a_playlist_for_scoring_asks_for_scores_and_shows_no_tags(sequence, tmp_path):
    with sequence.library.transaction() as session:
        recording = find_excerpt(session, 1).recording
        mark = Mark(start=Timecode(500_000), label="Planted label", note="Planted note")
        add_tag(session, recording, mark, on=DAY)
    bundle = hand_out(sequence, tmp_path / "out")
    content = bundle.content
    clip = content["entries"][0]
    assert clip["tags"] == []
    assert "Planted" not in json.dumps(content)
    assert clip["question"] == "Hvordan bruker terapeuten stillheten?"
    assert clip["scoring"]["first"] == sequence.first_us
    assert content["scores"]["scale"]["id"] == sequence.scale.id
    with sequence.library.transaction() as session:
        row = session.get_one(Bundle, 1)
        scoring = find_scoring(session, 1)
        assert clip["scoring"]["name"] == scoring.name == row.clips[0]["scoring"]
        assert content["scores"]["hash"] == scoring.scale_hash
        assert (
            row.clips[0]["receipt"] == clip["scoring"]["receipt"] == receipt_hash(scoring.excerpt)
        )
        assert "PRIVATE KEY" in row.scores_key
    assert verify_package(bundle.folder, bundle.made.passphrase).hash == row.package_hash


def test_a_second_bundle_asks_for_the_scoring_that_is_open(bundle, sequence, tmp_path):
    other = hand_out(sequence, tmp_path / "other")
    assert other.content["entries"][0]["scoring"]["name"] == "S1"
    assert other.content["scores"]["public"] != bundle.content["scores"]["public"]


def test_a_bundle_whose_scoring_is_revealed_meanwhile_is_not_handed_out(sequence, tmp_path):
    sequence.rate(sequence.open(), "K1")

    def meanwhile(_):
        with sequence.library.transaction() as session:
            scoring = find_scoring(session, 1)
            if scoring.state is ScoringState.BLIND:
                reveal(session, scoring)

    with pytest.raises(BadInput, match="S1 was revealed"):
        hand_out(sequence, tmp_path / "out", progress=meanwhile)
    assert not (tmp_path / "out").exists()
    with sequence.library.transaction() as session:
        assert session.get(Bundle, 1) is None


def test_a_playlist_for_another_use_asks_for_none(sequence, tmp_path):
    shown = hand_out(sequence, tmp_path / "out", use=Use.SUPERVISION)
    assert shown.content["scores"] is None
    assert shown.content["entries"][0]["scoring"] is None
    with sequence.library.transaction() as session:
        assert session.get_one(Bundle, 1).scores_key is None


def test_the_librarys_key_for_scores_is_nowhere_in_the_clear(bundle):
    with bundle.sequence.library.transaction() as session:
        private = session.get_one(Bundle, 1).scores_key
    middle = private.splitlines()[1]
    for folder in (bundle.folder.parent, bundle.sequence.library.root):
        assert not readable(folder, [middle, "PRIVATE KEY"])


# ---------- what comes in


def test_scores_come_in_as_they_were_given(bundle):
    sheet = filled(
        bundle.sequence.scale,
        item2=ItemScore(item=2, absence=Absence.DID_NOT_OCCUR, note="Kari sa ingenting"),
        item3=ItemScore(
            item=3, adherence=6, quality=7, evidence=(bundle.sequence.moment(200_000),)
        ),
        item4=ItemScore(item=4, quality=2, absence=Absence.CANNOT_JUDGE),
    )
    found = take(bundle, bundle.file(bundle.saved(sheet)))
    assert (found.bundle.name, found.rater, found.draft) == ("B1", "K1", False)
    assert (len(found.ratings), found.replaced) == (1, frozenset())
    with bundle.sequence.library.transaction() as session:
        rating = find_rating(session, found.ratings[0].id)
        assert tidied(sheet_of(rating)) == tidied(sheet)
        assert (rating.state, rating.source) == (RatingState.SUBMITTED, Source.BUNDLE)
        assert rating.receipt == receipt_hash(rating.scoring.excerpt)
        line = audit.list_lines(session, act=audit.Act.RATING)[-1]
        assert line.subjects == "Q1 S1 K1"
        assert (line.detail["deed"], line.detail["source"]) == ("submit", "bundle")


def test_a_code_is_known_whatever_its_capitals(bundle):
    assert take(bundle, bundle.file(bundle.saved(rater="k1"))).rater == "K1"


def test_evidence_lies_on_the_very_frame_of_the_recording(bundle):
    for off in (-1, 1, 400):
        cited = Moment(bundle.sequence.first_us + 200_000 + off)
        sheet = Sheet(items=(ItemScore(item=3, evidence=(cited,)),))
        rating = take(bundle, bundle.file(bundle.saved(sheet, state="draft"))).ratings[0]
        with bundle.sequence.library.transaction() as session:
            evidence = sheet_of(find_rating(session, rating.id)).score(3).evidence
        assert evidence == (bundle.sequence.moment(200_000),)


@pytest.mark.parametrize("kind", ["ntsc", "vfr_bframes"])
def test_every_frame_of_a_clip_is_found_again_in_its_recording(
    sequence, recording_file, tmp_path, kind
):
    library = sequence.library
    who = Description("G1", date(2026, 3, 13), ["P1", "P2", "T1"])
    take_in(library, recording_file(kind, 2), who, on=DAY)
    cut_excerpt(library, 2, Wish("f7", "f27", "Andre"), on=DAY)
    bundle = hand_out(sequence, tmp_path / "out", excerpts=(2,))
    entry = bundle.content["entries"][0]
    shown = accumulate(entry["clip"]["frames"], initial=entry["scoring"]["first"])
    moments = tuple(Moment(time) for time in shown)
    sheet = Sheet(items=(ItemScore(item=3, evidence=moments),))
    rating = take(bundle, bundle.file(bundle.saved(sheet, state="draft"))).ratings[0]
    with library.transaction() as session:
        found = [
            one.start_us for one in sheet_of(find_rating(session, rating.id)).score(3).evidence
        ]
        times = find_excerpt(session, 2).recording.frames.times
    assert found == list(times[7:27])


def test_a_draft_comes_in_as_a_draft_and_is_replaced_by_what_is_submitted(bundle):
    begun = Sheet(items=(ItemScore(item=1, adherence=3),))
    draft = take(bundle, bundle.file(bundle.saved(begun, state="draft")))
    assert draft.draft
    assert draft.ratings[0].state is RatingState.DRAFT
    done = take(bundle, bundle.file())
    assert not done.draft
    assert done.replaced == {"Q1"} == {draft.ratings[0].name}
    assert done.ratings[0].state is RatingState.SUBMITTED


def test_a_second_submission_is_refused_and_told_apart_from_the_same_again(bundle):
    take(bundle, bundle.file())
    said = refused(bundle, bundle.file(), BadInput, "K1 has submitted Q1 already, with the same")
    assert said.startswith("scores of B1, S1, by K1: ")
    other = bundle.file(bundle.saved(filled(bundle.sequence.scale, quality=1)))
    said = refused(bundle, other, BadInput, "with other scores")
    assert said.endswith("mbtg rate reopen Q1")
    with bundle.sequence.library.transaction() as session:
        reopen(session, find_rating(session, 1))
    assert take(bundle, other).replaced == {"Q1"}


def test_all_of_a_files_sheets_come_in_or_none(sequence, tmp_path):
    bundle = hand_out(sequence, tmp_path / "out", cuts=2)
    saved = bundle.saved()
    second = bundle.content["entries"][1]["scoring"]
    two = saved["sheets"][0] | {"scoring": second["name"], "receipt": second["receipt"]}
    gap = two | {"sheet": {"items": []}}
    refused(bundle, bundle.file(saved | {"sheets": [*saved["sheets"], gap]}), BadInput, "S2")
    assert len(take(bundle, bundle.file(saved | {"sheets": [*saved["sheets"], two]})).ratings) == 2


# ---------- what is refused


def test_a_bundle_of_another_library_is_unknown(bundle):
    lock = ScoresLock.new()
    scores = {key: bundle.content["scores"][key] for key in ("public", "own")}
    data = seal("0" * 32, scores, json.dumps(bundle.saved()).encode())
    refused(bundle, data, NotFound, "no bundle with the id 0000.* See: mbtg bundle list")
    other = json.loads(bundle.file()) | {"own": json.loads(bundle.file())["own"]}
    assert take(bundle, json.dumps(other).encode())  # the page's own copy is the page's affair
    assert lock.private != ScoresLock.new().private


def test_scores_moved_from_one_bundle_to_another_do_not_open(bundle, sequence, tmp_path):
    other = hand_out(sequence, tmp_path / "other")
    data = json.loads(bundle.file()) | {"bundle": other.id}
    said = refused(bundle, json.dumps(data).encode(), Damaged, "was changed, or is damaged")
    assert said.startswith("scores of B2: ")


def test_a_bundle_that_asked_for_none_takes_none(sequence, tmp_path):
    bundle = hand_out(sequence, tmp_path / "out", use=Use.SUPERVISION)
    asked = hand_out(sequence, tmp_path / "asked")
    data = seal(bundle.id, asked.content["scores"], b"{}")
    refused(asked, data, BadInput, "B1 asked for no scores: it was handed out for supervision")


IMPOSSIBLE = (
    ({"scoring": "S9"}, BadInput, "did not ask for it"),
    ({"scale": "0" * 64}, BadInput, "another scale than mbt-g-aqs"),
    ({"receipt": "0" * 64}, BadInput, "another cut of X1"),
    ({"sheet": {"items": [{"item": 1, "adherence": 8}]}}, BadInput, "8 is no score"),
    ({"sheet": {"items": [{"item": 99, "quality": 4}]}}, NotFound, "no item 99"),
    ({"sheet": {"items": [{"item": 1, "quality": 4}] * 2}}, BadInput, "on the sheet twice"),
    ({"sheet": {"items": [{"item": 1, "adherence": 4}]}}, BadInput, "not answered yet: 1, 2"),
    ({"sheet": {"overall": {"charm": 4}}}, BadInput, "no overall 'charm'"),
    ({"sheet": {"items": [{"item": 1, "charm": 4}]}}, BadInput, "charm"),
    ({"sheet": {"items": [{"item": 1, "note": "a" * 4001}]}}, BadInput, "4000"),
    ({"sheet": {"items": [{"item": 1, "quality": 10**30}]}}, BadInput, "no score"),
)


def test_a_sheet_that_cannot_be_so_is_refused(bundle):
    for changed, error, words in IMPOSSIBLE:
        said = refused(bundle, bundle.file(bundle.saved(one=changed)), error, words)
        assert said.startswith("scores of B1")


def test_evidence_outside_the_excerpt_is_refused(bundle):
    for time in (bundle.sequence.first_us - 40_000, bundle.sequence.first_us + 1_200_000):
        score = ItemScore(item=3, adherence=4, quality=4, evidence=(Moment(time),))
        data = bundle.file(bundle.saved(filled(bundle.sequence.scale, item3=score)))
        refused(bundle, data, BadInput, "scores of B1, S1, by K1: item 3: .* not lie in X1")


def test_raters_are_persons_of_the_library_and_no_patients(bundle):
    said = refused(bundle, bundle.file(bundle.saved(rater="K9")), NotFound, "no person K9")
    assert "mbtg person add K9" in said
    refused(bundle, bundle.file(bundle.saved(rater="P1")), BadInput, "P1 is a patient")
    refused(bundle, bundle.file(bundle.saved(rater="K1\n")), BadInput, "rater")


def test_a_scoring_or_file_that_is_given_twice_or_empty_is_refused(bundle):
    saved = bundle.saved()
    refused(
        bundle, bundle.file(saved | {"sheets": saved["sheets"] * 2}), BadInput, "S1 is .* twice"
    )
    refused(bundle, bundle.file(saved | {"sheets": []}), BadInput, "filled in nothing")
    refused(bundle, bundle.file(saved | {"state": "final"}), BadInput, "state")


def test_scores_come_too_late_once_they_are_revealed(bundle):
    take(bundle, bundle.file())
    with bundle.sequence.library.transaction() as session:
        reveal(session, find_scoring(session, 1))
        assert find_scoring(session, 1).state is ScoringState.REVEALED
    late = bundle.file(bundle.saved(rater="K2"))
    refused(bundle, late, BadInput, "S1 was revealed on .* mbtg rate open X1")
    other = bundle.file(bundle.saved(filled(bundle.sequence.scale, quality=1)))
    refused(bundle, other, BadInput, "S1 was revealed on")


# ---------- consents


def limited(sequence, until):
    """Somebody present whose consent runs out."""
    with sequence.library.transaction() as session:
        add_person(session, "P3", "G1", Role.PATIENT)
        days = {"signed_on": date(2026, 1, 1), "until": until}
        record_consent(session, "P3", Use, Form.IDENTIFIABLE, **days)
        recording = find_excerpt(session, 1).recording
        recording.present.append(find_person(session, "P3"))


def test_scores_that_were_given_in_time_may_come_in_after_a_consent_ran_out(sequence, tmp_path):
    until = DAY + timedelta(days=5)
    limited(sequence, until)
    bundle = hand_out(sequence, tmp_path / "out")
    assert bundle.made.bundle.expires_on == until
    found = take(bundle, bundle.file(), on=until + timedelta(days=10))
    assert found.ratings[0].state is RatingState.SUBMITTED


def test_a_consent_that_was_withdrawn_refuses_also_what_was_scored_before(sequence, tmp_path):
    until = DAY + timedelta(days=5)
    limited(sequence, until)
    bundle = hand_out(sequence, tmp_path / "out")
    with sequence.library.transaction() as session:
        consent = find_person(session, "P3").consents[0]
        for use in consent.uses:
            use.withdrawn_on = until + timedelta(days=1)
    later = until + timedelta(days=2)
    said = refused(bundle, bundle.file(), ConsentRefused, "P3 has withdrawn", on=later)
    assert "X1 cannot be used for scoring" in said
    with sequence.library.transaction() as session:
        assert audit.list_lines(session)[-1].act is audit.Act.REFUSAL


def test_a_new_consent_that_begins_later_takes_in_nothing_before(sequence, tmp_path):
    until = DAY + timedelta(days=5)
    limited(sequence, until)
    bundle = hand_out(sequence, tmp_path / "out")
    withdrawn, later = until + timedelta(days=1), until + timedelta(days=9)
    with sequence.library.transaction() as session:
        for use in find_person(session, "P3").consents[0].uses:
            use.withdrawn_on = withdrawn
        days = {"signed_on": later, "until": later}
        record_consent(session, "P3", Use, Form.IDENTIFIABLE, **days)
    refused(bundle, bundle.file(), ConsentRefused, "begins later", on=withdrawn)
    assert take(bundle, bundle.file(), on=later).ratings


def test_an_excerpt_that_was_shredded_takes_no_scores(bundle):
    withdraw(bundle.sequence.library, "P1", (), on=DAY)
    refused(bundle, bundle.file(), NotFound, "X1, which S1 scores, was shredded")
