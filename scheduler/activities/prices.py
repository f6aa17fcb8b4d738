"""What it costs to take agents away from the desk, interval by interval, from the prices of cover that a rota is solved by.

Each queue's price is convex in its agents (`scheduler.terms.CoverPrices`). People with several skills are taken from the queue where one
fewer costs least, one after the other: so the price of a group is convex too, and sessions spread.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.terms import CoverPrices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
UNIT = 0.5
"""Agents by which prices are sampled; linear in between."""
DEPTH = 60
"""Units up to which the price of more agents taken away is known; beyond, each costs as the last."""
Taken = tuple[tuple[int, int, float], ...]
"""(queue, interval, effective agents) that a session took."""


class Prices:
    """Prices of taking people away, kept as sessions come and go.

    Parameters
    ----------
    cover : prices of cover; of agents above what is needed nothing is counted
    speeds : of each group of people alike, shape (groups, queues)
    effective : agents at work weighed by speed, shape (queues, intervals)
    hours : length of an interval
    """

    def __init__(self, cover: CoverPrices, speeds: Floats, effective: Floats, hours: float) -> None:
        self._levels, self._rates = cover.levels, cover.rates * hours
        self.speeds, self.effective = speeds, effective.copy()
        self.lost = np.zeros((len(speeds), effective.shape[1], DEPTH + 1))
        self.refresh(np.arange(effective.shape[1]))

    def refresh(self, intervals: Ints) -> None:
        """Work out the price of each group anew in some intervals."""
        for block in np.array_split(intervals, max(1, len(intervals) // 200)):
            self._refresh(block)

    def _refresh(self, intervals: Ints) -> None:
        for g, speeds in enumerate(self.speeds):
            steps = [self._steps(q, speed, intervals) for q, speed in enumerate(speeds.tolist()) if speed > 0]
            if steps:
                each = (
                    steps[0] if len(steps) == 1 else np.sort(np.concatenate(steps, axis=1), axis=1)[:, :DEPTH]
                )
                self.lost[g, intervals, 1:] = np.cumsum(each, axis=1)

    def _steps(self, queue: int, speed: float, intervals: Ints) -> Floats:
        """What each unit more of people of one speed costs, taken from one queue, shape (intervals, DEPTH)."""
        there = (
            self.effective[queue, intervals][:, None] - np.arange(DEPTH + 1) * UNIT * speed
        )  # (intervals, DEPTH + 1)
        missing = np.maximum(self._levels[:, queue, intervals][:, :, None] - there, 0.0)
        value = (self._rates[:, queue, intervals][:, :, None] * missing).sum(axis=0)
        return np.asarray(np.diff(value, axis=1))

    def of(self, group: int, intervals: Ints, agents: Floats) -> Floats:
        """Price of so many agents of a group away for a whole interval, elementwise."""
        place = agents / UNIT
        low = np.minimum(place.astype(np.int64), DEPTH - 1)
        lost = self.lost[group]
        at = lost[intervals, low]
        return np.asarray(at + (lost[intervals, low + 1] - at) * (place - low))

    def take(self, groups: Sequence[int], intervals: Ints, shares: Floats) -> Taken:
        """Take one person of each of some groups away for a share of each interval; tells what was taken where."""
        taken = list[tuple[int, int, float]]()
        for t, share in zip(intervals.tolist(), shares.tolist(), strict=True):
            for g in groups:
                queue = self._cheapest(g, t, share)
                if queue >= 0:
                    amount = share * float(self.speeds[g, queue])
                    self.effective[queue, t] -= amount
                    taken.append((queue, t, amount))
        self.refresh(intervals)
        return tuple(taken)

    def give_back(self, taken: Taken) -> None:
        """Undo `take`."""
        for queue, t, amount in taken:
            self.effective[queue, t] += amount
        self.refresh(np.unique(np.array([t for _, t, _ in taken], dtype=np.int64)))

    def _cheapest(self, group: int, interval: int, share: float) -> int:
        """The queue from which somebody is missed least; -1 for people without one."""
        queues = np.flatnonzero(self.speeds[group] > 0)
        if len(queues) < 2:
            return int(queues[0]) if len(queues) else -1
        there = self.effective[queues, interval]
        after = there - share * self.speeds[group, queues]
        levels, rates = self._levels[:, queues, interval], self._rates[:, queues, interval]
        more = (rates * (np.maximum(levels - after, 0.0) - np.maximum(levels - there, 0.0))).sum(axis=0)
        return int(queues[np.argmin(more)])
