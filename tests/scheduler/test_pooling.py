"""Sharing people over queues: never more than they are, and never less met than could be."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from scheduler.pooling import shared

NO_FLOOR = np.zeros(2)
SPEEDS = st.sampled_from([0.0, 0.5, 0.8, 1.0, 1.5])


def share(
    capacity: list[float], speeds: list[list[float]], need: list[float], floor: list[float] | None = None
):
    arrays = (np.array(a, dtype=float) for a in (capacity, speeds, floor or [0.0] * len(need), need))
    return shared(*arrays)


def most_met(capacity, speeds, need) -> float:
    """What a linear programme can meet at most."""
    model = mathopt.Model()
    flow = [[model.add_variable(lb=0, ub=0 if s == 0 else np.inf) for s in row] for row in speeds]
    for row, people in zip(flow, capacity, strict=True):
        model.add_linear_constraint(mathopt.fast_sum(row) <= people)
    for q, asked in enumerate(need):
        model.add_linear_constraint(
            mathopt.fast_sum(speeds[g][q] * flow[g][q] for g in range(len(flow))) <= asked
        )
    cells = ((g, q) for g in range(len(flow)) for q in range(len(need)))
    model.maximize(mathopt.fast_sum(speeds[g][q] * flow[g][q] for g, q in cells))
    return mathopt.solve(model, mathopt.SolverType.GLOP).objective_value()


@st.composite
def situations(draw, speed=SPEEDS):
    groups, queues = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    number = st.floats(0, 20).map(lambda x: round(x, 2))
    capacity = draw(st.lists(number, min_size=groups, max_size=groups))
    speeds = draw(
        st.lists(st.lists(speed, min_size=queues, max_size=queues), min_size=groups, max_size=groups)
    )
    need = draw(st.lists(number, min_size=queues, max_size=queues))
    return capacity, speeds, need


@given(situations())
def test_nobody_works_twice_and_no_more_is_met_than_can_be(situation):
    capacity, speeds, need = situation
    flow = share(*situation)
    skilled = np.array(speeds).any(axis=1)
    assert (flow >= -1e-9).all()
    assert flow[np.array(speeds) == 0] == pytest.approx(0.0)
    assert flow.sum(axis=1) == pytest.approx(np.where(skilled, capacity, 0.0), abs=1e-6)
    met = np.minimum((flow * speeds).sum(axis=0), need).sum()
    assert met <= most_met(capacity, speeds, need) + 1e-5


@given(situations(), st.floats(0.5, 1.0))
def test_all_needs_are_met_whenever_a_linear_programme_meets_them(situation, part):
    capacity, speeds, need = situation
    asked = (np.array(need) * part * _largest_part(capacity, speeds, need)).tolist()
    cover = (share(capacity, speeds, asked) * speeds).sum(axis=0)
    assert (cover >= np.array(asked) - 1e-6).all()


def _largest_part(capacity, speeds, need) -> float:
    """The part of all needs that can be met at once."""
    model = mathopt.Model()
    part = model.add_variable(lb=0, ub=1)
    flow = [[model.add_variable(lb=0, ub=0 if s == 0 else np.inf) for s in row] for row in speeds]
    for row, people in zip(flow, capacity, strict=True):
        model.add_linear_constraint(mathopt.fast_sum(row) <= people)
    for q, asked in enumerate(need):
        cover = mathopt.fast_sum(speeds[g][q] * flow[g][q] for g in range(len(flow)))
        model.add_linear_constraint(cover >= asked * part)
    model.maximize(part)
    return max(0.0, mathopt.solve(model, mathopt.SolverType.GLOP).objective_value() - 1e-9)


@given(situations(speed=st.sampled_from([0.0, 1.0])))
def test_gale_and_hoffman_say_how_much_can_be_met(situation):
    capacity, speeds, need = situation
    queues = range(len(need))
    cuts = chain.from_iterable(combinations(queues, size) for size in range(len(need) + 1))
    least = min(
        sum(need[q] for q in queues if q not in cut)
        + sum(c for c, row in zip(capacity, speeds, strict=True) if any(row[q] for q in cut))
        for cut in map(set, cuts)
    )
    met = np.minimum((share(*situation) * speeds).sum(axis=0), need).sum()
    assert met == pytest.approx(least, abs=1e-6)


def test_those_with_one_skill_leave_the_others_free():
    flow = share([2, 2], [[1, 1], [1, 0]], [2, 2])
    assert flow.tolist() == [[0, 2], [2, 0]]


def test_time_goes_where_it_loses_least():
    flow = share([1, 1], [[1.0, 0.5], [1.0, 1.0]], [1, 1])
    assert flow.tolist() == [[1, 0], [0, 1]]


def test_too_few_are_short_by_like_shares():
    cover = share([6], [[1, 1]], [8, 4]).sum(axis=0)
    assert cover == pytest.approx([4, 2])


def test_floors_come_first():
    cover = share([2], [[1, 1]], [20, 1], floor=[1, 1]).sum(axis=0)
    assert cover == pytest.approx([1, 1])


def test_a_floor_above_the_need_is_a_need():
    assert share([3], [[1, 1]], [0, 2], floor=[1, 0]).sum(axis=0) == pytest.approx([1, 2])


def test_what_is_left_over_follows_the_needs():
    assert share([9], [[1, 1]], [2, 1]).sum(axis=0) == pytest.approx([6, 3])


def test_where_nothing_is_needed_people_are_spread_evenly():
    assert share([4], [[1, 1]], [0, 0]).tolist() == [[2, 2]]


def test_somebody_without_an_open_queue_counts_nowhere():
    assert share([3], [[0, 0]], [1, 1]).tolist() == [[0, 0]]


def test_nobody_at_all():
    assert shared(np.zeros(0), np.zeros((0, 2)), NO_FLOOR, np.ones(2)).shape == (0, 2)
