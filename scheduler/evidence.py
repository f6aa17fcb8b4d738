"""What stands behind each finding: the shifts concerned, the day and week it counts for, the team.

Violation(person, window) -> the person's shifts that make it, looked up for all findings at once
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes, day_number, day_of, from_minutes
from scheduler.rota import Codes, Rota, running_end
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Violation

ShiftTold = tuple[int, int, int, str]
SHORTEST_DAY_MINUTES = 1380
APART = 40  # bits: further apart than any two instants


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finding with the shifts that make it.

    Parameters
    ----------
    violation : the finding as the audit told it
    shifts : (day, start, end, shift name) of each shift concerned, UTC minutes, sorted by start: the two around
        a gap, the one whose own limit is broken, else all that reach into the finding's window; () for what
        was not checked
    short : minutes, days or shifts missing or too many, in ``violation.unit``
    week : ISO week of ``day``, such as ``2003-W41``; empty where there is no day
    team : the person's team; empty where it is not known
    day : the day number that the finding counts for, always in the horizon: that of the shift concerned, of the
        later shift for a gap, else the last of the window; None for what was not checked
    """

    violation: Violation
    shifts: tuple[ShiftTold, ...]
    short: float | None
    week: str
    team: str
    day: int | None


def evidence(violations: Iterable[Violation], rota: Rota, facts: Facts) -> list[Evidence]:
    """The evidence of each finding, in the order given.

    Parameters
    ----------
    violations : findings of any verdict
    rota, facts : what was judged; shifts before the horizon are looked for in ``facts.before``, and where that
        is None in the rota itself

    Examples
    --------
    >>> from scheduler.audit import as_rota, audit, inferred_facts
    >>> import pandas as pd
    >>> rota = as_rota(pd.DataFrame({
    ...     "agent_id": "a1", "day": ["2003-10-06", "2003-10-07"], "activity": "work:*", "shift": ["late", "day"],
    ...     "start": ["2003-10-06T17:00Z", "2003-10-07T08:59Z"],
    ...     "end": ["2003-10-06T22:00Z", "2003-10-07T14:00Z"], "paid": True}))
    >>> found = [v for v in audit(rota, "eu-wtd") if v.verdict == "breach"]
    >>> [(e.short, e.week, [name for *_, name in e.shifts]) for e in evidence(found, rota, inferred_facts(rota))]
    [(1.0, '2003-W41', ['late', 'day'])]
    """
    told = list(violations)
    asked = [k for k, v in enumerate(told) if v.verdict != "not_checked" and None not in (v.start, v.end)]
    book = _book({told[k].agent_id for k in asked}, rota, facts)
    concerned = dict(zip(asked, book.concerned([told[k] for k in asked]), strict=True))
    people = facts.people or {}
    answers = []
    for k, violation in enumerate(told):
        shifts = concerned.get(k, ())
        day = _day(violation, shifts, facts) if k in concerned else None
        team = people[violation.agent_id].team if violation.agent_id in people else ""
        week = "" if day is None else iso_week(day)
        answers.append(Evidence(violation, shifts, violation.short, week, team, day))
    return answers


@lru_cache(maxsize=4096)
def iso_week(day: int) -> str:
    """The ISO 8601 week of a day number.

    Examples
    --------
    >>> from datetime import date
    >>> iso_week(day_number(date(2024, 12, 30)))
    '2025-W01'
    """
    year, week, _ = day_of(day).isocalendar()
    return f"{year}-W{week:02d}"


@dataclass(frozen=True, eq=False)
class _Book:
    """The shifts of the people asked about, arrays of shape (shifts,) sorted by person and start."""

    code: dict[str, int]
    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    name: NDArray[np.object_]

    def concerned(self, asked: list[Violation]) -> list[tuple[ShiftTold, ...]]:
        """The shifts of each window; where none lies in it, the two that bound it."""
        codes = np.array([self.code.get(v.agent_id, -1) for v in asked], dtype=np.int64)
        low = np.array([min(v.start or 0, v.end or 0) for v in asked], dtype=np.int64)
        high = np.array([max(v.start or 0, v.end or 0) for v in asked], dtype=np.int64)
        own, apart = self.agent.astype(np.int64) << APART, codes << APART
        until, starts = running_end(self.agent, self.end) + own, self.start + own
        inner = zip(
            np.searchsorted(until, low + apart, side="right").tolist(),
            np.searchsorted(starts, high + apart, side="left").tolist(),
            strict=True,
        )
        outer = zip(
            np.searchsorted(until, low + apart, side="left").tolist(),
            np.searchsorted(starts, high + apart, side="right").tolist(),
            strict=True,
        )
        told = list(
            zip(self.day.tolist(), self.start.tolist(), self.end.tolist(), self.name.tolist(), strict=True)
        )
        answers = []
        for inside, beside, first, last in zip(inner, outer, low.tolist(), high.tolist(), strict=True):
            shifts = tuple(s for s in told[slice(*inside)] if s[2] > first)
            answers.append(shifts or _around(told[slice(*beside)], first, last))
        return answers


def _around(touching: list[ShiftTold], start: int, end: int) -> tuple[ShiftTold, ...]:
    """The shifts that end where a gap begins and begin where it ends; none where the window is no gap."""
    shifts = tuple(s for s in touching if start in s[1:3] or end in s[1:3])
    is_gap = any(s[2] == start for s in shifts) and any(s[1] == end for s in shifts)
    return shifts if is_gap else ()


def _book(agent_ids: set[str], rota: Rota, facts: Facts) -> _Book:
    """All shifts of these people: of the horizon, and those before it."""
    code = {name: k for k, name in enumerate(sorted(agent_ids))}
    before = rota if facts.before is None else facts.before
    parts = ((before, -(1 << APART), facts.first_day), (rota, facts.first_day, facts.end_day))
    columns: list[tuple[NDArray[np.int64] | NDArray[np.object_], ...]] = []
    for part, first, last in parts:
        codes = np.array([code.get(name, -1) for name in part.agent_ids] or [-1], dtype=np.int64)
        shifts = part.duties
        agent = codes[shifts.agent]
        kept = np.flatnonzero((agent >= 0) & (shifts.day >= first) & (shifts.day < last))
        names = np.array(part.shift_names or ("",), dtype=object)[shifts.shift[kept]]
        columns.append((agent[kept], shifts.day[kept], shifts.start[kept], shifts.end[kept], names))
    agent, day, start, end, name = (np.concatenate(column) for column in zip(*columns, strict=True))
    order = np.lexsort((end, start, agent))
    return _Book(code, agent[order].astype(np.int32), day[order], start[order], end[order], name[order])


def _day(violation: Violation, shifts: tuple[ShiftTold, ...], facts: Facts) -> int:
    """The day that a finding counts for."""
    start, end = sorted((violation.start or 0, violation.end or 0))
    is_gap = bool(shifts) and shifts[-1][1] >= end
    if shifts and (is_gap or end - start < SHORTEST_DAY_MINUTES):
        day = shifts[-1][0]
    else:
        person = (facts.people or {}).get(violation.agent_id)
        zone = (person.zone if person else None) or facts.zone
        day = day_number(from_minutes(end - 1, zone).date())
    return max(facts.first_day, min(day, facts.end_day - 1))
