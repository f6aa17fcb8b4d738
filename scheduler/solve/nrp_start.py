"""A first roster: everybody in turn takes the line that helps most beside the lines of those before."""

import math

import numpy as np

from scheduler.nrp.instance import OFF, SATURDAY, Ints, NrpInstance
from scheduler.problem import Floats
from scheduler.solve.nrp_master import Clock
from scheduler.solve.nrp_pricing import LARGEST_TABLE, Pricer, cover_of
from scheduler.solve.nrp_span import Span, state_before, whole_span
from scheduler.solve.nrp_sweep import ANY

BLOCK, KEPT = 56, 28
"""Days priced at a time, and days kept of them, where the whole horizon is too long at once."""
BEHIND = (1.0, 0.0, 2.0, 4.0)
"""Shifts that a block may be behind its part of the least minutes, tried in this order."""


def marginal(instance: NrpInstance, cover: Ints) -> Floats:
    """What one more person on each shift and day adds to the penalty, (days, shifts)."""
    helps = cover < instance.required
    return np.where(helps, -instance.under_weight, instance.over_weight).astype(np.float64)


def first_lines(instance: NrpInstance, wishes: Floats, pricer: Pricer, left: Clock) -> Ints | None:
    """Lawful lines for everybody, (people, days); None where somebody has none or time is up."""
    lines = np.full((len(instance.staff), instance.days), OFF, dtype=np.int64)
    cover = np.zeros_like(instance.required)
    for person in range(len(lines)):
        line = None
        if left() > 0:
            line = first_line(instance, pricer, person, wishes[person] + marginal(instance, cover))
        if line is None:
            return None
        lines[person] = line
        cover += cover_of(line[None], *cover.shape)
    return lines


def first_line(instance: NrpInstance, pricer: Pricer, person: int, cost: Floats) -> Ints | None:
    """A lawful line of small cost, the cheapest where the horizon is short enough; None where none was found."""
    whole = whole_span(instance, person)
    if pricer.states(person, whole) <= LARGEST_TABLE:
        return pricer.cheapest(person, cost, whole).line
    for prices in (cost, np.zeros_like(cost)):  # where prices lead into limits on shifts: any lawful line
        for behind in BEHIND:
            line = _by_blocks(instance, pricer, person, prices, behind)
            if line is not None:
                return line
    return None


def _by_blocks(
    instance: NrpInstance, pricer: Pricer, person: int, cost: Floats, behind: float
) -> Ints | None:
    """A line block by block, each kept for its first half; None where the next one has no lawful line."""
    line = np.full(instance.days, OFF, dtype=np.int64)
    for first in range(0, instance.days, KEPT):
        last = min(first + BLOCK, instance.days)
        span = _block(instance, person, line, first, last, behind)
        found = pricer.cheapest(person, cost[first:last], span).line
        if found is None:
            return None
        line[first:last] = found
        if last == instance.days:
            return line
    return line


def _block(instance: NrpInstance, person: int, line: Ints, first: int, last: int, behind: float) -> Span:
    """The days of a block with its part of the minutes, weekends and limits on shifts that are left."""
    part = last / instance.days
    worked = np.flatnonzero(line[:first] != OFF)
    minutes = int(instance.minutes[line[worked]].sum())
    weekends = len(np.unique(worked[worked % 7 >= SATURDAY] // 7))
    slack = 0 if last == instance.days else int(behind * instance.minutes.max())
    return Span(
        first, last, last, np.where(instance.fixed_off[person, first:last], OFF, ANY),
        np.zeros(last - first, dtype=np.int64), state_before(instance, person, line, first),
        max(0, math.floor(instance.min_minutes[person] * part) - slack - minutes),
        math.floor(instance.max_minutes[person] * part) - minutes,
        math.ceil(instance.max_weekends[person] * part) - weekends,
        np.ceil(instance.max_shifts[person] * part).astype(np.int64)
        - np.bincount(line[worked], minlength=len(instance.shifts)),
    )  # fmt: skip
