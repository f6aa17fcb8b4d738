"""Outages: found where many contacts usually come, and nowhere else."""

from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.outages import chance_of_so_few, find_outages, usual_before

FIRST = day_number(date(2024, 1, 1))  # a Monday


def queue(days=56, seed=1, peak=40.0):
    """Contacts of half hours from 08:00 to 20:00, none on Sundays, as days x slots."""
    hour = np.arange(48) / 2
    hump = np.where((hour >= 8) & (hour < 20), 0.2 + np.sin(np.pi * (hour - 8) / 12), 0.0)
    factor = np.array([1.3, 1.1, 1.0, 0.9, 0.9, 0.4, 0.0])[np.arange(days) % 7]
    return np.random.default_rng(seed).poisson(peak * factor[:, None] * hump).astype(float)


def found(offered, *, special=(), is_open=None):
    rows = np.arange(len(offered))
    ordinary = ~np.isin(rows, special)
    is_open = np.ones(offered.shape, dtype=bool) if is_open is None else is_open
    return [(one.row, one.begin, one.end) for one in find_outages(offered, FIRST + rows, ordinary, is_open)]


@pytest.mark.parametrize("seed", range(3))
def test_ordinary_contacts_hold_no_outage(seed):
    assert found(queue(seed=seed)) == []
    assert found(queue(seed=seed, peak=2.0)) == []


def test_two_silent_hours_at_noon_are_one():
    offered = queue()
    offered[29, 24:28] = 0
    assert found(offered) == [(29, 24, 28)]
    (one,) = find_outages(offered, FIRST + np.arange(56), np.ones(56, bool), np.ones((56, 48), bool))
    assert one.missed == pytest.approx(4 * 1.2 * 40 * 1.1, rel=0.1)


def test_a_trickle_counts_as_silence_and_a_half_does_not():
    offered = queue()
    offered[29, 24:28] = [1, 0, 2, 1]
    assert found(offered) == [(29, 24, 28)]
    offered[29, 24:28] = 25
    assert found(offered) == []


def test_silence_is_likely_where_little_comes():
    offered = queue(peak=3.0)
    offered[29, 24:28] = 0
    assert found(offered) == []


def test_a_day_without_contacts_is_one_from_opening_to_close():
    offered = queue()
    offered[29] = 0
    ((row, begin, end),) = found(offered)
    assert (row, begin, end) == (29, 16, 40)


def test_holidays_and_closed_hours_are_none():
    offered = queue()
    offered[29] = 0
    assert found(offered, special=[29]) == []
    is_open = np.ones(offered.shape, dtype=bool)
    is_open[29] = False
    assert found(offered, is_open=is_open) == []


def test_missing_intervals_are_not_zeros():
    offered = queue()
    offered[29, 24:28] = np.nan
    assert found(offered) == []


def test_hours_that_end_for_good_are_an_outage_for_three_days_at_most():
    offered = queue()
    offered[28:, 32:] = 0  # closes at 16:00 from a Monday on
    assert [row for row, _, _ in found(offered)] == [28, 29, 30]


def test_closing_early_is_held_to_more_than_silence_at_noon():
    offered = queue(peak=16.0)
    offered[29, 24:27] = 0  # some 60 contacts
    offered[36, 33:40] = 0  # some 70, to the end of the day
    assert found(offered) == [(29, 24, 27)]
    busy = queue(peak=60.0)
    busy[36, 33:40] = 0
    assert found(busy) == [(36, 33, 40)]


def test_a_weekday_that_closes_for_good_is_an_outage_twice_at_most():
    offered = queue(84)
    offered[28::7] = 0  # no more Mondays
    assert [row for row, _, _ in found(offered)] == [28, 35]


def test_a_second_outage_does_not_hide_behind_the_first():
    offered = queue()
    offered[[22, 29], 24:28] = 0
    assert [row for row, _, _ in found(offered)] == [22, 29]


def test_what_is_found_does_not_depend_on_later_days():
    offered = queue(112)
    for row in (15, 30, 31, 32, 33, 60, 100):
        offered[row, 20:30] = 0
    offered[80:, 31:] = 0
    whole = found(offered)
    assert len(whole) > 7
    for end in (16, 31, 34, 82, 101):
        assert found(offered[:end]) == [one for one in whole if one[0] < end]


def test_usual_is_the_median_of_same_weekdays_before():
    offered = np.repeat(np.arange(70.0) + 1, 2).reshape(70, 2)
    usual = usual_before(offered, FIRST + np.arange(70), np.ones(70, dtype=bool))
    assert usual[:14].max() == 0  # fewer than two before
    assert usual[14].tolist() == [1.0, 1.0]  # the least of two
    assert usual[69].tolist() == [np.median([63, 56, 49, 42, 35, 28, 21, 14])] * 2


@pytest.mark.parametrize(("contacts", "usual"), [(0, 12.0), (3, 20.0), (1, 60.0)])
def test_the_chance_of_so_few_by_drawing(contacts, usual):
    rng = np.random.default_rng(5)
    size = 1 / 0.32**2
    drawn = rng.poisson(rng.gamma(size, usual / size, 400_000)) <= contacts
    assert chance_of_so_few(contacts, usual) == pytest.approx(drawn.mean(), rel=0.15, abs=2e-5)
