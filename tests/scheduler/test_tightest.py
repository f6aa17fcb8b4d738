"""Which due time sets the agents of work that may wait: the flattest profile and the run that leaves no room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.model import Queue
from scheduler.staffing.deferred import Work, levelled
from scheduler.staffing.tightest import FINE, Owed, Run

CASES = Queue("工单", "case", target_hours=4)


def owed(items, may_work, spare=0.0, queue=CASES, step=60):
    columns = [np.array(column) for column in zip(*items, strict=True)]
    work = Work(columns[0], columns[1], np.ones(len(items)), columns[2].astype(float))
    return work, Owed.of(
        queue, work, np.array(may_work, dtype=bool), np.full(len(may_work), float(spare)), step
    )


def levels(found: Owed) -> np.ndarray:
    """The flattest profile by its definition: the densest run first, then the rest without it."""
    count = len(found.slots)
    level, fixed = np.zeros(count), np.zeros(count, dtype=bool)
    while not fixed.all():
        best, chosen = -1.0, slice(0, 0)
        for s in range(count):
            for e in range(s, count):
                free = ~fixed[s : e + 1]
                inside = (found.first >= s) & (found.last <= e)
                rest = (
                    found.minutes[inside].sum()
                    - found.spare[s : e + 1].sum()
                    - (level * fixed)[s : e + 1].sum() * found.per_agent
                )
                if free.any() and rest / (free.sum() * found.per_agent) > best + 1e-12:
                    best, chosen = rest / (free.sum() * found.per_agent), slice(s, e + 1)
        if best <= 1e-12:
            break
        here = np.zeros(count, dtype=bool)
        here[chosen] = True
        level[here & ~fixed], fixed = best, fixed | here
    return level


ITEMS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.floats(1, 200)).map(lambda x: (x[0], min(x[0] + x[1], 5), x[2])),
    min_size=1, max_size=6,
)  # fmt: skip


@given(items=ITEMS)
def test_the_profile_is_the_densest_run_first(items):
    _, found = owed(items, [True] * 6)
    exact = levels(found)
    assert (found.profile() >= exact - 1e-9).all()
    assert (found.profile() <= exact + 1 / FINE + 1e-9).all()


@given(items=ITEMS, spare=st.sampled_from([0.0, 10.0]), interval=st.integers(0, 5))
def test_the_run_holds_the_interval_and_leaves_no_room(items, spare, interval):
    _, found = owed(items, [True] * 6, spare)
    run = found.tightest(interval)
    level = found.profile()
    if run is None:
        assert level[interval] == 0
        return
    assert run.first <= interval <= run.last
    assert run.intervals == run.last - run.first + 1
    inside = (found.first >= run.first) & (found.last <= run.last)
    assert run.must_minutes == pytest.approx(found.minutes[inside].sum())
    room = level[run.first : run.last + 1].sum() * found.per_agent + run.spare_minutes
    assert room - run.intervals * found.per_agent / FINE - 1e-6 <= run.must_minutes <= room + 1e-6


@given(items=ITEMS)
def test_one_agent_fewer_leaves_something_undone(items):
    work, found = owed(items, [True] * 6)
    plan = levelled(work, [True] * 6, 0.0, 60)
    assert found.undone(plan.agents) == pytest.approx(0, abs=1e-6)
    for at in np.flatnonzero(plan.agents):
        fewer = plan.agents.astype(float)
        fewer[at] -= 1
        assert found.undone(fewer) > 1e-7


def test_a_run_worked_by_hand():
    # an hour of work at noon due within two intervals, and next to nothing in the evening; 30 min an interval and agent
    items = [(2, 3, 90.0), (5, 5, 3.0)]
    _, found = owed(items, [True] * 6, queue=Queue("工单", "case", target_hours=4, max_occupancy=0.5))
    assert found.profile().tolist() == [0, 0, 1.5, 1.5, 0, 0.1]
    assert found.tightest(2) == found.tightest(3) == Run(2, 3, 2, 90.0, 0.0)
    assert found.tightest(5) == Run(5, 5, 1, 3.0, 0.0)
    assert found.tightest(0) is None


def test_of_runs_that_leave_no_room_the_shortest_is_told():
    _, found = owed([(0, 0, 60.0), (1, 1, 60.0), (2, 2, 60.0)], [True] * 3)
    assert [found.tightest(k) for k in range(3)] == [Run(k, k, 1, 60.0, 0.0) for k in range(3)]


def test_closed_intervals_are_no_slots():
    _, found = owed([(0, 5, 60.0)], [False, True, False, True, False, False])
    assert found.slots.tolist() == [1, 3]
    assert found.tightest(3) == Run(1, 3, 2, 60.0, 0.0)


def test_a_minimum_that_is_enough_needs_no_reason():
    queue = Queue("工单", "case", target_hours=4, minimum_agents=2)
    _, found = owed([(0, 3, 60.0)], [True] * 4, queue=queue)
    assert found.profile().tolist() == [2, 2, 2, 2]
    assert found.tightest(1) is None


def test_idle_time_of_others_comes_first():
    _, found = owed([(0, 1, 60.0)], [True] * 2, spare=20.0)
    assert found.tightest(0) == Run(0, 1, 2, 60.0, 40.0)
    assert found.profile().tolist() == pytest.approx([0.17, 0.17])
