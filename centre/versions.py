"""Rows that tell of the same interval: doubles, and corrections with the time at which they were recorded.

Of rows with the same queue and interval the one recorded last holds, as far as it had been recorded by then;
rows alike in everything are one row; rows that differ and were recorded at the same time contradict each
other.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, from_timestamps

ALWAYS_KNOWN = np.iinfo(np.int64).min
VALUES = (
    "offered",
    "aht_seconds",
    "handled",
    "abandoned",
    "within_target",
    "abandoned_short",
    "transferred_in",
)
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Versions:
    """What each row of a table is, shape (rows,); exactly one holds of each row.

    Parameters
    ----------
    kept : holds
    doubled : says the same as an earlier row
    replaced : corrected by a row recorded later
    unseen : recorded at or after the moment asked for
    contradicts : position of the row that it contradicts, -1 where none
    """

    kept: Bools
    doubled: Bools
    replaced: Bools
    unseen: Bools
    contradicts: Minutes


def versions(
    queues: Minutes,
    instants: Minutes,
    values: NDArray[np.float64],
    recorded: Minutes | None = None,
    seen_before: int | None = None,
) -> Versions:
    """Sort out rows of the same queue and interval.

    Parameters
    ----------
    queues, instants : code of the queue and UTC minutes of the interval, shape (rows,)
    values : what the rows say, shape (rows, columns), NaN where nothing
    recorded : UTC minutes at which each row was recorded, `ALWAYS_KNOWN` where it does not say; None: no row
        does
    seen_before : UTC minutes from which on recorded rows are not seen; None: all are
    """
    rows = len(instants)
    recorded = np.full(rows, ALWAYS_KNOWN) if recorded is None else recorded
    unseen = np.zeros(rows, dtype=bool) if seen_before is None else recorded >= seen_before
    order = np.lexsort((recorded, instants, queues))
    order = order[~unseen[order]]  # stable: within a tie, rows stay in the order of the file
    same = _same_as_before(order, queues, instants)
    tied = same & _same_as_before(order, recorded)
    doubled, contradicts = np.zeros(rows, dtype=bool), np.full(rows, -1, dtype=np.int64)
    if tied.any():
        first = order[np.maximum.accumulate(np.where(tied, 0, np.arange(len(order))))]
        alike = (np.nan_to_num(values[order], nan=-1) == np.nan_to_num(values[first], nan=-1)).all(axis=1)
        doubled[order[tied & alike]] = True
        contradicts[order[tied & ~alike]] = first[tied & ~alike]
    replaced = np.zeros(rows, dtype=bool)
    if (same & ~tied).any():
        newest = _newest(same, tied)
        replaced[order[~newest]] = True
        replaced &= ~doubled & (contradicts < 0)
    kept = ~(doubled | replaced | unseen | (contradicts >= 0))
    return Versions(kept, doubled, replaced, unseen, contradicts)


def latest_rows(history: pd.DataFrame) -> pd.DataFrame:
    """A history's rows that hold, corrections put in place of what they correct; a table without any is
    returned as it is.
    """
    queues = pd.factorize(history["queue"])[0]
    values = history[[name for name in VALUES if name in history]].to_numpy(dtype=np.float64)
    found = versions(queues, from_timestamps(history["interval_start"]), values, recorded_of(history))
    return history if found.kept.all() else history[found.kept].reset_index(drop=True)


def recorded_of(history: pd.DataFrame) -> Minutes | None:
    """UTC minutes of ``recorded_at``, `ALWAYS_KNOWN` where it is empty; None without such a column."""
    if "recorded_at" not in history:
        return None
    stamps = history["recorded_at"]
    return np.where(stamps.isna(), ALWAYS_KNOWN, from_timestamps(stamps.fillna(pd.Timestamp(0, tz="UTC"))))


def _same_as_before(order: Minutes, *keys: Minutes) -> Bools:
    """Whether each row, in that order, has the keys of the one before it."""
    same = np.zeros(len(order), dtype=bool)
    if len(order):
        same[1:] = np.logical_and.reduce([key[order][1:] == key[order][:-1] for key in keys])
    return same


def _newest(same: Bools, tied: Bools) -> Bools:
    """Whether each row, sorted, was recorded last of those with its queue and interval (ties included)."""
    group = np.cumsum(~same)
    record = np.cumsum(~tied)
    last = np.full(group[-1] + 1, -1)
    np.maximum.at(last, group, record)
    return np.asarray(record == last[group])
