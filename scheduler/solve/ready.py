"""Machine code before the clock: the first solve on a machine compiles for half a minute, which is not work on the rota."""

from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Grid
from centre.model import Break, Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.shifts import candidate_shifts
from scheduler.solution import Limits
from scheduler.solve.clock import Clock
from scheduler.solve.cover_model import groups_of
from scheduler.solve.crew import lines_of
from scheduler.solve.floor import floor_of
from scheduler.solve.master import relax, rounded
from scheduler.solve.run import Run


@cache
def make_ready() -> None:
    """Plan one person's hour once in a process, so that everything is compiled, or read from where compiled code is kept."""
    grid = Grid(ZoneInfo("UTC"), 0, 1, 60)
    shifts = tuple(candidate_shifts([ShiftTemplate("one", 0, 0, 120, breaks=(Break(60, 0, 0),))], grid))
    need = np.zeros((1, 24))
    problem = RotaProblem(
        grid, ("q",), need, need, shifts, (PlannedPerson("p", ((0, 1.0),), ()),), Objective()
    )
    lines, floor = lines_of(problem), floor_of(problem)
    relaxed = relax(lines, floor, groups_of(lines)[0], 1, 0.0, lambda value, bound: True, lambda: True, 1)
    run = Run(problem, lines, floor, Limits(effort=0, workers=1), Clock(None), lambda words: None, 0.0)
    run.search(rounded(lines, floor, relaxed, 1, 1), 0.0)
    run.search(None, 0.0)
