"""The cheapest line of work of one person of a benchmark instance, by dynamic programming over days."""

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.nrp.instance import OFF, Bools, Ints, NrpInstance
from scheduler.problem import Floats

INFINITE = 1e18
LARGEST_TABLE_BYTES = 1 << 29
MOST_COUNTS = 40


@compiled
def cheapest_line(
    shape: tuple[int, ...], levels: Ints, follows: Bools, works: Bools, most: Ints, step: Ints, free: Bools, cost: Floats,
    out: Ints, now: Floats, then: Floats, back: NDArray[np.int32], act: Ints, new: Ints, stamp: Ints,
) -> float:  # fmt: skip
    """Fill ``out`` with the cheapest lawful line, return its cost, `INFINITE` where there is none.

    A state is (shift and its place in the run, or place in the days off; minutes so far in steps; weekends worked;
    count of each counted shift in mixed radix ``step``; whether this weekend counts already). ``shape`` holds
    (days, run, shortest run, shortest rest, highest and lowest minutes in steps, weekends, counts).
    """
    days, max_run, min_run, min_off, high, low, weekends, counts = shape
    kinds, widest = len(levels), 0
    for kind in range(kinds):
        if works[kind] and levels[kind] > widest:
            widest = levels[kind]
    rows, wide = high + 1, weekends + 1
    first = (min_off - 1) * rows * wide * counts * 2  # what lies before the horizon is assumed kind
    then[first] = 0.0
    act[0], found = first, 1
    for kind in range(kinds):
        if works[kind] and not free[0] and levels[kind] <= high:
            state = ((((min_off + kind * max_run) * rows + levels[kind]) * wide) * counts + step[kind]) * 2
            then[state] = cost[0, kind]
            act[found] = state
            found += 1
    for day in range(1, days):
        for j in range(found):
            now[act[j]] = then[act[j]]
        weekday, left, fresh = day % 7, days - 1 - day, 0
        for j in range(found):
            state = act[j]
            value = now[state]
            counted, rest = state % 2, state // 2
            tally, rest = rest % counts, rest // counts
            worked, rest = rest % wide, rest // wide
            level, place = rest % rows, rest // rows
            run, before = 0, -1
            if place >= min_off:
                before, run = (place - min_off) // max_run, (place - min_off) % max_run + 1
            if (run == 0 or run >= min_run or run == day) and level + left * widest >= low:
                off = min(place + 1, min_off - 1) if run == 0 else 0
                target = (((off * rows + level) * wide + worked) * counts + tally) * 2
                if stamp[target] != day or value < then[target]:
                    if stamp[target] != day:
                        stamp[target] = day
                        new[fresh] = target
                        fresh += 1
                    then[target] = value
                    back[day, target] = state
            if free[day] or run >= max_run or (run == 0 and place != min_off - 1):
                continue
            at_weekend = weekday == 5 or (weekday == 6 and counted == 0)
            total = worked + 1 if at_weekend else worked
            if total >= wide:
                continue
            for kind in range(kinds):
                if not works[kind] or (before >= 0 and not follows[before, kind]):
                    continue
                reached, sum_ = level + levels[kind], tally + step[kind]
                if reached > high or reached + left * widest < low:
                    continue
                if step[kind] and (tally // step[kind]) % (most[kind] + 1) >= most[kind]:
                    continue
                place_ = min_off + kind * max_run + run
                target = (((place_ * rows + reached) * wide + total) * counts + sum_) * 2 + (weekday == 5)
                price = value + cost[day, kind]
                if stamp[target] != day or price < then[target]:
                    if stamp[target] != day:
                        stamp[target] = day
                        new[fresh] = target
                        fresh += 1
                    then[target] = price
                    back[day, target] = state
        found = fresh
        for j in range(found):
            act[j] = new[j]
    best, at = INFINITE, -1
    for j in range(found):
        state = act[j]
        if (state // 2 // counts // wide) % rows >= low and then[state] < best:
            best, at = then[state], state
    if at < 0:
        return INFINITE
    for day in range(days - 1, -1, -1):
        place = at // 2 // counts // wide // rows
        out[day] = OFF if place < min_off else (place - min_off) // max_run
        if day:
            at = back[day, at]
    return best


class Pricer:
    """Cheapest lines for the people of an instance, one table of states for all of them.

    Limits on how often a shift may be worked are counted in the state as far as the table stays small
    (``exact``); the others are met by raising the shift's price until the line keeps them, so that such a line
    is lawful but perhaps not the cheapest.
    """

    def __init__(self, instance: NrpInstance) -> None:
        self.instance = instance
        people, kinds = instance.max_shifts.shape
        self._unit = int(np.gcd.reduce(instance.minutes))
        self._levels = instance.minutes // self._unit
        self._high = instance.max_minutes // self._unit
        self._low = -(-instance.min_minutes // self._unit)
        self._step = np.zeros((people, kinds), dtype=np.int64)
        self._counts = np.ones(people, dtype=np.int64)
        self.exact = np.ones(people, dtype=bool)
        most = MOST_COUNTS
        while self._count_shifts(most) * instance.days * 4 > LARGEST_TABLE_BYTES and most > 1:
            most //= 2
        self.bytes = self._size() * instance.days * 4
        if self.fits:
            size = self._size()
            self._now, self._then = np.full(size, INFINITE), np.full(size, INFINITE)
            self._back = np.zeros((instance.days, size), dtype=np.int32)
            self._act, self._new, self._stamp = (np.zeros(size, dtype=np.int64) for _ in range(3))
        self._out = np.zeros(instance.days, dtype=np.int64)
        self._raised = np.zeros((people, kinds))
        self._follows = ~instance.cannot_follow

    @property
    def fits(self) -> bool:
        """Whether the table of states is small enough to be worked with."""
        return self.bytes <= LARGEST_TABLE_BYTES

    def _size(self) -> int:
        one = self.instance
        places = one.min_off + len(one.shifts) * one.max_run
        return int((places * (self._high + 1) * (one.max_weekends + 1) * self._counts * 2).max())

    def _count_shifts(self, most: int) -> int:
        """Choose the shifts that are counted, at most ``most`` combinations a person; the size of the table."""
        one = self.instance
        self._step[:], self._counts[:], self.exact[:] = 0, 1, True
        for person, limits in enumerate(one.max_shifts):
            reachable = np.minimum(one.days, self._high[person] // self._levels)
            for kind in np.argsort(limits, kind="stable"):
                if 0 < limits[kind] < reachable[kind]:
                    if self._counts[person] * (limits[kind] + 1) <= most:
                        self._step[person, kind] = self._counts[person]
                        self._counts[person] *= limits[kind] + 1
                    else:
                        self.exact[person] = False
        return self._size()

    def relaxed(self, person: int, cost: Floats) -> float:
        """No lawful line costs less: the cheapest with the limits left out that are not counted."""
        one = self.instance
        shape = (
            one.days, one.max_run[person], one.min_run[person], one.min_off[person], self._high[person],
            self._low[person], one.max_weekends[person], self._counts[person],
        )  # fmt: skip
        self._stamp[:] = -1
        return float(
            cheapest_line(
                shape, self._levels, self._follows, one.max_shifts[person] > 0, one.max_shifts[person],
                self._step[person], one.fixed_off[person], cost, self._out, self._now, self._then, self._back,
                self._act, self._new, self._stamp,
            )
        )  # fmt: skip

    def line(self, person: int, cost: Floats) -> tuple[float, Ints] | None:
        """A lawful line of small cost (the cheapest where ``exact``) and its cost; None where none was found.

        ``cost`` is that of each shift on each day, shape (days, shifts).
        """
        limits, raised = self.instance.max_shifts[person], self._raised[person].copy()
        for attempt in range(8):
            if self.relaxed(person, cost + raised) >= INFINITE:
                return None
            worked = self._out != OFF
            over = np.bincount(self._out[worked], minlength=len(limits)) - limits
            if (over <= 0).all():
                self._raised[person] = raised * 0.7
                return float(cost[worked, self._out[worked]].sum()), self._out.copy()
            raised += np.maximum(over, 0) * (1 + 2 * attempt) + 2 * (over > 0)
        return None


def cover_of(lines: Ints, days: int, shifts: int) -> NDArray[np.int64]:
    """How many of the lines, shape (people, days), have each shift on each day, shape (days, shifts)."""
    cover = np.zeros((days, shifts), dtype=np.int64)
    person, day = np.nonzero(lines != OFF)
    np.add.at(cover, (day, lines[person, day]), 1)
    return cover
