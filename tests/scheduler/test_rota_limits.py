"""A clock or a cancel ends a solve of hundreds of people with a rota that breaks no rule; benchmarks/rota_cancel.py times many."""

import threading
import time

import pytest

from benchmarks._rota_weeks import week
from scheduler.audit import audit
from scheduler.solution import Limits
from scheduler.solve import solve

WIDE_MARGIN_SECONDS = 120


def breaches(asked, rota):
    return [v for v in audit(rota, asked.rules, asked.facts) if v.verdict == "breach"]


def expected_shifts(asked):
    """At least so many shifts must be worked: the contracts' least days, less those of leave."""
    return sum(
        p.low or 0
        for person in asked.problem.people
        for p in person.primitives
        if getattr(p, "measure", "") == "shifts"
    )


def test_five_seconds_give_a_legal_rota_for_500_agents():
    asked = week("round-the-clock", 500)
    found = solve(asked.problem, Limits(effort=1000, seconds=5.0, gap=0.0))
    assert breaches(asked, found.rota) == []
    assert len(found.rota.duties) >= expected_shifts(asked) > 2000
    assert found.bound <= found.objective
    assert found.status == "stopped"
    assert not found.reproducible


@pytest.mark.parametrize("seconds", [0.0, 1.0])  # before there is a bound, and in the search
def test_a_cancel_ends_the_solve_with_a_legal_rota(seconds):
    asked, stop, told = week("round-the-clock", 100), threading.Event(), []

    def cancel():
        told.append(time.perf_counter())
        stop.set()

    timer = threading.Timer(seconds, cancel)
    timer.start()
    found = solve(asked.problem, Limits(effort=100_000, seconds=None, gap=0.0), stop=stop.is_set)
    assert time.perf_counter() - told[0] < WIDE_MARGIN_SECONDS
    assert breaches(asked, found.rota) == []
    assert len(found.rota.duties) >= expected_shifts(asked)
    assert not found.reproducible
