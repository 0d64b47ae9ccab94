import numpy as np
import pytest
from scipy import special, stats

from mbtg_video.rating.reliability.f_quantile import f_quantile, incomplete_beta


@pytest.mark.parametrize("share", [0.001, 0.025, 0.5, 0.975, 0.999])
@pytest.mark.parametrize("above", [0.5, 1.0, 2.7, 5.0, 30.0, 199.0, 2388.0])
@pytest.mark.parametrize("below", [0.5, 1.0, 2.7, 15.0, 199.0, 2388.0])
def test_quantiles_are_those_of_scipy(share, above, below):
    wanted = stats.f.ppf(share, above, below)
    assert f_quantile(share, above, below) == pytest.approx(wanted, rel=1e-10)


def test_small_and_large_fractions_of_degrees_keep_their_digits():
    chance = np.random.default_rng(3)
    for above, below in np.exp(chance.uniform(-1.0, 8.0, size=(200, 2))):
        wanted = stats.f.ppf(0.975, above, below)
        assert f_quantile(0.975, above, below) == pytest.approx(wanted, rel=1e-10)


def test_the_incomplete_beta_function_is_that_of_scipy():
    chance = np.random.default_rng(4)
    for a, b in np.exp(chance.uniform(-1.0, 6.0, size=(100, 2))):
        x = chance.random()
        assert incomplete_beta(a, b, x) == pytest.approx(special.betainc(a, b, x), abs=1e-12)


def test_the_ends_of_the_incomplete_beta_function_are_exact():
    assert incomplete_beta(2.0, 3.0, 0.0) == 0.0
    assert incomplete_beta(2.0, 3.0, 1.0) == 1.0


@pytest.mark.parametrize("asked", [(0.0, 1, 1), (1.0, 1, 1), (0.5, 0, 1), (0.5, 1, -1)])
def test_what_has_no_quantile_is_refused(asked):
    with pytest.raises(ValueError, match="no F quantile"):
        f_quantile(*asked)
