"""Paid time as stretches that are cut finer and finer, until each is paid at one rate."""

from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.instants import MINUTES_A_DAY, Minutes, existing_instant
from scheduler.rota import NO_WORK, Codes, Flags, Rota, joined
from scheduler.rules.facts import Facts

Column = NDArray[Any]


@dataclass(frozen=True, eq=False)
class PaidTime:
    """Paid stretches, arrays of shape (stretches,) sorted by person and start.

    Parameters
    ----------
    clocks : zone of each person, by agent code
    day : day number of the shift
    start, end : UTC minutes, half-open
    work : False for paid time that is no work: leave, standing by at home
    judged : whether the stretch belongs to the horizon; those before it are there for the sums
    marks : further columns by name; they follow every cut
    """

    agent_ids: tuple[str, ...]
    clocks: tuple[ZoneInfo, ...]
    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    work: Flags
    judged: Flags
    marks: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.agent)

    def __getitem__(self, name: str) -> Column:
        return self.marks[name]

    @property
    def minutes(self) -> Minutes:
        """Length of each stretch in elapsed minutes, shape (stretches,)."""
        return self.end - self.start

    def marked(self, **columns: Column) -> "PaidTime":
        """The same stretches with further columns."""
        return replace(self, marks=self.marks | columns)

    def cut(self, at: Minutes, among: Flags | None = None) -> "PaidTime":
        """Stretches cut at the instants ``at`` (UTC minutes, sorted), those outside ``among`` left whole."""
        first = np.searchsorted(at, self.start, side="right")
        parts = np.maximum(np.searchsorted(at, self.end, side="left") - first, 0) + 1
        if among is not None:
            parts = np.where(among, parts, 1)
        row = np.repeat(np.arange(len(self)), parts)
        part = np.arange(len(row)) - np.repeat(np.cumsum(parts) - parts, parts)
        edge = np.append(at, 0)
        last = part == parts[row] - 1
        start = np.where(part == 0, self.start[row], edge[np.minimum(first[row] + part - 1, len(at))])
        end = np.where(last, self.end[row], edge[np.minimum(first[row] + part, len(at))])
        return self._taken(row, start, end)

    def cut_each(self, at: Minutes) -> "PaidTime":
        """Each stretch cut at its own instant, shape (stretches,), where that lies inside it."""
        inside = (at > self.start) & (at < self.end)
        row = np.repeat(np.arange(len(self)), inside + 1)
        second = np.zeros(len(row), dtype=bool)
        second[1:] = row[1:] == row[:-1]
        first = inside[row] & ~second
        return self._taken(
            row, np.where(second, at[row], self.start[row]), np.where(first, at[row], self.end[row])
        )

    def by_clock(self) -> list[tuple[ZoneInfo, Flags]]:
        """Each clock with the stretches of the people who go by it."""
        zones = sorted(set(self.clocks), key=str)
        code = np.array([zones.index(zone) for zone in self.clocks], dtype=np.int64)
        return [(zone, code[self.agent] == k) for k, zone in enumerate(zones)]

    def on_local_days(self, name: str, from_minute: int = 0) -> "PaidTime":
        """Cut where local days begin, ``from_minute`` after midnight; mark ``name`` is the day number."""
        time = self
        for zone, _ in self.by_clock():
            time = time.cut(self._edges(zone, from_minute), _of_clock(time, zone))
        days = np.zeros(len(time), dtype=np.int64)
        first = self._days().start
        for zone, mine in time.by_clock():
            edges = self._edges(zone, from_minute)
            days[mine] = first + np.searchsorted(edges, time.start[mine], side="right") - 1
        return time.marked(**{name: days})

    def in_nights(self, name: str, night_from: int, night_to: int) -> "PaidTime":
        """Cut where nights between two wall clocks begin and end; mark ``name`` tells what lies inside one."""
        over = 0 if night_to > night_from else MINUTES_A_DAY
        time = self
        for zone, _ in self.by_clock():
            begins, ends = self._edges(zone, night_from), self._edges(zone, night_to + over)
            time = time.cut(np.unique(np.concatenate([begins, ends])), _of_clock(time, zone))
        inside = np.zeros(len(time), dtype=bool)
        for zone, mine in time.by_clock():
            begins, ends = self._edges(zone, night_from), self._edges(zone, night_to + over)
            k = np.maximum(np.searchsorted(begins, time.start[mine], side="right") - 1, 0)
            inside[mine] = (time.start[mine] >= begins[k]) & (time.start[mine] < ends[k])
        return time.marked(**{name: inside})

    def beyond(self, name: str, key: Minutes, counted: Flags, limit: int | Minutes) -> "PaidTime":
        """Cut where the sum of a person's ``counted`` minutes of one ``key`` (a day, a week) passes ``limit``.

        Mark ``name`` tells what lies beyond, ``name + "_total"`` the whole sum of the person and key.
        """
        so_far, total = _sums(self.agent, key, self.start, np.where(counted, self.minutes, 0))
        at = np.where(counted, self.start + limit - so_far, self.end)
        time = self.marked(**{f"{name}_total": total, "_at": at}).cut_each(at)
        return time.marked(**{name: time.start >= time["_at"]})

    def total(self, key: Minutes, counted: Flags) -> Minutes:
        """Counted minutes of each stretch's person and key together, shape (stretches,)."""
        return _sums(self.agent, key, self.start, np.where(counted, self.minutes, 0))[1]

    def _taken(self, row: NDArray[np.intp], start: Minutes, end: Minutes) -> "PaidTime":
        marks = {name: column[row] for name, column in self.marks.items()}
        return PaidTime(
            self.agent_ids, self.clocks, self.agent[row], self.day[row], start, end, self.work[row],
            self.judged[row], marks,
        )  # fmt: skip

    def _days(self) -> range:
        """Day numbers around all stretches."""
        if not len(self):
            return range(0)
        return range(int(self.start.min()) // MINUTES_A_DAY - 3, int(self.end.max()) // MINUTES_A_DAY + 3)

    def _edges(self, zone: ZoneInfo, minute: int) -> Minutes:
        """UTC minutes of a wall clock on every day around, shape (days,)."""
        return np.array([existing_instant(zone, day, minute) for day in self._days()], dtype=np.int64)


def paid_time(rota: Rota, facts: Facts) -> PaidTime:
    """What is paid in the horizon of ``facts``, and what was before it.

    A minute of work that a person has twice is paid once, and so is one of leave.
    """
    whole = _with_before(rota, facts)
    rows = np.flatnonzero(whole.paid)
    rows = rows[whole.day[rows] < facts.end_day]
    work = ~whole.is_kind(*NO_WORK)
    parts = [rows[work[rows]], rows[~work[rows]]]
    spans = [whole.stretches(part) for part in parts]
    row = np.concatenate(parts)
    start, end = (np.concatenate([span[k] for span in spans]) for k in (0, 1))
    order = np.lexsort((end, start, whole.agent[row]))
    order = order[end[order] > start[order]]
    row, start, end = row[order], start[order], end[order]
    people = facts.people or {}
    clocks = tuple((people[name].zone if name in people else None) or facts.zone for name in whole.agent_ids)
    return PaidTime(
        whole.agent_ids, clocks, whole.agent[row], whole.day[row], start, end, work[row],
        whole.day[row] >= facts.first_day, {"on_call": whole.is_kind("on_call")[row]},
    )  # fmt: skip


def _with_before(rota: Rota, facts: Facts) -> Rota:
    """The rota with what was worked before the horizon: told by ``facts``, or its own earlier days."""
    if facts.before is None:
        return rota
    return joined(
        rota.narrowed(rota.day >= facts.first_day), facts.before.narrowed(facts.before.day < facts.first_day)
    )


def _of_clock(time: PaidTime, zone: ZoneInfo) -> Flags:
    mine = np.array([clock == zone for clock in time.clocks], dtype=bool)
    return mine[time.agent]


def _sums(agent: Codes, key: Minutes, start: Minutes, minutes: Minutes) -> tuple[Minutes, Minutes]:
    """Sum before each stretch and whole sum, by person and key; shape of ``minutes``."""
    if not len(minutes):
        return minutes, minutes
    order = np.lexsort((start, key, agent))
    new = np.ones(len(order), dtype=bool)
    new[1:] = (agent[order][1:] != agent[order][:-1]) | (key[order][1:] != key[order][:-1])
    group = np.cumsum(new) - 1
    ordered = minutes[order]
    before = np.cumsum(ordered) - ordered
    so_far, total = np.empty_like(minutes), np.empty_like(minutes)
    so_far[order] = before - before[np.flatnonzero(new)][group]
    total[order] = np.add.reduceat(ordered, np.flatnonzero(new))[group]
    return so_far, total
