from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from centre.instants import day_number
from forecasts.grid import QueueHistory
from forecasts.handle_time import handle_times


def history(aht, handled):
    flags = np.zeros(len(aht), dtype=np.int8), np.ones(len(aht), dtype=bool)
    return QueueHistory("q", 720, day_number(date(2024, 1, 1)), handled, aht, handled, *flags)


def test_busy_slots_keep_their_own_mean_and_quiet_ones_the_queues():
    aht, handled = np.tile([100.0, 400.0], (7, 1)), np.tile([1e6, 0.001], (7, 1))
    found, assumed = handle_times(history(aht, handled))
    assert found == pytest.approx([100.0, 100.0], rel=1e-3)
    assert not assumed
    equal, _ = handle_times(history(aht, np.full((7, 2), 1e6)))
    assert equal == pytest.approx([100.0, 400.0], rel=1e-3)


def test_a_slot_is_weighed_by_contacts():
    aht, handled = np.array([[100.0, 300.0], [400.0, np.nan]]), np.array([[3e6, 1e6], [1e6, 9e6]])
    found, _ = handle_times(history(aht, handled))
    assert found[0] == pytest.approx(175, rel=0.01)
    assert found[1] == pytest.approx(300, rel=0.01)


def test_without_any_in_history_the_stated_one_is_taken_and_said_to_be_assumed():
    empty = history(np.full((7, 2), np.nan), np.ones((7, 2)))
    found, assumed = handle_times(empty, 210.0)
    assert found.tolist() == [210.0, 210.0]
    assert assumed
    assert handle_times(empty) is None
    known = handle_times(replace(empty, aht_seconds=np.full((7, 2), 90.0)), 210.0)
    assert known is not None
    assert known[0] == pytest.approx([90.0, 90.0])
