"""Minutes of a finished rota shared out: everybody's are served, in queues that they know, and never at more than before."""

import numpy as np
import pytest

from benchmarks._rota_weeks import week
from scheduler.solve.crew import lines_of
from scheduler.solve.floor import floor_of, total_price
from scheduler.solve.roster import empty_roster_of
from scheduler.solve.search import construct, scratch_of
from scheduler.solve.shared import shared_cover, shared_roster


@pytest.fixture(scope="module")
def made():
    """Twenty people on their best lines one after another."""
    problem = week("bank", 20, start_step_minutes=60).problem
    lines, floor = lines_of(problem), floor_of(problem)
    roster = empty_roster_of(lines.crew, problem.grid.days, floor)
    construct(
        floor, lines.crew, roster, np.arange(len(problem.people)), scratch_of(floor, lines.crew, roster)
    )
    return floor, lines.crew, roster


def test_sharing_out_never_costs_more(made):
    floor, crew, roster = made
    exact, whole = shared_cover(floor, crew, roster), shared_roster(floor, crew, roster).cover
    assert total_price(floor, exact) < total_price(
        floor, roster.cover
    )  # one queue an interval is not the best here
    assert total_price(floor, exact) <= total_price(floor, whole) + 1e-6
    assert total_price(floor, whole) <= total_price(floor, exact) + 0.01 * abs(total_price(floor, exact))


def test_to_whole_minutes_everybody_serves_what_they_work_where_they_can(made):
    floor, crew, roster = made
    whole = shared_roster(floor, crew, roster)
    assert (whole.pools.sum(axis=2) == roster.pools.sum(axis=2)).all()
    assert (whole.pools[:, crew.pool_speeds[:, : floor.queues] == 0] == 0).all()
    assert whole.cover == pytest.approx(np.einsum("tpq,pq->qt", whole.pools, crew.pool_speeds))
    known = crew.pool_speeds > 0
    for out, into in ((0, 1), (1, 0), (2, 0)):
        expected = (whole.pools[:, :, out] * known[:, into]).sum(axis=1)
        assert (whole.reach[:, out, into] == expected).all()
    assert (np.diagonal(whole.reach, axis1=1, axis2=2) == 0).all()
