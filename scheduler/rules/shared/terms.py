"""What contracts, leave and employment ask of each person and week, for verdicts and lines alike."""

from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Minutes, day_number, from_minutes
from centre.model import Contract
from scheduler.rota import Flags
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shared.carry import leave_before
from scheduler.rules.shared.worked import Worked


def contracts_of(work: Worked, facts: Facts) -> list[Contract | None]:
    """The contract of each agent code; None where it is not known."""
    people = facts.people or {}
    return [people[name].contract if name in people else None for name in work.agent_ids]


def overtime_agreed(contract: Contract | None) -> bool:
    """Whether a contract is known to agree overtime."""
    return contract is not None and contract.overtime.weekly_minutes > 0


def at_work(work: Worked) -> Flags:
    """Who has a shift in the horizon, shape (agents,)."""
    return np.asarray(np.bincount(work.agent[work.judged], minlength=len(work.agent_ids)) > 0)


def absent_days(person: Person, facts: Facts, first: int, last: int) -> set[int]:
    """Days of ``first..last``, both counted, not employed or on leave for the whole or a part."""
    away: set[int] = set()
    if person.starts_on is not None:
        away.update(range(first, min(person.starts_on, last + 1)))
    if person.leaves_on is not None:
        away.update(range(max(person.leaves_on + 1, first), last + 1))
    for start, end in (*person.leave, *leave_before(person, facts)):
        begins, ends = _local_day(start, facts.zone), _local_day(end - 1, facts.zone)
        away.update(range(max(begins, first), min(ends, last) + 1))
    return away


@lru_cache(maxsize=1 << 16)  # the leave of many people begins and ends at the same midnights
def _local_day(instant: int, zone: ZoneInfo) -> int:
    return day_number(from_minutes(instant, zone).date())


def absences(work: Worked, facts: Facts, weeks: range) -> Minutes:
    """How many days of each week each person is absent (`absent_days`), shape (agents, weeks)."""
    table = absent_table(work, facts, weeks[0], weeks[-1] + 6)
    return np.asarray(table.reshape(len(table), len(weeks), 7).sum(axis=2))


def absent_table(work: Worked, facts: Facts, first: int, last: int) -> Flags:
    """`absent_days` of everyone at once, shape (agents, days from ``first`` to ``last``, both counted)."""
    spans = list[tuple[int, int, int]]()
    for row, person in enumerate(persons_of(work, facts)):
        if person is not None:
            if person.starts_on is not None:
                spans.append((row, first, person.starts_on))
            if person.leaves_on is not None:
                spans.append((row, person.leaves_on + 1, last + 1))
            spans += ((row, *_local_days(span, facts.zone)) for span in person.leave)
    spans += _leave_rows_before(work, facts)
    who, begins, ends = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    edges = np.zeros((len(work.agent_ids), last - first + 2), dtype=np.int32)
    begins, ends = (np.clip(days, first, last + 1) - first for days in (begins, ends))
    there = begins < ends
    np.add.at(edges, (who[there], begins[there]), 1)
    np.add.at(edges, (who[there], ends[there]), -1)
    return np.asarray(np.cumsum(edges, axis=1)[:, :-1] > 0)


def _leave_rows_before(work: Worked, facts: Facts) -> Iterator[tuple[int, int, int]]:
    """Agent code, first day and the day after the last of each row of leave before the horizon."""
    before = facts.before
    if before is None:
        return
    code = {name: k for k, name in enumerate(work.agent_ids) if name in (facts.people or {})}
    book = np.array([code.get(name, -1) for name in before.agent_ids], dtype=np.int64)
    rows = np.flatnonzero(before.on_leave & (book[before.agent] >= 0))
    columns = (book[before.agent[rows]], before.start[rows], before.end[rows])
    for row, start, end in zip(*(column.tolist() for column in columns), strict=True):
        yield row, *_local_days((start, end), facts.zone)


def _local_days(span: tuple[int, int], zone: ZoneInfo) -> tuple[int, int]:
    """The local day on which a span of UTC minutes begins, and the one after that on which it ends."""
    return _local_day(span[0], zone), _local_day(span[1] - 1, zone) + 1


def persons_of(work: Worked, facts: Facts) -> Iterator[Person | None]:
    """The person of each agent code, None where the list has none."""
    people = facts.people or {}
    return (people.get(name) for name in work.agent_ids)


def lowered_minutes(contract: Contract, absent: int) -> int:
    """The weekly minimum of paid minutes, less one day's part of it for each day absent."""
    days = max(1, contract.days_min)
    return max(0, contract.weekly_minutes_min * (days - absent) // days)


def lowered_days(contract: Contract, absent: int) -> int:
    """The weekly minimum of days, less the days absent."""
    return max(0, contract.days_min - absent)
