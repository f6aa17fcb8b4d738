"""One queue's history as a matrix of local days x wall-clock slots: what every model sees.

Slots are wall-clock positions (slot 28 of a half-hourly day is always 14:00), so that a day on which clocks
change lines up with all others: a slot that was skipped is unknown, one that came twice holds the mean of
both.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.instants import MINUTES_A_DAY, Grid, Minutes, to_timestamps
from forecasts.day_calendar import NO_CALENDAR, DayCalendar

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[np.int64]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class QueueHistory:
    """What is known of one queue before the forecast starts.

    Parameters
    ----------
    queue : its name
    interval_minutes : length of a slot
    first_day : day number of the first row (see `centre.instants.day_number`)
    offered : contacts, shape (days, slots); NaN where not known, 0 where closed and nothing came
    aht_seconds : mean handle time, shape (days, slots); NaN where not known
    handled : contacts that the handle times rest on, shape (days, slots); 0 where none
    special : class of each day, 0 ordinary (see `forecasts.special_days`), shape (days,)
    usable : ordinary days that are nearly whole and on which no clock changed: what models learn from,
        shape (days,)
    calendar : what is special about days, those to come included
    is_open : open slots, shape (days, slots), where opening hours were told; None where they are learned
    """

    queue: str
    interval_minutes: int
    first_day: int
    offered: Floats
    aht_seconds: Floats
    handled: Floats
    special: NDArray[np.int8]
    usable: Bools
    calendar: DayCalendar = NO_CALENDAR
    is_open: Bools | None = None
    remembered: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def slots(self) -> int:
        """Slots a day."""
        return int(self.offered.shape[1])

    @property
    def end_day(self) -> int:
        """Day number after the last row."""
        return self.first_day + len(self.offered)

    @property
    def days(self) -> Days:
        """Day number of each row, shape (days,)."""
        return np.arange(self.first_day, self.end_day, dtype=np.int64)

    def until(self, day: int) -> "QueueHistory":
        """The same history as it stood at the start of ``day``."""
        rows = max(day - self.first_day, 0)
        names = ("offered", "aht_seconds", "handled", "special", "usable")
        is_open = None if self.is_open is None else self.is_open[:rows]
        return replace(self, is_open=is_open, **{name: getattr(self, name)[:rows] for name in names})

    def rows_of(self, days: Days) -> Floats:
        """``offered`` on the days asked for, shape (len(days), slots); NaN outside the history."""
        found = np.full((len(days), self.slots), np.nan)
        inside = (days >= self.first_day) & (days < self.end_day)
        found[inside] = self.offered[days[inside] - self.first_day]
        return found


def remembered(work: Callable[[QueueHistory], Result]) -> Callable[[QueueHistory], Result]:
    """Make a function of a history work once for each: several models ask the same of it."""

    @wraps(work)
    def once(history: QueueHistory) -> Result:
        name = work.__qualname__
        if name not in history.remembered:
            history.remembered[name] = work(history)
        found: Result = history.remembered[name]
        return found

    return once


def weekdays_of(days: Days) -> Days:
    """Weekday of each day number, Monday 0."""
    return np.asarray((days + 3) % 7, dtype=np.int64)


def rows_by_weekday(days: Days, chosen: Bools) -> Days:
    """Rows of the chosen days of each weekday, Monday first and in order of time, shape (7, most of a weekday);
    -1 after the last.
    """
    rows = np.flatnonzero(chosen)
    weekdays = weekdays_of(days[rows])
    count = np.bincount(weekdays, minlength=7)
    table = np.full((7, int(count.max(initial=0))), -1, dtype=np.int64)
    order = np.argsort(weekdays, kind="stable")
    place = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count)
    table[weekdays[order], place] = rows[order]
    return table


def local_positions(instants: Minutes, zone: ZoneInfo, interval_minutes: int) -> tuple[Days, Days]:
    """Local day number and wall-clock slot of UTC minutes, each of shape (instants,)."""
    local = (
        to_timestamps(instants)
        .tz_convert(zone)
        .tz_localize(None)
        .values.astype("datetime64[m]")
        .astype(np.int64)
    )
    return local // MINUTES_A_DAY, local % MINUTES_A_DAY // interval_minutes


def mask_matrix(mask: Bools, grid: Grid) -> Bools:
    """A mask over a grid's intervals as days x slots: true where it is at either pass of a slot."""
    matrix = np.zeros((grid.days, MINUTES_A_DAY // grid.interval_minutes), dtype=bool)
    days, slots = local_positions(grid.starts, grid.zone, grid.interval_minutes)
    np.logical_or.at(matrix, (days - grid.first_day, slots), mask)
    return matrix
