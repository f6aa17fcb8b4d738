"""What everyone worked, before and during the horizon, as one sorted table, its sums and its gaps."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes, day_start
from scheduler.rota import Codes, Flags, Rota, running_end
from scheduler.rules.facts import Facts
from scheduler.rules.primitives import Measure

Rows = NDArray[np.intp]
FIELDS = ("day", "start", "end", "worked", "paid")
LONGEST_SHIFT_MINUTES = (
    1440  # a shift unknown to us that began before the known days may reach this far into them
)


@dataclass(frozen=True, eq=False)
class Worked:
    """All known shifts, arrays of shape (shifts,) sorted by person and start.

    ``judged`` marks the shifts of the horizon; those before it are there for what they carry in, those after
    it for nothing.
    """

    agent_ids: tuple[str, ...]
    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    worked: Minutes
    paid: Minutes
    judged: Flags

    def __len__(self) -> int:
        return len(self.agent)

    @cached_property
    def heads(self) -> Flags:
        """Whether a shift is its person's first, shape (shifts,)."""
        heads = np.ones(len(self), dtype=bool)
        heads[1:] = self.agent[1:] != self.agent[:-1]
        return heads

    @cached_property
    def until(self) -> Minutes:
        """Latest end of all earlier shifts of the person, own start where there is none, shape (shifts,)."""
        until = self.start.copy()
        until[1:] = np.where(self.heads[1:], self.start[1:], running_end(self.agent, self.end)[:-1])
        return until

    @cached_property
    def fresh_day(self) -> Flags:
        """Whether a shift is its person's first of that day, shape (shifts,)."""
        keys = (self.agent.astype(np.int64) << 24) + self.day
        fresh = np.zeros(len(self), dtype=bool)
        fresh[np.unique(keys, return_index=True)[1]] = True
        return fresh

    def measure(self, name: Measure) -> Minutes:
        """What each shift adds to a sum of that measure, shape (shifts,)."""
        if name == "shifts":
            return self.fresh_day.astype(np.int64)
        return self.paid if name == "paid_minutes" else self.worked


def known_work(rota: Rota, facts: Facts) -> Worked:
    """The shifts of ``rota`` inside the horizon, what was worked before in front; all people have a code."""
    return _join(rota, facts.before, facts.first_day, facts.end_day, tuple(facts.people or ()))


@lru_cache(maxsize=1)  # every rule of one audit asks for the same join
def _join(rota: Rota, before: Rota | None, first_day: int, end_day: int, listed: tuple[str, ...]) -> Worked:
    parts = [(rota, (rota.duties.day >= first_day) & (rota.duties.day < end_day))]
    if before is not None:
        parts.append((before, before.duties.day < first_day))
    names = sorted({name for part, _ in parts for name in part.agent_ids}.union(listed))
    code = {name: k for k, name in enumerate(names)}
    books = [np.array([code[name] for name in part.agent_ids], dtype=np.int32) for part, _ in parts]
    agent = np.concatenate(
        [book[part.duties.agent[kept]] for book, (part, kept) in zip(books, parts, strict=True)]
    )
    columns = [np.concatenate([getattr(part.duties, name)[kept] for part, kept in parts]) for name in FIELDS]
    order = np.lexsort((columns[2], columns[1], agent))
    day, start, end, worked, paid = (column[order] for column in columns)
    return Worked(tuple(names), agent[order], day, start, end, worked, paid, day >= first_day)


def known_from(facts: Facts) -> int:
    """The first day whose work is known: that of the earliest shift told of, or the horizon's first."""
    if facts.before is None or not len(facts.before):
        return facts.first_day
    return min(facts.first_day, int(facts.before.day.min()))


def newcomers(work: Worked, facts: Facts) -> Flags:
    """Who was not employed before the known days, so that nothing of theirs is unknown, shape (agents,)."""
    people, since = facts.people or {}, known_from(facts)
    starts = (people[name].starts_on if name in people else None for name in work.agent_ids)
    return np.array([start is not None and start >= since for start in starts], dtype=bool)


def weeks_of(days: Minutes, week_start: int) -> Minutes:
    """Day numbers on which the weeks of ``days`` begin, as `centre.instants.week_of` for arrays."""
    return np.asarray(days - (days + 3 - week_start) % 7, dtype=np.int64)


def weekly_sums(work: Worked, values: Minutes, facts: Facts, back: int = 0) -> Minutes:
    """Sums of ``values`` per person and calendar week, shape (agents, weeks).

    The weeks are those that touch the horizon, preceded by ``back`` more.
    """
    first, weeks = facts.weeks()[0] - 7 * back, len(facts.weeks()) + back
    column = (weeks_of(work.day, facts.week_start) - first) // 7
    kept = (column >= 0) & (column < weeks)
    cell = work.agent[kept].astype(np.int64) * weeks + column[kept]
    sums = np.bincount(cell, weights=values[kept], minlength=len(work.agent_ids) * weeks)
    return sums.astype(np.int64).reshape(-1, weeks)


def longest_gaps(work: Worked, start: int, end: int, among: Flags | None = None) -> Minutes:
    """Longest time in a row without work inside ``[start, end)``, minutes, shape (agents,).

    ``among`` marks the shifts that are looked at: all by default, else no later one may be marked without the
    earlier ones of its person.
    """
    longest = np.full(len(work.agent_ids), max(0, end - start), dtype=np.int64)
    inside = (work.end > start) & (work.start < end)
    rows = np.flatnonzero(inside if among is None else inside & among)
    if not len(rows):
        return longest
    agent = work.agent[rows]
    head = np.diff(agent, prepend=-1) != 0
    heads, tails = runs(head)
    free_from = np.where(head, start, work.until[rows])
    before = np.maximum.reduceat(work.start[rows] - free_from, heads)
    after = end - running_end(agent, work.end[rows])[tails]
    longest[agent[heads]] = np.maximum(0, np.maximum(before, after))
    return longest


def runs(new: Flags) -> tuple[Rows, Rows]:
    """First and last index of each run of rows, where ``new`` marks the first of each."""
    heads = np.flatnonzero(new)
    return heads, np.append(heads[1:], len(new))[: len(heads)] - 1


def week_bounds(week: int, facts: Facts) -> tuple[int, int]:
    """UTC minutes at which the calendar week begun on day ``week`` begins and ends."""
    return day_start(facts.zone, week), day_start(facts.zone, week + 7)


def known_bounds(facts: Facts) -> tuple[int, int]:
    """UTC minutes between which all work is known."""
    return day_start(facts.zone, known_from(facts)), day_start(facts.zone, facts.end_day)


def in_horizon(rota: Rota, facts: Facts) -> Flags:
    """Whether each shift of ``rota.duties`` belongs to the horizon, shape (shifts,)."""
    return (rota.duties.day >= facts.first_day) & (rota.duties.day < facts.end_day)
