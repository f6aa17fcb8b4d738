import numpy as np
import pytest

from forecasts.accuracy import bias, coverage, mase, pinball, poisson_floor, wape

ACTUAL = np.array([[10.0, 20.0], [np.nan, 30.0]])
EXPECTED = np.array([[12.0, 15.0], [99.0, 30.0]])


def test_wape_and_bias_by_hand():
    assert wape(ACTUAL, EXPECTED) == pytest.approx(7 / 60)
    assert bias(ACTUAL, EXPECTED) == pytest.approx(-3 / 60)


def test_nothing_to_measure_is_no_number():
    nothing = np.zeros((2, 2))
    for measure in (wape, bias):
        assert np.isnan(measure(nothing, nothing))
    assert np.isnan(poisson_floor(nothing))
    assert np.isnan(coverage(nothing, nothing, nothing))
    assert np.isnan(mase(ACTUAL, EXPECTED, np.zeros((3, 2))))


def test_mase_is_one_where_the_error_is_that_of_a_week_ago():
    past = np.repeat([[1.0], [3.0]], 7, axis=0)  # every day 2 more than a week before
    assert mase(np.full((2, 1), 10.0), np.full((2, 1), 12.0), past) == 1.0


def test_pinball_is_least_at_the_quantile():
    came = np.random.default_rng(1).normal(100, 10, 20_000)
    losses = [pinball(came, np.full_like(came, at), 0.9) for at in (100.0, 112.8, 125.0)]
    assert losses[1] == min(losses)
    assert pinball(np.array([10.0]), np.array([6.0]), 0.9) == pytest.approx(3.6)
    assert pinball(np.array([6.0]), np.array([10.0]), 0.9) == pytest.approx(0.4)


def test_coverage_counts_the_edges_and_leaves_out_the_impossible():
    actual, low, high = np.array([1.0, 3.0, 4.0, 0.0]), np.full(4, 1.0), np.array([3.0, 3.0, 3.0, 0.0])
    assert coverage(actual, low, high) == pytest.approx(2 / 3)


def test_the_poisson_floor_is_what_a_true_mean_still_misses():
    mean = np.full(200_000, 40.0)
    came = np.random.default_rng(2).poisson(mean).astype(float)
    assert poisson_floor(mean) == pytest.approx(wape(came, mean), rel=0.02)
