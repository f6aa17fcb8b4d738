"""What the steps of one solve share: problem, limits, clock, the bound once it is known, and the search."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeVar

import numpy as np

from scheduler.incumbent import Incumbent
from scheduler.problem import RotaProblem
from scheduler.solution import Limits
from scheduler.solve.clock import Clock
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor, total_price
from scheduler.solve.level import MOST_POOLS
from scheduler.solve.roster import Roster, copy_of, empty_roster_of
from scheduler.solve.search import construct, improve, scratch_of
from scheduler.solve.serve import split
from scheduler.solve.shared import shared_roster
from scheduler.solve.write import rota_of

T = TypeVar("T")
OPERATIONS_PER_UNIT = 8e7
MOST_OPERATIONS_AT_ONCE = 3e7
CHUNKS = 40
# Temperatures from hot to cold, in agent-hours of shortage: from a first rota, from one that is good already.
SEARCH_HOURS, POLISH_HOURS = (2 / 3, 1 / 4), (1 / 30, 1 / 300)
# Hotter from a rota that is good already, where everybody's line may be made anew so often: there is time to go a longer way round.
OFTEN, HOTTER_HOURS = 60, (3 / 10, 1 / 200)
DAYS_WORKED = 0.7


@dataclass
class Run:
    """One solve of a problem in which everybody has a line; ``fixed`` is the cost that no rota changes."""

    problem: RotaProblem
    lines: Lines
    floor: Floor
    limits: Limits
    clock: Clock
    progress: Callable[[str], None]
    fixed: float
    bound: float = -np.inf

    def begin(self, bound: float) -> None:
        """Tell the bound."""
        self.bound = bound
        self.progress(f"no rota can cost less than {bound:,.0f}")

    def cost(self, roster: Roster) -> float:
        """Objective of a roster."""
        price = float(total_price(self.floor, roster.cover))
        return price + float(roster.own_cost.sum()) + self.lines.constant

    def gap(self, cost: float) -> float:
        """Share of the controllable cost that is not proven to be needed."""
        return self.gap_between(cost, self.bound)

    def gap_between(self, cost: float, bound: float) -> float:
        """`gap_of` with this problem's fixed cost."""
        return gap_of(cost, bound, self.fixed)

    def side_by_side(self, one: Callable[[int], T | None]) -> list[T]:
        """What ``one`` finds with each worker's seed."""
        seeds = range(self.limits.seed, self.limits.seed + self.limits.workers)
        with ThreadPoolExecutor(self.limits.workers) as pool:
            return [found for found in pool.map(one, seeds) if found is not None]

    def search(self, start: Roster | None, share: float) -> list[Roster]:
        """The best of one search for each worker, from ``start`` or from a first rota of its own, for a share of the effort.

        First everybody serves one queue an interval. Where anybody has several skills, a second search from there splits their
        minutes: it is no better than the first where whole minutes fit, so both rotas are told.
        """
        found: list[Roster] = []
        rounds = (False, True) if len(self.lines.crew.several) else (False,)
        for may_split in rounds:
            if found and self.clock.stop():
                break
            operations = self.limits.effort * share * OPERATIONS_PER_UNIT / len(rounds)
            steps = max(CHUNKS, int(operations / self._operations(may_split)))
            until = 1.0 if may_split or len(rounds) == 1 else 1 - share / 2
            if may_split:
                start = shared_roster(self.floor, self.lines.crew, found[-1])
            one = partial(self._one_search, start, steps, may_split, until)
            found.append(min(self.side_by_side(one), key=self.cost))
        return found

    def _operations(self, may_split: bool) -> float:
        """About how many price look-ups one step of the search takes."""
        crew, floor = self.lines.crew, self.floor
        queues, intervals, _ = floor.levels.shape
        atoms = intervals * floor.interval_minutes // floor.atom * len(floor.pauses)
        arcs = np.mean([len(g.choice) for g in self.lines.graphs])
        usable = len(crew.usable) / len(crew.own)
        at_work = DAYS_WORKED * self.problem.grid.days * floor.shift_length.mean() / floor.interval_minutes
        pools = min(len(crew.several), MOST_POOLS) if may_split else 0
        levelled = 2 * at_work * (10 + 4 * queues * pools)
        return float(3 * (queues * (2 * intervals + 1.2 * atoms) + 20 * usable + arcs + levelled))

    def _one_search(
        self, start: Roster | None, steps: int, may_split: bool, until: float, seed: int
    ) -> Roster:
        """Simulated annealing; cooler from a rota that is good already than from a first one.

        Where there is time to make everybody's line anew often, every other worker begins hotter once minutes may be split.
        """
        crew, floor, price = self.lines.crew, self.floor, self.problem.objective.shortage_per_agent_hour
        roster = copy_of(start) if start else empty_roster_of(crew, self.problem.grid.days, floor)
        scratch = scratch_of(floor, crew, roster)
        split(scratch.desk, may_split)
        if not start:
            order = np.random.default_rng(seed).permutation(len(self.problem.people))
            construct(floor, crew, roster, order, scratch)
        best = copy_of(roster)
        cost = self.cost(best) - self.lines.constant
        often = 3 * steps >= OFTEN * len(self.problem.people)
        hotter = may_split and often and (seed - self.limits.seed) % 2 == 1
        hours = SEARCH_HOURS if start is None else HOTTER_HOURS if hotter else POLISH_HOURS
        hot, cold = (price * of_price for of_price in hours)
        for chunk, (first, last) in enumerate(self._chunks(steps, may_split)):
            if self.gap(cost + self.lines.constant) <= self.limits.gap or self.clock.up(until):
                break
            high, low = (hot * (cold / hot) ** (k / steps) for k in (first, last))
            draw = (2 * seed + may_split) * 1_000_003 + chunk
            cost = improve(floor, crew, roster, best, cost, scratch, last - first, high, low, draw)
            if seed == self.limits.seed:
                now = cost + self.lines.constant
                rota = partial(rota_of, self.problem, best)
                self.progress(Incumbent.of(now, self.bound, self.gap(now), rota))
        return best

    def _chunks(self, steps: int, may_split: bool) -> Iterator[tuple[int, int]]:
        """The steps in parts, none so long that a clock or a cancel would wait for it."""
        parts = max(CHUNKS, int(steps * self._operations(may_split) / MOST_OPERATIONS_AT_ONCE))
        edges = [steps * k // parts for k in range(parts + 1)]
        return ((first, last) for first, last in pairwise(edges) if last > first)


def gap_of(objective: float, bound: float, fixed: float) -> float:
    """(objective - bound) / controllable cost, 0 where nothing is controllable or the difference is rounding."""
    difference = objective - bound
    if difference <= 1e-6 * max(1.0, abs(objective)):
        return 0.0
    return difference / max(objective - fixed, difference)
