"""The column engine on benchmark instances: pricing against every line, bounds, and rosters that the judge passes."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.nrp.check import judge
from scheduler.nrp.instance import OFF
from scheduler.nrp.reading import parse_instance, read_instance
from scheduler.solve.nrp import solve_nrp
from scheduler.solve.nrp_columns import choice, solve_columns
from scheduler.solve.nrp_pricing import INFINITE, Pricer, cover_of
from scheduler.solve.nrp_textbook import solve_textbook

DATA = Path(__file__).parents[1] / "data" / "nrp"
QUIET = lambda _: None  # noqa: E731


def instance_of(days, staff, shifts="E,480,\nN,600,E", cover="0,E,1,10,1", off=""):
    text = f"SECTION_HORIZON\n{days}\nSECTION_SHIFTS\n{shifts}\nSECTION_STAFF\n{staff}\n"
    return parse_instance(text + f"SECTION_DAYS_OFF\n{off}\nSECTION_COVER\n{cover}\n", "made.txt")


LIMITS = st.tuples(
    st.integers(0, 7), st.integers(0, 3), st.integers(0, 6), st.integers(1, 4), st.integers(1, 2), st.integers(1, 3),
    st.integers(0, 2),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(LIMITS, st.integers(0, 2**31))
def test_the_cheapest_line_is_the_cheapest_of_all_lawful_ones(limits, seed):
    most_early, most_night, low, max_run, min_run, min_off, weekends = limits
    min_run = min(min_run, max_run)
    staff = f"A,E={most_early}|N={most_night},{7 * 480},{low * 480},{max_run},{min_run},{min_off},{weekends}"
    one = instance_of(7, staff, off="A,3")
    cost = np.random.default_rng(seed).integers(-20, 20, (7, 2)).astype(float)
    lawful = {
        line: sum(cost[day, kind] for day, kind in enumerate(line) if kind != OFF)
        for line in product((OFF, 0, 1), repeat=7)
        if line[3] == OFF and not judge(one, one.triples(np.array([line]))).breaches
    }
    pricer = Pricer(one)
    assert pricer.exact.all()
    found = pricer.line(0, cost)
    if not lawful:
        assert found is None
    else:
        assert found[0] == min(lawful.values()) == lawful[tuple(found[1].tolist())]
        assert pricer.relaxed(0, cost) == found[0]


def test_limits_that_are_not_counted_are_kept_all_the_same(monkeypatch):
    monkeypatch.setattr("scheduler.solve.nrp_pricing.MOST_COUNTS", 1)
    one = instance_of(9, "A,E=2|N=1,4320,960,5,1,1,2")
    pricer, cost = Pricer(one), np.full((9, 2), -5.0)
    assert not pricer.exact.any()
    value, line = pricer.line(0, cost)
    assert not judge(one, one.triples(np.array([line]))).breaches
    assert pricer.relaxed(0, cost) <= value


def test_nobody_can_work_so_much():
    pricer = Pricer(instance_of(5, "A,E=5|N=5,2400,2400,2,1,2,1"))
    assert pricer.relaxed(0, np.zeros((5, 2))) == INFINITE
    assert pricer.line(0, np.zeros((5, 2))) is None


@pytest.mark.parametrize("name", ["Instance3", "Instance5"])
def test_rosters_of_the_benchmark_are_lawful_and_near_their_bound(name):
    one, told = read_instance(DATA / f"{name}.txt"), []
    found = solve_columns(one, Pricer(one), 3, 2, 1, told.append)
    judged = judge(one, one.triples(found.assignments))
    assert not judged.breaches
    assert judged.penalty == found.penalty
    best = {"Instance3": 1001, "Instance5": 1143}[name]  # best known, as published
    assert found.bound <= best <= found.penalty <= 1.25 * best
    assert found.bound > 0.97 * best
    assert told[0] == f"bound {found.bound}"


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**31))
def test_on_tiny_instances_bound_and_penalty_lie_around_the_optimum(seed):
    rng = np.random.default_rng(seed)
    staff = "\n".join(
        f"{name},E=4|N={rng.integers(0, 3)},2400,960,4,1,{rng.integers(1, 3)},1" for name in "ABC"
    )
    cover = "\n".join(f"{day},{kind},{rng.integers(0, 3)},20,3" for day in range(7) for kind in "EN")
    one = instance_of(7, staff, cover=cover, off="A,2")
    exact = solve_textbook(one, 20, 1, 1, QUIET)
    found = solve_columns(one, Pricer(one), 1, 1, 1, QUIET)
    assert exact.status == "optimal"
    assert found.bound <= exact.penalty <= found.penalty
    assert judge(one, one.triples(found.assignments)).penalty == found.penalty


def test_where_no_line_is_lawful_there_is_no_roster():
    one = instance_of(5, "A,E=5|N=5,2400,2400,2,1,2,1")
    assert solve_columns(one, Pricer(one), 2, 1, 1, QUIET).status == "infeasible"


def test_the_best_choice_among_lines_given():
    one = instance_of(2, "A,E=2|N=2,2400,0,2,1,1,1\nB,E=2|N=2,2400,0,2,1,1,1", cover="0,E,1,10,1\n1,N,1,10,1")
    _, wishes = one.wishes()
    start = np.full((2, 2), OFF)
    early, night = np.array([0, OFF]), np.array([OFF, 1])
    chosen = choice(one, wishes, {0: [early, start[0]], 1: [early, night]}, start, 5, 1, 1)
    assert cover_of(chosen, 2, 2).tolist() == [[1, 0], [0, 1]]
    kept = choice(one, wishes, {0: [early, start[0]]}, start, 5, 1, 1)
    assert kept.tolist() == [[0, OFF], [OFF, OFF]]


def test_large_tables_leave_it_to_the_textbook_model(monkeypatch):
    monkeypatch.setattr("scheduler.solve.nrp_pricing.LARGEST_TABLE_BYTES", 1)
    one = read_instance(DATA / "Instance3.txt")
    assert not Pricer(one).fits
    found = solve_nrp(one, 3, 2, 1)
    assert found.assignments is None or not judge(one, one.triples(found.assignments)).breaches
