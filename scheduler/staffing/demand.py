"""What customers ask: a forecast checked against the queues and laid on the grid of intervals, queue by queue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.calendar import CalendarRow
from centre.errors import Faults
from centre.instants import Grid, day_number, from_timestamps
from centre.model import Queue, Settings
from centre.opening import open_mask
from scheduler.staffing.checks import Flags, Floats
from scheduler.staffing.flows import flows_from

NEEDED = ("interval_start", "queue", "offered", "aht_seconds")


@dataclass(frozen=True, eq=False, slots=True)
class QueueDemand:
    """One queue over the grid; arrays of shape (intervals,).

    Parameters
    ----------
    offered : contacts of its own that come in each interval, before a bot and before other queues' contacts
    aht_seconds : handle time, NaN where none is known and none needed; ``assumed`` where it is the queue's setting
    open : whether the queue is open; ``told`` : whether the forecast has a row
    """

    offered: Floats
    aht_seconds: Floats
    assumed: Flags
    open: Flags
    told: Flags


@dataclass(frozen=True, eq=False, slots=True)
class Demand:
    """All queues of a centre over the local days that a forecast touches; ``span`` are the forecast's own intervals."""

    grid: Grid
    span: slice
    queues: dict[str, QueueDemand]

    def workable(self, name: str) -> Flags:
        """Whether agents of a queue may work in each interval: it is open and the forecast reaches that far, shape (intervals,)."""
        found = np.zeros(len(self.grid.starts), dtype=bool)
        found[self.span] = self.queues[name].open[self.span]
        return found


def demand(
    forecast: pd.DataFrame,
    settings: Settings,
    open_intervals: ArrayLike | None = None,
    holidays: Mapping[int, str] | None = None,
    calendar: Sequence[CalendarRow] = (),
) -> Demand:
    """A forecast on the grid of a centre; parameters as of `scheduler.staffing.requirement.requirement`.

    Raises
    ------
    BadInput
        naming every missing column, every bad row by interval and queue, and every queue that cannot be
        staffed as it is set.
    """
    faults = Faults()
    _check_columns(forecast, open_intervals, faults)
    faults.raise_if_any()
    check_queues(forecast["queue"].unique(), settings, faults)
    _check_rows(forecast, settings, faults)
    grid, place = grid_of(forecast, settings, faults)
    _check_fed(forecast, settings, faults)
    faults.raise_if_any()
    span = slice(int(place.min()), int(place.max()) + 1) if len(place) else slice(0, 0)
    is_open, names = _open(forecast, open_intervals), forecast["queue"].astype(str).to_numpy()
    found = {}
    for queue in settings.queue:
        rows = names == queue.name
        told = not queue.deferred and rows.any()
        hours = None if told else open_mask(queue, grid, dict(holidays or {}), calendar)
        found[queue.name] = _laid_out(
            queue, forecast[rows], place[rows], is_open[rows], hours, len(grid.starts)
        )
    return Demand(grid, span, found)


def _laid_out(
    queue: Queue,
    rows: pd.DataFrame,
    place: NDArray[np.int64],
    is_open: Flags,
    hours: Flags | None,
    count: int,
) -> QueueDemand:
    """One queue's rows on the grid; ``hours`` are its opening hours where rows do not tell when work is done."""
    offered, told, here = np.zeros(count), np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    aht = np.full(count, np.nan)
    offered[place] = rows["offered"].to_numpy(dtype=float)
    aht[place] = rows["aht_seconds"].to_numpy(dtype=float)
    told[place], here[place] = True, is_open
    lacking = np.isnan(aht) & (queue.aht_seconds is not None)
    aht[lacking] = np.nan if queue.aht_seconds is None else queue.aht_seconds
    if np.isnan(aht).any() and not np.isnan(aht).all():  # for contacts that other queues send then
        aht[np.isnan(aht) & ~told] = np.nanmean(aht)
    return QueueDemand(offered, aht, lacking & told, here if hours is None else hours, told)


def grid_of(table: pd.DataFrame, settings: Settings, faults: Faults) -> tuple[Grid, NDArray[np.int64]]:
    """The centre's grid over the local days of a table's intervals, and each row's place on it; rows beside the grid are noted."""
    zone, step = settings.centre.timezone, settings.centre.interval_minutes
    if not len(table):
        return Grid(zone, 0, 1, step), np.zeros(0, dtype=np.int64)
    stamps = pd.DatetimeIndex(table["interval_start"])
    first, last = (day_number(edge.tz_convert(zone).date()) for edge in (stamps.min(), stamps.max()))
    grid = Grid(zone, first, last - first + 1, step)
    since = from_timestamps(stamps) - grid.start
    expected = f"a start on the centre's {step}-minute intervals"
    _add_rows(table, since % step != 0, "interval_start", expected, faults)
    return grid, since // step


def queues_of(settings: Settings) -> dict[str, Queue]:
    """The queues of a centre by name."""
    return {queue.name: queue for queue in settings.queue}


def check_queues(names: Iterable[object], settings: Settings, faults: Faults, file: str = "forecast") -> None:
    """Note every queue of ``file`` that the centre does not have or that cannot be staffed as it is set."""
    queues = queues_of(settings)
    for name in sorted({str(name) for name in names}):
        if name in queues:
            _check_queue(queues[name], faults)
        else:
            faults.add(file, "a queue of centre.toml: " + ", ".join(queues), found=name, column="queue")


def _check_queue(queue: Queue, faults: Faults) -> None:
    def add(setting: str, expected: str, found: object = "") -> None:
        faults.add("centre.toml", expected, found=found, column=f"queue.{queue.name}.{setting}")

    if queue.deferred:
        if queue.fills_idle_of and queue.max_occupancy is None:
            add("max_occupancy", "how much of idle time deferred work may fill, since fills_idle_of is set")
    elif queue.channel not in ("voice", "chat"):
        add("target_hours", f"target_hours or due_by_day_end: {queue.channel} is work that may wait")
    elif queue.target_seconds is None:
        add("target_seconds", "the seconds within which target_share of contacts are served")
    if queue.max_abandonment is not None and queue.patience_seconds is None:
        add(
            "patience_seconds",
            "the mean patience, since max_abandonment is set and nobody abandons without it",
        )


def _check_columns(forecast: pd.DataFrame, open_intervals: ArrayLike | None, faults: Faults) -> None:
    for name in NEEDED:
        if name not in forecast:
            faults.add("forecast", "this column", column=name)
    starts = forecast.get("interval_start")
    if starts is not None and len(forecast) and not isinstance(starts.dtype, pd.DatetimeTZDtype):
        faults.add(
            "forecast", "instants with an offset or in UTC", found=starts.iloc[0], column="interval_start"
        )
    if open_intervals is not None and np.shape(open_intervals) != (len(forecast),):
        faults.add(
            "open_intervals", f"{len(forecast)} values, one a row", found=f"shape {np.shape(open_intervals)}"
        )


def _check_rows(forecast: pd.DataFrame, settings: Settings, faults: Faults) -> None:
    """Note bad numbers and doubled rows; AHT may lack where nothing is offered or the queue assumes one."""
    offered, aht = (
        pd.to_numeric(forecast[name], errors="coerce").to_numpy(dtype=float) for name in NEEDED[2:]
    )
    known = {name for name, queue in queues_of(settings).items() if queue.aht_seconds is not None}
    given = forecast["aht_seconds"].notna().to_numpy()
    may_lack = forecast["queue"].isin(known).to_numpy() | (offered == 0)
    bad_aht = np.where(given, ~(np.isfinite(aht) & (aht > 0)), ~may_lack)
    doubled = forecast.duplicated(["interval_start", "queue"]).to_numpy()
    _add_rows(forecast, ~(np.isfinite(offered) & (offered >= 0)), "offered", "a number of at least 0", faults)
    _add_rows(
        forecast,
        bad_aht,
        "aht_seconds",
        "seconds above 0, or aht_seconds for the queue in centre.toml",
        faults,
    )
    _add_rows(forecast, doubled, "interval_start", "each interval of a queue once", faults)


def _check_fed(forecast: pd.DataFrame, settings: Settings, faults: Faults) -> None:
    """Note queues that get contacts from others while nothing tells their handle time."""
    fed = {flow.to: queue.name for queue in settings.queue for flow in flows_from(settings, queue.name)}
    if not fed:
        return
    known = set(forecast.loc[forecast["aht_seconds"].notna(), "queue"].astype(str))
    for queue in settings.queue:
        if queue.name in fed and queue.aht_seconds is None and queue.name not in known:
            where = f"queue.{queue.name}.aht_seconds"
            faults.add(
                "centre.toml", f"the handle time of contacts that {fed[queue.name]} sends", column=where
            )


def _add_rows(
    forecast: pd.DataFrame,
    bad: NDArray[np.bool_],
    column: str,
    expected: str,
    faults: Faults,
    at_most: int = 100,
) -> None:
    """Note a fault for each bad row, told by its interval and queue."""
    if not bad.any():  # as a rule, and tables are slow
        return
    rows = forecast[bad]
    for row in rows.head(at_most).to_dict("records"):
        place = "" if column == "interval_start" else f" at {row['interval_start']}"
        faults.add("forecast", expected, found=f"{row[column]}{place} in {row['queue']}", column=column)
    if len(rows) > at_most:
        faults.add("forecast", expected, found=f"{len(rows) - at_most} more such rows", column=column)


def _open(forecast: pd.DataFrame, open_intervals: ArrayLike | None) -> NDArray[np.bool_]:
    """Whether each row is open: as given, by the column ``open``, else where contacts are offered."""
    if open_intervals is not None:
        return np.asarray(open_intervals, dtype=bool)
    if "open" in forecast:
        return forecast["open"].to_numpy(dtype=bool)
    return np.asarray(forecast["offered"].to_numpy(dtype=float) > 0)
