"""Stretches of clock records: doubles once, overlaps counted once, the day that each belongs to."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from centre.clock.notes import NoteBook
from centre.instants import MINUTES_A_DAY, Minutes, day_number, format_instant
from centre.wall_clock import Flags

SPLIT_GAP_MINUTES = 300
"""Free time from which on the next stretch is another shift, as `scheduler.rota.SPLIT_GAP_MINUTES`."""


@dataclass(frozen=True)
class Rows:
    """Stretches of time, arrays of shape (stretches,).

    ``row`` is the place in the table of the record that a stretch began with; ``start`` and ``end`` are UTC
    minutes, ``day`` the local day number of the start, ``pause`` whether it is a break, ``filled`` whether it
    stands for the time between two records.
    """

    row: NDArray[np.intp]
    start: Minutes
    end: Minutes
    day: Minutes
    pause: Flags
    filled: Flags

    def __len__(self) -> int:
        return len(self.row)

    def at(self, which: NDArray[np.intp] | Flags) -> "Rows":
        """Some of the stretches, in the order asked for."""
        return Rows(
            self.row[which], self.start[which], self.end[which], self.day[which],
            self.pause[which], self.filled[which],
        )  # fmt: skip


def stretches_apart(rows: Rows, agent: NDArray[np.int32], book: NoteBook) -> Rows:
    """Stretches sorted by person and start, none before the end of an earlier one of the same person.

    An exact double is taken once; of an overlap the later stretch keeps what the earlier one leaves. Both are
    noted.
    """
    rows = rows.at(np.lexsort((rows.row, rows.end, rows.start, agent[rows.row])))
    who = agent[rows.row]
    same = np.zeros(len(rows), dtype=bool)
    same[1:] = (who[1:] == who[:-1]) & (rows.start[1:] == rows.start[:-1]) & (rows.end[1:] == rows.end[:-1])
    for k in np.flatnonzero(same):
        words = f"the record of row {book.table.rows[rows.row[k - 1]]} once more; it was taken once."
        book.row("records told twice", int(rows.row[k]), words, int(rows.day[k]))
    rows, who = rows.at(~same), who[~same]
    if not len(rows):
        return rows
    apart = who.astype(np.int64) << 40
    until = (np.maximum.accumulate(rows.end + apart) - apart)[:-1]
    late = np.zeros(len(rows), dtype=bool)
    late[1:] = (who[1:] == who[:-1]) & (rows.start[1:] < until)
    start = rows.start.copy()
    start[1:] = np.where(late[1:], until, start[1:])
    for k in np.flatnonzero(late):
        both = min(int(rows.end[k]), int(start[k])) - int(rows.start[k])
        words = (
            f"overlaps an earlier record of the same person by {both} min from "
            f"{format_instant(int(rows.start[k]))}; the time was counted once."
        )
        book.row("records that overlap", int(rows.row[k]), words, int(rows.day[k]))
    rows = replace(rows, start=start)
    return rows.at(rows.start < rows.end)


def shift_days(
    rows: Rows,
    agent: NDArray[np.int32],
    shift: NDArray[np.object_] | None,
    given: NDArray[np.object_] | None,
    fill: bool,
) -> Rows:
    """Each stretch with the day of the shift that it belongs to; with ``fill`` breaks between stretches.

    A stretch begins a new shift where `SPLIT_GAP_MINUTES` or more are free before it, where the shift's name
    changes, or 24 hours after the shift began. ``given`` are days that the file tells, None where it does not.
    """
    if not len(rows):
        return rows
    who = agent[rows.row]
    gap = np.append(SPLIT_GAP_MINUTES, rows.start[1:] - rows.end[:-1])
    new = np.append(True, who[1:] != who[:-1]) | (gap >= SPLIT_GAP_MINUTES)
    if shift is not None:
        names = shift[rows.row]
        new[1:] |= names[1:] != names[:-1]
    head = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    spell = (rows.start - rows.start[head]) // MINUTES_A_DAY  # nobody's shift lasts longer than a day
    new[1:] |= (head[1:] == head[:-1]) & (spell[1:] != spell[:-1])
    head = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    day = rows.day[head]
    if given is not None:
        told = given[rows.row]
        known = np.array([d is not None for d in told], dtype=bool)
        day = np.where(known, [day_number(d) if d is not None else 0 for d in told], day)
    rows = replace(rows, day=day)
    return _filled(rows, ~new & (gap > 0)) if fill else rows


def _filled(rows: Rows, after_gap: Flags) -> Rows:
    """A break in front of every stretch marked."""
    at = np.flatnonzero(after_gap)
    yes = np.ones(len(at), dtype=bool)
    gaps = Rows(rows.row[at], rows.end[at - 1], rows.start[at], rows.day[at], yes, yes)
    columns = ("row", "start", "end", "day", "pause", "filled")
    joined = Rows(*(np.insert(getattr(rows, name), at, getattr(gaps, name)) for name in columns))
    return joined
