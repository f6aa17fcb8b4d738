"""Opening hours, holidays and rounding around forecast and requirement; the error on what was held back, worked by hand."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import Grid, day_number, from_timestamps, to_timestamps
from centre.model import CentreInfo, Opening, Queue, Settings
from scenarios.demand import LONGEST_FORECAST_DAYS, holidays_of, horizon, open_rows, requirement_of
from scenarios.forecasting import forecast_of, held_back_wape, rounded_forecast
from scenarios.requirement_table import intervals_without_row

BERLIN = ZoneInfo("Europe/Berlin")


def test_what_is_written_is_what_the_next_step_works_with(centre):
    grid = horizon(centre.settings, date(2026, 2, 23), 7)
    demand = forecast_of(centre, grid, holidays_of(centre, grid))
    forecast, report = demand.table, demand.report
    for name in ("offered", "offered_p10", "offered_p50", "offered_p90"):
        assert (forecast[name] == forecast[name].round(4)).all()
    assert (forecast["aht_seconds"] == forecast["aht_seconds"].round(2)).all()
    assert report.model.keys() == {"calls", "chat"}
    needed = requirement_of(forecast, centre.settings, {})
    assert (needed["offered"] == needed["offered"].round(4)).all()


@pytest.mark.parametrize(("makeup_hours", "intervals"), [("workday", 18), ("weekday", 0)])
def test_forecast_requirement_and_openness_agree_on_a_make_up_saturday(centre, makeup_hours, intervals):
    office = {
        "opening": (Opening((0, 1, 2, 3, 4), 540, 1080),),
        "minimum_agents": 1,
        "makeup_hours": makeup_hours,
    }
    calls = replace(centre.settings.queue[0], **office)
    centre = replace(
        centre,
        settings=replace(centre.settings, queue=(calls,)),
        history=centre.history[centre.history["queue"] == "calls"],
    )
    grid = horizon(
        centre.settings, date(2026, 2, 28), 2
    )  # a Saturday worked for Spring Festival, and a Sunday
    holidays = holidays_of(centre, grid)
    table = forecast_of(centre, grid, holidays).table
    assert len(table) == intervals
    assert set(table["interval_start"].dt.tz_convert(grid.zone).dt.date) <= {date(2026, 2, 28)}
    assert (table["offered"] > 0).all()
    every = pd.DataFrame(
        {
            "interval_start": to_timestamps(grid.starts),
            "queue": "calls",
            "offered": 0.0,
            "aht_seconds": 200.0,
        }
    )
    needed = requirement_of(every, centre.settings, holidays, calendar=centre.calendar)
    staffed = needed.loc[needed["agents_required"] > 0, "interval_start"]
    assert list(staffed) == list(table["interval_start"])
    missing = intervals_without_row(every[:1], centre.settings, grid, holidays, centre.calendar)
    assert missing.get("calls", 0) == intervals


def test_an_assumed_handle_time_says_so():
    rows = {
        "interval_start": pd.to_datetime(["2026-03-02T00:00Z"] * 2),
        "queue": ["a", "b"],
        "offered": 1.0,
        "aht_seconds": 200.0,
    }
    table = pd.DataFrame(
        rows
        | {
            "offered_p10": 0.0,
            "offered_p50": 1.0,
            "offered_p90": 2.0,
            "open": True,
            "aht_assumed": [True, False],
        }
    )
    assert rounded_forecast(table)["assumed"].tolist() == [True, False]
    assert "assumed" not in rounded_forecast(table.assign(aht_assumed=False))


def test_rows_are_open_by_the_queues_own_hours():
    nine_to_five = Opening(days=(0, 1, 2, 3, 4), opens=9 * 60, closes=17 * 60)
    settings = Settings(
        CentreInfo("Test", BERLIN),
        (
            Queue("calls", target_seconds=20, opening=(nine_to_five,), closed_holidays="all"),
            Queue("chat", target_seconds=30),
        ),
    )
    starts = pd.to_datetime(
        ["2024-03-29T08:00Z", "2024-04-02T06:30Z", "2024-04-02T07:00Z", "2024-04-02T15:00Z"]
    )
    table = pd.DataFrame(
        {"interval_start": [*starts, starts[0], starts[0]], "queue": ["calls"] * 4 + ["chat", "faxes"]}
    )
    table["interval_start"] = pd.to_datetime(table["interval_start"], utc=True)
    good_friday = {day_number(date(2024, 3, 29)): "Good Friday"}
    assert open_rows(table, settings, good_friday).tolist() == [False, False, True, False, True, False]
    assert open_rows(table[:0], settings, {}).tolist() == []


def test_a_minimum_holds_wherever_a_queue_is_open(centre):
    minimum = tuple(replace(queue, minimum_agents=4) for queue in centre.settings.queue)
    starts = pd.to_datetime(["2026-03-01T18:00Z", "2026-03-02T00:00Z"])
    table = pd.DataFrame({"interval_start": starts, "queue": "chat", "offered": 0.0, "aht_seconds": 200.0})
    assert requirement_of(table, replace(centre.settings, queue=minimum), {})["agents_required"].tolist() == [
        0,
        4,
    ]


def hours_of(
    values: list[float], minutes: int, queue: str = "calls", start: str = "2024-03-04T00:00"
) -> pd.DataFrame:
    starts = pd.date_range(start, periods=len(values), freq=f"{minutes}min", tz="Europe/Berlin").tz_convert(
        "UTC"
    )
    return pd.DataFrame({"interval_start": starts, "queue": queue, "offered": values})


@pytest.mark.parametrize(
    ("came", "minutes", "expected", "wape"),
    [
        ([10, 20], 30, [12, 16], 6 / 30),
        ([10, np.nan], 30, [12, 16], 2 / 10),
        ([30], 60, [12, 16], 2 / 30),
        ([5, 5, 10, 10], 15, [12, 16], 6 / 30),
        ([10, 20, 4], 30, [12, 16], 10 / 34),
    ],
)
def test_the_error_on_what_was_held_back(centre, came, minutes, expected, wape):
    grid = Grid(BERLIN, day_number(date(2024, 3, 4)), 1, 30)
    past = replace(centre, history=hours_of(came, minutes))
    found = held_back_wape(past, hours_of(expected, 30), grid, {"calls": minutes})
    assert found == pytest.approx({"calls": wape})


def test_nothing_is_held_back_before_or_after_the_horizon(centre):
    grid = Grid(BERLIN, day_number(date(2024, 3, 4)), 1, 30)
    history = pd.concat(
        [hours_of([9], 30, start="2024-03-03T23:30"), hours_of([9], 30, start="2024-03-05T00:00")]
    )
    assert held_back_wape(replace(centre, history=history), hours_of([5], 30), grid, {}) == {}


def test_holidays_span_history_and_horizon(centre):
    grid = horizon(centre.settings, date(2026, 3, 2), 40)
    names = holidays_of(centre, grid)
    first = int(from_timestamps(centre.history["interval_start"]).min()) // 1440
    assert any(first <= day < grid.first_day for day in names)
    assert day_number(date(2026, 4, 5)) in names
    assert max(names) <= grid.first_day + 40


def test_a_forecast_may_look_further_ahead_than_a_rota(centre):
    longest = horizon(centre.settings, date(2026, 3, 2), 550, LONGEST_FORECAST_DAYS)
    assert longest.days == 550
    for days, limit in ((551, (LONGEST_FORECAST_DAYS,)), (372, ())):
        with pytest.raises(BadInput, match="--days"):
            horizon(centre.settings, date(2026, 3, 2), days, *limit)
