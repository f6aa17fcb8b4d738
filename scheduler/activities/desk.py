"""Who is at work when, on a grid of slots: what of it is free for sessions, which minimum cover holds them, what leaving costs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import gcd

import numpy as np
from numpy.typing import NDArray

from centre.instants import Grid
from centre.people import Agent
from scheduler.activities.prices import Floats, Ints, Prices
from scheduler.coverage import shared_out
from scheduler.intraday.window import Groups
from scheduler.rota import Rota, activity_kind
from scheduler.terms import CoverPrices, DutyRow

Flags = NDArray[np.bool_]
MOST_QUEUES = 5
"""Queues with a minimum of which every set is watched; of more, each alone and all together."""
MOST_GROUPS = 24
"""Groups of people alike in their speeds; where there are more, speeds are told apart by quarters."""
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Cover:
    """What cover is worth and below which it must not fall.

    Parameters
    ----------
    prices : of cover
    needed : agents to roster, NaN where closed; ``minimum`` : agents below which no interval may fall; shape (queues, intervals)
    duty : mixes, weights in the order of ``people``
    """

    queues: tuple[str, ...]
    prices: CoverPrices
    needed: Floats
    minimum: Floats
    duty: tuple[DutyRow, ...]
    people: tuple[str, ...]
    agents: tuple[Agent, ...]


@dataclass(frozen=True, eq=False)
class Guards:
    """Sums over people at work that must not fall below what is needed: minimum agents of sets of queues, and mixes.

    Parameters
    ----------
    weights : shape (guards, people); ``needed`` : shape (guards, intervals)
    have : the sums as they stand, shape (guards, slots)
    """

    weights: Floats
    needed: Floats
    have: Floats


class Desk:
    """The state that sessions are placed on.

    ``ahead`` and ``back``: minutes of work in one stretch, that nothing interrupts, from a slot on and before it, in slots, shape
    (people, slots); 0 where somebody is not at work, or in a session. ``group``: what somebody at work serves, -1 elsewhere.
    ``row``: which row of the rota that is, -1 outside of any.
    """

    def __init__(self, rota: Rota, grid: Grid, cover: Cover, lengths: Iterable[int]) -> None:
        self.rota, self.grid, self.cover = rota, grid, cover
        self.slot = _slot(rota, grid, lengths)
        slots = Grid(grid.zone, grid.first_day, grid.days, self.slot)
        self.count, self.per_interval = len(slots.starts), grid.interval_minutes // self.slot
        self.interval = np.arange(self.count) // self.per_interval
        self.day, self.minute = slots.local_days(), slots.local_minutes()
        self.place = {who: k for k, who in enumerate(rota.agent_ids)}
        shape = len(rota.agent_ids), self.count
        self.row = np.full(shape, -1, dtype=np.int32)
        self.group = np.full(shape, -1, dtype=np.int16)
        self.ahead, self.back = np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32)
        self.speeds = self._lay()
        self.guards = self._guards()
        self.prices = Prices(cover.prices, self.speeds, self._effective(), grid.interval_minutes / 60)
        self.usual = self._usual()

    def _lay(self) -> Floats:
        """Put the rows of work and of call-outs on the slots, what lies outside left out; the speeds of each group."""
        rota, rows = self.rota, np.flatnonzero(self.rota.is_kind("work", "backup"))
        groups = Groups(self.cover.queues, self.cover.agents)
        texts = [rota.activities[code] for code in rota.activity[rows].tolist()]
        people = rota.agent[rows].tolist()
        codes = [groups.of(rota.agent_ids[p], text) for p, text in zip(people, texts, strict=True)]
        first, last = (
            np.clip((at[rows] - self.grid.start) // self.slot, 0, self.count).tolist()
            for at in (rota.start, rota.end)
        )
        speeds = groups.speeds
        if len(speeds) > MOST_GROUPS:
            rounded = np.ceil(speeds * 4) / 4
            speeds, alike = np.unique(rounded, axis=0, return_inverse=True)
            codes = alike.ravel()[codes].tolist()
        for row, p, text, code, begin, end in zip(
            rows.tolist(), people, texts, codes, first, last, strict=True
        ):
            self.row[p, begin:end], self.group[p, begin:end] = row, code
            if activity_kind(text) == "work":
                self._stretch(p, begin, end)
        return speeds

    def _stretch(self, person: int, begin: int, end: int) -> None:
        """A stretch of free work."""
        self.ahead[person, begin:end] = np.arange(end - begin, 0, -1)
        self.back[person, begin:end] = np.arange(end - begin)

    def at(self, instant: int) -> int:
        """The slot that holds an instant, UTC minutes."""
        return (instant - self.grid.start) // self.slot

    def instant(self, slot: int) -> int:
        """UTC minutes of a slot's start."""
        return self.grid.start + slot * self.slot

    def slots_of(self, minutes: int) -> int:
        """How many slots a length is."""
        return -(-minutes // self.slot)

    def take(self, people: Sequence[int], begin: int, end: int) -> None:
        """Take people out of free stretches that hold the slots."""
        for p in people:
            first, last = begin - int(self.back[p, begin]), begin + int(self.ahead[p, begin])
            self.ahead[p, begin:end] = self.back[p, begin:end] = 0
            self._stretch(p, first, begin)
            self._stretch(p, end, last)
        self.guards.have[:, begin:end] -= self.guards.weights[:, list(people)].sum(axis=1)[:, None]

    def give_back(self, people: Sequence[int], begin: int, end: int) -> None:
        """Undo `take`."""
        for p in people:
            first, last = begin, end
            if begin and self.ahead[p, begin - 1] and self.row[p, begin - 1] == self.row[p, begin]:
                first = begin - 1 - int(self.back[p, begin - 1])
            if end < self.count and self.ahead[p, end] and self.row[p, end] == self.row[p, begin]:
                last = end + int(self.ahead[p, end])
            self._stretch(p, first, last)
        self.guards.have[:, begin:end] += self.guards.weights[:, list(people)].sum(axis=1)[:, None]

    def shares(self, begin: int, end: int) -> tuple[Ints, Floats]:
        """Intervals that some slots touch, and the share of each that they take."""
        intervals, slots = np.unique(self.interval[begin:end], return_counts=True)
        return intervals, slots / self.per_interval

    def spare(self, people: Ints, length: int) -> Floats:
        """How many of some people may leave for ``length`` slots from each slot on, one weighing as the heaviest; shape (slots,)."""
        room = np.full(self.count, np.inf)
        for g in range(len(self.guards.weights)):
            weight = float(self.guards.weights[g, people].max(initial=0.0))
            if weight > 0:
                above = self.guards.have[g] - self.guards.needed[g][self.interval]
                room = np.minimum(room, above / weight)
        room = np.floor(np.maximum(room, 0.0) + TINY)
        least = room.copy()
        for k in range(1, length):
            least[: self.count - k] = np.minimum(least[: self.count - k], room[k:])
        return np.asarray(least)

    def _effective(self) -> Floats:
        """Agents at work by speed, shape (queues, intervals), shared out as coverage is."""
        shape = len(self.grid.starts), self.per_interval
        at_work = np.array(
            [(self.group == g).sum(axis=0).reshape(shape).mean(axis=1) for g in range(len(self.speeds))]
        ).reshape(len(self.speeds), shape[0])
        floor = self.cover.minimum.max(axis=1, initial=0.0)
        return shared_out(self.speeds, at_work, floor, self.cover.needed)[1]

    def _guards(self) -> Guards:
        weights, needed = list[Floats](), list[Floats]()
        skills = {agent.agent_id: dict(agent.skills) for agent in self.cover.agents}
        own = [skills.get(who, {}) for who in self.rota.agent_ids]
        for some in _sets([q for q in range(len(self.cover.queues)) if self.cover.minimum[q].any()]):
            names = [self.cover.queues[q] for q in some]
            weights.append(
                np.array([max((told.get(name, 0.0) for name in names), default=0.0) for told in own])
            )
            needed.append(self.cover.minimum[list(some)].sum(axis=0))
        for row in self.cover.duty:
            told = dict(zip(self.cover.people, row.weights.tolist(), strict=True))
            weights.append(np.array([told.get(who, 0.0) for who in self.rota.agent_ids]))
            needed.append(row.needed)
        shape = len(weights), len(self.rota.agent_ids)
        weight, there = np.array(weights).reshape(shape), (self.group >= 0).astype(np.float64)
        return Guards(weight, np.array(needed).reshape(len(weights), len(self.grid.starts)), weight @ there)

    def _usual(self) -> float:
        """What one agent away for an interval costs on average over the hours at work."""
        at_work: Flags = np.any(self.group >= 0, axis=0)[:: self.per_interval]
        one = self.prices.lost[:, : len(at_work), 2].max(axis=0, initial=0.0)
        return float(one[at_work].mean()) if at_work.any() else 0.0


def _slot(rota: Rota, grid: Grid, lengths: Iterable[int]) -> int:
    """The coarsest slot that every row of work, interval and session is whole numbers of."""
    rows = np.flatnonzero(rota.is_kind("work"))
    edges = np.unique(np.concatenate([rota.start[rows], rota.end[rows]]) - grid.start)
    return gcd(grid.interval_minutes, *(int(e) for e in edges), *lengths)


def _sets(queues: Sequence[int]) -> list[tuple[int, ...]]:
    """Sets of queues whose minimum is watched together."""
    if len(queues) <= MOST_QUEUES:
        return [some for size in range(1, len(queues) + 1) for some in combinations(queues, size)]
    return [*((q,) for q in queues), tuple(queues)]
