"""The whole method on one page: possible lines, proven bound, its solution rounded, search from there, a last choice between the two.

Effort is counted, never timed: the search in steps whose price is estimated from the problem's size, CP-SAT in its deterministic time.
A clock, where one is given, only cuts the work short, and the solution says so.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from scheduler.cost import cost_terms
from scheduler.problem import RotaProblem, without
from scheduler.solution import Clash, Limits, Solution, Status
from scheduler.solve.bound import Bound, bound
from scheduler.solve.choose import Chosen, Work, choose, counts_of
from scheduler.solve.crew import Lines, lines_of
from scheduler.solve.explain import stuck_people, unmet_minimum
from scheduler.solve.floor import Floor, floor_of, total_price
from scheduler.solve.flow_model import Values
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
CPSAT_PER_UNIT = 0.25
ROUND_SHARE, CHOICE_SHARE = 0.35, 0.3
CHUNKS = 40
SMALL_TEAM, SMALL_ARCS = 60, 30_000
# Temperatures from hot to cold, in agent-hours of shortage.
SEARCH_HOURS, POLISH_HOURS = (2 / 3, 1 / 4), (1 / 8, 1 / 16)


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
    clashes: tuple[Clash, ...] = ()
    lines = lines_of(problem) if problem.people else None
    if lines and lines.stuck:
        clashes = stuck_people(problem, lines.stuck)
        problem = without(problem, lines.stuck)
        lines = lines_of(problem) if problem.people else None
    floor = floor_of(problem)
    if lines is None:
        nobody = empty_roster(0, problem.grid.days, floor)
        price = total_price(floor.levels, floor.rates, floor.surplus, nobody.cover)
        return _solution(problem, nobody, price, clashes, True, clock, price)
    progress(
        f"{len(problem.people)} people, {len(problem.shifts)} candidate shifts, {len(lines.graphs)} kinds of line"
    )
    proof = bound(problem, lines, floor)
    run = _Run(problem, lines, floor, limits, clock, progress, proof)
    progress(f"no rota can cost less than {proof.value:,.0f}")
    clashes += unmet_minimum(problem, proof)
    roster = run.search(run.rounded())
    roster, proven = run.chosen(roster)
    return _solution(problem, roster, proof.value, clashes, proven, clock, run.cost(roster))


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
        price = float(total_price(self.floor.levels, self.floor.rates, self.floor.surplus, roster.cover))
        return price + float(roster.own_cost.sum()) + self.lines.constant

    def gap(self, cost: float) -> float:
        """Share of the controllable cost that is not proven to be needed."""
        return gap_of(cost, self.proof.value, fixed_cost(self.problem))

    @property
    def small(self) -> bool:
        """Whether the team is small enough for a choice that leaves nothing out."""
        arcs = sum(len(self.lines.graphs[group.graph].choice) for group in self.proof.groups)
        return len(self.problem.people) <= SMALL_TEAM and arcs <= SMALL_ARCS

    def rounded(self) -> Roster | None:
        """The linear programme's solution with every count rounded down or up, as well as CP-SAT can; None where it cannot.

        For a small team rounding is too coarse: a search from a first rota does better (see decisions.md).
        """
        if self.small:
            return None
        self.progress("rounding the bound's solution")
        found = self._side_by_side(ROUND_SHARE, None, [self.proof.counts])
        return min((roster for roster, _ in found), key=self.cost, default=None)

    def search(self, start: Roster | None) -> Roster:
        """The best of one search for each worker, from ``start`` or from a first rota of its own."""
        share = 1 - CHOICE_SHARE - (ROUND_SHARE if start else 0)
        steps = max(CHUNKS, int(self.limits.effort * share * OPERATIONS_PER_UNIT / self._operations()))
        with ThreadPoolExecutor(self.limits.workers) as pool:
            return min(
                pool.map(lambda seed: self._one_search(start, steps, seed), self._seeds()), key=self.cost
            )

    def chosen(self, roster: Roster) -> tuple[Roster, bool]:
        """CP-SAT's choice between the bound's solution and the best rota so far, anywhere for a small team; whether nothing is better."""
        if self.gap(self.cost(roster)) <= self.limits.gap or self.clock.up():
            return roster, False
        origin = self.problem.grid.start
        now = counts_of(self.lines, self.floor, self.proof, roster, origin)
        near = [] if self.small else [self.proof.counts, now]
        self.progress("last choice" + (" near what is known" if near else " with nothing left out"))
        found = self._side_by_side(CHOICE_SHARE, roster, near)
        best = min([roster, *(other for other, _ in found)], key=self.cost)
        return best, not near and any(complete for _, complete in found)

    def _seeds(self) -> range:
        """One seed for each worker."""
        return range(self.limits.seed, self.limits.seed + self.limits.workers)

    def _side_by_side(
        self, share: float, start: Roster | None, near: Sequence[Values]
    ) -> list[tuple[Roster, bool]]:
        """What one CP-SAT for each worker finds, each with a seed of its own."""

        def one(seed: int) -> Chosen | None:
            seconds = self._part_of_clock(share)
            work = Work(self.limits.effort * share * CPSAT_PER_UNIT, seconds, seed)
            begun = time.monotonic()
            chosen = choose(self.problem, self.lines, self.floor, self.proof, start, near, work)
            self.clock.cut |= seconds is not None and time.monotonic() - begun >= seconds
            return chosen

        with ThreadPoolExecutor(self.limits.workers) as pool:
            found = [chosen for chosen in pool.map(one, self._seeds()) if chosen]
        size = self.problem.grid.days
        return [
            (give_exactly(self.floor, self.lines.crew, size, chosen.lines, chosen.pauses), chosen.complete)
            for chosen in found
        ]

    def _part_of_clock(self, share: float) -> float | None:
        """Seconds that a part of the work may take at most: what is left of the clock, less what comes after it."""
        if self.clock.seconds is None or self.clock.left is None:
            return None
        later = 0.0 if share == CHOICE_SHARE else self.clock.seconds * (1 - share) * 0.8
        return max(1.0, self.clock.left - later)

    def _operations(self) -> float:
        """About how many price look-ups one step of the search takes."""
        crew, floor = self.lines.crew, self.floor
        queues, intervals, _ = floor.levels.shape
        atoms = intervals * floor.interval_minutes // floor.atom * len(floor.pauses)
        arcs = np.mean([len(g.choice) for g in self.lines.graphs])
        usable = len(crew.usable) / len(crew.own)
        return float(3 * (queues * (2 * intervals + 1.2 * atoms) + 20 * usable + arcs))

    def _one_search(self, start: Roster | None, steps: int, seed: int) -> Roster:
        """Simulated annealing; cooler from a rota that is good already than from a first one."""
        crew, floor, price = self.lines.crew, self.floor, self.problem.objective.shortage_per_agent_hour
        roster = (
            copy_of(start) if start else empty_roster(len(self.problem.people), self.problem.grid.days, floor)
        )
        scratch = scratch_of(floor, crew, roster)
        if not start:
            order = np.random.default_rng(seed).permutation(len(self.problem.people))
            construct(floor, crew, roster, order, scratch)
        best = copy_of(roster)
        cost = self.cost(best) - self.lines.constant
        hot, cold = (price * hours for hours in (POLISH_HOURS if start else SEARCH_HOURS))
        for chunk in range(CHUNKS):
            if self.gap(cost + self.lines.constant) <= self.limits.gap or self.clock.up():
                break
            high, low = (hot * (cold / hot) ** (k / CHUNKS) for k in (chunk, chunk + 1))
            part = steps * (chunk + 1) // CHUNKS - steps * chunk // CHUNKS
            cost = improve(floor, crew, roster, best, cost, scratch, part, high, low, seed * CHUNKS + chunk)
            if seed == self.limits.seed and chunk % 4 == 0:
                now = cost + self.lines.constant
                self.progress(f"cost {now:,.0f}, bound {self.proof.value:,.0f}, gap {self.gap(now):.1%}")
        return best


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
    priced: float,
) -> Solution:  # fmt: skip
    """Everything that is said about a finished rota; ``priced`` is what the search took it to cost.

    A pay law may make more of it than the search knew, never less: where the search's best is proven, ``priced`` is a bound.
    """
    rota = rota_of(problem, roster)
    cost = cost_terms(problem, rota, roster.cover[: len(problem.queues)])
    objective, fixed = sum(cost.values()), fixed_cost(problem)
    bound = min(max(bound, priced) if proven else bound, objective)
    gap = gap_of(objective, bound, fixed)
    status: Status = "clash" if clashes else "optimal" if gap == 0 else "stopped" if clock.cut else "feasible"
    seconds = time.monotonic() - clock.started
    return Solution(status, rota, cost, objective, bound, fixed, gap, not clock.cut, seconds, clashes)
