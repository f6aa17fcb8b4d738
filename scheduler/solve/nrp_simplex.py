"""The linear programme over lines, solved exactly by the simplex method: shares at a corner, few of them broken."""

from typing import TYPE_CHECKING

import numpy as np
from ortools.linear_solver import pywraplp

from scheduler.nrp.instance import OFF, Ints
from scheduler.problem import Floats

if TYPE_CHECKING:
    from scheduler.solve.nrp_master import Column


class Simplex:
    """Columns, each a line of somebody, against the cover wanted of them.

    Parameters
    ----------
    wanted : people wanted, (days, shifts)
    under, over : price of each missing and beyond, (days, shifts)
    people : how many people
    """

    def __init__(self, wanted: Ints, under: Ints, over: Ints, people: int) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._objective = self._solver.Objective()
        self._objective.SetMinimization()
        self._cover = [
            [self._solver.Constraint(float(need), float(need)) for need in row] for row in wanted.tolist()
        ]
        for rows, low, high in zip(self._cover, under.tolist(), over.tolist(), strict=True):
            for row, missing, beyond in zip(rows, low, high, strict=True):
                self._variable(float(missing), [(row, 1.0)])
                self._variable(float(beyond), [(row, -1.0)])
        self._one = [self._solver.Constraint(1.0, 1.0) for _ in range(people)]
        self._fixed_since = False
        self._own: list[list[tuple[Column, pywraplp.Variable]]] = [[] for _ in range(people)]

    def _variable(self, cost: float, entries: list[tuple[pywraplp.Constraint, float]]) -> pywraplp.Variable:
        variable = self._solver.NumVar(0, self._solver.infinity(), "")
        self._objective.SetCoefficient(variable, cost)
        for row, factor in entries:
            row.SetCoefficient(variable, factor)
        return variable

    def add(self, number: int, column: "Column") -> None:
        """Take a column in, of the person of that number."""
        worked = np.flatnonzero(column.line != OFF)
        entries = [(self._cover[day][column.line[day]], 1.0) for day in worked.tolist()]
        self._own[number].append(
            (column, self._variable(float(column.cost), [(self._one[number], 1.0), *entries]))
        )

    def columns(self, number: int) -> list["Column"]:
        """The columns of a person."""
        return [column for column, _ in self._own[number]]

    def fix(self, number: int, chosen: "Column") -> None:
        """The person works this column from now on."""
        for column, variable in self._own[number]:
            variable.SetBounds(float(column is chosen), float(column is chosen))
        self._fixed_since = True

    def free(self, number: int) -> None:
        """The person is not fixed any more."""
        for _, variable in self._own[number]:
            variable.SetBounds(0, self._solver.infinity())
        self._fixed_since = True

    def solve(self) -> tuple[float, Floats]:
        """What the best shares cost, and the prices of cover, (days x shifts,); shares go into the columns."""
        how = _how(
            pywraplp.MPSolverParameters.DUAL if self._fixed_since else pywraplp.MPSolverParameters.PRIMAL
        )
        if self._solver.Solve(how) != pywraplp.Solver.OPTIMAL:  # lost its footing: from the start
            self._solver.Solve()
        self._fixed_since = False
        for own in self._own:
            for column, variable in own:
                column.share = variable.solution_value()
        prices = np.array([[row.dual_value() for row in rows] for rows in self._cover])
        return float(self._objective.Value()), prices.ravel()


def _how(algorithm: int) -> pywraplp.MPSolverParameters:
    """From the last basis on, which is why nothing is simplified before."""
    of = pywraplp.MPSolverParameters
    how = of()
    how.SetIntegerParam(of.PRESOLVE, of.PRESOLVE_OFF)
    how.SetIntegerParam(of.LP_ALGORITHM, algorithm)
    return how
