"""From a forecast to the requirement of every interval, and what a rota's agents would give there."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.model import CentreInfo, FollowUp, Queue, Settings, Shrinkage
from scheduler.staffing import performance, required_agents
from scheduler.staffing.requirement import COLUMNS, alternatives, expected_service, requirement, work_left
from scheduler.staffing.staffed import names_of, order

CALLS = Queue("calls", target_seconds=30, patience_seconds=180, max_occupancy=0.9, aht_seconds=200)


def centre(*queues: Queue, interval_minutes: Any = 30, **unplanned: float) -> Settings:
    info = CentreInfo("test", ZoneInfo("America/New_York"), interval_minutes=interval_minutes)
    return Settings(
        info, queues or (CALLS,), shrinkage=Shrinkage(planned={"leave": 0.3}, unplanned=unplanned)
    )


def forecast(
    rows: list[tuple[str, float, float]], start: str = "2003-10-06T11:30Z", **extra: Any
) -> pd.DataFrame:
    starts = pd.date_range(start, periods=len(rows), freq="30min")
    table = pd.DataFrame(rows, columns=["queue", "offered", "aht_seconds"])
    return table.assign(interval_start=starts, **extra)


def faults(caught: pytest.ExceptionInfo[BadInput]) -> list[tuple[str, str]]:
    return [(fault.column, fault.found) for fault in caught.value.faults]


def test_a_row_worked_by_hand() -> None:
    table = requirement(
        forecast([("calls", 200, 180)]), centre(Queue("calls", target_seconds=30), sickness=0.1)
    )
    row = table.iloc[0]
    assert tuple(table.columns) == COLUMNS
    assert row["agents_required"] == 24  # 400 an hour of 180 s are 20 erlangs
    assert row["agents_to_roster"] == 27  # 24 / 0.9 = 26.7; planned leave is no factor
    assert f"{row['service_level']:.3f}" == f"{performance(400, 180, 24, 30).sl_offered:.3f}" > "0.8"
    assert row["occupancy"] == pytest.approx(20 / 24)
    assert row["abandonment"] == 0


def test_limits_patience_and_definition_are_the_queues_own() -> None:
    queue = Queue(
        "chat", channel="chat", target_share=0.9, target_seconds=60, service_level_definition="answered",
        patience_seconds=90, max_occupancy=0.8, max_asa_seconds=5, max_abandonment=0.02,
    )  # fmt: skip
    row = requirement(forecast([("chat", 60, 300)]), centre(queue, interval_minutes=15)).iloc[0]
    expected = required_agents(240, 300, 0.9, 60, 90, "answered", 0.8, 5, 0.02)
    found = performance(240, 300, expected, 60, 90)
    assert row["agents_required"] == expected
    assert row["service_level"] == found.sl_answered
    assert row["asa_seconds"] == found.asa_served_s
    assert row["abandonment"] == found.p_abandon
    assert row["occupancy"] == found.occupancy


def test_sorted_by_interval_and_queue_in_utc_whatever_the_order_given() -> None:
    queues = CALLS, Queue("投诉", target_seconds=300)
    rows = pd.concat([forecast([("投诉", 5, 400)] * 3), forecast([("calls", 90, 200)] * 3)])
    rows["interval_start"] = rows["interval_start"].dt.tz_convert("Asia/Shanghai")
    table = requirement(rows, centre(*queues))
    assert table["queue"].tolist() == ["calls", "投诉"] * 3
    assert table["interval_start"].is_monotonic_increasing
    assert str(table["interval_start"].dt.tz) == "UTC"
    shuffled = requirement(rows.sample(frac=1, random_state=3), centre(*queues))
    pd.testing.assert_frame_equal(table, shuffled)


def test_containment_lessens_what_reaches_agents() -> None:
    half = Queue("calls", target_seconds=30, containment_share=0.5)
    contained = requirement(forecast([("calls", 200, 180)]), centre(half)).iloc[0]
    plain = requirement(forecast([("calls", 100, 180)]), centre(Queue("calls", target_seconds=30))).iloc[0]
    assert contained.equals(plain)
    all_of_it = Queue("calls", target_seconds=30, containment_share=1.0)
    assert requirement(forecast([("calls", 200, 180)]), centre(all_of_it))["agents_required"].tolist() == [0]


def test_p20_minimum_agents_hold_wherever_the_queue_is_open() -> None:
    staffed = centre(Queue("calls", target_seconds=30, minimum_agents=3, patience_seconds=60), sickness=0.05)
    rows = forecast([("calls", 0, 180), ("calls", 0.1, 180), ("calls", 200, 180)])
    assert requirement(rows, staffed)["agents_required"].tolist()[:2] == [0, 3]
    always = requirement(rows, staffed, open_intervals=[True] * 3)
    assert always["agents_required"].tolist()[:2] == [3, 3]
    assert always["agents_to_roster"].tolist()[:2] == [4, 4]
    assert always["agents_required"].iloc[2] > 3
    assert always.iloc[0][["service_level", "asa_seconds", "abandonment", "occupancy"]].tolist() == [
        1,
        0,
        0,
        0,
    ]
    by_column = requirement(rows.assign(open=[True, False, True]), staffed)
    assert by_column["agents_required"].tolist()[:2] == [3, 1]
    assert (
        requirement(rows.assign(open=False), staffed, [True, False, False])["agents_required"].tolist()[0]
        == 3
    )


def test_open_intervals_follow_their_rows_through_the_sorting() -> None:
    staffed = centre(Queue("calls", target_seconds=30, minimum_agents=2))
    rows = forecast([("calls", 0, 180)] * 3).iloc[::-1]
    assert requirement(rows, staffed, [True, False, False])["agents_required"].tolist() == [0, 0, 2]


def test_an_assumed_handle_time_is_used_and_said() -> None:
    table = requirement(forecast([("calls", 100, np.nan), ("calls", 100, 210)]), centre())
    assert table["aht_seconds"].tolist() == [200, 210]
    assert table["assumed"].tolist() == [True, False]
    unknown = centre(Queue("calls", target_seconds=30))
    with pytest.raises(BadInput) as caught:
        requirement(forecast([("calls", 100, np.nan), ("calls", 0, np.nan)]), unknown)
    assert faults(caught) == [("aht_seconds", "nan at 2003-10-06 11:30:00+00:00 in calls")]
    quiet = requirement(forecast([("calls", 0, np.nan)]), unknown)
    assert quiet["agents_required"].tolist() == [0]
    assert quiet["aht_seconds"].isna().all()


def test_an_empty_forecast_needs_nobody() -> None:
    table = requirement(forecast([("calls", 1, 1)]).iloc[:0], centre())
    assert tuple(table.columns) == COLUMNS
    assert table.empty


def test_bad_rows_are_all_named_by_interval_and_queue() -> None:
    rows = forecast([("calls", -3, 180), ("calls", np.nan, 180), ("calls", 5, 0.0), ("chats", 5, 180)])
    rows = pd.concat([rows, rows.iloc[[2]]])
    with pytest.raises(BadInput) as caught:
        requirement(rows, centre())
    assert faults(caught) == [
        ("queue", "chats"),
        ("offered", "-3.0 at 2003-10-06 11:30:00+00:00 in calls"),
        ("offered", "nan at 2003-10-06 12:00:00+00:00 in calls"),
        ("aht_seconds", "0.0 at 2003-10-06 12:30:00+00:00 in calls"),
        ("aht_seconds", "0.0 at 2003-10-06 12:30:00+00:00 in calls"),
        ("interval_start", "2003-10-06 12:30:00+00:00 in calls"),
    ]


def test_text_where_numbers_belong_and_missing_columns_are_named() -> None:
    rows = forecast([("calls", 5, 180)]).astype({"offered": object})
    rows["offered"] = ["many"]
    with pytest.raises(BadInput, match="found 'many at 2003"):
        requirement(rows, centre())
    with pytest.raises(BadInput) as caught:
        requirement(rows[["queue"]], centre())
    assert [column for column, _ in faults(caught)] == ["interval_start", "offered", "aht_seconds"]
    naive = forecast([("calls", 5, 180)])
    naive["interval_start"] = naive["interval_start"].dt.tz_localize(None)
    with pytest.raises(BadInput, match="offset or in UTC"):
        requirement(naive, centre())
    with pytest.raises(BadInput, match="1 values, one a row"):
        requirement(forecast([("calls", 5, 180)]), centre(), [True, False])


def test_queues_that_cannot_be_staffed_as_they_are_set_are_all_named() -> None:
    queues = (
        Queue("cases", channel="case", target_seconds=60),
        Queue("aimless"),
        Queue("patient", target_seconds=30, max_abandonment=0.05),
        Queue("filling", channel="email", target_hours=24, fills_idle_of=("patient",)),
        Queue("unused", channel="email"),
    )
    with pytest.raises(BadInput) as caught:
        requirement(forecast([(queue.name, 1, 180) for queue in queues[:-1]]), centre(*queues))
    assert faults(caught) == [
        ("queue.aimless.target_seconds", ""),
        ("queue.cases.target_hours", ""),
        ("queue.filling.max_occupancy", ""),
        ("queue.patient.patience_seconds", ""),
    ]


def test_rows_beside_the_centres_intervals_are_told() -> None:
    with pytest.raises(BadInput, match="a start on the centre's 30-minute intervals"):
        requirement(forecast([("calls", 5, 180)], start="2003-10-06T11:40Z"), centre())


def test_a_chain_of_queues_is_staffed_in_the_order_of_its_contacts() -> None:
    """120 calls, 10 % handed on: the second line gets 12 less those who gave up; each of them brings one case, due in two hours."""
    first = Queue("热线", target_seconds=30, patience_seconds=180, transfer_share=0.1, transfer_to="专家")
    second = Queue("专家", target_seconds=120, aht_seconds=600)
    cases = Queue("工单", channel="case", target_hours=2, aht_seconds=300)
    settings = replace(
        centre(cases, second, first), follow_up=(FollowUp("专家", "工单", 1.0, after_minutes=60),)
    )
    table = requirement(forecast([("热线", 120, 200)] * 8), settings)
    calls, experts, work = (
        table[table["queue"] == name].reset_index(drop=True) for name in ("热线", "专家", "工单")
    )
    assert experts["offered"].tolist() == pytest.approx((12 * (1 - calls["abandonment"])).tolist())
    assert experts["agents_required"].iloc[0] == required_agents(
        experts["offered"].iloc[0] * 2, 600, 0.8, 120
    )
    assert work["offered"].tolist() == pytest.approx([0, 0, *experts["offered"].iloc[:6]])
    done = work["agents_required"].cumsum() * 30
    came = (work["offered"] * 5).cumsum()
    assert (done.iloc[5:] >= came.shift(3).iloc[5:].to_numpy() - 1e-6).all()  # two hours are four intervals
    assert (work["service_level"] == 1).all()


def test_teams_come_after_those_that_feed_them_and_whose_idle_time_they_fill() -> None:
    queues = [
        Queue("回访", target_hours=24, fills_idle_of=("专家",), max_occupancy=0.9),
        Queue("专家", target_seconds=60, transfer_share=0.2, transfer_to="投诉"),
        Queue("投诉", target_seconds=300, pool="组"),
        Queue("会员", target_seconds=20, pool="组"),
        Queue(
            "热线",
            target_seconds=20,
            transfer_share=0.1,
            transfer_to="专家",
            callback_share=0.3,
            callback_to="回拨",
        ),
        Queue("回拨", target_hours=2),
    ]
    settings = replace(centre(*queues), follow_up=(FollowUp("会员", "回访", 0.4, 1440),))
    units = [names_of(unit) for unit in order(settings)]
    place = {name: k for k, unit in enumerate(units) for name in unit}
    assert sorted(place) == sorted(queue.name for queue in queues)
    assert ["投诉", "会员"] in units
    for first, then in (
        ("热线", "专家"),
        ("专家", "投诉"),
        ("会员", "回访"),
        ("热线", "回拨"),
        ("专家", "回访"),
    ):
        assert place[first] < place[then]


def test_redials_ask_for_agents_of_their_own() -> None:
    queue = Queue("calls", target_seconds=20, patience_seconds=120, redial_share=0.7)
    row = requirement(forecast([("calls", 200, 180)]), centre(queue)).iloc[0]
    needed = int(row["agents_required"])
    assert needed > required_agents(400, 180, 0.8, 20, 120)
    beside = alternatives(200, 180, queue, 30, needed)
    assert beside["misses"].tolist() == ["service_level", "", ""]


def test_a_queue_fed_by_others_needs_a_handle_time() -> None:
    first = Queue("first", target_seconds=30, aht_seconds=200, transfer_share=0.1, transfer_to="second")
    with pytest.raises(BadInput) as caught:
        requirement(forecast([("first", 120, 200)]), centre(first, Queue("second", target_seconds=120)))
    assert faults(caught) == [("queue.second.aht_seconds", "")]


def test_work_that_may_wait_fills_idle_time_before_it_asks_for_agents() -> None:
    calls = Queue("calls", target_seconds=20, patience_seconds=180)
    mail = Queue(
        "mail", channel="email", target_hours=4, aht_seconds=300, max_occupancy=0.9, fills_idle_of=("calls",)
    )
    rows = [("calls", 100, 200)] * 8 + [("mail", 10, 300)] * 8
    starts = [*pd.date_range("2003-10-06T11:30Z", periods=8, freq="30min")] * 2
    blended = requirement(forecast(rows).assign(interval_start=starts), centre(calls, mail))
    alone = requirement(
        forecast(rows).assign(interval_start=starts), centre(calls, replace(mail, fills_idle_of=()))
    )
    own = {
        name: table[table["queue"] == "mail"]["agents_required"].sum()
        for name, table in (("blended", blended), ("alone", alone))
    }
    assert own["blended"] < own["alone"]
    on_calls = blended[blended["queue"] == "calls"]
    idle = (on_calls["agents_required"] * 30 * (0.9 - on_calls["occupancy"])).clip(lower=0).sum()
    assert (
        own["blended"] * 27 + idle >= 8 * 10 * 5 * 0.5
    )  # what is owed within the horizon is done by both together


def test_a_backlog_from_before_is_worked_off() -> None:
    mail = Queue("mail", channel="email", target_hours=24, aht_seconds=300)
    rows = forecast([("mail", 0, 300)] * 8)
    assert requirement(rows, centre(mail))["agents_required"].sum() == 0
    stamps = {"release": pd.Timestamp("2003-10-05T12:00Z"), "due": pd.Timestamp("2003-10-06T13:30Z")}
    backlog = pd.DataFrame([{"queue": "mail", **stamps, "contacts": 24.0, "work_minutes": 120.0}])
    table = requirement(rows, centre(mail), backlog=backlog)
    within = table["interval_start"] < pd.Timestamp("2003-10-06T13:30Z")
    assert table[within]["agents_required"].sum() == 4
    assert table[~within]["agents_required"].sum() == 0
    left = work_left(table, np.where(within, 0.5, 0), centre(mail), backlog)
    assert left["work_minutes"].tolist() == pytest.approx([60])
    assert left["due"].tolist() == [stamps["due"]]


def test_what_waits_is_carried_into_the_next_interval() -> None:
    """Ten erlangs for seven agents leave some 27 waiting; twelve agents then need more than half an hour to answer them all."""
    patient = centre(Queue("calls", target_seconds=30))
    rows = requirement(forecast([("calls", 90, 200)] * 3 + [("calls", 0, 200)]), patient)
    agents = [7, 12, 12, 0]
    alone = expected_service(rows, agents, patient)["service_level"]
    carried = expected_service(rows, agents, patient, carry_over=True)["service_level"]
    assert carried.iloc[0] > alone.iloc[0] == 0  # the first minutes begin with nobody waiting
    assert carried.iloc[1] < 0.3 < 0.6 < alone.iloc[1]
    assert carried.iloc[2] < alone.iloc[2]


def test_the_hour_after_an_overload_is_staffed_for_what_is_still_waiting() -> None:
    settings = centre(Queue("calls", target_seconds=30), sickness=0.1)
    asked = forecast([("calls", 90, 200)] * 4)
    alone = requirement(asked, settings)
    there = alone[["interval_start", "queue"]].assign(agents_effective=[5.0, 30, 30, 30])
    after = requirement(asked, settings, available=there)
    extra = (after["agents_required"] - alone["agents_required"]).tolist()
    assert extra[0] == 0  # what was needed stays needed
    assert extra[1] >= 1
    assert extra[3] == 0
    enough = requirement(asked, settings, available=there.assign(agents_effective=30.0))
    pd.testing.assert_frame_equal(enough, alone)


def test_expected_service_counts_rostered_less_unplanned() -> None:
    settings = centre(sickness=0.1)
    rows = requirement(forecast([("calls", 90, 200), ("calls", 120, 200), ("calls", 0, 200)]), settings)
    found = expected_service(rows, [10, 12.5, 0], settings)
    reference = performance([180, 240, 0], 200, [9, 11.25, 0], 30, 180)
    assert found["service_level"].tolist() == pytest.approx(reference.sl_offered.tolist())
    assert found["asa_seconds"].tolist() == pytest.approx(reference.asa_served_s.tolist())
    assert found["abandonment"].tolist() == pytest.approx(reference.p_abandon.tolist())
    assert found["occupancy"].tolist() == pytest.approx(reference.occupancy.tolist())
    assert found["expected_late"].tolist() == pytest.approx(
        [90 * (1 - found["service_level"].iloc[0]), 120 * (1 - found["service_level"].iloc[1]), 0]
    )


def test_expected_service_with_nobody_is_none_and_everybody_late() -> None:
    rows = requirement(forecast([("calls", 90, 200)]), centre())
    found = expected_service(rows, 0, centre()).iloc[0]
    assert (found["service_level"], found["expected_late"]) == (0, 90)
    assert found["abandonment"] == pytest.approx(1)


def test_rostering_what_is_asked_gives_the_target_in_every_interval() -> None:
    rng = np.random.default_rng(5)
    queues = CALLS, Queue("chat", channel="chat", target_seconds=30, target_share=0.7)
    settings = centre(*queues, sickness=0.07, lateness=0.02)
    rows = [("calls" if k % 2 else "chat", float(v), 240.0) for k, v in enumerate(rng.gamma(2, 60, 400))]
    table = requirement(forecast(rows), settings)
    found = expected_service(table, table["agents_to_roster"], settings)
    target = np.where(table["queue"] == "calls", 0.8, 0.7)
    assert (found["service_level"] >= target).all()
    assert (found["service_level"] >= table["service_level"] - 1e-12).all()


def test_expected_service_keeps_the_index_and_names_bad_agents() -> None:
    rows = requirement(forecast([("calls", 90, 200)] * 3), centre()).set_index(pd.Index([7, 8, 9]))
    assert expected_service(rows, [1, 2, 3], centre()).index.tolist() == [7, 8, 9]
    with pytest.raises(BadInput, match="-2 at index 1"):
        expected_service(rows, [1, -2, 3], centre())
    with pytest.raises(BadInput, match=r"a queue of centre\.toml"):
        expected_service(rows.assign(queue="gone"), [1, 2, 3], centre())


def test_alternatives_say_why_not_one_fewer() -> None:
    table = alternatives(200, 180, Queue("calls", target_seconds=30, max_occupancy=0.86), 30, 24, span=2)
    assert table["agents"].tolist() == [22, 23, 24, 25, 26]
    assert table["erlangs"].tolist() == [20.0] * 5
    assert table["misses"].tolist() == ["service_level, occupancy", "service_level, occupancy", "", "", ""]
    assert f"{table['service_level'].iloc[1]:.3f}" == "0.748"
    assert table["asa_seconds"].is_monotonic_decreasing
    nobody = alternatives(2, 180, Queue("calls", target_seconds=30, minimum_agents=2), 30, 1)
    assert nobody["misses"].tolist() == ["service_level, minimum_agents", "minimum_agents", ""]
