"""Each primitive in the exact model against a judge of its own, written from the docstrings: the same lines on every line of four days."""

from itertools import product
from zoneinfo import ZoneInfo

import pytest
from ortools.sat.python import cp_model

from centre.instants import Grid, local_instant
from centre.model import Break, ShiftTemplate
from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    Nights,
    RestAfterNights,
    ShiftBreak,
    ShiftLength,
    UnbrokenWork,
)
from scheduler.shifts import candidate_shifts
from scheduler.solve.exact_rules import line_of
from tests.scheduler.rota_judge import Worked, honours

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, DAYS, HOUR = 19811, 4, 60  # Friday 2024-03-29; clocks go forward on the Sunday
EARLY = ShiftTemplate("early", 360, 360, 480, breaks=(Break(45, 180, 240, paid=False, kind="meal"),))
LATE = ShiftTemplate("late", 840, 840, 540, breaks=(Break(30, 120, 120),))
NIGHT = ShiftTemplate("night", 1320, 1320, 480)
GRID = Grid(BERLIN, FIRST, DAYS, 60)
SHIFTS = tuple(candidate_shifts((EARLY, LATE, NIGHT), GRID))
START = GRID.start
WINDOWS = tuple(
    (local_instant(BERLIN, day, 1380), local_instant(BERLIN, day + 1, 360))
    for day in range(FIRST - 1, FIRST + DAYS)
)
NIGHTS = Nights(WINDOWS, 3 * HOUR)
LAST_NIGHT = START + 6 * HOUR
PRIMITIVES = {
    "eleven hours of rest": MinimumRest(11 * HOUR),
    "a rest of a day and a half": MinimumRest(36 * HOUR),
    "no overlap": MinimumRest(0),
    "two or three shifts": BoundedSum(FIRST, FIRST + 3, "shifts", 2, 3),
    "paid minutes of the last days": BoundedSum(FIRST + 2, FIRST + 9, "paid_minutes", 500, 975),
    "worked minutes": BoundedSum(FIRST, FIRST + 2, "worked_minutes", high=16 * HOUR - 30),
    "two days in a row": BoundedRun(2),
    "no day": BoundedRun(0),
    "35 hours free": GapInWindow(35 * HOUR, START, START + 70 * HOUR),
    "24 hours free in the middle": GapInWindow(24 * HOUR, START + 24 * HOUR, START + 56 * HOUR),
    "a gap as long as its window": GapInWindow(9 * HOUR, START + 13 * HOUR, START + 22 * HOUR),
    "a gap longer than its window": GapInWindow(25 * HOUR, START, START + 24 * HOUR),
    "11 hours in any 30": GapInAnyWindow(11 * HOUR, 30 * HOUR),
    "24 hours in any 72": GapInAnyWindow(24 * HOUR, 72 * HOUR),
    "leave": ForbiddenTime(START + 30 * HOUR, START + 46 * HOUR),
    "leave until a shift begins": ForbiddenTime(START + 23 * HOUR, START + 30 * HOUR),
    "a day off": ForbiddenDay(FIRST + 1),
    "no nights": AllowedShifts(frozenset({"early", "late"})),
    "eight hours elapsed": ShiftLength("elapsed_minutes", 480),
    "eight hours paid": ShiftLength("paid_minutes", 479),
    "eight hours worked": ShiftLength("worked_minutes", 479),
    "40 minutes of breaks": ShiftBreak(435, 40, 15),
    "a break of 40 minutes": ShiftBreak(435, 45, 45),
    "breaks of shifts longer than seven and a quarter hours": ShiftBreak(434, 45, 45),
    "one short rest": BoundedShortRests(11 * HOUR, 7 * HOUR, 1),
    "no short rest": BoundedShortRests(11 * HOUR, 0, 0),
    "two short rests": BoundedShortRests(11 * HOUR, 0, 2),
    "one of three days": BoundedDays((FIRST, FIRST + 2, FIRST + 3), 1),
    "a free day afterwards": FreeDayInExchange(FIRST, (FIRST + 1, FIRST + 2)),
    "a free day around": FreeDayInExchange(FIRST + 2, (FIRST + 1, FIRST + 3)),
    "one night": BoundedNights(NIGHTS, FIRST + 1, FIRST + 3, 1),
    "no night but one": BoundedNights(NIGHTS, FIRST, FIRST + 2, 0),
    "two nights in a row": BoundedNightRun(NIGHTS, 2),
    "two nights in a row, one worked": BoundedNightRun(NIGHTS, 2, 1),
    "one night in a row, two worked": BoundedNightRun(NIGHTS, 1, 2),
    "a day after a night": RestAfterNights(NIGHTS, 1, 24 * HOUR),
    "two days after two nights": RestAfterNights(NIGHTS, 2, 48 * HOUR),
    "two days after two nights, one worked": RestAfterNights(NIGHTS, 2, 48 * HOUR, 1, LAST_NIGHT),
    "two days after two nights, two worked": RestAfterNights(NIGHTS, 2, 48 * HOUR, 2, LAST_NIGHT),
}


MANY_WAYS = GapInWindow | GapInAnyWindow | RestAfterNights | BoundedShortRests
"""Primitives of which the model holds every line many times over: too many to go through."""


class Told(cp_model.CpSolverSolutionCallback):
    """Gathers the lines of all solutions."""

    def __init__(self, line):
        super().__init__()
        self.line, self.found = line, set()

    def on_solution_callback(self):
        self.found.add(tuple(k for k, works in self.line.works.items() if self.boolean_value(works)))


def accepted(primitive):
    """The lines that the exact model lets a person work, as shift numbers."""
    model, solver = cp_model.CpModel(), cp_model.CpSolver()
    line = line_of(model, SHIFTS, range(FIRST, FIRST + DAYS), PlannedPerson("p", (), (primitive,)))
    solver.parameters.num_workers = 1
    if not isinstance(primitive, MANY_WAYS):
        told = Told(line)
        solver.parameters.enumerate_all_solutions = True
        solver.solve(model, told)
        return told.found
    solver.parameters.cp_model_presolve, found = False, set()
    while solver.solve(model) == cp_model.OPTIMAL:
        found.add(tuple(k for k, works in line.works.items() if solver.boolean_value(works)))
        model.add_bool_or(~works if solver.boolean_value(works) else works for works in line.works.values())
    return found


BY_DAY = [[-1, *(k for k, s in enumerate(SHIFTS) if s.day == FIRST + d)] for d in range(DAYS)]
ALL = [tuple(k for k in line if k >= 0) for line in product(*BY_DAY)]


def worked(shift, starts=None):
    """A shift as worked, with its breaks as early as they may be or at ``starts``."""
    rests = shift.template.breaks
    starts = starts or [shift.start + rest.earliest_minutes for rest in rests]
    pauses = tuple(
        (at, at + rest.minutes, rest.paid, rest.kind) for at, rest in zip(starts, rests, strict=True)
    )
    return Worked(shift.day, shift.start, shift.end, shift.template.name, pauses)


LINES = {line: [worked(SHIFTS[k]) for k in line] for line in ALL}


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_exact_model_holds_the_lines_that_honour_a_primitive(name):
    primitive = PRIMITIVES[name]
    expected = {line for line, shifts in LINES.items() if honours(primitive, shifts, FIRST)}
    assert accepted(primitive) == expected
    assert len(expected) < 4**DAYS


LONG = ShiftTemplate(
    "long", 480, 480, 600, breaks=(Break(15, 60, 180, step_minutes=60), Break(30, 240, 420, step_minutes=90))
)


@pytest.mark.parametrize("part", [15, 16, 31])
@pytest.mark.parametrize("minutes", [224, 225, 254, 255, 299, 300, 330, 359, 360, 599, 600])
def test_breaks_lie_where_no_work_in_a_row_is_too_long(minutes, part):
    (shift,) = candidate_shifts((LONG,), Grid(BERLIN, FIRST, 1, 60))
    model, found = cp_model.CpModel(), set()
    line = line_of(
        model, (shift,), range(FIRST, FIRST + 1), PlannedPerson("p", (), (UnbrokenWork(minutes, part),))
    )
    model.add(line.works[0] == 1)
    solver = cp_model.CpSolver()
    while solver.solve(model) == cp_model.OPTIMAL:
        chosen = [variable for variable in line.starts.values() if solver.boolean_value(variable)]
        found.add(tuple(at for (_, _, at), variable in line.starts.items() if solver.boolean_value(variable)))
        model.add_bool_or(~variable for variable in chosen)
    ways = product(
        *(range(shift.start + a, shift.start + b + 1, c) for a, b, c in ((60, 180, 60), (240, 420, 90)))
    )
    assert found == {
        starts for starts in ways if honours(UnbrokenWork(minutes, part), [worked(shift, starts)], FIRST)
    }
