"""What a rota costs as it is told: counts beside amounts, in both languages, and terms that still sum to the objective."""

from dataclasses import replace

import pytest

from centre.model import Mix, Objective
from scenarios.cost_told import cost_told
from scenarios.report_data import CostTerm
from scenarios.report_reasons import cost_name, cost_note
from scenarios.report_words import Format, words
from scenarios.results import plan_json

COST = {
    "pay": 900.0,
    "requests": 40.0,
    "start_change": 45.0,
    "change": 120.0,
    "unfair_night": 35.0,
    "shortage": 80.0,
}


def with_cost(plan, cost, mix=(), **prices):
    settings = replace(plan.centre.settings, objective=Objective(**prices), mix=tuple(mix))
    solution = replace(plan.solution, cost=cost, objective=sum(cost.values()))
    return replace(plan, centre=replace(plan.centre, settings=settings), solution=solution)


def test_terms_with_a_price_each_say_how_often(quick):
    plan = with_cost(quick, COST, start_change=15.0, change=60.0)
    assert cost_told(plan) == (
        CostTerm("pay", 900.0),
        CostTerm("refused_requests", 40.0, money=False),
        CostTerm("start_change", 45.0, False, 3.0, "times"),
        CostTerm("change", 120.0, False, 2.0, "times"),
        CostTerm("unfair_night", 35.0, money=False),
        CostTerm("shortage", 80.0, money=False),
    )


def test_a_mix_is_counted_from_the_rota_and_told_by_its_name(quick):
    """Nobody of the six is a manager: one is missing in all 98 open hours of the week, at 2 an hour."""
    mix = Mix("经理", levels=("manager",), minimum=1, queues=("calls",), price_per_hour=2.0)
    hours = int(quick.coverage["queue"].eq("calls").sum()) / 2
    plan = with_cost(quick, COST | {"mix": 2.0 * hours}, [mix], start_change=15.0)
    told = {term.name: term for term in cost_told(plan)}
    assert told["mix:经理"] == CostTerm("mix:经理", 2.0 * hours, False, hours, "hours")
    assert sum(term.amount for term in told.values()) == pytest.approx(plan.solution.objective)
    written = plan_json(plan)
    assert written["cost"]["mix"] == 2.0 * hours
    assert written["mixes"] == [
        {"name": "经理", "price_per_hour": 2.0, "intervals": 2 * hours, "short": 2 * hours, "hours_missing": hours, "amount": 2.0 * hours}
    ]  # fmt: skip
    assert written["settings"]["mix"][0]["levels"] == ("manager",)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["Starts that move from shift to shift", "3 times", "On duty: 值班主管", "1.5 h of people missing", "always kept"]),
        ("zh", ["相邻班次的上班时间变动", "3 次", "在岗要求：值班主管", "缺 1.5 人时", "始终满足"]),
    ],
)  # fmt: skip
def test_terms_in_words(quick, language, told):
    w, form = words(language), Format(language, quick.grid.zone, "CNY")
    starts, mix = (
        CostTerm("start_change", 45.0, False, 3.0, "times"),
        CostTerm("mix:值班主管", 9.0, False, 1.5, "hours"),
    )
    kept = replace(mix, amount=0.0, times=0.0)
    found = [
        cost_name(starts, w),
        cost_note(starts, form, w),
        cost_name(mix, w),
        cost_note(mix, form, w),
        cost_note(kept, form, w),
    ]
    assert found == told
    assert (cost_name(CostTerm("own", 1.0), w), cost_note(CostTerm("own", 1.0), form, w)) == ("own", "")


def test_every_term_of_ours_has_words_in_both_languages():
    for name in (
        *COST,
        "backward_rotation",
        "single_day_off",
        "unfair_weekend",
        "unfair_holiday",
        "unfair_late",
    ):
        key = {"requests": "cost.refused_requests"}.get(name, f"cost.{name}")
        assert words("en")[key] != words("zh")[key]
