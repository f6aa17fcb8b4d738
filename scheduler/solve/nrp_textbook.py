"""The textbook model of a benchmark instance: a boolean for each person, day and shift, given to CP-SAT as it is.

The plain way that anybody would write down first; the benchmark's peer for what we do better.
"""

import math
import time
from itertools import product

import numpy as np
from ortools.sat.python import cp_model

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.solve.nrp_result import NrpResult, Progress
from scheduler.solve.stoppable import solved

Cells = dict[tuple[int, int, int], cp_model.IntVar]
Days = dict[tuple[int, int], cp_model.IntVar]
SHORTEST = 0.1
"""Seconds that CP-SAT gets at least, however long it took to write the model down."""


def solve_textbook(
    instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress = lambda _: None
) -> NrpResult:
    """Solve an instance with one CP-SAT model and its default search.

    Parameters
    ----------
    seconds : limit by the clock, the writing of the model included
    workers : threads of CP-SAT
    seed : its random seed; with more than one worker a run repeats only where it proves its optimum
    """
    began = time.monotonic()
    try:
        written = _Model(instance, began + seconds)
    except _TimeUp:
        return NrpResult(None, None, 0, time.monotonic() - began, "unknown")
    progress(f"textbook model: {len(written.works):,} booleans")
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(SHORTEST, seconds - (time.monotonic() - began))
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solved(solver, written.model, _Told(progress))
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    bound = (
        max(0, math.ceil(solver.best_objective_bound - 1e-6)) if found or status == cp_model.UNKNOWN else 0
    )
    return NrpResult(
        written.assignments(solver) if found else None,
        round(solver.objective_value) if found else None,
        bound,
        time.monotonic() - began,
        "optimal" if status == cp_model.OPTIMAL
        else "feasible" if found
        else "infeasible" if status == cp_model.INFEASIBLE
        else "unknown",
    )  # fmt: skip


class _TimeUp(Exception):
    """Writing the model down took all the time there was."""


class _Told(cp_model.CpSolverSolutionCallback):
    """Tells each better roster."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def on_solution_callback(self) -> None:
        """Tell its penalty and what is proven so far."""
        self.progress(
            f"penalty {self.objective_value:,.0f}, bound {max(0.0, self.best_objective_bound):,.0f}"
        )


class _Model:
    """The model: ``works`` a boolean for each person, day and shift, ``on`` whether the person works on that day.

    Raises `_TimeUp` where the clock passes ``deadline`` before all is written down.
    """

    def __init__(self, instance: NrpInstance, deadline: float) -> None:
        self.instance = instance
        self.model = cp_model.CpModel()
        self.people, self.days, self.shifts = len(instance.staff), instance.days, len(instance.shifts)
        self.works: Cells = {}
        self.on: Days = {}
        for person in range(self.people):
            if time.monotonic() > deadline:
                raise _TimeUp
            self._days(person)
            self._successions(person)
            self._totals(person)
            self._runs(person)
            self._weekends(person)
        self._objective()

    def assignments(self, solver: cp_model.CpSolver) -> Ints:
        """The solution as shift numbers, (people, days)."""
        roster = np.full((self.people, self.days), OFF, dtype=np.int64)
        for (person, day, shift), variable in self.works.items():
            if solver.boolean_value(variable):
                roster[person, day] = shift
        return roster

    def _days(self, person: int) -> None:
        """One shift a day at most, none on fixed days off."""
        for day, shift in product(range(self.days), range(self.shifts)):
            self.works[person, day, shift] = self.model.new_bool_var("")
        for day in range(self.days):
            on = self.on[person, day] = self.model.new_bool_var("")
            self.model.add(sum(self.works[person, day, s] for s in range(self.shifts)) == on)
            if self.instance.fixed_off[person, day]:
                self.model.add(on == 0)

    def _successions(self, person: int) -> None:
        """Shifts that cannot follow one another."""
        for first, second in np.argwhere(self.instance.cannot_follow).tolist():
            for day in range(self.days - 1):
                self.model.add_bool_or(~self.works[person, day, first], ~self.works[person, day + 1, second])

    def _totals(self, person: int) -> None:
        """Number of each shift, and minutes."""
        data = self.instance
        counts = [sum(self.works[person, d, s] for d in range(self.days)) for s in range(self.shifts)]
        for shift, most in enumerate(data.max_shifts[person].tolist()):
            self.model.add(counts[shift] <= most)
        minutes = sum(length * count for length, count in zip(data.minutes.tolist(), counts, strict=True))
        self.model.add_linear_constraint(
            minutes, int(data.min_minutes[person]), int(data.max_minutes[person])
        )

    def _runs(self, person: int) -> None:
        """Runs of work no longer than the most; no run of work or of days off inside the horizon shorter than the least."""
        data, on = self.instance, [self.on[person, day] for day in range(self.days)]
        most = int(data.max_run[person])
        for first in range(self.days - most):
            self.model.add(sum(on[first : first + most + 1]) <= most)
        for length in range(1, int(data.min_run[person])):
            for first in range(1, self.days - length):
                run = [~day for day in on[first : first + length]]
                self.model.add_bool_or(on[first - 1], *run, on[first + length])
        for length in range(1, int(data.min_off[person])):
            for first in range(1, self.days - length):
                self.model.add_bool_or(~on[first - 1], *on[first : first + length], ~on[first + length])

    def _weekends(self, person: int) -> None:
        """Weekends with work."""
        worked = []
        for days in self.instance.weekends:
            weekend = self.model.new_bool_var("")
            worked.append(weekend)
            for day in days:
                self.model.add_implication(self.on[person, day], weekend)
        if worked:
            self.model.add(sum(worked) <= int(self.instance.max_weekends[person]))

    def _objective(self) -> None:
        """Requests, and people missing and beyond at every day and shift."""
        data = self.instance
        constant, added = data.wishes()
        terms: list[cp_model.LinearExprT] = [constant]
        for person, day, shift in np.argwhere(added).tolist():
            terms.append(int(added[person, day, shift]) * self.works[person, day, shift])
        for day in range(self.days):
            for shift in range(self.shifts):
                wanted = int(data.required[day, shift])
                under = self.model.new_int_var(0, wanted, "")
                over = self.model.new_int_var(0, self.people, "")
                there = sum(self.works[n, day, shift] for n in range(self.people))
                self.model.add(there + under - over == wanted)
                terms += [
                    int(data.under_weight[day, shift]) * under,
                    int(data.over_weight[day, shift]) * over,
                ]
        self.model.minimize(sum(terms))
