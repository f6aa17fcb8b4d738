"""The roster of a benchmark instance so far: what it costs, and parts of it taken out and put back."""

import threading

import numpy as np

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.problem import Floats
from scheduler.solve.nrp_master import Part
from scheduler.solve.nrp_pricing import cover_of
from scheduler.solve.nrp_result import Progress
from scheduler.solve.nrp_span import span_within


class Roster:
    """The best lines so far, shape (people, days), safe for several threads.

    Parameters
    ----------
    bound : proven: no roster has a lower penalty
    """

    def __init__(self, instance: NrpInstance, progress: Progress) -> None:
        self.instance, self.progress = instance, progress
        self.constant, added = instance.wishes()
        self.wishes: Floats = added.astype(np.float64)
        self.bound = 0
        self.lines: Ints | None = None
        self.penalty = np.inf
        self._lock = threading.Lock()

    def penalty_of(self, lines: Ints) -> int:
        """Penalty of lines of shape (people, days)."""
        one, (person, day) = self.instance, np.nonzero(lines != OFF)
        wishes = self.wishes[person, day, lines[person, day]].sum()
        cover = cover_of(lines, *one.required.shape)
        missing, beyond = np.maximum(0, one.required - cover), np.maximum(0, cover - one.required)
        return int(self.constant + wishes + (missing * one.under_weight + beyond * one.over_weight).sum())

    def take(self, lines: Ints) -> bool:
        """Keep a whole roster that is no worse; whether it is better."""
        with self._lock:
            return self._take(lines)

    def put(self, part: Part, before: Ints, lines: list[Ints]) -> bool:
        """Keep the lines of a part that was taken out of ``before``, where nobody has changed its people since."""
        with self._lock:
            assert self.lines is not None
            if (self.lines[part.people] != before[part.people]).any():
                return False
            found = self.lines.copy()
            found[part.people, part.first : part.last] = np.array(lines)
            return self._take(found)

    def _take(self, lines: Ints) -> bool:
        penalty = self.penalty_of(lines)
        better = penalty < self.penalty
        if penalty <= self.penalty:
            self.lines, self.penalty = lines, penalty
        if better:
            self.progress(f"penalty {penalty}, bound {self.bound}")
        return better

    def prove(self, bound: float) -> None:
        """Take a bound in, of the penalty without its constant."""
        if np.isfinite(bound):
            self.bound = max(self.bound, int(np.ceil(bound + self.constant - 1e-6)))

    def uncovered(self, lines: Ints) -> Floats:
        """What missing and surplus people cost by day, (days,)."""
        one = self.instance
        cover = cover_of(lines, *one.required.shape)
        missing, beyond = np.maximum(0, one.required - cover), np.maximum(0, cover - one.required)
        price: Floats = (missing * one.under_weight + beyond * one.over_weight).sum(axis=1).astype(np.float64)
        return price

    def part(self, lines: Ints, people: list[int], first: int, last: int) -> Part:
        """Some people from one day to before another, everything else as in ``lines``."""
        one, window = self.instance, slice(first, last)
        kept = lines[:, window].copy()
        kept[people] = OFF
        wanted = one.required[window] - cover_of(kept, last - first, len(one.shifts))
        return Part(
            people, first, last, [span_within(one, person, lines[person], first, last) for person in people],
            self.wishes[people][:, window], wanted, one.under_weight[window], one.over_weight[window],
        )  # fmt: skip
