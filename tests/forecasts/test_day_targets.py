"""Days' totals given by finance: spread by the forecast's own profile, never silently lost."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, to_timestamps
from forecasts.day_targets import apply_day_totals

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY, TUESDAY = date(2024, 3, 4), date(2024, 3, 5)
PROFILE = {"calls": (10.0, 30.0), "chat": (5.0, 15.0), "客服": (0.0, 40.0)}


@pytest.fixture
def table():
    """Two intervals a day, 08:00 and 09:00 local, for three queues on Monday and Tuesday."""
    starts = Grid(BERLIN, day_number(MONDAY), 2, 60).starts
    hours = to_timestamps(starts).tz_convert(BERLIN).hour
    kept = to_timestamps(starts[(hours == 8) | (hours == 9)])
    parts = []
    for queue, pair in PROFILE.items():
        mean = np.array(pair * 2)
        part = pd.DataFrame({"interval_start": kept, "queue": queue, "offered": mean})
        parts.append(
            part.assign(aht_seconds=180.0, offered_p10=mean * 0.5, offered_p50=mean, offered_p90=mean * 2)
        )
    return pd.concat(parts, ignore_index=True)


def totals(*rows):
    frame = pd.DataFrame(rows, columns=["date", "queue", "offered"])
    return frame.assign(source="财务", row=range(2, len(rows) + 2))


def of(table, queue, column="offered"):
    return table.loc[table["queue"] == queue, column].tolist()


def test_none_leave_the_table_as_it_is(table):
    found, told = apply_day_totals(table, totals(), BERLIN)
    pd.testing.assert_frame_equal(found, table)
    assert told == ()


def test_a_total_is_spread_by_the_days_own_profile(table):
    found, told = apply_day_totals(table, totals((MONDAY, "calls", 80)), BERLIN)
    assert of(found, "calls") == [20, 60, 10, 30]
    assert of(found, "calls", "offered_p90") == [40, 120, 20, 60]
    assert of(found, "calls", "offered_before_day_total") == [10, 30, 10, 30]
    assert of(found, "chat") == of(table, "chat")
    assert found["aht_seconds"].eq(180).all()
    assert told == ()


def test_a_groups_total_is_shared_by_forecast(table):
    groups = {"group:phone": ["calls", "chat"]}
    for name in ("phone", "group:phone"):
        found, told = apply_day_totals(table, totals((TUESDAY, name, 120)), BERLIN, groups)
        assert of(found, "calls") == [10, 30, 20, 60]
        assert of(found, "chat") == [5, 15, 10, 30]
        assert told == ()


@pytest.mark.parametrize("turn", [False, True])
def test_a_queues_own_total_is_kept_and_the_others_take_the_rest(table, turn):
    rows = [(MONDAY, "phone", 120), (MONDAY, "calls", 80)]
    found, told = apply_day_totals(
        table, totals(*rows[:: -1 if turn else 1]), BERLIN, {"phone": ["calls", "chat"]}
    )
    assert of(found, "calls")[:2] == [20, 60]
    assert of(found, "chat")[:2] == [10, 30]
    assert told == ()


def test_totals_that_clash_are_told(table):
    groups = {"phone": ["calls", "chat"]}
    found, told = apply_day_totals(
        table, totals((MONDAY, "phone", 50), (MONDAY, "calls", 80)), BERLIN, groups
    )
    assert of(found, "chat")[:2] == [0, 0]
    assert "exceed it by 30" in told[0]
    rows = [(MONDAY, "phone", 130), (MONDAY, "calls", 80), (MONDAY, "chat", 20)]
    _, told = apply_day_totals(table, totals(*rows), BERLIN, groups)
    assert len(told) == 1
    assert "30 contacts are planned nowhere" in told[0]
    rows[0] = (MONDAY, "phone", 100)
    assert apply_day_totals(table, totals(*rows), BERLIN, groups)[1] == ()


def test_a_group_within_a_larger_one(table):
    groups = {"centre:all": ["calls", "chat", "客服"], "group:phone": ["calls", "chat"]}
    found, told = apply_day_totals(
        table, totals((MONDAY, "centre:all", 200), (MONDAY, "phone", 90)), BERLIN, groups
    )
    assert sum(of(found, "calls")[:2] + of(found, "chat")[:2]) == pytest.approx(90)
    assert of(found, "客服")[:2] == [0, 110]
    assert told == ()


def test_a_day_or_queue_without_rows_is_told(table):
    rows = [(date(2024, 3, 6), "calls", 80), (MONDAY, "mail", 7)]
    found, told = apply_day_totals(table, totals(*rows), BERLIN)
    assert found["offered"].tolist() == table["offered"].tolist()
    assert len(told) == 2
    assert all("planned nowhere" in sentence for sentence in told)


def test_a_forecast_of_nothing_is_spread_evenly_and_told(table):
    table.loc[table["queue"] == "calls", ["offered", "offered_p10", "offered_p50", "offered_p90"]] = 0.0
    found, told = apply_day_totals(table, totals((MONDAY, "calls", 80), (TUESDAY, "calls", 0)), BERLIN)
    assert of(found, "calls") == [40, 40, 0, 0]
    assert len(told) == 1
    assert "evenly" in told[0]


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_days_on_which_clocks_change(day, hours):
    starts = Grid(BERLIN, day_number(day) - 1, 3, 60).starts
    table = pd.DataFrame(
        {"interval_start": to_timestamps(starts), "queue": "calls", "offered": 2.0, "aht_seconds": 1.0}
    )
    found, told = apply_day_totals(table, totals((day, "calls", 10 * hours)), BERLIN)
    assert found["offered"].tolist() == [2] * 24 + [10] * hours + [2] * 24
    assert told == ()


def test_types_rows_and_index_are_kept(table):
    table = table.sample(frac=1, random_state=2).astype({"queue": "category", "offered_p10": "float32"})
    found, _ = apply_day_totals(table, totals((MONDAY, "calls", 50)), BERLIN)
    assert (found[table.columns].dtypes == table.dtypes).all()
    assert found.index.equals(table.index)
