"""Call-outs of backup pools: the rule with figures worked by hand, and plans that weigh them."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.backup_file import BackupMember, named_members
from centre.errors import Faults
from centre.folder import Centre
from centre.instants import day_number, local_instant
from centre.model import (
    Backup,
    CentreInfo,
    Contract,
    Objective,
    Opening,
    Queue,
    RuleSettings,
    Settings,
    ShiftTemplate,
)
from centre.people import Agent
from scenarios.plan import Plan, rota_plan
from scheduler.audit import audit
from scheduler.backup import with_backup
from scheduler.rota import Rota
from scheduler.rules.backup_call_outs import BackupCallOuts, calls_had
from scheduler.rules.contract_shifts import ContractShifts
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shift_template import ShiftTemplateRule
from scheduler.solution import Limits

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 5, 11)
DAY = day_number(MONDAY)
WEEKDAYS = (0, 1, 2, 3, 4)
RULE = BackupCallOuts("s")


def rota(*rows: tuple[str, int, str, str, str]) -> Rota:
    """Rows (agent_id, day from Monday, start, end, activity) by the clock of the day."""
    return Rota.from_frame(
        pd.DataFrame(
            [
                {
                    "agent_id": who,
                    "day": MONDAY + pd.Timedelta(days=day),
                    **{
                        name: pd.Timestamp(f"{MONDAY + pd.Timedelta(days=day)} {clock}", tz=ZONE)
                        for name, clock in (("start", start), ("end", end))
                    },
                    "activity": activity,
                    "shift": "backup:后备" if activity == "backup" else "day",
                    "paid": True,
                }
                for who, day, start, end, activity in rows
            ]
        )
    )


def told(pool: Backup, table: Rota, **facts: object) -> list[tuple[str, float | None, float | None]]:
    """(agent_id, found, limit) of each breach."""
    people = {name: Person(name, backup=pool) for name in ("a", "b")}
    known = Facts(ZONE, DAY, 7, people=people, **facts)  # type: ignore[arg-type]
    return [(v.agent_id, v.found, v.limit) for v in RULE.violations(table, known) if v.verdict == "breach"]


POOL = Backup(
    "后备", ("chat",), 2, hours=(Opening(WEEKDAYS, 540, 1320),), maximum_minutes=240, rest_minutes=600
)


def test_a_call_out_as_agreed_is_none() -> None:
    assert told(POOL, rota(("a", 0, "09:00", "13:00", "backup"), ("a", 1, "09:00", "10:00", "backup"))) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", 0, "09:00", "09:59", "backup")], [("a", 59, 60)]),
        ([("a", 0, "09:00", "13:01", "backup")], [("a", 241, 240)]),
        ([("a", 0, "09:00", "11:00", "backup"), ("a", 0, "11:00", "13:01", "backup")], [("a", 241, 240)]),
        ([("a", 0, "08:30", "10:00", "backup")], [("a", 60, 90)]),
        ([("a", 5, "09:00", "10:00", "backup")], [("a", 0, 60)]),
        ([("a", 0, "21:00", "22:00", "backup"), ("a", 1, "07:59", "09:00", "work:chat")], [("a", 599, 600)]),
        ([("a", 0, "09:00", "15:00", "work:chat"), ("a", 0, "17:00", "18:00", "backup")], [("a", 120, 600)]),
        ([("a", 0, "09:00", "10:00", "work:chat"), ("a", 0, "10:00", "11:00", "work:*")], []),
    ],
)
def test_what_the_pool_does_not_allow(
    rows: list[tuple[str, int, str, str, str]], expected: list[tuple[str, float, float]]
) -> None:
    assert told(POOL, rota(*rows)) == expected


def test_support_is_at_work_anyway() -> None:
    rows = [("a", 0, "09:00", "15:00", "work:chat"), ("a", 0, "15:00", "16:00", "backup")]
    assert told(replace(POOL, kind="support"), rota(*rows)) == []


def test_calls_of_a_day_and_of_a_month_are_counted_with_the_ledger_and_what_went_before() -> None:
    pool = replace(POOL, calls_a_day=1, calls_a_month=4, rest_minutes=0)
    twice = rota(("a", 0, "09:00", "10:00", "backup"), ("a", 0, "12:00", "13:00", "backup"))
    assert told(pool, twice) == [("a", 2, 1)]
    ledger = {("a", "call_outs", "2026-05"): (3.0, DAY - 3), ("b", "call_outs", "2026-04"): (9.0, DAY - 3)}
    before = rota(("a", -1, "09:00", "10:00", "backup"), ("a", -3, "09:00", "10:00", "backup"))
    one = rota(("a", 0, "09:00", "10:00", "backup"), ("b", 0, "09:00", "10:00", "backup"))
    assert told(pool, one, ledger=ledger, before=before) == [("a", 5, 4)]  # 3, one since then, this one
    facts = Facts(ZONE, DAY, 7, ledger=ledger, before=before)
    assert calls_had(Person("a"), (DAY - 10, DAY + 20), facts) == 4


def test_somebody_in_no_pool_is_not_checked() -> None:
    facts = Facts(ZONE, DAY, 7, people={"a": Person("a")})
    (finding,) = RULE.violations(rota(("a", 0, "09:00", "10:00", "backup")), facts)
    assert (finding.verdict, "no backup pool" in finding.explanation) == ("not_checked", True)


def centre(pool: Backup, required: dict[int, int], days: int = 5) -> tuple[Centre, pd.DataFrame]:
    """Two people from 09:00 to 17:00 for 40 an hour and a pool; ``required`` agents by hour of each day."""
    day = ShiftTemplate("day", 540, 540, 480, days=WEEKDAYS)
    settings = Settings(
        CentreInfo("c", ZONE, interval_minutes=60),
        queue=(Queue("chat", target_seconds=30, opening=(Opening(WEEKDAYS, 540, 1320),)),),
        shift=(day,),
        contract=(Contract("full", 2400, 2400, 5, 5, ("day",), 40.0),),
        rules=RuleSettings(presets=()),
        objective=Objective(
            shortage_per_agent_hour=100.0, deep_shortage_factor=1.0, surplus_per_agent_hour=0.0
        ),
        backup=(pool,),
    )
    agents = tuple(Agent(name, "", "t", "junior", (("chat", 1.0),), "full") for name in ("a", "b"))
    rows = [
        {"interval_start": pd.Timestamp(local_instant(ZONE, DAY + d, 60 * hour), unit="m", tz="UTC"), "queue": "chat",
         "offered": 10.0, "aht_seconds": 300.0, "agents_required": need, "agents_to_roster": float(need),
         "service_level": 0.8, "asa_seconds": 5.0, "abandonment": 0.0, "occupancy": 0.8, "edited": True}
        for d in range(days) for hour, need in required.items()
    ]  # fmt: skip
    empty, requests = pd.DataFrame(), pd.DataFrame(columns=["agent_id", "date", "kind", "shift", "weight"])
    history = pd.DataFrame({"interval_start": pd.DatetimeIndex([], tz="UTC"), "queue": [], "offered": []})
    members = named_members((pool,), (), ("a", "b"), Faults())
    made = Centre(
        settings, agents, history, empty, requests, empty, None, empty, pd.DataFrame(), {}, (), backup=members
    )
    return made, pd.DataFrame(rows)


def planned(pool: Backup, required: dict[int, int], **limits: int) -> Plan:
    made, needed = centre(pool, required)
    return rota_plan(made, needed, MONDAY, 5, Limits(effort=2, workers=1, **limits))


HELP = Backup(
    "后备", ("chat",), 3, hours=(Opening(WEEKDAYS, 540, 1320),), minimum_minutes=120, maximum_minutes=240,
    hourly_cost=50.0, call_out_cost=60.0, rest_minutes=600,
)  # fmt: skip
USUAL = dict.fromkeys(range(9, 17), 2)


def called(plan: Plan) -> pd.DataFrame:
    table = plan.rota.to_frame()
    return table[table["activity"] == "backup"]


def test_a_peak_that_is_worth_a_call_out_gets_one_and_a_small_one_does_not() -> None:
    peak = planned(HELP, USUAL | {12: 4, 13: 4})  # 4 agent-hours at 100 a day against 2 x (60 + 2 x 50)
    rows = called(peak)
    assert len(rows) == 10
    assert set(rows["start"].dt.tz_convert(ZONE).dt.hour) == {12}
    assert peak.solution.cost["backup"] == pytest.approx(5 * 4 * 50)
    assert peak.solution.cost["call_out"] == pytest.approx(5 * 2 * 60)
    assert peak.solution.cost["shortage"] == pytest.approx(0)
    assert sum(peak.solution.cost.values()) == pytest.approx(peak.solution.objective)
    assert peak.violations == () or not peak.breaches
    small = planned(HELP, USUAL | {12: 3})  # an agent-hour at 100 against 60 + 2 x 50
    assert len(called(small)) == 0
    assert small.solution.cost["shortage"] == pytest.approx(5 * 100)


def test_caps_and_rest_bind_the_plan_and_the_audit_agrees() -> None:
    two = planned(replace(HELP, calls_a_month=2), USUAL | {12: 5, 13: 5})
    assert called(two).groupby("agent_id").size().tolist() == [2, 2, 2]
    assert not two.breaches
    rest = planned(replace(HELP, rest_minutes=2 * 1440), USUAL | {12: 5, 13: 5})
    days = called(rest).groupby("agent_id")["day"].apply(lambda d: sorted(day_number(each) for each in d))
    assert all(np.diff(each).min() >= 2 for each in days)
    assert sum(map(len, days)) == 6  # every other day at most, of five: two are three, and no line has more
    stricter = replace(HELP, rest_minutes=3 * 1440)
    people = {name: replace(person, backup=stricter) for name, person in (rest.facts.people or {}).items()}
    assert [v for v in audit(rest.rota, [RULE], replace(rest.facts, people=people)) if v.verdict == "breach"]


def test_outsiders_are_in_no_mix_no_fairness_and_no_payroll() -> None:
    plan = planned(HELP, USUAL | {12: 4, 13: 4})
    assert plan.problem is not None
    outside = [person for person in plan.problem.people if person.outside]
    assert len(outside) == 3
    assert plan.solution.cost["pay"] == pytest.approx(2 * 40 * 40)
    assert {charge.term for person in outside for charge in person.charges} == {"call_out"}


def test_people_who_are_employed_and_pools_that_are_not_planned_stay_as_they_are() -> None:
    made, _ = centre(replace(HELP, planned=False), USUAL)
    grown = with_backup(made)
    assert [contract.shifts for contract in grown.settings.contract] == [("day",), ()]
    inside = replace(made, backup=(BackupMember("后备", "a", (("chat", 1.0),), 50.0, employed=True),))
    assert with_backup(inside) is inside


def test_a_pool_may_bring_rules_of_its_own() -> None:
    own = replace(HELP, presets=("eu-wtd",))
    plan = planned(own, USUAL | {12: 4, 13: 4})
    scoped = [rule.name for rule in plan.rules if ":backup-后备-eu-wtd" in rule.name]
    assert "rest-between-shifts:backup-后备-eu-wtd" in scoped


def test_a_makeup_saturday_has_the_hours_of_a_friday() -> None:
    """The same call-out on Saturday 16 May: outside the hours of Monday to Friday, and inside where the day is worked in exchange."""
    pool = Backup("后备", ("calls",), hours=(Opening(WEEKDAYS, 540, 1080),))
    table = rota(("a", 5, "10:00", "12:00", "backup"))
    assert told(pool, table) == [("a", 0, 120)]
    assert told(pool, table, special_days={DAY + 5: "makeup"}) == []
    saturdays = replace(pool, hours=(Opening((5,), 540, 1080),))
    assert told(saturdays, table, special_days={DAY + 5: "makeup"}) == [("a", 0, 120)]


def test_a_call_out_needs_no_template_and_stands_in_no_contract() -> None:
    templates, contract = (
        {"day": ShiftTemplate("day", 540, 540, 480)},
        Contract("full", 0, 2400, 0, 5, ("day",)),
    )
    facts = Facts(ZONE, DAY, 7, people={"a": Person("a", contract=contract)}, templates=templates)
    rules = [ShiftTemplateRule("s"), ContractShifts("s")]
    live = rota(("a", 0, "18:00", "20:30", "backup"))
    assert [v.rule for v in audit(live, rules, facts) if v.verdict == "breach"] == []
    other = rota(("a", 0, "18:00", "20:30", "work:chat"))
    assert {v.rule for v in audit(other, rules, facts) if v.verdict == "breach"} == {"shift-template"}
