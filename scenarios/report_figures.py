"""The report's sums: cover of every queue on one grid, totals of a day, queue or week, and the stretches that were short."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, from_timestamps
from scenarios.report_data import ReportData

Floats = NDArray[np.float64]
NOTICEABLE = 0.05  # agents; less than this is rounding, not a shortage


def on_grid(frame: pd.DataFrame, column: str, queues: Sequence[str], starts: Minutes, step: int) -> Floats:
    """A column of a table by queue and interval, shape (queues, intervals); NaN where the table has no row.

    Rows finer than the interval are summed into it; rows of other queues or outside ``starts`` are left out.
    """
    out = np.full((len(queues), len(starts)), np.nan)
    if frame.empty or not len(starts):
        return out
    code = pd.Index(queues).get_indexer(pd.Index(frame["queue"].astype(str)))
    place = (from_timestamps(frame["interval_start"]) - starts[0]) // step
    value = frame[column].to_numpy(dtype=np.float64, na_value=np.nan)
    keep = (code >= 0) & (place >= 0) & (place < len(starts)) & ~np.isnan(value)
    code, place, value = code[keep], place[keep], value[keep]
    out[code, place] = 0.0
    np.add.at(out, (code, place), value)
    return out


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over some queues and intervals; hours are agent-hours, ``service`` a share or None where nothing is expected."""

    contacts: float
    late: float
    needed_hours: float
    rostered_hours: float
    short_hours: float

    @property
    def service(self) -> float | None:
        """Share of the expected contacts that is served within the target."""
        return 1 - self.late / self.contacts if self.contacts > 0 else None


@dataclass(frozen=True, slots=True)
class ShortRun:
    """Intervals in a row, within one day, in which a queue has fewer agents than needed; ``service`` is the lowest."""

    queue: int
    start: int
    end: int
    needed: float
    rostered: float
    short_hours: float
    service: float | None
    late: float


@dataclass(frozen=True, eq=False)
class Cover:
    """``coverage.csv`` as arrays of shape (queues, intervals), NaN where a queue is closed.

    ``needed`` is what net staffing is measured against: agents at their desks, raised for unplanned shrinkage.
    """

    starts: Minutes
    days: Minutes
    step: int
    desks: Floats
    needed: Floats
    rostered: Floats
    service: Floats
    contacts: Floats
    late: Floats

    @classmethod
    def of(cls, data: ReportData) -> "Cover":
        """The cover of the horizon of ``data``."""
        grid, names = data.grid, [queue.name for queue in data.queues]
        starts = grid.starts

        def read(column: str) -> Floats:
            return on_grid(data.coverage, column, names, starts, data.interval_minutes)

        rostered = read("agents_rostered")
        return cls(
            starts, grid.local_days(), data.interval_minutes, read("agents_required"), rostered - read("net_staffing"),
            rostered, read("service_level"), read("expected_contacts"), read("expected_late"),
        )  # fmt: skip

    @property
    def short(self) -> Floats:
        """Agents missing, shape (queues, intervals); 0 where there are enough, NaN where closed."""
        return np.maximum(self.needed - self.rostered, 0.0)

    def totals(self, queue: int | None = None, day: int | None = None) -> Totals:
        """Sums over one queue (None: all) and one day number (None: the horizon)."""
        rows = slice(None) if queue is None else slice(queue, queue + 1)
        columns = np.ones(len(self.starts), dtype=bool) if day is None else self.days == day
        hours = self.step / 60

        def total(values: Floats) -> float:
            return float(np.nansum(values[rows][:, columns]))

        return Totals(
            total(self.contacts), total(self.late), total(self.needed) * hours, total(self.rostered) * hours,
            total(self.short) * hours,
        )  # fmt: skip

    def short_runs(self) -> list[ShortRun]:
        """Every stretch of shortage, the longest in agent-hours first."""
        runs = [self._run(q, a, b) for q in range(len(self.short)) for a, b in self._stretches(q)]
        return sorted(runs, key=lambda run: (-run.short_hours, run.start, run.queue))

    def _stretches(self, queue: int) -> Iterator[tuple[int, int]]:
        short = np.nan_to_num(self.short[queue]) >= NOTICEABLE
        new_day = np.diff(self.days, prepend=self.days[:1]) != 0
        first = None
        for i in range(len(short)):
            if first is not None and (not short[i] or new_day[i]):
                yield first, i
                first = None
            if first is None and short[i]:
                first = i
        if first is not None:
            yield first, len(short)

    def _run(self, queue: int, first: int, last: int) -> ShortRun:
        span = slice(first, last)
        service = self.service[queue, span]
        return ShortRun(
            queue, int(self.starts[first]), int(self.starts[last - 1]) + self.step,
            float(np.mean(self.needed[queue, span])), float(np.mean(self.rostered[queue, span])),
            float(np.sum(self.short[queue, span])) * self.step / 60,
            None if np.isnan(service).all() else float(np.nanmin(service)), float(np.nansum(self.late[queue, span])),
        )  # fmt: skip


def summed(values: Floats) -> Floats:
    """Queues added up, shape (intervals,); NaN where every queue is closed."""
    closed = np.isnan(values).all(axis=0) if len(values) else np.ones(values.shape[1], dtype=bool)
    return np.where(closed, np.nan, np.nansum(values, axis=0))
