import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mbtg_video.rating.reliability.bootstrap import (
    RESAMPLES,
    in_canonical_order,
    percentiles,
    product,
    resamples,
)
from tests.rating.reliability.matrices import scored


def test_every_resample_draws_as_many_sessions_as_there_are():
    drawn = resamples(17)
    assert drawn.shape == (RESAMPLES, 17)
    assert set(drawn.sum(axis=1)) == {17.0}
    assert drawn.std() == pytest.approx(np.sqrt(1 - 1 / 17), rel=0.02)


def test_draws_come_again_and_cannot_be_changed():
    kept = resamples(9).copy()
    resamples.cache_clear()
    assert np.array_equal(resamples(9), kept)
    with pytest.raises(ValueError, match="read-only"):
        resamples(9)[0, 0] = 1.0


@settings(max_examples=60)
@given(seed=st.integers(0, 500), order=st.randoms(use_true_random=False))
def test_the_canonical_order_forgets_the_order_that_scores_came_in(seed, order):
    scores = scored(seed, missing=0.2, most=4)
    rows, columns = list(range(scores.shape[0])), list(range(scores.shape[1]))
    order.shuffle(rows)
    order.shuffle(columns)
    one, two = in_canonical_order(scores), in_canonical_order(scores[rows][:, columns])
    assert np.array_equal(one, two, equal_nan=True)


def test_sessions_with_the_same_scores_by_other_raters_are_told_apart():
    scores = np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 3.0], [1.0, 2.0, 1.0], [3.0, 3.0, 2.0]])
    for rows in ([0, 1, 2, 3], [3, 1, 0, 2]):
        for columns in ([0, 1, 2], [2, 0, 1]):
            turned = in_canonical_order(scores[rows][:, columns])
            assert np.array_equal(turned, in_canonical_order(scores))


def test_items_keep_their_order():
    scores = np.arange(24.0).reshape(2, 3, 4)
    found = in_canonical_order(scores)
    assert sorted(map(tuple, found.reshape(-1, 4))) == sorted(map(tuple, scores.reshape(-1, 4)))


def test_there_is_no_interval_unless_half_of_the_resamples_have_a_number():
    values = np.arange(100.0)
    assert percentiles(values, values >= 51) is None
    assert percentiles(values, values >= 50) == (
        pytest.approx(50 + 0.025 * 49),
        pytest.approx(50 + 0.975 * 49),
    )


@pytest.mark.parametrize("columns", [(30,), (30, 0), (30, 1), (30, 7), (30, 9000)])
@pytest.mark.parametrize("rows", [0, 1, 20])
def test_a_product_in_pieces_is_the_product(rows, columns):
    chance = np.random.default_rng(6)
    left, right = chance.normal(size=(rows, 30)), chance.normal(size=columns)
    assert np.allclose(product(left, right), left @ right)
