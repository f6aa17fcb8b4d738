"""Histories recorded in another zone than stated are found out at changes of clocks."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import Grid, day_number
from forecasts.clock_checks import clock_changes, moved_shapes, told
from forecasts.grid import local_positions

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
NEW_YORK, UTC = ZoneInfo("America/New_York"), ZoneInfo("UTC")
SPRING, AUTUMN = day_number(date(2024, 3, 31)), day_number(date(2024, 10, 27))


def shapes(lived, stated, first, days=56, minutes=30, peak=40.0, seed=1):
    """Contacts of people who live by one clock, laid on the days and slots of another."""
    grid = Grid(lived, first, days, minutes)
    hour = grid.local_minutes() / 60
    hump = np.where((hour >= 8) & (hour < 20), 0.2 + np.sin(np.pi * (hour - 8) / 12), 0.0)
    came = np.random.default_rng(seed).poisson(peak * hump)
    at, slots = local_positions(grid.starts, stated, minutes)
    offered = np.zeros((days + 2, 1440 // minutes))
    np.add.at(offered, (at - first + 1, slots), came)
    numbers = first - 1 + np.arange(days + 2)
    return offered, numbers, np.isin(np.arange(days + 2), np.arange(2, days))


def moved(lived, stated, first, **more):
    offered, days, usable = shapes(lived, stated, first, **more)
    return [(one.day, one.minutes, one.where) for one in moved_shapes(offered, days, usable, stated)]


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI, NEW_YORK, UTC])
@pytest.mark.parametrize("first", [SPRING - 28, AUTUMN - 28])
def test_a_shape_that_keeps_to_its_clock_is_not_told(zone, first):
    assert moved(zone, zone, first) == []


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_utc_said_to_be_local_moves_back_in_spring_and_on_in_autumn(minutes):
    assert moved(UTC, BERLIN, SPRING - 28, minutes=minutes) == [(SPRING, 60, "")]
    assert moved(UTC, BERLIN, AUTUMN - 28, minutes=minutes) == [(AUTUMN, -60, "")]


def test_clocks_that_change_elsewhere_are_named():
    assert moved(BERLIN, SHANGHAI, SPRING - 28) == [(SPRING, -60, "Europe")]
    american = day_number(date(2024, 3, 10))
    assert (american, -60, "North America") in moved(NEW_YORK, UTC, american - 28)


def test_few_contacts_and_few_days_tell_nothing():
    assert moved(UTC, BERLIN, SPRING - 28, peak=0.2) == []
    assert moved(UTC, BERLIN, SPRING - 4, days=40) == []


def test_a_flat_shape_cannot_tell():
    days = SPRING - 28 + np.arange(56)
    flat = np.random.default_rng(2).poisson(30.0, (56, 48)).astype(float)
    assert moved_shapes(flat, days, np.ones(56, dtype=bool), BERLIN) == []


def test_a_shape_that_changes_without_moving_is_not_told():
    offered, days, usable = shapes(BERLIN, BERLIN, SPRING - 28)
    offered[days > SPRING, 16:24] = 0  # closed until noon from then on
    assert moved_shapes(offered, days, usable, BERLIN) == []


def test_days_on_which_clocks_change():
    year = day_number(date(2024, 1, 1)) + np.arange(366)
    assert clock_changes(year, BERLIN) == [SPRING, AUTUMN]
    assert clock_changes(year, SHANGHAI) == clock_changes(year[:0], BERLIN) == []


def test_the_sentence_says_when_and_what_to_check():
    offered, days, usable = shapes(UTC, BERLIN, SPRING - 28)
    sentence = told(moved_shapes(offered, days, usable, BERLIN), BERLIN)
    assert sentence.startswith("the daily pattern comes 60 minutes later from 2024-03-31, when clocks change")
    assert "UTC" in sentence
    assert told([], BERLIN) == ""
    offered, days, usable = shapes(BERLIN, SHANGHAI, SPRING - 28)
    assert "in Europe and not in Asia/Shanghai" in told(
        moved_shapes(offered, days, usable, SHANGHAI), SHANGHAI
    )
