"""Weeks in a row, months and years that touch the horizon, and how many marked shifts each person has in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from centre.instants import Minutes, day_number, day_of, day_start
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import Worked

Span = Literal["weeks", "month", "year"]


def spans_of(facts: Facts, span: Span, weeks: int) -> Iterator[tuple[int, int]]:
    """First and last day of each calendar month or year that touches the horizon, or of each ``weeks``
    calendar weeks in a row that end with a week of it.
    """
    if span == "weeks":
        yield from ((week - 7 * (weeks - 1), week + 6) for week in facts.weeks())
        return
    day = day_of(facts.first_day).replace(day=1)
    day = day.replace(month=1) if span == "year" else day
    while day_number(day) < facts.end_day:
        month = 1 if span == "year" else day.month % 12 + 1
        following = date(day.year + (month == 1), month, 1)
        yield day_number(day), day_number(following) - 1
        day = following


def span_window(days: tuple[int, int], facts: Facts) -> tuple[int, int]:
    """UTC minutes at which a span of days, both counted, begins and ends."""
    return day_start(facts.zone, days[0]), day_start(facts.zone, days[1] + 1)


@dataclass(frozen=True, eq=False)
class DayCounts:
    """Marked shifts of each person up to each day from ``first`` on, shape (agents, days + 1)."""

    first: int
    upto: Minutes

    @classmethod
    def of(cls, work: Worked, marked: Flags, first: int, last: int, once_a_day: bool = False) -> "DayCounts":
        """Count over days ``first..last``, both counted; ``once_a_day`` counts a day with several as one."""
        days, agents = last - first + 1, len(work.agent_ids)
        rows = np.flatnonzero(marked & (work.day >= first) & (work.day <= last))
        cell = work.agent[rows].astype(np.int64) * days + work.day[rows] - first
        table = np.bincount(cell, minlength=agents * days).reshape(agents, days)
        upto = np.zeros((agents, days + 1), dtype=np.int64)
        np.cumsum(np.minimum(table, 1) if once_a_day else table, axis=1, out=upto[:, 1:])
        return cls(first, upto)

    def within(self, first: int, last: int) -> Minutes:
        """How many on ``first..last``, both counted, shape (agents,); days not counted over have none."""
        low, high = np.clip([first - self.first, last + 1 - self.first], 0, self.upto.shape[1] - 1)
        return np.asarray(self.upto[:, max(low, high)] - self.upto[:, low])
