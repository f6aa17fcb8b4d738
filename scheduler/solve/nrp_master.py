"""A linear programme over lines of work: cover by the lines that pricing finds, then rounded by diving."""

from collections.abc import Callable

import numpy as np
from ortools.linear_solver import pywraplp

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.problem import Floats
from scheduler.solve.nrp_pricing import Pricer

NO_LINE = 1e6
Clock = Callable[[], float]
"""Seconds that are left; negative when time is up."""


class Master:
    """Lines of some people against the cover that the others leave; the others stay as they are.

    Parameters
    ----------
    wishes : what each shift adds to the penalty, shape (people, days, shifts)
    rest : cover by everyone else, shape (days, shifts)
    """

    def __init__(self, pricer: Pricer, wishes: Floats, people: list[int], rest: Ints) -> None:
        self.instance: NrpInstance = pricer.instance
        self.pricer, self.wishes, self.people = pricer, wishes, people
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self._objective = self.solver.Objective()
        self._objective.SetMinimization()
        self._cover = [
            [self._cover_row(day, shift, rest) for shift in range(rest.shape[1])]
            for day in range(rest.shape[0])
        ]
        self._one = {person: self.solver.Constraint(1.0, 1.0) for person in people}
        for row in self._one.values():
            self._variable(NO_LINE, [(row, 1.0)])
        self.lines: dict[int, list[tuple[Ints, pywraplp.Variable]]] = {person: [] for person in people}
        self._known: set[tuple[int, bytes]] = set()
        self.fixed: dict[int, Ints] = {}

    def _cover_row(self, day: int, shift: int, rest: Ints) -> pywraplp.Constraint:
        wanted = float(self.instance.required[day, shift] - rest[day, shift])
        row = self.solver.Constraint(wanted, wanted)
        self._variable(float(self.instance.under_weight[day, shift]), [(row, 1.0)])
        self._variable(float(self.instance.over_weight[day, shift]), [(row, -1.0)])
        return row

    def _variable(self, cost: float, entries: list[tuple[pywraplp.Constraint, float]]) -> pywraplp.Variable:
        variable = self.solver.NumVar(0, self.solver.infinity(), "")
        self._objective.SetCoefficient(variable, cost)
        for row, factor in entries:
            row.SetCoefficient(variable, factor)
        return variable

    def add(self, person: int, line: Ints) -> bool:
        """Take a line in; whether it is a new one."""
        key = person, line.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        worked = np.flatnonzero(line != OFF)
        entries = [(self._cover[day][line[day]], 1.0) for day in worked.tolist()]
        cost = float(self.wishes[person][worked, line[worked]].sum())
        variable = self._variable(cost, [(self._one[person], 1.0), *entries])
        self.lines[person].append((line, variable))
        return True

    def solve(self) -> tuple[float, Floats]:
        """Objective and the prices of cover, shape (days, shifts)."""
        self.solver.Solve()
        prices = np.array([[row.dual_value() for row in rows] for rows in self._cover])
        return float(self._objective.Value()), prices

    def generate(self, rounds: int, tolerance: float, seconds_left: Clock) -> float:
        """Add lines of negative reduced cost, round by round; the proven bound of the last round."""
        bound = -np.inf
        for _ in range(rounds):
            value, prices = self.solve()
            due = {person: row.dual_value() for person, row in self._one.items()}
            fresh, gain = 0, 0.0
            for person in self.people:
                if person in self.fixed:
                    continue
                found = self.pricer.line(person, self.wishes[person] - prices)
                if found is not None and found[0] - due[person] < -1e-6:
                    gain += found[0] - due[person]
                    fresh += self.add(person, found[1])
                if seconds_left() < 0:
                    return bound
            if not fresh or -gain < tolerance * max(1.0, abs(value)):
                return value if self.fixed else self._bound(value, prices, due)
        return bound

    def _bound(self, value: float, prices: Floats, due: dict[int, float]) -> float:
        """What no choice of lawful lines goes below, also of those not priced exactly (Lagrange)."""
        return value + sum(
            min(0.0, self.pricer.relaxed(person, self.wishes[person] - prices) - due[person])
            for person in self.people
        )

    def release(self) -> None:
        """Nobody is fixed any more."""
        for person in self.fixed:
            for _, variable in self.lines[person]:
                variable.SetBounds(0, self.solver.infinity())
        self.fixed = {}

    def dive(self, rng: np.random.Generator, noise: float, seconds_left: Clock) -> dict[int, Ints]:
        """One line for each person: fix the clearest, price again, until everyone has one."""
        while len(self.fixed) < len(self.people):
            self.solver.Solve()
            clearest = sorted(
                (self._clearest(person, rng, noise) for person in self.people if person not in self.fixed),
                key=lambda one: -one[0],
            )
            for rank, (value, person, number) in enumerate(clearest):
                if rank and value <= 0.8:
                    break
                self._fix(person, number)
            if len(self.fixed) < len(self.people) and seconds_left() > 0:
                self.generate(4, 1e-3, seconds_left)
        return dict(self.fixed)

    def _clearest(self, person: int, rng: np.random.Generator, noise: float) -> tuple[float, int, int]:
        """The line of a person with the largest value, and its number."""
        lines = self.lines[person]
        values = np.array([variable.solution_value() for _, variable in lines]) + noise * rng.random(
            len(lines)
        )
        number = int(values.argmax())
        return float(values[number]), person, number

    def _fix(self, person: int, number: int) -> None:
        for k, (line, variable) in enumerate(self.lines[person]):
            variable.SetBounds(float(k == number), float(k == number))
            if k == number:
                self.fixed[person] = line
