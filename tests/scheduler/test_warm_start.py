"""A search that begins with a rota begins where that rota was: lines, breaks and cost."""

from dataclasses import replace

import numpy as np
import pytest

from scheduler.solve import solve
from scheduler.solve.crew import lines_of
from scheduler.solve.floor import floor_of, total_price
from scheduler.solve.warm import roster_of
from scheduler.solve.write import rota_of
from tests.scheduler.test_engine import SMALL, intervals, person, problem

PEOPLE = [*(person(f"a{k}") for k in range(4)), person("b", skills=((1, 1.0),))]
BOTH = person("c", skills=((0, 1.0), (1, 0.8)))


def asked(seed, people=tuple(PEOPLE)):
    required = np.random.default_rng(seed).integers(0, 3, size=(2, intervals()))
    return problem(required, people, queues=("calls", "chat"))


def begun(wanted, rota):
    lines, floor = lines_of(wanted), floor_of(wanted)
    roster = roster_of(wanted, rota, lines, floor)
    cost = float(total_price(floor, roster.cover)) + float(roster.own_cost.sum()) + lines.constant
    return rota_of(wanted, roster), cost


@pytest.mark.parametrize("seed", range(4))
def test_lines_breaks_and_cost_are_those_of_the_rota(seed):
    wanted = asked(seed)
    solved = solve(wanted, SMALL)
    rota, cost = begun(wanted, solved.rota)
    assert rota.to_frame().equals(solved.rota.to_frame())
    assert cost == pytest.approx(solved.objective)


def test_whoever_has_several_skills_keeps_line_and_breaks_too():
    """Their minutes are shared out anew among their queues, so the cost may differ a little."""
    wanted = asked(0, (*PEOPLE, BOTH))
    solved = solve(wanted, SMALL)
    rota, cost = begun(wanted, solved.rota)
    assert rota.to_frame().equals(solved.rota.to_frame())
    assert cost == pytest.approx(solved.objective, rel=0.01)


def test_a_break_where_the_shift_may_not_have_it_is_placed_anew():
    wanted = asked(0)
    solved = solve(wanted, SMALL).rota
    meal = solved.is_kind("break", "meal")
    k = int(np.flatnonzero(meal)[0])
    start, end = solved.start.copy(), solved.end.copy()
    start[k], end[k] = start[k] + 7, end[k] + 7
    end[k - 1], start[k + 1] = start[k], end[k]
    rota, _ = begun(wanted, replace(solved, start=start, end=end))
    breaks = rota.is_kind("break", "meal")
    assert breaks.sum() == meal.sum()
    assert (rota.start[breaks] % 60 == solved.start[meal][0] % 60).all()
    assert (rota.duties.start == solved.duties.start).all()
