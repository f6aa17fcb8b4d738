"""The whole step, history to demand: clean, try the models at earlier origins, choose, forecast."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from centre.errors import BadInput, Fault, Faults
from centre.instants import MINUTES_A_DAY, Grid, day_number, to_timestamps
from forecasts.backtest import TRIALS, choose, expect, pooled_wape, spread_of, trial_lengths, trials_before
from forecasts.checks import LENGTHS
from forecasts.grid import Bools, Floats, QueueHistory, local_positions
from forecasts.handle_time import handle_times
from forecasts.history import History, HistoryReport, clean_history
from forecasts.hours import Hours, OpenMask
from forecasts.models import Model, baselines, default_models
from forecasts.uncertainty import UNTRIED, Spread, bands

COLUMNS = (
    "interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90",
    "open", "aht_assumed",
)  # fmt: skip


@dataclass
class ForecastReport:
    """How the forecast came about, by queue."""

    history: HistoryReport
    model: dict[str, str] = field(default_factory=dict)
    trials: dict[str, int] = field(default_factory=dict)  # earlier origins that the choice rests on
    wape: dict[str, dict[str, float]] = field(
        default_factory=dict
    )  # model -> interval WAPE over these, a share
    aht_assumed: list[str] = field(default_factory=list)
    aht_unknown: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """Sentences that the planner should read."""
        untried = [
            f"queue {name}: too little history to try models; bands are assumed"
            for name, n in self.trials.items()
            if not n
        ]
        unknown = [
            f"queue {name}: neither history nor settings tell a handle time; aht_seconds stays empty"
            for name in self.aht_unknown
        ]
        return self.history.warnings + untried + unknown


def forecast(
    history: pd.DataFrame,
    start: date | str,
    periods: int,
    *,
    timezone: ZoneInfo | str | None = None,
    interval_minutes: int | None = None,
    holidays: Mapping[int, str] | None = None,
    opening: Mapping[str, OpenMask] | None = None,
    aht_seconds: Mapping[str, float | None] | None = None,
    models: Sequence[Model] | None = None,
) -> pd.DataFrame:
    """Contacts offered and AHT of every open interval of a horizon, with bands.

    Parameters
    ----------
    history : columns ``interval_start`` (aware timestamps), ``queue``, ``offered``; optional
        ``aht_seconds`` (NaN allowed), ``handled``
        and ``row`` (line in the file, told in errors). Rows at or after ``start`` are ignored and counted.
    start : first local day of the horizon
    periods : local days of the horizon, midnight to midnight
    timezone : the centre's clock; default: the zone that the timestamps carry
    interval_minutes : length of the intervals wanted; default: that of the history. Finer than the history
        is spread evenly.
    holidays : day number -> name of public holidays, over the history and the horizon; see
        `centre.calendar.public_holidays`
    opening : queue -> function of a `centre.instants.Grid` giving its open intervals; these queues must
        have history. A queue without is
        open when its contacts used to come, and closed on holidays on which none did.
    aht_seconds : queue -> stated AHT, used where history has none; without either the column stays NaN and a
        warning says so
    models : forecasters to choose among, simplest first; default `forecasts.models.default_models`

    Returns
    -------
    ``interval_start`` (UTC), ``queue``, ``offered`` (mean contacts), ``aht_seconds``, ``offered_p10``,
    ``offered_p50``, ``offered_p90``, ``open``, ``aht_assumed``; by queue and time. Closed intervals are
    left out.

    Raises
    ------
    BadInput
        listing every fault of the history (see `forecasts.history.clean_history`).
    """
    return forecast_with_report(
        history,
        start,
        periods,
        timezone=timezone,
        interval_minutes=interval_minutes,
        holidays=holidays,
        opening=opening,
        aht_seconds=aht_seconds,
        models=models,
    )[0]


def forecast_with_report(
    history: pd.DataFrame,
    start: date | str,
    periods: int,
    *,
    timezone: ZoneInfo | str | None = None,
    interval_minutes: int | None = None,
    holidays: Mapping[int, str] | None = None,
    opening: Mapping[str, OpenMask] | None = None,
    aht_seconds: Mapping[str, float | None] | None = None,
    models: Sequence[Model] | None = None,
) -> tuple[pd.DataFrame, ForecastReport]:
    """The forecast, and how it came about; parameters as for `forecast`."""
    first_day, zone = _first_day(start), _zone(history, timezone)
    _check_options(periods, interval_minutes)
    cleaned = clean_history(history, first_day, zone, holidays=holidays, opening=opening)
    report = ForecastReport(cleaned.report)
    minutes = interval_minutes or _usual(list(cleaned.report.interval_minutes.values()))
    grid = Grid(zone, first_day, periods, minutes)
    seconds = _all_handle_times(cleaned, aht_seconds or {})
    report.aht_unknown = [name for name, (times, _) in seconds.items() if np.isnan(times).all()]
    report.aht_assumed = [name for name, (_, assumed) in seconds.items() if assumed]
    tables = []
    for name, queue in cleaned.queues.items():
        expected, spread = _expected(
            queue, cleaned.hours[name], grid, tuple(models or default_models()), report
        )
        tables.append(_table(queue, cleaned.hours[name], grid, expected, spread, *seconds[name]))
    return pd.concat(tables, ignore_index=True), report


def _expected(
    queue: QueueHistory, hours: Hours, grid: Grid, models: Sequence[Model], report: ForecastReport
) -> tuple[Floats, Spread]:
    """Contacts expected by the model that did best, on the queue's own slots (days, slots); their spread."""
    days, shortest = trial_lengths(len(queue.offered))
    tried = (*baselines(), *models)
    trials = trials_before(queue, hours, tried, days=days, count=TRIALS, shortest_past_days=shortest)
    model = choose(trials, models)
    report.model[queue.queue], report.trials[queue.queue] = model.name, len(trials)
    report.wape[queue.queue] = {each.name: pooled_wape(trials, each.name) for each in tried}
    expected = expect([model], queue, hours, grid.first_day, grid.days)[model.name]
    return expected, spread_of(trials, model.name) if trials else UNTRIED


def _table(
    queue: QueueHistory,
    hours: Hours,
    grid: Grid,
    expected: Floats,
    spread: Spread,
    seconds: Floats,
    assumed: bool,
) -> pd.DataFrame:
    """The queue's rows of the forecast: the grid's open intervals."""
    days, slots = local_positions(grid.starts, grid.zone, grid.interval_minutes)
    cells = (days - grid.first_day, slots)
    is_open = _open(queue, hours, grid)
    offered = resampled(expected, grid.interval_minutes)[cells] * is_open
    work = resampled(expected * seconds, grid.interval_minutes)[cells]
    plain = (
        resampled(np.tile(seconds, (grid.days, 1)), grid.interval_minutes)[cells]
        * queue.interval_minutes
        / grid.interval_minutes
    )
    low, middle, high = bands(offered, spread)
    columns = (
        to_timestamps(grid.starts), queue.queue, offered,
        np.divide(work, offered, out=plain.copy(), where=offered > 0), low, middle, high, is_open, assumed,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))[is_open]


def _open(queue: QueueHistory, hours: Hours, grid: Grid) -> Bools:
    """Open intervals of the grid, shape (intervals,)."""
    if hours.known is not None:
        return np.asarray(hours.known(grid), dtype=bool)
    matrix = hours.matrix(queue.offered, queue.first_day, grid.first_day, grid.days)
    days, slots = local_positions(grid.starts, grid.zone, grid.interval_minutes)
    return np.asarray(
        resampled(matrix.astype(np.float64), grid.interval_minutes)[days - grid.first_day, slots] > 0
    )


def resampled(sums: Floats, interval_minutes: int) -> Floats:
    """Contacts of longer or shorter slots: added up, or spread evenly; shapes (days, slots).

    Examples
    --------
    >>> hourly = np.full((1, 24), 6.0)
    >>> resampled(hourly, 20)[0, :2].tolist(), resampled(hourly, 20).shape
    ([2.0, 2.0], (1, 72))
    """
    days, slots = sums.shape
    step = math.gcd(MINUTES_A_DAY // slots, interval_minutes)
    pieces = MINUTES_A_DAY // slots // step
    fine = np.repeat(sums / pieces, pieces, axis=1)
    return np.asarray(fine.reshape(days, MINUTES_A_DAY // interval_minutes, -1).sum(axis=2))


def _all_handle_times(cleaned: History, stated: Mapping[str, float | None]) -> dict[str, tuple[Floats, bool]]:
    """AHT of every queue's slots and whether it is assumed; NaN where nobody knows any."""
    return {
        name: handle_times(queue, stated.get(name)) or (np.full(queue.slots, np.nan), False)
        for name, queue in cleaned.queues.items()
    }


def _first_day(start: date | str) -> int:
    try:
        day = date.fromisoformat(start) if isinstance(start, str) else start
    except ValueError:
        raise BadInput([Fault("start", "a date such as 2003-10-20", str(start))]) from None
    if isinstance(day, datetime) and (day.hour, day.minute) != (0, 0):
        raise BadInput([Fault("start", "a date: the horizon begins at local midnight", str(start))])
    return day_number(day.date() if isinstance(day, datetime) else day)


def _zone(history: pd.DataFrame, timezone: ZoneInfo | str | None) -> ZoneInfo:
    """The zone asked for, else that of the timestamps."""
    if isinstance(timezone, ZoneInfo):
        return timezone
    carried = getattr(history["interval_start"].dtype, "tz", None) if "interval_start" in history else None
    name = timezone or str(carried or "UTC")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadInput([Fault("timezone", "a time zone such as Europe/Berlin", name)]) from None


def _check_options(periods: int, interval_minutes: int | None) -> None:
    faults = Faults()
    if periods < 1:
        faults.add("periods", "1 day or more", found=periods)
    if interval_minutes is not None and interval_minutes not in LENGTHS:
        faults.add("interval_minutes", f"one of {', '.join(map(str, LENGTHS))}", found=interval_minutes)
    faults.raise_if_any()


def _usual(lengths: list[int]) -> int:
    """The interval length that most queues have, of several the shortest."""
    return max(sorted(set(lengths)), key=lengths.count)
