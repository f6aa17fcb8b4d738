"""A rota simulated against a forecast: who answers when, what comes, what is told; small floors made by hand."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.backup_file import BackupMember, named_members
from centre.errors import BadInput, Faults
from centre.folder import Centre
from centre.instants import Grid, from_timestamps
from centre.model import Backup, CentreInfo, FollowUp, LossWhen, Opening, Queue, Routing, Settings, Shrinkage
from centre.people import Agent
from scenarios.simulated_floor import floor_of
from scenarios.simulation import COLUMNS, simulated
from scheduler.coverage import coverage
from scheduler.rota import COLUMNS as ROTA_COLUMNS
from scheduler.rota import Rota
from scheduler.staffing import performance
from scheduler.staffing.demand import demand

BERLIN = ZoneInfo("Europe/Berlin")
DAY = "2026-03-02"
CALLS = Queue("热线", target_seconds=20, patience_seconds=120)
CHAT = Queue("在线", channel="chat", target_seconds=30, patience_seconds=180)
MAIL = Queue("邮件", channel="email", target_hours=24, aht_seconds=600)


def agent(agent_id: str, *skills: str, speed: float = 1.0) -> Agent:
    names = skills or (CALLS.name,)
    return Agent(agent_id, "王芳", "", "junior", tuple((name, speed) for name in names), "full")


def centre(
    *queues: Queue,
    people: tuple[Agent, ...] = (),
    zone: ZoneInfo = BERLIN,
    members: tuple[BackupMember, ...] = (),
    **settings: object,
) -> Centre:
    """A centre of which only settings and people are told."""
    none = pd.DataFrame()
    history = pd.DataFrame({"interval_start": pd.DatetimeIndex([], tz="UTC"), "queue": []})
    told = {
        name: none for name in Centre.__dataclass_fields__ if name not in ("settings", "agents", "history")
    }
    told |= {"rota_before": None, "checksums": {}, "warnings": (), "history": history}
    info = CentreInfo("客服中心", zone)
    agent_ids = [person.agent_id for person in people]
    told["backup"] = named_members(settings.get("backup", ()), members, agent_ids, Faults())  # type: ignore[arg-type]
    return Centre(settings=Settings(info, queues or (CALLS,), **settings), agents=people, **told)  # type: ignore[arg-type]


def rota(*rows: tuple[str, str, str, str], day: str = DAY, zone: ZoneInfo = BERLIN) -> Rota:
    """Rows of (agent, start, end, activity), local times; an end at or before the start is on the next day."""
    table = []
    for who, start, end, activity in rows:
        first, last = (pd.Timestamp(f"{day}T{at}", tz=zone) for at in (start, end))
        table.append(
            (who, day, first, last if last > first else last + pd.Timedelta(days=1), activity, "班", True)
        )
    frame = pd.DataFrame(table, columns=list(ROTA_COLUMNS))
    for name in ("start", "end"):
        frame[name] = [at.tz_convert("UTC") for at in frame[name]]
    return Rota.from_frame(frame)


def forecast(
    offered: float | dict[str, float],
    start: str = "08:00",
    intervals: int = 8,
    day: str = DAY,
    aht: float = 180.0,
) -> pd.DataFrame:
    """The same contacts in every half hour from a local time on."""
    each = offered if isinstance(offered, dict) else {CALLS.name: offered}
    starts = pd.date_range(
        pd.Timestamp(f"{day}T{start}", tz=BERLIN).tz_convert("UTC"), periods=intervals, freq="30min"
    )
    rows = [(at, name, contacts, aht) for at in starts for name, contacts in each.items()]
    return pd.DataFrame(rows, columns=["interval_start", "queue", "offered", "aht_seconds"])


def team(
    count: int, start: str = "08:00", end: str = "12:00", activity: str = "work:*"
) -> list[tuple[str, str, str, str]]:
    return [(f"a{k:02d}", start, end, activity) for k in range(count)]


def people(count: int, *skills: str) -> tuple[Agent, ...]:
    return tuple(agent(f"a{k:02d}", *skills) for k in range(count))


def floor(place: Centre, worked: Rota, expected: pd.DataFrame):
    asked = demand(expected, place.settings)
    return floor_of(worked, asked, place.settings, place.agents)[0]


def test_a_steady_team_is_served_as_the_formula_says():
    """Erlang A, with the carry-over from the empty morning: the calculated service lies within the intervals' reach."""
    table, totals = simulated(centre(people=people(7)), rota(*team(7)), forecast(30.0), replications=400)
    told = totals["queues"]["热线"]
    assert list(table.columns) == list(COLUMNS)
    assert set(table["queue"]) == {"热线"}
    steady = performance(60, 180, 7, 20, 120)
    late_morning = table.iloc[2:]
    assert late_morning["abandonment"].mean() == pytest.approx(float(steady.p_abandon), abs=0.005)
    assert late_morning["service_level"].mean() == pytest.approx(float(steady.sl_offered), abs=0.01)
    for name, within in (("service_level", 0.01), ("abandonment", 0.005), ("occupancy", 0.01)):
        assert told[name]["low"] < told[name]["mean"] < told[name]["high"]
        assert told[name]["mean"] == pytest.approx(told["calculated"][name], abs=within)
    assert told["asa_seconds"]["mean"] == pytest.approx(told["calculated"]["asa_seconds"], abs=0.7)
    assert told["offered"]["mean"] == pytest.approx(240, rel=0.02)


def test_what_is_calculated_is_the_coverage():
    place, worked, expected = centre(people=people(4)), rota(*team(4)), forecast(12.0)
    table, _ = simulated(place, worked, expected, replications=2)
    needed = expected.assign(agents_required=4, agents_to_roster=4)
    given = coverage(worked, needed, place.settings, place.agents)
    assert table["calculated_service_level"].to_numpy() == pytest.approx(
        given["service_level"].to_numpy(), abs=1e-6
    )


def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads():
    args = centre(people=people(6)), rota(*team(6)), forecast(30.0), 7
    table, totals = simulated(*args, seed=5, workers=1)
    again, told = simulated(*args, seed=5, workers=3)
    pd.testing.assert_frame_equal(table, again)
    assert totals == told
    other, _ = simulated(*args, seed=6, workers=1)
    assert not table["offered"].equals(other["offered"])


def test_more_agents_serve_the_same_customers_better():
    place, expected = centre(people=people(12)), forecast(40.0)
    found = [simulated(place, rota(*team(n)), expected, replications=30)[1]["all"] for n in (6, 8, 10, 12)]
    assert len({one["offered"]["mean"] for one in found}) == 1
    for name, better in (("service_level", 1), ("abandonment", -1), ("asa_seconds", -1), ("occupancy", -1)):
        values = [better * one[name]["mean"] for one in found]
        assert values == sorted(values), name


def test_a_break_empties_the_floor():
    parts = (("08:00", "09:00", "work:*"), ("09:00", "10:30", "meal"), ("10:30", "12:00", "work:*"))
    day = [(f"a{k:02d}", *part) for k in range(5) for part in parts]
    patient = replace(CALLS, patience_seconds=7200)
    table, totals = simulated(centre(patient, people=people(5)), rota(*day), forecast(6.0), replications=60)
    level = dict(
        zip(
            table["interval_start"].dt.tz_convert(BERLIN).dt.strftime("%H:%M"),
            table["service_level"],
            strict=True,
        )
    )
    assert level["08:30"] > 0.95
    assert max(level[at] for at in ("09:00", "09:30", "10:00")) < 0.05
    assert level["10:30"] < level["11:30"]
    assert any(said.endswith("nobody who answers them is at work: 2") for said in totals["warnings"])
    empty = table[table["service_level"] < 0.05].iloc[1:]
    assert empty["occupancy"].isna().all()
    assert (empty["asa_seconds"] > 1800).any()


def test_work_on_a_queue_is_for_it_alone_and_any_work_for_all_skills():
    place = centre(CALLS, CHAT, people=people(6, CALLS.name, CHAT.name))
    expected = forecast({CALLS.name: 10.0, CHAT.name: 10.0})
    apart = simulated(place, rota(*team(6, activity=f"work:{CALLS.name}")), expected, replications=5)[1][
        "queues"
    ]
    both = simulated(place, rota(*team(6)), expected, replications=5)[1]["queues"]
    assert apart[CHAT.name]["answered"]["mean"] == 0
    assert apart[CALLS.name]["service_level"]["mean"] > both[CALLS.name]["service_level"]["mean"]
    assert both[CHAT.name]["answered"]["mean"] > 0.9 * both[CHAT.name]["offered"]["mean"]


def test_a_slow_skill_takes_longer():
    slow = tuple(agent(f"a{k:02d}", speed=0.5) for k in range(8))
    busy = [
        simulated(centre(people=who), rota(*team(8)), forecast(10.0), replications=20)[1]["all"]["occupancy"][
            "mean"
        ]
        for who in (people(8), slow)
    ]
    assert busy[1] == pytest.approx(2 * busy[0], rel=0.1)


def test_work_that_may_wait_is_told_and_not_simulated():
    place = centre(CALLS, MAIL, people=people(6, CALLS.name, MAIL.name))
    expected = forecast({CALLS.name: 10.0, MAIL.name: 3.0}, aht=600)
    on_mail = team(2, activity=f"work:{MAIL.name}") + [
        (f"a{k:02d}", "08:00", "12:00", "work:*") for k in (2, 3)
    ]
    made = floor(place, rota(*on_mail), expected)
    assert np.unique(made.work.agent).tolist() == [2, 3]
    table, totals = simulated(place, rota(*on_mail), expected, replications=2)
    assert set(table["queue"]) == {CALLS.name}
    assert totals["not_simulated"] == {MAIL.name: pytest.approx(8 * 3 * 600 / 3600)}
    assert list(totals["queues"]) == [CALLS.name]


def test_people_whose_skills_may_all_wait_do_not_answer():
    place = centre(CALLS, MAIL, people=(agent("a00", CALLS.name), agent("a01", MAIL.name)))
    assert np.unique(floor(place, rota(*team(2)), forecast(1.0)).work.agent).tolist() == [0]


def test_unplanned_shrinkage_is_the_mean_over_the_shift():
    """08:00-12:00 with a meal at 10:00: 2 h at 10 %, 1.5 h at 30 %."""
    losses = (LossWhen(0.1), LossWhen(0.3, opens=600, closes=720))
    place = centre(people=people(1), shrinkage=Shrinkage(unplanned={"病假": losses}))
    day = rota(
        ("a00", "08:00", "10:00", "work:*"),
        ("a00", "10:00", "10:30", "meal"),
        ("a00", "10:30", "12:00", "work:*"),
    )
    made = floor(place, day, forecast(4.0))
    assert made.absence_share == pytest.approx([(2 * 0.1 + 1.5 * 0.3) / 3.5] * 2)
    assert len(set(np.asarray(made.work.shift).tolist())) == 1


def test_absent_people_are_missed():
    place = centre(people=people(40), shrinkage=Shrinkage(unplanned={"sick": 0.5}))
    absent, _ = simulated(place, rota(*team(40)), forecast(20.0), replications=50)
    there, _ = simulated(centre(people=people(40)), rota(*team(40)), forecast(20.0), replications=50)
    assert absent["occupancy"].mean() == pytest.approx(2 * there["occupancy"].mean(), rel=0.1)


def test_a_minute_told_twice_is_worked_once():
    day = rota(("a00", "08:00", "10:00", "work:*"), ("a00", "09:00", "12:00", f"work:{CALLS.name}"))
    made = floor(centre(people=people(1)), day, forecast(1.0))
    assert (np.asarray(made.work.end_s) - np.asarray(made.work.start_s)).sum() == 4 * 3600
    assert np.asarray(made.work.queue).tolist() == [-1, 0]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 5), ("2026-10-25", 7)])
def test_a_night_on_which_clocks_change_has_its_true_length(day, hours):
    night = replace(CALLS, opening=(Opening((0, 1, 2, 3, 4, 5, 6), 0, 360),))
    expected = forecast(10.0, start="00:00", intervals=2 * hours, day=day)
    worked = rota(*team(4, "00:00", "06:00"), day=day)
    made = floor(centre(night, people=people(4)), worked, expected)
    assert np.asarray(made.work.end_s).tolist() == [hours * 3600] * 4
    assert np.asarray(made.arrivals).shape[1] == 2 * (24 + hours - 6)
    table, totals = simulated(centre(night, people=people(4)), worked, expected, replications=4)
    assert (
        from_timestamps(table["interval_start"]).tolist()
        == from_timestamps(expected["interval_start"]).tolist()
    )
    assert totals["first_day"] == totals["last_day"] == day


def test_contacts_are_those_that_reach_agents():
    fewer = replace(
        CALLS, containment_share=0.25, containment_aht_factor=1.2,
        first_contact_resolution=0.75, history_first_contact_resolution=1.0,
    )  # fmt: skip
    made = floor(centre(fewer, people=people(1)), rota(*team(1)), forecast(30.0))
    inside = np.asarray(made.arrivals)[0] > 0
    assert np.asarray(made.arrivals)[0][inside] == pytest.approx([30 * 0.75 / 0.75] * 8)
    assert np.asarray(made.aht_seconds)[0][inside] == pytest.approx([216.0] * 8)


def test_transfers_arise_in_the_simulation_and_follow_ups_come_as_the_requirement_counts_them():
    first = replace(CALLS, transfer_share=0.5, transfer_to="专家组", patience_seconds=None)
    second, third = (Queue(name, target_seconds=120, aht_seconds=60) for name in ("专家组", "回访"))
    place = centre(
        first, second, third,
        people=people(20, CALLS.name, "专家组", "回访"), follow_up=(FollowUp(CALLS.name, "回访", 0.2, after_minutes=60),),
    )  # fmt: skip
    expected = forecast(20.0, intervals=4)
    made = floor(place, rota(*team(20)), expected)
    assert np.asarray(made.arrivals)[1].sum() == 0
    came = np.asarray(made.arrivals)[2]
    grid = Grid(BERLIN, 0, 1, 30)
    assert np.flatnonzero(came).tolist() == [18, 19, 20, 21], grid
    assert came.sum() == pytest.approx(0.2 * 80)
    queues = simulated(place, rota(*team(20)), expected, replications=100)[1]["queues"]
    assert queues["专家组"]["offered"]["mean"] == pytest.approx(
        0.5 * queues[CALLS.name]["answered"]["mean"], rel=0.05
    )
    assert queues["回访"]["offered"]["mean"] == pytest.approx(16, rel=0.08)


def test_vip_customers_go_first():
    vip = replace(CALLS, name="VIP", priority=10)
    place = centre(CALLS, vip, people=people(6, CALLS.name, "VIP"))
    queues = simulated(place, rota(*team(6)), forecast({CALLS.name: 50.0, "VIP": 5.0}), replications=30)[1][
        "queues"
    ]
    assert queues["VIP"]["asa_seconds"]["high"] < queues[CALLS.name]["asa_seconds"]["low"]


def test_a_backup_pool_comes_when_its_trigger_fires():
    pool = Backup("后备组", (CALLS.name,), agents=6, threshold=10.0, lead_minutes=5.0, minimum_minutes=60.0)
    helped = centre(people=people(4), backup=(pool,))
    args = rota(*team(4)), forecast(60.0), 40
    with_pool, without = (simulated(one, *args)[1] for one in (helped, centre(people=people(4))))
    calls = with_pool["backup"]["后备组"]
    assert calls["activations"]["mean"] > 0.9
    assert 0.9 < calls["share_of_replications"] <= 1
    assert without["backup"] == {}
    assert with_pool["all"]["service_level"]["low"] > without["all"]["service_level"]["high"]
    far = centre(people=people(4), backup=(replace(pool, threshold=1000.0),))
    assert simulated(far, *args)[1]["backup"]["后备组"]["share_of_replications"] == 0


def test_settings_of_queues_and_routing_reach_the_floor():
    chat = replace(
        CHAT,
        concurrency=3,
        concurrency_slowdown=0.1,
        overflow_to=CALLS.name,
        overflow_seconds=60,
        wrap_up_seconds=30,
    )
    calls = replace(CALLS, redial_share=0.3, priority=2)
    made = floor(
        centre(MAIL, calls, chat, people=people(1), routing=Routing("least_occupied")),
        rota(*team(1)),
        forecast(1.0),
    )
    assert (made.concurrency, made.slowdown, made.priority) == ([1, 3], [0.25, 0.1], [2, 0])
    assert (made.overflow_to, made.overflow_seconds) == ([-1, 0], [0.0, 60])
    assert (made.redial_share, made.wrap_up_seconds) == ([0.3, 0.0], [0.0, 1.0])
    assert (made.target_seconds, made.patience_seconds) == ([20, 30], [[120], [180]])
    assert made.agent_choice == "least_occupied"


def test_what_is_taken_otherwise_than_told_is_said():
    calls = replace(CALLS, wrap_up_seconds=200.0, callback_share=0.2, callback_to=MAIL.name)
    place = centre(calls, MAIL, replace(CHAT, concurrency=2), people=people(2))
    said = simulated(place, rota(*team(2)), forecast(4.0), 2)[1]["warnings"]
    assert any("200" in one and "180 s" in one for one in said)
    assert any(one.startswith("queue 在线: agents busy") for one in said)
    assert any("call-backs are not simulated" in one for one in said)


def test_one_replication_has_no_interval():
    table, totals = simulated(centre(people=people(4)), rota(*team(4)), forecast(12.0), replications=1)
    assert table["service_level"].notna().all()
    assert table[["service_level_low", "asa_high"]].isna().all(axis=None)
    assert totals["all"]["occupancy"]["low"] is None


def test_service_is_by_each_queue_s_own_definition():
    """With `answered`, those who give up do not count; two definitions have no common service."""
    by_answered = replace(CALLS, service_level_definition="answered")
    found = [
        simulated(centre(queue, people=people(4)), rota(*team(4)), forecast(60.0), 20)[1]
        for queue in (CALLS, by_answered)
    ]
    offered, answered = (one["all"]["service_level"]["mean"] for one in found)
    gone = found[0]["all"]["abandoned"]["mean"] / found[0]["all"]["offered"]["mean"]
    assert gone > 0.2
    assert offered == pytest.approx(answered * (1 - gone), rel=0.05)
    for one in found:
        assert one["queues"][CALLS.name]["service_level"] == one["all"]["service_level"]
    mixed = simulated(centre(by_answered, CHAT, people=people(4)), rota(*team(4)), forecast(5.0), 2)[1]["all"]
    assert "service_level" not in mixed
    assert mixed["calculated"]["service_level"] is None


def test_calculated_totals_weigh_intervals_by_contacts_and_agents():
    expected = pd.concat([forecast(5.0, intervals=6), forecast(50.0, "11:00", 2)])
    day = [*team(3, end="11:00"), *team(6, "11:00", "12:00")]
    table, totals = simulated(centre(people=people(6)), rota(*day), expected, replications=2)
    told, weights = totals["queues"][CALLS.name]["calculated"], expected["offered"].to_numpy()
    assert told["offered"] == 130
    for name, weight in (
        ("service_level", weights),
        ("abandonment", weights),
        ("asa_seconds", weights * (1 - table["calculated_abandonment"])),
        ("occupancy", np.repeat([3, 6], [6, 2])),
    ):
        assert told[name] == pytest.approx(
            np.average(table[f"calculated_{name}"], weights=weight), abs=0.01 if "asa" in name else 1e-5
        )


def test_only_days_that_both_tell_of_are_simulated():
    expected = pd.concat([forecast(5.0, day=day) for day in ("2026-03-01", DAY, "2026-03-03")])
    table, totals = simulated(centre(people=people(3)), rota(*team(3)), expected, replications=2)
    assert (totals["first_day"], totals["last_day"]) == (DAY, DAY)
    assert len(table) == 8
    assert "2026-03-01 to 2026-03-03" in totals["warnings"][0]
    longer = rota(*team(3), *[("a00", "08:00", "12:00", "work:*")])
    later = Rota.from_frame(pd.concat([longer.to_frame(), rota(*team(2), day="2026-03-05").to_frame()]))
    assert (
        "the rota's days from 2026-03-05"
        in simulated(centre(people=people(3)), later, forecast(5.0), 2)[1]["warnings"][0]
    )


def test_everything_that_is_wrong_is_told_at_once():
    place = centre(CALLS, CHAT, people=people(2))
    worked = rota(
        ("a00", "08:00", "12:00", f"work:{CHAT.name}"), ("a01", "08:00", "12:00", "work:投诉"), ("x9", "08:00", "12:00", "work:*"),
        ("x9", "13:00", "14:00", "work:*"),
    )  # fmt: skip
    wrong = pd.concat([forecast(5.0), forecast({"夜班": 1.0})])
    wrong.loc[wrong.index[1], "offered"] = -1.0
    with pytest.raises(BadInput) as caught:
        simulated(place, worked, wrong)
    found = [(fault.file, fault.column, fault.found) for fault in caught.value.faults]
    assert ("rota", "agent_id", "x9") in found
    assert ("rota", "activity", f"work:{CHAT.name}") in found
    assert ("rota", "activity", "work:投诉") in found
    assert ("forecast", "queue", "夜班") in found
    assert any(column == "offered" for _, column, _ in found)
    assert len([one for one in found if one[2] == "x9"]) == 1
    assert "王芳" not in str(caught.value)


@pytest.mark.parametrize("rows", [[], [("a00", "08:00", "12:00", "leave")], team(1)])
def test_a_rota_beside_the_forecast_is_bad_input(rows):
    with pytest.raises(BadInput) as caught:
        simulated(centre(people=people(1)), rota(*rows), forecast(5.0, day="2026-04-01"))
    assert [(fault.file, fault.column) for fault in caught.value.faults] == [("rota", "day")]


def test_bad_numbers_of_replications_are_told():
    with pytest.raises(BadInput, match="replications"):
        simulated(centre(people=people(1)), rota(*team(1)), forecast(5.0), replications=0)
