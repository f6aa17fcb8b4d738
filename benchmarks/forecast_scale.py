"""Seconds to forecast many queues: 50 on one core, and up to 1,000 through an executor.

    taskset -c 0 .venv/bin/python benchmarks/forecast_scale.py
    .venv/bin/python benchmarks/forecast_scale.py --workers 1 2 --queues 250 500 1000

Each queue has 13 weeks of 15-minute counts, open 24 hours: Poisson around a week of its own (two peaks a day, quieter
weekends), its level drifting by up to 30 % over the history; 28 days are forecast. "Cold" is the first call of the process
(imports are not counted), "warm" the best of the calls after it. With workers, the pool is started and warmed before the
clock runs, and the answer is checked to be the same for every number of workers. Processor seconds are told beside the
clock's, so that a busy machine can be told from a slow program; with workers, those of this process, which reads and
cleans, apart from theirs (which include their start).
"""

import argparse
import resource
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of this process's processor time, and the forecast."""

    clock: float
    processor: float
    made: pd.DataFrame


def run(table: pd.DataFrame, executor: Executor | None = None) -> Run:
    """One forecast of all queues."""
    began, used = time.perf_counter(), time.process_time()
    made = forecast(table, START, DAYS_AHEAD, timezone=ZONE, executor=executor)
    return Run(time.perf_counter() - began, time.process_time() - used, made)


def one_core(queues: int, repeats: int) -> None:
    """Cold and warm, in this process."""
    table = history_of(queues)
    cold, *warm = (run(table) for _ in range(repeats + 1))
    best = min(warm, key=lambda each: each.processor)
    print(
        f"{queues} queues x {WEEKS} weeks x 15 min, {DAYS_AHEAD} days ahead, one process: "
        f"cold {cold.clock:.2f} s (processor {cold.processor:.2f}), warm {best.clock:.2f} s ({best.processor:.2f}, "
        f"{1000 * best.processor / queues:.0f} ms a queue)",
        flush=True,
    )


def through_pool(queues: list[int], workers: list[int]) -> None:
    """Seconds a queue by number of queues and workers."""
    for count in queues:
        table, said = history_of(count), None
        for number in workers:
            before = _workers_seconds()
            with ProcessPoolExecutor(number) as pool:
                run(history_of(2 * number), pool)
                each = run(table, pool)
            same = said is None or said.equals(each.made)
            said = each.made
            print(
                f"{count:>5} queues, {number} workers: {each.clock:.1f} s, {1000 * each.clock / count:.0f} ms a queue; "
                f"processor here {each.processor:.1f} s, workers {_workers_seconds() - before:.1f} s"
                + ("" if same else "; NOT the answer of the other number of workers"),
                flush=True,
            )


def _workers_seconds() -> float:
    """Processor seconds of worker processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
