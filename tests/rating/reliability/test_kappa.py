import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from mbtg_video.rating.reliability.estimate import Interval, Why
from mbtg_video.rating.reliability.kappa import Weighting, estimated, kappa_of_table, share

# Cohen (1968), table 1: 200 cases, three diagnoses; disagreement weighs 1, 3 or 6.
DIAGNOSES = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
GRAVITY = np.array([[0.0, 1.0, 3.0], [1.0, 0.0, 6.0], [3.0, 6.0, 0.0]])
# Example of Fleiss, Cohen and Everitt (1969); there agreement weighs, to four digits.
PATIENTS = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
CREDIT = np.array([[1.0, 0.0, 0.4444], [0.0, 1.0, 0.6667], [0.4444, 0.6667, 1.0]])
SAME = Weighting.UNWEIGHTED.disagreement(np.arange(3.0))


def test_kappa_of_cohen_1968_table_1_with_and_without_weights():
    assert round(kappa_of_table(DIAGNOSES, SAME).value, 3) == 0.492
    assert round(kappa_of_table(DIAGNOSES, GRAVITY).value, 3) == 0.348


def test_weighted_disagreement_of_cohen_1968_table_1():
    found = kappa_of_table(DIAGNOSES, GRAVITY)
    assert (round(found.observed, 2), round(found.expected, 2)) == (0.90, 1.38)


def test_asymmetric_weights_of_cohen_1968():
    """.86 and 1.33 observed and expected, .353: printed, with the weights turned."""
    weights = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 2.0], [4.0, 6.0, 0.0]])
    found = kappa_of_table(DIAGNOSES, weights)
    assert (round(found.observed, 2), round(found.expected, 2)) == (0.86, 1.33)
    assert round(found.value, 3) == 0.353


def test_standard_errors_are_those_of_another_implementation():
    """Kelley, R package DMAR, vignette on weighted kappa: Fleiss, Cohen and Everitt's formula."""
    assert round(kappa_of_table(DIAGNOSES, SAME).standard_error, 3) == 0.051
    assert round(kappa_of_table(DIAGNOSES, GRAVITY).standard_error, 4) == 0.0755


def written_for_agreement(table, credit):
    """The standard error as its authors write it, term by term."""
    share = np.array(table) / np.sum(table)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = (credit * share).sum(), rows @ credit @ columns
    spread = 0.0
    for i in range(len(share)):
        for j in range(len(share)):
            means = credit[i] @ columns + rows @ credit[:, j]
            spread += share[i, j] * (credit[i, j] * (1 - expected) - means * (1 - observed)) ** 2
    spread -= (observed * expected - 2 * expected + observed) ** 2
    return np.sqrt(spread / np.sum(table)) / (1 - expected) ** 2


@pytest.mark.parametrize("credit", [CREDIT, np.eye(3)])
def test_disagreement_and_agreement_give_one_standard_error(credit):
    found = kappa_of_table(PATIENTS, 1.0 - credit)
    assert found.standard_error == pytest.approx(written_for_agreement(PATIENTS, credit))


@pytest.mark.parametrize("weighting", Weighting)
def test_kappa_is_that_of_scikit_learn(weighting):
    chance = np.random.default_rng(2)
    name = None if weighting is Weighting.UNWEIGHTED else weighting.value
    for _ in range(70):
        one = chance.integers(1, 8, size=20)
        two = np.where(chance.random(20) < 0.5, one, chance.integers(1, 8, size=20))
        values = np.arange(1, 8)
        table = np.zeros((7, 7))
        np.add.at(table, (one - 1, two - 1), 1)
        ours = kappa_of_table(table, weighting.disagreement(values.astype(float)))
        theirs = cohen_kappa_score(one, two, labels=values, weights=name)
        assert ours.value == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("weighting", Weighting)
def test_the_asymptotic_interval_covers_the_truth_about_as_often_as_it_says(weighting):
    chance = np.random.default_rng(7)
    share = chance.dirichlet(np.ones(9)).reshape(3, 3) + np.eye(3)
    share /= share.sum()
    weights = weighting.disagreement(np.arange(3.0))
    truth = kappa_of_table(share, weights).value
    found = [
        estimated(
            kappa_of_table(chance.multinomial(300, share.ravel()).reshape(3, 3), weights), 300, 0
        )
        for _ in range(1000)
    ]
    assert 0.93 < np.mean([e.low <= truth <= e.high for e in found]) < 0.97


def test_complete_agreement_has_no_interval_and_one_single_value_no_kappa():
    complete = estimated(kappa_of_table(np.diag([3, 4, 5]), SAME), 12, 0)
    assert (complete.value, complete.interval) == (1.0, None)
    assert estimated(kappa_of_table(np.diag([9, 0, 0]), SAME), 9, 0).why is Why.NO_VARIANCE
    assert estimated(kappa_of_table(np.zeros((3, 3)), SAME), 0, 4).why is Why.NO_PAIRS


@pytest.mark.parametrize(("times", "used"), [(0, 7), (81, 263), (7, 7), (1, 2)])
def test_the_interval_of_a_share_is_that_of_wilson(times, used):
    theirs = binomtest(times, used).proportion_ci(method="wilson")
    found = share(times, used, 0)
    assert (found.low, found.high) == (pytest.approx(theirs.low), pytest.approx(theirs.high))
    assert found.interval is Interval.ASYMPTOTIC


def test_no_share_of_nothing():
    assert share(0, 0, 3).why is Why.NO_PAIRS
