"""Why work that may wait needs so many agents in an interval: the flattest profile there, and the due time that sets it.

What must be done is what `scheduler.staffing.deferred.levelled` finds owed. Of all runs of open intervals there is one that leaves
no room: all that comes from its first interval on and is due by its last fills the agents and the idle time in it.
"""

from dataclasses import dataclass

import numpy as np

from centre.model import Queue
from scheduler.staffing.checks import Flags, Floats
from scheduler.staffing.deferred import Work, aims, owed
from scheduler.staffing.levelling import DUST, ceiling, placed
from scheduler.staffing.teams import Ints

FINE = 100  # parts of an agent that the profile is told in


@dataclass(frozen=True, slots=True)
class Run:
    """Open intervals from ``first`` to ``last`` of the grid, both counted, that leave no room.

    Parameters
    ----------
    intervals : how many of them are open
    must_minutes : work that comes from the first on and is due by the last
    spare_minutes : idle minutes of other agents in them
    """

    first: int
    last: int
    intervals: int
    must_minutes: float
    spare_minutes: float


@dataclass(frozen=True, eq=False, slots=True)
class Owed:
    """What a deferred queue must do within a horizon, slot by slot; slots are the open intervals.

    Parameters
    ----------
    slots : their intervals
    first, last, minutes : slots between which each piece of work may be done, and the work in it
    spare : idle minutes of others in each slot
    per_agent : minutes that an own agent does in a slot
    minimum : own agents who are there in any case
    """

    slots: Ints
    first: Ints
    last: Ints
    minutes: Floats
    spare: Floats
    per_agent: float
    minimum: int

    @classmethod
    def of(
        cls, queue: Queue, work: Work, may_work: Flags, spare_minutes: Floats, interval_minutes: int
    ) -> "Owed":
        """As the requirement sees it: ``may_work`` and ``spare_minutes`` of shape (intervals,)."""
        slots = np.flatnonzero(may_work)
        pieces = owed(work, aims(work, may_work)[1], slots, len(may_work))
        per_agent = interval_minutes * (queue.max_occupancy or 1.0)
        return cls(slots, *pieces, spare_minutes[slots], per_agent, queue.minimum_agents)

    def profile(self) -> Floats:
        """Own agents of the flattest profile in fractions, rounded up to hundredths, shape (slots,)."""
        there = self.spare + self.minimum * self.per_agent
        fine = ceiling(self.first, self.last, self.minutes, there, self.per_agent / FINE)
        return np.asarray(self.minimum + fine / FINE)

    def undone(self, agents: Floats) -> float:
        """Minutes that would not be done by their due time with so many own agents in each slot."""
        room, order = self.spare + agents * self.per_agent, np.lexsort((self.first, self.last))
        part = placed(self.first, self.last, self.minutes, room, order)[2]
        return float(max(self.minutes.sum() - part.sum(), 0.0))

    def tightest(self, interval: int) -> Run | None:
        """The shortest run about an open interval that leaves no room; None where no work asks for own agents in it."""
        level, at = self.profile(), int(np.searchsorted(self.slots, interval))
        if level[at] <= self.minimum:
            return None
        start, stop = _around(level >= level[at], at)
        needed = self.spare + (level - 1.0 / FINE) * self.per_agent
        for end in range(at, stop):
            inside = (self.last <= end) & (self.first >= start)
            work = np.bincount(self.first[inside], self.minutes[inside], minlength=end + 1)
            must, least = (np.cumsum(part[start : end + 1][::-1])[::-1] for part in (work, needed))
            full = np.flatnonzero(must[: at - start + 1] >= least[: at - start + 1] - DUST)
            if len(full):
                begin = int(full[-1])
                span = slice(start + begin, end + 1)
                begins, ends = int(self.slots[span.start]), int(self.slots[end])
                return Run(
                    begins, ends, end + 1 - span.start, float(must[begin]), float(self.spare[span].sum())
                )
        return None


def _around(holds: Flags, at: int) -> tuple[int, int]:
    """The stretch about a place in which something holds throughout: its first place and the one after its last."""
    gaps = np.flatnonzero(~holds)
    before, after = gaps[gaps < at], gaps[gaps > at]
    return int(before[-1]) + 1 if len(before) else 0, int(after[0]) if len(after) else len(holds)
