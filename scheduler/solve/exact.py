"""The exact model: every person, day and candidate shift a boolean, every rule and price written on them, all given to CP-SAT at once.

It shares nothing with the engine's graphs of lines, so that the two judge each other; it also serves teams that are small, repairs, and
rules that the engine cannot follow. An agent serves one queue at a time: in each interval all their minutes are one queue's.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.cost import cost_terms
from scheduler.problem import RotaProblem, without
from scheduler.rota import Rota
from scheduler.solution import Clash, Limits, Solution, Status
from scheduler.solve.exact_clashes import line_alone, stuck_people, unmet_minimum
from scheduler.solve.exact_cover import Cover
from scheduler.solve.exact_line import Line
from scheduler.solve.exact_money import Money
from scheduler.solve.exact_people import charge_person
from scheduler.solve.exact_rota import Plan, Worked, cover_of, hint, rota_of, served_of, worked_of
from scheduler.solve.exact_rules import line_of
from scheduler.solve.exact_search import Progress, Searched, searched

TINY = 1e-6
"""Share of the cost that counts as rounding."""


def solve_exact(
    problem: RotaProblem,
    limits: Limits,
    progress: Progress = lambda _: None,
    *,
    start: Rota | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Solution:
    """Make the best rota there is, or the best found within ``limits`` with what is proven about it.

    People for whom rules leave no line at all are named as a clash and stay unplanned; everybody else is planned.

    Parameters
    ----------
    start : a rota to begin with; what the problem does not know of it is left out
    stop : asked many times a second; the search ends once it says so
    """
    run = _Run(problem, limits, progress, start, stop, time.monotonic())
    run.search()
    clashes: tuple[Clash, ...] = ()
    if run.ended.solver is None:
        alone = [line_alone(problem, person) for person in problem.people]
        stuck = [p.agent_id for p, line in zip(problem.people, alone, strict=True) if line is None]
        clashes = stuck_people(problem, stuck)
        run.problem = without(problem, stuck)
        run.fallback = tuple(line for line in alone if line is not None)
        if stuck:
            run.search()
    return run.solution(clashes)


@dataclass
class _Run:
    """One solve: its model, how the search ended, and lines to fall back on where it found no rota in its time."""

    problem: RotaProblem
    limits: Limits
    progress: Progress
    start: Rota | None
    stop: Callable[[], bool]
    began: float
    fallback: tuple[tuple[Worked, ...], ...] = ()

    def search(self) -> None:
        """Write the model down and search."""
        problem, limits = self.problem, self.limits
        model, days = (
            cp_model.CpModel(),
            range(problem.grid.first_day, problem.grid.first_day + problem.grid.days),
        )
        self.money = Money()
        self.lines: list[Line] = [line_of(model, problem.shifts, days, person) for person in problem.people]
        for line, person in zip(self.lines, problem.people, strict=True):
            charge_person(line, person, self.money)
        self.serves = Cover(model, problem, self.lines, self.money).serves
        self.fixed = sum(person.fixed_minutes * person.cost_per_minute for person in problem.people)
        self.money.minimise(model, self.fixed)
        if self.start is not None:
            hint(model, problem, self.lines, self.start)
        self.progress(
            f"exact model: {len(problem.people)} people, {sum(len(line.works) for line in self.lines):,} possible shifts"
        )
        left = None if limits.seconds is None else limits.seconds - (time.monotonic() - self.began)
        self.ended: Searched = searched(model, limits, left, self._tell, self.stop)

    def _tell(self, objective: float, bound: float) -> None:
        """Tell a better rota."""
        cost, proven = self.money.cost(objective), self.money.bound(bound)
        self.progress(f"cost {cost:,.0f}, bound {proven:,.0f}, gap {gap_of(cost, proven, self.fixed):.1%}")

    def _plan(self) -> Plan:
        """What was found, or anybody's first line where nothing was."""
        solver = self.ended.solver
        if solver is None:
            return Plan(self.fallback, {})
        return Plan(tuple(worked_of(line, solver) for line in self.lines), served_of(self.serves, solver))

    def solution(self, clashes: tuple[Clash, ...]) -> Solution:
        """Everything that is said about the rota; its cost is recounted from it."""
        problem, plan, cut = self.problem, self._plan(), self.ended.cut
        rota, cover = rota_of(problem, plan), cover_of(problem, plan)
        cost = cost_terms(problem, rota, cover)
        objective = sum(cost.values())
        bound = min(self.money.bound(self.ended.bound), objective)
        gap = gap_of(objective, bound, self.fixed)
        if gap == 0:
            clashes += unmet_minimum(problem, cover)
        status: Status = "clash" if clashes else "optimal" if gap == 0 else "stopped" if cut else "feasible"
        seconds = time.monotonic() - self.began
        return Solution(status, rota, cost, objective, bound, self.fixed, gap, not cut, seconds, clashes)


def gap_of(objective: float, bound: float, fixed: float) -> float:
    """(objective - bound) / controllable cost, 0 where the difference is rounding; see `Solution.gap`."""
    difference = objective - bound
    if difference <= TINY * max(1.0, abs(objective)):
        return 0.0
    return difference / max(objective - fixed, difference) if math.isfinite(difference) else 1.0
