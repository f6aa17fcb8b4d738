"""Ruin and recreate: stretches given back are the cheapest, rosters stay lawful, and what they cost is what is said."""

from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.nrp.check import judge
from scheduler.nrp.instance import OFF
from scheduler.nrp.reading import parse_instance, read_instance
from scheduler.solve.nrp_anneal import HOT, Annealer, staff_of
from scheduler.solve.nrp_pricing import Pricer, cover_of
from scheduler.solve.nrp_recreate import move, recreate, renew
from scheduler.solve.nrp_roster import Roster
from scheduler.solve.nrp_span import span_within
from scheduler.solve.nrp_start import first_lines, marginal

DATA = Path(__file__).parents[1] / "data" / "nrp"
QUIET = lambda _: None  # noqa: E731


def instance_of(days, staff, cover="0,E,1,10,1", off=""):
    text = f"SECTION_HORIZON\n{days}\nSECTION_SHIFTS\nE,480,\nN,600,E\nSECTION_STAFF\n{staff}\n"
    return parse_instance(text + f"SECTION_DAYS_OFF\n{off}\nSECTION_COVER\n{cover}\n", "made.txt")


def table():
    return np.zeros(1 << 18, dtype=np.float32)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**31), st.integers(2, 5), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3),
    st.integers(0, 13), st.integers(1, 14),
)  # fmt: skip
def test_a_stretch_is_as_cheap_as_that_of_the_pricer(
    seed, max_run, min_run, min_off, weekends, first, length
):
    rng = np.random.default_rng(seed)
    cover = "\n".join(
        f"{day},{kind},{rng.integers(0, 2)},{rng.integers(1, 20)},3" for day in range(14) for kind in "EN"
    )
    staff = f"A,E=14|N=14,4800,960,{max_run},{min_run},{min_off},{weekends}"
    one = instance_of(14, staff, cover, "A,9")
    pricer, roster = Pricer(one), Roster(one, QUIET)
    start = pricer.cheapest(0, rng.normal(0, 5, (14, 2)), span_within(one, 0, np.full(14, OFF), 0, 14)).line
    assume(start is not None)
    first, last = min(first, 14 - 1), min(14, first + length)
    span, line = span_within(one, 0, start, first, last), start.copy()
    nobody = np.zeros((14, 2), dtype=np.int64)
    cost = np.zeros((len(span.must), 2))
    cost[: last - first] = marginal(one, nobody)[first:last]
    best = pricer.cheapest(0, cost, span).cost
    staff = staff_of(one, pricer, roster.wishes)
    assert renew(staff, nobody, 0, line, first, last, 0.0, rng, table(), np.zeros(14, dtype=np.int64))
    assert not judge(one, one.triples(line[None])).breaches
    assert move(staff, nobody, 0, line, first, last, 1) == best
    assert (line[:first] == start[:first]).all()
    assert (line[last:] == start[last:]).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 3), st.integers(5, 30))
def test_limits_on_shifts_are_kept_and_the_gain_is_what_was_gained(seed, nights, early):
    rng = np.random.default_rng(seed)
    staff = "\n".join(f"{name},E={early}|N={nights},9600,2400,4,1,2,3" for name in "ABC")
    cover = "\n".join(f"{day},{kind},{rng.integers(0, 3)},20,3" for day in range(28) for kind in "EN")
    one = instance_of(28, staff, cover, "B,5,6")
    pricer, roster = Pricer(one), Roster(one, QUIET)
    lines = first_lines(one, roster.wishes, pricer, lambda: 1.0)
    assume(lines is not None)
    before, there = roster.penalty_of(lines), cover_of(lines, 28, 2)
    start, two = lines.copy(), np.array([0, 2])
    gained = recreate(
        staff_of(one, pricer, roster.wishes), lines, there, two, (3, 26), np.array([5, 12]), 40, 10.0, 3.0, rng, table()
    )  # fmt: skip
    assert not judge(one, one.triples(lines)).breaches
    assert roster.penalty_of(lines) - before == gained
    assert (there == cover_of(lines, 28, 2)).all()
    assert (lines[1] == start[1]).all()
    assert (lines[:, [0, 1, 2, 26, 27]] == start[:, [0, 1, 2, 26, 27]]).all()


def test_a_stretch_with_too_many_states_is_kept():
    one = instance_of(14, "A,E=14|N=14,4800,960,5,1,2,2")
    line = np.full(14, OFF)
    line[:2] = 0
    staff, out = staff_of(one, Pricer(one), np.zeros((1, 14, 2))), np.zeros(14, dtype=np.int64)
    small = np.zeros(1, dtype=np.float32)
    assert not renew(
        staff, np.zeros((14, 2), dtype=np.int64), 0, line, 0, 14, 0.0, np.random.default_rng(1), small, out
    )
    assert line.tolist() == [0, 0] + [OFF] * 12


@pytest.mark.parametrize("threads", [1, 2])
def test_annealing_betters_a_roster_and_repeats_where_the_clock_does(threads):
    one = read_instance(DATA / "Instance5.txt")
    pricer, roster, ends = Pricer(one), Roster(one, QUIET), []
    start = first_lines(one, roster.wishes, pricer, lambda: 1.0)
    for _ in range(2):
        told, lines, looks = [], start.copy(), count()
        annealer = Annealer(one, pricer, roster.wishes, [1])
        annealer.run(lines, HOT, lambda looks=looks: next(looks) / 400, told.append, threads)
        assert told
        assert (told[-1] == lines).all()
        judged = judge(one, one.triples(lines))
        assert not judged.breaches
        assert judged.penalty < 0.7 * roster.penalty_of(start)
        ends.append(lines)
    assert threads > 1 or (ends[0] == ends[1]).all()
