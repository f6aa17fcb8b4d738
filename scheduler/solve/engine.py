"""The whole method on one page: possible lines, proven bound, search from a first rota, exact model where it is small enough.

Effort is counted, never timed: the search in steps whose price is estimated from the problem's size, CP-SAT in its deterministic time.
A clock, where one is given, only cuts the work short, and the solution says so.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from scheduler.cost import cost_terms
from scheduler.problem import RotaProblem
from scheduler.solution import Clash, Limits, Solution, Status
from scheduler.solve.bound import Bound, bound
from scheduler.solve.crew import Lines, lines_of
from scheduler.solve.exact import exact
from scheduler.solve.explain import stuck_people, unmet_minimum
from scheduler.solve.floor import Floor, floor_of, total_price
from scheduler.solve.search import (
    Roster,
    construct,
    copy_of,
    empty_roster,
    give_exactly,
    improve,
    scratch_of,
)
from scheduler.solve.write import rota_of

Progress = Callable[[str], None]
OPERATIONS_PER_UNIT = 7e7
EXACT_ARCS = 12_000
EXACT_SHARE = 0.5
CHUNKS = 40
HOT_HOURS, COLD_HOURS = 2 / 3, 1 / 4


@dataclass
class Clock:
    """Wall-clock time since the start, and whether it cut any work short."""

    started: float
    seconds: float | None
    cut: bool = False

    @property
    def left(self) -> float | None:
        """Seconds left, None without a limit."""
        return None if self.seconds is None else max(0.0, self.started + self.seconds - time.monotonic())

    def up(self) -> bool:
        """Whether time is up; asked only where that cuts work short."""
        over = self.left is not None and self.left <= 0
        self.cut = self.cut or over
        return over


def solve(problem: RotaProblem, limits: Limits, progress: Progress = lambda _: None) -> Solution:
    """Make a rota.

    People for whom rules leave no line at all are named as a clash and stay unplanned; everybody else is planned.
    """
    clock = Clock(time.monotonic(), limits.seconds)
    lines = lines_of(problem)
    clashes = stuck_people(problem, lines.stuck)
    if lines.stuck:
        problem = replace(problem, people=tuple(p for p in problem.people if p.agent_id not in lines.stuck))
        lines = lines_of(problem)
    floor = floor_of(problem)
    roster = empty_roster(len(problem.people), problem.grid.days, floor)
    if not problem.people:
        return _solution(
            problem, roster, total_price(floor.levels, floor.rates, roster.cover), clashes, False, clock
        )
    progress(
        f"{len(problem.people)} people, {len(problem.shifts)} candidate shifts, {len(lines.graphs)} kinds of line"
    )
    proof = bound(problem, lines, floor)
    run = _Run(problem, lines, floor, limits, clock, progress, proof)
    progress(f"no rota can cost less than {proof.value:,.0f}")
    clashes += unmet_minimum(problem, proof)
    roster = run.search()
    roster, proven = run.exact(roster)
    return _solution(problem, roster, proof.value, clashes, proven, clock, limits.gap)


@dataclass
class _Run:
    """What the steps of one solve share."""

    problem: RotaProblem
    lines: Lines
    floor: Floor
    limits: Limits
    clock: Clock
    progress: Progress
    proof: Bound

    def cost(self, roster: Roster) -> float:
        """Objective of a roster."""
        price = float(total_price(self.floor.levels, self.floor.rates, roster.cover))
        return price + float(roster.own_cost.sum()) + self.lines.constant

    def gap(self, cost: float) -> float:
        """Share of the controllable cost that is not proven to be needed."""
        return gap_of(cost, self.proof.value, fixed_cost(self.problem))

    @property
    def small(self) -> bool:
        """Whether the exact model is worth its work."""
        arcs = sum(len(self.lines.graphs[group.graph].choice) for group in self.proof.groups)
        return arcs <= EXACT_ARCS

    def search(self) -> Roster:
        """The best of one search for each worker, each from a first rota of its own."""
        units = self.limits.effort * ((1 - EXACT_SHARE) if self.small else 1.0)
        steps = max(CHUNKS, int(units * OPERATIONS_PER_UNIT / self._operations()))
        with ThreadPoolExecutor(self.limits.workers) as pool:
            seeds = range(self.limits.seed, self.limits.seed + self.limits.workers)
            found = list(pool.map(lambda seed: self._one_search(steps, seed), seeds))
        return min(found, key=self.cost)

    def _operations(self) -> float:
        """About how many price look-ups one step of the search takes."""
        crew, floor = self.lines.crew, self.floor
        queues, intervals = floor.levels.shape[1:]
        atoms = intervals * floor.interval_minutes // floor.atom * len(floor.pauses)
        arcs = np.mean([len(g.choice) for g in self.lines.graphs])
        usable = len(crew.usable) / len(crew.own)
        return float(3 * (queues * (2 * intervals + 1.2 * atoms) + 20 * usable + arcs))

    def _one_search(self, steps: int, seed: int) -> Roster:
        """Simulated annealing from a first rota, cooling from two thirds of an agent-hour's shortage to a quarter."""
        crew, floor, price = self.lines.crew, self.floor, self.problem.objective.shortage_per_agent_hour
        roster = empty_roster(len(self.problem.people), self.problem.grid.days, floor)
        scratch = scratch_of(floor, crew, roster)
        construct(
            floor, crew, roster, np.random.default_rng(seed).permutation(len(self.problem.people)), scratch
        )
        best = copy_of(roster)
        cost = self.cost(best) - self.lines.constant
        hot, cold = price * HOT_HOURS, price * COLD_HOURS
        for chunk in range(CHUNKS):
            if self.gap(cost + self.lines.constant) <= self.limits.gap or self.clock.up():
                break
            high, low = (hot * (cold / hot) ** (k / CHUNKS) for k in (chunk, chunk + 1))
            part = steps * (chunk + 1) // CHUNKS - steps * chunk // CHUNKS
            cost = improve(floor, crew, roster, best, cost, scratch, part, high, low, seed * CHUNKS + chunk)
            if seed == self.limits.seed:
                now = cost + self.lines.constant
                self.progress(f"cost {now:,.0f}, bound {self.proof.value:,.0f}, gap {self.gap(now):.1%}")
        return best

    def exact(self, roster: Roster) -> tuple[Roster, bool]:
        """The exact model's rota where it is small enough and better; whether it is proven best."""
        if not self.small or self.gap(self.cost(roster)) <= self.limits.gap or self.clock.up():
            return roster, False
        self.progress("exact model")
        work = self.limits.effort * EXACT_SHARE
        chosen = exact(
            self.problem, self.lines, self.floor, self.proof, roster, work, self.limits, self.clock.left
        )
        self.clock.up()
        if chosen is None:
            return roster, False
        other = give_exactly(self.floor, self.lines.crew, roster, chosen.lines, chosen.pauses)
        return min((other, roster), key=self.cost), chosen.proven


def fixed_cost(problem: RotaProblem) -> float:
    """Pay that contracts fix whatever the rota is."""
    return sum(person.fixed_minutes * person.cost_per_minute for person in problem.people)


def gap_of(objective: float, bound: float, fixed: float) -> float:
    """(objective - bound) / controllable cost, 0 where nothing is controllable or the difference is rounding."""
    difference = objective - bound
    if difference <= 1e-6 * max(1.0, abs(objective)):
        return 0.0
    return difference / max(objective - fixed, difference)


def _solution(
    problem: RotaProblem, roster: Roster, bound: float, clashes: tuple[Clash, ...], proven: bool, clock: Clock,
    wanted_gap: float = 0.0,
) -> Solution:  # fmt: skip
    """Everything that is said about a finished rota."""
    rota = rota_of(problem, roster)
    cost = cost_terms(problem, rota, roster.cover)
    objective, fixed = sum(cost.values()), fixed_cost(problem)
    gap = 0.0 if proven else gap_of(objective, bound, fixed)
    status: Status = (
        "clash" if clashes else "optimal" if gap <= wanted_gap else "stopped" if clock.cut else "feasible"
    )
    proven_bound = objective if proven else min(bound, objective)
    seconds = time.monotonic() - clock.started
    return Solution(status, rota, cost, objective, proven_bound, fixed, gap, not clock.cut, seconds, clashes)
