"""Hours of the week that people would like to work, as prices of shifts that lie outside them."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from centre.availability import times_outside
from centre.model import Objective, Opening
from centre.people import Agent
from scheduler.rules.facts import Facts
from scheduler.shifts import CandidateShift
from scheduler.terms import Charge

OUTSIDE = "outside_preferred"
"""Name of the price in the cost."""


def preferred_hours_charges(
    objective: Objective, agents: Sequence[Agent], facts: Facts, shifts: Sequence[CandidateShift]
) -> dict[str, Charge]:
    """The price of every shift by its hours outside those that somebody prefers, on their own clock, by agent_id.

    Who prefers none is left out, as is everybody where ``outside_preferred_per_hour`` is 0.
    """
    people, alike = facts.people or {}, dict[tuple[tuple[Opening, ...], ZoneInfo], Charge]()
    charges = {}
    for agent in agents:
        if agent.prefers and objective.outside_preferred_per_hour:
            key = agent.prefers, people[agent.agent_id].zone or facts.zone
            if key not in alike:
                alike[key] = _charge(*key, objective, facts, shifts)
            charges[agent.agent_id] = alike[key]
    return charges


def _charge(
    prefers: Sequence[Opening],
    clock: ZoneInfo,
    objective: Objective,
    facts: Facts,
    shifts: Sequence[CandidateShift],
) -> Charge:
    times = list(times_outside(prefers, clock, facts.first_day - 1, facts.end_day + 1))
    minutes = [
        sum(max(0, min(shift.end, end) - max(shift.start, start)) for start, end in times) for shift in shifts
    ]
    return Charge(OUTSIDE, tuple(objective.outside_preferred_per_hour * each / 60 for each in minutes))
