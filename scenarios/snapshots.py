"""Forecasts kept in the centre folder, and held against what came: how far off they were, with and without the planner's hand.

A snapshot is ``snapshots/START_Nd_asof-DATE.csv``, a forecast as it was given out, beside a ``.json`` that
says what it was made with. Kept forecasts are never changed: another one for the same days, made on the same
day, gets a number, and the last of them counts.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.folder import Centre
from centre.instants import day_number, to_timestamps
from centre.interval_files import FORECAST_OPTIONAL, HISTORY
from centre.tables import read_table
from centre.writing import write_csv
from forecasts.checks import typed_rows
from forecasts.grid import local_positions, weekdays_of
from scenarios.actuals import QUANTILES, Laid, alike, usual_length
from scenarios.forecasting import BEFORE_COLUMNS, day_calendar
from scenarios.text import json_text
from scenarios.versions import version_of

FOLDER = "snapshots"
BEFORE = "offered_before_override"
FORECAST, WITHOUT = "forecast", "without_overrides"
CELLS = (
    "queue", "model", "origin", "interval_start", "day", "horizon_day", "weekday", "special", "actual",
    "expected", "p10", "p50", "p90", "naive_error", "overridden", "outage",
)  # fmt: skip
_NAME = re.compile(
    r"(?P<origin>\d{4}-\d\d-\d\d_\d+d_asof-(?P<as_of>\d{4}-\d\d-\d\d))(?:_(?P<number>\d+))?\.csv"
)
_SAME = 1e-4  # contacts; what is written has four decimals


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What a forecast was made with.

    Parameters
    ----------
    as_of : first local day of which no history was seen
    start, days : first local day and length of its horizon
    models : model by queue
    inputs : checksum by name of every file read, as `centre.folder.Centre.checksums`
    """

    as_of: date
    start: date
    days: int
    models: Mapping[str, str]
    inputs: Mapping[str, str]


def keep_snapshot(centre_folder: Path, table: pd.DataFrame, made: MadeBy) -> Path:
    """Keep a forecast in the centre folder and return its file; one that is there already is not kept twice.

    Parameters
    ----------
    table : columns of ``forecast.csv`` and, where the planner's hand is in it, those without it
    """
    folder = centre_folder / FOLDER
    folder.mkdir(exist_ok=True)
    columns = [name for name in (*HISTORY, *FORECAST_OPTIONAL, *BEFORE_COLUMNS) if name in table]
    with tempfile.TemporaryDirectory(prefix=".partial-", dir=folder) as partial:
        written = Path(partial) / "forecast.csv"
        write_csv(written, table[columns])
        number = 1
        while True:
            path = folder / f"{_stem(made)}{'' if number == 1 else f'_{number}'}.csv"
            if path.is_file() and path.read_bytes() == written.read_bytes():
                return path
            if not path.exists() and _claim(path.with_suffix(".json"), made):
                written.replace(path)
                return path
            number += 1


def snapshot_files(centre_folder: Path) -> dict[str, Path]:
    """The kept forecasts that count, by name without number, sorted: of several under one name the last."""
    found: dict[str, tuple[int, Path]] = {}
    for path in sorted((centre_folder / FOLDER).glob("*.csv")):
        if match := _NAME.fullmatch(path.name):
            kept = (int(match["number"] or 1), path)
            found[match["origin"]] = max(kept, found.get(match["origin"], kept))
    return {origin: path for origin, (_, path) in sorted(found.items())}


def compare_snapshots(centre_folder: Path, centre: Centre) -> pd.DataFrame:
    """All kept forecasts against what history holds by now.

    Returns
    -------
    Cells as `forecasts.breakdown.breakdown` takes them, `CELLS`, one a kept forecast (``origin``), queue and
    interval with an actual: missing is not zero. ``model`` is ``forecast``, and beside it
    ``without_overrides`` for a queue whose forecast was overridden, with ``overridden`` where the two differ.
    What came in an ``outage`` (see `forecasts.outages`) tells nothing of the forecast: its ``actual`` is NaN.
    Where history and forecast have intervals of different lengths, the longer count; bands of forecasts that
    were added up are NaN. Quantiles without overrides are NaN where there were some.

    Raises
    ------
    BadInput
        with every fault of every kept forecast.
    """
    faults = Faults()
    zone = centre.settings.centre.timezone
    files = snapshot_files(centre_folder)
    read = [_read(path, origin, zone, faults) for origin, path in files.items()]
    history = typed_rows(centre.history, faults, definition=centre.settings.centre.offered_definition)
    faults.raise_if_any()
    kept = pd.concat([rows for rows in read if rows is not None]) if read else pd.DataFrame()
    parts = [
        _cells(rows, came, centre)
        for (queue, _), rows in (kept.groupby(["queue", "minutes"]) if len(kept) else ())
        if len(came := history.of(str(queue)).dropna(subset=["offered"]))
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CELLS))


def _stem(made: MadeBy) -> str:
    return f"{made.start.isoformat()}_{made.days}d_asof-{made.as_of.isoformat()}"


def _claim(path: Path, made: MadeBy) -> bool:
    """Write what the forecast was made with; whether the name was still free."""
    told: dict[str, Any] = {
        "as_of": made.as_of.isoformat(), "start": made.start.isoformat(), "days": made.days,
        "models": dict(made.models), "inputs": dict(made.inputs), "version": version_of("paiban"),
    }  # fmt: skip
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(json_text(told))
    except FileExistsError:
        return False
    return True


def _read(path: Path, origin: str, zone: ZoneInfo, faults: Faults) -> pd.DataFrame | None:
    """A kept forecast: ``queue, origin, as_of, minutes`` (length of its intervals), ``instant, expected, p10,
    p50, p90, before``.
    """
    table = read_table(path, HISTORY, (*FORECAST_OPTIONAL, *BEFORE_COLUMNS), faults)
    if table is None:
        return None
    expected = table.numbers("offered", 0)
    before = table.numbers(BEFORE, 0, optional=True)
    columns = {"queue": table.texts("queue"), "instant": table.instants("interval_start", zone)}
    columns |= {"expected": expected, "before": np.where(np.isnan(before), expected, before)}
    columns |= {
        short: table.numbers(name, 0, optional=True)
        for short, name in zip(QUANTILES, FORECAST_OPTIONAL, strict=True)
    }
    rows = pd.DataFrame(columns).drop_duplicates(["queue", "instant"], keep="last")
    as_of = day_number(date.fromisoformat(origin[-len("2026-03-02") :]))
    lengths = rows.groupby("queue")["instant"].transform(lambda starts: usual_length(starts.to_numpy()))
    return rows.assign(origin=origin, as_of=as_of, minutes=lengths)


def _cells(rows: pd.DataFrame, came: pd.DataFrame, centre: Centre) -> pd.DataFrame:
    """The cells of one queue whose forecasts have intervals of one length."""
    zone, country = centre.settings.centre.timezone, centre.settings.centre.country
    actual = pd.Series(came["offered"].to_numpy(dtype=float), index=came["instant"].to_numpy())
    rows, actual, minutes = alike(rows, actual, int(rows["minutes"].iloc[0]))
    rows = rows[rows["instant"].isin(actual.index)]
    if rows.empty:
        return pd.DataFrame(columns=list(CELLS))
    days, _ = local_positions(rows["instant"].to_numpy(), zone, minutes)
    known, _ = local_positions(actual.index.to_numpy(dtype=np.int64), zone, minutes)
    calendar = day_calendar(
        country, int(known.min()), int(known.max()), centre.calendar, str(rows["queue"].iloc[0])
    )
    laid = Laid.of(actual, zone, minutes, calendar)
    outage = laid.at(laid.outages, rows["instant"].to_numpy())
    cells = rows.assign(
        model=FORECAST,
        interval_start=to_timestamps(rows["instant"].to_numpy()),
        day=days,
        horizon_day=days - rows["as_of"].to_numpy() + 1,
        weekday=weekdays_of(days),
        special=laid.classes(days, calendar),
        actual=actual.loc[rows["instant"]].where(~outage).to_numpy(),
        naive_error=laid.naive_errors(rows["as_of"].to_numpy()),
        overridden=(rows["before"] - rows["expected"]).abs() > _SAME,
        outage=outage,
    )
    return pd.concat([cells, _without_overrides(cells)])[list(CELLS)]


def _without_overrides(cells: pd.DataFrame) -> pd.DataFrame:
    """The same cells as they would have been, of forecasts that were overridden."""
    touched = cells[cells.groupby("origin")["overridden"].transform("any")]
    without = touched.assign(model=WITHOUT, expected=touched["before"])
    without.loc[without["overridden"], list(QUANTILES)] = np.nan
    return without
