"""Teams that share nobody are solved apart and told as one answer."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import Grid
from centre.model import Break, Objective, ShiftTemplate
from scheduler.cost import cost_terms
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import BoundedSum, MinimumRest
from scheduler.shifts import candidate_shifts
from scheduler.solution import Limits
from scheduler.solve import solve
from scheduler.solve.engine import solve_team
from scheduler.solve.parts import parts_of
from scheduler.terms import CoverPrices, DutyRow
from tests.effort import search_little

FIRST, DAYS, INTERVALS = 19810, 2, 48
GRID = Grid(ZoneInfo("Asia/Shanghai"), FIRST, DAYS, 60)
DAY = ShiftTemplate(
    "day", 480, 540, 480, breaks=(Break(60, 180, 240, step_minutes=60),), start_step_minutes=60
)
SMALL = Limits(effort=1, workers=1, gap=0.0)


def team_of(*skills, required=(1, 2, 1), **more):
    people = tuple(
        PlannedPerson(
            f"客服{k}",
            tuple((q, 1.0) for q in mine),
            (MinimumRest(660), BoundedSum(FIRST, FIRST + 1, "shifts", 1, 1)),
            0.5,
        )
        for k, mine in enumerate(skills)
    )
    need = np.zeros((len(required), INTERVALS))
    need[:, 9:16] = np.array(required)[:, None]
    shifts = tuple(candidate_shifts((DAY,), GRID))
    names = tuple(f"queue{k}" for k in range(len(required)))
    return RotaProblem(GRID, names, need, np.zeros_like(need), shifts, people, Objective(), **more)


def told(parts):
    return [
        (part.queues, [p.agent_id for p in part.people], [p.skills for p in part.people]) for part in parts
    ]


def test_teams_are_told_apart_by_the_queues_they_share():
    parts = parts_of(team_of((0,), (1, 2), (2,)))
    assert told(parts) == [
        (("queue0",), ["客服0"], [((0, 1.0),)]),
        (("queue1", "queue2"), ["客服1", "客服2"], [((0, 1.0), (1, 1.0)), ((1, 1.0),)]),
    ]
    assert parts[1].required[:, 10].tolist() == [2, 1]


def test_a_bridge_of_skills_or_of_a_duty_row_makes_one_team():
    assert len(parts_of(team_of((0,), (0, 1), (1, 2)))) == 1
    row = DutyRow("senior", np.array([1.0, 0.0, 1.0]), np.ones(INTERVALS), 600.0)
    apart = team_of((0,), (1,), (2,))
    assert len(parts_of(apart)) == 3
    parts = parts_of(replace(apart, duty=(row,)))
    assert [len(part.people) for part in parts] == [2, 1]
    assert [len(part.duty) for part in parts] == [1, 0]
    assert parts[0].duty[0].weights.tolist() == [1.0, 1.0]


def test_queues_without_anybody_and_people_without_a_skill_are_in_one_part_each():
    parts = parts_of(team_of((0,), (), (2,), ()))
    assert sorted(queue for part in parts for queue in part.queues) == ["queue0", "queue1", "queue2"]
    assert sorted(len(part.people) for part in parts) == [1, 1, 2]
    assert parts_of(replace(team_of((0,)), people=()))[0].people == ()


def test_prices_follow_their_queues():
    levels, rates = (
        np.arange(2 * 3 * INTERVALS, dtype=float).reshape(2, 3, INTERVALS),
        np.ones((2, 3, INTERVALS)),
    )
    prices = CoverPrices(levels, rates, np.ones((3, INTERVALS)))
    parts = parts_of(team_of((0,), (2,), prices=prices))
    assert parts[1].queues == ("queue2",)
    assert np.array_equal(parts[1].prices.levels, levels[:, [2]])


def test_the_answer_is_that_of_the_whole_recounted():
    whole = team_of((0,), (1,), (1,), (2,))
    found, together = solve(whole, SMALL), solve_team(whole, SMALL)
    assert found.status == together.status == "optimal"
    assert found.objective == pytest.approx(together.objective)
    assert found.bound == pytest.approx(together.bound)
    cover = np.zeros((3, INTERVALS))
    rota = found.rota
    queue = {f"work:{name}": k for k, name in enumerate(whole.queues)}
    for row in rota.to_frame().itertuples():
        if row.activity in queue:
            first = int(row.start.timestamp() // 60 - GRID.start) // 60
            last = int(row.end.timestamp() // 60 - GRID.start) // 60
            cover[queue[row.activity], first:last] += 60
    recounted = cost_terms(whole, rota, cover)
    assert {term: found.cost[term] for term in recounted} == pytest.approx(recounted)


def test_other_processes_give_the_same_rota():
    whole = team_of((0,), (1,), (2,))
    with ProcessPoolExecutor(1, get_context("spawn"), search_little) as pool:
        elsewhere = solve(whole, SMALL, executor=pool)
    assert elsewhere.rota.to_frame().equals(solve(whole, SMALL).rota.to_frame())


def test_a_part_that_was_cut_is_told_of_the_whole():
    found = solve(team_of((0,), (1,)), Limits(effort=10_000, workers=1, gap=0.0), stop=lambda: True)
    assert not found.reproducible
    assert found.rota.agent_ids == ("客服0", "客服1")
