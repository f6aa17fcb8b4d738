"""Rows of the customer's policies that staffing answers, each on the example centre that carries them; one day, Monday 2026-05-11."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import scenarios
from centre.backup_file import BackupMember
from centre.folder import read_centre
from centre.model import Backup, Queue, Settings
from scenarios.demand import requirement_of
from scenarios.simulation import Played, played, simulated
from scheduler.rota import COLUMNS as ROTA_COLUMNS
from scheduler.rota import Rota
from scheduler.staffing import performance, required_agents
from scheduler.staffing.backlog import deferred_work
from scheduler.staffing.requirement import alternatives, expected_service

FOLDER = Path(scenarios.__file__).parent / "examples" / "customer-service"
OWN = {
    "热线": (200.0, 280.0),
    "VIP": (20.0, 300.0),
    "在线客服": (220.0, 260.0),
    "投诉": (4.0, 500.0),
    "邮件": (40.0, 400.0),
}


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_centre(FOLDER).settings


def forecast(day: str = "2026-05-11", **offered: float) -> pd.DataFrame:
    """Like contacts in every half hour from 08:00 to 22:00 local time."""
    starts = pd.date_range(f"{day} 08:00", periods=28, freq="30min", tz="Asia/Shanghai")
    parts = [
        pd.DataFrame(
            {
                "interval_start": starts,
                "queue": name,
                "offered": offered.get(name, contacts),
                "aht_seconds": aht,
            }
        )
        for name, (contacts, aht) in OWN.items()
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def needed(settings: Settings) -> pd.DataFrame:
    return requirement_of(forecast(), settings, {})


def of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["queue"] == name].reset_index(drop=True)


def changed(settings: Settings, name: str, **values: object) -> Settings:
    queues = tuple(replace(q, **values) if q.name == name else q for q in settings.queue)  # type: ignore[arg-type]
    return replace(settings, queue=queues)


def queue(settings: Settings, name: str) -> Queue:
    return next(q for q in settings.queue if q.name == name)


def at_noon(table: pd.DataFrame, name: str) -> "pd.Series[float]":
    rows = of(table, name)
    return rows[rows["interval_start"] == pd.Timestamp("2026-05-11T04:00Z")].iloc[0]


def test_p1_first_online_enquiry_within_30_seconds(settings: Settings, needed: pd.DataFrame) -> None:
    chat, row = queue(settings, "在线客服"), at_noon(needed, "在线客服")
    assert (chat.target_share, chat.target_seconds) == (0.8, 30)
    beside = alternatives(row["offered"], row["aht_seconds"], chat, 30, int(row["agents_required"]))
    assert beside["misses"].tolist() == ["service_level", "", ""]
    naive = required_agents(
        row["offered"] * 2, row["aht_seconds"] / chat.concurrency, 0.8, 30, chat.patience_seconds
    )
    assert row["agents_required"] > naive  # handle time grows with the chats held: never AHT / concurrency


def test_p2_complex_cases_reach_the_second_line_within_two_minutes(
    settings: Settings, needed: pd.DataFrame
) -> None:
    row = at_noon(needed, "专家组")
    sent = sum(
        queue(settings, name).transfer_share
        * at_noon(needed, name)["offered"]
        * (1 - at_noon(needed, name)["abandonment"])
        for name in ("热线", "在线客服")
    )
    assert row["offered"] == pytest.approx(sent, rel=0.02)  # redials add a little
    found = performance(row["offered"] * 2, 600, [row["agents_required"] - 1, row["agents_required"]], 120)
    limits = (found.sl_offered >= 0.8) & (found.occupancy <= 0.85)
    assert limits.tolist() == [False, True]


def test_p3_fifty_customers_online_call_the_backup_team() -> None:
    """Two chat agents less than needed: customers online pile up, the pool of six is called and comes after its lead."""
    centre = read_centre(FOLDER)
    chats = forecast()[lambda table: table["queue"] == "在线客服"]
    here = [agent.agent_id for agent in centre.agents if "在线客服" in dict(agent.skills)][:11]
    assert queue(centre.settings, "在线客服").concurrency == 3
    start, end = chats["interval_start"].iloc[[0, -1]]
    rota = Rota.from_frame(
        pd.DataFrame(
            [(each, start.date(), start, end, "work:在线客服", "全日班", True) for each in here],
            columns=list(ROTA_COLUMNS),
        )
    )
    _, helped = simulated(centre, rota, chats, replications=20)
    activations = helped["backup"]["后备组"]["activations"]["mean"]
    nobody = replace(centre, settings=replace(centre.settings, backup=()))
    _, alone = simulated(nobody, rota, chats, replications=20)
    level = {
        name: told["queues"]["在线客服"]["service_level"]["mean"]
        for name, told in (("helped", helped), ("alone", alone))
    }
    assert activations > 0
    assert level["helped"] > level["alone"] + 0.02
    far = tuple(replace(pool, threshold=500.0) for pool in centre.settings.backup)
    _, quiet = simulated(
        replace(centre, settings=replace(centre.settings, backup=far)), rota, chats, replications=5
    )
    assert quiet["backup"]["后备组"]["activations"]["mean"] == 0


def all_day(people: Sequence[str], chats: pd.DataFrame, activity: str) -> pd.DataFrame:
    """Rows of a rota: these people from the first interval to the last."""
    start, end = chats["interval_start"].iloc[[0, -1]]
    rows = [(each, start.date(), start, end, activity, "全日班", True) for each in people]
    return pd.DataFrame(rows, columns=list(ROTA_COLUMNS))


def test_p3_the_trigger_fires_within_a_step_and_does_not_flap() -> None:
    """Called at a look once a minute, there after the lead, for the minimum; nobody again before the cool-down is over."""
    centre = read_centre(FOLDER)
    chats = forecast()[lambda table: table["queue"] == "在线客服"]
    here = [agent.agent_id for agent in centre.agents if "在线客服" in dict(agent.skills)][:11]
    (pool,) = centre.settings.backup
    calls = played(
        centre, Rota.from_frame(all_day(here, chats, "work:在线客服")), chats, replications=20
    ).calls
    assert (calls["value"] >= 50).all()
    assert (calls["called"].dt.second == 0).all()
    assert ((calls["arrived"] - calls["called"]).dropna() == pd.Timedelta(minutes=pool.lead_minutes)).all()
    last = forecast()["interval_start"].max()
    ended = calls[calls["left"] < last]
    assert ((ended["left"] - ended["arrived"]) >= pd.Timedelta(minutes=pool.minimum_minutes)).all()
    for _, one in calls.groupby("replication"):
        for called in one["called"].unique():
            gone = one["left"][one["left"] <= called]
            assert (called - gone >= pd.Timedelta(minutes=pool.cool_down_minutes)).all()
    assert len(ended)


def test_p13_mutual_support_under_a_named_trigger() -> None:
    """Twelve of the phone team may take chats while fifty customers are online in the chat, and at no other time."""
    centre = read_centre(FOLDER)
    both = forecast()[lambda table: table["queue"].isin(["在线客服", "热线"])]
    skills = {agent.agent_id: dict(agent.skills) for agent in centre.agents}
    chat = [name for name, own in skills.items() if "在线客服" in own][:11]
    phone = [name for name, own in skills.items() if "热线" in own and "在线客服" not in own][:45]
    worked = Rota.from_frame(
        pd.concat([all_day(chat, both, "work:在线客服"), all_day(phone, both, "work:热线")])
    )
    mutual = Backup(
        "互助", ("在线客服",), kind="support", lead_minutes=5, minimum_minutes=30, call_out_cost=20
    )
    members = tuple(BackupMember("互助", name, (("在线客服", 0.7),), employed=True) for name in phone[:12])

    def with_threshold(threshold: float) -> Played:
        pool = replace(mutual, threshold=threshold)
        place = replace(centre, settings=replace(centre.settings, backup=(pool,)), backup=members)
        return played(place, worked, both, replications=10)

    helped, alone = with_threshold(50.0), with_threshold(5000.0)
    level = {
        name: [told.totals["queues"][name]["service_level"]["mean"] for told in (helped, alone)]
        for name in ("在线客服", "热线")
    }
    assert level["在线客服"][0] > level["在线客服"][1] + 0.02
    assert level["热线"][0] <= level["热线"][1]  # it is not free: those who chat do not answer the phone
    cost = helped.totals["backup"]["互助"]
    assert cost["cost"]["mean"] == pytest.approx(20 * cost["people_called"]["mean"], abs=0.05)
    assert set(helped.calls["agent_id"]) <= set(phone[:12])
    assert (helped.calls["trigger"] == "customers_online").all()
    assert len(alone.calls) == 0


def test_p4_vip_customers_first_inside_one_team(settings: Settings, needed: pd.DataFrame) -> None:
    vip, rest = at_noon(needed, "VIP"), at_noon(needed, "热线")
    assert vip["asa_seconds"] < rest["asa_seconds"]
    assert vip["service_level"] >= 0.9
    assert rest["service_level"] >= 0.8
    apart = replace(settings, queue=tuple(replace(q, pool="") for q in settings.queue))
    alone = requirement_of(forecast(), apart, {})
    together = vip["agents_required"] + rest["agents_required"]
    assert together < at_noon(alone, "VIP")["agents_required"] + at_noon(alone, "热线")["agents_required"]
    first_come = replace(settings, queue=tuple(replace(q, priority=0) for q in settings.queue))
    equal = expected_service(needed, needed["agents_required"], first_come)
    by_rank = expected_service(needed, needed["agents_required"], settings)
    is_vip = needed["queue"] == "VIP"
    assert (by_rank[is_vip]["service_level"] > equal[is_vip]["service_level"]).all()


def test_p5_a_bot_takes_simple_questions_and_leaves_longer_ones(
    settings: Settings, needed: pd.DataFrame
) -> None:
    without = requirement_of(forecast(), changed(settings, "在线客服", containment_share=0.0), {})
    row, plain = at_noon(needed, "在线客服"), at_noon(without, "在线客服")
    assert row["offered"] == pytest.approx(0.7 * plain["offered"])
    assert row["aht_seconds"] == pytest.approx(1.15 * plain["aht_seconds"])
    assert row["agents_required"] < plain["agents_required"]
    assert at_noon(needed, "专家组")["offered"] < at_noon(without, "专家组")["offered"]  # fewer are handed on


def test_p6_complaints_taken_within_five_minutes_followed_up_in_time(
    settings: Settings, needed: pd.DataFrame
) -> None:
    complaints = of(needed, "投诉")
    found = performance(
        complaints["offered"] * 2, complaints["aht_seconds"], complaints["agents_required"], 300, 600
    )
    busy = complaints["offered"] > 0
    assert (found.sl_offered[busy] >= 0.8).all()
    work = deferred_work(needed, settings)
    answered = float((complaints["offered"] * (1 - complaints["abandonment"])).sum())
    hours = (work["due"] - work["release"]) / pd.Timedelta(hours=1)
    feedback, filing = work["queue"] == "投诉反馈", work["queue"] == "投诉归档"
    assert hours[feedback].tolist() == [24.0] * int(feedback.sum())
    assert set(work[filing]["due"]) == {pd.Timestamp("2026-05-11T16:00Z")}  # midnight in Shanghai
    assert work[filing]["contacts"].sum() == pytest.approx(answered, rel=1e-3)
    for name in ("投诉反馈", "投诉归档", "回访"):
        assert (of(needed, name)["service_level"] == 1).all()
    given = expected_service(needed, needed["agents_to_roster"], settings)
    assert given[needed["queue"] == "投诉归档"]["expected_late"].sum() == 0
    nobody = expected_service(
        needed, np.where(needed["queue"] == "投诉归档", 0, needed["agents_to_roster"]), settings
    )
    assert nobody[needed["queue"] == "投诉归档"]["expected_late"].sum() == pytest.approx(answered, rel=1e-3)


def test_p16_fixed_service_hours_by_queue_weekday_and_holiday(settings: Settings) -> None:
    nothing = dict.fromkeys(OWN, 0.0)
    saturday = of(requirement_of(forecast("2026-05-16", **nothing), settings, {}), "在线客服")
    assert (
        saturday["agents_required"].tolist() == [0, 0] + [1] * 26
    )  # opens at nine; one agent at least while open
    complaints = of(requirement_of(forecast(**nothing), settings, {}), "投诉")
    assert complaints["agents_required"].tolist() == [0] + [1] * 23 + [0] * 4  # 08:30 to 20:00
    mail_on = {
        day: of(requirement_of(forecast(day), settings, {20574: "Labor Day"}), "邮件")
        for day in ("2026-05-01", "2026-05-04")
    }
    assert mail_on["2026-05-01"]["agents_required"].sum() == 0
    assert mail_on["2026-05-04"]["agents_required"].sum() > 0
    local = (
        mail_on["2026-05-04"].query("agents_required > 0")["interval_start"].dt.tz_convert("Asia/Shanghai")
    )
    assert set(local.dt.hour) <= set(range(9, 18))
