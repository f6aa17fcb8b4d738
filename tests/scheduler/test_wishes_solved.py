"""Rotation patterns, hours of the week and preferred hours in solved rotas; what is solved is audited. Policy rows P15 and P22."""

from dataclasses import replace
from datetime import date

import pytest

from centre.availability import hours_of_week
from centre.patterns import Pattern
from scheduler.audit import audit
from scheduler.problem import rota_problem
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.solve import solve
from tests.scheduler.test_weights_solved import LIMITS, MONDAY, PLAIN, check, inputs, worked

ALL_DAY = [(2, name, day) for day in range(7) for name in ("早", "晚")]


def solved(agents_told, patterns=(), needed=ALL_DAY, people=2, objective=PLAIN, week=(0, 5)):
    """A rota of people who are told differently, and its breaches."""
    told, agents, table, _, grid = inputs(needed, people, 7, week, objective)
    agents = [replace(agent, **agents_told.get(agent.agent_id, {})) for agent in agents]
    told = replace(told, pattern=tuple(patterns))
    facts = facts_of(told, agents, None, None, MONDAY, 7, {})
    rules = rules_in_force(told.rules, with_centre=True)
    solution = solve(rota_problem(told, agents, table, None, rules, facts, grid), LIMITS)
    check(solution)
    breaches = [v for v in audit(solution.rota, rules, facts) if v.verdict == "breach"]
    return solution, breaches


def test_p15_a_team_with_a_pattern_is_kept_together():
    pattern = Pattern("两周", ("早@08:00", "早@08:00", "off", "晚", "any", "off", "off"), date(2026, 5, 11))
    pattern = replace(pattern, teams=("甲",))
    solution, breaches = solved({"a0": {"team": "甲"}, "a1": {"team": "甲"}}, [pattern])
    lines = worked(solution)
    assert lines["a0"] == lines["a1"] | {4: lines["a0"][4]}
    assert {day: lines["a0"][day] for day in (0, 1, 3)} == {0: "早", 1: "早", 3: "晚"}
    assert set(lines["a0"]) == {0, 1, 3, 4}
    assert breaches == []


def test_people_of_one_pattern_may_be_days_ahead_in_it():
    pattern = Pattern("四日", ("早", "晚", "off", "off"), date(2026, 5, 11))
    solution, breaches = solved({"a0": {"pattern": "四日"}, "a1": {"pattern": "四日:2"}}, [pattern])
    assert worked(solution) == {"a0": {0: "早", 1: "晚", 4: "早", 5: "晚"}, "a1": {2: "早", 3: "晚", 6: "早"}}
    assert breaches == []


def test_nobody_works_outside_the_hours_in_which_they_can():
    can = {"a0": {"available": hours_of_week("mon-wed 07:00-12:00")}}
    solution, breaches = solved(can)
    assert worked(solution)["a0"] == {0: "早", 1: "早", 2: "早"}
    assert len(worked(solution)["a1"]) == 5
    assert breaches == []


def test_of_two_alike_each_works_the_hours_that_they_prefer():
    wish = {
        "a0": {"prefers": hours_of_week("mon-sun 12:00-20:00")},
        "a1": {"prefers": hours_of_week("mon-sun 06:00-12:00")},
    }
    needed = [(1, name, day) for day in range(5) for name in ("早", "晚")]
    solution, breaches = solved(wish, needed=needed)
    lines = worked(solution)
    assert (set(lines["a0"].values()), set(lines["a1"].values())) == ({"晚"}, {"早"})
    assert solution.cost["outside_preferred"] == 0.0
    assert breaches == []


def test_what_lies_outside_preferred_hours_is_counted_by_hand():
    wish = {"a0": {"prefers": hours_of_week("mon-sun 06:00-10:00")}}
    objective = replace(PLAIN, outside_preferred_per_hour=3.0)
    solution, _ = solved(wish, needed=[(1, "早", day) for day in range(5)], people=1, objective=objective)
    assert worked(solution)["a0"] == dict.fromkeys(range(5), "早")
    assert solution.cost["outside_preferred"] == pytest.approx(5 * 2 * 3.0)  # 10:00 to 12:00 on five days
