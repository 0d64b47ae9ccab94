from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from mbtg_video.rating.reliability.estimate import Interval, Why
from mbtg_video.rating.reliability.kappa import Weighting
from mbtg_video.rating.reliability.pairs import _compared, _mean_kappas, pairwise
from tests.rating.reliability.matrices import NAN, scored


@pytest.mark.parametrize("weighting", Weighting)
def test_every_pair_is_compared_on_the_sessions_that_both_scored(weighting):
    name = None if weighting is Weighting.UNWEIGHTED else weighting.value
    compared = 0
    for seed in range(40):
        scores = scored(seed, missing=0.2)
        for pair in pairwise(scores).kappa[weighting].pairs:
            one, two = scores[:, pair.first], scores[:, pair.second]
            both = ~np.isnan(one) & ~np.isnan(two)
            assert pair.estimate.used == both.sum()
            assert pair.estimate.left_out == (~both).sum()
            if pair.estimate.value is not None:
                theirs = cohen_kappa_score(
                    one[both].astype(int), two[both].astype(int), labels=range(1, 8), weights=name
                )
                assert pair.estimate.value == pytest.approx(theirs, abs=1e-9)
                compared += 1
    assert compared > 200


def test_raw_and_within_one_agreement_are_counted_session_by_session():
    scores = np.array([[1, 1, 4], [2, 3, 4], [5, 3, 4], [NAN, 3, 4]])
    found = pairwise(scores)
    raw = {(p.first, p.second): p.estimate.value for p in found.raw.pairs}
    near = {(p.first, p.second): p.estimate.value for p in found.within_one.pairs}
    assert raw == {(0, 1): pytest.approx(1 / 3), (0, 2): 0.0, (1, 2): 0.0}
    assert near == {(0, 1): pytest.approx(2 / 3), (0, 2): pytest.approx(1 / 3), (1, 2): 0.75}
    assert found.raw.mean.value == pytest.approx(1 / 9)
    assert found.raw.mean.interval is Interval.BOOTSTRAP


def test_pairs_keep_the_places_of_their_raters_when_one_scored_nothing():
    scores = np.array([[1.0, NAN, 2.0], [3.0, NAN, 3.0], [5.0, NAN, 4.0]])
    found = pairwise(scores)
    assert [(p.first, p.second) for p in found.raw.pairs] == [(0, 2)]


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.6])
def test_the_mean_of_weighted_resamples_is_the_mean_over_the_sessions_drawn(missing):
    scores = scored(21, missing)
    scores = scores[(~np.isnan(scores)).sum(axis=1) >= 2]
    drawn = np.random.default_rng(1).multinomial(len(scores), np.ones(len(scores)) / len(scores), 6)
    by_weight = _mean_kappas(_compared(scores), drawn.astype(float))
    for weighting in Weighting:
        for weights, mean in zip(drawn, by_weight[weighting], strict=True):
            written_out = pairwise(np.repeat(scores, weights, axis=0)).kappa[weighting].pairs
            several = {
                (pair.first, pair.second)
                for pair in pairwise(scores).kappa[weighting].pairs
                if pair.estimate.used > 1
            }
            values = [
                pair.estimate.value
                for pair in written_out
                if pair.estimate.value is not None and (pair.first, pair.second) in several
            ]
            assert mean == pytest.approx(np.mean(values) if values else np.nan, nan_ok=True)


def test_no_kappa_is_made_of_a_single_session():
    scores = np.array([[1.0, 2.0, NAN], [3.0, NAN, NAN], [NAN, 3.0, 3.0], [2.0, NAN, 1.0]])
    found = pairwise(scores).kappa[Weighting.QUADRATIC]
    assert [pair.estimate.why for pair in found.pairs] == [Why.ONE_SESSION] * 3
    assert found.mean.why is Why.ONE_SESSION
    assert pairwise(scores).raw.mean.value == pytest.approx(1 / 3)


def test_many_values_and_raters_are_compared_in_parts():
    chance = np.random.default_rng(9)
    scores = chance.normal(size=(20, 1)) + chance.normal(size=(20, 7))
    found = pairwise(scores)
    assert len(found.raw.pairs) == len(list(combinations(range(7), 2)))
    quadratic = found.kappa[Weighting.QUADRATIC].mean
    assert quadratic.low < quadratic.value < quadratic.high


def test_one_single_value_has_no_kappa_and_complete_raw_agreement():
    found = pairwise(np.full((5, 3), 4.0))
    for weighting in Weighting:
        assert found.kappa[weighting].mean.why is Why.NO_VARIANCE
        assert {p.estimate.why for p in found.kappa[weighting].pairs} == {Why.NO_VARIANCE}
    assert found.raw.mean.value == 1.0
    assert found.within_one.mean.value == 1.0


def test_a_pair_without_a_number_is_left_out_of_the_mean():
    scores = np.array([[4.0, 4.0, 1.0], [4.0, 4.0, 4.0], [4.0, 4.0, 7.0]])
    mean = pairwise(scores).kappa[Weighting.QUADRATIC].mean
    assert (mean.used, mean.left_out) == (2, 1)


def test_a_single_session_has_raw_agreement_and_no_interval_of_the_mean():
    found = pairwise([[3.0, 3.0, 4.0]])
    assert found.raw.mean.value == pytest.approx(1 / 3)
    assert found.raw.mean.interval is None


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (np.zeros((0, 0)), Why.ALL_MISSING),
        (np.full((4, 3), NAN), Why.ALL_MISSING),
        ([[1.0, NAN], [2.0, NAN]], Why.ONE_RATER),
        ([[1.0, NAN], [NAN, 2.0]], Why.NO_PAIRS),
    ],
)
def test_what_cannot_be_compared_says_why(scores, why):
    found = pairwise(scores)
    assert found.raw.mean.why is why
    assert {found.kappa[weighting].mean.why for weighting in Weighting} == {why}
