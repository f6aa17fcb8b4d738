"""The rota as columns: one row a stretch of time, integer codes, sorted by person and start."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, day_number, day_of, from_timestamps, to_timestamps

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
COLUMNS = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
PAUSES = ("break", "meal", "split")
"""Kinds of activity inside a shift that are no work; a split is the own time between the parts of a split shift."""
NO_WORK = ("leave", "on_call")
"""Kinds of activity that belong to no shift; standing by at home is none, being called out is work."""
SPLIT_GAP_MINUTES = 300


def running_end(agent: Codes, end: Minutes) -> Minutes:
    """Latest end so far of the same person, row by row, for rows sorted by person; shape (rows,)."""
    apart = agent.astype(np.int64) << 40  # further apart than any two instants
    return np.asarray(np.maximum.accumulate(end + apart) - apart, dtype=np.int64)


def activity_kind(activity: str) -> str:
    """The part of an activity before its colon: work, break, meal, meeting, training, backup, leave."""
    return activity.partition(":")[0]


@dataclass(frozen=True, eq=False)
class Duties:
    """The rota seen shift by shift: all stretches of one person on one day, `NO_WORK` left out.

    Arrays of shape (duties,).
    Where nothing is told of `SPLIT_GAP_MINUTES` or more between two stretches of a day, they are two shifts:
    so the rest between them is seen. ``first`` and ``last`` bound the rows of `Rota` half-open; ``worked``
    leaves out breaks and meals, ``paid`` unpaid stretches. Sorted by person and start.
    """

    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    worked: Minutes
    paid: Minutes
    shift: Codes
    first: Minutes
    last: Minutes

    def __len__(self) -> int:
        return len(self.agent)


@dataclass(frozen=True, eq=False)
class Rota:
    """A rota of any size as arrays of shape (rows,).

    Parameters
    ----------
    agent_ids, shift_names, activities : code books of the columns ``agent``, ``shift``, ``activity``
    day : day number of the local day on which the shift starts
    start, end : UTC minutes, half-open
    paid : whether the stretch is paid
    """

    agent_ids: tuple[str, ...]
    shift_names: tuple[str, ...]
    activities: tuple[str, ...]
    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    activity: Codes
    shift: Codes
    paid: Flags

    def __len__(self) -> int:
        return len(self.agent)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> "Rota":
        """The rota of a table with the columns of ``rota.csv``.

        ``start`` and ``end`` are aware instants, ``day`` is a date, ``paid`` a boolean.
        """
        agent, agent_ids = pd.factorize(frame["agent_id"].astype(str), sort=True)
        shift, shift_names = pd.factorize(frame["shift"].astype(str), sort=True)
        activity, activities = pd.factorize(frame["activity"].astype(str), sort=True)
        start, end = (from_timestamps(pd.to_datetime(frame[name], utc=True)) for name in ("start", "end"))
        which, told = pd.factorize(frame["day"], use_na_sentinel=False)  # few dates, many rows
        dates = pd.to_datetime(pd.Series(told)).dt.date
        day = np.array([day_number(d) for d in dates], dtype=np.int64)[which]
        order = np.lexsort((end, start, agent))
        return cls(
            tuple(agent_ids), tuple(shift_names), tuple(activities),
            agent[order].astype(np.int32), day[order], start[order], end[order],
            activity[order].astype(np.int32), shift[order].astype(np.int32),
            frame["paid"].to_numpy(dtype=bool)[order],
        )  # fmt: skip

    def narrowed(self, rows: Flags) -> "Rota":
        """The rows marked, shape (rows,), and of the people only those who have one."""
        codes, agent = np.unique(self.agent[rows], return_inverse=True)
        return Rota(
            tuple(self.agent_ids[code] for code in codes), self.shift_names, self.activities,
            agent.astype(np.int32), self.day[rows], self.start[rows], self.end[rows], self.activity[rows],
            self.shift[rows], self.paid[rows],
        )  # fmt: skip

    def to_frame(self) -> pd.DataFrame:
        """The table with the columns of ``rota.csv``, instants as aware UTC timestamps."""
        return pd.DataFrame(
            {
                "agent_id": np.array(self.agent_ids, dtype=object)[self.agent],
                "day": [day_of(d) for d in self.day],
                "start": to_timestamps(self.start),
                "end": to_timestamps(self.end),
                "activity": np.array(self.activities, dtype=object)[self.activity],
                "shift": np.array(self.shift_names, dtype=object)[self.shift],
                "paid": self.paid,
            },
            columns=list(COLUMNS),
        )

    def is_kind(self, *kinds: str) -> Flags:
        """Whether each row's activity is of one of these kinds, shape (rows,)."""
        return np.array([activity_kind(a) in kinds for a in self.activities], dtype=bool)[self.activity]

    def stretches(self, rows: NDArray[np.intp]) -> tuple[Minutes, Minutes]:
        """Start and end of rows, a minute that one person has twice taken once."""
        agent, start, end = self.agent[rows], self.start[rows].copy(), self.end[rows]
        if len(rows):
            before = running_end(agent, end)[:-1]
            start[1:] = np.where(agent[1:] == agent[:-1], np.maximum(start[1:], before), start[1:])
        return start, np.maximum(start, end)

    @cached_property
    def on_leave(self) -> Flags:
        """Rows of leave, shape (rows,)."""
        return self.is_kind("leave")

    @cached_property
    def duties(self) -> Duties:
        """Shift by shift, see `Duties`."""
        rows = np.flatnonzero(~self.is_kind(*NO_WORK))
        agent, day = self.agent[rows], self.day[rows]
        new = np.ones(len(rows), dtype=bool)
        idle = self.start[rows][1:] - running_end(agent, self.end[rows])[:-1]
        new[1:] = (agent[1:] != agent[:-1]) | (day[1:] != day[:-1]) | (idle >= SPLIT_GAP_MINUTES)
        heads = np.flatnonzero(new)
        tails = np.append(heads[1:], len(rows))
        length = self.end[rows] - self.start[rows]
        pause = self.is_kind(*PAUSES)[rows]

        def total(values: Minutes) -> Minutes:
            return np.add.reduceat(values, heads) if len(heads) else np.zeros(0, dtype=np.int64)

        ends = np.maximum.reduceat(self.end[rows], heads) if len(heads) else np.zeros(0, dtype=np.int64)
        return Duties(
            agent=agent[heads], day=day[heads], start=self.start[rows][heads], end=ends,
            worked=total(np.where(pause, 0, length)), paid=total(np.where(self.paid[rows], length, 0)),
            shift=self.shift[rows][heads], first=rows[heads],
            last=rows[tails - 1] + 1 if len(heads) else heads,
        )  # fmt: skip

    @cached_property
    def duty(self) -> Minutes:
        """Index into `duties` of each row's shift, -1 for `NO_WORK`, shape (rows,)."""
        owner = np.searchsorted(self.duties.first, np.arange(len(self)), side="right") - 1
        return np.where(self.is_kind(*NO_WORK), -1, owner)


def joined(one: Rota, other: Rota) -> Rota:
    """The rows of two rotas in one."""
    parts = one, other
    agent_ids = sorted({*one.agent_ids, *other.agent_ids})
    shift_names = sorted({*one.shift_names, *other.shift_names})
    activities = sorted({*one.activities, *other.activities})
    agent = _recoded([(p.agent_ids, p.agent) for p in parts], agent_ids)
    start, end = (np.concatenate([getattr(p, name) for p in parts]) for name in ("start", "end"))
    order = np.lexsort((end, start, agent))
    return Rota(
        tuple(agent_ids), tuple(shift_names), tuple(activities), agent[order],
        np.concatenate([p.day for p in parts])[order], start[order], end[order],
        _recoded([(p.activities, p.activity) for p in parts], activities)[order],
        _recoded([(p.shift_names, p.shift) for p in parts], shift_names)[order],
        np.concatenate([p.paid for p in parts])[order],
    )  # fmt: skip


def _recoded(columns: list[tuple[tuple[str, ...], Codes]], book: list[str]) -> Codes:
    """Columns of codes, one after another, in the codes of ``book``."""
    code = {value: k for k, value in enumerate(book)}
    tables = [(np.array([code[value] for value in own], dtype=np.int32), codes) for own, codes in columns]
    return np.concatenate([table[codes] for table, codes in tables])
