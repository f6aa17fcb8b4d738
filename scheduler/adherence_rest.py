"""Rest that the plan gave and the work took: minutes lost, and the breaches that the plan did not have."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes
from scheduler.rota import Codes, Duties
from scheduler.rules.rule import Violation

_SHIFT = 40


@dataclass(frozen=True)
class Rests:
    """Free time between planned shifts, arrays of shape (rests,).

    ``start`` and ``end`` bound the rest planned, ``had`` is the longest part of it in a row that was really
    free, both in minutes; ``day`` is that of the shift before it.
    """

    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    had: Minutes

    def __len__(self) -> int:
        return len(self.agent)

    @property
    def lost(self) -> Minutes:
        """Minutes of planned rest that were not had in one piece, shape (rests,)."""
        return self.end - self.start - self.had


@dataclass(frozen=True)
class Caused:
    """A breach of what was worked, and the finding of the plan that it made worse (None: the plan had none)."""

    breach: Violation
    planned: Violation | None


def rests(plan: Duties, plan_code: Codes, work: Duties, work_code: Codes) -> Rests:
    """The rest between each two planned shifts of a person, and how much of it was had.

    Parameters
    ----------
    plan_code, work_code : the person's code in both by their code in each, shape (agents of each,)
    """
    agent = plan_code[plan.agent].astype(np.int64) << _SHIFT
    until = np.maximum.accumulate(plan.end + agent) if len(plan) else agent
    start = plan.start + agent
    after = np.flatnonzero((agent[1:] == agent[:-1]) & (start[1:] > until[:-1])) + 1
    had = longest_free(until[after - 1], start[after], *_merged(work, work_code))
    base = agent[after]
    return Rests(
        plan_code[plan.agent[after]], plan.day[after - 1], until[after - 1] - base, start[after] - base, had
    )


def _merged(work: Duties, code: Codes) -> tuple[Minutes, Minutes]:
    """Worked shifts as keys, sorted and none over another."""
    agent = code[work.agent].astype(np.int64) << _SHIFT
    start, end = work.start + agent, work.end + agent
    order = np.argsort(start, kind="stable")
    start, end = start[order].copy(), end[order]
    if len(start):
        start[1:] = np.maximum(start[1:], np.maximum.accumulate(end)[:-1])
    kept = start < end
    return start[kept], end[kept]


def longest_free(begin: Minutes, until: Minutes, start: Minutes, end: Minutes) -> Minutes:
    """Minutes of the longest stretch inside each ``[begin, until)`` that no ``[start, end)`` touches.

    ``start`` and ``end`` are sorted and do not overlap.

    Examples
    --------
    >>> longest_free(np.array([0]), np.array([100]), np.array([-5, 30]), np.array([10, 40])).tolist()
    [60]
    """
    low, high = np.searchsorted(end, begin, side="right"), np.searchsorted(start, until, side="left")
    free = until - begin
    some = np.flatnonzero(high > low)
    first, last = start[low[some]] - begin[some], until[some] - end[high[some] - 1]
    free[some] = np.maximum(np.maximum(first, last), 0)
    many = np.flatnonzero(high - low > 1)
    count = (high - low)[many] - 1
    owner = np.repeat(many, count)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    place = low[owner] + step
    np.maximum.at(free, owner, start[place + 1] - end[place])
    return free


def caused(planned: Sequence[Violation], worked: Sequence[Violation]) -> list[Caused]:
    """The breaches of what was worked that the plan did not have, or had by less.

    Two breaches are the same where rule, source and person agree and their windows touch.
    """
    known: dict[tuple[str, str, str], list[Violation]] = {}
    for one in planned:
        if one.verdict == "breach":
            known.setdefault((one.rule, one.source, one.agent_id), []).append(one)
    found = []
    for one in worked:
        if one.verdict != "breach":
            continue
        same = [p for p in known.get((one.rule, one.source, one.agent_id), ()) if _touch(p, one)]
        if not same:
            found.append(Caused(one, None))
        elif all(_worse(one, p) for p in same):
            found.append(Caused(one, same[0]))
    return found


def _touch(one: Violation, other: Violation) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return True
    return one.start < other.end and other.start < one.end


def _worse(one: Violation, planned: Violation) -> bool:
    """Whether a breach is further from its limit than the planned one."""
    if one.found is None or one.limit is None or planned.found is None or planned.limit is None:
        return False
    return abs(one.found - one.limit) > abs(planned.found - planned.limit)


def codes_of(names: Sequence[str], own: Sequence[str]) -> NDArray[np.int32]:
    """The place in ``names`` of each of a rota's people, shape (agents of the rota,)."""
    place = {name: k for k, name in enumerate(names)}
    return np.array([place[name] for name in own], dtype=np.int32)
