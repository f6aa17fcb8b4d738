"""A stretch of days of one person's line that may be changed, and what the rest of the line leaves for it."""

from dataclasses import dataclass

import numpy as np

from scheduler.nrp.instance import OFF, SATURDAY, Ints, NrpInstance
from scheduler.solve.nrp_sweep import ANY


@dataclass(frozen=True, eq=False)
class Span:
    """Days from ``first`` to before ``last`` that may change, followed by days to before ``end`` that are kept.

    The days kept are those on which it still matters what came before: once they are lawful, so is all that follows.

    Parameters
    ----------
    must : shift, `OFF` or `ANY` for each day to ``end``
    paid : 1 for each day of a weekend that counts as worked whatever is done on the day
    state : shift of the day before and days at work so far; or `OFF` and days off so far
    low, high : minutes to be worked
    weekends : most that may be worked, those paid left out
    most : most days on each shift, (S,)
    """

    first: int
    last: int
    end: int
    must: Ints
    paid: Ints
    state: tuple[int, int]
    low: int
    high: int
    weekends: int
    most: Ints


def whole_span(instance: NrpInstance, person: int) -> Span:
    """All days of the horizon."""
    days, rest = instance.days, int(instance.min_off[person])
    return Span(
        0, days, days, np.where(instance.fixed_off[person], OFF, ANY), np.zeros(days, dtype=np.int64), (OFF, rest),
        int(instance.min_minutes[person]), int(instance.max_minutes[person]), int(instance.max_weekends[person]),
        instance.max_shifts[person],
    )  # fmt: skip


def span_within(instance: NrpInstance, person: int, line: Ints, first: int, last: int) -> Span:
    """The days from ``first`` to before ``last`` of a lawful line, (D,), all others kept."""
    if first == 0 and last == instance.days:
        return whole_span(instance, person)
    end = _settled(instance, person, line, last)
    must = np.where(instance.fixed_off[person, first:end], OFF, ANY)
    must[last - first :] = line[last:end]
    kept = line.copy()
    kept[first:end] = OFF
    worked = np.flatnonzero(kept != OFF)
    minutes = int(instance.minutes[kept[worked]].sum())
    weeks = np.unique(worked[worked % 7 >= SATURDAY] // 7)
    days = np.arange(first, end)
    return Span(
        first, last, end, must, ((days % 7 >= SATURDAY) & np.isin(days // 7, weeks)).astype(np.int64),
        state_before(instance, person, line, first), max(0, int(instance.min_minutes[person]) - minutes),
        int(instance.max_minutes[person]) - minutes, int(instance.max_weekends[person]) - len(weeks),
        instance.max_shifts[person] - np.bincount(kept[worked], minlength=len(instance.shifts)),
    )  # fmt: skip


def state_before(instance: NrpInstance, person: int, line: Ints, first: int) -> tuple[int, int]:
    """What stands before a day: last shift and length of the run; before the horizon everybody is rested."""
    before = line[:first]
    if not len(before) or (before == OFF).all():
        return OFF, int(instance.min_off[person])
    other = np.flatnonzero((before == OFF) != (before[-1] == OFF))
    length = first - (int(other[-1]) + 1 if len(other) else 0)
    return (
        (OFF, min(length, int(instance.min_off[person]))) if before[-1] == OFF else (int(before[-1]), length)
    )


def _settled(instance: NrpInstance, person: int, line: Ints, last: int) -> int:
    """The first day from ``last`` on before which nothing earlier matters any more."""
    day, days = last, instance.days
    if day < days and line[day] == OFF:
        while day < days and line[day] == OFF and day - last < instance.min_off[person]:
            day += 1
        return min(day + 1, days)
    while day < days and line[day] != OFF:
        day += 1
    return min(day + 1, days)
