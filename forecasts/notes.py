"""Sentences on a forecast that a planner should read: what it could not know."""

from collections.abc import Mapping

import numpy as np

from centre.instants import day_of
from forecasts.grid import weekdays_of
from forecasts.history_report import HistoryReport
from forecasts.queue_forecast import QueueForecast


def notes_on(queues: Mapping[str, QueueForecast], told: HistoryReport) -> list[str]:
    """What is to be said of a forecast, by queue."""
    return [*_copied(queues, told), *_doubtful_holidays(queues), *_new_hours(queues)]


def _copied(queues: Mapping[str, QueueForecast], told: HistoryReport) -> list[str]:
    """Queues without history of their own."""
    return [
        f"queue {name}: no history; its forecast is a copy of the queue it is like: say what is expected in "
        "day_totals.csv or overrides.csv"
        for name in queues
        if name not in told.rows_used
    ]


def _doubtful_holidays(queues: Mapping[str, QueueForecast]) -> list[str]:
    """Holidays of which history does not tell whether the queue is closed."""
    notes = []
    for name, queue in queues.items():
        hours, history, grid = queue.past.hours, queue.past.history, queue.grid
        asked = np.arange(grid.first_day, grid.first_day + grid.days, dtype=np.int64)
        for day in hours.doubtful_holidays(history.offered, history.first_day, asked):
            notes.append(
                f"queue {name}: history has no {hours.holidays[day]} before that of {day_of(day)}, and other "
                "holidays were closed: forecast as open; say so if it is not"
            )
    return notes


def _new_hours(queues: Mapping[str, QueueForecast]) -> list[str]:
    """Hours that were never open before, so that history cannot tell what comes in them."""
    notes = []
    for name, queue in queues.items():
        history, grid = queue.past.history, queue.grid
        if history.is_open is None:
            continue
        asked = np.arange(grid.first_day, grid.first_day + grid.days, dtype=np.int64)
        coming = queue.past.hours.matrix(history.offered, history.first_day, grid.first_day, grid.days)
        of_weekday = np.eye(7, dtype=bool)[weekdays_of(history.days)].T
        opened = (of_weekday.astype(np.int64) @ history.is_open) > 0
        new = coming & ~opened[weekdays_of(asked)] & (queue.fit.expected <= 0)
        if new.any():
            hours = int(new.sum()) * history.interval_minutes / 60
            notes.append(
                f"queue {name}: open for {hours:g} hours in which it never was before, from "
                f"{day_of(int(asked[new.any(axis=1)][0]))} on: forecast as 0; say what is expected in overrides.csv"
            )
    return notes
