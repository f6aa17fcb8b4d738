"""How far off forecasts are 28 days ahead: ours, planners' averages and packages, at the same origins of real series.

    .venv/bin/python benchmarks/forecast.py --only ours                  # ours beside the averages: no peers needed
    .venv/bin/python benchmarks/forecast.py --cache /tmp/paiban-peer-forecasts    # and the peers that were made before
    .venv/bin/python benchmarks/forecast.py --short                      # 8, 12 and 17 weeks of history only
    .venv/bin/python benchmarks/forecast.py --unseen                     # origins and series for the final check only

The packages' forecasts are made once by `_forecast_peers.py`, in an environment of their own. Rolling origins: us-bank
10, every 7 days; anonbank 12, every 7; denver 12, every 28; the last 28 days end with the series. Rows at or after the
origin are taken out before any method is called. WAPE is pooled: absolute errors of all origins over contacts of all
origins, closed intervals counted with their 0, days that are not known left out; "day" the same for day totals;
"special" on the public holidays of the country (package holidays), their eves and the days after; "season" on these and
up to seven days after a holiday. "bias" is forecast less contacts, over contacts. The floor is the WAPE of the true mean
if contacts were Poisson, with the method's own forecast as that mean. "cover" is the share of intervals, and of day
totals, from p10 to p90. Do not tune to what --unseen prints.
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
from centre.instants import day_number
from forecasts import forecast

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


def ours(series: Series, origin: int, horizon: int) -> Forecasts:
    """`forecasts.forecast` as a user calls it: the table, the zone, the country's holidays."""
    start = series.dates[origin]
    seen = series.history[series.history.interval_start < pd.Timestamp(start, tz=series.timezone)]
    first, last = day_number(series.first_day), day_number(start) + horizon
    began = time.perf_counter()
    days = public_holidays(series.country, first, last)
    table = forecast(seen, start, horizon, timezone=series.timezone, holidays=days)
    seconds = time.perf_counter() - began
    columns = ("offered", "offered_p10", "offered_p90")
    expected, low, high = (_on_clock(series, origin, horizon, table, name)[None] for name in columns)
    return Forecasts(expected, np.array([seconds]), low, high)


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


SIMPLE: dict[str, Method] = {"ours": ours, "mean8": weekday_mean, "naive": seasonal_naive}


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


HEADER = ("wape", "day", "special", "season", "bias", "floor", "cover", "cover day", "seconds")


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
        best = min((name for name in by_series if name != "ours"), key=lambda name: by_series[name][k])
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
    """Ours over the 8-week mean where only the last weeks before each origin are handed over."""
    print("WAPE of ours over the 8-week mean, history cut to the last weeks before each origin")
    for weeks in SHORT_WEEKS:
        cells = []
        for trial in trials:
            our, their = (run(_cut(method, 7 * weeks), trial) for method in (ours, weekday_mean))
            cells.append(ratios([trial], [our], [their])[1])
        told = "".join(
            f"   {t.series.name} {c[0]:.3f} [{c[1]:.3f}, {c[2]:.3f}]"
            for t, c in zip(trials, cells, strict=True)
        )
        print(f"  {weeks:>2} weeks{told}", flush=True)


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
