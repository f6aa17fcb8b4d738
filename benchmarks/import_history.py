"""How long a year of 15-minute history of 20 queues takes to read and check (about 700,000 rows).

    python benchmarks/import_history.py --queues 20 --days 366

The rows are invented: a day's hump around the clock, Poisson counts, handle times, contacts handled. One core; 20 s
is what we hold ourselves to. Needs no peers.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.folder import read_history
from centre.instants import Grid, day_number, to_timestamps, weekday_of
from forecasts.history import clean_history

ZONE = ZoneInfo("Europe/Berlin")
FIRST = day_number(date(2023, 1, 1))
MINUTES = 15
Result = TypeVar("Result")


def invented(queues: int, days: int, seed: int = 1) -> pd.DataFrame:
    """Rows of every interval of every queue, by time and then queue as exports have them."""
    rng = np.random.default_rng(seed)
    grid = Grid(ZONE, FIRST, days, MINUTES)
    hour = grid.local_minutes() / 60
    weekend = np.array([weekday_of(int(day)) >= 5 for day in grid.local_days()])
    hump = (0.05 + np.exp(-(((hour - 13) / 4) ** 2))) * np.where(weekend, 0.4, 1.0)
    volumes = 40 * rng.lognormal(0, 0.7, queues)
    offered = rng.poisson(hump[:, None] * volumes)
    handled = rng.binomial(offered, 0.95)
    seconds = np.where(handled > 0, rng.normal(280, 40, offered.shape).clip(60).round(1), np.nan)
    names = np.array([f"queue {k + 1:02}" for k in range(queues)])
    stamps = to_timestamps(np.repeat(grid.starts, queues)).strftime("%Y-%m-%dT%H:%MZ")
    columns = {"offered": offered.ravel(), "aht_seconds": seconds.ravel(), "handled": handled.ravel()}
    return pd.DataFrame({"interval_start": stamps, "queue": np.tile(names, len(grid.starts))} | columns)


def timed(what: str, step: Callable[[], Result]) -> Result:
    """Do one step and print its seconds by the clock and of the processor."""
    begin, busy = time.perf_counter(), time.process_time()
    result = step()
    seconds, processor = time.perf_counter() - begin, time.process_time() - busy
    print(f"{what:<40}{seconds:8.2f} s, of them {processor:.2f} s of the processor")
    return result


def main() -> None:
    """Write, read, check."""
    options = argparse.ArgumentParser(description="Read and check a year of history")
    options.add_argument("--queues", type=int, default=20)
    options.add_argument("--days", type=int, default=366)
    asked = options.parse_args()
    table = invented(asked.queues, asked.days)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        table.to_csv(path, index=False)
        print(f"{len(table):,} rows, {path.stat().st_size / 1e6:.1f} MB")
        history = timed("read (centre.folder.read_history)", lambda: read_history(path, ZONE))
        start = FIRST + asked.days
        cleaned = timed(
            "check (forecasts.history.clean_history)", lambda: clean_history(history, start, ZONE)
        )
    print("\n".join(cleaned.report.warnings))


if __name__ == "__main__":
    main()
