from __future__ import annotations

import dataclasses

import msgspec
import numpy as np
import pytest

from mbtg_video.errors import BadInput, NotFound, StillBlind
from mbtg_video.rating.matrix import Score, matrix
from mbtg_video.rating.model import ScoringState
from mbtg_video.rating.record import sheet_of
from mbtg_video.rating.reliability.estimate import Estimate, Why
from mbtg_video.rating.report.agreement import agreement
from mbtg_video.rating.scoring import find_scoring


def of(report, score):
    return next(found for found in report.agreement if found.score is score)


def texts(value):
    """Every text in a report, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def test_nothing_is_told_before_the_reveal(panel):
    with pytest.raises(StillBlind, match="S9 is blind"):
        panel.report(1, 9)


def test_a_report_needs_something_to_tell(panel):
    with pytest.raises(BadInput, match="no scoring"):
        panel.report()


def test_the_head_says_who_scored_what_and_how_far_it_has_come(panel):
    part = panel.report(1).scorings[0]
    assert (part.name, part.sequence, part.about) == ("S1", "X1", "T1")
    assert part.held_on.isoformat() == "2026-02-06"
    assert part.raters == ("K1", "K2", "K3", "K4")
    assert part.state is ScoringState.SIGNED
    assert part.agreed_by == ("K1", "K2", "K3", "K4")
    assert part.signed_by == "T2"
    assert part.missing[Score.QUALITY].did_not_occur >= 4  # item 9 of each rater


def test_sequences_come_in_the_order_of_their_sessions_and_once(panel):
    assert [part.name for part in panel.report(3, 1, 2, 1).scorings] == ["S1", "S2", "S3"]


def test_differences_come_largest_first(panel):
    gaps = [row.gap for row in panel.report(2).scorings[0].rows]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 1


def test_notes_stay_in_the_library_unless_asked_for(panel):
    quiet = list(texts(msgspec.to_builtins(panel.report(1))))
    assert not [text for text in quiet if "Plantet" in text]
    told = panel.report(1, notes=True)
    assert {note.item for note in told.scorings[0].notes} == {5}
    assert told.scorings[0].notes[0].text == "Plantet notat om P1 5"


def test_titles_and_names_are_in_no_report(panel):
    every = " ".join(texts(msgspec.to_builtins(panel.report(1, 2, notes=True))))
    assert "tittel" not in every
    assert "Tirsdagsgruppen" not in every


def test_a_quality_score_without_a_moment_is_named(panel):
    part = panel.report(2).scorings[0]
    named = {(one.rater, item) for one in part.unsupported for item in one.items}
    expected = {
        (answer.rater, row.item)
        for row in part.rows
        for answer in row.answers
        if row.item and answer.quality is not None and not answer.evidence
    }
    assert named == expected
    assert named


def test_one_sequence_gives_what_it_can_and_says_why_not_the_rest(panel):
    found = of(panel.report(2), Score.QUALITY)
    assert 0 < found.raw.value < found.within_one.value <= 1
    scoring_items = [item for item in found.items if item.scored]
    assert all(item.raw.value is not None for item in scoring_items)
    assert {item.kappa.why for item in scoring_items} == {Why.ONE_SESSION}
    assert {item.alpha.why for item in scoring_items} == {Why.ONE_SESSION}
    assert {item.intraclass.two_single.why for item in scoring_items} == {Why.ONE_SESSION}
    assert found.study.generalizability.why is Why.ONE_SESSION
    assert found.profile.generalizability.why is None
    assert "9" in found.profile.items_left_out


def test_two_sequences_of_which_one_was_scored_by_two_are_no_ground_for_kappa(panel):
    kappas = [item.kappa for item in of(panel.report(2, 7), Score.QUALITY).items if item.scored]
    assert {kappa.why for kappa in kappas} == {Why.ONE_SESSION}


def test_the_profile_of_one_sequence_claims_no_interval(panel):
    found = of(panel.report(2), Score.QUALITY)
    assert {p.phi.low for p in found.profile.generalizability.projections} == {None}
    assert found.raw.low is None


def test_agreement_over_items_is_the_share_of_pairs_counted_by_hand(panel):
    report = panel.report(2)
    pairs = {}
    for row in report.scorings[0].rows:
        given = [(a.rater, a.quality) for a in row.answers if a.quality is not None]
        for i, (one, first) in enumerate(given):
            for other, second in given[i + 1 :]:
                pairs.setdefault((one, other), []).append(first == second)
    expected = np.mean([np.mean(same) for same in pairs.values()])
    assert of(report, Score.QUALITY).raw.value == pytest.approx(expected)


def test_the_study_uses_the_sequences_and_items_that_everybody_scored(panel):
    study = of(panel.report(1, 2, 3, 4, 5, 6), Score.QUALITY).study
    assert study.scorings == ("S1", "S2", "S3", "S4", "S5")
    assert study.scorings_left_out == ("S6",)  # K4 did not rate it
    assert "9" in study.items_left_out
    assert study.generalizability.why is None
    assert len(study.items) + len(study.items_left_out) == 19
    phi = [p.phi.value for p in study.generalizability.projections]
    assert phi == sorted(phi)


def test_one_rater_agrees_with_nobody_and_the_report_says_so(panel):
    for found in panel.report(7).agreement:
        assert found.raw.why is Why.ONE_RATER
        assert {item.raw.why for item in found.items} <= {Why.ONE_RATER, Why.ALL_MISSING}


def test_nothing_scored_is_no_number_anywhere(panel):
    report = panel.report(8)
    for found in report.agreement:
        assert found.raw.why is Why.ALL_MISSING
        assert found.study is None or found.study.generalizability.why is Why.ALL_MISSING
    assert report.occurrence.raw.why is not None
    assert report.growth.points[0].measures[0].value is None


def test_no_number_is_both_made_and_not(panel):
    def estimates(value):
        if isinstance(value, Estimate):
            yield value
        elif dataclasses.is_dataclass(value):
            for field in dataclasses.fields(value):
                yield from estimates(getattr(value, field.name))
        elif isinstance(value, tuple):
            for inner in value:
                yield from estimates(inner)

    for numbers in ((1, 2, 3, 4, 5, 6), (2,), (7,), (8,)):
        found = list(estimates(panel.report(*numbers)))
        assert len(found) > 100
        assert all((e.value is None) == (e.why is not None) for e in found)


def test_occurrence_is_an_answer_of_its_own(panel):
    found = panel.report(1, 2, 3).occurrence
    with panel.library.transaction() as session:
        scorings = [find_scoring(session, number) for number in (1, 2, 3)]
        occurred = matrix(scorings, Score.QUALITY).occurred
    assert found.answers == (~np.isnan(occurred)).sum()
    assert found.did_not_occur == (occurred == 0).sum()


def test_growth_goes_by_date_and_prefers_the_consensus(panel):
    points = panel.report(4, 1, 6, about="T1").growth.points
    assert [point.scoring for point in points] == ["S1", "S4", "S6"]
    assert [point.agreed for point in points] == [True, False, False]
    agreed, by_raters = points[0].measures[1], points[1].measures[1]
    with panel.library.transaction() as session:
        sheet = sheet_of(find_scoring(session, 1).consensus)
    given = [score.quality for score in sheet.items if score.quality is not None]
    assert agreed.value == pytest.approx(np.mean(given))
    assert (agreed.good_enough, agreed.items) == (sum(q >= 4 for q in given), len(given))
    assert agreed.low is None
    assert by_raters.low <= by_raters.value <= by_raters.high
    assert by_raters.good_enough <= by_raters.items <= 19


def test_growth_is_of_one_person_and_the_others_stay_out(panel):
    report = panel.report(1, 2, 7, about="T1")
    assert [point.scoring for point in report.growth.points] == ["S1", "S2"]
    assert panel.report(1, 7).growth is None


def test_growth_of_somebody_who_is_not_there_is_refused(panel):
    with pytest.raises(NotFound, match="T9"):
        panel.report(1, about="T9")
    with pytest.raises(BadInput, match="about T2"):
        panel.report(1, about="T2")


def test_a_study_without_complete_sequences_says_why(panel):
    with panel.library.transaction() as session:
        both = matrix([find_scoring(session, n) for n in (1, 2)], Score.QUALITY)
    holes = dataclasses.replace(both, scores=both.scores.copy())
    holes.scores[0, 0] = np.nan
    holes.scores[1, 1] = np.nan
    study = agreement(holes).study
    assert study.generalizability.why is Why.TOO_FEW_COMPLETE
    assert study.scorings == ()
