"""Call-outs of backup teams in a rota: rows of activity ``backup`` that follow on one another, joined."""

from collections.abc import Collection
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Minutes, existing_instant
from centre.model import Backup
from scheduler.rota import Codes, Flags, Rota
from scheduler.shifts import template_weekday

BACKUP = "backup"


@dataclass(frozen=True, eq=False)
class CallOuts:
    """All call-outs of a rota, arrays of shape (call-outs,) sorted by person and start; ``agent`` are its codes."""

    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes

    def __len__(self) -> int:
        return len(self.agent)


def call_outs(rota: Rota) -> CallOuts:
    """The call-outs of a rota; a pause inside one is part of it where its shift has the same name."""
    rows = np.flatnonzero(called_out(rota))
    agent, day, start, end = rota.agent[rows], rota.day[rows], rota.start[rows], rota.end[rows]
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (agent[1:] != agent[:-1]) | (start[1:] > end[:-1])
    heads = np.flatnonzero(new)
    ends = np.maximum.reduceat(end, heads) if len(heads) else end
    return CallOuts(agent[heads], day[heads], start[heads], ends)


def is_call_out(shift_name: str) -> bool:
    """Whether a shift of this name is a call-out, which its pool binds and no template or contract."""
    return shift_name.startswith(f"{BACKUP}:")


def called_out(rota: Rota) -> Flags:
    """Whether each row is of a call-out, shape (rows,): its activity is, or its shift is named after a pool."""
    by_shift = np.array([is_call_out(name) for name in rota.shift_names], dtype=bool)
    named = by_shift[rota.shift] if len(rota) else np.zeros(0, dtype=bool)
    return np.asarray(rota.is_kind(BACKUP) | named)


def hours_of(
    pool: Backup, zone: ZoneInfo, first_day: int, last_day: int, makeup_days: Collection[int] = ()
) -> list[tuple[int, int]]:
    """When a pool's people may be at work on some days, both counted: (start, end) in UTC minutes, in order and apart.

    A make-up workday has the hours of a Friday, as it has a Friday's shifts. Hours belong to the day on which they begin, so those past
    midnight reach beyond the last day, and some from the day before the first one may reach into it.
    """
    spans = sorted(
        (existing_instant(zone, day, hours.opens), existing_instant(zone, day, hours.closes))
        for day in range(first_day - 1, last_day + 1)
        for hours in pool.hours
        if template_weekday(day, makeup_days) in hours.days
    )
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
