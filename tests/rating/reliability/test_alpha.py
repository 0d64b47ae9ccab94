import krippendorff
import numpy as np
import pytest

from mbtg_video.rating.reliability.alpha import Level, alpha, alphas
from mbtg_video.rating.reliability.estimate import Interval, Why
from tests.rating.reliability.matrices import NAN, scored

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, sections A, B and C.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
BEN, GERRY = "aabbdcccedda", "babbbcccedDd".lower()
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def test_binary_data_of_two_observers_krippendorff_2011_section_a():
    found = alpha(np.transpose([MEG, OWEN]), Level.NOMINAL)
    assert round(found.value, 3) == 0.095


def test_nominal_data_of_two_observers_krippendorff_2011_section_b():
    codes = np.array([[ord(a), ord(b)] for a, b in zip(BEN, GERRY, strict=True)])
    assert round(alpha(codes, Level.NOMINAL).value, 3) == 0.692


def test_four_observers_with_missing_data_krippendorff_2011_section_c():
    found = alphas(np.transpose(FOUR_OBSERVERS))
    printed = {
        Level.NOMINAL: 0.743,
        Level.ORDINAL: 0.815,
        Level.INTERVAL: 0.849,
        Level.RATIO: 0.797,
    }
    assert {level: round(found[level].value, 3) for level in Level} == printed
    assert {(e.used, e.left_out, e.interval) for e in found.values()} == {
        (11, 1, Interval.BOOTSTRAP)
    }


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.5])
def test_every_level_is_that_of_the_krippendorff_package(level, missing):
    compared = 0
    for seed in range(70):
        scores = scored(seed, missing)
        ours = alpha(scores, level)
        if ours.value is not None:
            theirs = krippendorff.alpha(scores.T, level_of_measurement=level.value)
            assert ours.value == pytest.approx(theirs, abs=1e-9)
            compared += 1
    assert compared > 55


def test_half_points_and_nought_are_scores_too():
    scores = scored(5) / 2.0 - 0.5
    assert scores.min() == 0.0
    for level in Level:
        theirs = krippendorff.alpha(scores.T, level_of_measurement=level.value)
        assert alpha(scores, level).value == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("level", Level)
def test_a_resample_is_the_alpha_of_the_sessions_drawn(level):
    """One resample written out, sessions repeated, gives what the weights give."""
    from mbtg_video.rating.reliability.alpha import _alphas, _units

    scores = scored(11, missing=0.1)
    scores = scores[(~np.isnan(scores)).sum(axis=1) >= 2]
    drawn = np.random.default_rng(1).multinomial(len(scores), np.ones(len(scores)) / len(scores), 5)
    by_weight = _alphas(_units(scores), drawn.astype(float), level)
    for weights, found in zip(drawn, by_weight, strict=True):
        assert found == pytest.approx(alpha(np.repeat(scores, weights, axis=0), level).value)


def test_identical_raters_agree_completely():
    scores = np.tile([[1.1], [2.3], [2.3], [6.7]], (1, 3))
    for found in alphas(scores).values():
        assert found.value == 1.0
        assert found.interval is None


def test_a_ratio_scale_has_no_scores_below_nought():
    found = alphas([[-1.0, 1.0], [2.0, 2.0], [3.0, 2.0]])
    assert found[Level.RATIO].why is Why.NEGATIVE_SCORES
    assert found[Level.INTERVAL].value is not None


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (np.zeros((0, 0)), Why.ALL_MISSING),
        (np.full((4, 3), NAN), Why.ALL_MISSING),
        ([[1.0, NAN], [2.0, NAN]], Why.ONE_RATER),
        ([[1.0, NAN], [NAN, 2.0]], Why.NO_PAIRS),
        ([[1.0, 2.0]], Why.ONE_SESSION),
        ([[1.0, 2.0], [NAN, 2.0]], Why.ONE_SESSION),
        ([[4.0, 4.0], [4.0, 4.0]], Why.NO_VARIANCE),
        ([[4.0, 4.0], [4.0, 4.0], [1.0, NAN]], Why.NO_VARIANCE),
    ],
)
def test_what_cannot_be_estimated_says_why(scores, why):
    assert {found.why for found in alphas(scores).values()} == {why}
