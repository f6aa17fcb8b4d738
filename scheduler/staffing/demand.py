"""What reaches the agents: a forecast checked against the queues, less what a bot contains, in order."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.errors import Faults
from centre.model import Queue, Settings

NEEDED = ("interval_start", "queue", "offered", "aht_seconds")


def demand(
    forecast: pd.DataFrame, settings: Settings, open_intervals: ArrayLike | None = None
) -> pd.DataFrame:
    """The forecast as agents meet it, sorted by interval and queue.

    Parameters
    ----------
    forecast, open_intervals : see `scheduler.staffing.requirement.requirement`

    Returns
    -------
    DataFrame
        columns ``interval_start`` (UTC), ``queue``, ``offered`` (less the queue's containment share),
        ``aht_seconds`` (the queue's assumed one where the forecast has none), ``assumed`` (whether it was)
        and ``open``

    Raises
    ------
    BadInput
        naming every missing column, every bad row by interval and queue, and every queue that cannot be
        staffed as it is set.
    """
    faults = Faults()
    _check_columns(forecast, open_intervals, faults)
    faults.raise_if_any()
    check_queues(forecast["queue"], settings, faults)
    _check_rows(forecast, settings, faults)
    faults.raise_if_any()
    queues = queues_of(settings)
    names = forecast["queue"].astype(str).to_numpy()
    assumed_aht = np.array([queues[name].aht_seconds for name in names], dtype=float)
    contained = np.array([queues[name].containment_share for name in names], dtype=float)
    aht = forecast["aht_seconds"].to_numpy(dtype=float)
    table = pd.DataFrame(
        {
            "interval_start": pd.DatetimeIndex(forecast["interval_start"]).tz_convert("UTC"),
            "queue": names,
            "offered": forecast["offered"].to_numpy(dtype=float) * (1.0 - contained),
            "aht_seconds": np.where(np.isnan(aht), assumed_aht, aht),
            "assumed": np.isnan(aht) & ~np.isnan(assumed_aht),
            "open": _open(forecast, open_intervals),
        }
    )
    return table.sort_values(["interval_start", "queue"], kind="stable", ignore_index=True)


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

    if queue.channel not in ("voice", "chat"):
        add("channel", "voice or chat: deferred work is not supported yet", queue.channel)
    elif queue.target_hours is not None:
        add("target_hours", "target_seconds: deferred work is not supported yet", queue.target_hours)
    elif queue.target_seconds is None:
        add("target_seconds", "the seconds within which target_share of contacts are served")
    if queue.concurrency != 1:
        add("concurrency", "1: several contacts at a time are not supported yet", queue.concurrency)
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


def _add_rows(
    forecast: pd.DataFrame,
    bad: NDArray[np.bool_],
    column: str,
    expected: str,
    faults: Faults,
    at_most: int = 100,
) -> None:
    """Note a fault for each bad row, told by its interval and queue."""
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
