from __future__ import annotations

import msgspec
import numpy as np
import pytest

from mbtg_video.errors import BadInput, StillBlind
from mbtg_video.excerpt.make import find_excerpt
from mbtg_video.rating.agree import reveal
from mbtg_video.rating.matrix import Gaps, Score, matrix
from mbtg_video.rating.model import Absence
from mbtg_video.rating.scoring import find_scoring, open_scoring
from mbtg_video.rating.sheet import ItemScore
from tests.sequences import DAY, filled


@pytest.fixture
def scored(sequence):
    """S1, revealed: K1 without gaps, K2 with an item that did not occur and one half judged."""
    number = sequence.open()
    sequence.rate(number, "K1", filled(sequence.scale, adherence=2, quality=3))
    gaps = {
        "item3": ItemScore(item=3, absence=Absence.DID_NOT_OCCUR),
        "item4": ItemScore(item=4, adherence=6, absence=Absence.CANNOT_JUDGE),
    }
    sequence.rate(number, "K2", filled(sequence.scale, adherence=5, quality=6, **gaps))
    sequence.rate(number, "K3", submit=False)
    with sequence.library.transaction() as session:
        reveal(session, find_scoring(session, number))
    return sequence


def test_what_has_no_number_is_missing_and_counted(scored):
    with scored.library.transaction() as session:
        quality = matrix([find_scoring(session, 1)], Score.QUALITY)
        adherence = matrix([find_scoring(session, 1)], Score.ADHERENCE)
    assert quality.raters == ("K1", "K2")  # a draft is nobody's answer
    assert quality.scores.shape == (1, 2, 19)
    assert quality.scores[0, :, :5].tolist()[0] == [3.0] * 5
    np.testing.assert_array_equal(quality.scores[0, 1, :5], [6, 6, np.nan, np.nan, 6])
    assert quality.gaps == Gaps(did_not_occur=1, cannot_judge=1, not_rated=0)
    assert adherence.gaps == Gaps(did_not_occur=1, cannot_judge=0, not_rated=0)
    assert adherence.scores[0, 1, 3] == 6


def test_adherence_has_no_column_for_an_item_of_which_quality_alone_is_rated(scored):
    with scored.library.transaction() as session:
        adherence = matrix([find_scoring(session, 1)], Score.ADHERENCE)
    assert "10" not in adherence.items
    assert len(adherence.items) == 18


def test_whether_a_thing_occurred_is_kept_apart_from_its_score(scored):
    with scored.library.transaction() as session:
        quality = matrix([find_scoring(session, 1)], Score.QUALITY)
    np.testing.assert_array_equal(quality.occurred[0, 0, :5], [1, 1, 1, 1, 1])
    np.testing.assert_array_equal(quality.occurred[0, 1, :5], [1, 1, 0, np.nan, 1])


def test_overall_ratings_are_columns_by_their_keys(scored):
    with scored.library.transaction() as session:
        overall = matrix([find_scoring(session, 1)], Score.OVERALL)
    assert overall.items == ("adherence", "quality")
    assert overall.scores[0].tolist() == [[2, 3], [5, 6]]


def test_a_rater_who_rated_only_one_of_two_sequences_is_missing_in_the_other(scored):
    number = scored.open()
    scored.rate(number, "K3", filled(scored.scale))
    with scored.library.transaction() as session:
        reveal(session, find_scoring(session, number))
        both = matrix([find_scoring(session, n) for n in (1, 2)], Score.QUALITY)
    assert both.raters == ("K1", "K2", "K3")
    assert np.isnan(both.scores[1, 0]).all()
    assert np.isnan(both.scores[0, 2]).all()
    assert both.gaps.not_rated == 3 * 19


def test_nobody_counts_before_the_reveal(sequence):
    number = sequence.open()
    sequence.rate(number, "K1")
    with sequence.library.transaction() as session, pytest.raises(StillBlind, match="S1 is blind"):
        matrix([find_scoring(session, number)], Score.QUALITY)


def test_scales_are_not_mixed(scored):
    other = msgspec.structs.replace(scored.scale, version=2)
    with scored.library.transaction() as session:
        made = open_scoring(session, find_excerpt(session, 1), other, on=DAY)
    scored.rate(made.id, "K1")
    with scored.library.transaction() as session:
        reveal(session, find_scoring(session, made.id))
        both = [find_scoring(session, 1), find_scoring(session, made.id)]
        with pytest.raises(BadInput, match=r"version 1: S1; .* version 2: S2"):
            matrix(both, Score.QUALITY)
