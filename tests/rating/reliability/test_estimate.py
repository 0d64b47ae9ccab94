import pytest

from mbtg_video.rating.reliability.estimate import Estimate, Interval, Why


def test_an_estimate_has_either_a_value_or_a_reason():
    with pytest.raises(ValueError, match="either"):
        Estimate(None, None, None, None, 3, 0, None)
    with pytest.raises(ValueError, match="either"):
        Estimate(0.5, None, None, Why.NO_VARIANCE, 3, 0, None)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_no_estimate_is_anything_but_a_finite_number(value):
    with pytest.raises(ValueError, match="finite"):
        Estimate.made(value, 3)


@pytest.mark.parametrize(
    "bounds", [None, (1.0, 1.0), (1.0, 1.0 + 1e-15), (0.0, float("nan")), (float("-inf"), 1.0)]
)
def test_bounds_without_width_or_end_are_no_interval(bounds):
    made = Estimate.made(1.0, 3, 1, bounds, Interval.F)
    assert (made.low, made.high, made.interval) == (None, None, None)
    assert (made.value, made.used, made.left_out) == (1.0, 3, 1)


def test_an_interval_says_where_it_comes_from():
    made = Estimate.made(0.5, 3, 1, (0.25, 0.75), Interval.BOOTSTRAP)
    assert (made.low, made.high, made.interval) == (0.25, 0.75, Interval.BOOTSTRAP)
