"""The column engine on benchmark instances: bounds, and rosters that the judge passes."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.nrp.check import judge
from scheduler.nrp.reading import parse_instance, read_instance
from scheduler.solve.nrp import solve_nrp
from scheduler.solve.nrp_columns import solve_columns
from scheduler.solve.nrp_textbook import solve_textbook

DATA = Path(__file__).parents[1] / "data" / "nrp"
QUIET = lambda _: None  # noqa: E731


def instance_of(days, staff, shifts="E,480,\nN,600,E", cover="0,E,1,10,1", off=""):
    text = f"SECTION_HORIZON\n{days}\nSECTION_SHIFTS\n{shifts}\nSECTION_STAFF\n{staff}\n"
    return parse_instance(text + f"SECTION_DAYS_OFF\n{off}\nSECTION_COVER\n{cover}\n", "made.txt")


@pytest.mark.parametrize("name", ["Instance3", "Instance5"])
def test_rosters_of_the_benchmark_are_lawful_and_near_their_bound(name):
    one, told = read_instance(DATA / f"{name}.txt"), []
    found = solve_columns(one, 3, 2, 1, told.append)
    judged = judge(one, one.triples(found.assignments))
    assert not judged.breaches
    assert judged.penalty == found.penalty
    best = {"Instance3": 1001, "Instance5": 1143}[name]  # best known, as published
    assert found.bound <= best <= found.penalty <= 1.25 * best
    assert f"bound {found.bound}" in told


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
    found = solve_columns(one, 0.7, 1, 1, QUIET)
    assert exact.status == "optimal"
    assert found.bound <= exact.penalty == found.penalty
    assert judge(one, one.triples(found.assignments)).penalty == found.penalty


def test_where_no_line_is_lawful_there_is_no_roster():
    one = instance_of(5, "A,E=5|N=5,2400,2400,2,1,2,1")
    assert solve_columns(one, 2, 1, 1, QUIET).status == "infeasible"
    assert solve_nrp(one, 2, 1, 1).status == "infeasible"


def test_a_horizon_too_long_for_one_table_still_gives_a_lawful_roster(monkeypatch):
    for module in ("nrp_start", "nrp_columns"):
        monkeypatch.setattr(f"scheduler.solve.{module}.LARGEST_TABLE", 1)
    one = read_instance(DATA / "Instance5.txt")
    found = solve_nrp(one, 2, 2, 1)
    judged = judge(one, one.triples(found.assignments))
    assert not judged.breaches
    assert judged.penalty == found.penalty < 3000
    assert found.bound == 0


def test_a_stop_ends_the_threads_and_is_passed_on(monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    one = read_instance(DATA / "Instance5.txt")
    monkeypatch.setattr("scheduler.solve.nrp_columns.wait", stopped)
    with pytest.raises(KeyboardInterrupt):
        solve_columns(one, 6, 2, 1, QUIET)
