"""Capacity plans on made years small enough to enumerate: the same cost and hires as trying every plan; the judge finds what is wrong.

The enumeration shares nothing with the solver: each plan's people are counted by the judge, and the cheapest way to cover a week's one
queue is worked out here in merit order, which is exact as long as no budget ties weeks together.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.capacity import (
    SEASONED,
    Attrition,
    BackupHours,
    Budget,
    CapacityPlan,
    CapacityProblem,
    Cohort,
    HiringClass,
    StaffGroup,
    staffed,
)  # fmt: skip
from scheduler.capacity_judge import count
from scheduler.solution import Limits
from scheduler.solve.capacity import _fallback, nobody_hired, plan_capacity, without_each

EXACT = Limits(effort=60, gap=0.0)
WEEKS = 52


def group(people: int = 10, weeks: int = WEEKS, **changes: object) -> StaffGroup:
    cohorts = (Cohort(people, SEASONED, np.ones(weeks)),) if people else ()
    usual = StaffGroup(
        "full", "full", ((0, 1.0),), 40.0, 20.0, 0.9, np.full(weeks, 0.92), cohorts, (0.0, 0.0, 0.5),
        Attrition(0.006, 0.02, 8), 0.1, 1.5,
    )  # fmt: skip
    return replace(usual, **changes)


def starters(starts: tuple[int, ...], **changes: object) -> HiringClass:
    usual = HiringClass("starters", 0, starts, 2, 4, 4, 2, (0.0, 0.0, 0.5), 1500.0, 1)
    return replace(usual, **changes)


def year(**changes: object) -> CapacityProblem:
    weeks = np.arange(WEEKS)
    middle = 330 + 1.6 * weeks + 30 * np.sin(weeks / WEEKS * 2 * np.pi)
    hours = np.array([0.92 * middle, middle, 1.1 * middle])[:, :, None]
    usual = CapacityProblem(
        WEEKS, ("calls",), (group(),), (starters((6, 16, 26, 36)),), (BackupHours("pool", (0,), 12.0, 38.0),),
        ("low", "middle", "high"), np.array([0.3, 0.4, 0.3]), hours, np.array([60.0]), 0.2,
    )  # fmt: skip
    return replace(usual, **changes)


def by_hand(problem: CapacityProblem, hires: np.ndarray, classes: np.ndarray) -> tuple[float, np.ndarray]:
    """The weighed cost of hires on one queue, and what each scenario spends, shape (scenarios,): own hours, then what is cheapest."""
    shape = (len(problem.scenarios), problem.weeks)
    nothing = CapacityPlan(
        "optimal", hires, classes, np.zeros((*shape, len(problem.groups))), np.zeros((*shape, len(problem.groups), 1)),
        np.zeros((*shape, len(problem.pools), 1)), np.zeros((*shape, 1)), 0.0, 0.0, "",
    )  # fmt: skip
    people = count(problem, nothing).people
    price, money, priced = float(problem.shortage_price[0]), np.zeros(shape[0]), np.zeros(shape[0])
    for s, week in product(*map(range, shape)):
        needed = float(problem.hours[s, week, 0])
        left = max(0.0, needed - people.productive[week].sum())
        sources = [(pool.hourly_cost, pool.weekly_hours, False) for pool in problem.pools]
        sources += [
            (g.hourly_cost * g.overtime_factor / g.usable_share, g.overtime_share * people.productive[week, k], False)
            for k, g in enumerate(problem.groups)
        ]  # fmt: skip
        sources.append((price, problem.allowed_shortage * needed, True))
        sources.append((price * problem.beyond_factor, np.inf, True))
        for cost, most, short in sorted(sources):
            taken = min(left, most)
            left -= taken
            (priced if short else money)[s] += cost * taken
    own = float((people.wages - people.wages_today + people.hiring).sum())
    total, left = 0.0, problem.worst_share
    for k in np.argsort(-(money + priced)):
        weight = min(left, float(problem.weights[k]))
        total, left = total + weight * float((money + priced)[k]), left - weight
    return own + total / problem.worst_share, money + people.wages.sum() + people.hiring.sum()


def every_plan(problem: CapacityProblem):
    """Every plan of one class kind that holds one class a start."""
    (kind,) = problem.classes
    sizes = [0, *range(kind.smallest, kind.largest + 1)]
    for chosen in product(sizes, repeat=len(kind.starts)):
        hires = np.zeros((1, problem.weeks), dtype=np.int64)
        hires[0, list(kind.starts)] = chosen
        starts = np.array(kind.starts)[np.array(chosen) > 0]
        if len(starts) > 1 and np.diff(starts).min() < kind.training_weeks:
            continue
        if problem.most_hires is None or sum(chosen) <= problem.most_hires:
            yield hires, (hires > 0).astype(np.int64)


VARIANTS = {
    "uncertain": {},
    "one scenario": {"scenarios": ("all",), "weights": np.array([1.0]), "hours": year().hours[1:2]},
    "dearest scenario": {"worst_share": 0.3},
    "dearest half": {"worst_share": 0.5},
    "few hires": {"most_hires": 5},
    "no shortage allowed": {"allowed_shortage": 0.0},
    "trainers are short": {"classes": (starters((6, 8, 26, 28), training_weeks=4),)},
    "large classes": {"classes": (starters((5, 20, 35), smallest=5, largest=9),)},
    "leave season": {"groups": (group(present_share=0.95 - 0.2 * (np.arange(WEEKS) % 26 < 6)),)},
    "people to come and to go": {
        "groups": (
            group(cohorts=(
                Cohort(7, SEASONED, np.ones(WEEKS)), Cohort(2, 3, (np.arange(WEEKS) >= 3) * 1.0),
                Cohort(2, -1, np.ones(WEEKS)), Cohort(1, SEASONED, (np.arange(WEEKS) < 30) * 1.0, on_notice=True),
            )),
        ),
    },
    "nobody there": {"groups": (group(0),), "hours": year().hours / 8},
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_made_year_has_the_cost_and_hires_of_trying_every_plan(name: str) -> None:
    problem = year(**VARIANTS[name])
    costs = sorted(
        ((by_hand(problem, h, k)[0], h[0].tolist()) for h, k in every_plan(problem)), key=lambda c: c[0]
    )
    plan = plan_capacity(problem, EXACT)
    assert plan.status == "optimal"
    assert plan.objective == pytest.approx(costs[0][0], rel=1e-6)
    assert plan.bound == pytest.approx(costs[0][0], rel=1e-5)
    assert costs[1][0] > costs[0][0] * (1 + 1e-6)  # the best is known, not one of several
    assert plan.hires[0].tolist() == costs[0][1]
    assert count(problem, plan).faults == ()


def test_a_budget_of_one_scenario_is_kept_as_by_trying_every_plan() -> None:
    """With a budget that no buffer touches (no overtime, no backup) what is spent is the hires alone, so that enumeration holds."""
    one = year(scenarios=("all",), weights=np.array([1.0]), hours=year().hours[1:2], pools=())
    one = replace(one, groups=(group(overtime_share=0.0),))
    fixed = float(count(one, nobody_hired(one, EXACT)).people.wages.sum())
    problem = replace(one, budgets=(Budget("total", tuple(range(WEEKS)), fixed + 60_000.0),))
    within = [
        (by_hand(problem, h, k)[0], h[0].tolist())
        for h, k in every_plan(problem) if by_hand(problem, h, k)[1][0] <= fixed + 60_000.0
    ]  # fmt: skip
    best = min(within, key=lambda each: each[0])
    plan = plan_capacity(problem, EXACT)
    assert plan.objective == pytest.approx(best[0], rel=1e-6)
    assert plan.hires[0].tolist() == best[1]
    assert plan.hires.sum() < plan_capacity(one, EXACT).hires.sum()


def test_two_queues_and_somebody_who_works_both_at_half_speed() -> None:
    """40 h of each queue; 38 h are there for the first, 20 h for the second, 10 h of either at half speed in the second: by hand."""
    weeks = np.ones(1)

    def make(name: str, skills: tuple[tuple[int, float], ...], hours: float) -> StaffGroup:
        return StaffGroup(name, name, skills, hours, 10.0, 1.0, weeks, (Cohort(1, SEASONED, weeks),))

    problem = CapacityProblem(
        1, ("a", "b"), (make("first", ((0, 1.0),), 38.0), make("second", ((1, 1.0),), 20.0), make("both", ((0, 1.0), (1, 0.5)), 10.0)),
        (), (), ("all",), np.ones(1), np.array([[[40.0, 40.0]]]), np.array([50.0, 30.0]),
    )  # fmt: skip
    plan = plan_capacity(problem, EXACT)
    assert plan.served[0, 0, 2].tolist() == pytest.approx([2.0, 8.0])
    assert plan.short[0, 0].tolist() == pytest.approx([0.0, 16.0])
    assert plan.objective == pytest.approx(480.0)
    assert count(problem, plan).faults == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: {"hires": p.hires + 1}, "none may start"),
        (lambda p: {"hires": p.hires * 3}, "people in 1 classes of 2 to 4"),
        (lambda p: {"short": p.short * 0}, "neither worked nor told to be short"),
        (lambda p: {"overtime": p.overtime + 50}, "overtime of full above its limit"),
        (lambda p: {"backup": p.backup + 50}, "backup pool above its limit"),
        (lambda p: {"served": p.served + 50}, "works more hours than it has"),
        (lambda p: {"objective": p.objective * 0.99}, "counted"),
    ],
)
def test_the_judge_finds_a_plan_that_is_not_as_it_says(change, words) -> None:
    problem = year(classes=(starters((6, 16)),), hours=year().hours * 1.2)
    plan = plan_capacity(problem, EXACT)
    assert count(problem, plan).faults == ()
    assert any(words in fault for fault in count(problem, replace(plan, **change(plan))).faults)


@settings(max_examples=8)
@given(more=st.floats(0, 80_000), base=st.floats(0, 60_000))
def test_more_budget_never_costs_more(more: float, base: float) -> None:
    fixed = 10 * 40 * 20 * WEEKS
    costs = [
        plan_capacity(year(budgets=(Budget("total", tuple(range(WEEKS)), fixed + each),)), EXACT).objective
        for each in (base, base + more)
    ]
    assert costs[1] <= costs[0] * (1 + 1e-6)


@settings(max_examples=8)
@given(factor=st.floats(1, 2))
def test_more_demand_never_costs_less_and_is_covered_by_no_fewer_hours(factor: float) -> None:
    small = year()
    large = replace(small, hours=small.hours * factor)
    first, second = (plan_capacity(each, EXACT) for each in (small, large))
    assert second.objective >= first.objective * (1 - 1e-6)
    covered = [
        (p.hours - plan.short).sum(axis=(1, 2)) @ p.weights for p, plan in ((small, first), (large, second))
    ]
    assert covered[1] >= covered[0] - 1e-3


def test_a_budget_of_nothing_lets_nobody_go_and_hires_nobody() -> None:
    problem = year(budgets=(Budget("total", tuple(range(WEEKS)), 0.0),))
    plan = plan_capacity(problem, EXACT)
    assert plan.hires.sum() == 0
    assert plan.overtime.sum() == pytest.approx(0, abs=1e-6)
    assert count(problem, plan).faults == ()


def test_nobody_hired_is_the_plan_without_classes_and_the_fallback_agrees() -> None:
    problem = year()
    nobody, fallback = nobody_hired(problem, EXACT), _fallback(problem, EXACT)
    assert nobody.hires.sum() == fallback.hires.sum() == 0
    assert nobody.objective == pytest.approx(fallback.objective)
    assert (fallback.status, fallback.bound) == ("fallback", 0.0)
    assert nobody.objective > plan_capacity(problem, EXACT).objective


def test_a_class_left_out_costs_what_trying_it_says() -> None:
    problem = year(hours=year().hours * 1.15)
    plan = plan_capacity(problem, EXACT)
    others = without_each(problem, plan)
    assert set(others) == {(0, int(week)) for week in np.flatnonzero(plan.hires[0])}
    for (_, week), other in others.items():
        hires, classes = plan.hires.copy(), plan.class_count.copy()
        hires[0, week] = classes[0, week] = 0
        assert other.objective == pytest.approx(by_hand(problem, hires, classes)[0], rel=1e-6)
        assert other.objective >= plan.objective * (1 - 1e-9)


def test_people_before_the_plan_are_ramped_and_leave_as_worked_out_by_hand() -> None:
    """Four people who started a week ago: second training week, then half speed, then full; 2 % a week leave."""
    there = group(
        0,
        4,
        cohorts=(Cohort(4, -1, np.ones(4)),),
        attrition=Attrition(0.0, 0.02, 9),
        present_share=np.ones(4),
    )
    heads, hours = staffed(there, 4)
    assert heads.tolist() == pytest.approx([4, 3.92, 3.8416, 3.764768])
    assert hours.tolist() == pytest.approx([0, 3.92 * 18, 3.8416 * 36, 3.764768 * 36])


@pytest.mark.parametrize("weeks", [1, 156])
def test_a_plan_may_be_one_week_or_three_years(weeks: int) -> None:
    hours = np.full((1, weeks, 1), 400.0)
    problem = CapacityProblem(
        weeks, ("calls",), (group(10, weeks),), (starters(tuple(range(4, weeks, 13))),), (), ("all",), np.ones(1), hours,
        np.array([60.0]),
    )  # fmt: skip
    plan = plan_capacity(problem, Limits(gap=0.01))
    assert count(problem, plan).faults == ()
    assert plan.hires.shape == (1, weeks)
    assert (plan.hires.sum() > 0) == (weeks == 156)
