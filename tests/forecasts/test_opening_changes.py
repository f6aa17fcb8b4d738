"""Days of other hours: what was closed is not taken for a fall in demand, nor taken off twice."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number
from forecasts import make_forecast
from forecasts.day_calendar import DayCalendar

UTC = ZoneInfo("UTC")
MONDAY = date(2024, 1, 1)
FIRST = day_number(MONDAY)
DAYS = 140
PAST_HALF, COMING_HALF = (FIRST + 36, FIRST + 79, FIRST + 122), FIRST + DAYS + 2  # all Wednesdays
TYPICAL = np.where((np.arange(24) >= 8) & (np.arange(24) < 18), 60.0, 0.0)


class HalfDay:
    day_class, festival = "half_day", "Company day"


def opens(grid: Grid) -> np.ndarray:
    """08:00 to 18:00 every day, to 12:00 on half days."""
    hour, day = grid.local_minutes() // 60, grid.local_days()
    closes = np.where(np.isin(day, [*PAST_HALF, COMING_HALF]), 12, 18)
    return (hour >= 8) & (hour < closes)


def history_with(half_day_factor: float) -> pd.DataFrame:
    """Contacts of 60 an hour, on half days times a factor and none in the afternoon."""
    grid = Grid(UTC, FIRST, DAYS, 60)
    mean = np.tile(TYPICAL, DAYS)
    half = np.isin(grid.local_days(), PAST_HALF)
    mean = np.where(half, mean * half_day_factor, mean) * opens(grid)
    stamps = pd.to_datetime(grid.starts * 60, unit="s", utc=True)
    offered = np.random.default_rng(1).poisson(mean).astype(float)
    table = pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": offered, "aht_seconds": 200.0})
    return table[opens(grid)].reset_index(drop=True)


@pytest.mark.parametrize("factor", [1.0, 1.5])
def test_a_half_day_to_come_is_like_past_ones_in_its_open_hours(factor):
    special = {day: HalfDay() for day in (*PAST_HALF, COMING_HALF)}
    made = make_forecast(
        history_with(factor), date(2024, 5, 20), 7,
        timezone="UTC", opening={"q": opens}, calendars={"q": DayCalendar(special, {})},
    )  # fmt: skip
    totals = made.day_table()["offered"].to_numpy()
    assert totals[2] == pytest.approx(4 * 60 * factor, rel=0.08)
    assert totals[1] == pytest.approx(600, rel=0.05)
    assert len(made.table()) == 6 * 10 + 4


def test_hours_that_were_never_open_are_told_rather_than_guessed():
    def longer(grid):
        late = (grid.local_minutes() // 60 == 18) & (grid.local_days() >= FIRST + DAYS)
        return opens(grid) | late

    made = make_forecast(history_with(1.0), date(2024, 5, 20), 7, timezone="UTC", opening={"q": longer})
    table = made.table()
    evening = table[table["interval_start"].dt.hour == 18]
    assert len(evening) == 7
    assert (evening["offered"] < 1).all()
    note = "queue q: open for 7 hours in which it never was before, from 2024-05-20 on: forecast as 0"
    assert any(warning.startswith(note) for warning in made.report.warnings)


def test_contacts_outside_the_hours_told_do_not_raise_those_within():
    table = history_with(1.0)
    evening = table.assign(interval_start=table["interval_start"] + pd.Timedelta(hours=10), offered=5.0)
    both = pd.concat([table, evening[evening["interval_start"].dt.hour >= 18]])
    options = {"timezone": "UTC", "opening": {"q": opens}}
    alone = make_forecast(table, date(2024, 5, 20), 7, **options)
    found = make_forecast(both, date(2024, 5, 20), 7, **options)
    assert found.table()["offered"].to_numpy() == pytest.approx(alone.table()["offered"].to_numpy(), rel=0.01)
    assert found.report.wape["q"]["structural"] == pytest.approx(
        alone.report.wape["q"]["structural"], rel=0.05
    )
