"""``requests_result.csv`` of a plan: every request told once, every refusal with a reason that holds."""

from dataclasses import replace

import pandas as pd

from centre.instants import day_number, day_of
from scenarios.plan import Plan
from scenarios.results import write_plan
from scenarios.wishes import COLUMNS, requests_result


def asked(plan: Plan, *rows: tuple[str, int, str, str]) -> Plan:
    first = plan.grid.first_day
    requests = pd.DataFrame(
        [(agent, day_of(first + day), kind, shift, 1.0) for agent, day, kind, shift in rows],
        columns=["agent_id", "date", "kind", "shift", "weight"],
    )
    return replace(plan, centre=replace(plan.centre, requests=requests))


def worked_days(plan: Plan) -> dict[str, set[int]]:
    rota = plan.rota.to_frame()
    rota = rota[rota["activity"] != "leave"]
    return {
        str(a): {day_number(d) - plan.grid.first_day for d in days}
        for a, days in rota.groupby("agent_id")["day"]
    }


def test_every_request_is_told_with_its_reason(solved: Plan) -> None:
    days = worked_days(solved)
    agent = next(iter(sorted(days)))
    at_work, off = min(days[agent]), min(set(range(7)) - days[agent])
    plan = asked(
        solved, (agent, at_work, "off", ""), (agent, at_work, "on", ""), (agent, off, "on", ""), (agent, off, "off", ""),
        (agent, 8, "off", ""), (agent, at_work, "on", "没有的班"),
    )  # fmt: skip
    table = requests_result(plan)
    assert tuple(table.columns) == COLUMNS
    assert table["result"].tolist() == ["refused", "granted", "refused", "granted", "refused"]
    refused = table[table["result"] == "refused"]
    assert (refused["reason"].str.len() > 20).all()
    assert (table.loc[table["result"] == "granted", ["cause", "rules", "reason"]] == "").all(axis=None)
    assert refused["cause"].tolist()[-1] == "not_offered"
    assert "没有的班" in refused["reason"].tolist()[-1]
    for cause, rules, reason in zip(refused["cause"], refused["rules"], refused["reason"], strict=True):
        assert (cause == "rule") == (rules != "")
        assert all(rule in reason for rule in rules.split(";"))
        assert ("net staffing" in reason) == (cause == "cover")


def test_it_is_written_beside_the_plan(solved: Plan, tmp_path) -> None:
    write_plan(asked(solved, ("A001", 0, "off", "")), tmp_path / "out")
    read = pd.read_csv(tmp_path / "out" / "requests_result.csv", dtype=str, keep_default_na=False)
    assert read[["agent_id", "date", "kind"]].values.tolist() == [
        ["A001", str(day_of(solved.grid.first_day)), "off"]
    ]
