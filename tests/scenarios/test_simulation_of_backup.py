"""Backup pools of a centre simulated: who comes when, what it costs, what the audit says of the call-outs."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from centre.backup_file import BackupMember
from centre.errors import BadInput
from centre.folder import Centre
from centre.instants import Grid, day_number
from centre.model import Backup, Opening, Trigger
from scenarios.demand import requirement_of
from scenarios.service_judged import judge_of
from scenarios.simulated_backup import CALLS, call_out_rota
from scenarios.simulation import Played, played, simulated
from scheduler.audit import audit
from scheduler.rota import Rota, joined
from tests.scenarios.test_simulation_of_rota import (
    BERLIN,
    CHAT,
    MAIL,
    agent,
    centre,
    forecast,
    people,
    rota,
    team,
)
from tests.scenarios.test_simulation_of_rota import CALLS as LINE

NAME = "后备组"
MONDAY = "2026-03-02"
OUTSIDE = (BackupMember(NAME, "外援甲"), BackupMember(NAME, "外援乙"))


def pool(**settings: Any) -> Backup:
    given = {
        "threshold": 10.0, "lead_minutes": 5.0, "minimum_minutes": 30.0, "maximum_minutes": 120.0, "cool_down_minutes": 5.0,
        "hourly_cost": 40.0, "call_out_cost": 25.0, **settings,
    }  # fmt: skip
    return Backup(NAME, (LINE.name,), **given)


def overrun(made: Backup, members: tuple[BackupMember, ...] = OUTSIDE, **settings: Any) -> Centre:
    """Four people where seven are needed."""
    return centre(people=people(4), backup=(made,), members=members, **settings)


def days(*parts: Rota) -> Rota:
    return Rota.from_frame(pd.concat([part.to_frame() for part in parts]))


WEEK = [f"2026-03-0{day}" for day in (2, 3, 4, 5)]


def a_week(made: Backup, replications: int = 20) -> tuple[Rota, Played]:
    """Four busy mornings; two of the pool work otherwise on the first and third day, from five to eight."""
    own = [
        rota(("后1", "17:00", "20:00", "work:*"), ("后2", "17:00", "20:00", "work:*"), day=WEEK[k])
        for k in (0, 2)
    ]
    worked = days(*(rota(*team(4), day=day) for day in WEEK), *own)
    inside = tuple(agent(name) for name in ("后1", "后2"))
    members = (*OUTSIDE, *(BackupMember(NAME, each.agent_id, employed=True) for each in inside))
    place = centre(people=(*people(4), *inside), backup=(made,), members=members)
    expected = pd.concat([forecast(60.0, day=day) for day in WEEK])
    return worked, played(place, worked, expected, replications)


def broken_rest(worked: Rota, found: Played, replications: int) -> int:
    """Breaches of the rest between shifts of pool members, in all replications."""
    breaches = 0
    for replication in range(1, replications + 1):
        all_work = joined(worked, call_out_rota(found.calls, replication, BERLIN))
        breaches += sum(
            finding.rule == "rest-between-shifts" and finding.verdict == "breach"
            for finding in audit(all_work, "eu-wtd")
        )
    return breaches


def test_the_rest_of_backup_people_is_never_broken() -> None:
    worked, found = a_week(pool(rest_minutes=660))
    called = found.calls.groupby("agent_id")["called"].apply(lambda at: set(at.dt.strftime("%d")))
    assert called["后1"] == {"03", "05"}  # not on days on which they work from five on
    assert called["外援甲"] == {"02", "03", "04", "05"}
    assert broken_rest(worked, found, 20) == 0


def test_without_rest_the_audit_finds_it_broken() -> None:
    worked, found = a_week(pool(rest_minutes=0), 3)
    assert broken_rest(worked, found, 3) > 0


def test_call_outs_of_a_replication_are_a_rota() -> None:
    _, found = a_week(pool(), 3)
    one = call_out_rota(found.calls, 2, BERLIN).to_frame()
    calls = found.calls[(found.calls["replication"] == 2) & found.calls["left"].notna()]
    assert len(one) == len(calls) > 0
    assert set(one["shift"]) == {f"backup:{NAME}"}
    assert set(one["activity"]) == {"backup"}
    assert one["paid"].all()
    assert (one["end"] - one["start"]).sum() == (calls["left"] - calls["arrived"]).sum()


def test_what_a_pool_costs_is_its_hours_and_its_calls() -> None:
    dear = (BackupMember(NAME, "外援甲", hourly_cost=100.0), OUTSIDE[1])
    found = played(overrun(pool(batch=1), dear), rota(*team(4)), forecast(60.0), 30)
    told, calls = found.totals["backup"][NAME], found.calls
    assert list(calls.columns) == list(CALLS)
    hours = (calls["left"] - calls["arrived"]).dt.total_seconds() / 3600
    price = calls["agent_id"].map({"外援甲": 100.0, "外援乙": 40.0})
    assert told["people_called"]["mean"] == pytest.approx(len(calls) / 30, abs=1e-3)
    assert told["hours"]["mean"] == pytest.approx(hours.sum() / 30, abs=0.01)
    assert told["cost"]["mean"] == pytest.approx((hours * price + 25.0).sum() / 30, abs=0.1)
    assert told["cost"]["low"] < told["cost"]["mean"] < told["cost"]["high"]
    assert told["activations"]["mean"] <= told["people_called"]["mean"]
    assert told["share_of_replications"] == pytest.approx(calls["replication"].nunique() / 30, abs=1e-6)
    minutes = (calls["arrived"] - calls["called"]).dt.total_seconds() / 60
    assert (minutes == 5).all()
    assert (calls["called"].dt.second == 0).all()  # somebody looks once a minute
    assert (hours * 60 >= 30).all()
    assert (hours * 60 <= 120).all()
    assert (calls["value"] >= 10).all()


def test_the_months_cap_counts_what_the_ledger_tells() -> None:
    made = pool(calls_a_month=3, rest_minutes=0, maximum_minutes=30.0, batch=1)
    rows = [
        ("外援甲", "call_outs", "2026-03", 2.0),
        ("外援甲", "call_outs", "2026-02", 3.0),
        ("外援乙", "nights", "2026-03", 9.0),
    ]
    ledger = pd.DataFrame(rows, columns=["agent_id", "account", "period", "amount"])
    args = rota(*team(4)), forecast(60.0), 20
    most = {
        name: played(place, *args).calls.groupby(["agent_id", "replication"]).size().groupby("agent_id").max()
        for name, place in (("new", overrun(made)), ("had", replace(overrun(made), ledger=ledger)))
    }
    assert most["new"].to_dict() == {"外援甲": 3, "外援乙": 3}
    assert most["had"].to_dict() == {"外援甲": 1, "外援乙": 3}


def test_days_of_two_months_are_told() -> None:
    worked = days(*(rota(*team(4), day=day) for day in ("2026-03-31", "2026-04-01")))
    expected = pd.concat([forecast(60.0, day=day) for day in ("2026-03-31", "2026-04-01")])
    said = played(overrun(pool(calls_a_month=3)), worked, expected, 2).totals["warnings"]
    assert any("calls_a_month" in one and "2026-04" in one for one in said)


def test_calls_a_day_are_by_local_days() -> None:
    made = pool(calls_a_day=1, rest_minutes=0, maximum_minutes=30.0)
    worked = days(*(rota(*team(4), day=day) for day in WEEK[:2]))
    expected = pd.concat([forecast(60.0, day=day) for day in WEEK[:2]])
    calls = played(overrun(made), worked, expected, 10).calls
    each = calls.groupby(["replication", "agent_id", calls["called"].dt.tz_convert(BERLIN).dt.date]).size()
    assert each.max() == 1
    assert each.groupby(["replication", "agent_id"]).size().max() == 2


def test_hours_of_the_pool() -> None:
    made = pool(hours=(Opening((0,), 600, 690),))  # Mondays from ten to half past eleven
    calls = played(overrun(made), rota(*team(4)), forecast(60.0), 10).calls
    clock = calls["arrived"].dt.tz_convert(BERLIN).dt.strftime("%H:%M")
    assert (clock >= "10:00").all()
    assert (calls["left"].dt.tz_convert(BERLIN).dt.strftime("%H:%M") <= "11:30").all()
    assert len(calls)


def test_planned_call_outs_answer_and_count() -> None:
    """Two from outside called in advance do the work of two of the team."""
    planned = [(name, "08:00", "12:00", "backup") for name in ("外援甲", "外援乙")]
    quiet = overrun(pool(threshold=900.0))
    table, told = simulated(quiet, rota(*team(4), *planned), forecast(40.0), 60)
    _, more = simulated(centre(people=people(6)), rota(*team(6)), forecast(40.0), 60)
    assert told["all"]["service_level"] == more["all"]["service_level"]
    assert told["backup"][NAME]["people_called"]["mean"] == 0
    assert len(table) == 8
    once = overrun(pool(calls_a_month=1, rest_minutes=0))
    assert set(played(once, rota(*team(4), *planned[:1]), forecast(60.0), 5).calls["agent_id"]) == {"外援乙"}


def test_somebody_employed_who_is_called_out_answers_with_the_usual_skills() -> None:
    called = rota(*team(4), ("a04", "08:00", "12:00", "backup"))
    _, told = simulated(centre(people=people(5)), called, forecast(40.0), 20)
    _, worked = simulated(centre(people=people(5)), rota(*team(5)), forecast(40.0), 20)
    assert told["all"]["service_level"] == worked["all"]["service_level"]


def test_service_of_a_plan_is_judged_with_planned_call_outs() -> None:
    place = centre(
        LINE, CHAT, people=people(4, LINE.name, CHAT.name), backup=(pool(threshold=900.0),), members=OUTSIDE
    )
    expected = forecast({LINE.name: 20.0, CHAT.name: 20.0})
    needed = requirement_of(expected, place.settings, {})
    grid = Grid(BERLIN, day_number(date.fromisoformat(MONDAY)), 1, 30)
    judge = judge_of(place, needed, expected, grid, np.zeros(len(grid.starts), dtype=np.int64))
    planned = [(member.agent_id, "08:00", "12:00", "backup") for member in OUTSIDE]
    helped, alone = judge(rota(*team(4), *planned)), judge(rota(*team(4)))
    assert judge.name == "simulated"
    assert helped.share[0, 0] > alone.high[0, 0]


def test_people_called_in_advance_must_be_known() -> None:
    worked = rota(*team(4), ("x9", "08:00", "12:00", "backup"), ("外援甲", "08:00", "12:00", "work:*"))
    with pytest.raises(BadInput) as caught:
        simulated(overrun(pool()), worked, forecast(60.0), 2)
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("agent_id", "外援甲"),
        ("agent_id", "x9"),
    ]


def test_agents_short_is_judged_by_the_requirement() -> None:
    made = pool(trigger="agents_short", threshold=2.0, release_threshold=0.0)
    found = played(overrun(made), rota(*team(4)), forecast(60.0), 5)
    assert (found.calls["trigger"] == "agents_short").all()
    clock = found.calls["called"].dt.tz_convert(BERLIN).dt.strftime("%H:%M")
    assert (clock.min(), clock.max() < "12:00") == (
        "08:00",
        True,
    )  # as soon as somebody looks while people are needed
    enough = played(overrun(made), rota(*team(4)), forecast(6.0), 5)
    assert enough.totals["backup"][NAME]["activations"]["mean"] == 0


def test_each_of_several_triggers_may_call() -> None:
    made = pool(threshold=500.0, also=(Trigger("service_level", 0.5), Trigger("wait_seconds", 90.0)))
    assert set(played(overrun(made), rota(*team(4)), forecast(60.0), 20).calls["trigger"]) <= {
        "service_level",
        "wait_seconds",
    }
    assert len(played(overrun(made), rota(*team(4)), forecast(60.0), 20).calls)


def test_a_pool_that_can_help_nobody_is_told() -> None:
    made = Backup(NAME, (MAIL.name,), threshold=3.0)
    place = centre(LINE, MAIL, people=people(4), backup=(made,), members=OUTSIDE)
    found = played(place, rota(*team(4)), forecast(60.0), 2)
    assert any(NAME in one for one in found.totals["warnings"])
    assert found.totals["backup"][NAME]["cost"]["mean"] == 0
    assert len(found.calls) == 0
    assert list(found.calls.columns) == list(CALLS)


def test_support_comes_from_people_on_other_work_while_they_are_there() -> None:
    """Six people on mail from nine to eleven: they take calls while the trigger holds, at other times nobody of them does."""
    made = replace(pool(), kind="support", batch=2)
    helpers = tuple(agent(f"m{k}", MAIL.name) for k in range(6))
    members = tuple(BackupMember(NAME, each.agent_id, ((LINE.name, 0.8),), employed=True) for each in helpers)
    place = centre(LINE, MAIL, people=(*people(4), *helpers), backup=(made,), members=members)
    on_mail = [(each.agent_id, "09:00", "11:00", f"work:{MAIL.name}") for each in helpers]
    found = played(place, rota(*team(4), *on_mail), forecast(60.0), 20)
    alone = played(
        replace(place, settings=replace(place.settings, backup=())),
        rota(*team(4), *on_mail),
        forecast(60.0),
        20,
    )
    levels = [each.totals["queues"][LINE.name]["service_level"] for each in (found, alone)]
    assert levels[0]["low"] > levels[1]["high"]
    clock = found.calls["arrived"].dt.tz_convert(BERLIN).dt.strftime("%H:%M")
    assert clock.min() >= "09:05"
    assert found.calls["left"].dt.tz_convert(BERLIN).dt.strftime("%H:%M").max() <= "11:00"
    assert np.isclose(
        alone.totals["all"]["occupancy"]["mean"], alone.totals["queues"][LINE.name]["occupancy"]["mean"]
    )


def test_the_same_seed_calls_the_same_people() -> None:
    def calls(seed: int, workers: int) -> pd.DataFrame:
        return played(overrun(pool()), rota(*team(4)), forecast(60.0), 5, seed, workers).calls

    pd.testing.assert_frame_equal(calls(1, 1), calls(1, 2))
    assert not calls(1, 1).equals(calls(2, 1))
