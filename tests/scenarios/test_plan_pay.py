"""A pay law in a plan: the solver is told, plan.json splits the cost by pay class, faults stop before any work."""

from dataclasses import replace
from datetime import date

import pytest

from centre.errors import BadInput
from centre.model import RuleSettings
from scenarios.plan import plan
from scenarios.report_filling import report_data
from scenarios.report_words import WORDS
from scenarios.results import plan_json
from scheduler.cost import PAY_TERMS
from scheduler.solution import Limits

START = date(2026, 2, 16)  # Spring Festival: Monday to Thursday are statutory
LIMITS = Limits(effort=1)


def with_pay(centre, law, **figures):
    rules = RuleSettings(presets=(), pay=law, pay_figures=figures)
    return replace(centre, settings=replace(centre.settings, rules=rules))


def test_the_solver_is_told_what_the_holiday_costs(centre, solver):
    plan(with_pay(centre, "cn-labour"), START, 7, LIMITS)
    problem, _ = solver.asked[0]
    premiums = {
        shift.day: premium for shift, premium in zip(problem.shifts, problem.people[0].premiums, strict=True)
    }
    first = problem.grid.first_day
    assert premiums[first + 1] > premiums[first + 6]
    assert problem.pay is not None


def test_plan_json_splits_the_cost_by_pay_class(centre, solver):
    made = plan(with_pay(centre, "cn-labour"), START, 7, LIMITS)
    told = plan_json(made)
    assert told["settings"]["pay"] == "cn-labour"
    pay = told["pay_by_class"]
    hours = {row["pay_class"]: row["hours"] for row in pay["classes"]}
    assert hours["public_holiday"] > 0
    assert sum(hours.values()) == pytest.approx(made.rota.duties.paid.sum() / 60)
    assert all(f"pay: {sentence}" in told["warnings"] for sentence in made.pay.told)
    dearer = plan_json(plan(with_pay(centre, "cn-labour", statutory=4.0), START, 7, LIMITS))["pay_by_class"]
    assert {row["multiplier"] for row in dearer["classes"]} - {
        row["multiplier"] for row in pay["classes"]
    } == {4.0}


def test_without_a_law_nothing_is_split(quick):
    assert plan_json(quick)["pay_by_class"] is None
    assert quick.pay is None


def test_the_report_counts_every_term_of_pay_as_money(quick):
    cost = dict.fromkeys(["pay", "shortage", *PAY_TERMS], 1.0)
    data = report_data(replace(quick, solution=replace(quick.solution, cost=cost)), "zh")
    assert {term.name for term in data.cost if term.money} == {"pay", *PAY_TERMS}
    assert all(f"cost.{term}" in WORDS for term in PAY_TERMS)


def test_a_law_that_does_not_exist_stops_the_plan(centre, solver):
    with pytest.raises(BadInput, match=r"rules\.pay"):
        plan(with_pay(centre, "cn"), START, 7, LIMITS)
    assert solver.asked == []
