"""The proven bound: a linear programme over whole lines, columns made as its duals ask for them (column generation).

Columns are lines of people who are alike; rows count how many work each candidate shift, split each shift's breaks over their windows
(exact, as windows of one shift do not overlap), share mixed-skilled people out over queues, and price cover. Each round the cheapest
line of every group under the duals is found; sum over groups of (size x reduced cost) below the programme's value is a bound that no
rota can beat, whatever columns are still missing. **Source:** Lagrangian bound of Dantzig-Wolfe decomposition, Desrosiers and
Lübbecke 2005; implicit breaks, Aykin 1996.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.shifts import break_starts
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.search import path

Line = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Group:
    """People who are alike: same lines, same prices of shifts, same skills; ``people`` are their numbers."""

    people: tuple[int, ...]
    graph: int
    own: Floats
    skills: int


@dataclass
class Bound:
    """What the linear programme proves and proposes.

    ``value`` is the bound on the objective, ``columns`` all lines made, by group; ``weights`` their values in the last programme.
    """

    value: float
    groups: list[Group]
    columns: list[list[Line]]
    weights: list[list[float]] = field(default_factory=list)
    converged: bool = False
    rounds: int = 0


def groups_of(lines: Lines) -> tuple[list[Group], Floats]:
    """Groups of people alike, and the distinct skill sets as rows of speeds."""
    skill_sets: dict[bytes, int] = {}
    alike: dict[tuple[int, bytes, int], list[int]] = {}
    crew = lines.crew
    for person in range(len(crew.own)):
        skills = skill_sets.setdefault(crew.speeds[person].tobytes(), len(skill_sets))
        alike.setdefault((int(crew.graph[person]), crew.own[person].tobytes(), skills), []).append(person)
    groups = [Group(tuple(p), g, crew.own[p[0]], s) for (g, _, s), p in alike.items()]
    speeds = np.array([np.frombuffer(key) for key in skill_sets]).reshape(len(skill_sets), -1)
    return groups, speeds


class Master:
    """The linear programme; grows by columns."""

    def __init__(self, problem: RotaProblem, floor: Floor, groups: list[Group], speeds: Floats) -> None:
        self.problem, self.floor, self.groups, self.speeds = problem, floor, groups, speeds
        self.model = mathopt.Model()
        self.duty: list[list[list[mathopt.LinearTypes]]] = []
        self.one_line = [
            self.model.add_linear_constraint(lb=len(g.people), ub=len(g.people), name=f"group {k}")
            for k, g in enumerate(groups)
        ]
        self.link: dict[tuple[int, int], mathopt.LinearConstraint] = {}
        self.columns: list[dict[Line, mathopt.Variable]] = [{} for _ in groups]
        duty = self._shifts()
        self._cover(duty)

    def _shifts(self) -> list[list[list[mathopt.LinearTypes]]]:
        """Count variables and break variables of every shift; returns minutes on duty by skill set and interval, as terms."""
        floor, model, problem = self.floor, self.model, self.problem
        intervals = floor.levels.shape[2]
        duty: list[list[list[mathopt.LinearTypes]]] = [[[] for _ in range(intervals)] for _ in self.speeds]
        used = {
            (g.skills, int(s)) for g in self.groups for s in np.flatnonzero(np.isfinite(g.own))
        }
        for skills, s in sorted(used):
            shift = problem.shifts[s]
            count = model.add_variable(lb=0)
            self.link[skills, s] = model.add_linear_constraint(expr=-1.0 * count, lb=0, ub=0)
            self._spread(duty[skills], shift.start, shift.end, count, 1.0)
            for k, pause in enumerate(shift.template.breaks):
                placed = [(at, model.add_variable(lb=0)) for at in break_starts(shift, k)]
                model.add_linear_constraint(mathopt.fast_sum([v for _, v in placed]) == count)
                for at, variable in placed:
                    self._spread(duty[skills], at, at + pause.minutes, variable, -1.0)
        return duty

    def _spread(
        self, duty: list[list[mathopt.LinearTypes]], start: int, end: int, variable: mathopt.Variable, sign: float
    ) -> None:
        """Add a stretch's minutes to the intervals that it touches."""
        length, origin = self.floor.interval_minutes, self.problem.grid.start
        for t in range(max(0, (start - origin) // length), min(len(duty), -((origin - end) // length))):
            minutes = min(end - origin, (t + 1) * length) - max(start - origin, t * length)
            duty[t].append(sign * minutes * variable)

    def _cover(self, duty: list[list[list[mathopt.LinearTypes]]]) -> None:
        """Price of every interval; people with several skills are shared out, each minute counted once."""
        floor, model = self.floor, self.model
        queues, intervals = floor.levels.shape[1:]
        terms = []
        for t in range(intervals):
            cover: list[list[mathopt.LinearTypes]] = [[] for _ in range(queues)]
            for skills, row in enumerate(self.speeds):
                if not duty[skills][t]:
                    continue
                mine = np.flatnonzero(row)
                shares = [model.add_variable(lb=0) for _ in mine]
                model.add_linear_constraint(mathopt.fast_sum(shares) == mathopt.fast_sum(duty[skills][t]))
                for queue, share in zip(mine, shares, strict=True):
                    cover[queue].append(float(row[queue]) * share)
            for q in range(queues):
                terms += self._interval(q, t, cover[q])
        model.minimize(mathopt.fast_sum(terms))

    def _interval(self, q: int, t: int, cover: list[mathopt.LinearTypes]) -> list[mathopt.LinearTypes]:
        """Shortage in three depths and surplus of one interval."""
        floor, model = self.floor, self.model
        required, deep, minimum = (float(level) for level in floor.levels[:, q, t])
        shortage, deeper, below_minimum, surplus = (float(rate) for rate in floor.rates)
        if not cover and required == 0:
            return []
        near, over = model.add_variable(lb=0), model.add_variable(lb=0)
        model.add_linear_constraint(mathopt.fast_sum(cover) + near - over == required)
        terms: list[mathopt.LinearTypes] = [shortage * near, surplus * over]
        for level, extra in ((deep, deeper), (minimum, below_minimum)):
            if level > 0 and extra > 0:
                below = model.add_variable(lb=0)
                model.add_linear_constraint(near - below <= required - level)
                terms.append(extra * below)
        return terms

    def add(self, group: int, line: Line, cost: float) -> bool:
        """Add a column unless it is there."""
        if line in self.columns[group]:
            return False
        variable = self.model.add_variable(lb=0)
        self.columns[group][line] = variable
        self.model.objective.set_linear_coefficient(variable, cost)
        self.one_line[group].set_coefficient(variable, 1.0)
        for shift in line:
            if shift >= 0:
                self.link[self.groups[group].skills, shift].set_coefficient(variable, 1.0)
        return True

    def prices(self, result: mathopt.SolveResult) -> "tuple[_Prices, list[float]]":
        """Duals of the shifts, and of the groups."""
        duals = result.dual_values()
        shifts = np.zeros((len(self.speeds), len(self.problem.shifts)))
        for (skills, shift), row in self.link.items():
            shifts[skills, shift] = duals[row]
        own = [duals[row] for row in self.one_line]
        groups = sum(len(g.people) * price for g, price in zip(self.groups, own, strict=True))
        return _Prices(shifts, result.objective_value() - groups), own


@dataclass
class _Prices:
    """Duals of the shifts, shape (skill sets, shifts), and what the dual objective is worth without the groups' part."""

    shifts: Floats
    rest: float


class _Pricing:
    """Finds each group's cheapest line under given prices."""

    def __init__(self, lines: Lines, groups: list[Group], days: int) -> None:
        self.crew, self.groups = lines.crew, groups
        self.best = np.empty((days + 1, lines.crew.width))
        self.via = np.zeros((days + 1, lines.crew.width), dtype=np.int64)

    def __call__(self, prices: _Prices) -> tuple[float, list[tuple[Line, float]]]:
        """The bound that these prices prove, and per group the cheapest line with its own cost."""
        proven, found = prices.rest, []
        for group in self.groups:
            out = np.empty(self.best.shape[0] - 1, dtype=np.int64)
            values = group.own - prices.shifts[group.skills]
            cost = path(self.crew, group.graph, values, self.best, self.via, out)
            proven += len(group.people) * cost
            line = tuple(int(c) for c in out)
            found.append((line, cost + sum(float(prices.shifts[group.skills, c]) for c in line if c >= 0)))
        return proven, found


SMOOTHING = 0.7


def bound(
    problem: RotaProblem,
    lines: Lines,
    floor: Floor,
    start: list[tuple[int, Line, float]],
    rounds: int,
    tolerance: float,
    stopped: Callable[[float], bool],
) -> Bound:
    """Generate columns until the bound is within ``tolerance`` (relative) of the programme's value, or told to stop.

    Lines are priced under a mean of the best prices so far and the latest ones, which wander less (Wentges smoothing); a mean of
    dual feasible prices is dual feasible, so that it proves a bound as well.

    Parameters
    ----------
    start : (person, line, own cost) of a first rota, so that the programme has a solution from the start
    stopped : asked once a round, with the bound so far
    """
    groups, speeds = groups_of(lines)
    master = Master(problem, floor, groups, speeds)
    group_of = {person: k for k, g in enumerate(groups) for person in g.people}
    for person, line, cost in start:
        master.add(group_of[person], line, cost)
    solver = mathopt.IncrementalSolver(master.model, mathopt.SolverType.GLOP)
    pricing = _Pricing(lines, groups, problem.grid.days)
    best, centre, converged, done, value = -np.inf, None, False, 0, np.inf
    while done < rounds and not converged:
        result = solver.solve()
        value, done, added = result.objective_value(), done + 1, 0
        latest, own = master.prices(result)
        tried = [latest] if centre is None else [_mean(centre, latest), latest]
        for prices in tried:
            proven, found = pricing(prices)
            if proven > best:
                best, centre = proven, prices
            for number, (line, cost) in enumerate(found):
                if cost - sum(latest.shifts[groups[number].skills, c] for c in line if c >= 0) < own[number] - 1e-6:
                    added += master.add(number, line, cost)
        converged = added == 0 or value - best <= tolerance * abs(value)
        if stopped(best):
            break
    weights = [[result.variable_values(v) for v in columns.values()] for columns in master.columns]
    return Bound(best, groups, [list(c) for c in master.columns], weights, converged, done)


def _mean(centre: _Prices, latest: _Prices) -> _Prices:
    """Prices between the best and the latest."""
    a, b = SMOOTHING, 1 - SMOOTHING
    return _Prices(a * centre.shifts + b * latest.shifts, a * centre.rest + b * latest.rest)
