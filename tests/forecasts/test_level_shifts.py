"""Level shifts: found where totals jump for good; noise, drift, seasons and outliers raise no alarm."""

import numpy as np
import pytest

from forecasts.level_shifts import find_level_shifts, level_shifts

FIRST = 19_723  # a Monday
WEEKDAYS = np.array([0.2, 0.1, 0.0, 0.0, -0.1, -0.5, -0.8])


def series(days, seed, *, noise=0.08, drift=0.015, season=0.1, memory=0.3, outliers=0.02):
    """Logs of day totals: wandering level, yearly wave, noise with memory, a few days far off."""
    rng = np.random.default_rng(seed)
    numbers = FIRST + np.arange(days)
    level = np.repeat(np.cumsum(rng.normal(0, drift, days // 7 + 1)), 7)[:days]
    shocks, off = rng.normal(0, noise * np.sqrt(1 - memory**2), days), np.zeros(days)
    for k in range(1, days):
        off[k] = memory * off[k - 1] + shocks[k]
    wave = season * np.sin(2 * np.pi * numbers / 365.25 + rng.uniform(0, 6))
    far = np.where(rng.random(days) < outliers, rng.normal(0, 0.6, days), 0)
    return numbers, np.log(2000) + level + wave + off + far + WEEKDAYS[(numbers + 3) % 7]


def counted(logs, seed=0):
    return np.random.default_rng(seed).poisson(np.exp(logs)).astype(float)


@pytest.mark.parametrize(
    "kind", [{}, {"drift": 0.03}, {"memory": 0.6}, {"season": 0.25}, {"noise": 0.25, "drift": 0.02}]
)
def test_a_year_without_a_jump_raises_hardly_any_alarm(kind):
    alarms = 0
    for seed in range(100):
        days, logs = series(364, seed, **kind)
        alarms += bool(level_shifts(days, counted(logs)))
    assert alarms <= 2  # one in a hundred


@pytest.mark.parametrize(("jump", "days"), [(0.4, 112), (-0.5, 112), (0.4, 364), (-0.4, 364), (0.5, 700)])
def test_a_jump_is_found_on_its_day_with_its_size(jump, days):
    near = others = 0
    for seed in range(12):
        numbers, logs = series(days, seed, memory=0.0)
        at = days // 2 + seed % 7
        logs[at:] += jump
        shifts = find_level_shifts(numbers, counted(logs))
        hits = sum(abs(s.day - FIRST - at) <= 3 and abs(np.log(s.factor) - jump) < 0.12 for s in shifts)
        near, others = near + hits, others + len(shifts) - hits
    assert near >= 9
    assert others <= 2


def test_two_jumps_are_told_in_order():
    days, logs = series(364, 4, noise=0.05, drift=0.005)
    logs[100:] += 0.5
    logs[250:] -= 0.4
    first, second = find_level_shifts(days, counted(logs))
    assert abs(first.day - FIRST - 100) <= 3
    assert abs(second.day - FIRST - 250) <= 3
    assert first.factor > 1 > second.factor


@pytest.mark.parametrize(("weeks", "found"), [(1, 0), (2, 1)])
def test_a_jump_is_believed_when_it_has_lasted_two_weeks(weeks, found):
    days, logs = series(112 + 7 * weeks, 5, noise=0.03, drift=0.0, season=0.0, outliers=0.0)
    logs[112:] += 0.5
    assert len(level_shifts(days, counted(logs))) == found


@pytest.mark.parametrize("length", [7, 14, 21])
def test_a_campaign_that_ends_is_no_shift(length):
    days, logs = series(252, 6, noise=0.04, drift=0.0, season=0.0, outliers=0.0)
    logs[120 : 120 + length] += 0.5
    assert level_shifts(days, counted(logs)) == []


def test_a_slow_climb_is_no_shift():
    days, logs = series(364, 7, noise=0.04, drift=0.0, season=0.0)
    assert level_shifts(days, counted(logs + np.linspace(0, 0.7, 364))) == []


def test_closed_weekdays_and_holes_do_not_matter():
    days, logs = series(182, 8, noise=0.05, season=0.0)
    logs[91:] += 0.5
    totals = counted(logs)
    weekend = (days + 3) % 7 >= 5
    hole = (days >= FIRST + 40) & (days < FIRST + 55)
    totals[weekend] = 0
    (day,) = level_shifts(days[~hole], totals[~hole])
    assert abs(day - FIRST - 91) <= 3


@pytest.mark.parametrize("days", [0, 1, 7, 27])
def test_too_little_to_tell(days):
    numbers = FIRST + np.arange(days)
    assert level_shifts(numbers, np.where(numbers > FIRST + 13, 500.0, 100.0)) == []


def test_zeros_and_a_constant_hold_no_shift():
    numbers = FIRST + np.arange(112)
    assert level_shifts(numbers, np.zeros(112)) == level_shifts(numbers, np.full(112, 50.0)) == []


def test_the_size_of_the_queue_does_not_matter():
    days, logs = series(182, 9)
    logs[91:] += 0.5
    totals = counted(logs)
    assert level_shifts(days, totals) == level_shifts(days, 37.0 * totals) != []
