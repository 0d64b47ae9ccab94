from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from sqlalchemy import select

from mbtg_video import audit, database
from mbtg_video.consent.model import Role, Use
from mbtg_video.consent.record import add_person
from mbtg_video.errors import (
    BadInput,
    ChangedMeanwhile,
    ConsentRefused,
    NotFound,
    RoleRefused,
    StillBlind,
)
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.agree import record_consensus, reveal, sign
from mbtg_video.rating.compare import compare
from mbtg_video.rating.look import open_sheet
from mbtg_video.rating.model import (
    Absence,
    Evidence,
    RatingState,
    Score,
    ScoringState,
    Source,
)
from mbtg_video.rating.record import reopen, sheet_of
from mbtg_video.rating.scoring import find_rating, find_scoring, open_scoring
from mbtg_video.rating.sheet import ItemScore, Moment
from mbtg_video.scale import find_scale
from mbtg_video.tag.mark import Mark, add_tag, remove_tag
from mbtg_video.timecode import Timecode
from mbtg_video.users import Power, User, UserRole
from mbtg_video.withdrawal import withdraw
from tests.sequences import DAY, filled


def deeds(session):
    lines = audit.list_lines(session, act=audit.Act.RATING)
    return [(line.detail["deed"], line.subjects) for line in lines]


def agree(sequence, number, **how):
    with sequence.library.transaction() as session:
        record_consensus(
            session,
            find_scoring(session, number),
            filled(sequence.scale),
            source=Source.COMMAND,
            on=DAY,
            **how,
        )


def uncover(sequence, number):
    with sequence.library.transaction() as session:
        return [draft.name for draft in reveal(session, find_scoring(session, number))]


def test_the_four_states_are_reached_in_turn_and_kept_and_audited(sequence):
    number = sequence.open()
    sequence.rate(number, "K1", filled(sequence.scale, quality=3))
    sequence.rate(number, "K2", filled(sequence.scale, quality=6))
    assert uncover(sequence, number) == []
    agree(sequence, number)
    with sequence.library.transaction() as session:
        sign(session, find_scoring(session, number), "T1")
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, number)
        assert scoring.state is ScoringState.SIGNED
        assert scoring.signed_by == "T1"
        kept = [(r.rater, sheet_of(r).score(5).quality) for r in scoring.ratings]
        assert kept == [("K1", 3), ("K2", 6), (None, 5)]
        assert deeds(session) == [
            ("open", "S1 X1"),
            ("submit", "Q1 S1 K1"),
            ("submit", "Q2 S1 K2"),
            ("reveal", "S1 Q1 Q2"),
            ("consensus", "Q3 S1 K1 K2"),
            ("sign", "S1 Q3 T1"),
        ]


def test_nobody_compares_before_the_reveal(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    with (
        pytest.raises(StillBlind, match="mbtg rate reveal S1"),
        sequence.library.transaction() as session,
    ):
        compare(find_scoring(session, number))
    with pytest.raises(StillBlind):
        agree(sequence, number)


def test_whoever_may_not_rate_opens_no_sheet(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    ring = replace(sequence.library.ring, user=User("kari", UserRole.CONTROLLER))
    looking = replace(sequence.library, ring=ring)
    with pytest.raises(RoleRefused), looking.transaction(Power.LOOK) as session:
        open_sheet(session, find_scoring(session, number), "K1")


def test_after_the_reveal_no_score_comes_or_changes(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    draft = sequence.rate(number, "K2", submit=False)
    assert uncover(sequence, number) == [draft.name]
    for rater in ("K2", "K3"):
        with pytest.raises(BadInput, match="mbtg rate open X1"):
            sequence.rate(number, rater)
    with sequence.library.transaction() as session, pytest.raises(BadInput, match="blind"):
        reopen(session, find_rating(session, 1))
    with pytest.raises(BadInput, match="revealed already"):
        uncover(sequence, number)


def test_a_reveal_needs_a_submission(sequence):
    number = sequence.open()
    sequence.rate(number, "K1", submit=False)
    with pytest.raises(BadInput, match="Nobody has submitted"):
        uncover(sequence, number)


def test_a_submitted_sheet_changes_only_once_it_is_taken_back(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    with pytest.raises(BadInput, match="mbtg rate reopen Q1"):
        sequence.rate(number, "K1", filled(sequence.scale, quality=7))
    with sequence.library.transaction() as session:
        reopen(session, find_rating(session, 1))
    sequence.rate(number, "K1", filled(sequence.scale, quality=7))
    with sequence.library.transaction() as session:
        rating = find_rating(session, 1)
        assert rating.state is RatingState.SUBMITTED
        assert sheet_of(rating) == filled(sequence.scale, quality=7)


def test_two_who_change_one_draft_do_not_overwrite_each_other(sequence):
    number = sequence.open()
    first = sequence.rate(number, "K1", submit=False, seen=0)
    sequence.rate(
        number, "K1", filled(sequence.scale, quality=2), submit=False, seen=first.revision
    )
    for seen in (0, first.revision):
        with pytest.raises(ChangedMeanwhile, match="Nothing was overwritten"):
            sequence.rate(number, "K1", submit=False, seen=seen)


def test_a_sheet_comes_back_as_it_was_given(sequence):
    number = sequence.open()
    with sequence.library.transaction() as session:
        recording = find_excerpt(session, 1).recording
        mark = Mark(start=Timecode(480_000), scale="mbt-g-aqs", item=3)
        add_tag(session, recording, mark, on=DAY)
    evidence = (sequence.moment(100_000, 200_000), Moment(480_000, None, "T1"))
    sheet = filled(
        sequence.scale,
        item3=ItemScore(item=3, adherence=2, quality=3, note="æøå", evidence=evidence),
        item4=ItemScore(item=4, absence=Absence.DID_NOT_OCCUR),
        item5=ItemScore(item=5, quality=3, absence=Absence.CANNOT_JUDGE),
    )
    sheet.overall["quality"] = Absence.CANNOT_JUDGE
    sequence.rate(number, "K1", sheet)
    with sequence.library.transaction() as session:
        back = sheet_of(find_rating(session, 1))
        assert [s for s in back.items if s.item != 3] == [s for s in sheet.items if s.item != 3]
        assert back.score(3).evidence == tuple(sorted(evidence, key=lambda m: m.start_us))
        assert back.overall == {"adherence": 4, "quality": Absence.CANNOT_JUDGE}


def test_evidence_outlives_its_tag(sequence):
    number = sequence.open()
    with sequence.library.transaction() as session:
        recording = find_excerpt(session, 1).recording
        tag = add_tag(session, recording, Mark(start=Timecode(500_000), label="taushet"), on=DAY)
    score = ItemScore(item=3, adherence=2, quality=3, evidence=(Moment(500_000, None, "T1"),))
    sequence.rate(number, "K1", filled(sequence.scale, item3=score))
    with sequence.library.transaction() as session:
        remove_tag(session, session.merge(tag))
    with sequence.library.transaction() as session:
        assert sheet_of(find_rating(session, 1)).score(3) == score


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (Moment(399_999), "does not lie in X1"),
        (Moment(0, 400_000), "does not lie in X1"),
        (Moment(1_600_000), "does not lie in X1"),
    ],
)
def test_evidence_must_lie_in_the_excerpt(sequence, moment, told):
    score = ItemScore(item=3, adherence=2, quality=3, evidence=(moment,))
    number = sequence.open()
    with pytest.raises(BadInput, match=told):
        sequence.rate(number, "K1", filled(sequence.scale, item3=score))


def test_a_patient_or_a_stranger_is_no_rater(sequence):
    number = sequence.open()
    with pytest.raises(BadInput, match="P1 is a patient"):
        sequence.rate(number, "P1")
    with pytest.raises(NotFound, match="no person X9"):
        sequence.rate(number, "X9")


def test_scoring_needs_the_consent_to_scoring(sequence):
    number = sequence.open()
    withdraw(sequence.library, "P1", uses=[Use.SCORING], on=DAY)
    with pytest.raises(ConsentRefused, match="withdrawn the consent to scoring"):
        sequence.rate(number, "K1")
    with (
        pytest.raises(ConsentRefused),
        sequence.library.transaction() as session,
    ):
        open_scoring(session, find_excerpt(session, 1), find_scale("teaching-example"), on=DAY)


def test_a_withdrawal_takes_notes_and_moments_and_leaves_the_numbers(sequence):
    number = sequence.open()
    score = ItemScore(
        item=3, adherence=2, quality=3, note="P1 blir stille", evidence=(sequence.moment(),)
    )
    sequence.rate(number, "K1", filled(sequence.scale, item3=score))
    withdraw(sequence.library, "P1", uses=[], on=DAY)
    with pytest.raises(NotFound, match="was shredded"), sequence.library.transaction() as session:
        reopen(session, find_rating(session, 1))
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, number)
        assert scoring.excerpt is None
        assert scoring.sequence == "X1"
        assert session.scalars(select(Evidence)).all() == []
        assert session.scalars(select(Score.note).where(Score.note.is_not(None))).all() == []
        kept = sheet_of(scoring.ratings[0]).score(3)
        assert kept == ItemScore(item=3, adherence=2, quality=3)
        reveal(session, scoring)
        assert compare(scoring)
    with pytest.raises(NotFound, match="was shredded"):
        sequence.rate(number, "K2")


def test_a_withdrawal_from_scoring_alone_takes_notes_and_moments_too(sequence):
    number = sequence.open()
    score = ItemScore(
        item=3, adherence=2, quality=3, note="P1 blir stille", evidence=(sequence.moment(),)
    )
    sheet = msgspec.structs.replace(filled(sequence.scale, item3=score), note="P1 gråter")
    sequence.rate(number, "K1", sheet)
    withdraw(sequence.library, "P1", uses=[Use.COURSE], on=DAY)
    with sequence.library.transaction() as session:
        assert sheet_of(find_rating(session, 1)) == sheet
    withdraw(sequence.library, "P1", uses=[Use.SCORING], on=DAY)
    with sequence.library.transaction() as session:
        assert find_scoring(session, number).excerpt is not None
        left = sheet_of(find_rating(session, 1))
        assert left.note is None
        assert left.score(3) == ItemScore(item=3, adherence=2, quality=3)


def test_a_changed_scale_reinterprets_nothing(sequence, tmp_path, monkeypatch):
    number = sequence.open()
    sequence.rate(number, "K1")
    from mbtg_video.scale import scale_paths

    text = scale_paths()["mbt-g-aqs"].read_text(encoding="utf-8")
    own = tmp_path / "scales"
    own.mkdir()
    changed = text.replace("highest = 7", "highest = 5").replace("version = 1", "version = 2")
    (own / "mbt-g-aqs.toml").write_text(changed, encoding="utf-8")
    monkeypatch.setenv("MBTG_SCALES", str(own))
    assert find_scale("mbt-g-aqs").values.highest == 5
    sequence.rate(number, "K2", filled(sequence.scale, quality=7))
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, number)
        assert (scoring.scale.version, scoring.scale.values.highest) == (1, 7)
        newer = open_scoring(session, find_excerpt(session, 1), find_scale("mbt-g-aqs"), on=DAY)
        assert newer.scale.values.highest == 5


def test_one_blind_scoring_at_a_time_for_an_excerpt_and_a_scale(sequence):
    number = sequence.open()
    with (
        pytest.raises(BadInput, match="S1 scores X1"),
        sequence.library.transaction() as session,
    ):
        open_scoring(session, find_excerpt(session, 1), sequence.scale, on=DAY)
    sequence.rate(number, "K1")
    uncover(sequence, number)
    assert sequence.open() == 2


def test_a_consensus_is_agreed_on_by_its_raters_and_frozen_by_the_signature(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    uncover(sequence, number)
    with (
        pytest.raises(BadInput, match="no consensus to sign"),
        sequence.library.transaction() as session,
    ):
        sign(session, find_scoring(session, number), "T1")
    with pytest.raises(BadInput, match="K2 has not submitted"):
        agree(sequence, number, agreed_by=["K1", "K2"])
    agree(sequence, number)
    with sequence.library.transaction() as session:
        revision = find_scoring(session, number).consensus.revision
    agree(sequence, number, seen=revision)
    with (
        pytest.raises(ChangedMeanwhile),
        sequence.library.transaction() as session,
    ):
        sign(session, find_scoring(session, number), "T1", seen=revision)
    with sequence.library.transaction() as session:
        sign(session, find_scoring(session, number), "T1")
    with pytest.raises(BadInput, match="signed by T1"):
        agree(sequence, number)


def test_differences_come_largest_first_with_their_evidence(sequence):
    number = sequence.open()
    cited = (sequence.moment(100_000),)
    sequence.rate(
        number,
        "K1",
        filled(
            sequence.scale,
            item7=ItemScore(item=7, adherence=1, quality=4, evidence=cited),
            item9=ItemScore(item=9, absence=Absence.DID_NOT_OCCUR),
        ),
    )
    sequence.rate(
        number, "K2", filled(sequence.scale, item12=ItemScore(item=12, adherence=4, quality=1))
    )
    uncover(sequence, number)
    with sequence.library.transaction() as session:
        rows = compare(find_scoring(session, number))
    assert [(row.item, row.gap, row.split) for row in rows[:4]] == [
        (12, 4, False),
        (7, 3, False),
        (9, 0, True),
        (1, 0, False),
    ]
    assert [row.overall for row in rows if row.overall] == ["adherence", "quality"]
    answers = {answer.rater: answer for answer in rows[1].answers}
    assert answers["K1"].evidence == cited
    assert (answers["K1"].adherence, answers["K2"].adherence) == (1, 4)


def test_raters_stand_in_the_order_in_which_people_count(sequence):
    with sequence.library.transaction() as session:
        add_person(session, "K10", "KURS", Role.PARTICIPANT)
    number = sequence.open()
    for rater in ("K10", "K2", "K1"):
        sequence.rate(number, rater)
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, number)
        reveal(session, scoring)
        assert [rating.rater for rating in scoring.submitted] == ["K1", "K2", "K10"]
        assert [answer.rater for answer in compare(scoring)[0].answers] == ["K1", "K2", "K10"]


def test_a_rating_remembers_the_cut_that_was_watched(sequence):
    number = sequence.open()
    first = sequence.rate(number, "K1").receipt
    with sequence.library.transaction() as session:
        excerpt = find_excerpt(session, 1)
        excerpt.receipt = excerpt.receipt | {"muted": [{"start_us": 0, "end_us": 1}]}
    assert sequence.rate(number, "K2").receipt != first
    assert sequence.rate(number, "K3", receipt="0" * 64).receipt == "0" * 64


def test_the_migrated_schema_is_what_the_rows_say(library):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    database.load_rows()
    with library.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, database.Base.metadata) == []


def test_a_scoring_knows_whose_session_it_scores_and_when_that_was(sequence):
    number = sequence.open()
    with sequence.library.transaction() as session:
        scoring = find_scoring(session, number)
        assert (scoring.held_on, scoring.about) == (date(2026, 3, 13), "T1")
