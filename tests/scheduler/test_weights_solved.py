"""Each weight alone moves a small plan the way it should, and what the engine says it costs is what the rota says."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from centre.instants import Grid, day_number, from_minutes, to_timestamps
from centre.model import (
    CentreInfo,
    Contract,
    Mix,
    Objective,
    Opening,
    Queue,
    RuleSettings,
    Settings,
    ShiftTemplate,
)
from centre.people import Agent
from scheduler.problem import rota_problem
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.rules.primitives import BoundedSum, ForbiddenDay
from scheduler.solution import Limits
from scheduler.solve import solve

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2026, 5, 11))
SHIFTS = (
    ShiftTemplate("早", 480, 480, 240, 60),
    ShiftTemplate("晚", 840, 840, 240, 60),
    ShiftTemplate("夜", 1320, 1320, 240, 60),
)
QUEUE = Queue("热线", opening=(Opening((0, 1, 2, 3, 4, 5, 6), 480, 1080),))
PLAIN = Objective(surplus_per_agent_hour=1.0, deep_shortage_factor=1.0)
LIMITS = Limits(effort=1, workers=1, gap=0.0)


def inputs(needed, people, days, week, objective, levels=(), mix=(), ledger=None):
    """A small centre: ``needed`` (people, shift, day) is required in the hours of those shifts."""
    contract = Contract("全职", week[0] * 240, week[1] * 240, *week, ("早", "晚", "夜"), 0.01)
    told = Settings(
        CentreInfo("测试", ZONE, None, 60), (QUEUE,), SHIFTS, (contract,),
        rules=RuleSettings(presets=()), objective=objective, mix=tuple(mix),
    )  # fmt: skip
    agents = [
        Agent(f"a{k}", "", "", levels[k] if levels else "junior", (("热线", 1.0),), "全职", starts_on=MONDAY)
        for k in range(people)
    ]
    grid = Grid(ZONE, MONDAY, days, 60)
    facts = facts_of(told, agents, None, None, MONDAY, days, {}, ledger=ledger)
    need = np.zeros((days, 24))
    first = {"早": 8, "晚": 14, "夜": 22}
    for many, name, day in needed:
        need[day, first[name] : first[name] + (4 if name != "夜" else 2)] += many
    table = pd.DataFrame(
        {"interval_start": to_timestamps(grid.starts), "queue": "热线", "agents_to_roster": need.ravel()}
    )
    return told, agents, table, facts, grid


def planned(
    needed, people=2, days=5, week=(0, 5), objective=PLAIN, levels=(), mix=(), earlier=None, ledger=None
):
    """The solution of such a centre."""
    told, agents, table, facts, grid = inputs(needed, people, days, week, objective, levels, mix, ledger)
    rules = rules_in_force(told.rules, with_centre=True)
    return solve(rota_problem(told, agents, table, None, rules, facts, grid, earlier=earlier), LIMITS)


def worked(solution):
    """What each person works, by day: {agent_id: {day: shift}}."""
    duties, rota = solution.rota.duties, solution.rota
    found = {}
    for agent, day, shift in zip(duties.agent, duties.day, duties.shift, strict=True):
        found.setdefault(rota.agent_ids[agent], {})[int(day) - MONDAY] = rota.shift_names[shift]
    return found


def start_changes(line, tolerance=60):
    hours = {"早": 480, "晚": 840, "夜": 1320}
    clock = [hours[line[day]] for day in sorted(line)]
    return sum(min((b - a) % 1440, (a - b) % 1440) > tolerance for a, b in pairwise(clock))


EVERY_DAY = [(1, name, day) for day in range(4) for name in ("早", "晚")]


def check(solution):
    assert sum(solution.cost.values()) == pytest.approx(solution.objective)
    assert min(solution.cost.values()) >= 0
    assert solution.bound <= solution.objective + 1e-6


def test_start_changes_part_people_into_early_and_late():
    found = planned(EVERY_DAY, days=4, objective=replace(PLAIN, start_change=5.0))
    check(found)
    assert found.cost["start_change"] == 0.0
    assert sorted("".join(line[d] for d in range(4)) for line in worked(found).values()) == [
        "早早早早",
        "晚晚晚晚",
    ]


def test_a_forced_start_change_is_counted_by_hand():
    """One person, early on two days and late on two days between: two changes, one of them back."""
    needed = [(1, "早", 0), (1, "晚", 1), (1, "晚", 2), (1, "早", 3)]
    found = planned(
        needed, people=1, days=4, objective=replace(PLAIN, start_change=5.0, backward_rotation=3.0)
    )
    check(found)
    assert start_changes(worked(found)["a0"]) == 2
    assert (found.cost["start_change"], found.cost["backward_rotation"]) == (10.0, 3.0)


def test_backward_rotation_alone_turns_the_order_round():
    """Two people, one early and one late each day: swapping forward is free, back costs, so the late one stays late."""
    needed = [(1, "早", 0), (1, "晚", 1), (1, "晚", 2)]
    back = [(1, "晚", 0), (1, "早", 1), (1, "早", 2)]
    one = replace(PLAIN, backward_rotation=5.0)
    assert planned(needed, people=1, days=3, objective=one).cost["backward_rotation"] == 0.0
    assert planned(back, people=1, days=3, objective=one).cost["backward_rotation"] == 5.0
    apart = planned(back, people=2, days=3, objective=one)
    check(apart)
    assert apart.cost["backward_rotation"] == 0.0
    assert len(worked(apart)) == 2


def test_single_days_off_bring_two_rest_days_together():
    """Two of four days, one person a day, two people: without the price any split will do, with it nobody has a hole."""
    needed = [(1, "早", day) for day in range(5)]
    found = planned(needed, days=5, week=(2, 3), objective=replace(PLAIN, single_day_off=5.0))
    check(found)
    assert found.cost["shortage"] == 0.0
    holes = sum(
        d + 1 not in line and {d, d + 2} <= set(line) for line in worked(found).values() for d in range(5)
    )
    assert (holes, found.cost["single_day_off"]) == (0, 0.0)


def test_a_forced_hole_is_counted_by_hand():
    found = planned(
        [(1, "早", 0), (1, "早", 2)],
        people=1,
        days=3,
        week=(2, 2),
        objective=replace(PLAIN, single_day_off=5.0),
    )
    check(found)
    assert found.cost["single_day_off"] == 5.0


def account(*rows):
    frame = pd.DataFrame(rows, columns=["agent_id", "account", "amount"])
    return frame.assign(unit="shifts", period="", as_of=date(2026, 5, 1))


@pytest.mark.parametrize("owed", ["a0", "a1"])
@pytest.mark.parametrize(
    ("name", "account_name", "shift", "days"),
    [
        ("unfair_night", "nights", "夜", 3),
        ("unfair_weekend", "weekends", "早", 7),
        ("unfair_late", "lates", "晚", 3),
    ],
)
def test_who_is_owed_works_the_unloved_shift(owed, name, account_name, shift, days):
    """One has had 8, the other none: 4 over and 4 under the fair share, so a shift costs one twice the price, the other nothing."""
    day = 5 if days == 7 else 0
    other = {"a0": "a1", "a1": "a0"}[owed]
    table = account((owed, account_name, 0), (other, account_name, 8))
    objective = replace(PLAIN, unfair_night=0.0, unfair_weekend=0.0, late_after=1050)
    found = planned([(1, shift, day)], days=days, objective=replace(objective, **{name: 5.0}), ledger=table)
    check(found)
    assert worked(found) == {owed: {day: shift}}
    assert found.cost[name] == 0.0
    two = planned([(2, shift, day)], days=days, objective=replace(objective, **{name: 5.0}), ledger=table)
    check(two)
    assert two.cost[name] == 10.0


def test_changes_keep_what_was_told():
    """The plan of before is kept where it is as good as any other, and what must change is counted."""
    needed = [(1, "早", day) for day in range(4)]
    first = planned(needed, days=4, week=(2, 2))
    swapped = planned(needed, days=4, week=(2, 2), objective=replace(PLAIN, change=5.0), earlier=first.rota)
    check(swapped)
    assert worked(swapped) == worked(first)
    assert swapped.cost["change"] == 0.0
    moved = [(1, "早", day) for day in range(3)] + [(1, "晚", 3)]
    found = planned(moved, days=4, week=(2, 2), objective=replace(PLAIN, change=5.0), earlier=first.rota)
    check(found)
    assert found.cost["change"] == 5.0
    before, after = worked(first), worked(found)
    assert [(k, d) for k in before for d in range(4) if before[k].get(d) != after[k].get(d)] == [
        (next(k for k in before if 3 in before[k]), 3)
    ]


def test_a_price_too_low_does_not_keep_a_bad_plan():
    """Four hours of one agent missing cost 240; a shift moved to another day is two days changed, at 60 or at 200 each."""
    first = planned([(1, "早", 0), (1, "早", 2)], people=1, days=3, week=(2, 2))
    needed, week = [(1, "早", 1), (1, "早", 2)], (2, 2)
    cheap, dear = (
        planned(
            needed, people=1, days=3, week=week, objective=replace(PLAIN, change=price), earlier=first.rota
        )
        for price in (60.0, 200.0)
    )
    check(cheap)
    assert worked(cheap) == {"a0": {1: "早", 2: "早"}}
    assert cheap.cost["change"] == 120.0
    assert worked(dear) == {"a0": {0: "早", 2: "早"}}
    assert dear.cost["change"] == 0.0


def test_a_supervisor_is_on_duty_in_every_interval():
    """One agent is needed early and late; two supervisors and two juniors: each half day gets a supervisor, P7."""
    needed = [(1, name, day) for day in range(2) for name in ("早", "晚")]
    mix = Mix(
        "主管",
        levels=("supervisor",),
        minimum=1,
        hours=(Opening((0, 1), 480, 720), Opening((0, 1), 840, 1080)),
    )
    levels = ("junior", "junior", "supervisor", "supervisor")
    found = planned(needed, people=4, days=2, week=(1, 2), levels=levels, mix=[mix])
    check(found)
    assert found.cost["mix"] == 0.0
    assert {(d, s) for k in ("a2", "a3") for d, s in worked(found)[k].items()} == {
        (d, s) for d in range(2) for s in ("早", "晚")
    }


def test_a_mix_that_cannot_be_kept_is_counted_by_hand():
    """The only supervisor has one shift of four hours, eight are asked for: four hours missing at 30."""
    mix = Mix(
        "主管",
        levels=("supervisor",),
        minimum=1,
        price_per_hour=30.0,
        hours=(Opening((0,), 480, 720), Opening((0,), 840, 1080)),
    )
    found = planned([(1, "早", 0)], people=1, days=1, week=(1, 1), levels=("supervisor",), mix=[mix])
    check(found)
    assert found.cost["mix"] == pytest.approx(120.0)


def test_no_interval_of_juniors_alone():
    """Two are needed early on one day, then two on the other; two juniors, two seniors, one day each: one senior a day."""
    mix = Mix("新人不独立", levels=("senior",), share=0.1, price_per_hour=500.0)
    needed = [(2, "早", 0), (2, "早", 1)]
    levels = ("junior", "junior", "senior", "senior")
    found = planned(needed, people=4, days=2, week=(1, 1), levels=levels, mix=[mix])
    check(found)
    assert found.cost["mix"] == 0.0
    days = {k: next(iter(line)) for k, line in worked(found).items()}
    assert days["a2"] != days["a3"]


PRICES = st.sampled_from([0.0, 2.0, 15.0])


@effort(max_examples=6, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from("早晚夜"), st.integers(0, 3)), max_size=5),
    st.tuples(*[PRICES] * 5), st.lists(st.integers(0, 9), min_size=3, max_size=3),
    st.sampled_from([(), (Mix("x", levels=("senior",), minimum=1),), (Mix("y", levels=("senior",), share=0.5),)]),
)  # fmt: skip
def test_terms_add_up_to_the_objective_and_none_is_negative(needed, prices, had, mix):
    objective = replace(
        PLAIN,
        **dict(
            zip(
                ("start_change", "backward_rotation", "single_day_off", "unfair_night", "change"),
                prices,
                strict=True,
            )
        ),
    )
    table = account(*((f"a{k}", "nights", n) for k, n in enumerate(had)))
    earlier = planned([(1, "早", 0), (1, "夜", 2)], people=3, days=4, week=(1, 3)).rota
    found = planned(
        needed, people=3, days=4, week=(1, 3), objective=objective, levels=("junior", "senior", "junior"), mix=mix,
        earlier=earlier, ledger=table,
    )  # fmt: skip
    check(found)
    before, after = worked_starts(earlier), worked_starts(found.rota)
    changed = sum(
        before[k].get(d) != after.get(k, {}).get(d)
        for k in before
        for d in range(4)
        if min(map(min, before.values())) <= d <= max(map(max, before.values()))
    )
    assert found.cost.get("change", 0.0) == pytest.approx(changed * objective.change)


def worked_starts(rota):
    """{agent_id: {day: clock of start}}, told apart from the code under test."""
    found = {}
    for agent, day, start in zip(rota.duties.agent, rota.duties.day, rota.duties.start, strict=True):
        found.setdefault(rota.agent_ids[agent], {})[int(day) - MONDAY] = from_minutes(int(start), ZONE).time()
    return found


def test_who_has_no_line_at_all_takes_nobodys_place_in_a_mix():
    """a0 is a supervisor who can neither work nor stay off; a1, the other one, keeps the mix and a2 does not count."""
    mix = Mix(
        "主管", levels=("supervisor",), minimum=1, price_per_hour=30.0, hours=(Opening((0,), 480, 720),)
    )
    settings, agents, table, facts, grid = inputs(
        [(1, "早", 0)], 3, 1, (0, 1), PLAIN, ("supervisor",) * 2 + ("junior",), [mix]
    )
    p = rota_problem(
        settings, agents, table, None, rules_in_force(settings.rules, with_centre=True), facts, grid
    )
    stuck = (BoundedSum(MONDAY, MONDAY, "shifts", 1, 1), ForbiddenDay(MONDAY))
    first = replace(
        p.people[0], primitives=stuck, by_rule=(("contract-shifts", stuck[:1]), ("leave", stuck[1:]))
    )
    found = solve(replace(p, people=(first, *p.people[1:])), LIMITS)
    check(found)
    assert [clash.agents for clash in found.clashes] == [("a0",)]
    assert worked(found) == {"a1": {0: "早"}}
    assert found.cost["mix"] == 0.0
