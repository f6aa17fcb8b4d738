"""The centre's side of the forecast: its clock, calendar, events and queues put before the forecaster, the
planner's hand put on what comes out.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.calendar import CalendarRow
from centre.calendar_days import festival_anchors, special_days
from centre.calendar_gaps import calendar_warnings, makeup_days_shut
from centre.folder import Centre
from centre.instants import MINUTES_A_DAY, Grid, Minutes, day_of, from_timestamps
from centre.model import Queue
from centre.opening import open_mask
from centre.versions import latest_rows
from forecasts import Forecast, ForecastReport, make_forecast
from forecasts.accuracy import wape
from forecasts.day_calendar import DayCalendar
from forecasts.day_targets import apply_day_totals
from forecasts.events import events_of
from forecasts.hierarchy import roll_up, tree_of
from forecasts.inputs import Options
from forecasts.models import Model
from forecasts.overrides import apply_overrides

FORECAST_COLUMNS = (
    "interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90",
)  # fmt: skip
BEFORE_COLUMNS = ("offered_before_day_total", "offered_before_override", "aht_before_override")
CONTACTS_DECIMALS, SECONDS_DECIMALS = 4, 2  # what is written is what the next step works with
FESTIVAL_MARGIN_DAYS = 31  # beyond history and horizon, for the days before and after a festival


@dataclass(frozen=True, slots=True)
class Demand:
    """A centre's forecast: as the models see it, and as it goes to the next step.

    Parameters
    ----------
    forecast : without the planner's hand
    table : columns of ``forecast.csv``, the planner's overrides and finance's totals applied, rounded
    """

    forecast: Forecast
    table: pd.DataFrame

    @property
    def report(self) -> ForecastReport:
        """How it came about."""
        return self.forecast.report


def forecast_of(
    centre: Centre,
    grid: Grid,
    holidays: Mapping[int, str],
    executor: Executor | None = None,
    models: Sequence[Model] | None = None,
) -> Demand:
    """The forecast of every queue that has history; raises `BadInput` as the forecaster does."""
    options = centre_options(centre, holidays, grid.first_day + grid.days)
    options |= {"interval_minutes": grid.interval_minutes, "executor": executor, "models": models}
    made = make_forecast(centre.history, day_of(grid.first_day), grid.days, **options)
    table, told = with_planners_hand(made.table(), centre, grid.zone)
    notes = (*made.report.notes, *_calendar_notes(centre, grid), *told)
    made = replace(made, report=replace(made.report, notes=notes))
    return Demand(made, rounded_forecast(table))


def _calendar_notes(centre: Centre, grid: Grid) -> list[str]:
    """What the calendar does not know of the horizon, and queues shut on its make-up workdays."""
    country, span = centre.settings.centre.country, (grid.first_day, grid.first_day + grid.days)
    shut = makeup_days_shut(centre.settings.queue, country, *span, centre.calendar)
    return [*calendar_warnings(country, *span, centre.calendar), *shut]


def path_table(demand: Demand, samples: int, seed: int) -> pd.DataFrame:
    """Sampled contacts of every open interval, ``interval_start, queue, path_1 ...``, moved by the planner's hand in proportion."""
    parts = []
    for name, paths in moved_paths(demand, samples, seed).items():
        rows = demand.table.loc[demand.table["queue"] == name, ["interval_start", "queue"]]
        columns = pd.DataFrame(
            paths.T, columns=[f"path_{k}" for k in range(1, samples + 1)], index=rows.index
        )
        parts.append(pd.concat([rows, columns], axis=1))
    return pd.concat(parts, ignore_index=True)


def path_rows(demand: Demand, samples: int, seed: int) -> NDArray[np.float64]:
    """The contacts of `path_table` in the order of the forecast's rows, shape (samples, rows)."""
    keys = ["interval_start", "queue"]
    rows = demand.table[keys].merge(
        path_table(demand, samples, seed), how="left", on=keys, validate="one_to_one"
    )
    return rows.iloc[:, len(keys) :].to_numpy(dtype=float).T.round(CONTACTS_DECIMALS)


def moved_paths(demand: Demand, samples: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Sampled contacts of each queue, shape (samples, intervals), moved by the planner's hand in proportion."""
    plain, paths = demand.forecast.table(), {}
    for name, found in demand.forecast.paths(samples, seed).items():
        before = plain.loc[plain["queue"] == name, "offered"].to_numpy()
        after = demand.table.loc[demand.table["queue"] == name, "offered"].to_numpy()
        ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0)
        paths[name] = found * ratio + np.where(before > 0, 0.0, after)
    return paths


def group_table(demand: Demand, centre: Centre, samples: int, seed: int) -> pd.DataFrame:
    """Groups, sites and the whole centre in the columns of ``groups.csv``, their bands from sampled paths that
    the planner's hand has moved in proportion.
    """
    groups, sites = _groups(centre.settings.queue)
    members = tree_of(groups, sites, list(demand.forecast.queues))
    paths = moved_paths(demand, samples, seed)
    numbers = dict.fromkeys(FORECAST_COLUMNS[2:], CONTACTS_DECIMALS) | {"aht_seconds": SECONDS_DECIMALS}
    return roll_up(demand.table, members, paths).round(numbers)


def centre_options(centre: Centre, holidays: Mapping[int, str], end_day: int) -> Options:
    """All that a centre folder tells the forecaster beside the history, for days before ``end_day``."""
    past = from_timestamps(centre.history["interval_start"]) // MINUTES_A_DAY
    first = int(past.min()) if len(past) else end_day
    seen = set(centre.history["queue"])
    known = [queue for queue in centre.settings.queue if queue.name in seen or queue.like in seen]
    country = centre.settings.centre.country
    return Options(
        timezone=centre.settings.centre.timezone,
        holidays=holidays,
        calendars={
            queue.name: day_calendar(country, first, end_day, centre.calendar, queue.name) for queue in known
        },
        opening={
            queue.name: partial(_open, queue, dict(holidays), centre.calendar)
            for queue in known
            if not queue.deferred
        },
        events=events_of(centre.events),
        aht_seconds={queue.name: queue.aht_seconds for queue in known},
        like={queue.name: queue.like for queue in known if queue.like},
        groups=tree_of(*_groups(centre.settings.queue)),
        offered_definition=centre.settings.centre.offered_definition,
    )


def day_calendar(
    country: str | None,
    first_day: int,
    last_day: int,
    rows: tuple[CalendarRow, ...] = (),
    queue: str | None = None,
) -> DayCalendar:
    """Special days and first days of festivals from ``first_day`` to ``last_day`` and a month around."""
    span = first_day - FESTIVAL_MARGIN_DAYS, last_day + FESTIVAL_MARGIN_DAYS
    return DayCalendar(
        special_days(country, *span, rows, queue), festival_anchors(country, *span, rows, queue)
    )


def with_planners_hand(
    table: pd.DataFrame, centre: Centre, zone: ZoneInfo
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """A forecast with finance's day totals, then the planner's overrides; what there is to tell of them."""
    said: tuple[str, ...] = ()
    if len(centre.day_totals):
        table, said = apply_day_totals(table, centre.day_totals, zone, groups_of(centre))
    if len(centre.overrides):
        table, more = apply_overrides(table, centre.overrides, zone)
        said = (*said, *more)
    return table, said


def groups_of(centre: Centre) -> dict[str, list[str]]:
    """Queues by group and by site."""
    groups, sites = _groups(centre.settings.queue)
    return groups | {name: [*groups.get(name, []), *of] for name, of in sites.items()}


def _groups(queues: Sequence[Queue]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Queues of each group, and of each site."""
    groups: dict[str, list[str]] = {}
    sites: dict[str, list[str]] = {}
    for queue in queues:
        for found, name in ((groups, queue.group), (sites, queue.site)):
            if name:
                found.setdefault(name, []).append(queue.name)
    return groups, sites


def rounded_forecast(found: pd.DataFrame) -> pd.DataFrame:
    """A forecast in the columns of ``forecast.csv``, rounded as it is written; ``assumed`` where a handle
    time was, and what it was before the planner's hand where there was one.
    """
    before = [name for name in BEFORE_COLUMNS if name in found]
    columns = [*FORECAST_COLUMNS, *before]
    decimals = dict.fromkeys(columns[2:], CONTACTS_DECIMALS) | {"aht_seconds": SECONDS_DECIMALS}
    table = found[columns].round(decimals)
    return table.assign(assumed=found["aht_assumed"]) if found["aht_assumed"].any() else table


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
    known = latest_rows(centre.history).dropna(subset=["offered"])
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
    queue: Queue, holidays: dict[int, str], calendar: tuple[CalendarRow, ...], grid: Grid
) -> NDArray[np.bool_]:
    return open_mask(queue, grid, holidays, calendar)
