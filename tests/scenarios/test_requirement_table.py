"""A requirement edited by hand: what follows the edit, and what does not fit the centre."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from centre.errors import BadInput
from scenarios.demand import horizon
from scenarios.requirement_table import checked_requirement


@pytest.fixture
def table() -> pd.DataFrame:
    starts = pd.to_datetime(["2026-03-02T00:30Z", "2026-03-02T00:00Z", "2026-03-03T00:00Z"])
    columns = {"interval_start": starts, "queue": "calls", "offered": 10.0, "aht_seconds": 200.0}
    return pd.DataFrame(columns | {"agents_required": 5.0, "agents_to_roster": 6.0})


@pytest.fixture
def grid(centre):
    return horizon(centre.settings, date(2026, 3, 2), 1)


def test_rows_outside_the_horizon_are_left_out_and_the_rest_is_in_order(table, centre, grid):
    found = checked_requirement(table, centre.settings, grid)
    assert found["interval_start"].tolist() == sorted(table["interval_start"])[:2]


def test_agents_to_roster_follow_an_edit(table, centre, grid):
    table["agents_required"], table["edited"] = [9.0, 9.0, 9.0], [True, False, False]
    found = checked_requirement(table, centre.settings, grid)
    assert found["agents_to_roster"].tolist() == [6, 10]


def test_every_fault_is_told(table, centre, grid):
    table.loc[0, "queue"] = "faxes"
    table.loc[1, "interval_start"] += pd.Timedelta(minutes=7)
    table.loc[1, "aht_seconds"] = float("nan")
    with pytest.raises(BadInput) as caught:
        checked_requirement(table, centre.settings, grid)
    assert sorted(fault.column for fault in caught.value.faults) == ["aht_seconds", "interval_start", "queue"]
    assert {fault.file for fault in caught.value.faults} == {"requirement"}


@pytest.mark.parametrize("rows", [0, 3])
def test_a_requirement_of_other_days_is_bad_input(table, centre, rows):
    later = horizon(centre.settings, date(2026, 6, 1), 1)
    with pytest.raises(BadInput, match="expected rows from 2026-05-31T16:00:00Z"):
        checked_requirement(table[:rows], centre.settings, later)


def test_a_queue_that_cannot_be_staffed_is_told(table, centre, grid):
    queues = tuple(replace(queue, target_seconds=None) for queue in centre.settings.queue)
    with pytest.raises(BadInput, match="target_seconds"):
        checked_requirement(table, replace(centre.settings, queue=queues), grid)
