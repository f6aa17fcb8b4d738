"""The chain: each step's table is the next one's input, and nothing is left out in silence."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import scenarios.plan
from centre.errors import BadInput
from centre.instants import day_number
from centre.model import RuleSettings
from scenarios.plan import plan, rota_plan
from scheduler.audit import audit
from scheduler.coverage import coverage
from scheduler.rota import Rota
from scheduler.rules.rule import Violation
from scheduler.solution import Limits

START = date(2026, 2, 23)
LIMITS = Limits(effort=1)


def test_the_chain_ends_with_a_table_of_every_step(quick):
    assert len(quick.forecast) == len(quick.requirement) == len(quick.coverage) == 7 * 28 * 2
    assert quick.requirement["offered"].sum() == pytest.approx(quick.forecast["offered"].sum())
    assert quick.coverage["expected_contacts"].sum() == pytest.approx(quick.requirement["offered"].sum())
    assert set(quick.seconds) == {"forecast", "requirement", "problem", "solve", "audit", "coverage"}


def test_a_step_is_not_timed_within_another(centre, solver, monkeypatch):
    ticks = iter(range(100))
    monkeypatch.setattr(scenarios.plan.time, "perf_counter", lambda: float(next(ticks)))
    assert set(plan(centre, START, 7, LIMITS).seconds.values()) == {1.0}


def test_the_solver_gets_the_agents_to_roster_and_the_limits(quick, solver):
    problem, limits = solver.asked[0]
    assert limits == LIMITS
    table = quick.requirement.pivot_table(index="interval_start", columns="queue", values="agents_to_roster")
    open_ = problem.required.sum(axis=0) > 0
    assert (
        problem.required[:, open_].T.tolist()
        == table[list(problem.queues)][table.sum(axis=1) > 0].to_numpy().tolist()
    )
    assert [person.agent_id for person in problem.people] == [f"A00{k}" for k in range(1, 7)]


def test_requests_reach_the_solver(centre, solver):
    wishes = pd.DataFrame(
        {
            "agent_id": ["A002"],
            "date": [date(2026, 2, 25)],
            "kind": ["off"],
            "shift": [""],
            "weight": [2.0],
            "row": [2],
        }
    )
    plan(replace(centre, requests=wishes), START, 7, LIMITS)
    person = solver.asked[0][0].people[1]
    assert [(wish.day, wish.kind, wish.price) for wish in person.wishes] == [
        (day_number(date(2026, 2, 25)), "off", 60.0)
    ]


def test_leave_keeps_people_away(centre, solver):
    leave = pd.DataFrame({"agent_id": ["A001"], "kind": ["annual"], "row": [2]})
    leave["start"] = pd.to_datetime(["2026-02-22T16:00Z"])
    leave["end"] = pd.to_datetime(["2026-03-01T16:00Z"])
    made = plan(replace(centre, leave=leave), START, 7, LIMITS)
    assert "A001" not in made.rota.agent_ids
    assert not [breach for breach in made.breaches if breach.agent_id == "A001"]


def test_the_audit_is_that_of_the_same_facts(quick):
    assert list(quick.violations) == audit(quick.rota, quick.rules, quick.facts)
    assert quick.has_findings == any(v.verdict == "breach" for v in quick.violations)


def test_a_broken_rule_is_a_finding(centre, solver):
    solver.days = 3
    made = plan(centre, START, 7, LIMITS)
    assert made.has_findings
    assert {breach.rule for breach in made.breaches} >= {"contract-days", "contract-minutes"}


def test_a_clash_is_a_finding_without_any_breach(quick):
    clean = replace(quick, violations=())
    assert not clean.has_findings
    assert replace(clean, solution=replace(clean.solution, status="clash")).has_findings
    near = Violation("r", "s", "", None, None, None, None, "", "near", "")
    assert not replace(quick, violations=(near,)).has_findings


def test_progress_tells_the_steps_in_order(centre, solver):
    told: list[str] = []
    plan(centre, START, 7, LIMITS, told.append)
    first_words = [sentence.split()[0] for sentence in told]
    assert first_words == ["forecast", "agents", "people,", "rota", "audit", "service"]


def test_the_future_changes_nothing(centre, solver):
    from centre.instants import from_timestamps

    early = plan(centre, START, 7, LIMITS)
    cut = centre.history[from_timestamps(centre.history["interval_start"]) < early.grid.start]
    without = plan(replace(centre, history=cut.reset_index(drop=True)), START, 7, LIMITS)
    pd.testing.assert_frame_equal(early.forecast, without.forecast)
    assert set(early.held_back_wape) == {"calls", "chat"}
    assert without.held_back_wape == {}


def test_rules_that_do_not_exist_are_told_before_any_work(centre, solver):
    settings = replace(centre.settings, rules=RuleSettings(presets=("mars-law",)))
    told: list[str] = []
    with pytest.raises(BadInput, match="mars-law"):
        plan(replace(centre, settings=settings), START, 7, LIMITS, told.append)
    assert told == []


@pytest.mark.parametrize("days", [0, -1, 372])
def test_a_horizon_has_from_one_day_to_a_year(centre, days):
    with pytest.raises(BadInput, match="--days"):
        plan(centre, START, days, LIMITS)


def test_what_is_told_and_not_used_is_a_warning(centre, solver):
    silent = centre.history[centre.history["queue"] == "calls"].reset_index(drop=True)
    made = plan(replace(centre, history=silent), START, 7, LIMITS)
    said = " | ".join(made.warnings)
    assert "queue chat: no demand is known" in said
    assert set(made.requirement["queue"]) == {"calls"}


def test_a_plan_from_a_requirement_needs_no_forecast(quick, centre, solver):
    made = rota_plan(centre, quick.requirement, START, 7, LIMITS)
    assert made.forecast_report is None
    assert len(made.forecast) == 0
    pd.testing.assert_frame_equal(made.rota.to_frame(), quick.rota.to_frame())
    pd.testing.assert_frame_equal(made.coverage, quick.coverage)


def test_a_part_of_a_requirement_can_be_planned(quick, centre, solver):
    made = rota_plan(centre, quick.requirement, date(2026, 2, 25), 2, LIMITS)
    assert len(made.requirement) == 2 * 28 * 2


def test_open_intervals_without_a_row_are_a_warning(quick, centre, solver):
    queue = quick.requirement["queue"].iloc[0]
    holes = quick.requirement.drop(quick.requirement[quick.requirement["queue"] == queue].index[3:7])
    told = rota_plan(centre, holes, START, 7, LIMITS).warnings
    assert [w for w in told if "no row" in w] == [
        f"queue {queue}: the requirement has no row for 4 open intervals; planned as without demand"
    ]
    assert not [w for w in quick.warnings if "no row" in w]


def test_one_day_alone_can_be_planned(centre, solver):
    assert len(plan(centre, START, 1, LIMITS).forecast) == 28 * 2


def test_the_price_of_shortage_recounts_from_coverage(solved):
    """Coverage shares people out by itself; what is then missing costs what the solver said, within what speeds and depths leave open."""
    objective = solved.centre.settings.objective
    need = solved.requirement["agents_to_roster"].to_numpy(dtype=float)
    given = solved.coverage["agents_effective"].to_numpy()
    short = np.maximum(need - given, 0)
    deep = np.maximum(need * (1 - objective.deep_shortage_share) - given, 0)
    hours = short.sum() + deep.sum() * (objective.deep_shortage_factor - 1)
    price = hours * objective.shortage_per_agent_hour / 2
    assert price == pytest.approx(solved.solution.cost["shortage"], rel=0.02)


def test_our_solver_breaks_no_rule(solved):
    assert solved.breaches == []
    assert not solved.has_findings


def test_coverage_of_the_written_rota_is_the_same(solved):
    again = Rota.from_frame(solved.rota.to_frame())
    table = coverage(again, solved.requirement, solved.centre.settings, solved.centre.agents)
    pd.testing.assert_frame_equal(table, solved.coverage)


def test_the_rules_know_the_calendar_the_accounts_and_who_is_protected(centre, solver):
    protected = pd.DataFrame({"agent_id": ["A002"], "kind": ["nursing"], "start": [START], "end": [None]})
    accounts = pd.DataFrame(
        {"agent_id": ["A001"], "account": ["overtime_minutes"], "period": ["2026-02"], "amount": [2.5],
         "unit": ["hours"], "as_of": [START]}
    )  # fmt: skip
    facts = plan(replace(centre, protections=protected, ledger=accounts), START, 7, LIMITS).facts
    first = day_number(START)
    assert facts.special_days[first] == "bridged"
    assert facts.special_days[day_number(date(2025, 10, 1))] == "statutory"
    assert facts.special_days[day_number(date(2026, 5, 1))] == "statutory"
    assert facts.ledger == {("A001", "overtime_minutes", "2026-02"): (150.0, first)}
    assert facts.people["A002"].protections[0][:2] == ("nursing", first)
    assert facts.people["A001"].protections == ()
    assert facts.people["A001"].team
    assert plan(centre, START, 7, LIMITS).facts.people["A001"].protections is None
