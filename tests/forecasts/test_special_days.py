from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.history import clean_history
from forecasts.special_days import AFTER, HOLIDAY, ORDINARY, day_classes, effects

FRIDAY = day_number(date(2024, 3, 29))
OFFICE = np.array([True] * 5 + [False] * 2)


def test_the_day_after_is_the_first_open_one():
    days = np.arange(FRIDAY - 1, FRIDAY + 5)
    found = day_classes(days, {FRIDAY: "Good Friday"}, OFFICE).tolist()
    assert found == [ORDINARY, HOLIDAY, AFTER, AFTER, AFTER, ORDINARY]  # shut weekend days change nothing
    always = day_classes(days, {FRIDAY: "Good Friday"}, np.ones(7, dtype=bool)).tolist()
    assert always == [ORDINARY, HOLIDAY, AFTER, ORDINARY, ORDINARY, ORDINARY]


def test_two_holidays_in_a_row_have_one_day_after():
    days = np.arange(FRIDAY, FRIDAY + 3)
    found = day_classes(days, {FRIDAY: "a", FRIDAY + 1: "b"}, np.ones(7, dtype=bool)).tolist()
    assert found == [HOLIDAY, HOLIDAY, AFTER]


@pytest.mark.parametrize(("seen", "expected"), [(0, 1.0), (1, 0.5 ** (1 / 2)), (3, 0.5 ** (3 / 4))])
def test_an_effect_is_shrunk_by_one_day_of_no_effect(truth, berlin, seen, expected):
    table = truth(84)
    first = day_number(date(2024, 1, 1))
    special = [first + 16 + 14 * k for k in range(seen)]
    local = table["interval_start"].dt.tz_convert(berlin).dt.date.map(day_number)
    table.loc[local.isin(special), "offered"] *= 0.5
    history = clean_history(table, first + 84, berlin, holidays=dict.fromkeys(special, "假日"))
    found = effects(history.queues["客服"])
    assert found[HOLIDAY] == pytest.approx(expected)
    assert found[ORDINARY] == 1.0
    assert found[AFTER] == pytest.approx(1.0)
