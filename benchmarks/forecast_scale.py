"""Seconds to forecast many queues: 50 on one core, and up to 1,000 through an executor.

    taskset -c 0 .venv/bin/python benchmarks/forecast_scale.py
    .venv/bin/python benchmarks/forecast_scale.py --workers 1 2 --queues 250 500 1000

Each queue has 13 weeks of 15-minute counts, open 24 hours: Poisson around a week of its own (two peaks a day, quieter
weekends), its level drifting by up to 30 % over the history; 28 days are forecast. "Cold" is the first call of the process
(imports are not counted), "warm" the best of the calls after it. With workers, the pool is started and warmed before the
clock runs, and the answer is checked to be the same for every number of workers.
"""

import argparse
import inspect
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import date

import numpy as np
import pandas as pd

from forecasts import forecast

WEEKS, SLOTS, DAYS_AHEAD = 13, 96, 28
FIRST_DAY, START = date(2025, 1, 6), date(2025, 4, 7)
ZONE = "Asia/Shanghai"
WEEKDAY_LEVELS = (1.15, 1.0, 0.97, 0.95, 1.0, 0.6, 0.45)


def history_of(queues: int, seed: int = 1) -> pd.DataFrame:
    """The history of ``queues`` made-up queues, in long form."""
    rng = np.random.default_rng(seed)
    days = WEEKS * 7
    hours = np.arange(SLOTS) / 4
    starts = pd.date_range(FIRST_DAY, periods=days * SLOTS, freq="15min", tz=ZONE).tz_convert("UTC")
    counts = np.empty((queues, days * SLOTS))
    for k in range(queues):
        peaks = rng.normal((10.5, 16.0), 0.7)
        profile = 0.05 + np.exp(-(((hours[:, None] - peaks) / 2.5) ** 2)).sum(axis=1)
        drift = np.exp(np.linspace(0, rng.uniform(-0.3, 0.3), days))
        level = drift * np.tile(WEEKDAY_LEVELS, WEEKS) * rng.lognormal(3.0, 1.0)
        counts[k] = rng.poisson(np.outer(level, profile / profile.mean())).ravel()
    names = pd.Categorical(np.repeat([f"q{k:04d}" for k in range(queues)], days * SLOTS))
    return pd.DataFrame(
        {"interval_start": np.tile(starts, queues), "queue": names.astype(str), "offered": counts.ravel()}
    )


def seconds_of(table: pd.DataFrame, executor: Executor | None = None) -> tuple[float, pd.DataFrame]:
    """Seconds of one forecast, and the forecast."""
    began = time.perf_counter()
    extra = {"executor": executor} if executor else {}
    made = forecast(table, START, DAYS_AHEAD, timezone=ZONE, **extra)
    return time.perf_counter() - began, made


def one_core(queues: int, repeats: int) -> None:
    """Cold and warm, in this process."""
    table = history_of(queues)
    taken = [seconds_of(table)[0] for _ in range(repeats + 1)]
    print(
        f"{queues} queues x {WEEKS} weeks x 15 min, {DAYS_AHEAD} days ahead, one process: "
        f"cold {taken[0]:.2f} s, warm {min(taken[1:]):.2f} s ({1000 * min(taken[1:]) / queues:.0f} ms a queue)"
    )


def through_pool(queues: list[int], workers: list[int]) -> None:
    """Seconds a queue by number of queues and workers."""
    if "executor" not in inspect.signature(forecast).parameters:
        raise SystemExit("forecast() takes no executor in this version")
    for count in queues:
        table, said = history_of(count), None
        for number in workers:
            with ProcessPoolExecutor(number) as pool:
                seconds_of(history_of(2 * number), pool)
                seconds, made = seconds_of(table, pool)
            same = said is None or said.equals(made)
            said = made
            print(
                f"{count:>5} queues, {number} workers: {seconds:.1f} s, {1000 * seconds / count:.0f} ms a queue"
                + ("" if same else "; NOT the answer of the other number of workers"),
                flush=True,
            )


def main() -> None:
    """Read the command line, print the seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queues", type=int, nargs="+", default=[50])
    parser.add_argument("--workers", type=int, nargs="+", help="through a pool of so many processes")
    parser.add_argument("--repeats", type=int, default=2, help="warm calls")
    options = parser.parse_args()
    if options.workers:
        return through_pool(options.queues, options.workers)
    for count in options.queues:
        one_core(count, options.repeats)
    return None


if __name__ == "__main__":
    main()
