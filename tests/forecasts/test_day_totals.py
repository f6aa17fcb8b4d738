from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.day_totals import day_totals, known_share, ordinary_days
from forecasts.history import clean_history


@pytest.fixture
def queue(contacts, berlin):
    return clean_history(contacts(84), day_number(date(2024, 3, 25)), berlin).queues["客服"]


def test_unknown_slots_are_made_up_in_proportion(queue):
    offered = np.tile(np.array([[10.0, 30.0]]), (14, 1))
    offered[8, 0] = np.nan
    days = np.arange(14)
    assert known_share(offered, days)[[1, 8]].tolist() == [1.0, 0.75]
    shape = {"offered": offered, "aht_seconds": offered, "handled": offered}
    small = replace(queue, **shape, special=np.zeros(14, dtype=np.int8), usable=np.ones(14, dtype=bool))
    assert day_totals(small).tolist() == [40.0] * 14


@pytest.mark.parametrize(("factor", "kept"), [(1.0, True), (1.35, True), (3.0, False), (0.0, False)])
def test_a_day_far_off_its_neighbours_is_no_ordinary_one(queue, factor, kept):
    offered = queue.offered.copy()
    offered[29] *= factor
    found = ordinary_days(replace(queue, offered=offered))
    assert found[29] == kept
    assert np.delete(found, 29).all()


def test_a_lasting_change_of_level_is_no_outlier(queue):
    offered = queue.offered.copy()
    offered[42:] *= 1.8
    assert ordinary_days(replace(queue, offered=offered)).mean() > 0.9
