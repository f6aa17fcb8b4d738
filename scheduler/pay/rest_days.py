"""Which days that a person worked were their days of rest."""

import numpy as np

from centre.instants import Minutes
from scheduler.pay.paid_time import PaidTime
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import weeks_of

MOST_DAYS = 6


def nth_day_of_week(time: PaidTime, days: Minutes, week_start: int) -> Minutes:
    """How many days of its week the person had worked by then, that day counted; 0 for what is no work.

    ``days`` are the day numbers that count as the stretches' days, shape (stretches,).
    """
    rows = np.flatnonzero(time.work)
    key = (time.agent[rows].astype(np.int64) << 24) + days[rows]
    told, where = np.unique(key, return_inverse=True)
    week = (told >> 24 << 24) + weeks_of(told & ((1 << 24) - 1), week_start)
    heads = np.flatnonzero(np.diff(week, prepend=-1))
    place = np.arange(len(told)) - np.repeat(heads, np.diff(np.append(heads, len(told)))) + 1
    nth = np.zeros(len(time), dtype=np.int64)
    nth[rows] = place[where]
    return nth


def days_agreed(time: PaidTime, facts: Facts) -> tuple[Minutes, int]:
    """Days a week that each stretch's person works by contract, six at most; how many people's are not known."""
    people = facts.people or {}
    by_agent = []
    for name in time.agent_ids:
        contract = people[name].contract if name in people else None
        by_agent.append(min(MOST_DAYS, contract.days_max) if contract else 0)
    agreed = np.array(by_agent, dtype=np.int64)
    unknown = np.unique(time.agent[time.work & time.judged & (agreed[time.agent] == 0)])
    return np.where(agreed == 0, MOST_DAYS, agreed)[time.agent], len(unknown)


def on_days_of(days: Minutes, wanted: set[int] | frozenset[int]) -> Flags:
    """Whether each stretch's day is one of ``wanted``."""
    return np.isin(days, np.array(sorted(wanted), dtype=np.int64))


def swapped(time: PaidTime, wanted: frozenset[tuple[str, int]]) -> Flags:
    """Whether a stretch's person and day are among ``wanted``."""
    code = {name: k for k, name in enumerate(time.agent_ids)}
    keys = [(code[name] << 24) + day for name, day in wanted if name in code]
    return np.isin((time.agent.astype(np.int64) << 24) + time.day, np.array(sorted(keys), dtype=np.int64))
