"""Prices of rules by bounds, worked by hand, and whom a rule binds, against every line."""

from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import Grid, day_number
from centre.model import Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import (
    BoundedRun,
    BoundedSum,
    ForbiddenDay,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
)
from scheduler.shifts import candidate_shifts
from scheduler.solution import RulePrice
from scheduler.solve.explain_prices import bound_people, price_of_rules
from tests.scheduler.explain_judge import Judge

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2026, 3, 2))
HOUR = 60
SHORT = ShiftTemplate("short", 10 * HOUR, 10 * HOUR, 4 * HOUR)
NIGHT = ShiftTemplate("night", 22 * HOUR, 22 * HOUR, 8 * HOUR)


def problem(people, templates=(SHORT,), days=3, agents=1):
    """One queue that needs agents from 10:00 to 14:00 on each day; one missing costs 60 an hour, one at work 30."""
    grid = Grid(SHANGHAI, MONDAY, days, HOUR)
    required = np.zeros((1, len(grid.starts)))
    for day in range(days):
        required[0, 24 * day + 10 : 24 * day + 14] = agents
    shifts = tuple(candidate_shifts(templates, grid))
    return RotaProblem(
        grid,
        ("calls",),
        required,
        np.zeros_like(required),
        shifts,
        tuple(people),
        Objective(deep_shortage_factor=1.0),
    )


def somebody(agent_id, *rules):
    told = tuple(rules)
    return PlannedPerson(agent_id, ((0, 1.0),), tuple(p for _, ps in told for p in ps), 0.5, by_rule=told)


HOURS = ("weekly-hours", (BoundedSum(MONDAY, MONDAY + 2, "paid_minutes", None, 9 * HOUR),))
REST = ("rest-between-shifts", (MinimumRest(11 * HOUR),))
FIRST_OFF = ("leave", (ForbiddenDay(MONDAY),))


def test_a_limit_of_hours_costs_the_shift_that_it_forbids():
    """Of three times 4 h two can be worked: 8 h at 30 and 4 h at 60 are 480; without the limit 12 h at 30 are 360."""
    (price,) = price_of_rules(problem([somebody("a", HOURS, REST)]))
    assert price == RulePrice(
        "weekly-hours", pytest.approx(480), pytest.approx(360), pytest.approx(120), ("a",)
    )


def test_the_dearest_first_and_what_binds_at_no_cost_at_zero():
    other = somebody("b", REST, FIRST_OFF, ("weekly-hours", HOURS[1]))
    prices = price_of_rules(problem([somebody("a", HOURS, REST), other]))
    assert [(p.rule, p.agents) for p in prices] == [("leave", ("b",)), ("weekly-hours", ("a",))]
    assert [p.saved for p in prices] == [0.0, 0.0]
    assert all(p.bound_with == p.bound_without == pytest.approx(360) for p in prices)


def test_two_rules_that_ask_the_same_cost_nothing_each():
    twice = somebody("a", HOURS, ("company-hours", HOURS[1]))
    assert price_of_rules(problem([twice])) == ()
    assert bound_people(problem([twice])) == {}


def test_only_the_rules_that_bind_most_are_priced():
    people = [somebody("a", HOURS, FIRST_OFF), somebody("b", FIRST_OFF)]
    assert [p.rule for p in price_of_rules(problem(people), most=1)] == ["leave"]


def test_people_without_a_line_and_nobody_at_all():
    stuck = somebody("s", FIRST_OFF, ("contract-days", (BoundedSum(MONDAY, MONDAY + 2, "shifts", 3),)))
    prices = price_of_rules(problem([somebody("a", HOURS), stuck]))
    assert [(p.rule, p.agents) for p in prices if p.saved] == [("weekly-hours", ("a",))]
    assert price_of_rules(problem([])) == ()


RULES = {
    "rest": (MinimumRest(11 * HOUR),),
    "run": (BoundedRun(2),),
    "days": (BoundedSum(MONDAY, MONDAY + 2, "shifts", 1, 2),),
    "any": (GapInAnyWindow(20 * HOUR, 48 * HOUR),),
    "weekly": (GapInWindow(30 * HOUR, (MONDAY * 24 - 8) * HOUR, (MONDAY * 24 + 64) * HOUR),),
    "off": (ForbiddenDay(MONDAY + 1),),
}


def test_whom_a_rule_binds_agrees_with_every_line(honours, shift_class):
    judge = Judge(honours, shift_class)
    told = 0
    for chosen in product([False, True], repeat=len(RULES)):
        rules = [rule for rule, taken in zip(RULES.items(), chosen, strict=True) if taken]
        p = problem([somebody("a", *rules)], (SHORT, NIGHT))

        def lines(of, p=p):
            return {tuple(s.start for s in line) for line in judge.lines(p, sum((ps for _, ps in of), ()))}

        wanted = {name for name, _ in rules if lines([r for r in rules if r[0] != name]) > lines(rules)}
        assert set(bound_people(p)) == wanted, rules
        told += len(wanted)
    assert told > 60
