"""Curves from simulation against floors changed by hand, for the same customers, and against formulas where these hold."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.model import Queue
from scheduler.staffing.erlang import performance
from scheduler.staffing.floor import Floor, Stretches
from scheduler.staffing.simulated_curves import SIMULATED, simulated_curves
from scheduler.staffing.simulation import simulate

CALLS = Queue("电话", target_seconds=20, patience_seconds=120)
ORDERS = Queue("orders", target_seconds=20, patience_seconds=120, service_level_definition="exit")
STARTS = pd.date_range("2024-03-04T00:00Z", periods=3, freq="60min")
FLEXIBLE = [[1.0, 0.0]] * 4 + [[0.0, 1.0]] * 3 + [[1.0, 0.8]] * 2
AGENTS = [[5.0] * 3, [4.0] * 3]


def floor(speed=FLEXIBLE, arrivals=((80.0, 100.0, 90.0), (60.0, 50.0, 70.0)), work=None, **others) -> Floor:
    stretches = work or Stretches.throughout(len(speed), 3 * 3600)
    given = {"patience_seconds": 120.0, "target_seconds": 20.0} | others
    return Floor(3600, arrivals, 180, speed, stretches, **given)


def late_of(made: Floor, q: int, replications: int = 30) -> list[float]:
    """Contacts late on a queue in each interval, counted by hand; the second queue's definition counts those gone in time as well."""
    found = simulate(made, replications)
    good = found.count("within") + found.count("abandoned_within") * q
    return (found.count("offered") - good)[:, q].mean(axis=0).tolist()


def curve(found: pd.DataFrame, queue: Queue, at: int) -> pd.DataFrame:
    return found[(found["queue"] == queue.name) & (found["interval_start"] == STARTS[at])].reset_index(
        drop=True
    )


def test_each_point_is_the_floor_with_that_agent_more_or_fewer_and_the_same_customers():
    found = simulated_curves(floor(), [CALLS, ORDERS], STARTS, AGENTS, span=1, replications=30)
    assert found.columns.tolist() == list(SIMULATED)
    more, fewer = (
        floor([*FLEXIBLE, [1.0, 0.0]]),
        floor(FLEXIBLE[1:]),
    )  # who goes is the specialist: any of four alike
    without_orders = floor(FLEXIBLE[:4] + FLEXIBLE[5:])
    for at in range(3):
        calls, orders = curve(found, CALLS, at), curve(found, ORDERS, at)
        assert calls["agents"].tolist() == [4, 5, 6]
        assert calls["expected_late"].tolist()[1:] == pytest.approx(
            [late_of(made, 0)[at] for made in (floor(), more)]
        )
        assert calls["expected_late"].tolist()[0] == pytest.approx(late_of(fewer, 0)[at], rel=0.02)
        assert orders["expected_late"].tolist()[0] == pytest.approx(late_of(without_orders, 1)[at], rel=0.02)
        assert calls["late_everywhere"].tolist()[2] == pytest.approx(
            late_of(more, 0)[at] + late_of(more, 1)[at]
        )
        for each in (calls, orders):
            assert (np.diff(each["expected_late"]) < 0).all()
            assert (np.diff(each["expected_abandoned"]) < 0).all()
            assert (each["late_low"] < each["expected_late"]).all()
            assert (each["late_high"] > each["expected_late"]).all()
            assert (each["envelope_late"] <= each["expected_late"] + 1e-9).all()
        assert calls["expected_abandoned"].tolist()[1] == pytest.approx(
            simulate(floor(), 30).count("abandoned")[:, 0, at].mean()
        )


def test_one_queue_by_itself_has_the_formulas_curve_inside_its_intervals():
    alone = Floor(
        36000, [[2000.0] * 2], 180, np.ones((11, 1)), Stretches.throughout(11, 72000), patience_seconds=120
    )
    found = simulated_curves(alone, [CALLS], STARTS[:2], [[11.0] * 2], span=2, replications=40)
    second = curve(found, CALLS, 1)  # the first begins with an empty floor
    exact = 2000 * (1 - performance(200, 180, second["agents"], 20, 120).sl_offered)
    assert second["agents"].tolist() == [9, 10, 11, 12, 13]
    inside = (second["late_low"] <= exact) & (exact <= second["late_high"])
    assert inside.sum() >= 4
    assert second["expected_late"].tolist() == pytest.approx(exact.tolist(), rel=0.07)


def test_where_fewer_are_there_curves_have_fewer_points_and_breaks_stay_breaks():
    work = Stretches([0, 0, 1], [0, 5400, 1800], [3600, 10800, 7200], queue=[0, -1, -1])
    made = floor([[1.0, 0.0], [1.0, 1.0]], ((20.0, 20.0, 20.0), (0.0, 0.0, 0.0)), work)
    found = simulated_curves(
        made, [CALLS, ORDERS], STARTS, [[1.5, 1.5, 1.0], [0.0] * 3], span=3, replications=3
    )
    assert [curve(found, CALLS, at)["agents"].tolist() for at in range(3)] == [
        [
            0,
            0.5,
            1.5,
            2.5,
            3.5,
            4.5,
        ],  # the specialist first, then the other, who is there for half of the hour
        [0, 1.0, 1.5, 2.5, 3.5, 4.5],
        [0, 1, 2, 3, 4],
    ]
    assert curve(found, ORDERS, 0)["expected_late"].max() == 0


def test_who_is_rostered_for_one_queue_is_not_taken_away_from_another():
    work = Stretches([0, 1], [0.0, 0.0], [10800.0, 10800.0], queue=[0, -1])
    made = floor([[1.0, 1.0]] * 2, work=work)
    found = simulated_curves(made, [CALLS, ORDERS], STARTS, [[1.5] * 3, [0.5] * 3], span=2, replications=2)
    assert curve(found, CALLS, 0)["agents"].tolist() == [0, 0.5, 1.5, 2.5, 3.5]
    assert curve(found, ORDERS, 0)["agents"].tolist() == [0, 0.5, 1.5, 2.5]


def test_absences_and_shifts_stay_with_their_people():
    made = floor(absence_share=0.3)
    found = simulated_curves(made, [CALLS, ORDERS], STARTS, AGENTS, span=1, replications=30)
    by_hand = replace(
        made,
        speed=[*FLEXIBLE, [1.0, 0.0]],
        work=Stretches.throughout(10, 3 * 3600),
        absence_share=[0.3] * 9 + [0.0],
    )
    assert curve(found, CALLS, 1)["expected_late"].tolist()[1:] == pytest.approx(
        [late_of(made, 0)[1], late_of(by_hand, 0)[1]]
    )
    assert curve(found, CALLS, 1)["agents"].tolist() == [4.3, 5, 6]


def test_a_span_of_nothing_tells_what_is():
    found = simulated_curves(floor(), [CALLS, ORDERS], STARTS, AGENTS, span=0, replications=2)
    assert len(found) == 6


def test_everything_wrong_is_told_at_once():
    with pytest.raises(BadInput) as error:
        simulated_curves(floor(), [CALLS], STARTS[:2], [[-1.0] * 3] * 2, span=-1)
    assert [fault.column for fault in error.value.faults] == [
        "queues",
        "starts",
        "span",
        "agents",
        "agents",
    ] + ["agents"] * 4
