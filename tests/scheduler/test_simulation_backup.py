"""Backup pools person by person: when they are called, come and go, by traces small enough to follow with a finger."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.peaks import Trigger
from scheduler.staffing.floor import ELSEWHERE, TRIGGERS, WITH_BACKUP_SKILLS
from scheduler.staffing.simulation import (
    BackupPool,
    Floor,
    SimulationResult,
    Stretches,
    Trace,
    Windows,
    simulate,
)

END = 36000.0
NEVER = np.inf
POOL: dict[str, Any] = {
    "queues": [0], "threshold": 3.0, "lead_seconds": 300.0, "minimum_seconds": 600.0, "check_seconds": 60.0,
}  # fmt: skip


def customers(*spans: tuple[float, float, int], queue: int = 0) -> Trace:
    """So many customers online from when until when; each is patient and has an agent's whole attention for that time."""
    rows = [(start, end - start) for start, end, count in spans for _ in range(count)]
    arrival, work = np.array(rows, dtype=float).reshape(-1, 2).T
    return Trace(np.full(len(rows), queue), arrival, work, np.full(len(rows), NEVER))


def played(trace: Trace, pool: BackupPool, **changes: Any) -> SimulationResult:
    """Twenty agents at work, five more (20 to 24) who may be backup; ten hours of ten-minute intervals."""
    given = {"speed": np.ones((25, 1)), "work": Stretches.throughout(20, END), **changes}
    queues = np.shape(given["speed"])[1]
    return simulate(Floor(600.0, np.ones((queues, 60)), 60.0, trace=trace, backup=[pool], **given), 1)


def pool(people: int = 1, **changes: Any) -> BackupPool:
    return BackupPool(**{**POOL, "agents": range(20, 20 + people), **changes})


def times(found: SimulationResult, *names: str) -> list[Any]:
    """The log of call-outs: agent and the times asked for."""
    log = found.call_outs_of(0)
    return [tuple(row) for row in log[list(names or ("agent", "called_s", "arrived_s", "left_s"))].tolist()]


# ---- one after another: call, lead, minimum, going ----


@settings(max_examples=60)
@given(st.floats(1, 20_000), st.sampled_from([30.0, 60.0, 600.0]))
def test_it_fires_within_one_decision_step_of_the_crossing(crossing: float, check: float) -> None:
    found = played(customers((crossing, crossing + 2 * check, 3)), pool(check_seconds=check))
    ((_, called, arrived, _),) = times(found)
    assert crossing <= called <= crossing + check
    assert called % check == 0
    assert arrived == called + 300
    assert found.call_outs_of(0)["value"].tolist() == [3.0]


def test_below_the_threshold_nobody_is_called() -> None:
    assert times(played(customers((100, 9000, 2)), pool())) == []


def test_they_stay_for_the_minimum_and_until_the_trigger_is_over_for_so_long() -> None:
    short = customers((100, 200, 3))
    assert times(played(short, pool())) == [(20, 120, 420, 1020)]
    long = customers((100, 2000, 3))
    assert times(played(long, pool())) == [(20, 120, 420, 2040)]
    assert times(played(long, pool(hold_seconds=300))) == [(20, 120, 420, 2340)]


def test_between_release_and_threshold_they_stay() -> None:
    falling = customers((100, 2000, 1), (100, 5000, 2))  # three, then two, then nobody
    assert times(played(falling, pool())) == [(20, 120, 420, 2040)]
    assert times(played(falling, pool(release=2))) == [(20, 120, 420, 5040)]
    assert times(played(falling, pool(release=2.5))) == [(20, 120, 420, 2040)]


def test_a_moment_above_does_not_call_where_it_must_be_sustained() -> None:
    saw = customers(*[(at, at + 100, 3) for at in (100, 400, 700)], (1000, 2000, 3))
    assert times(played(saw, pool(sustained_seconds=180)), "called_s") == [(1200,)]  # seen at 1020


def test_they_go_after_the_maximum_whatever_holds() -> None:
    always = customers((100, 30_000, 3))
    found = played(always, pool(maximum_seconds=3600, rest_seconds=7200, cool_down_seconds=60))
    assert times(found, "called_s", "left_s")[:2] == [
        (120, 4020),
        (10_920, 14_820),
    ]  # arrives when 7200 s are over


def test_whoever_is_on_the_way_or_there_at_the_end() -> None:
    log = played(customers((35_000, 35_990, 3)), pool()).call_outs_of(0)
    assert log["left_s"].tolist() == [END]
    late = played(customers((35_900, 35_990, 3)), pool())
    assert np.isnan(late.call_outs_of(0)["arrived_s"]).all()
    assert late.backup_activations.sum() == 1


# ---- who ----


def test_those_called_least_go_first_and_then_in_order() -> None:
    waves = customers(*[(at, at + 200, 3) for at in range(100, 30_000, 3000)])
    found = played(waves, pool(3, batch=1))
    assert [agent for agent, *_ in times(found)][:6] == [20, 21, 22, 20, 21, 22]
    had = played(waves, pool(3, batch=1, calls_before=[2, 0, 1]))
    assert [agent for agent, *_ in times(had)][:6] == [21, 21, 22, 20, 21, 22]


def test_calls_a_day_and_in_all() -> None:
    waves = customers(*[(at, at + 200, 3) for at in range(100, 30_000, 3000)])
    days = {"day_starts_s": [0.0, 15_000.0]}
    assert len(times(played(waves, pool()))) == 10
    assert times(played(waves, pool(calls_a_day=2), **days), "called_s") == [
        (120,),
        (3120,),
        (15_120,),
        (18_120,),
    ]
    capped = played(waves, pool(2, batch=1, calls_at_most=4, calls_before=[3, 1]))
    assert [agent for agent, *_ in times(capped)] == [21, 21, 20, 21]  # one of three left, two others


def test_rest_between_two_call_outs_of_a_person() -> None:
    waves = customers(*[(at, at + 200, 3) for at in range(100, 30_000, 3000)])
    for one, following in pairwise(times(played(waves, pool(rest_seconds=5000)))):
        assert following[2] - one[3] >= 5000
    assert len(times(played(waves, pool(rest_seconds=5000)))) < 10


def test_windows_hold_the_minimum_and_end_the_call_out() -> None:
    always = customers((100, 30_000, 3))
    windows = Windows([20, 20, 20], [0, 1500, 9000], [1000, 5000, 20_000])
    assert times(played(always, pool(windows=windows))) == [
        (20, 1200, 1500, 5000),  # 420 to 1020 would not fit into the first
        (20, 8700, 9000, 20_000),
    ]
    nobody = played(always, pool(2, windows=Windows([20], [0], [1019])))
    assert times(nobody) == []
    assert nobody.backup_activations.sum() == 0


# ---- batches ----


def test_the_next_batch_is_called_when_the_first_is_there_and_the_trigger_still_holds() -> None:
    found = played(customers((100, 2000, 3)), pool(5, batch=2))
    assert [(a, called) for a, called, *_ in times(found)] == [
        (20, 120),
        (21, 120),
        (22, 420),
        (23, 420),
        (24, 720),
    ]
    assert found.backup_activations[0, 0, :2].tolist() == [2, 1]
    slowly = played(customers((100, 2000, 3)), pool(5, batch=2, sustained_seconds=300))
    assert [called for _, called, *_ in times(slowly)] == [420, 420, 1020, 1020, 1620]


def test_batches_go_in_reverse_order_one_hold_after_another() -> None:
    found = played(customers((100, 2000, 3)), pool(5, batch=2, hold_seconds=600))
    left = {agent: end for agent, _, _, end in times(found)}
    assert left == {24: 2640, 23: 3240, 22: 3240, 21: 3840, 20: 3840}
    together = played(customers((100, 2000, 3)), pool(5, hold_seconds=600))
    assert {end for *_, end in times(together)} == {2640}


# ---- no flapping ----


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.floats(0, 30_000), st.floats(10, 4000), st.integers(1, 4)), min_size=1, max_size=25),
    st.sampled_from([0.0, 60.0]), st.sampled_from([0, 1, 2]), st.sampled_from([0.0, 300.0]), st.sampled_from([0.0, 900.0]),
)  # fmt: skip
def test_hysteresis_allows_so_many_calls_and_no_more(
    spans: list[tuple[float, float, int]], check: float, batch: int, hold: float, cool_down: float
) -> None:
    made = pool(
        4, check_seconds=check, batch=batch, hold_seconds=hold, cool_down_seconds=cool_down, release=1.5, threshold=4.0
    )  # fmt: skip
    found = played(customers(*[(a, min(a + d, END - 1), n) for a, d, n in spans]), made)
    log = found.call_outs_of(0)
    calls = np.unique(log["called_s"])
    there = log["left_s"][log["left_s"] < END]
    for called in calls:
        gone = there[there <= called]
        assert (called - gone >= cool_down - 1e-6).all()
    stays = log["left_s"] - log["arrived_s"]
    assert (stays[log["left_s"] < END] >= made.minimum_seconds - 1e-6).all()
    # all together are once called, there for the minimum, over for the hold, gone for the cool-down
    if batch == 0:
        assert len(calls) <= 1 + END // (made.lead_seconds + made.minimum_seconds + cool_down)
    shortest = np.diff(calls)
    assert (shortest >= made.lead_seconds - 1e-6).all()  # of batches: those called are there first


def test_without_hysteresis_a_seesaw_calls_again_and_again() -> None:
    """The same load calls eight times without hold and cool-down, once with them: the test above can fail."""
    seesaw = customers(*[(at, at + 250, 3) for at in range(100, 9000, 1000)])
    plain, calm = pool(minimum_seconds=120), pool(minimum_seconds=120, hold_seconds=1200)
    assert [len(times(played(seesaw, one))) for one in (plain, calm)] == [9, 1]


# ---- triggers ----


def test_any_of_several_triggers_calls_and_all_must_be_over() -> None:
    also = [Trigger("waiting", 1.0, 1.0), Trigger("wait_seconds", 1000.0, 1000.0)]
    one = {"speed": np.ones((2, 1)), "work": Stretches([0], [0.0], [END])}
    two = customers((100, 1500, 1), (200, 1500, 1))
    found = played(two, BackupPool(**{**POOL, "agents": [1], "also": also, "release": 2.0}), **one)
    assert TRIGGERS[found.call_outs_of(0)["trigger"][0]] == "waiting"
    assert times(found, "called_s") == [(240,)]  # the second waits
    assert times(found, "left_s") == [(1500,)]  # since 540 nobody waits, and until 1500 two are online


def test_agents_short_counts_backup_once_it_is_there() -> None:
    work = Stretches(range(20), np.zeros(20), np.where(np.arange(20) < 3, 3000.0, END))
    required = np.full((1, 60), 18.0)
    required[:, 20:] = 10.0
    short = pool(3, trigger="agents_short", threshold=1.0, release=0.0, batch=1)
    found = played(customers((5, 6, 1)), short, work=work, agents_required=required)
    assert times(found) == [
        (20, 3000, 3300, 12_000)
    ]  # 17 of 18; with the one called nobody is short nor over
    assert found.call_outs_of(0)["value"].tolist() == [1.0]


def test_agents_short_may_stay_where_its_release_says_so() -> None:
    work = Stretches(range(20), np.zeros(20), np.where(np.arange(20) < 5, 3000.0, END))
    required = np.full((1, 60), 18.0)
    for release, stays in ((0.0, True), (2.9, False)):
        short = pool(3, trigger="agents_short", threshold=3.0, release=release, minimum_seconds=600)
        found = played(customers((5, 6, 1)), short, work=work, agents_required=required)
        assert (set(found.call_outs_of(0)["left_s"].tolist()) == {END}) == stays


def test_service_of_the_last_half_hour() -> None:
    """One agent: of ten contacts a minute apart the first is in time, all others are late while it goes on."""
    trace = Trace([0] * 10, np.arange(10) * 60.0 + 30, [2000.0] + [1.0] * 9, [NEVER] * 10)
    one = {"speed": np.ones((2, 1)), "work": Stretches([0], [0.0], [END]), "target_seconds": 45.0}
    made = BackupPool(**{**POOL, "agents": [1], "trigger": "service_level", "threshold": 0.5, "release": 0.6})
    found = played(trace, made, **one)
    assert found.call_outs_of(0)[["called_s", "value"]].tolist() == [
        (180.0, 0.5)
    ]  # the one of 90 has waited 90 s
    gone = replace(made, threshold=0.3, release=0.35, check_seconds=600.0)
    assert played(trace, gone, **one).call_outs_of(0)[["called_s", "value"]].tolist() == [(600.0, 1 / 9)]
    answered = times(found, "left_s")[0][0]
    assert 30 + 1800 < answered <= 600 + 1860  # nobody of them came in the last half hour then


def test_who_gives_up_was_not_in_time() -> None:
    trace = Trace([0] * 4, [10.0, 20.0, 30.0, 40.0], [900.0, 1.0, 1.0, 1.0], [NEVER, 5.0, 5.0, 5.0])
    one = {"speed": np.ones((2, 1)), "work": Stretches([0], [0.0], [END]), "target_seconds": 1000.0}
    made = BackupPool(
        **{**POOL, "agents": [1], "trigger": "service_level", "threshold": 0.3, "release": 0.35}
    )
    assert played(trace, made, **one).call_outs_of(0)[["called_s", "value"]].tolist() == [(60.0, 0.25)]


# ---- support and planned call-outs ----

BOTH = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
OPENED = {"queues": [0], "support": True, "speed": [[0.5, 0.0]], "agents": [1]}


def two_queues(
    made: BackupPool, trace: Trace, work: Stretches, speed: Any = BOTH, **changes: Any
) -> SimulationResult:
    return played(trace, made, speed=speed, work=work, **changes)


def test_support_serves_the_pools_queue_besides_its_own_while_the_trigger_holds() -> None:
    work = Stretches.throughout(2, END)
    calls = customers((100, 1100, 1), (105, 595, 1), (110, 490, 1))
    trace = Trace([*calls.queue, 1], [*calls.arrival_s, 500.0], [*calls.work_s, 10.0], [NEVER] * 4)
    made = BackupPool(**{**POOL, **OPENED, "lead_seconds": 60.0, "minimum_seconds": 60.0})
    found = two_queues(made, trace, work, BOTH[:2])
    assert times(found) == [
        (1, 120, 180, 1140)
    ]  # two are left at 1100; its contact at half speed goes on until 1160
    waited = found.count("answered_wait_s")[0].sum(axis=1).tolist()
    assert waited == [(180 - 105) + (1100 - 110), 1160 - 500]  # its own customer comes after the one at hand
    assert found.agent_contacts.tolist() == [[2, 2]]
    never = two_queues(replace(made, threshold=4.0), trace, work, BOTH[:2])
    assert never.agent_contacts.tolist() == [[3, 1]]


def test_support_goes_on_over_a_break_and_ends_with_the_shift() -> None:
    work = Stretches([0, 1, 1, 1], [0, 0, 2000, 20_000], [END, 1000, 4000, END], shift=[0, 1, 1, 2])
    always = customers((100, 30_000, 1), (100, 500, 60))
    made = BackupPool(**{**POOL, **OPENED, "lead_seconds": 0.0})
    found = two_queues(made, always, work, BOTH[:2])
    assert times(found)[0] == (1, 120, 120, 4000)
    assert times(found)[1][1] == 20_040  # no look at which it was at work before


def test_support_is_not_called_in_a_break_or_when_absent() -> None:
    work = Stretches([0, 1, 1], [0, 0, 2000], [END, 1000, 9000])
    made = BackupPool(**{**POOL, **OPENED})
    assert times(two_queues(made, customers((1100, 9000, 3)), work, BOTH[:2]), "called_s") == [(2040,)]
    absent = two_queues(made, customers((1100, 9000, 3)), work, BOTH[:2], absence_share=[0, 1, 1])
    assert times(absent) == []


def test_support_comes_from_work_that_is_not_on_the_floor() -> None:
    work = Stretches([0, 1], [0, 0], [END, END], [-1, ELSEWHERE])
    made = BackupPool(**{**POOL, **OPENED})
    trace = Trace([0, 0, 0, 1], [100.0, 100, 100, 500], [900.0, 900, 900, 1], [NEVER] * 4)
    found = two_queues(made, trace, work, BOTH[:2])
    assert found.agent_contacts.tolist()[0][1] > 0
    assert found.count("answered")[0, 1].sum() == 0  # its own queue is not what it is at work for
    staffed = found.staffed_by_group_s[0].sum(axis=1)
    assert (
        found.total().occupancy.mean > found.busy_s.sum() / staffed.sum()
    )  # elsewhere is no time of the floor


def test_planned_call_outs_serve_what_backup_may_and_are_not_called() -> None:
    work = Stretches([0, 1], [0, 1000], [END, 2000], [-1, WITH_BACKUP_SKILLS])
    windows = Windows([1, 1], [0, 2000], [1000, END])
    made = BackupPool(**{**POOL, "agents": [1], "speed": [[1.0, 0.0]], "windows": windows, "threshold": 9.0})
    found = two_queues(made, customers((500, 1500, 2)), work, BOTH[:2])
    assert found.agent_contacts.tolist() == [[1, 1]]
    assert found.count("answered_wait_s")[0].sum() == 500
    assert times(found) == []


# ---- uncertain demand ----


def test_each_replication_takes_the_next_path_of_demand() -> None:
    paths = np.zeros((3, 1, 4))
    paths[1], paths[2] = 50.0, 500.0
    floor = Floor(
        900.0, paths, 60.0, np.ones((5, 1)), Stretches.throughout(5, 3600.0), patience_seconds=100.0
    )
    came = simulate(floor, 6).count("offered").sum(axis=(1, 2))
    assert came[[0, 3]].tolist() == [0, 0]
    assert (came[[1, 4]] < 300).all()
    assert (came[[2, 5]] > 1700).all()
    alone = simulate(replace(floor, arrivals=paths[1]), 6)
    assert alone.count("offered")[4].sum() == came[4]  # the same customers on the same path


# ---- bad input ----


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"release": 4.0}, "backup[0].release: found '4.0', expected no more than the threshold, 3"),
        ({"also": [Trigger("waiting", 2.0, 3.0)]}, "backup[0].also[0].release: found '3.0'"),
        ({"trigger": "service_level", "threshold": 0.6, "release": 0.5}, "expected no less than the threshold, 0.6"),
        ({"trigger": "agents_short", "check_seconds": 0.0}, "backup[0].check_seconds: found '0.0', expected above 0 for agents_short"),
        ({"maximum_seconds": 60.0}, "backup[0].maximum_seconds: found '60.0', expected minimum_seconds or more"),
        ({"batch": -1}, "backup[0].batch: found '-1'"), ({"calls_a_day": 1.5}, "backup[0].calls_a_day: found '1.5'"),
        ({"calls_before": [1, 2]}, "backup[0].calls_before: found 'shape (2,)'"),
        ({"speed": [[1.0], [1.0]]}, "backup[0].speed: found 'shape (2, 1)'"),
        ({"windows": Windows([20], [5], [5])}, "backup[0].windows.to_s: found '5 at index 0', expected a time after from_s"),
        ({"windows": Windows([20, 20], [0, 5], [9, 12])}, "backup[0].windows.from_s: found '5 of agent 20'"),
        ({"windows": Windows([99], [0], [9])}, "backup[0].windows.agent: found '99 at index 0'"),
        ({"agents": [3], "windows": Windows([3], [0], [9])}, "backup[0].windows: found 'agent 3', expected windows apart"),
        ({"support": True}, "backup[0].agents: found '20', expected agents with stretches"),
        ({"hold_seconds": -1}, "backup[0].hold_seconds: found '-1'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_pool(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as caught:
        played(customers((1, 2, 1)), pool(**changes))
    assert any(words in str(fault) for fault in caught.value.faults), [str(f) for f in caught.value.faults]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"day_starts_s": [5.0, 9.0]}, "day_starts_s"), ({"day_starts_s": [0.0, 0.0]}, "day_starts_s"),
        ({"agents_required": [[-1.0]]}, "agents_required: found '-1"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_days_and_requirements(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words.replace("[", r"\[")):
        played(customers((1, 2, 1)), pool(), **changes)


def test_paths_without_anything_are_told() -> None:
    floor = Floor(900.0, np.zeros((0, 1, 4)), 60.0, np.ones((5, 1)), Stretches.throughout(5, 3600.0))
    with pytest.raises(BadInput, match="arrivals"):
        simulate(floor, 1)
