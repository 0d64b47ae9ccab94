import warnings

import numpy as np
import pandas
import pingouin
import pytest

from mbtg_video.rating.reliability.estimate import Interval, Why
from mbtg_video.rating.reliability.intraclass import Intraclass, intraclass, stepped_up
from mbtg_video.rating.reliability.mean_squares import mean_squares
from tests.rating.reliability.matrices import NAN, scored

# Shrout and Fleiss (1979), table 2: six targets by four judges.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
NAMES = Intraclass.__slots__
PINGOUIN = dict(
    zip(
        NAMES, ["ICC(1,1)", "ICC(A,1)", "ICC(C,1)", "ICC(1,k)", "ICC(A,k)", "ICC(C,k)"], strict=True
    )
)


def test_the_six_coefficients_that_shrout_and_fleiss_1979_print_for_their_table_2():
    found = intraclass(SHROUT_FLEISS)
    printed = {
        "one_single": 0.17,
        "two_single": 0.29,
        "three_single": 0.71,
        "one_mean": 0.44,
        "two_mean": 0.62,
        "three_mean": 0.91,
    }
    assert {name: round(getattr(found, name).value, 2) for name in NAMES} == printed


def oracle(scores):
    long = pandas.DataFrame(
        [(s, r, float(v)) for s, row in enumerate(scores) for r, v in enumerate(row)],
        columns=["session", "rater", "score"],
    ).dropna()
    # The unrounded columns: pingouin rounds its interval only while this option says so.
    pingouin.options["round.column.CI95"] = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas warns pingouin of what it will take away
        found = pingouin.intraclass_corr(
            long, targets="session", raters="rater", ratings="score", nan_policy="omit"
        )
    return found.set_index("Type")


@pytest.mark.parametrize("block", range(8))
def test_coefficients_and_intervals_are_those_of_pingouin(block):
    compared = 0
    for seed in range(block * 25, block * 25 + 25):
        scores = scored(seed, missing=0.04 if seed % 2 else 0.0)
        if (~np.isnan(scores).any(axis=1)).sum() < 3:
            continue
        ours, theirs = intraclass(scores), oracle(scores)
        for name in NAMES:
            estimate, row = getattr(ours, name), theirs.loc[PINGOUIN[name]]
            if estimate.value is None:
                assert not abs(row["ICC"]) <= 1.0 or row["F"] <= 1e-12
                continue
            assert estimate.value == pytest.approx(row["ICC"], abs=1e-9)
            if estimate.interval is not None:
                bounds = [estimate.low, estimate.high]
                assert bounds == pytest.approx(list(row["CI95"]), rel=1e-9, abs=1e-9)
                compared += 1
    assert compared > 100


def test_a_session_that_one_rater_did_not_score_is_left_out():
    scores = np.array([*SHROUT_FLEISS, [1.0, NAN, 9.0, 5.0]])
    found = intraclass(scores)
    whole = intraclass(SHROUT_FLEISS)
    assert found.two_single.value == whole.two_single.value
    assert (found.two_single.used, found.two_single.left_out) == (6, 1)


def test_a_rater_without_any_score_is_left_out_first():
    scores = np.column_stack([np.array(SHROUT_FLEISS, dtype=float), np.full(6, NAN)])
    assert intraclass(scores) == intraclass(SHROUT_FLEISS)


def test_identical_raters_agree_completely_and_claim_no_certainty():
    found = intraclass(np.tile([[1.0], [3.0], [7.0], [2.0]], (1, 3)))
    for name in NAMES:
        estimate = getattr(found, name)
        assert estimate.value == 1.0
        assert estimate.interval is None


def test_a_strict_rater_costs_agreement_and_not_consistency():
    steady = np.array([[1.0, 3.0], [2.0, 4.0], [5.0, 7.0]])
    found = intraclass(steady)
    assert found.three_single.value == 1.0
    assert found.two_single.value < 0.8
    assert found.two_single.interval is Interval.F


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (np.zeros((0, 0)), Why.ALL_MISSING),
        (np.zeros((0, 3)), Why.ALL_MISSING),
        (np.full((4, 3), NAN), Why.ALL_MISSING),
        ([[1.0], [2.0]], Why.ONE_RATER),
        ([[1.0, NAN], [2.0, NAN]], Why.ONE_RATER),
        ([[1.0, 2.0]], Why.ONE_SESSION),
        ([[1.0, 2.0], [NAN, NAN]], Why.ONE_SESSION),
        ([[1.0, 2.0], [NAN, 3.0]], Why.TOO_FEW_COMPLETE),
        ([[4.0, 4.0], [4.0, 4.0]], Why.NO_VARIANCE),
    ],
)
def test_what_cannot_be_estimated_says_why(scores, why):
    found = intraclass(scores)
    assert {getattr(found, name).why for name in NAMES} == {why}


def test_sessions_that_do_not_differ_have_no_coefficient_of_the_mean():
    found = intraclass([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0], [2.0, 3.0, 1.0]])
    assert found.one_single.value == pytest.approx(-0.5)
    assert found.one_mean.why is Why.SESSIONS_ALIKE
    assert found.three_mean.why is Why.SESSIONS_ALIKE


def test_a_variance_estimated_below_nought_is_no_divisor():
    found = intraclass([[1.0, 7.0], [7.0, 1.0], [4.0, 4.5]])
    assert found.two_mean.why is Why.NEGATIVE_VARIANCE


def test_the_interval_that_the_nag_library_prints_for_shrout_and_fleiss():
    """Example results of nag_anova_icc (g04gac): F 1.79 with 5 and 18 degrees of freedom."""
    squares = mean_squares(np.array(SHROUT_FLEISS, dtype=float))
    found = intraclass(SHROUT_FLEISS).one_single
    assert round(squares.between / squares.within, 2) == 1.79
    assert [round(x, 2) for x in (found.value, found.low, found.high)] == [0.17, -0.13, 0.72]


def test_mean_squares_of_the_skaters_of_maclennan_1993_as_sas_prints_them():
    """Example of the SAS macro INTRACC: six pairs of skaters by nine judges."""
    judges = [
        [5.9, 5.8, 5.5, 5.6, 5.4, 5.5],
        [5.9, 5.7, 5.7, 5.8, 5.5, 5.2],
        [5.9, 5.8, 5.7, 5.6, 5.4, 5.2],
        [5.9, 5.7, 5.8, 5.7, 5.4, 5.3],
        [5.8, 5.7, 5.3, 5.4, 5.4, 5.1],
        [5.8, 5.7, 5.6, 5.6, 5.4, 5.4],
        [5.9, 5.8, 5.5, 5.3, 5.4, 5.2],
        [5.9, 5.8, 5.7, 5.6, 5.4, 5.2],
        [5.9, 5.8, 5.3, 5.7, 5.5, 5.3],
    ]
    found = mean_squares(np.transpose(judges))
    assert round(found.between, 8) == 0.43707407
    assert round(found.raters, 8) == 0.02157407
    assert round(found.error, 8) == 0.01124074


def test_mean_squares_of_shrout_and_fleiss_add_up():
    squares = mean_squares(np.array(SHROUT_FLEISS, dtype=float))
    around = 5 * squares.between + 18 * squares.within
    parts = 5 * squares.between + 3 * squares.raters + 15 * squares.error
    total = ((np.array(SHROUT_FLEISS) - np.mean(SHROUT_FLEISS)) ** 2).sum()
    assert (around, parts) == (pytest.approx(total), pytest.approx(total))


@pytest.mark.parametrize(
    ("one", "two"),
    [(0.26, 0.41), (0.86, 0.92), (0.83, 0.91), (0.26, 0.42)],
)
def test_two_raters_of_the_mbt_g_aqs_follow_from_one(one, two):
    """Folmo and others (2017), Scand. J. Psychol. 58, 341-349, abstract: ranges of the items.

    Both are printed to two digits, so the step has to hold somewhere within them.
    """
    assert stepped_up(one - 0.005, 2) < two + 0.005
    assert stepped_up(one + 0.005, 2) > two - 0.005


@pytest.mark.parametrize("scores", [[1.0, 2.0], [[[1.0]]], [[1.0, float("inf")]]])
def test_what_is_no_table_of_scores_is_refused(scores):
    with pytest.raises(ValueError, match=r"dimensions|finite"):
        intraclass(scores)
