"""The part that bound and choice share: how many work each candidate shift, where their breaks lie, whom they serve, what cover costs.

Breaks are counted per shift and start, not per person: exact, as the break windows of one template do not overlap. People with several
skills are shared out over queues, each minute once. **Source:** implicit breaks, Aykin 1996.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.shifts import break_starts
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor, below_minimum_rate

Terms = list[mathopt.LinearTypes]


@dataclass(frozen=True, eq=False)
class Group:
    """People who are alike: same lines, same prices of shifts, same skills and weights in duty rows; ``people`` are their numbers."""

    people: tuple[int, ...]
    graph: int
    own: Floats
    skills: int


def groups_of(lines: Lines) -> tuple[list[Group], Floats]:
    """Groups of people alike, and the distinct skill sets as rows of speeds, shape (skill sets, rows of `Floor`)."""
    skill_sets: dict[bytes, int] = {}
    alike: dict[tuple[int, bytes, int], list[int]] = {}
    crew = lines.crew
    for person in range(len(crew.own)):
        skills = skill_sets.setdefault(crew.speeds[person].tobytes(), len(skill_sets))
        alike.setdefault((int(crew.graph[person]), crew.own[person].tobytes(), skills), []).append(person)
    groups = [Group(tuple(p), g, crew.own[p[0]], s) for (g, _, s), p in alike.items()]
    return groups, np.array([np.frombuffer(key) for key in skill_sets]).reshape(len(skill_sets), -1)


class CoverModel:
    """A MathOpt model of the cover side; whoever uses it ties lines to `counts` and adds to `objective`.

    Parameters
    ----------
    whole : whether counts, breaks and minutes are whole numbers (a choice) or not (a bound)
    """

    def __init__(
        self,
        problem: RotaProblem,
        lines: Lines,
        floor: Floor,
        groups: Sequence[Group],
        speeds: Floats,
        whole: bool,
    ) -> None:
        self.problem, self.floor, self.groups, self.speeds, self.whole = problem, floor, groups, speeds, whole
        self.model = mathopt.Model()
        self.counts: dict[tuple[int, int], mathopt.Variable] = {}
        self.workers: dict[tuple[int, int], Terms] = {}
        self.breaks: dict[tuple[int, int, int], dict[int, mathopt.Variable]] = {}
        self.shares: dict[tuple[int, int], dict[int, mathopt.Variable]] = {}
        self.slacks: dict[tuple[int, int], list[tuple[mathopt.Variable, float]]] = {}
        self.below_minimum: dict[tuple[int, int], mathopt.Variable] = {}
        self.objective: Terms = []
        usable = {
            g: {int(c) for c in lines.graphs[g].choice if c >= 0} for g in {group.graph for group in groups}
        }
        used = {(g.skills, s) for g in groups for s in usable[g.graph] if np.isfinite(g.own[s])}
        self._cover(self._duty(sorted(used)))

    def number(self, high: float) -> mathopt.Variable:
        """A variable from 0 to ``high``, whole where the model is."""
        if self.whole:
            return self.model.add_integer_variable(lb=0, ub=high)
        return self.model.add_variable(lb=0)

    def finish(self) -> mathopt.Model:
        """Tie the counts to the lines that were added to `workers`, and set the objective."""
        for key, count in self.counts.items():
            self.model.add_linear_constraint(mathopt.fast_sum(self.workers[key]) == count)
        self.model.minimize(mathopt.fast_sum(self.objective))
        return self.model

    def _duty(self, used: Sequence[tuple[int, int]]) -> list[list[Terms]]:
        """Count and break variables of every shift; minutes on duty by skill set and interval."""
        people = len(self.problem.people)
        duty: list[list[Terms]] = [[[] for _ in range(self.floor.levels.shape[1])] for _ in self.speeds]
        for skills, s in used:
            shift = self.problem.shifts[s]
            count = self.number(people)
            self.counts[skills, s], self.workers[skills, s] = count, []
            self._spread(duty[skills], shift.start, shift.end, count, 1.0)
            for k, pause in enumerate(shift.template.breaks):
                placed = {at: self.number(people) for at in break_starts(shift, k)}
                self.breaks[skills, s, k] = placed
                self.model.add_linear_constraint(mathopt.fast_sum(placed.values()) == count)
                for at, variable in placed.items():
                    self._spread(duty[skills], at, at + pause.minutes, variable, -1.0)
        return duty

    def _spread(
        self, duty: list[Terms], start: int, end: int, variable: mathopt.Variable, sign: float
    ) -> None:
        """Add a stretch's minutes to the intervals that it touches."""
        length, origin = self.floor.interval_minutes, self.problem.grid.start
        for t in range(max(0, (start - origin) // length), min(len(duty), -((origin - end) // length))):
            minutes = min(end - origin, (t + 1) * length) - max(start - origin, t * length)
            duty[t].append(sign * minutes * variable)

    def _cover(self, duty: list[list[Terms]]) -> None:
        """Share people out over their queues and price every interval."""
        (rows, intervals, _), queues = self.floor.levels.shape, self.floor.queues
        most = len(self.problem.people) * self.floor.interval_minutes
        for t in range(intervals):
            cover: list[Terms] = [[] for _ in range(rows)]
            for skills, speeds in enumerate(self.speeds):
                if not duty[skills][t]:
                    continue
                on_duty = mathopt.fast_sum(duty[skills][t])
                for row in (np.flatnonzero(speeds[queues:]) + queues).tolist():
                    cover[row].append(float(speeds[row]) * on_duty)
                mine = np.flatnonzero(speeds[:queues])
                if not len(mine):
                    continue
                shares = {int(queue): self.number(most) for queue in mine}
                self.shares[skills, t] = shares
                self.model.add_linear_constraint(mathopt.fast_sum(shares.values()) == on_duty)
                for queue, share in shares.items():
                    cover[queue].append(float(speeds[queue]) * share)
            for row in range(rows):
                self._price(row, t, cover[row])

    def _price(self, row: int, t: int, cover: Terms) -> None:
        """Shortage piece by piece, and surplus, of one interval."""
        levels, rates = self.floor.levels[row, t], self.floor.rates[row, t]
        if not cover and not levels.any():
            return
        most = (len(self.problem.people) + 1) * self.floor.interval_minutes + float(abs(levels).max())
        total = mathopt.fast_sum(cover)
        surplus, below = float(self.floor.surplus[row, t]), below_minimum_rate(self.problem) / 60
        self.objective.append(surplus * total - surplus * float(self.floor.wanted[row, t]))
        slacks = self.slacks[row, t] = []
        for level, rate in zip(levels.tolist(), rates.tolist(), strict=True):
            if rate > 0 and (level > 0 or row >= self.floor.queues):
                slack = self.number(most)
                slacks.append((slack, level))
                self.model.add_linear_constraint(slack >= level - total)
                self.objective.append(rate * slack)
                if row < self.floor.queues and rate == below:
                    self.below_minimum[row, t] = slack
