"""Which intervals a queue is open in: hours by weekday on the local clock, holidays on which it is shut, days
with hours of their own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from centre.calendar import NO_HOLIDAY, CalendarRow, is_holiday_named, rows_for
from centre.instants import Grid, existing_instant, weekday_of
from centre.model import Queue


def is_closed(queue: Queue, holiday: str | None) -> bool:
    """Whether the queue stays shut on a day of this holiday (None: an ordinary day)."""
    if holiday is None or queue.closed_holidays == "none":
        return False
    if queue.closed_holidays == "all":
        return True
    return any(is_holiday_named(holiday, wanted) for wanted in queue.closed_holidays)


def open_mask(
    queue: Queue, grid: Grid, holidays: dict[int, str], calendar: Sequence[CalendarRow] = ()
) -> NDArray[np.bool_]:
    """Whether the queue is open in any part of each interval of ``grid``, shape (intervals,).

    Hours past midnight belong to the day on which they began, so that a holiday closes them too, and hold on
    the wall clock: a night on which clocks change has more or fewer open intervals.

    Parameters
    ----------
    holidays : day number -> name, as `centre.calendar.public_holidays` gives; from the day before the grid,
        for hours past midnight
    calendar : the centre's own rows: closures, hours of one date, holidays and workdays of this queue alone
    """
    starts = grid.starts
    is_open = np.zeros(len(starts), dtype=bool)
    rows = {row.day: row for row in rows_for(calendar, queue.name)}
    for day in range(grid.first_day - 1, grid.first_day + grid.days):
        for opens, closes in _spans(queue, day, holidays.get(day), rows.get(day)):
            first, last = existing_instant(grid.zone, day, opens), existing_instant(grid.zone, day, closes)
            is_open |= (starts < last) & (starts + grid.interval_minutes > first)
    return is_open


def _spans(queue: Queue, day: int, holiday: str | None, row: CalendarRow | None) -> list[tuple[int, int]]:
    """Opening and closing minutes of one day: what its row says, else the weekday's unless a holiday closes it."""
    if row is not None:
        if row.opens is not None and row.closes is not None:
            return [(row.opens, row.closes)]
        if row.day_class == "closed":
            return []
        if row.day_class in NO_HOLIDAY:
            holiday = None
        elif row.day_class in ("statutory", "rest", "bridged"):
            holiday = row.name
    if is_closed(queue, holiday):
        return []
    return [(hours.opens, hours.closes) for hours in queue.opening if weekday_of(day) in hours.days]
