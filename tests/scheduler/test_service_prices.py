"""Prices of service from shortage curves: the cheapest agents by hand and by brute force, levels and rates, floors, periods."""

from dataclasses import replace
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import Grid, day_number, to_timestamps
from centre.model import CentreInfo, Objective, Queue, Settings, Shrinkage
from scheduler.problem import RotaProblem
from scheduler.service_prices import (
    FLOOR_FACTOR,
    ServiceCurves,
    budgets,
    cheapest,
    corrected,
    cover_prices,
    groups_of,
    periods_of,
    service_curves,
)
from scheduler.staffing.curves import least_agents
from scheduler.staffing.erlang import performance

UTC = ZoneInfo("UTC")
FIRST = day_number(date(2024, 1, 8))  # a Monday
GRID = Grid(UTC, FIRST, 1, 360)
CALLS = Queue("calls", target_seconds=20, patience_seconds=180)


def curves(agents, late, least=0.0, contacts=10.0, interval=None):
    count = len(agents)
    return ServiceCurves(
        np.zeros(count, dtype=np.int64),
        np.arange(count) if interval is None else np.asarray(interval),
        np.asarray(agents, dtype=float),
        np.asarray(late, dtype=float),
        np.full(count, least),
        np.full(count, contacts),
    )


def centre(*queues, service="day", **more):
    return Settings(
        CentreInfo("中心", UTC, None, 60), queues or (CALLS,), objective=Objective(service=service), **more
    )


# Two intervals: 1 to 3 agents, then 2 to 5. Slopes: 4 and 1 late an agent; 3 (over two agents) and 2.
TWO = curves([[1.0, 2.0, 3.0], [2.0, 4.0, 5.0]], [[8.0, 4.0, 3.0], [9.0, 3.0, 1.0]])
TOGETHER = np.zeros(2, dtype=np.int64)


@pytest.mark.parametrize(
    ("budget", "agents", "slope"),
    [
        (17.0, [1, 2], 4.0),  # the floors are enough: the first agent not needed would avoid 4
        (15.0, [1.5, 2], 4.0),
        (13.0, [2, 2], 4.0),
        (10.0, [2, 3], 3.0),
        (6.0, [2, 4.5], 2.0),
        (4.5, [2.5, 5], 1.0),
        (1.0, [3, 5], 1.0),  # out of reach: all that helps
    ],
)
def test_agents_are_added_where_they_avoid_most(budget, agents, slope):
    found = cheapest(TWO, TOGETHER, np.array([budget]))
    assert found.agents.tolist() == pytest.approx(agents)
    assert found.slope.tolist() == [slope]
    assert found.late[0] == pytest.approx(TWO.late_with(found.agents).sum())


def test_each_group_has_its_own_budget():
    found = cheapest(TWO, np.array([1, 0]), np.array([6.0, 4.0]))
    assert found.agents.tolist() == [2.0, 3.0]
    assert (found.late.tolist(), found.slope.tolist()) == ([6.0, 4.0], [3.0, 4.0])


def test_a_group_without_curves_and_a_curve_of_one_point_ask_for_nothing():
    found = cheapest(curves([[2.0]], [[5.0]]), np.array([1]), np.array([0.0, 1.0]))
    assert (found.agents.tolist(), found.late.tolist(), found.slope.tolist()) == (
        [2.0],
        [0.0, 5.0],
        [0.0, 0.0],
    )


def test_a_floor_above_the_first_corner_is_where_it_begins():
    found = cheapest(replace(TWO, least=np.array([1.75, 4.5])), TOGETHER, np.array([6.5]))
    # at the floors 5 and 2 are late; a quarter agent in the first interval avoids 1, at 4 an agent, and half is enough
    assert found.agents.tolist() == [1.875, 4.5]
    assert found.slope.tolist() == [4.0]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=3), min_size=1, max_size=3), st.integers(0, 40)
)
def test_no_whole_agents_do_better(drops, budget):
    drops = [sorted(each, reverse=True) + [0] * (3 - len(each)) for each in drops]
    late = np.array([[sum(each[k:]) for k in range(4)] for each in drops], dtype=float)
    found = cheapest(
        curves(np.tile(np.arange(4.0), (len(late), 1)), late),
        np.zeros(len(late), dtype=int),
        np.array([budget]),
    )
    enough = [n for n in product(range(4), repeat=len(late)) if late[range(len(late)), n].sum() <= budget]
    fewest = min(sum(n) for n in enough)  # all three agents everywhere leave nobody late
    assert fewest - 1 < found.agents.sum() <= fewest + 1e-9
    assert found.late[0] <= budget + 1e-9


def problem(required, queues=("calls",), objective=None):
    table = np.asarray(required, dtype=float).reshape(len(queues), -1)
    return RotaProblem(GRID, queues, table, table * 0, (), (), objective or Objective())


def test_prices_are_the_late_contacts_of_the_envelope():
    asked = problem([2.0, 4.0, 3.0, 0.0])
    late_price = np.array([5.0, 2.0])
    prices = cover_prices(asked, TWO, late_price)
    assert (np.diff(prices.levels, axis=0) <= 0).all()
    for agents in ([1.0, 2.0], [1.5, 2.5], [2.0, 4.5], [3.0, 5.0], [0.5, 1.0], [7.0, 7.0]):
        found = [priced(prices, 0, k, agents[k]) for k in (0, 1)]
        late = TWO.late_with(np.minimum(agents, [3.0, 5.0])) - [3.0, 1.0]
        assert found == pytest.approx(late * late_price)
    # the other intervals are priced as the objective says
    usual = asked.cover_prices()
    for k, agents in ((2, 1.0), (2, 2.9), (3, 0.0)):
        assert priced(prices, 0, k, agents) == pytest.approx(priced(usual, 0, k, agents))


def priced(prices, queue, interval, agents):
    """Price of one interval of six hours."""
    missing = np.maximum(prices.levels[:, queue, interval] - agents, 0.0)
    return float((missing * prices.rates[:, queue, interval]).sum()) * 6


def test_below_its_floor_an_interval_costs_far_more():
    asked = problem([2.0, 4.0, 0.0, 0.0])
    floored = replace(TWO, least=np.array([2.0, 3.0]))
    prices, without = (cover_prices(asked, each, np.array([5.0, 2.0])) for each in (floored, TWO))
    # the objective's deepest shortage costs 180 an hour, more than any piece of the curves: 20 / 6 at most
    for interval, floor in ((0, 2.0), (1, 3.0)):
        assert priced(prices, 0, interval, floor) == pytest.approx(priced(without, 0, interval, floor))
        more = priced(prices, 0, interval, floor - 0.5) - priced(without, 0, interval, floor - 0.5)
        assert more == pytest.approx(0.5 * 6 * FLOOR_FACTOR * 180)


def test_a_steep_curve_raises_the_price_of_floors():
    steep = replace(TWO, least=np.array([2.0, 0.0]))
    prices = cover_prices(problem([2.0, 4.0, 0.0, 0.0]), steep, np.array([600.0, 0.0]))
    # 4 late an agent at 600 over six hours is 400 an hour
    assert prices.rates[:, 0, 0].max() == pytest.approx(FLOOR_FACTOR * 400)


def test_curves_pass_through_what_was_seen():
    # 6 late with 2 agents: the curve has 6 at 1.5 agents, so it moves up by half an agent; and 2.5 fewer at most
    moved = corrected(TWO, np.array([2.0, 8.0]), np.array([6.0, 9.0]))
    assert moved.late_with(np.array([2.0, 5.0]))[0] == pytest.approx(6.0)
    assert moved.agents.tolist() == [[1.5, 2.5, 3.5], [6.0, 8.0, 9.0]]
    far = corrected(TWO, np.array([2.0, 20.0]), np.array([4.0, 9.0]))
    assert far.agents.tolist() == [TWO.agents[0].tolist(), [12.0, 14.0, 15.0]]
    assert (
        corrected(replace(TWO, contacts=np.zeros(2)), np.array([2.0, 8.0]), np.zeros(2)).agents.tolist()
        == TWO.agents.tolist()
    )


def test_curves_are_never_moved_below_nobody():
    moved = corrected(replace(TWO, least=np.array([1.0, 2.0])), np.array([1.0, 3.0]), np.array([3.0, 1.0]))
    assert moved.agents.tolist() == [[0.0, 0.0, 1.0], [0.0, 2.0, 3.0]]
    assert moved.least.tolist() == [0.0, 0.0]


def requirement(queue="calls", offered=(0.0, 30.0, 60.0, 240.0), required=(1, 4, 6, 16)):
    return pd.DataFrame(
        {
            "interval_start": to_timestamps(GRID.starts),
            "queue": queue,
            "offered": [contacts * 6 for contacts in offered],
            "aht_seconds": 180.0,
            "agents_required": required,
            "agents_to_roster": required,
        }
    )


def six_hourly(*queues, **more):
    asked = centre(*queues, **more)
    return replace(asked, centre=replace(asked.centre, interval_minutes=360))  # type: ignore[arg-type]


def test_least_agents_are_the_fewest_for_a_share_of_the_target():
    table, asked = requirement(), six_hourly(replace(CALLS, minimum_agents=1))
    for share in (0.3, 0.5, 0.9, 1.0):
        found = least_agents(table, asked, share)
        assert found["queue"].unique().tolist() == ["calls"]
        for offered, agents, needed in zip(
            table["offered"] / 6, found["agents"], table["agents_required"], strict=True
        ):
            if not offered:
                assert agents == 1
                continue
            level = [performance(offered, 180.0, n, 20.0, 180.0).sl_offered for n in (agents, agents - 1)]
            assert agents == needed or level[0] >= 0.8 * share
            assert agents == 1 or level[1] < 0.8 * share


def test_other_limits_hold_in_every_interval():
    busy = replace(CALLS, max_occupancy=0.7)
    found = least_agents(requirement(required=(0, 9, 9, 99)), six_hourly(busy), 0.1)
    for offered, agents in zip((30, 60, 240), found["agents"][1:], strict=True):
        occupancy = [performance(offered, 180.0, n, 20.0, 180.0).occupancy for n in (agents, agents - 1)]
        assert occupancy[0] <= 0.7 < occupancy[1]


def test_a_floor_is_never_more_than_what_is_required_and_a_pool_is_told_by_part():
    vip = replace(CALLS, name="贵宾", priority=1, pool="team")
    asked = six_hourly(replace(CALLS, pool="team"), vip)
    table = pd.concat([requirement(required=(0, 3, 5, 9)), requirement("贵宾", required=(0, 1, 1, 3))])
    found = least_agents(table, asked, 1.0).pivot_table(
        index="interval_start", columns="queue", values="agents"
    )
    assert (found["calls"] / found["贵宾"]).tolist()[1:] == pytest.approx([3.0, 5.0, 3.0])
    assert (found.sum(axis=1) <= [0, 4, 6, 12]).all()


def test_work_that_may_wait_has_no_curve_and_no_floor():
    email = Queue("email", channel="email", target_hours=24)
    table = pd.concat([requirement(), requirement("email")], ignore_index=True)
    asked = six_hourly(CALLS, email)
    assert set(least_agents(table, asked, 0.5)["queue"]) == {"calls"}
    found = service_curves(table, asked, GRID)
    assert set(found.queue.tolist()) == {0}
    only = service_curves(requirement("email"), six_hourly(email), GRID)
    assert len(only.queue) == 0
    prices = cover_prices(problem([1.0, 4.0, 6.0, 16.0], ("email",)), only, np.zeros(0))
    assert (prices.rates > 0).any()


def test_curves_count_agents_on_the_rota():
    plain = service_curves(requirement(), six_hourly(), GRID)
    lossy = service_curves(requirement(), six_hourly(shrinkage=Shrinkage(unplanned={"病假": 0.2})), GRID)
    assert np.allclose(lossy.agents * 0.8, plain.agents)
    assert np.allclose(lossy.least * 0.8, plain.least)
    assert np.allclose(lossy.late, plain.late)
    assert lossy.contacts.tolist() == [0.0, 180.0, 360.0, 1440.0]


def test_rows_outside_the_horizon_are_left_out():
    table = requirement()
    other = table.assign(interval_start=table["interval_start"] + pd.Timedelta(days=7))
    both = service_curves(pd.concat([other, table]), six_hourly(), GRID)
    assert both.interval.tolist() == [0, 1, 2, 3]


def test_periods_are_local_days_or_calendar_weeks():
    berlin = Grid(
        ZoneInfo("Europe/Berlin"), day_number(date(2024, 3, 29)), 5, 60
    )  # clocks change on the 31st, a Sunday
    place, first = periods_of(berlin, centre(service="day"))
    assert np.bincount(place).tolist() == [24, 24, 23, 24, 24]
    assert first[0] == berlin.first_day
    place, first = periods_of(berlin, centre(service="week"))
    assert np.bincount(place).tolist() == [71, 48]
    assert first == (day_number(date(2024, 3, 25)), day_number(date(2024, 4, 1)))


def test_budgets_are_by_queue_and_period():
    four = replace(
        curves([[1.0]] * 4, [[1.0]] * 4, contacts=10.0, interval=[0, 1, 0, 1]), queue=np.array([0, 0, 1, 1])
    )
    period = np.array([0, 1])
    group = groups_of(four, period, 2)
    assert group.tolist() == [0, 1, 2, 3]
    assert budgets(four, group, (2, 2), (0.8, 0.5)).ravel().tolist() == pytest.approx([2.0, 2.0, 5.0, 5.0])
