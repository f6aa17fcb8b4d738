"""The centre's side of the requirement: its clock, opening hours, holidays and queues put before the step."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.calendar import CalendarRow, public_holidays
from centre.errors import BadInput, Fault
from centre.folder import Centre
from centre.instants import MINUTES_A_DAY, Grid, day_number, from_timestamps
from centre.model import Settings
from centre.opening import open_mask
from scenarios.forecasting import CONTACTS_DECIMALS, SECONDS_DECIMALS
from scenarios.peak_settings import SettingsInForce
from scheduler.staffing.requirement import requirement

LONGEST_PLAN_DAYS, LONGEST_FORECAST_DAYS = 371, 550


def horizon(centre: Settings, start: date, days: int, longest: int = LONGEST_PLAN_DAYS) -> Grid:
    """The intervals of ``days`` local days from ``start``; raises `BadInput` where there are none, or too
    many to plan.
    """
    if not 1 <= days <= longest:
        raise BadInput([Fault("--days", f"a whole number of days from 1 to {longest}", str(days))])
    return Grid(centre.centre.timezone, day_number(start), days, centre.centre.interval_minutes)


def holidays_of(centre: Centre, grid: Grid) -> dict[int, str]:
    """Public holidays over the history and the horizon, as day number -> name."""
    past = from_timestamps(centre.history["interval_start"]) // MINUTES_A_DAY
    first = min(grid.first_day, int(past.min())) if len(past) else grid.first_day
    return public_holidays(
        centre.settings.centre.country, first - 1, grid.first_day + grid.days, centre.calendar
    )


def requirement_of(
    forecast: pd.DataFrame,
    settings: Settings,
    holidays: dict[int, str],
    backlog: pd.DataFrame | None = None,
    available: pd.DataFrame | None = None,
    calendar: Sequence[CalendarRow] = (),
    in_force: SettingsInForce | None = None,
) -> pd.DataFrame:
    """Agents required for a forecast within the queues' opening hours; raises `BadInput` as the requirement
    does.

    ``in_force`` tells which settings hold when, where peaks change them; None: ``settings`` throughout.
    """
    is_open = open_rows(forecast, settings, holidays, calendar)

    def made(by: Settings) -> pd.DataFrame:
        return requirement(forecast, by, is_open, holidays, backlog, available, calendar)

    one = in_force is None or len(in_force.variants) == 1
    table = made(settings) if in_force is None else in_force.rows(made)
    table = table if one else in_order(table)
    decimals = {
        "offered": CONTACTS_DECIMALS,
        "aht_seconds": SECONDS_DECIMALS,
        "asa_seconds": SECONDS_DECIMALS,
    }
    decimals |= dict.fromkeys(("service_level", "abandonment", "occupancy"), 6)
    return table.assign(**{name: table[name].to_numpy().round(kept) for name, kept in decimals.items()})


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """A requirement whose rows come from several, as one."""
    if "assumed" in table:
        table["assumed"] = table["assumed"].fillna(False).astype(bool)
    return table.sort_values(["interval_start", "queue"], kind="stable", ignore_index=True)


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
