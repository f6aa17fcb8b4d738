"""Cheapest lines of benchmark instances: against every lawful line, over the whole horizon and over spans of it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.nrp.check import judge
from scheduler.nrp.instance import OFF
from scheduler.nrp.reading import parse_instance
from scheduler.solve.nrp_pricing import Priced, Pricer, cover_of
from scheduler.solve.nrp_span import span_within, whole_span
from scheduler.solve.nrp_start import first_line

NONE = Priced(np.inf, np.inf, None)


def instance_of(days, staff, shifts="E,480,\nN,600,E", cover="0,E,1,10,1", off=""):
    text = f"SECTION_HORIZON\n{days}\nSECTION_SHIFTS\n{shifts}\nSECTION_STAFF\n{staff}\n"
    return parse_instance(text + f"SECTION_DAYS_OFF\n{off}\nSECTION_COVER\n{cover}\n", "made.txt")


def lawful_lines(one, fixed):
    """Every lawful line of the first person that has the shifts of ``fixed`` on its days."""
    choices = [(fixed[day],) if day in fixed else (OFF, 0, 1) for day in range(one.days)]
    return [line for line in product(*choices) if not judge(one, one.triples(np.array([line]))).breaches]


LIMITS = st.tuples(
    st.integers(0, 8), st.integers(0, 3), st.integers(0, 6), st.integers(1, 4), st.integers(1, 2), st.integers(1, 3),
    st.integers(0, 2),
)  # fmt: skip


def person_of(limits, low=None):
    most_early, most_night, least, max_run, min_run, min_off, weekends = limits
    least = least if low is None else low
    return f"A,E={most_early}|N={most_night},{7 * 480},{least * 480},{max_run},{min(min_run, max_run)},{min_off},{weekends}"


@settings(max_examples=12, deadline=None)
@given(LIMITS, st.integers(0, 2**31))
def test_the_cheapest_line_is_the_cheapest_of_all_lawful_ones(limits, seed):
    one = instance_of(7, person_of(limits), off="A,3")
    cost = np.random.default_rng(seed).integers(-20, 20, (7, 2)).astype(float)
    costs = {
        line: sum(cost[d, k] for d, k in enumerate(line) if k != OFF) for line in lawful_lines(one, {3: OFF})
    }
    found = Pricer(one).cheapest(0, cost, whole_span(one, 0))
    if not costs:
        assert found.line is None
        assert found.bound == np.inf
    else:
        assert found.bound == found.cost == min(costs.values()) == costs[tuple(found.line.tolist())]


@settings(max_examples=6, deadline=None)
@given(LIMITS, st.integers(0, 2**31), st.integers(0, 6), st.integers(1, 7))
def test_a_span_keeps_all_other_days_and_finds_the_cheapest(limits, seed, first, length):
    rng = np.random.default_rng(seed)
    one = instance_of(7, person_of(limits, 0))
    last = min(7, first + length)
    start = np.array(lawful_lines(one, {}))
    assume(len(start))
    line = start[rng.integers(len(start))]
    cost = np.zeros((7, 2))
    cost[first:last] = rng.integers(-20, 20, (last - first, 2))
    kept = {day: int(line[day]) for day in range(7) if not first <= day < last}
    best = min(sum(cost[d, k] for d, k in enumerate(own) if k != OFF) for own in lawful_lines(one, kept))
    span = span_within(one, 0, line, first, last)
    found = Pricer(one).cheapest(0, cost[first : span.end], span)
    changed = line.copy()
    changed[first : span.end] = found.line
    assert (changed[last:] == line[last:]).all()
    assert not judge(one, one.triples(changed[None])).breaches
    assert found.cost == best


def test_limits_that_are_not_counted_are_kept_all_the_same(monkeypatch):
    monkeypatch.setattr("scheduler.solve.nrp_pricing.MOST_COUNTS", 1)
    one = instance_of(9, "A,E=2|N=1,4320,960,5,1,1,2")
    found = Pricer(one).cheapest(0, np.full((9, 2), -5.0), whole_span(one, 0))
    assert not judge(one, one.triples(found.line[None])).breaches
    assert found.bound <= -15 <= found.cost < 0  # two earlies and a night are the best there is


def test_nobody_can_work_so_much():
    one = instance_of(5, "A,E=5|N=5,2400,2400,2,1,2,1")
    assert Pricer(one).cheapest(0, np.zeros((5, 2)), whole_span(one, 0)).line is None


@pytest.mark.parametrize("largest", [1, 1 << 24])
def test_a_horizon_too_long_for_one_table_is_priced_in_blocks(monkeypatch, largest):
    monkeypatch.setattr("scheduler.solve.nrp_start.LARGEST_TABLE", largest)
    one = instance_of(100, "A,E=80|N=20,28800,26400,5,2,2,8", off="A,20,50")
    line = first_line(one, Pricer(one), 0, np.random.default_rng(1).normal(0, 5, (100, 2)))
    assert not judge(one, one.triples(line[None])).breaches


def test_where_prices_leave_no_line_any_lawful_line_will_do(monkeypatch):
    monkeypatch.setattr("scheduler.solve.nrp_start.LARGEST_TABLE", 1)
    found = Pricer.cheapest
    monkeypatch.setattr(
        Pricer, "cheapest", lambda own, n, cost, span: found(own, n, cost, span) if not cost.any() else NONE
    )
    one = instance_of(100, "A,E=80|N=20,28800,26400,5,2,2,8")
    line = first_line(one, Pricer(one), 0, np.ones((100, 2)))
    assert not judge(one, one.triples(line[None])).breaches


def test_cover_counts_people_by_day_and_shift():
    assert cover_of(np.array([[0, OFF], [0, 1]]), 2, 2).tolist() == [[2, 0], [0, 1]]
