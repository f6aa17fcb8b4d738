"""The benchmark's weeks are what they say: of one size, one load, one answer for one seed, with people who differ."""

import numpy as np
import pytest

from benchmarks._rota_weeks import LOAD, QUEUES, UNPLANNED, week
from scheduler.rules.primitives import BoundedSum


@pytest.fixture(scope="module", params=["bank", "round-the-clock"])
def shape(request):
    return request.param


def worked_hours(asked):
    """Hours of work that the contracts' paid minutes leave after paid breaks, leave counted by day."""
    shifts = {shift.name: shift for shift in asked.settings.shift}
    total = 0.0
    for person, agent in zip(asked.problem.people, asked.agents, strict=True):
        contract = next(c for c in asked.settings.contract if c.name == agent.contract)
        paid = [p for p in person.primitives if isinstance(p, BoundedSum) and p.measure == "paid_minutes"]
        least = sum(p.low or 0 for p in paid)
        away = contract.weekly_minutes_min - least  # what leave takes from the least
        template = shifts[contract.shifts[0]]
        share = 1 - sum(b.minutes for b in template.breaks if b.paid) / template.paid_minutes
        total += ((contract.weekly_minutes_min + contract.weekly_minutes_max) / 2 - away) * share / 60
    return total


def test_as_much_work_as_the_team_can_nearly_do(shape):
    asked = week(shape, 60)
    hours = asked.problem.required.sum() / 4
    assert hours == pytest.approx(LOAD[shape] * worked_hours(asked), rel=0.02)


def test_one_seed_one_week_and_another_another(shape):
    one, again, other = week(shape, 40), week(shape, 40), week(shape, 40, seed=2)
    assert (one.problem.required == again.problem.required).all()
    assert one.problem.people == again.problem.people
    assert one.problem.people != other.problem.people
    assert (one.problem.required != other.problem.required).any()


def test_open_hours_and_starts_are_those_of_the_shape():
    bank, clock = week("bank", 40).problem, week("round-the-clock", 40).problem
    minutes, days = bank.grid.local_minutes(), bank.grid.local_days() - bank.grid.first_day
    is_open = (minutes >= 420) & (minutes < 1260) & (days < 5)
    assert ((bank.required.sum(axis=0) > 0) == is_open).all()
    assert (clock.required > 0).all()
    starts = {(s.start // 15) % 96 for s in clock.shifts if s.template.name.endswith("-8")}
    assert len(starts) == 96
    half_hours = week("round-the-clock", 40, start_step_minutes=30).problem.shifts
    assert len({s.start % 1440 for s in half_hours if s.template.name.endswith("-8")}) == 48


def test_minimum_is_never_more_than_is_required(shape):
    problem = week(shape, 500).problem
    assert (problem.minimum <= problem.required * (1 - UNPLANNED) + 1e-9).all()
    assert problem.minimum.max() == 4


def test_people_differ_in_skills_contracts_wishes_leave_and_past():
    asked = week("round-the-clock", 400)
    counts = np.bincount([len(agent.skills) for agent in asked.agents], minlength=4) / 400
    assert counts[1:] == pytest.approx([0.5, 0.35, 0.15], abs=0.07)
    assert {queue for agent in asked.agents for queue, _ in agent.skills} == set(QUEUES)
    assert any(speed < 1 for agent in asked.agents for _, speed in agent.skills)
    assert 0.18 < sum(bool(p.wishes) for p in asked.problem.people) / 400 < 0.32
    before = asked.facts.before
    assert before is not None
    assert 0.25 < len(before.agent_ids) / 400 < 0.42
    assert len({(p.skills, p.primitives, p.wishes) for p in asked.problem.people}) > 150


def test_four_weeks_have_leave_and_requests_in_each():
    asked = week("bank", 40, days=28)
    first = asked.problem.grid.first_day
    assert {(w.day - first) // 7 for p in asked.problem.people for w in p.wishes} == {0, 1, 2, 3}
    assert asked.problem.required.shape == (3, 28 * 96 + 4)  # the night of 26 October has an hour more
