"""Which intervals a queue is open in: hours by weekday on the local clock, holidays on which it is shut."""

import numpy as np
from numpy.typing import NDArray

from centre.calendar import is_holiday_named
from centre.instants import Grid, existing_instant, weekday_of
from centre.model import Queue


def is_closed(queue: Queue, holiday: str | None) -> bool:
    """Whether the queue stays shut on a day of this holiday (None: an ordinary day)."""
    if holiday is None or queue.closed_holidays == "none":
        return False
    if queue.closed_holidays == "all":
        return True
    return any(is_holiday_named(holiday, wanted) for wanted in queue.closed_holidays)


def open_mask(queue: Queue, grid: Grid, holidays: dict[int, str]) -> NDArray[np.bool_]:
    """Whether the queue is open in any part of each interval of ``grid``, shape (intervals,).

    Hours past midnight belong to the day on which they began, so that a holiday closes them too, and hold on
    the wall clock: a night on which clocks change has more or fewer open intervals.

    Parameters
    ----------
    holidays : day number -> name, as `centre.calendar.public_holidays` gives; from the day before the grid,
        for hours past midnight
    """
    starts = grid.starts
    is_open = np.zeros(len(starts), dtype=bool)
    for day in range(grid.first_day - 1, grid.first_day + grid.days):
        if is_closed(queue, holidays.get(day)):
            continue
        for hours in queue.opening:
            if weekday_of(day) in hours.days:
                first, last = (
                    existing_instant(grid.zone, day, hours.opens),
                    existing_instant(grid.zone, day, hours.closes),
                )
                is_open |= (starts < last) & (starts + grid.interval_minutes > first)
    return is_open
