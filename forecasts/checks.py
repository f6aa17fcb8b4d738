"""History checked before anything is learned from it: types, doubles, interval length, span.

Every fault is noted with its row; nothing is repaired in silence.
"""

from collections.abc import Hashable
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Faults
from centre.instants import Minutes, day_of, format_instant, from_timestamps
from forecasts.grid import Floats, local_positions

FILE = "history"
LENGTHS = (5, 6, 10, 12, 15, 20, 30, 60)  # minutes that an interval may last
SHORTEST_DAYS = 7
CLOSED_DAYS = 2  # a weekend after the last row still belongs to its week
LONGEST_SILENCE_DAYS = 91  # beyond a quarter, the level of today is anybody's guess
WARN_SILENCE_DAYS = 28
COARSER_ROWS = 24  # rows in a run on a coarser grid that chance (2 ** -24) does not explain


def typed_table(history: pd.DataFrame) -> pd.DataFrame:
    """The columns used, as numbers and UTC minutes, each row with its line in the file.

    Returns
    -------
    columns ``queue, instant, offered, aht_seconds, handled, row``; without a column ``handled``, all
    offered count as handled.

    Raises
    ------
    BadInput
        where a column is missing, times carry no zone, a value is no number, negative or infinite, or a row
        is doubled.
    """
    faults = Faults()
    for column in ("interval_start", "queue", "offered"):
        if column not in history.columns:
            faults.add(FILE, f"a column {column}", column=column)
    faults.raise_if_any()
    stamps = history["interval_start"]
    if not isinstance(stamps.dtype, pd.DatetimeTZDtype):
        faults.add(FILE, "timestamps with a time zone", column="interval_start", found=stamps.dtype)
        faults.raise_if_any()
    lines = np.asarray(history["row"] if "row" in history else np.arange(len(history)) + 2, dtype=np.int64)
    for k in np.flatnonzero(np.asarray(stamps.isna())):
        faults.add(FILE, "an instant", row=int(lines[k]), column="interval_start")
    offered = _numbers(history, "offered", lines, faults)
    handle_times = _numbers(history, "aht_seconds", lines, faults)
    handled = _numbers(history, "handled", lines, faults) if "handled" in history else offered
    faults.raise_if_any()
    columns = {
        "queue": history["queue"].astype(str).to_numpy(),
        "instant": from_timestamps(stamps),
        "row": lines,
    }
    table = pd.DataFrame(columns | {"offered": offered, "aht_seconds": handle_times, "handled": handled})
    _no_doubles(table, faults)
    faults.raise_if_any()
    return table


def _numbers(history: pd.DataFrame, name: str, lines: Minutes, faults: Faults) -> Floats:
    """A column as floats, NaN where empty or absent; text, negative and infinite values are faults."""
    if name not in history:
        return np.full(len(history), np.nan)
    values = np.array(pd.to_numeric(history[name], errors="coerce"), dtype=np.float64)
    wrong = (np.isnan(values) & np.asarray(history[name].notna())) | np.isinf(values) | (values < 0)
    for k in np.flatnonzero(wrong):
        found = history[name].iloc[int(k)]
        faults.add(FILE, "a number of 0 or more", found=found, row=int(lines[k]), column=name)
    return values


def _no_doubles(table: pd.DataFrame, faults: Faults) -> None:
    """A queue has one row an interval; both rows of a double are named."""
    keys: list[Hashable] = ["queue", "instant"]
    if not (doubled := table.duplicated(keys).to_numpy()).any():
        return
    first = table.groupby(keys, sort=False)["row"].transform("first").to_numpy()
    for k in np.flatnonzero(doubled):
        expected = f"one row a queue and interval: row {first[k]} has the same"
        found = f"{table['queue'].iloc[int(k)]} {format_instant(int(table['instant'].iloc[int(k)]))}"
        faults.add(FILE, expected, found=found, row=int(table["row"].iloc[int(k)]), column="interval_start")


def long_enough(rows: pd.DataFrame, queue: str, start_day: int, zone: ZoneInfo, faults: Faults) -> bool:
    """Whether there is a week of history that ended at most a quarter before the start; a fault where not."""
    known = rows.loc[rows["offered"].notna(), "instant"].to_numpy()
    first, last = _first_and_last_day(known, zone) if len(known) else (0, -1 - CLOSED_DAYS)
    span = min(last + CLOSED_DAYS, start_day - 1) - first + 1
    if span < SHORTEST_DAYS:
        expected = f"at least {SHORTEST_DAYS} days of history of queue {queue} before {day_of(start_day)}"
        faults.add(FILE, expected, found=f"{max(span, 0)} days", column="interval_start")
        return False
    silence = start_day - last - 1
    if silence > LONGEST_SILENCE_DAYS:
        expected = f"history of queue {queue} to within {LONGEST_SILENCE_DAYS} days of {day_of(start_day)}"
        faults.add(FILE, expected, found=f"last row on {day_of(last)}", column="interval_start")
        return False
    if silence > WARN_SILENCE_DAYS:
        faults.warn(f"queue {queue}: history ends on {day_of(last)}, {silence} days before the start")
    return True


def _first_and_last_day(instants: Minutes, zone: ZoneInfo) -> tuple[int, int]:
    days, _ = local_positions(np.array([instants.min(), instants.max()]), zone, 1)
    return int(days[0]), int(days[1])


def interval_length(rows: pd.DataFrame, zone: ZoneInfo, faults: Faults) -> int:
    """Minutes between a queue's rows (sorted by instant); faults where rows leave that grid or it changes."""
    instants, lines = rows["instant"].to_numpy(), rows["row"].to_numpy()
    steps = np.diff(instants)
    counts = [int((steps == minutes).sum()) for minutes in LENGTHS]
    if not any(counts):
        expected = f"rows {', '.join(map(str, LENGTHS))} minutes apart"
        faults.add(FILE, expected, found=f"none of queue {rows['queue'].iloc[0]}", column="interval_start")
        return LENGTHS[-1]
    length = LENGTHS[int(np.argmax(counts))]
    _, minute = local_positions(instants, zone, 1)
    off = np.flatnonzero(minute % length)
    if (change := _change_of_length(minute, steps, length)) is not None:
        expected = f"one interval length throughout; most of the file has {length} minutes"
        faults.add(FILE, expected, found="another from here", row=int(lines[change]), column="interval_start")
        return length
    for k in off:
        expected = f"a start on a multiple of {length} minutes in {zone.key}"
        found = format_instant(instants[k])
        faults.add(FILE, expected, found=found, row=int(lines[k]), column="interval_start")
    return length


def _change_of_length(minute: Minutes, steps: Minutes, length: int) -> int | None:
    """Position of the first row after the interval length changed, or None."""
    finer = np.isin(steps, [minutes for minutes in LENGTHS if minutes < length and length % minutes == 0])
    if finer.sum() >= COARSER_ROWS:
        begin = int(np.argmax(finer))
        return begin if begin else int(np.argmin(finer))
    for coarse in (minutes for minutes in LENGTHS if minutes > length and minutes % length == 0):
        for begin, end in _runs(minute % coarse == 0, COARSER_ROWS):
            if (steps[begin : end - 1] == coarse).mean() > 0.5:
                return begin if begin else end
    return None


def _runs(flags: NDArray[np.bool_], shortest: int) -> list[tuple[int, int]]:
    """Half-open ``(begin, end)`` of every run of True that is long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))).reshape(-1, 2)
    return [(int(begin), int(end)) for begin, end in edges[edges[:, 1] - edges[:, 0] >= shortest]]
