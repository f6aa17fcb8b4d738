"""The time that a repair is about, and who is there in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes, day_number, day_start, from_minutes
from centre.people import Agent
from scheduler.rota import Rota

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Window:
    """From now to the end of today and of every shift that began by then.

    Parameters
    ----------
    now : UTC minutes; nothing before it changes
    day : the local day of now, a day number
    starts : UTC minutes of the intervals, the first of them the one that now lies in, shape (intervals,)
    """

    zone: ZoneInfo
    now: int
    day: int
    starts: Minutes
    interval_minutes: int

    @property
    def end(self) -> int:
        """UTC minutes at which the last interval ends."""
        return int(self.starts[-1]) + self.interval_minutes

    @property
    def hours(self) -> float:
        """Length of an interval."""
        return self.interval_minutes / 60


def window_of(rota: Rota, now: int, zone: ZoneInfo, interval_minutes: int) -> Window:
    """The window of a rota at ``now``."""
    day = day_number(from_minutes(now, zone).date())
    begin, end = day_start(zone, day), day_start(zone, day + 1)
    duties = rota.duties
    running = (duties.day <= day) & (duties.end > now)
    end = max(end, int(duties.end[running].max(initial=end)))
    first = begin + (now - begin) // interval_minutes * interval_minutes
    return Window(zone, now, day, np.arange(first, end, interval_minutes, dtype=np.int64), interval_minutes)


class Groups:
    """People alike in their speeds on the queues; each gets a number as soon as it is asked for."""

    def __init__(self, queues: tuple[str, ...], agents: Iterable[Agent]) -> None:
        self.queues = queues
        self._skills = {agent.agent_id: dict(agent.skills) for agent in agents}
        self._codes: dict[tuple[float, ...], int] = {}

    def of(self, agent_id: str, activity: str = "work:*") -> int:
        """The group of somebody at some work, as `scheduler.coverage.working_groups` counts them."""
        kind, _, queue = activity.partition(":")
        own = self._skills.get(agent_id, {})
        everything = queue == "*" or kind == "backup"
        speeds = tuple(
            own.get(name, 0.0) if everything else own.get(name, 1.0) * (name == queue) for name in self.queues
        )
        return self._codes.setdefault(speeds, len(self._codes))

    @property
    def speeds(self) -> Floats:
        """Speed of each group on each queue, shape (groups, queues)."""
        return np.array(list(self._codes), dtype=float).reshape(len(self._codes), len(self.queues))


def touched(window: Window, start: Minutes, end: Minutes) -> tuple[Minutes, Minutes, Floats]:
    """Which stretch of time touches which interval, and what part of the interval it fills."""
    length = window.interval_minutes
    first = np.searchsorted(window.starts, start - length, side="right")
    count = np.maximum(np.searchsorted(window.starts, end, side="left") - first, 0)
    which = np.repeat(np.arange(len(start)), count)
    at = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    inside = np.minimum(end[which], window.starts[at] + length) - np.maximum(start[which], window.starts[at])
    return which, at, inside / length


def people_at_work(rota: Rota, window: Window, groups: Groups) -> Floats:
    """People at work by group and interval, shape (groups, intervals); groups that come up are numbered."""
    rows = np.flatnonzero(rota.is_kind("work", "backup") & (rota.end > window.starts[0]))
    pairs = zip(rota.agent[rows].tolist(), rota.activity[rows].tolist(), strict=True)
    codes = np.array([groups.of(rota.agent_ids[a], rota.activities[k]) for a, k in pairs], dtype=np.int64)
    start, end = rota.stretches(rows)
    which, at, part = touched(window, start, end)
    found = np.zeros((len(groups.speeds), len(window.starts)))
    np.add.at(found, (codes[which], at), part)
    return found
