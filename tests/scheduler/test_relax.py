"""The bound of large teams: mixtures of lines come to balance, so that what they cost and what nothing undercuts meet."""

import pytest

from benchmarks._rota_weeks import week
from scheduler.solve.clock import never
from scheduler.solve.cover_model import groups_of
from scheduler.solve.crew import lines_of
from scheduler.solve.floor import floor_of
from scheduler.solve.master import relax


@pytest.mark.parametrize("shape", ["bank", "round-the-clock"])
def test_few_people_each_of_their_own_kind_settle_too(shape):
    """Where nobody is like another, each change of weights is large beside the team: multipliers that follow at once never settle."""
    problem = week(shape, 70, start_step_minutes=30).problem
    lines, floor = lines_of(problem), floor_of(problem)
    made = relax(
        lines, floor, groups_of(lines)[0], problem.grid.days, 4.0,
        lambda value, bound: value - bound <= 0.01 * bound, never, 1,
    )  # fmt: skip
    assert made.value - made.bound <= 0.01 * made.bound
