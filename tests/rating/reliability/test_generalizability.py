import numpy as np
import pytest

from mbtg_video.rating.reliability.bootstrap import resamples
from mbtg_video.rating.reliability.components import (
    Effect,
    resampled_components,
    variance_components,
)
from mbtg_video.rating.reliability.estimate import Interval, Why
from mbtg_video.rating.reliability.generalizability import _Errors, item_study, rater_study
from mbtg_video.rating.reliability.intraclass import intraclass, stepped_up
from tests.rating.reliability.matrices import NAN, scored

# Brennan (2001), synthetic data set No. 1: ten persons by twelve items.
PERSONS = [
    "101000000000", "111001000000", "111110000000", "110110010000", "111110100000",
    "111011100000", "111111100000", "111101111100", "111111111110", "111111111111",
]  # fmt: skip
ONE_FACET = np.array([[float(score) for score in person] for person in PERSONS])

# Brennan (2001), table 3.1, synthetic data set No. 3: ten persons by four items on two
# occasions, which stand for raters here. Rows are the items of one occasion and the other.
TWO_FACETS = np.transpose(
    np.reshape(
        [
            [2, 4, 5, 5, 4, 4, 2, 3, 0, 6],
            [6, 5, 5, 9, 3, 4, 6, 4, 5, 8],
            [7, 6, 4, 8, 5, 4, 6, 4, 4, 7],
            [5, 7, 6, 6, 6, 7, 5, 5, 5, 6],
            [2, 6, 5, 5, 4, 6, 2, 6, 5, 6],
            [5, 7, 4, 7, 5, 4, 7, 6, 5, 8],
            [5, 5, 5, 7, 6, 7, 7, 6, 5, 8],
            [5, 7, 5, 6, 4, 8, 5, 4, 3, 6],
        ],
        (2, 4, 10),
    ).astype(float),
    (2, 0, 1),
)


def printed(study):
    return {
        c.effect: (c.degrees, round(c.mean_square, 4), round(c.raw, 4)) for c in study.components
    }


def test_components_of_brennan_2001_synthetic_data_set_1():
    assert printed(rater_study(ONE_FACET)) == {
        Effect.SESSION: (9, 0.8157, 0.0574),
        Effect.RATER: (11, 0.8811, 0.0754),
        Effect.SESSION_RATER: (99, 0.1269, 0.1269),
    }


def test_coefficients_of_brennan_2001_synthetic_data_set_1():
    """For as many conditions as were observed, twelve: Erho2 .844 and Phi .773."""
    first = rater_study(ONE_FACET).projections[0]
    assert round(stepped_up(first.erho2.value, 12), 3) == 0.844
    assert round(stepped_up(first.phi.value, 12), 3) == 0.773


def test_components_of_brennan_2001_synthetic_data_set_3():
    assert printed(item_study(TWO_FACETS)) == {
        Effect.SESSION: (9, 6.9111, 0.5528),
        Effect.RATER: (1, 3.2, 0.0074),
        Effect.ITEM: (3, 12.4833, 0.4417),
        Effect.SESSION_RATER: (9, 1.3389, 0.1009),
        Effect.SESSION_ITEM: (27, 2.0852, 0.575),
        Effect.RATER_ITEM: (3, 2.5, 0.1565),
        Effect.SESSION_RATER_ITEM: (27, 0.9352, 0.9352),
    }


def test_coefficients_of_brennan_2001_synthetic_data_set_3():
    """Of four items on two occasions: Erho2 .64 and Phi .55."""
    second = item_study(TWO_FACETS).projections[1]
    assert (round(second.erho2.value, 2), round(second.phi.value, 2)) == (0.64, 0.55)


def test_more_items_mend_what_raters_cannot():
    few, many = item_study(TWO_FACETS), item_study(TWO_FACETS, items=40)
    assert [n.why for n in few.needed] == [Why.NOT_REACHABLE] * 2
    assert [n.raters for n in many.needed] == [1, 2]
    assert many.projections[0].phi.value >= 0.70
    assert many.projections[1].phi.value >= 0.80 > many.projections[0].phi.value


def test_raters_needed_are_the_fewest_whose_mean_reaches_the_goal():
    for seed in range(60):
        study = rater_study(scored(seed))
        for needed in study.needed:
            if needed.raters is None:
                assert study.projections[0].phi.value == 0.0
                continue
            phi = study.projections[0].phi.value
            assert stepped_up(phi, needed.raters) >= needed.goal - 1e-9
            if needed.raters > 1:
                assert stepped_up(phi, needed.raters - 1) < needed.goal


def test_a_goal_that_is_met_exactly_needs_no_rater_more():
    """Equal variance of sessions and of a rater's error: four raters give exactly 4 / 5."""
    one, nought = np.asarray(1.0), np.asarray(0.0)
    errors = _Errors(one, absolute=(nought, one), relative=(nought, one))
    assert errors.needed(0.80).raters == 4
    assert errors.needed(0.81).raters == 5
    assert errors.needed(0.40).raters == 1


def test_phi_and_erho2_are_intraclass_correlations_unless_a_component_is_negative():
    compared = 0
    for seed in range(80):
        scores = scored(seed)
        study, correlations = rater_study(scores), intraclass(scores)
        if study.why is not None or any(c.negative for c in study.components):
            continue
        for projection, absolute, relative in (
            (study.projections[0], correlations.two_single, correlations.three_single),
            (
                study.projections[scores.shape[1] - 1],
                correlations.two_mean,
                correlations.three_mean,
            ),
        ):
            assert projection.phi.value == pytest.approx(absolute.value)
            assert projection.erho2.value == pytest.approx(relative.value)
            assert projection.erho2.interval is Interval.F
            assert projection.phi.high == pytest.approx(absolute.high)
            assert projection.phi.low == pytest.approx(max(0.0, absolute.low))
        compared += 1
    assert compared > 20


def test_a_negative_component_is_reported_and_counts_as_nought():
    study = rater_study([[1.0, 2.0, 3.0], [3.0, 1.0, 2.5], [2.0, 3.0, 1.0]])
    session = next(c for c in study.components if c.effect is Effect.SESSION)
    assert session.raw < 0.0
    assert (session.used, session.negative) == (0.0, True)
    assert study.projections[0].phi.value == 0.0
    assert {needed.why for needed in study.needed} == {Why.NOT_REACHABLE}


def test_raters_with_a_negative_component_leave_phi_equal_to_erho2():
    study = rater_study([[1.0, 2.0], [5.0, 4.0], [7.0, 7.5], [3.0, 2.5]])
    rater = next(c for c in study.components if c.effect is Effect.RATER)
    assert rater.negative
    for projection in study.projections:
        assert projection.phi == projection.erho2


def test_two_facets_with_equal_items_are_one_facet():
    scores = scored(3)
    single, double = rater_study(scores), item_study(np.repeat(scores[:, :, None], 3, axis=2))
    one = {c.effect: c.raw for c in single.components}
    two = {c.effect: c.raw for c in double.components}
    for effect, raw in one.items():
        assert two[effect] == pytest.approx(raw)
    for effect in two.keys() - one.keys():
        assert two[effect] == pytest.approx(0.0, abs=1e-12)


def test_resamples_lie_around_the_estimate():
    scores = TWO_FACETS
    found = resampled_components(scores, resamples(len(scores)))
    for component in variance_components(scores):
        drawn = found[component.effect]
        error = drawn.std() / np.sqrt(len(drawn))
        assert abs(drawn.mean() - component.raw) < 4 * error


def test_one_resample_of_every_session_once_is_the_estimate_with_its_corrections():
    sessions = len(TWO_FACETS)
    found = resampled_components(TWO_FACETS, np.ones((1, sessions)))
    raw = {c.effect: c.raw for c in variance_components(TWO_FACETS)}
    shrink = sessions / (sessions - 1)
    for effect in (Effect.SESSION, Effect.SESSION_RATER, Effect.SESSION_ITEM):
        assert found[effect][0] == pytest.approx(shrink * raw[effect])


def test_the_interval_over_items_holds_the_truth_mostly():
    """Components 1, .2, .3, .3, .3, .1, .5; five raters and six items: Phi of one rater .58."""
    chance = np.random.default_rng(5)
    truth = 1.0 / (1.0 + (0.3 + 0.3) / 6 + 0.2 + 0.3 + (0.1 + 0.5) / 6)
    held = 0
    for _ in range(60):

        def effect(variance, *shape):
            return chance.normal(size=shape) * np.sqrt(variance)

        scores = (
            effect(1.0, 40, 1, 1) + effect(0.3, 40, 5, 1) + effect(0.3, 40, 1, 6)
            + effect(0.5, 40, 5, 6) + effect(0.2, 1, 5, 1) + effect(0.3, 1, 1, 6)
            + effect(0.1, 1, 5, 6)
        )  # fmt: skip
        phi = item_study(scores).projections[0].phi
        held += phi.low <= truth <= phi.high
    assert held > 36


def test_only_complete_sessions_are_used_and_empty_raters_and_items_are_left_out_first():
    scores = np.pad(TWO_FACETS, ((0, 1), (0, 1), (0, 1)), constant_values=NAN)
    scores[-1, 0, 0] = 3.0
    found, whole = item_study(scores), item_study(TWO_FACETS)
    assert (found.used, found.left_out, found.items) == (10, 1, 4)
    assert [c.raw for c in found.components] == [c.raw for c in whole.components]


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        (np.zeros((0, 0, 0)), Why.ALL_MISSING),
        (np.full((3, 2, 2), NAN), Why.ALL_MISSING),
        (TWO_FACETS[:, :1], Why.ONE_RATER),
        (TWO_FACETS[:, :, :1], Why.ONE_ITEM),
        (TWO_FACETS[:1], Why.ONE_SESSION),
        (np.where(np.arange(80).reshape(10, 2, 4) % 8 == 0, NAN, TWO_FACETS), Why.TOO_FEW_COMPLETE),
        (np.full((3, 2, 2), 4.0), Why.NO_VARIANCE),
    ],
)
def test_what_cannot_be_studied_says_why(scores, why):
    study = item_study(scores)
    assert study.why is why
    assert {p.phi.why for p in study.projections} == {why}
    assert {n.why for n in study.needed} == {why}


def test_sessions_alike_with_steady_raters_have_no_relative_coefficient():
    study = rater_study([[1.0, 4.0], [1.0, 4.0], [1.0, 4.0]])
    assert study.projections[0].phi.value == 0.0
    assert study.projections[0].erho2.why is Why.SESSIONS_ALIKE
