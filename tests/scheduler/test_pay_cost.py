"""Pay laws in the price of a rota: the recount by term, and a bound that no rota undercuts."""

from dataclasses import replace
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, to_timestamps
from centre.model import (
    Break,
    CentreInfo,
    Contract,
    Objective,
    Overtime,
    Queue,
    RuleSettings,
    Settings,
    ShiftTemplate,
)
from centre.people import Agent
from scheduler.cost import PAY_TERMS, cost_terms, term_of
from scheduler.pay.laws import LAWS
from scheduler.pay.lines import pay_lines
from scheduler.pay.priced import PayTerms, shift_premiums, week_prices
from scheduler.problem import rota_problem
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.shifts import candidate_shifts
from scheduler.solution import Limits
from scheduler.solve import solve
from scheduler.solve.crew import own_values
from scheduler.solve.roster import Roster
from scheduler.solve.write import rota_of as rota_of_roster

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = day_number(date(2026, 9, 28))
HOLIDAY = day_number(date(2026, 10, 1))
DAYS = 5
MEAL = Break(60, 180, 240, paid=False, kind="meal", step_minutes=30)
SHIFTS = (
    ShiftTemplate("早", 480, 480, 600, breaks=(MEAL,)),
    ShiftTemplate("晚", 1260, 1260, 540, breaks=(MEAL,)),
)
CONTRACT = Contract("全职", 480, 2400, 1, 5, ("早", "晚"), 60.0, Overtime(600, 1.5))


def settings(law="", hourly_cost=60.0):
    return Settings(
        CentreInfo("测试", SHANGHAI, "CN", 60), (Queue("热线"),), SHIFTS, (replace(CONTRACT, hourly_cost=hourly_cost),),
        rules=RuleSettings(presets=(), pay=law), objective=Objective(),
    )  # fmt: skip


def problem_of(law, people=1, needed=1.0):
    told = settings(law)
    agents = [
        Agent(f"a{k}", "", "", "junior", (("热线", 1.0),), "全职", starts_on=FIRST) for k in range(people)
    ]
    grid = Grid(SHANGHAI, FIRST, DAYS, 60)
    special = {HOLIDAY: "statutory"}
    facts = facts_of(told, agents, None, None, FIRST, DAYS, {HOLIDAY: "National Day"}, special_days=special)
    requirement = pd.DataFrame(
        {"interval_start": to_timestamps(grid.starts), "queue": "热线", "agents_to_roster": needed}
    )
    rules = rules_in_force(told.rules, with_centre=True)
    return rota_problem(told, agents, requirement, None, rules, facts, grid, LAWS.get(law))


def rota_with(problem, chosen, meals):
    """The rota in which the first person works the shifts ``chosen`` with meals ``meals`` minutes after their starts."""
    line = np.full((len(problem.people), DAYS), -1, dtype=np.int64)
    pauses = np.full((len(problem.people), DAYS, 1), -1, dtype=np.int64)
    for index, meal in zip(chosen, meals, strict=True):
        shift = problem.shifts[index]
        line[0, shift.day - FIRST] = index
        pauses[0, shift.day - FIRST, 0] = shift.start + meal - problem.grid.start
    empty = np.zeros((1, 1))
    return rota_of_roster(
        problem, Roster(line, pauses, empty, np.zeros((1, 1, 1), dtype=np.int32), empty[None], empty[0])
    )


def test_the_terms_of_a_day_and_a_night_over_the_holiday_by_hand():
    """早 on 28 September: 540 paid, 60 at 150 %. 晚 on the 30th: 480 paid, 180 - 0 before midnight or less the meal.

    The night begins at 21:00, the meal at 00:30: 180 min on the 30th, 300 of the holiday at 300 %. A minute costs 1.
    """
    p = problem_of("cn-labour")
    day = next(k for k, s in enumerate(p.shifts) if s.template.name == "早" and s.day == FIRST)
    night = next(k for k, s in enumerate(p.shifts) if s.template.name == "晚" and s.day == HOLIDAY - 1)
    terms = cost_terms(p, rota_with(p, [day, night], [180, 210]), np.ones((1, len(p.grid.starts))) * 60)
    assert terms["pay"] == 540 + 480
    assert terms["overtime"] == pytest.approx(30.0)
    assert terms["public_holiday"] == pytest.approx(600.0)
    assert sum(terms.values()) == pytest.approx(540 + 480 + 30 + 600)


def test_without_a_law_the_terms_are_those_of_the_contract():
    p = problem_of("")
    assert p.pay is None
    assert all(person.premiums == () for person in p.people)
    rota = rota_with(p, [0], [180])
    assert set(cost_terms(p, rota, np.zeros((1, len(p.grid.starts))))).isdisjoint(
        set(PAY_TERMS) - {"overtime"}
    )


def test_a_shifts_premium_is_that_of_its_cheapest_meal():
    """晚 on the eve: the meal takes an hour of the holiday, wherever it lies after midnight: 300 min at +200 %."""
    p = problem_of("cn-labour")
    premiums = {(s.template.name, s.day): p.people[0].premiums[k] for k, s in enumerate(p.shifts)}
    assert premiums["早", FIRST] == 30.0  # 60 min beyond 8 h at +50 %
    assert premiums["晚", FIRST] == 0.0
    assert premiums["晚", HOLIDAY - 1] == 600.0
    assert premiums["早", HOLIDAY] == 1080.0
    assert premiums["晚", HOLIDAY] == 360.0  # 180 min before midnight


@pytest.mark.parametrize("law", sorted(LAWS))
def test_no_rota_costs_less_than_the_solver_takes_it_to(law):
    """Every line of five shifts: own price and weekly overtime never beyond the recount."""
    p = problem_of(law)
    person = p.people[0]
    values, _ = own_values(p, person)
    by_day = {day: [k for k, s in enumerate(p.shifts) if s.day == day] for day in range(FIRST, FIRST + DAYS)}
    closer = 0
    for picked in product(*([None, *by_day[day]] for day in by_day)):
        chosen = [k for k in picked if k is not None]
        if len(chosen) != 5:
            continue
        taken = sum(values[k] for k in chosen)
        for week in person.overtime:
            total = sum(week.counted(p.shifts[k].day, p.shifts[k].paid_minutes) for k in chosen)
            taken += max(0, total - week.threshold) * week.extra_per_minute
        terms = cost_terms(
            p, rota_with(p, chosen, [180] * len(chosen)), np.ones((1, len(p.grid.starts))) * 60
        )
        assert taken <= sum(terms.values()) + 1e-6
        closer += taken == pytest.approx(sum(terms.values()))
    assert closer  # the bound is met by some rota


@pytest.mark.parametrize("law", ["cn-labour", "us-ca"])
def test_a_solved_rota_is_recounted_by_the_law_and_its_bound_holds(law):
    p = problem_of(law, people=2)
    found = solve(p, Limits(effort=1, workers=1, gap=0.0))
    assert found.bound <= found.objective + 1e-6
    assert found.objective == pytest.approx(sum(found.cost.values()))
    lines = pay_lines(found.rota, p.pay.facts, p.pay.law).lines
    extra = (lines["minutes"] * (lines["multiplier"] - (lines["kind"] == "paid_time"))).sum()
    assert sum(found.cost.get(term, 0.0) for term in PAY_TERMS) == pytest.approx(extra)


def test_the_holiday_is_left_empty_where_its_work_is_worth_less_than_it_costs():
    """A missing agent costs 100 an hour, the holiday 180: nobody is planned on it, as without the law they would be."""

    def worked_on_the_holiday(law):
        p = problem_of(law)
        p = replace(
            p, objective=replace(p.objective, shortage_per_agent_hour=100.0, deep_shortage_factor=1.0)
        )
        return HOLIDAY in solve(p, Limits(effort=1, workers=1, gap=0.0)).rota.duties.day

    assert not worked_on_the_holiday("cn-labour")
    assert worked_on_the_holiday("")


def test_what_was_worked_before_lowers_the_weeks_threshold(rota_of, local_shift):
    told = settings("cn-labour")
    agents = [Agent("a", "", "", "junior", (("热线", 1.0),), "全职")]
    first = FIRST + 2
    before = rota_of(
        [
            local_shift(SHANGHAI, "a", "2026-09-28T08:00", 600),
            local_shift(SHANGHAI, "a", "2026-09-29T08:00", 300),
        ]
    )
    facts = facts_of(told, agents, None, before.to_frame(), first, 5, special_days={})
    (price,) = week_prices(PayTerms(LAWS["cn-labour"], facts), facts.people["a"])
    assert (price.week, price.threshold, price.extra, price.day_minutes) == (
        FIRST,
        2400 - 480 - 300,
        0.5,
        480,
    )


@pytest.mark.parametrize(
    ("law", "left_out"),
    [
        ("cn-labour", (HOLIDAY - 1, HOLIDAY)),
        ("us-ca", (FIRST + 6,)),
        ("fr", (FIRST + 6,)),
        ("jp", ()),
        ("contract", ()),
    ],
)
def test_shifts_that_a_law_may_count_elsewhere_fill_no_week(law, left_out):
    pay = problem_of(law).pay
    prices = list(week_prices(pay, pay.facts.people["a0"]))
    assert {price.left_out for price in prices} == {left_out}
    assert len(prices) == (2 if law == "fr" else 1)


def test_of_a_long_shift_only_the_days_hours_fill_the_week():
    (week,) = problem_of("cn-labour").people[0].overtime
    assert [week.counted(FIRST, minutes) for minutes in (479, 480, 540)] == [479, 480, 480]
    assert [week.counted(day, 540) for day in (FIRST - 1, HOLIDAY - 1, HOLIDAY, FIRST + 6, FIRST + 7)] == [
        0,
        0,
        0,
        480,
        0,
    ]
    assert week.extra_per_minute == pytest.approx(0.5)


def test_premiums_go_by_the_persons_own_clock():
    terms = problem_of("jp").pay
    shifts = tuple(candidate_shifts(SHIFTS, Grid(SHANGHAI, FIRST, 1, 60)))
    here, there = (shift_premiums(terms, shifts, zone) for zone in (SHANGHAI, ZoneInfo("Europe/London")))
    assert here != there


def test_every_class_has_a_term():
    for law in LAWS.values():
        for name in law.sources:
            assert term_of(name) in PAY_TERMS
