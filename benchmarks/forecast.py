"""How far off forecasts are 28 days ahead: ours, planners' averages and packages, at the same origins of real series.

    .venv/bin/python benchmarks/forecast.py --only ours                  # ours beside the averages: no peers needed
    .venv/bin/python benchmarks/forecast.py --cache /tmp/paiban-peer-forecasts    # and the peers that were made before
    .venv/bin/python benchmarks/forecast.py --short                      # 8, 12 and 17 weeks of history only
    .venv/bin/python benchmarks/forecast.py --unseen                     # origins and series for the final check only

The packages' forecasts are made once by `_forecast_peers.py`, in an environment of their own. Rolling origins: us-bank
10, every 7 days; anonbank 12, every 7; denver 12, every 28; the last 28 days end with the series. Rows at or after the
origin are taken out before any method is called.

- wape: absolute errors of all origins over contacts of all origins, closed intervals counted with their 0, days that are
  not known left out; day: the same for day totals; special: on the public holidays of the country (package holidays),
  their eves and the days after; season: on these and up to seven days after a holiday
- bias: forecast less contacts, over contacts; floor: the WAPE of the true mean if contacts were Poisson, with the
  method's own forecast as that mean
- cover: share of intervals from p10 to p90; days: of day totals in their own bands; paths: of day totals between p10 and
  p90 of sampled paths' sums
- ours_open: ours with the hours told as the packages know them: those of the last eight weeks, open on holidays

Do not tune to what --unseen prints.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from _forecast_judge import Forecasts, Scores, judge, ratios
from _forecast_series import Series, Trial, main_trials, unseen_trials

from centre.calendar import public_holidays
from centre.instants import Grid, day_number
from forecasts import Forecast, make_forecast
from forecasts.inputs import Options
from scenarios.forecasting import day_calendar

PATHS = 500
SHORT_WEEKS = (8, 12, 17)
PEERS = ("lightgbm", "ets_profile", "prophet_day", "mstl", "prophet")
Method = Callable[[Series, int, int], Forecasts]


def weekday_mean(series: Series, origin: int, horizon: int) -> Forecasts:
    """The mean of each slot over the last 8 same weekdays that are known."""
    began, weekdays = time.perf_counter(), series.weekdays
    known = ~np.isnan(series.counts[:origin]).all(axis=1)
    means = np.zeros((7, series.counts.shape[1]))
    for weekday in range(7):
        rows = series.counts[:origin][known & (weekdays[:origin] == weekday)][-8:]
        counted = (~np.isnan(rows)).sum(axis=0)
        means[weekday] = np.nansum(rows, axis=0) / np.maximum(counted, 1)
    return _point(means[weekdays[origin : origin + horizon]], began)


def seasonal_naive(series: Series, origin: int, horizon: int) -> Forecasts:
    """Each slot as on the last same weekday that is known."""
    began, weekdays = time.perf_counter(), series.weekdays
    past = pd.DataFrame(series.counts[:origin])
    last = past.groupby(weekdays[:origin]).last().reindex(range(7)).fillna(0.0).to_numpy()
    return _point(last[weekdays[origin : origin + horizon]], began)


def ours(series: Series, origin: int, horizon: int, hours: bool = False) -> Forecasts:
    """As ``paiban forecast --history FILE --timezone ZONE --country CC`` does: the table, the zone, the calendar."""
    start, queue = series.dates[origin], series.history.queue.iloc[0]
    seen = series.history[series.history.interval_start < pd.Timestamp(start, tz=series.timezone)]
    first, last = day_number(series.first_day), day_number(start) + horizon
    began = time.perf_counter()
    options = Options(
        timezone=series.timezone,
        holidays=public_holidays(series.country, first - 1, last),
        calendars={"": day_calendar(series.country, first, last)},
    )
    if hours:
        options["opening"] = {queue: _weekly(series.open_cells(origin))}
    made = make_forecast(seen, start, horizon, **options)
    table, days = made.table(), made.day_table()
    seconds = time.perf_counter() - began
    columns = ("offered", "offered_p10", "offered_p90")
    parts = [_on_clock(series, origin, horizon, table, name) for name in columns]
    bands = [days[name].to_numpy() for name in columns[1:]]
    sums = _path_sums(made, series, origin, horizon)
    return Forecasts(
        parts[0][None], np.array([seconds]), *(part[None] for part in (*parts[1:], *bands, *sums))
    )


def ours_open(series: Series, origin: int, horizon: int) -> Forecasts:
    """Ours told what the packages are: the week's opening hours of the last eight weeks, no day closed."""
    return ours(series, origin, horizon, hours=True)


def _weekly(cells: np.ndarray) -> Callable[[Grid], np.ndarray]:
    """Opening hours from slots of the week, shape (7, slots)."""

    def is_open(grid: Grid) -> np.ndarray:
        slots = grid.local_minutes() * cells.shape[1] // 1440
        return cells[(grid.local_days() + 3) % 7, slots]  # day 0 was a Thursday

    return is_open


def _path_sums(made: Forecast, series: Series, origin: int, horizon: int) -> np.ndarray:
    """p10 and p90 of the day sums of sampled paths, shape (2, days)."""
    paths = made.path_table(PATHS)
    local = paths.interval_start.dt.tz_convert(series.timezone).dt.date
    sums = paths.filter(like="path_").groupby(local.to_numpy()).sum()
    days = series.dates[origin : origin + horizon]
    return sums.reindex(days).fillna(0.0).quantile([0.1, 0.9], axis=1).to_numpy()


def _on_clock(series: Series, origin: int, horizon: int, table: pd.DataFrame, column: str) -> np.ndarray:
    """A column of the forecast on local days and slots, 0 where it has no row (closed), shape (days, slots)."""
    local = table.interval_start.dt.tz_convert(series.timezone).dt.tz_localize(None)
    by_clock = table[column].groupby(local.to_numpy()).mean()
    start = pd.Timestamp(series.dates[origin])
    clock = pd.date_range(
        start, start + timedelta(days=horizon), freq=f"{series.minutes}min", inclusive="left"
    )
    return by_clock.reindex(clock).fillna(0.0).to_numpy().reshape(horizon, -1)


def _point(expected: np.ndarray, began: float) -> Forecasts:
    return Forecasts(expected[None], np.array([time.perf_counter() - began]))


SIMPLE: dict[str, Method] = {
    "ours": ours,
    "ours_open": ours_open,
    "mean8": weekday_mean,
    "naive": seasonal_naive,
}


def run(method: Method, trial: Trial) -> Forecasts:
    """The method at every origin of the trial."""
    made = [method(trial.series, origin, trial.horizon) for origin in trial.origins]
    parts = zip(*(vars(each).values() for each in made), strict=True)
    return Forecasts(*(None if part[0] is None else np.concatenate(part) for part in parts))


def kept(name: str, trial: Trial, cache: Path) -> Forecasts | None:
    """A peer's forecasts from the folder, or None unless all origins are there."""
    files = [cache / trial.series.name / name / f"{trial.series.dates[o]}.npz" for o in trial.origins]
    if not all(file.exists() for file in files):
        return None
    loaded = [np.load(file) for file in files]
    seconds = np.array([float(each["seconds"]) for each in loaded])
    return Forecasts(np.stack([each["expected"] for each in loaded]), seconds)


HEADER = ("wape", "day", "special", "season", "bias", "floor", "cover", "days", "paths", "seconds")


def show(name: str, scores: Scores) -> None:
    """One line of the table: percent, then seconds a forecast."""
    *shares, seconds = astuple(scores)
    cells = ["      -  " if np.isnan(x) else f"{100 * x:9.2f}" for x in shares]
    print(f"  {name:<12}" + "".join(f"{c:>10}" for c in cells) + f"{seconds:>10.2f}")


def tell_ratios(trials: list[Trial], said: dict[str, list[Forecasts | None]]) -> None:
    """Each method over the 8-week mean, and ours over the best peer of each series."""
    print("\nWAPE relative to the 8-week mean (by series; geometric mean [90 % interval over origins])")
    complete = {name: [f for f in each if f] for name, each in said.items() if all(each)}
    by_series: dict[str, list[float]] = {}
    for name, each in complete.items():
        by_series[name], (middle, low, high) = ratios(trials, each, complete["mean8"])
        cells = "".join(f"{x:>8.3f}" for x in by_series[name])
        print(f"  {name:<12}{cells}   {middle:.3f} [{low:.3f}, {high:.3f}]")
    print("ours over the best peer")
    for k, trial in enumerate(trials):
        best = min(
            (name for name in by_series if not name.startswith("ours")), key=lambda name: by_series[name][k]
        )
        print(f"  {trial.series.name:<14}{by_series['ours'][k] / by_series[best][k]:>8.3f}  ({best})")


def table(trials: list[Trial], methods: list[str], cache: Path | None) -> None:
    """Every method on every trial, then the ratios."""
    said: dict[str, list[Forecasts | None]] = {name: [] for name in methods}
    for trial in trials:
        first, last = (trial.series.dates[trial.origins[k]] for k in (0, -1))
        print(
            f"\n{trial.series.name}: {len(trial.origins)} origins {first} to {last}, {trial.horizon} days ahead; percent"
        )
        print(f"  {'':<12}" + "".join(f"{h:>10}" for h in HEADER))
        for name in methods:
            known = name in SIMPLE
            found = run(SIMPLE[name], trial) if known else kept(name, trial, cache) if cache else None
            said[name].append(found)
            if found:
                show(name, judge(trial, found))
            sys.stdout.flush()
    tell_ratios(trials, said)


def _cut(method: Method, days: int) -> Method:
    """The method given only the last days before each origin."""
    return lambda series, origin, horizon: method(
        series.since(max(0, origin - days)), min(origin, days), horizon
    )


def short(trials: list[Trial]) -> None:
    """Ours over the 8-week mean where only the last weeks before each origin are handed over to either."""
    print(
        "WAPE over that of the 8-week mean, history cut to the last weeks before each origin [90 % interval]"
    )
    for weeks in SHORT_WEEKS:
        theirs = [run(_cut(weekday_mean, 7 * weeks), trial) for trial in trials]
        for name in ("ours", "ours_open"):
            told = ""
            for trial, their in zip(trials, theirs, strict=True):
                middle, low, high = ratios([trial], [run(_cut(SIMPLE[name], 7 * weeks), trial)], [their])[1]
                told += f"   {trial.series.name} {middle:.3f} [{low:.3f}, {high:.3f}]"
            print(f"  {weeks:>2} weeks  {name:<10}{told}", flush=True)


def main() -> None:
    """Read the command line, print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", nargs="+", choices=[*SIMPLE, *PEERS], help="methods to show; averages always are"
    )
    parser.add_argument("--cache", type=Path, help="folder that _forecast_peers.py wrote to")
    parser.add_argument("--series", nargs="+", help="these series only")
    parser.add_argument("--short", action="store_true", help="histories of 8, 12 and 17 weeks")
    parser.add_argument("--unseen", action="store_true", help="origins and series of the final check")
    options = parser.parse_args()
    trials = unseen_trials() if options.unseen else main_trials()
    if options.series:
        trials = [t for t in trials if t.series.name in options.series]
    if options.short:
        return short(trials)
    wanted = {*(options.only or [*SIMPLE, *PEERS]), "ours", "mean8", "naive"}
    return table(trials, [name for name in (*SIMPLE, *PEERS) if name in wanted], options.cache)


if __name__ == "__main__":
    main()
