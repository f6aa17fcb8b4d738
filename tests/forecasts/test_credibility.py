import numpy as np
import pytest

from forecasts.credibility import followed_level, group_effects, group_means

WEEKDAYS = np.equal.outer(np.arange(7), np.arange(70) % 7).astype(float)


def test_noise_is_that_within_groups_and_means_are_weighed():
    expected = np.array([[1.0], [3.0], [2.0], [2.0]])
    members = np.array([[1.0, 1, 0, 0], [0, 0, 0.5, 1]])
    mean, noise, one = group_means(expected * [[2.0], [1.0], [1.0], [1.0]], expected, members)
    assert mean.ravel() == pytest.approx([1.25, 1.0])
    # within: 1 * 0.75² + 3 * 0.25² = 0.75 of 2 degrees of freedom, beside a guess of 1.4 for 4
    assert one == pytest.approx((0.75 + 4 * 1.4) / 6)
    assert noise.ravel() == pytest.approx([one / 4, one * (2 * 0.25 + 2) / 9])  # weights 1 and 2 of 2 each


@pytest.mark.parametrize("width", [1, 3, 12])
def test_known_effects_are_kept_and_what_is_not_there_is_not_found(width):
    generator = np.random.default_rng(1)
    expected = np.full((70, 12), 50.0)
    noise = 1 + generator.normal(0, np.sqrt(1.4 / 50), (70, 12))
    none = group_effects(noise * expected, expected, WEEKDAYS, width)
    assert none.factor == pytest.approx(np.ones((7, 12)), abs=0.03)
    factors = np.array([1.3, 1, 1, 1, 0.9, 0.8, 0.8])
    found = group_effects(noise * expected * (WEEKDAYS.T @ factors)[:, None], expected, WEEKDAYS, width)
    assert np.sqrt(((found.factor - factors[:, None]) ** 2).mean()) < 0.06
    assert (found.variance >= 0).all()
    assert (none.variance < found.variance).all()


def test_shrinkage_is_that_of_the_best_linear_estimate():
    """The oracle knows how far groups lie apart; what is learned of it costs little."""
    generator = np.random.default_rng(2)
    expected, spread = np.full((70, 40), 20.0), 0.12
    true = 1 + generator.normal(0, spread, (1, 40))
    seen = true + generator.normal(0, np.sqrt(1.4 / 20), (70, 40))
    found = group_effects(seen * expected, expected, np.ones((1, 70)), 1).factor
    mean = seen.mean(axis=0)
    trust = spread**2 / (spread**2 + 1.4 / 20 / 70)
    best = 1 + trust * (mean - 1)
    assert ((found - true) ** 2).mean() < 1.05 * ((best - true) ** 2).mean()


def test_a_group_without_contacts_has_no_effect_of_its_own_and_is_least_sure():
    expected = np.full((70, 12), 50.0) * (np.arange(70) % 7 != 6)[:, None]
    factors = np.array([1.3, 1, 1, 1, 0.9, 0.8, 0.8])
    found = group_effects(expected * (WEEKDAYS.T @ factors)[:, None], expected, WEEKDAYS, 12)
    assert found.factor[6] == pytest.approx(np.ones(12))
    assert (found.variance[6] > found.variance[:6].max()).all()


def test_one_group_says_nothing_of_how_far_groups_lie_apart_and_two_well_known_do():
    expected = np.full((10, 2), 1000.0)
    one = group_effects(2 * expected[:, :1], expected[:, :1], np.ones((1, 10)), 1)
    assert one.factor == pytest.approx(np.ones((1, 1)), abs=1e-4)
    two = group_effects(expected * [1.0, 2.0], expected, np.ones((1, 10)), 1)
    assert two.factor == pytest.approx(np.array([[1.0, 2.0]]), abs=1e-3)


def test_days_seen_once_or_twice_do_not_tell_weekdays_apart():
    factors, expected = np.array([1.3, 1, 1, 1, 0.9, 0.8, 0.8]), np.full((70, 1), 1000.0)
    work = expected * (WEEKDAYS.T @ factors)[:, None]
    for weeks, told in ((2, False), (3, True)):
        days = slice(7 * weeks)
        found = group_effects(work[days], expected[days], WEEKDAYS[:, days], 1).factor[:, 0]
        assert found == pytest.approx(factors if told else np.ones(7), abs=0.02)


def test_a_level_that_rests_is_averaged_and_one_that_moves_is_followed():
    at, generator = np.arange(20), np.random.default_rng(3)
    noisy = 1.1 + generator.normal(0, 0.03, 20)
    rests = followed_level(at, noisy, np.full(20, 0.03**2), 24)
    assert rests.factor[-1] == pytest.approx(noisy.mean(), abs=0.015)
    stepped = np.where(at < 15, 1.0, 0.7) + generator.normal(0, 0.01, 20)
    moves = followed_level(at, stepped, np.full(20, 0.01**2), 24)
    assert moves.factor[19:] == pytest.approx(np.full(5, 0.7), abs=0.03)
    assert (np.diff(moves.variance[19:]) > 0).all()
    assert moves.variance[-1] > 4 * rests.variance[-1]


def test_a_climb_goes_on_for_a_while_and_less_and_less():
    at = np.arange(20)
    climbs = followed_level(at, 0.8 + 0.02 * at, np.full(20, 0.003**2), 60).factor
    assert 0.01 < climbs[20] - climbs[19] < 0.025
    assert climbs[-1] - climbs[-2] < 0.002
    assert climbs[-1] > 1.22


def test_weeks_unseen_in_between_are_less_sure():
    found = followed_level(np.array([0, 1, 8]), np.array([1.0, 1.3, 0.8]), np.full(3, 1e-4), 10)
    assert found.variance[4] > 3 * found.variance[8]
    assert 0.8 < found.factor[4] < 1.3
