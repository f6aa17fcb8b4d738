"""Campaigns, billing runs, outages: when they are and how much of each interval they cover."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import Grid, day_number, from_minutes, from_timestamps
from forecasts.grid import Bools, Floats, local_positions

Key = tuple[str, str]
"""Name and phase of an event: its occurrences are of one kind and teach one another."""


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence of a campaign or another event, or of one phase of it.

    Parameters
    ----------
    name, phase : what makes two occurrences alike; the phase may be empty
    start, end : UTC minutes, half-open
    queues : those it touches; empty: all
    kind : free text, such as campaign or outage
    uplift : contacts over those without the event, less one (0.3: 30 % more), above -1; None: learn it
    """

    name: str
    phase: str
    start: int
    end: int
    queues: tuple[str, ...] = ()
    kind: str = ""
    uplift: float | None = None

    @property
    def key(self) -> Key:
        """Name and phase."""
        return self.name, self.phase

    @property
    def title(self) -> str:
        """Name and phase as a reader sees them."""
        return f"{self.name}: {self.phase}" if self.phase else self.name

    def touches(self, queue: str) -> bool:
        """Whether the event is one of this queue."""
        return not self.queues or queue in self.queues


def events_of(table: pd.DataFrame) -> tuple[Event, ...]:
    """The events of a table as `centre.folder.Centre.events`."""
    starts, ends = from_timestamps(table["start"]), from_timestamps(table["end"])
    phases = table["phase"] if "phase" in table else [""] * len(table)
    rows = zip(
        table["name"], phases, starts, ends, table["queues"], table["kind"], table["uplift"], strict=True
    )
    return tuple(
        Event(
            str(name), str(phase), int(start), int(end), tuple(queues), str(kind),
            None if np.isnan(uplift) else float(uplift),
        )
        for name, phase, start, end, queues, kind, uplift in rows
    )  # fmt: skip


def event_cells(
    events: Iterable[Event], queue: str, zone: ZoneInfo, first_day: int, days: int, interval_minutes: int
) -> Bools:
    """Intervals that any event of the queue touches, shape (days, slots): what a baseline must not learn from."""
    touched = np.zeros((days, 1440 // interval_minutes), dtype=bool)
    for event in events:
        if event.touches(queue):
            touched |= share_of(event, zone, first_day, days, interval_minutes) > 0
    return touched


def share_of(event: Event, zone: ZoneInfo, first_day: int, days: int, interval_minutes: int) -> Floats:
    """How much of each interval an event covers, 0 to 1, shape (days, slots)."""
    start_day, own = _own_share(event.start, event.end, zone, interval_minutes)
    share = np.zeros((days, own.shape[1]))
    low, high = max(first_day, start_day), min(first_day + days, start_day + len(own))
    if low < high:
        share[low - first_day : high - first_day] = own[low - start_day : high - start_day]
    return share


def local_day(instant: int, zone: ZoneInfo) -> int:
    """Day number of the local day that holds an instant (UTC minutes)."""
    return day_number(from_minutes(instant, zone).date())


@lru_cache(maxsize=4096)
def _own_share(start: int, end: int, zone: ZoneInfo, interval_minutes: int) -> tuple[int, Floats]:
    """First local day of a stretch of time, and its share of each interval of its days; the mean of both
    passes where clocks go back.
    """
    first = local_day(start, zone)
    grid = Grid(zone, first, local_day(end - 1, zone) - first + 1, interval_minutes)
    covered = np.minimum(grid.starts + interval_minutes, end) - np.maximum(grid.starts, start)
    shape = (grid.days, 1440 // interval_minutes)
    days, slots = local_positions(grid.starts, zone, interval_minutes)
    cells = (days - first) * shape[1] + slots
    passes = np.bincount(cells, minlength=shape[0] * shape[1])
    share = np.bincount(cells, np.clip(covered, 0, None) / interval_minutes, minlength=len(passes))
    matrix = (share / np.maximum(passes, 1)).reshape(shape)
    matrix.flags.writeable = False
    return first, matrix
