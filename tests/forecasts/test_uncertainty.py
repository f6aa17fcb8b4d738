import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.accuracy import coverage
from forecasts.uncertainty import NORMAL, UNTRIED, Spread, bands, learn_spread


def drawn(mean, variation, seed):
    """Contacts whose rate itself varies by so much around its mean."""
    rng = np.random.default_rng(seed)
    rate = mean * rng.gamma(1 / variation**2, variation**2, mean.shape) if variation else mean
    return rng.poisson(rate).astype(float)


@pytest.mark.parametrize("variation", [0.05, 0.3])
@pytest.mark.parametrize("level", [20.0, 500.0])
def test_bands_cover_four_in_five_of_what_comes_next(variation, level):
    mean = level * np.linspace(0.2, 2, 48) * np.ones((60, 1))
    spread = learn_spread([mean], [drawn(mean, variation, 1)])
    low, middle, high = bands(mean, spread)
    came = drawn(mean, variation, 2)
    assert 0.77 < coverage(came, low, high) < 0.87
    assert (came <= middle).mean() == pytest.approx(0.5, abs=0.05)


def test_spread_of_what_is_not_poisson_is_found():
    mean = np.full((200, 48), 200.0)
    assert learn_spread([mean], [drawn(mean, 0.15, 3)]).variation == pytest.approx(0.15, abs=0.01)


def test_no_errors_at_all_still_leave_a_poisson_band():
    mean = np.full((10, 10), 100.0)
    low, _, high = bands(mean, learn_spread([mean], [mean]))
    assert low[0, 0] == pytest.approx(87.3, abs=0.2)
    assert high[0, 0] == pytest.approx(112.9, abs=0.2)


def test_without_trials_the_band_is_the_stated_wide_one():
    assert learn_spread([], []) == UNTRIED
    assert learn_spread([np.zeros((2, 2))], [np.ones((2, 2))]) == UNTRIED
    assert UNTRIED.quantiles == NORMAL


@given(
    mean=st.lists(st.floats(0, 1e6), min_size=1, max_size=5),
    variation=st.floats(0, 3),
    quantiles=st.lists(st.floats(-20, 20), min_size=3, max_size=3).map(sorted),
)
def test_bands_are_in_order_and_never_negative(mean, variation, quantiles):
    expected = np.array(mean)
    low, middle, high = bands(expected, Spread(variation, tuple(quantiles)))
    assert (low >= 0).all()
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high[expected == 0] == 0).all()
