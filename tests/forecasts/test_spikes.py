"""Spikes: intervals far above their day's shape are cut down, busy days are not."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.day_totals import day_totals
from forecasts.history import clean_history
from forecasts.spikes import find_spikes, robust_offered


@pytest.fixture
def queue(contacts, berlin):
    return clean_history(contacts(84), day_number(date(2024, 3, 25)), berlin).queues["客服"]


def spikes_of(queue):
    return find_spikes(queue, day_totals(queue))


def changed(queue, change):
    offered = queue.offered.copy()
    change(offered)
    return replace(queue, offered=offered)


def test_ordinary_intervals_are_left_as_they_are(queue):
    assert spikes_of(queue) == []
    np.testing.assert_array_equal(robust_offered(queue), queue.offered)


def test_a_spike_is_cut_down_and_nothing_else_touched(queue):
    def spike(offered):
        offered[29, 28] = 400.0

    with_spike = changed(queue, spike)
    ((row, slot, contacts, expected),) = spikes_of(with_spike)
    assert (row, slot, contacts) == (29, 28, 400.0)
    assert expected == pytest.approx(np.delete(queue.offered[1::7, 28], 4).mean(), rel=0.1)
    robust = robust_offered(with_spike)
    assert expected < robust[29, 28] < 2 * expected
    same = np.ones(robust.shape, dtype=bool)
    same[29, 28] = False
    np.testing.assert_array_equal(robust[same], queue.offered[same])


def test_a_busy_day_is_no_spike(queue):
    def busy(offered):
        offered[29] *= 3

    assert spikes_of(changed(queue, busy)) == []


def test_a_day_of_another_shape_is_no_row_of_spikes(queue):
    def early(offered):
        offered[29] = 0
        offered[29, 16:24] = 90.0

    assert spikes_of(changed(queue, early)) == []


def test_a_slot_that_often_swings_is_judged_by_its_own_spread(queue):
    def swing(offered):
        offered[::2, 16] *= 12  # the first half hour, every other day

    assert spikes_of(changed(queue, swing)) == []


def test_nothing_is_judged_from_three_days_of_a_weekday(contacts, berlin):
    queue = clean_history(contacts(21), day_number(date(2024, 1, 22)), berlin).queues["客服"]

    def spike(offered):
        offered[8, 28] = 400.0

    assert spikes_of(changed(queue, spike)) == []


def test_unknown_intervals_stay_unknown(queue):
    def unknown(offered):
        offered[29, 20:22] = np.nan

    robust = robust_offered(changed(queue, unknown))
    assert np.isnan(robust[29, 20:22]).all()
