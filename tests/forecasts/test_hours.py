from datetime import date

import numpy as np

from centre.instants import day_number
from forecasts.hours import Hours, weekly_hours

FIRST = day_number(date(2024, 1, 1))  # a Monday


def office(days, slots=24):
    offered = np.zeros((days, slots))
    for row in range(days):
        if row % 7 < 5:
            offered[row, 9:17] = 5.0
    return offered


def test_hours_are_those_in_which_contacts_came():
    hours = weekly_hours(office(28), np.arange(FIRST, FIRST + 28), 60)
    assert hours[0].nonzero()[0].tolist() == list(range(9, 17))
    assert hours.any(axis=1).tolist() == [True] * 5 + [False] * 2


def test_one_stray_contact_in_half_a_year_opens_nothing():
    offered = office(26 * 7)
    offered[0, 3] = 1.0
    assert not weekly_hours(offered, np.arange(FIRST, FIRST + 26 * 7), 60)[0, 3]


def test_short_holes_are_open_and_long_ones_closed():
    offered = office(28)
    offered[:, 11] = 0
    assert weekly_hours(offered, np.arange(FIRST, FIRST + 28), 60)[0, 11]
    offered[:, 11:13] = 0
    assert not weekly_hours(offered, np.arange(FIRST, FIRST + 28), 60)[0, 11:13].any()


def test_a_queue_that_never_had_contacts_counts_as_open():
    assert weekly_hours(np.zeros((14, 24)), np.arange(FIRST, FIRST + 14), 60).all()


def test_a_holiday_is_closed_as_it_was_last_time_and_an_unseen_one_is_open_and_doubtful(berlin):
    offered = office(56)
    offered[[7, 14]] = 0  # two Mondays on which nothing came
    names = {FIRST + 7: "甲", FIRST + 14: "乙", FIRST + 21: "丙"}
    ahead = {FIRST + 56: "甲", FIRST + 57: "丙", FIRST + 58: "丁"}
    hours = Hours(berlin, names | ahead)
    is_open = hours.matrix(offered, FIRST, FIRST + 56, 7).any(axis=1)
    assert is_open.tolist() == [False, True, True, True, True, False, False]
    asked = np.arange(FIRST + 56, FIRST + 63)
    assert hours.doubtful_holidays(offered, FIRST, asked) == [FIRST + 58]
    assert hours.doubtful_holidays(office(56), FIRST, asked) == []  # no holiday was ever closed


def test_stated_hours_are_asked_for_the_days_wanted(berlin):
    def mornings(grid):
        return grid.local_minutes() < 12 * 60

    is_open = Hours(berlin, {}, mornings).matrix(office(14), FIRST, FIRST + 20, 2)
    assert is_open.shape == (2, 24)
    assert is_open.sum(axis=1).tolist() == [12, 12]
