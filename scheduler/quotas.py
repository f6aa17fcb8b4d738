"""What people owe of activities off the queue: quotas of calendar periods less what the ledger says was done.

Of each activity (``[[activity]]``) and period the ledger keeps two accounts, both in minutes: ``done:NAME`` and ``owed:NAME``, the latter
only of periods that were closed. A quota per team is kept under ``team:TEAM``. So done + owed of a closed period is its quota, or more
where more was done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from centre.activities import Activity
from centre.activity_checks import is_meant
from centre.people import Agent
from scheduler.rules.shared.periods import (
    Period,
    first_day_named,
    first_day_of,
    period_name,
    period_numbers,
)

DONE, OWED = "done:", "owed:"
"""Prefixes of the ledger's accounts of activities, in minutes."""
TEAM = "team:"
"""Prefix of the ledger's ``agent_id`` for what a team owes together."""
Accounts = Mapping[tuple[str, str, str], tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Owed:
    """What somebody owes of one activity for one period.

    Parameters
    ----------
    who : an ``agent_id``, or ``team:TEAM``
    period : its name, as the ledger has it
    first_day, due_day : first and last day of the period, day numbers
    quota_minutes, done_minutes : asked for in the period, and done of it by the ledger
    overdue : whether the period was over before the day that was asked for
    """

    who: str
    activity: Activity
    period: str
    first_day: int
    due_day: int
    quota_minutes: float
    done_minutes: float
    overdue: bool = False

    @property
    def owed_minutes(self) -> float:
        """What is left to do."""
        return max(self.quota_minutes - self.done_minutes, 0.0)


def owed_of(
    activities: Sequence[Activity],
    agents: Sequence[Agent],
    ledger: Accounts,
    first_day: int,
    last_day: int,
    week_start: int,
) -> list[Owed]:
    """What is owed on ``first_day``, of every period that touches ``first_day..last_day`` and of earlier ones the ledger knows of.

    Overdue first, then by due day, higher priority, name. Activities owed each day worked (``period = "day"``) are left out: what they
    ask follows from the rota itself.

    Parameters
    ----------
    ledger : (agent_id, account, period) -> (amount in minutes, day as of which it stands), `Facts.ledger`
    """
    found = [
        owed
        for activity in activities
        if activity.period != "day"
        for owed in (
            *_overdue(activity, agents, ledger, first_day, week_start),
            *_current(activity, agents, ledger, first_day, last_day, week_start),
        )
    ]
    return sorted(found, key=_by_urgency)


def _by_urgency(owed: Owed) -> tuple[bool, int, int, str, str]:
    return not owed.overdue, owed.due_day, -owed.activity.priority, owed.activity.name, owed.who


def periods_touching(
    activity: Activity, first_day: int, last_day: int, week_start: int
) -> Iterator[tuple[str, int, int]]:
    """Name, first and last day of each of the activity's periods that touches ``first_day..last_day``."""
    kind = _kind(activity)
    ends = np.array([first_day, last_day], dtype=np.int64)
    first, last = period_numbers(ends, kind, week_start).tolist()
    for number in range(first, last + 1):
        begin = first_day_of(number, kind, week_start)
        yield period_name(begin, kind), begin, first_day_of(number + 1, kind, week_start) - 1


def quota_minutes(activity: Activity, members: Sequence[Agent], first_day: int, due_day: int) -> float:
    """What one person, or the people of one team, owe of a period: of the whole quota the share of its days employed, in whole parts.

    A team owes its quota in full while anybody of it is employed in the period.

    Examples
    --------
    >>> starter = Agent("a1", "", "", "junior", (), "full-time", starts_on=20)
    >>> quota_minutes(Activity("training", minutes=240, part_minutes=60), [starter], 0, 29)
    60
    """
    days = [_days_employed(agent, first_day, due_day) for agent in members]
    if activity.per == "team":
        return activity.quota_minutes if any(days) else 0
    part = activity.part_minutes or activity.minutes
    share = days[0] / (due_day - first_day + 1)
    return int(activity.quota_minutes * share / part + 0.5) * part


def owing(activity: Activity, agents: Sequence[Agent]) -> dict[str, list[Agent]]:
    """Who owes an activity: people by ``agent_id``, or the people meant of each team by ``team:TEAM``."""
    found: dict[str, list[Agent]] = {}
    for agent in agents:
        if is_meant(activity, agent):
            found.setdefault(TEAM + agent.team if activity.per == "team" else agent.agent_id, []).append(
                agent
            )
    return found


def _current(
    activity: Activity,
    agents: Sequence[Agent],
    ledger: Accounts,
    first_day: int,
    last_day: int,
    week_start: int,
) -> Iterator[Owed]:
    for period, begin, due in periods_touching(activity, first_day, last_day, week_start):
        for who, members in owing(activity, agents).items():
            quota = quota_minutes(activity, members, begin, due)
            done = ledger.get((who, DONE + activity.name, period), (0.0, 0))[0]
            if quota:
                yield Owed(who, activity, period, begin, due, quota, done)


def _overdue(
    activity: Activity, agents: Sequence[Agent], ledger: Accounts, first_day: int, week_start: int
) -> Iterator[Owed]:
    """Periods that were closed with something owed."""
    people = owing(activity, agents)
    for (who, account, period), (amount, _) in ledger.items():
        if account != OWED + activity.name or amount <= 0 or who not in people:
            continue
        try:
            begin = first_day_named(period, _kind(activity))
        except ValueError:  # kept in periods of another length before
            continue
        (_, _, due), *_ = periods_touching(activity, begin, begin, week_start)
        if due < first_day:
            done = ledger.get((who, DONE + activity.name, period), (0.0, 0))[0]
            yield Owed(who, activity, period, begin, due, done + amount, done, overdue=True)


def _kind(activity: Activity) -> Period:
    """The length of its periods; what is owed each day is kept by month."""
    return "month" if activity.period == "day" else activity.period


def _days_employed(agent: Agent, first_day: int, last_day: int) -> int:
    first = first_day if agent.starts_on is None else max(first_day, agent.starts_on)
    last = last_day if agent.leaves_on is None else min(last_day, agent.leaves_on)
    return max(last - first + 1, 0)
