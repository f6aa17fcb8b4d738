"""Shortage curves against the formulas asked directly, agent by agent."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.model import CentreInfo, Queue, Settings
from scheduler.staffing.callback import callback_performance
from scheduler.staffing.chat import chat_performance
from scheduler.staffing.curves import COLUMNS, pieces_of, shortage_curves
from scheduler.staffing.erlang import performance
from scheduler.staffing.priority import priority_performance
from scheduler.staffing.targets import required_agents

CALLS = Queue("calls", target_seconds=20, patience_seconds=120)
CHATS = Queue(
    "在线",
    channel="chat",
    target_seconds=30,
    patience_seconds=180,
    concurrency=3,
    concurrency_slowdown=0.25,
    minimum_agents=2,
)
PATIENT = Queue("orders", target_seconds=20)
MAIL = Queue("mail", channel="email", target_hours=24)


def settings(*queues: Queue) -> Settings:
    return Settings(CentreInfo("Test", ZoneInfo("Asia/Shanghai")), queues)


def needs(name: str, offered, agents_required, aht_seconds=180.0) -> pd.DataFrame:
    starts = pd.date_range("2024-03-04T23:00Z", periods=len(offered), freq="30min")
    columns = {"interval_start": starts, "queue": name, "offered": offered, "aht_seconds": aht_seconds}
    return pd.DataFrame(columns | {"agents_required": agents_required})


def needed_by(queue: Queue, offered) -> pd.DataFrame:
    seconds, patience = queue.target_seconds, queue.patience_seconds
    return needs(
        queue.name,
        offered,
        required_agents(np.array(offered) * 2, 180, queue.target_share, seconds, patience),
    )


def curves_of(table: pd.DataFrame, *queues: Queue) -> list[pd.DataFrame]:
    found = shortage_curves(table, settings(*queues))
    return [curve.reset_index(drop=True) for _, curve in found.groupby(["interval_start", "queue"])]


LOADS = [1.0, 5.0, 23.0, 50.0, 200.0, 812.0, 3000.0]


@pytest.mark.parametrize("queue", [CALLS, PATIENT], ids=lambda queue: queue.name)
def test_curves_are_what_the_formula_says(queue):
    table = needed_by(queue, LOADS)
    for offered, curve in zip(LOADS, curves_of(table, queue), strict=True):
        found = performance(offered * 2, 180, curve["agents"], 20, queue.patience_seconds)
        assert curve["expected_late"].tolist() == pytest.approx(
            (offered * (1 - found.sl_offered)).tolist(), abs=1e-9
        )
        assert curve["expected_abandoned"].tolist() == pytest.approx(
            (offered * found.p_abandon).tolist(), abs=1e-9
        )


@pytest.mark.parametrize("queue", [CALLS, PATIENT], ids=lambda queue: queue.name)
def test_curves_fall_and_their_envelopes_are_convex_and_hold_the_requirement(queue):
    table = needed_by(queue, LOADS)
    for required, offered, curve in zip(
        table["agents_required"], LOADS, curves_of(table, queue), strict=True
    ):
        assert {required - 1, required, required + 1} <= set(curve["agents"])
        assert 4 <= len(curve) <= 14
        assert (np.diff(curve["agents"]) > 0).all()
        assert (np.diff(curve["expected_late"]) <= 0).all()
        assert (np.diff(curve["expected_abandoned"]) <= 0).all()
        above = curve[curve["envelope_late"].notna()]
        assert (above["envelope_late"] <= above["expected_late"] + 1e-9).all()
        slopes = np.diff(above["envelope_late"]) / np.diff(above["agents"])
        assert (np.diff(slopes) >= -1e-9 * offered).all()
        assert above["envelope_late"].tolist()[-1] == above["expected_late"].tolist()[-1] <= 0.001 * offered
        assert above["envelope_late"].tolist() == pytest.approx(
            above["expected_late"].tolist(), abs=1e-9 * offered
        )


@pytest.mark.parametrize("queue", [CALLS, PATIENT], ids=lambda queue: queue.name)
def test_straight_lines_between_the_points_follow_the_curve(queue):
    table = needed_by(queue, LOADS)
    for offered, curve in zip(LOADS, curves_of(table, queue), strict=True):
        curve = curve[curve["envelope_late"].notna()]
        agents = np.arange(curve["agents"].min(), curve["agents"].max() + 1)
        exact = 1 - performance(offered * 2, 180, agents, 20, queue.patience_seconds).sl_offered
        assert (
            np.abs(np.interp(agents, curve["agents"], curve["envelope_late"]) / offered - exact).max() < 0.015
        )


@pytest.mark.parametrize("queue", [CALLS, PATIENT], ids=lambda queue: queue.name)
def test_the_floor_is_the_agent_who_brought_the_most(queue):
    table = needed_by(queue, LOADS)
    for required, offered, curve in zip(
        table["agents_required"], LOADS, curves_of(table, queue), strict=True
    ):
        late = offered * (
            1 - performance(offered * 2, 180, range(required + 1), 20, queue.patience_seconds).sl_offered
        )
        best = int(np.argmax(-np.diff(late))) + 1
        expected = max(best, (required + 1) // 2)
        assert curve.loc[curve["envelope_late"].notna(), "agents"].min() == expected
        if queue is CALLS and offered > 20:
            assert 0.4 < 1 - late[expected] / offered < 0.6


def test_the_floor_keeps_to_minimum_requirement_and_half_of_it():
    few = Queue("calls", target_seconds=20, patience_seconds=120, minimum_agents=7)

    def floor(required: float, offered: float = 50.0, queue: Queue = CALLS) -> float:
        curve = shortage_curves(needs("calls", [offered], [required]), settings(queue))
        return float(curve.loc[curve["envelope_late"].notna(), "agents"].min())

    assert floor(8) == 5  # where the curve of 5 erlangs turns convex
    assert floor(8, queue=few) == 7
    assert floor(3) == 3  # edited down: the requirement itself
    assert floor(20) == 10  # edited up: half of it
    assert floor(2, offered=0.2) == 1  # never nobody where contacts come
    assert floor(0, offered=0.2) == 0  # unless somebody wants it so


def test_an_edited_requirement_is_among_the_points():
    for required in (0, 3.5, 40):
        (curve,) = curves_of(needs("calls", [50.0], [required]), CALLS)
        up = np.ceil(required)
        assert {max(up - 1, 0), up, up + 1} <= set(curve["agents"])


def test_nothing_offered_is_one_row():
    table = needs("calls", [0.0, 0.0], [0, 2], [np.nan, np.nan])
    first, second = curves_of(table, CALLS)
    assert first[list(COLUMNS[2:])].to_numpy().tolist() == [[0, 0, 0, 0]]
    assert second[list(COLUMNS[2:])].to_numpy().tolist() == [[2, 0, 0, 0]]


def test_chats_are_those_of_the_chain():
    (curve,) = curves_of(needs("在线", [100.0], [6], 300.0), CHATS)
    found = chat_performance(200, 300, curve["agents"], 30, 3, 0.25, 180)
    assert curve["expected_late"].tolist() == pytest.approx((100 * (1 - found.sl_offered)).tolist(), abs=1e-9)


def test_those_who_take_a_call_back_are_neither_late_nor_lost():
    queue = Queue("calls", target_seconds=20, patience_seconds=120, callback_share=0.3, callback_to="mail")
    (curve,) = curves_of(needs("calls", [100.0], [11]), queue, MAIL)
    found, back = callback_performance(200, 180, curve["agents"], 20, 0.3, 120)
    staying = 100 - back / 2
    assert curve["expected_late"].tolist() == pytest.approx(
        (staying * (1 - found.sl_offered)).tolist(), abs=1e-9
    )
    assert curve["expected_abandoned"].tolist() == pytest.approx(
        (staying * found.p_abandon).tolist(), abs=1e-9
    )


def test_redials_are_contacts_too():
    queue = Queue("calls", target_seconds=20, patience_seconds=120, redial_share=0.5)
    (curve,) = curves_of(needs("calls", [100.0], [12]), queue)
    for agents, late, lost in curve[["agents", "expected_late", "expected_abandoned"]].to_numpy():
        attempts = 100.0
        for _ in range(200):
            found = performance(attempts * 2, 180, agents, 20, 120)
            attempts = 100.0 + 0.5 * attempts * float(found.p_abandon)
        assert late == pytest.approx(attempts * (1 - float(found.sl_offered)), abs=1e-6)
        assert lost == pytest.approx(attempts * float(found.p_abandon), abs=1e-6)


VIP = Queue("vip", target_seconds=10, patience_seconds=120, pool="team", priority=1)
OTHERS = Queue("others", target_seconds=20, patience_seconds=120, pool="team")


def test_a_pool_has_one_curve_told_at_each_queues_part_of_the_team():
    table = pd.concat([needs("vip", [20.0], [4]), needs("others", [60.0], [8])])
    others, vip = curves_of(table, VIP, OTHERS)
    together = vip["agents"] * 3
    assert {11, 12, 13} <= set(together.round(9))
    assert others["agents"].tolist() == pytest.approx((together * 2 / 3).tolist())
    first = priority_performance([[40.0], [120.0]], 180, together.to_numpy()[None], 10, 120)[0]
    second = priority_performance([[40.0], [120.0]], 180, together.to_numpy()[None], 20, 120)[1]
    assert vip["expected_late"].tolist() == pytest.approx(
        (20 * (1 - first.sl_offered)).ravel().tolist(), abs=1e-9
    )
    assert others["expected_late"].tolist() == pytest.approx(
        (60 * (1 - second.sl_offered)).ravel().tolist(), abs=1e-9
    )
    assert (others["envelope_late"].notna() == vip["envelope_late"].notna()).all()


def test_a_pool_is_told_by_load_where_a_queue_with_contacts_has_no_agent_of_its_own():
    table = pd.concat([needs("vip", [1.0], [0]), needs("others", [3.0], [1])])
    others, vip = curves_of(table, VIP, OTHERS)
    assert (vip["agents"] + others["agents"]).tolist() == pytest.approx((vip["agents"] * 4).tolist())
    assert (np.diff(vip["agents"]) > 0).all()


def test_a_queue_of_a_pool_may_be_closed_now_and_then():
    table = pd.concat([needs("vip", [20.0], [4]), needs("others", [60.0, 60.0], [8, 10])])
    together, alone = shortage_curves(table, settings(VIP, OTHERS)).groupby("interval_start")
    assert set(together[1]["queue"]) == {"vip", "others"}
    assert set(alone[1]["queue"]) == {"others"}
    exact = performance(120, 180, alone[1]["agents"], 20, 120)
    assert alone[1]["expected_late"].tolist() == pytest.approx(
        (60 * (1 - exact.sl_offered)).tolist(), abs=1e-9
    )


def test_work_that_may_wait_has_no_curve_and_rows_are_sorted():
    table = pd.concat(
        [needs("mail", [50.0], [3]), needs("在线", [9.0, 9.0], [3, 3]), needs("calls", [50.0, 0.0], [8, 0])]
    )
    found = shortage_curves(table, settings(CHATS, MAIL, CALLS))
    assert found.columns.tolist() == list(COLUMNS)
    assert set(found["queue"]) == {"calls", "在线"}
    assert found[list(COLUMNS[:3])].equals(found[list(COLUMNS[:3])].sort_values(list(COLUMNS[:3])))
    assert found["interval_start"].dtype == table["interval_start"].dtype
    only = shortage_curves(table[table["queue"] == "mail"], settings(MAIL))
    assert only.columns.tolist() == list(COLUMNS)
    assert len(only) == 0


def test_pieces_of_a_table_are_those_of_its_envelopes():
    table = pd.concat([needed_by(CALLS, LOADS), needs("在线", [9.0], [3])])
    found = shortage_curves(table, settings(CALLS, CHATS))
    keys, pieces = pieces_of(found.sample(frac=1.0, random_state=1))
    assert keys["queue"].tolist() == ["calls", "在线"] + ["calls"] * 6
    assert (np.diff(pieces.avoided, axis=1) <= 0).all()
    for k, ((_, _), curve) in enumerate(found.groupby(["interval_start", "queue"])):
        above = curve[curve["envelope_late"].notna()]
        assert pieces.floor[k] == above["agents"].iloc[0]
        values = [pieces.late(agents)[k] for agents in above["agents"]]
        assert values == pytest.approx(above["envelope_late"].tolist(), abs=1e-9)
    assert len(pieces_of(found.iloc[:0])[0]) == 0


def test_everything_wrong_is_told_at_once():
    table = needs("calls", [50.0, -1.0, np.nan, 4.0], [8, 8, 8, np.inf], [180, 180, 180, 0])
    wrong = pd.concat([table, table.iloc[:1], needs("fax", [1.0], [1])])
    with pytest.raises(BadInput) as error:
        shortage_curves(wrong, settings(CALLS, Queue("x", channel="email")))
    assert [(fault.file, fault.column) for fault in error.value.faults] == [
        ("requirement", "queue"), ("requirement", "interval_start"), *[("shortage_curves", "offered")] * 2,
        ("shortage_curves", "aht_seconds"), ("shortage_curves", "agents_required"),
    ]  # fmt: skip
    with pytest.raises(BadInput) as error:
        shortage_curves(pd.DataFrame({"queue": []}), settings(CALLS))
    assert [fault.column for fault in error.value.faults] == [
        "interval_start",
        "offered",
        "aht_seconds",
        "agents_required",
    ]
