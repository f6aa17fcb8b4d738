"""Which intervals an event touches: hours, whole days, clocks that change."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import day_number, day_start, parse_instant, to_timestamps
from forecasts.event_windows import Event, event_cells, events_of, share_of

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = day_number(date(2024, 11, 10))


def event(start, end, zone=SHANGHAI, **more):
    return Event("双11", "高峰", parse_instant(start, zone), parse_instant(end, zone), **more)


def test_whole_days_and_nothing_else():
    cells = event_cells([event("2024-11-11", "2024-11-13")], "a", SHANGHAI, DAY, 5, 60)
    assert cells.shape == (5, 24)
    assert cells.all(axis=1).tolist() == [False, True, True, False, False]
    assert cells.sum() == 48


def test_hours_over_midnight_and_parts_of_intervals():
    evening = event("2024-11-10T20:15", "2024-11-11T01:00")
    share = share_of(evening, SHANGHAI, DAY, 2, 30)
    assert np.flatnonzero(share[0]).tolist() == list(range(40, 48))
    assert share[0, 40:42].tolist() == [0.5, 1.0]
    assert share[1, :3].tolist() == [1.0, 1.0, 0.0]
    assert event_cells([evening], "a", SHANGHAI, DAY, 2, 30)[0, 40]


def test_only_its_queues_and_empty_means_all():
    day = ("2024-11-11", "2024-11-12")
    assert not event_cells([event(*day, queues=("热线",))], "a", SHANGHAI, DAY, 3, 60).any()
    assert event_cells([event(*day, queues=("热线",))], "热线", SHANGHAI, DAY, 3, 60).any()
    assert event_cells([event(*day)], "热线", SHANGHAI, DAY, 3, 60).any()
    assert not event_cells([], "a", SHANGHAI, DAY, 3, 60).any()


@pytest.mark.parametrize("first", [-400, 3, 400])
def test_a_window_that_does_not_meet_it(first):
    assert not event_cells([event("2024-11-11", "2024-11-12")], "a", SHANGHAI, DAY + first, 2, 60).any()


def test_a_window_that_meets_it_in_part():
    long = event("2024-11-01", "2024-11-21")
    assert event_cells([long], "a", SHANGHAI, DAY, 2, 60).all()
    assert event_cells([long], "a", SHANGHAI, DAY + 9, 4, 60).any(axis=1).tolist() == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(("day", "missing"), [(date(2024, 3, 31), [2]), (date(2024, 10, 27), [])])
def test_days_on_which_clocks_change(day, missing):
    number = day_number(day)
    whole = Event("x", "", day_start(BERLIN, number), day_start(BERLIN, number + 1))
    share = share_of(whole, BERLIN, number - 1, 3, 60)
    assert np.flatnonzero(share[1] == 0).tolist() == missing
    assert share[[0, 2]].sum() == 0
    assert set(share[1]) <= {0.0, 1.0}


def test_one_pass_of_an_hour_that_comes_twice_is_half_of_it():
    first = event("2024-10-27T00:00Z", "2024-10-27T01:00Z", BERLIN)  # 02:00 to 02:00 again
    assert share_of(first, BERLIN, day_number(date(2024, 10, 27)), 1, 60)[0, 1:4].tolist() == [0.0, 0.5, 0.0]


def test_events_of_a_table():
    stamps = to_timestamps(np.array([0, 60]))
    table = pd.DataFrame({"name": ["a", "b"], "start": stamps, "end": stamps + pd.Timedelta("1h")})
    table = table.assign(queues=[(), ("热线",)], kind="campaign", uplift=[np.nan, 0.3])
    assert events_of(table) == (
        Event("a", "", 0, 60, (), "campaign", None),
        Event("b", "", 60, 120, ("热线",), "campaign", 0.3),
    )
    assert events_of(table.assign(phase="x"))[1].title == "b: x"
