"""Which intervals a queue is open in: hours by weekday on the local clock, holidays on which it is shut, make-up
workdays on which it works, days with hours of their own.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from centre.calendar import NO_HOLIDAY, CalendarRow, is_holiday_named, rows_for
from centre.instants import Grid, existing_instant, weekday_of
from centre.model import Queue

FRIDAY = 4


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
    calendar : make-up workdays and the centre's own rows: closures, hours of one date, holidays and workdays of
        this queue alone; as `centre.folder.Centre.calendar` has them
    """
    starts = grid.starts
    is_open = np.zeros(len(starts), dtype=bool)
    rows = {row.day: row for row in rows_for(calendar, queue.name)}
    for day in range(grid.first_day - 1, grid.first_day + grid.days):
        for opens, closes in _spans(queue, day, holidays.get(day), rows.get(day)):
            first, last = existing_instant(grid.zone, day, opens), existing_instant(grid.zone, day, closes)
            is_open |= (starts < last) & (starts + grid.interval_minutes > first)
    return is_open


def weekday_kept(queue: Queue, day: int, is_makeup: bool) -> int:
    """The weekday whose hours the queue keeps on this day: its own; on a make-up workday the last from Monday to
    Friday on which the queue works, unless ``makeup_hours`` says otherwise.

    Examples
    --------
    >>> from centre.model import Opening
    >>> office = Queue("office", opening=(Opening((0, 1, 2, 3), 540, 1080),))  # Monday to Thursday
    >>> [weekday_kept(office, day=2, is_makeup=told) for told in (False, True)]  # 3 January 1970, a Saturday
    [5, 3]
    """
    weekday = weekday_of(day)
    if not is_makeup or queue.makeup_hours == "weekday":
        return weekday
    works_on = {each for hours in queue.opening for each in hours.days if each <= FRIDAY}
    return min(works_on, key=lambda each: (weekday - each) % 7, default=weekday)


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
    weekday = weekday_kept(queue, day, row is not None and row.day_class == "makeup")
    return [(hours.opens, hours.closes) for hours in queue.opening if weekday in hours.days]
