"""Time off the queue as demand of its own, so that a rota has the hours for it where service can spare them."""

from collections.abc import Iterable, Sequence

import numpy as np

from centre.activities import Activity
from centre.activity_checks import is_meant
from centre.instants import Grid, weekday_of
from centre.model import Contract
from centre.people import Agent
from scheduler.activities.demand import Ask
from scheduler.activities.desk import Flags
from scheduler.activities.prices import Floats

USUAL_DAYS = 5.0
"""Days a week that somebody works whose contract names none."""


def load_of(
    asks: Sequence[Ask],
    activities: Iterable[Activity],
    agents: Sequence[Agent],
    contracts: Sequence[Contract],
    queues: Sequence[str],
    required: Floats,
    grid: Grid,
) -> Floats:
    """Agents off the queue by queue and interval, shape (queues, intervals), at the time that `spread` gives them.

    What everybody does on each day worked at a time of its own (``at``) takes those who are needed there then; the rest of it lies with
    what floats. People count on their queues in proportion to what those need.

    Parameters
    ----------
    required : agents to roster, shape (queues, intervals)
    """
    shares = {agent.agent_id: _share(agent, queues, required) for agent in agents}
    load, days = np.zeros(required.shape), grid.local_days()
    for activity in activities:
        if activity.period == "day":
            people = [agent for agent in agents if is_meant(activity, agent)]
            minutes = sum(
                (shares[a.agent_id] * _days_worked(a, contracts, grid) for a in people), np.zeros(len(queues))
            )
            fixed = _fixed(activity, required, grid, minutes * activity.minutes)
            left = np.maximum(minutes * activity.minutes - fixed.sum(axis=1) * grid.interval_minutes, 0.0)
            load += fixed + spread(left, required + load, np.ones(len(days), dtype=bool), grid)
    for ask in asks:
        if ask.must and not ask.away:
            each = ask.must * ask.part_minutes * shares[ask.people[0]]
            inside = (days >= ask.first_day) & (days <= ask.last_day) & _in_window(ask.activity, grid)
            load += spread(each, required, inside, grid)
    return load


def spread(minutes: Floats, required: Floats, inside: Flags, grid: Grid) -> Floats:
    """Minutes of each queue over its open intervals, in proportion to what is needed there, as agents."""
    weight = required * inside
    total = weight.sum(axis=1, keepdims=True)
    part = np.divide(weight, total, out=np.zeros(weight.shape), where=total > 0)
    return np.asarray(part * minutes[:, None] / grid.interval_minutes)


def _share(agent: Agent, queues: Sequence[str], required: Floats) -> Floats:
    """What of somebody's time each queue has, shape (queues,)."""
    able = np.array([float(name in dict(agent.skills)) for name in queues])
    weight = able * required.sum(axis=1)
    return np.asarray(weight / weight.sum()) if weight.sum() else np.zeros(len(queues))


def _days_worked(agent: Agent, contracts: Sequence[Contract], grid: Grid) -> float:
    """Days that somebody works in the horizon, about."""
    contract = next((c for c in contracts if c.name == agent.contract), None)
    told = [] if contract is None else [d for d in (contract.days_min, contract.days_max) if d]
    return (sum(told) / len(told) if told else USUAL_DAYS) * grid.days / 7


def _fixed(activity: Activity, required: Floats, grid: Grid, most: Floats) -> Floats:
    """Agents away at the activity's own time on its days: those needed then, in all no more than so many minutes of each queue."""
    found, step = np.zeros(required.shape), grid.interval_minutes
    if activity.at is None:
        return found
    minute = grid.local_minutes()
    inside = np.minimum(minute + step, activity.at + activity.minutes) - np.maximum(minute, activity.at)
    found = required * (np.maximum(inside, 0) / step * _on(activity, grid)) * activity.most_away_share
    total = found.sum(axis=1) * step
    return np.asarray(
        found * np.minimum(1.0, np.divide(most, total, out=np.ones(len(total)), where=total > 0))[:, None]
    )


def _in_window(activity: Activity, grid: Grid) -> Flags:
    minute = grid.local_minutes()
    early, late = (
        (activity.earliest, activity.latest)
        if activity.at is None
        else (activity.at, activity.at + activity.minutes)
    )
    return np.asarray((minute + grid.interval_minutes > early) & (minute < late) & _on(activity, grid))


def _on(activity: Activity, grid: Grid) -> Flags:
    """Whether each interval lies on one of the activity's days."""
    return np.array([weekday_of(day) in activity.days for day in grid.local_days()])
