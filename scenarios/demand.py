"""The centre's side of forecast and requirement: its clock, opening hours, holidays and queues put before the
two steps.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.calendar import CalendarRow, public_holidays
from centre.errors import BadInput, Fault
from centre.folder import Centre
from centre.instants import MINUTES_A_DAY, Grid, Minutes, day_number, day_of, from_timestamps
from centre.model import Queue, Settings
from centre.opening import open_mask
from forecasts import ForecastReport, forecast_with_report
from forecasts.accuracy import wape
from scheduler.staffing.requirement import requirement

FORECAST_COLUMNS = (
    "interval_start",
    "queue",
    "offered",
    "aht_seconds",
    "offered_p10",
    "offered_p50",
    "offered_p90",
)
CONTACTS_DECIMALS, SECONDS_DECIMALS = 4, 2  # what is written is what the next step works with
LONGEST_HORIZON_DAYS = 371


def horizon(centre: Settings, start: date, days: int) -> Grid:
    """The intervals of ``days`` local days from ``start``; raises `BadInput` where there are none, or too
    many to plan.
    """
    if not 1 <= days <= LONGEST_HORIZON_DAYS:
        raise BadInput(
            [Fault("--days", f"a whole number of days from 1 to {LONGEST_HORIZON_DAYS}", str(days))]
        )
    return Grid(centre.centre.timezone, day_number(start), days, centre.centre.interval_minutes)


def holidays_of(centre: Centre, grid: Grid) -> dict[int, str]:
    """Public holidays over the history and the horizon, as day number -> name."""
    past = from_timestamps(centre.history["interval_start"]) // MINUTES_A_DAY
    first = min(grid.first_day, int(past.min())) if len(past) else grid.first_day
    return public_holidays(
        centre.settings.centre.country, first - 1, grid.first_day + grid.days, centre.calendar
    )


def forecast_of(centre: Centre, grid: Grid, holidays: dict[int, str]) -> tuple[pd.DataFrame, ForecastReport]:
    """The forecast of every queue that has history, and how it came about; raises `BadInput` as the
    forecaster does.
    """
    known = [queue for queue in centre.settings.queue if queue.name in set(centre.history["queue"])]
    found, report = forecast_with_report(
        centre.history,
        day_of(grid.first_day),
        grid.days,
        timezone=grid.zone,
        interval_minutes=grid.interval_minutes,
        holidays=holidays,
        opening={
            queue.name: partial(_open, queue, holidays, centre.calendar)
            for queue in known
            if not queue.deferred
        },
        aht_seconds={queue.name: queue.aht_seconds for queue in known},
    )
    return rounded_forecast(found), report


def rounded_forecast(found: pd.DataFrame) -> pd.DataFrame:
    """A forecast in the columns of ``forecast.csv``, rounded as it is written; ``assumed`` where a handle
    time was.
    """
    decimals = dict.fromkeys(FORECAST_COLUMNS[2:], CONTACTS_DECIMALS) | {"aht_seconds": SECONDS_DECIMALS}
    table = found[list(FORECAST_COLUMNS)].round(decimals)
    return table.assign(assumed=found["aht_assumed"]) if found["aht_assumed"].any() else table


def requirement_of(
    forecast: pd.DataFrame,
    settings: Settings,
    holidays: dict[int, str],
    backlog: pd.DataFrame | None = None,
    available: pd.DataFrame | None = None,
    calendar: Sequence[CalendarRow] = (),
) -> pd.DataFrame:
    """Agents required for a forecast within the queues' opening hours; raises `BadInput` as the requirement
    does.
    """
    table = requirement(
        forecast,
        settings,
        open_rows(forecast, settings, holidays, calendar),
        holidays,
        backlog,
        available,
        calendar,
    )
    decimals = {
        "offered": CONTACTS_DECIMALS,
        "aht_seconds": SECONDS_DECIMALS,
        "asa_seconds": SECONDS_DECIMALS,
    }
    return table.round(decimals | dict.fromkeys(("service_level", "abandonment", "occupancy"), 6))


def open_rows(
    table: pd.DataFrame, settings: Settings, holidays: dict[int, str], calendar: Sequence[CalendarRow] = ()
) -> NDArray[np.bool_]:
    """Whether the queue of each row is open in its interval, shape (rows,); of a queue that the centre has
    not, false.
    """
    instants, is_open = from_timestamps(table["interval_start"]), np.zeros(len(table), dtype=bool)
    if not len(table):
        return is_open
    first, last = int(instants.min()) // MINUTES_A_DAY - 1, int(instants.max()) // MINUTES_A_DAY + 1
    grid = Grid(settings.centre.timezone, first, last - first + 1, settings.centre.interval_minutes)
    place = (instants - grid.start) // grid.interval_minutes
    for queue in settings.queue:
        rows = (table["queue"] == queue.name).to_numpy()
        is_open[rows] = open_mask(queue, grid, holidays, calendar)[place[rows]]
    return is_open


def unplanned_queues(settings: Settings, queues: Iterable[object]) -> list[str]:
    """Queues of the centre that have no rows."""
    return [queue.name for queue in settings.queue if queue.name not in set(queues)]


def held_back_wape(
    centre: Centre, forecast: pd.DataFrame, grid: Grid, lengths: dict[str, int]
) -> dict[str, float]:
    """Error of a forecast against the history inside its horizon, by queue: the sum of absolute errors over
    the contacts that came.

    Such rows were ignored when the forecast was made. Queues without any are left out.

    Parameters
    ----------
    lengths : minutes of an interval of history, by queue
    """
    known = centre.history.dropna(subset=["offered"])
    instants = from_timestamps(known["interval_start"])
    inside = known[(instants >= grid.start) & (instants < grid.end)]
    found = {}
    for name, rows in inside.groupby("queue", sort=True):
        step = max(grid.interval_minutes, lengths.get(str(name), grid.interval_minutes))
        came = rows["offered"].groupby(_bucket(rows, grid, step)).sum()
        mine = forecast[forecast["queue"] == name]
        expected = (
            mine["offered"].groupby(_bucket(mine, grid, step)).sum().reindex(came.index, fill_value=0.0)
        )
        found[str(name)] = wape(came.to_numpy(dtype=float), expected.to_numpy(dtype=float))
    return found


def _bucket(rows: pd.DataFrame, grid: Grid, step: int) -> Minutes:
    return (from_timestamps(rows["interval_start"]) - grid.start) // step


def _open(
    queue: Queue, holidays: dict[int, str], calendar: Sequence[CalendarRow], grid: Grid
) -> NDArray[np.bool_]:
    return open_mask(queue, grid, holidays, calendar)
