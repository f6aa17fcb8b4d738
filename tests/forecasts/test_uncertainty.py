"""Bands around invented contacts whose spread is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.accuracy import coverage
from forecasts.models.effects import LEVEL_STEP_SD
from forecasts.uncertainty import UNTRIED, Errors, Spread, bands, day_bands, learn_spread

PLAIN = Spread(level=0.0, day=0.0, special=0.0, interval=0.0)


def ordinary(days):
    return np.zeros(days, dtype=bool)


def drawn(mean, seed, level=0.0, day=0.0, interval=0.0):
    """Contacts whose rate varies so much (standard deviations of its logarithm) by draw, day and interval."""
    rng = np.random.default_rng(seed)
    parts = [(level, ()), (day, (len(mean), 1)), (interval, mean.shape)]
    log_rate = sum(sd * rng.standard_normal(shape) - sd**2 / 2 for sd, shape in parts)
    return rng.poisson(mean * np.exp(log_rate)).astype(float)


def trials(mean, count, **spread):
    """Errors at origins a week apart, the last first."""
    return [Errors(mean, drawn(mean, k, **spread), ordinary(len(mean)), 7 * k) for k in range(count)]


@pytest.mark.parametrize("peak", [4.0, 20.0, 500.0])
@pytest.mark.parametrize("spread", [{"day": 0.05}, {"day": 0.1, "interval": 0.3}, {"interval": 0.1}])
def test_bands_cover_four_in_five_of_what_comes_next(peak, spread):
    mean = peak * np.linspace(0.2, 2, 48) * np.ones((56, 1))
    learned = learn_spread(trials(mean, 6, **spread))
    came = drawn(mean, 99, **spread)
    low, _, high = bands(mean, learned, ordinary(56))
    assert 0.76 < coverage(came, low, high) < 0.88
    low, _, high = day_bands(mean.sum(axis=1), learned, ordinary(56))
    assert 0.66 < coverage(came.sum(axis=1), low, high) < 0.93


def test_the_median_lies_in_the_middle():
    mean = np.full((100, 48), 40.0)
    learned = learn_spread(trials(mean, 4, day=0.2))
    middle = bands(mean, learned, ordinary(100))[1]
    assert (drawn(mean, 99, day=0.2) <= middle).mean() == pytest.approx(0.5, abs=0.06)


def test_each_source_of_error_is_found():
    mean = np.full((28, 48), 300.0)
    learned = learn_spread(trials(mean, 40, day=0.08, interval=0.15))
    assert np.sqrt(learned.day) == pytest.approx(0.08, abs=0.02)
    assert np.sqrt(learned.interval) == pytest.approx(0.15, abs=0.02)
    assert np.sqrt(learned.level) < 0.03
    assert np.sqrt(learn_spread(trials(mean, 40, level=0.1)).level) > 0.06


def test_few_origins_leave_the_level_less_sure():
    mean = np.full((28, 48), 300.0)
    errors = [Errors(mean, mean * factor, ordinary(28), 28 * k) for k, factor in enumerate((1.1, 0.9) * 6)]
    assert learn_spread(errors[:2]).level > 1.5 * learn_spread(errors).level


def test_recent_misses_widen_more_than_old_ones():
    mean = np.full((28, 48), 100.0)
    calm, wild = drawn(mean, 1), drawn(mean, 2, day=0.4)

    def band(last, before):
        return learn_spread([Errors(mean, last, ordinary(28), 0), Errors(mean, before, ordinary(28), 112)])

    assert band(wild, calm).day > 1.5 * band(calm, wild).day


def test_the_level_wanders_beyond_the_days_it_was_tried_on():
    spread = Spread(level=0.01, day=0.0, special=0.0, interval=0.0, tried_days=28)
    variance = spread.level_variance(378)
    assert (variance[:28] == 0.01).all()
    assert variance[-1] == pytest.approx(0.01 + LEVEL_STEP_SD**2 * 50)


def test_special_days_are_less_sure_and_an_event_adds_to_it():
    spread = Spread(level=0.0, day=0.01, special=0.09, interval=0.0)
    totals = np.full(2, 1e6)
    low, _, high = day_bands(totals, spread, np.array([False, True]))
    assert (high - low)[1] == pytest.approx(3 * (high - low)[0], rel=0.1)
    more = day_bands(totals, spread, np.array([False, True]), extra=np.array([0.08, 0.0]))[2]
    assert more[0] == pytest.approx(more[1])


def test_no_errors_at_all_still_leave_a_poisson_band():
    mean = np.full((10, 10), 100.0)
    low, _, high = bands(mean, learn_spread([Errors(mean, mean, ordinary(10), 0)]), ordinary(10))
    assert low[0, 0] == pytest.approx(87.3, abs=0.4)
    assert high[0, 0] == pytest.approx(113.0, abs=0.4)


def test_where_often_nothing_comes_the_band_begins_at_nothing():
    low, middle, high = bands(np.array([[0.3, 2.0, 3.5, 0.0]]), PLAIN, ordinary(1))
    assert (low[0] > 0).tolist() == [False, False, True, False]
    assert (middle[0] > 0).tolist() == [False, True, True, False]
    assert (high[0] > 0).tolist() == [True, True, True, False]


def test_without_trials_the_band_is_the_stated_wide_one():
    assert learn_spread([]) == UNTRIED
    nothing = Errors(np.zeros((2, 2)), np.ones((2, 2)), ordinary(2), 0)
    unknown = Errors(np.ones((2, 2)), np.full((2, 2), np.nan), ordinary(2), 0)
    assert learn_spread([nothing, unknown]) == UNTRIED


@given(
    mean=st.lists(st.floats(0, 1e6), min_size=1, max_size=5),
    parts=st.lists(st.floats(0, 9), min_size=4, max_size=4),
)
def test_bands_are_in_order_and_never_negative(mean, parts):
    expected = np.array([mean])
    low, middle, high = bands(expected, Spread(*parts), ordinary(1))
    assert (low >= 0).all()
    assert (low <= middle).all()
    assert (middle <= high).all()
    assert (high[expected == 0] == 0).all()
