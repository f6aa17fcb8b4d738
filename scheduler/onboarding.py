"""Starters in a rota problem: whoever is in induction or mentored is not planned alone, their mentor is planned for both.

A mentor's speed is their own and that of the starters who follow them, as a mean over the horizon, and their line obeys what binds the
starters too, so far as both can hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from centre.instants import Grid, day_start
from centre.onboarding import Onboarding
from centre.people import Agent
from scheduler.problem import PlannedPerson, RotaProblem, without
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNights,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInWindow,
    Primitive,
)
from scheduler.rules.tightest import tightest
from scheduler.stages import INDEPENDENT, INDUCTION, MENTORED, Starter

ByRule = tuple[tuple[str, tuple[Primitive, ...]], ...]


def starts_in(starters: Iterable[Starter], first_day: int, end_day: int) -> tuple[Starter, ...]:
    """Those in induction or mentored on some day of ``first_day <= day < end_day``."""
    return tuple(
        starter
        for starter in starters
        if any(
            stage != INDEPENDENT and first < end_day and last >= first_day
            for stage, first, last in starter.stages
        )
    )


def follow_days(starter: Starter, agent: Agent, first_day: int, end_day: int) -> range:
    """Days of the horizon on which somebody works their mentor's line: mentored, and independent after it."""
    first = next((first for stage, first, _ in starter.stages if stage != INDUCTION), end_day)
    last = end_day - 1 if agent.leaves_on is None else min(end_day - 1, agent.leaves_on)
    return range(min(max(first, first_day), end_day), max(last + 1, min(max(first, first_day), end_day)))


def beside_mentors(
    problem: RotaProblem, starters: Sequence[Starter], agents: Sequence[Agent], onboarding: Onboarding
) -> RotaProblem:
    """The problem of everybody but the starters, whose mentors are planned for them too; starters of `starts_in` are meant."""
    by_id, told = {agent.agent_id: agent for agent in agents}, {p.agent_id: p for p in problem.people}
    with_mentor: dict[str, list[Starter]] = {}
    for starter in starters:
        with_mentor.setdefault(starter.mentor, []).append(starter)
    people = list[PlannedPerson]()
    for person in problem.people:
        own = with_mentor.get(person.agent_id, [])
        if own:
            person = replace(person, skills=_speeds(problem, person, own, by_id, onboarding))
        for starter in own:
            if starter.agent_id in told:
                person = _both(person, told[starter.agent_id], starter, by_id[starter.agent_id], problem.grid)
        people.append(person)
    return without(replace(problem, people=tuple(people)), {starter.agent_id for starter in starters})


def _speeds(
    problem: RotaProblem,
    mentor: PlannedPerson,
    starters: Sequence[Starter],
    by_id: dict[str, Agent],
    onboarding: Onboarding,
) -> tuple[tuple[int, float], ...]:
    """Queue and speed of a mentor with all who follow them, the mean over the horizon's days."""
    first, end = problem.grid.first_day, problem.grid.first_day + problem.grid.days
    found = []
    for queue, own in mentor.skills:
        name, total = problem.queues[queue], 0.0
        for day in range(first, end):
            here = [s for s in starters if day in follow_days(s, by_id[s.agent_id], first, end)]
            beside = any(s.stage_on(day) == MENTORED for s in here)
            total += own * (onboarding.mentor_speed if beside else 1.0)
            total += sum(
                dict(by_id[s.agent_id].skills).get(name, 0.0) * s.speed_on(day, onboarding) for s in here
            )
        found.append((queue, round(total / (end - first), 6)))
    return tuple(found)


def _both(
    mentor: PlannedPerson, planned: PlannedPerson, starter: Starter, agent: Agent, grid: Grid
) -> PlannedPerson:
    """The mentor bound by what binds a starter who follows them, so far as both can hold."""
    days = follow_days(starter, agent, grid.first_day, grid.first_day + grid.days)
    known = dict(mentor.by_rule)
    shared: ByRule = tuple(
        (rule, kept)
        for rule, told in planned.by_rule
        if (kept := tuple(p for p in told if _holds_for_both(p, mentor.primitives, days, grid)))
    )
    if not len(days) or not shared:
        return mentor
    for rule, primitives in shared:
        known[rule] = tightest((*known.get(rule, ()), *primitives))
    primitives = tightest((*mentor.primitives, *(p for _, told in shared for p in told)))
    return replace(mentor, primitives=primitives, by_rule=tuple(known.items()))


def _holds_for_both(primitive: Primitive, mentors: Sequence[Primitive], days: range, grid: Grid) -> bool:
    """Whether a starter's restriction can bind the line of the mentor whom they follow on some ``days``."""
    first, end = grid.first_day, grid.first_day + grid.days

    def follows(span: Iterable[int]) -> bool:
        return all(day in days for day in span if first <= day < end)

    match primitive:
        case ForbiddenDay() | ForbiddenTime():
            return False
        case AllowedShifts(names):
            return all(names & p.names for p in mentors if isinstance(p, AllowedShifts))
        case BoundedSum(begin, last, measure, low, high):
            alike = (
                p for p in mentors
                if isinstance(p, BoundedSum) and (p.first_day, p.last_day, p.measure) == (begin, last, measure)
            )  # fmt: skip
            fits = all((low or 0) <= _open(p.high) and (p.low or 0) <= _open(high) for p in alike)
            return fits and follows(range(begin, last + 1))
        case BoundedNights(_, begin, last):
            return follows(range(begin, last + 1))
        case BoundedDays(among):
            return follows(among)
        case FreeDayInExchange(day, among):
            return follows((day, *among))
        case GapInWindow(_, start, until):
            touched = (
                d for d in range(first, end)
                if day_start(grid.zone, d) < until and day_start(grid.zone, d + 1) > start
            )  # fmt: skip
            return follows(touched)
        case _:
            return True


def _open(high: int | None) -> float:
    return float("inf") if high is None else high
