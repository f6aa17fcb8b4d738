"""Everyone's times without work, and how many days off they make in each of many windows."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Minutes, day_start
from scheduler.rota import Codes, Flags, running_end
from scheduler.rules.shared.worked import Worked, runs

FAR = 1 << 40  # minutes: before and after everything


@dataclass(frozen=True, slots=True)
class DayOff:
    """What counts as a day off: so many minutes in a row, or a whole local day; fewer than ``together`` count for none."""

    minutes: int
    whole_days: bool
    together: int
    zone: ZoneInfo

    def count(self, start: Minutes, end: Minutes) -> Minutes:
        """Days off in times without work ``[start, end)``, shape of ``start``."""
        if self.whole_days and len(start):
            bounds = day_bounds(self.zone, int(start.min()) // 1440 - 2, int(end.max()) // 1440 + 3)
            days = np.searchsorted(bounds, end, side="right") - 1 - np.searchsorted(bounds, start)
        else:
            days = (end - start) // self.minutes
        return np.asarray(np.where(days >= self.together, days, 0), dtype=np.int64)

    def surely(self, days: int) -> int:
        """Minutes in a row that hold so many days off wherever they lie."""
        return days * 1440 + 1440 + 59 if self.whole_days else days * self.minutes

    @property
    def least(self) -> int:
        """Minutes below which a time without work holds no day off."""
        return self.together * (1380 if self.whole_days else self.minutes)


@lru_cache(maxsize=32)  # everyone's lines ask for the same
def day_bounds(zone: ZoneInfo, first_day: int, last_day: int) -> Minutes:
    """UTC minutes at which the local days from ``first_day`` to ``last_day`` begin, both counted."""
    return np.array([day_start(zone, day) for day in range(first_day, last_day + 1)], dtype=np.int64)


def free_times(work: Worked, least: int, among: Flags | None = None) -> tuple[Codes, Minutes, Minutes]:
    """Person, start and end of each time without work of at least ``least`` minutes.

    What lies before a person's first shift and after the last reaches `FAR`; ``among`` as of `longest_gaps`.
    """
    rows = np.arange(len(work)) if among is None else np.flatnonzero(among)
    agent, start = work.agent[rows], work.start[rows]
    until = running_end(agent, work.end[rows]) if len(rows) else start
    heads, tails = runs(np.diff(agent, prepend=-1) != 0)
    before = np.empty_like(start)
    before[1:] = until[:-1]
    before[heads] = -FAR
    idle = np.setdiff1d(np.arange(len(work.agent_ids)), agent)
    who = np.concatenate([agent, agent[tails], idle]).astype(np.int32)
    since = np.concatenate([before, until[tails], np.full(len(idle), -FAR)])
    to = np.concatenate([start, np.full(len(tails) + len(idle), FAR)])
    kept = to - since >= least
    return who[kept], since[kept], to[kept]


def days_off(
    free: tuple[Codes, Minutes, Minutes], people: int, starts: Minutes, ends: Minutes, rule: DayOff
) -> Minutes:
    """Days off of each person in each window ``[starts, ends)``, windows in order; shape (people, windows)."""
    who, since, to = free
    table = np.zeros((people, len(starts)), dtype=np.int64)
    window = np.searchsorted(ends, since, side="right")
    beyond = np.searchsorted(starts, to)
    while len(who):
        inside = window < beyond
        who, since, to = who[inside], since[inside], to[inside]
        window, beyond = window[inside], beyond[inside]
        days = rule.count(np.maximum(since, starts[window]), np.minimum(to, ends[window]))
        np.add.at(table, (who, window), days)
        window = window + 1
    return table
