"""The exact model against brute force and cases worked by hand, and what it promises: bound, clashes, limits, repeatability."""

from dataclasses import replace
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from ortools.sat.python import cp_model

from centre.instants import Grid, day_number
from centre.model import Break, Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import (
    BoundedRun,
    BoundedSum,
    ForbiddenDay,
    GapInWindow,
    MinimumRest,
    UnbrokenWork,
)
from scheduler.shifts import break_starts, candidate_shifts
from scheduler.solution import Limits
from scheduler.solve.exact import solve_exact
from scheduler.solve.exact_cover import as_fractions
from scheduler.solve.exact_money import Money
from scheduler.terms import (
    Charge,
    CoverPrices,
    DaysOffTogether,
    DutyRow,
    ForwardRotation,
    OvertimePay,
    SameStart,
    Wish,
)
from tests.scheduler.rota_judge import faults, lines_of, price_per_hour

ZONE, HOUR = ZoneInfo("Europe/Berlin"), 60
FIRST, DAYS = day_number(date(2026, 3, 2)), 3
LIMITS = Limits(effort=40, workers=1, gap=0.0)
EARLY = ShiftTemplate("early", 8 * HOUR, 8 * HOUR, 240)
LATE = ShiftTemplate("late", 16 * HOUR, 16 * HOUR, 240)
PAUSED = ShiftTemplate("paused", 10 * HOUR, 10 * HOUR, 240, breaks=(Break(30, 60, 120, step_minutes=60),))
ONE_RULE = (MinimumRest(0),)
FREE = Objective(shortage_per_agent_hour=1e-9, deep_shortage_factor=1.0, surplus_per_agent_hour=0.0)
"""Prices under which service costs next to nothing, so that lines are chosen for what they cost themselves."""


def problem(people, required=0.0, days=DAYS, templates=(EARLY, LATE), objective=FREE, **more):
    grid = Grid(ZONE, FIRST, days, more.pop("interval", HOUR))
    queues = more.pop("queues", ("a",))
    shape = len(queues), len(grid.starts)
    minimum = np.broadcast_to(more.pop("minimum", 0.0), shape).astype(float)
    return RotaProblem(
        grid, queues, np.broadcast_to(required, shape).astype(float), minimum,
        tuple(candidate_shifts(templates, grid)), tuple(people), objective, **more,
    )  # fmt: skip


def person(agent_id="p", rules=ONE_RULE, skills=((0, 1.0),), **more):
    return PlannedPerson(agent_id, skills, rules, more.pop("cost_per_minute", 0.0), **more)


def shifts_of(found, agent_id="p"):
    """(days after the first, name) of a person's shifts."""
    return [(shift.day - FIRST, shift.name) for shift in lines_of(found.rota).get(agent_id, [])]


def all_days(low):
    """A contract of at least so many shifts in the horizon."""
    return MinimumRest(0), BoundedSum(FIRST, FIRST + 6, "shifts", low, None)


def everything(p, who):
    """Everything one person may do on the days of a problem, as minutes at work by interval and pay."""
    days = range(p.grid.first_day, p.grid.first_day + p.grid.days)
    options = [[None, *(s for s in p.shifts if s.day == day)] for day in days]
    for line in product(*options):
        worked = [shift for shift in line if shift]
        ways = [(range(len(s.template.breaks)) and break_starts(s, 0)) or (None,) for s in worked]
        for starts in product(*ways):
            minutes = np.zeros(len(p.grid.starts))
            for shift, at in zip(worked, starts, strict=True):
                pause = range(at, at + shift.template.breaks[0].minutes) if at is not None else range(0)
                for minute in range(shift.start, shift.end):
                    if minute not in pause:
                        minutes[(minute - p.grid.start) // p.grid.interval_minutes] += 1
            yield minutes, sum(s.paid_minutes for s in worked) * who.cost_per_minute


def cheapest(p):
    """The least cost over all rotas of two people, each of whom serves one queue an hour."""
    best, hours = np.inf, p.grid.interval_minutes / HOUR
    for both in product(*(list(everything(p, who)) for who in p.people)):
        total = sum(pay for _, pay in both)
        for t in range(len(p.grid.starts)):
            prices = []
            for choice in product(*(who.skills for who in p.people)):
                agents = np.zeros(len(p.queues))
                for (queue, speed), (minutes, _) in zip(choice, both, strict=True):
                    agents[queue] += speed * minutes[t] / p.grid.interval_minutes
                prices.append(hours * sum(price_per_hour(p, q, t, agents[q]) for q in range(len(agents))))
            total += min(prices)
        best = min(best, total)
    return best


@pytest.mark.parametrize("seed", range(3))
def test_two_people_on_two_queues_get_the_best_of_all_rotas(seed):
    random = np.random.default_rng(seed)
    required = np.repeat(random.choice([0.0, 0.52, 1.02, 1.73], (2, 12)), 4 if seed == 1 else 2, axis=1)
    people = [
        person("p", skills=((0, 1.0), (1, 0.8)), cost_per_minute=0.2),
        person("q", skills=((1, 1.0), (0, 0.5)), cost_per_minute=0.1),
    ]
    prices = None
    if seed == 2:
        levels = np.stack([required, required / 2])
        prices = CoverPrices(levels, np.full(levels.shape, 13.37), np.full(required.shape, 5.0))
    p = problem(
        people, required, 1, (EARLY, PAUSED), Objective(), queues=("a", "b"), minimum=np.minimum(required, 0.3), prices=prices,
        interval=30 if seed == 1 else HOUR
    )  # fmt: skip
    told = []
    found = solve_exact(p, LIMITS, told.append)
    assert found.objective == pytest.approx(cheapest(p))
    assert told[-1].startswith(f"cost {found.objective:,.0f},")  # what the model took it to cost
    assert found.bound == pytest.approx(found.objective)
    assert faults(p, found.rota) == []
    assert sum(found.cost.values()) == pytest.approx(found.objective)


def test_wishes_and_charges_move_shifts():
    wishes = (
        Wish(FIRST, "off", "", 3.0),
        Wish(FIRST + 1, "on", "late", 4.0),
        Wish(FIRST + 2, "off", "early", 2.0),
    )
    found = solve_exact(problem([person(rules=all_days(2), wishes=wishes)]), LIMITS)
    assert shifts_of(found) == [(1, "late"), (2, "late")]
    assert found.cost["requests"] == 0
    p = problem([])
    dear = tuple(5.0 if s.template.name == "late" else -1.0 for s in p.shifts)
    charged = person(rules=all_days(2), wishes=wishes, charges=(Charge("unfair", dear, 3.0),))
    found = solve_exact(replace(p, people=(charged,)), LIMITS)
    assert shifts_of(found) == [
        (1, "early"),
        (2, "early"),
    ]  # refuses wishes of 4 + 2; one more day off refused would cost 1 more
    assert found.cost["requests"] == 6.0
    assert found.cost["unfair"] == 3.0 - 2.0


def test_minutes_beyond_the_threshold_cost_more_up_to_what_counts_of_a_day():
    rules = all_days(3)
    pay = OvertimePay(FIRST, FIRST + 6, 500, 0.5, 200, (FIRST + 1,))  # two days of 200 count: none beyond 500
    assert solve_exact(problem([person(rules=rules, overtime=(pay,))]), LIMITS).bound == pytest.approx(
        0.0, abs=1e-3
    )
    pay = OvertimePay(FIRST, FIRST + 6, 500, 0.5)
    found = solve_exact(problem([person(rules=rules, overtime=(pay,), cost_per_minute=0.1)]), LIMITS)
    assert found.cost["overtime"] == pytest.approx((3 * 240 - 500) * 0.5)
    assert found.cost["pay"] == pytest.approx(72.0)
    assert found.bound == pytest.approx(found.objective)


@pytest.mark.parametrize(
    ("wanted", "price"),
    [
        (SameStart(479, 5.0, ZONE), 5.0),  # late to early: 8 h round midnight, one minute too far
        (SameStart(480, 5.0, ZONE), 0.0),
        (ForwardRotation(0, 5.0, ZONE), 5.0),  # 16:00 to 08:00 goes 8 h back
        (ForwardRotation(480, 5.0, ZONE), 0.0),
        (DaysOffTogether(5.0), 5.0),
    ],
)
def test_preferences_are_charged_across_a_day_off(wanted, price):
    wishes = (
        Wish(FIRST, "on", "late", 90.0),
        Wish(FIRST + 1, "off", "", 90.0),
        Wish(FIRST + 2, "on", "early", 90.0),
    )
    found = solve_exact(problem([person(wishes=wishes, preferences=(wanted,))]), LIMITS)
    assert shifts_of(found) == [(0, "late"), (2, "early")]
    assert found.objective == pytest.approx(price, abs=1e-3)
    assert found.bound == pytest.approx(price, abs=1e-3)


def test_half_a_day_counts_as_back():
    night = ShiftTemplate("night", 20 * HOUR, 20 * HOUR, 240)
    wishes = Wish(FIRST, "on", "early", 90.0), Wish(FIRST + 1, "on", "night", 90.0)
    who = person(wishes=wishes, preferences=(ForwardRotation(0, 5.0, ZONE),))
    found = solve_exact(problem([who], templates=(EARLY, night)), LIMITS)
    assert (found.cost["backward_rotation"], found.bound) == (5.0, pytest.approx(5.0, abs=1e-3))


def test_who_is_on_duty_is_counted_at_any_speed_and_without_breaks():
    needed = np.full(24, -9.0)
    needed[10:12] = 1.0  # the shift of 10:00 pauses half an hour from 11:00 or 12:00
    p = problem(
        [person("p", skills=()), person("q")], days=1, templates=(PAUSED,),
        duty=(DutyRow("senior", np.array([1.0, 0.0]), needed, 12.0),),
    )  # fmt: skip
    found = solve_exact(p, LIMITS)
    assert found.cost["mix"] == 0
    assert lines_of(found.rota)["p"][0].pauses[0][0] == p.shifts[0].start + 2 * HOUR
    outweighed = replace(p, duty=(DutyRow("senior", np.array([-1.0, 0.5]), needed, 12.0),))
    assert solve_exact(outweighed, LIMITS).cost["mix"] == pytest.approx(12.0)
    assert shifts_of(solve_exact(outweighed, LIMITS)) == []
    bound = person("p", rules=all_days(1), skills=())
    found = solve_exact(replace(outweighed, people=(bound, person("q"))), LIMITS)
    assert found.cost["mix"] == pytest.approx(
        12.0 * (1.5 + 1.0)
    )  # q there too; in the second hour p pauses, q does not


def test_a_break_lies_where_work_is_not_too_long_in_a_row():
    rules = MinimumRest(0), UnbrokenWork(149, 30)
    p = problem([person(rules=rules)], 1.0, 1, (PAUSED,), Objective())
    found = solve_exact(p, LIMITS)
    assert lines_of(found.rota)["p"][0].pauses[0][0] == p.shifts[0].start + 2 * HOUR
    assert (
        solve_exact(
            problem([person(rules=(UnbrokenWork(119, 30),))], 1.0, 1, (PAUSED,), Objective()), LIMITS
        ).cost["pay"]
        == 0
    )


def stuck_person():
    rules = (
        ("rest", (MinimumRest(660),)),
        ("leave", tuple(ForbiddenDay(FIRST + d) for d in range(DAYS))),
        ("contract-days", (BoundedSum(FIRST, FIRST + 2, "shifts", 2, 3),)),
    )
    return PlannedPerson("stuck", ((0, 1.0),), tuple(p for _, told in rules for p in told), by_rule=rules)


def test_who_has_no_line_is_named_with_the_rules_that_clash_and_the_rest_is_planned():
    needed = np.full(24 * DAYS, -9.0)
    needed[8:12] = 1.0
    duty = DutyRow("senior", np.array([0.0, 1.0]), needed, 1.0)
    p = problem([stuck_person(), person(rules=all_days(2))], duty=(duty,))
    found = solve_exact(p, LIMITS)
    (clash,) = found.clashes
    assert (found.status, clash.agents, clash.rules) == ("clash", ("stuck",), ("leave", "contract-days"))
    assert found.rota.agent_ids == ("p",)
    assert shifts_of(found)[0] == (0, "early")
    assert found.cost["mix"] == 0


def test_minimum_that_no_rota_meets_is_named_with_its_intervals():
    minimum = np.zeros((1, 24 * DAYS))
    minimum[0, [8, 9, 30]] = (
        2.0  # two more than anybody on the second day at 06:00, one more on the first at 08:00
    )
    found = solve_exact(problem([person()], minimum=minimum, objective=Objective()), LIMITS)
    (clash,) = found.clashes
    starts = Grid(ZONE, FIRST, DAYS, HOUR).starts
    assert clash.interval_starts == tuple(starts[[8, 9, 30]])
    assert (found.status, clash.rules) == ("clash", ("minimum-agents",))
    assert "about 2 more" in clash.way_out
    assert shifts_of(found)[0] == (0, "early")


def test_a_stop_at_once_still_gives_everybody_a_legal_line():
    rules = MinimumRest(660), BoundedSum(FIRST, FIRST + 2, "shifts", 2, 2), BoundedRun(1)
    p = problem([person(f"p{k}", rules=rules) for k in range(4)], 1.0, objective=Objective())
    found = solve_exact(p, LIMITS, stop=lambda: True)
    assert faults(p, found.rota) == []
    assert (found.status, found.reproducible) in {("stopped", False), ("optimal", True)}
    assert found.bound <= found.objective
    cut = solve_exact(p, Limits(effort=40, seconds=0.0, workers=1, gap=0.0))
    assert faults(p, cut.rota) == []


def test_the_same_effort_gives_the_same_rota_with_two_workers():
    people = [person(f"p{k}", rules=(MinimumRest(660),), skills=((0, 1.0), (1, 0.7))) for k in range(3)]
    p = problem(people, 0.9, objective=Objective(), queues=("a", "b"))
    limits = Limits(effort=2, workers=2, seed=5, gap=0.0)
    one, two = solve_exact(p, limits), solve_exact(p, limits)
    assert one.rota.to_frame().equals(two.rota.to_frame())
    assert one.reproducible


def test_a_search_begins_at_the_rota_given():
    told = []
    p = problem(
        [person(rules=all_days(2)) for _ in range(1)], 1.0, objective=Objective(), templates=(EARLY, PAUSED)
    )
    best = solve_exact(p, LIMITS)
    again = solve_exact(p, LIMITS, told.append, start=best.rota)
    assert again.objective == pytest.approx(best.objective)
    assert f"cost {best.objective:,.0f}" in next(line for line in told if line.startswith("cost"))


def test_nobody_and_nothing_to_do():
    empty = solve_exact(problem([], 1.0, objective=Objective()), LIMITS)
    assert (len(empty.rota), empty.status) == (0, "optimal")
    assert empty.cost["shortage"] == pytest.approx(24 * DAYS * (60 + 0.9 * 120))
    idle = solve_exact(problem([person(skills=())], templates=()), LIMITS)
    assert (len(idle.rota), idle.status, idle.gap) == (0, "optimal", 0.0)


def test_a_gap_that_is_allowed_ends_the_search():
    people = [
        person(
            f"p{k}",
            rules=(MinimumRest(660), BoundedSum(FIRST, FIRST + 2, "shifts", 1, 2)),
            skills=((0, 1.0), (1, 0.7)),
        )
        for k in range(4)
    ]
    templates = EARLY, LATE, PAUSED
    p = problem(people, 1.3, templates=templates, objective=Objective(), queues=("a", "b"))
    best, found = solve_exact(p, LIMITS), solve_exact(p, replace(LIMITS, gap=0.9))
    assert found.bound <= best.objective <= found.objective + 1e-6
    assert (best.gap, best.status) == (0.0, "optimal")
    assert 0.0 < found.gap <= 0.9
    assert found.status == "feasible"


def test_a_long_gap_over_the_edge_of_the_horizon():
    rules = MinimumRest(0), GapInWindow(20 * HOUR, problem([]).grid.start, problem([]).grid.start + 36 * HOUR)
    wishes = tuple(Wish(FIRST + d, "on", "", 10.0) for d in range(DAYS))
    found = solve_exact(problem([person(rules=rules, wishes=wishes)]), LIMITS)
    assert found.objective == pytest.approx(
        0.0, abs=1e-3
    )  # late, then early of the third: 20 h before or late, late
    assert len(shifts_of(found)) == 3


@pytest.mark.parametrize(
    ("prices", "unit"), [([3.0, -7.0], 1.0), ([0.5, 12.25], 0.01), ([1.0, 0.0], 1.0), ([1e-4 / 3], 1e-9)]
)
def test_the_unit_of_money_is_the_largest_in_which_prices_are_whole(prices, unit):
    model, money = cp_model.CpModel(), Money(constant=2.5)
    for price in prices:
        money.charge(model.new_bool_var(""), price)
    money.minimise(model, 1.0)
    assert money.unit == pytest.approx(unit)
    assert money.error <= len(prices) * unit
    solver = cp_model.CpSolver()
    solver.solve(model)
    least = 2.5 + sum(min(0.0, price) for price in prices)
    assert money.cost(solver.objective_value) == pytest.approx(least)
    assert money.bound(solver.best_objective_bound) <= least + 1e-12
    assert money.bound(-np.inf) == pytest.approx(least)


def test_speeds_get_a_common_denominator_or_are_rounded_to_thousandths():
    assert [float(f) for f in as_fractions([0.85, 1.0, 0.5])] == [0.85, 1.0, 0.5]
    rounded = as_fractions([1 / 7, 1 / 11, 1 / 13, 0.123456])
    assert [f.limit_denominator(1000) for f in rounded] == rounded
    assert (
        max(abs(float(f) - w) for f, w in zip(rounded, [1 / 7, 1 / 11, 1 / 13, 0.123456], strict=True))
        <= 5e-4
    )
