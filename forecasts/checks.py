"""History checked before anything is learned from it: types, doubles, corrections, span.

Every fault is noted with its row; nothing is repaired in silence.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Faults
from centre.instants import Minutes, day_of, format_instant, from_timestamps
from centre.versions import VALUES, Versions, recorded_of, versions
from forecasts.grid import Bools, Floats, local_positions
from forecasts.offered import offered_by

FILE = "history"
LENGTHS = (5, 6, 10, 12, 15, 20, 30, 60)  # minutes that an interval may last
SHORTEST_DAYS = 7
CLOSED_DAYS = 2  # a weekend after the last row still belongs to its week
LONGEST_SILENCE_DAYS = 91  # beyond a quarter, the level of today is anybody's guess
WARN_SILENCE_DAYS = 28
MOST_FAULTS = 100  # of one kind, told one by one
NUMBERS = ("offered", "aht_seconds", "handled", "abandoned_short", "transferred_in")


@dataclass(frozen=True)
class Rows:
    """A history's rows by queue and instant, of each interval the one that holds.

    Parameters
    ----------
    table : columns ``queue, instant, offered, aht_seconds, handled, row``, sorted by queue (in the order of
        the file) and instant
    names : queues in the order of the file
    edges : ``table[edges[k]:edges[k + 1]]`` are the rows of ``names[k]``
    doubled, replaced, unseen : rows of each queue left out: say the same as another, were corrected, or were
        recorded too late
    taken_off : contacts of each queue that the definition of offered leaves out
    """

    table: pd.DataFrame
    names: list[str]
    edges: Minutes
    doubled: Minutes
    replaced: Minutes
    unseen: Minutes
    taken_off: Floats

    def of(self, name: str) -> pd.DataFrame:
        """The rows of one queue; none where it is not in the file."""
        k = self.names.index(name) if name in self.names else len(self.names)
        begin, end = (self.edges[k], self.edges[k + 1]) if k < len(self.names) else (0, 0)
        return self.table.iloc[begin:end]


def typed_table(history: pd.DataFrame) -> pd.DataFrame:
    """The columns used, as numbers and UTC minutes, each row with its line in the file; see `Rows`.

    Raises
    ------
    BadInput
        where a column is missing, times carry no zone, a value is no number, negative or infinite, or rows
        contradict each other.
    """
    faults = Faults()
    rows = typed_rows(history, faults)
    faults.raise_if_any()
    return rows.table


def typed_rows(
    history: pd.DataFrame, faults: Faults, *, seen_before: int | None = None, definition: str = "all"
) -> Rows:
    """The rows that hold, as numbers and UTC minutes; what is wrong is noted in ``faults``, and such rows are
    not whole.

    Parameters
    ----------
    seen_before : UTC minutes from which on corrections are not seen (see `centre.versions`); None: all are
    definition : what counts as offered (see `forecasts.offered`)

    Raises
    ------
    BadInput
        where a column is missing or times carry no zone, so that there is nothing to go on with.
    """
    _check_columns(history, faults)
    lines, timed = _lines(history), ~np.asarray(history["interval_start"].isna())
    _note(~timed, lines, "interval_start", "an instant", faults)
    codes, names = _queue_codes(history["queue"])
    table = _numbers_of(history, lines, timed, faults)
    values = table[[name for name in VALUES if name in table]].to_numpy()
    found = versions(codes, table["instant"].to_numpy(), values, recorded_of(history), seen_before)
    _note_contradictions(found, timed, table, names[codes], faults)
    offered = offered_by(definition, table, faults)
    taken_off = np.nan_to_num(table["offered"].to_numpy() - offered)
    table = table.assign(queue=pd.Categorical.from_codes(codes, pd.Index(names)), offered=offered)
    kept = np.flatnonzero(found.kept & timed)
    order = kept[np.lexsort((table["instant"].to_numpy()[kept], codes[kept]))]
    by_queue = partial(np.bincount, minlength=len(names))
    return Rows(
        table[["queue", "instant", "offered", "aht_seconds", "handled", "row"]].iloc[order],
        [str(name) for name in names],
        np.searchsorted(codes[order], np.arange(len(names) + 1)),
        by_queue(codes[found.doubled]),
        by_queue(codes[found.replaced]),
        by_queue(codes[found.unseen]),
        np.asarray(by_queue(codes[kept], weights=taken_off[kept]), dtype=np.float64),
    )


def _check_columns(history: pd.DataFrame, faults: Faults) -> None:
    missing = [name for name in ("interval_start", "queue", "offered") if name not in history.columns]
    for column in missing:
        faults.add(FILE, f"a column {column}", column=column)
    for column in ("interval_start", "recorded_at"):
        if column in history and not isinstance(kind := history[column].dtype, pd.DatetimeTZDtype):
            faults.add(FILE, "timestamps with a time zone", column=column, found=kind)
    faults.raise_if_any()


def _queue_codes(column: "pd.Series[str]") -> tuple[Minutes, NDArray[np.object_]]:
    """Code of each row's queue and the names, in the order of the file."""
    codes, found = pd.factorize(column, use_na_sentinel=False)
    again, names = pd.factorize(np.array([str(name) for name in found], dtype=object))
    return again[codes], np.asarray(names, dtype=object)


def _lines(history: pd.DataFrame) -> Minutes:
    return np.asarray(history["row"] if "row" in history else np.arange(len(history)) + 2, dtype=np.int64)


def _numbers_of(history: pd.DataFrame, lines: Minutes, timed: Bools, faults: Faults) -> pd.DataFrame:
    """Line, UTC minutes and the columns of numbers of every row; without ``handled`` all offered count."""
    stamps = history["interval_start"]
    instants = from_timestamps(stamps if timed.all() else stamps.where(timed, pd.Timestamp(0, tz="UTC")))
    known = [name for name in NUMBERS if name in history]
    columns = {name: _numbers(history, name, lines, faults) for name in known}
    table = pd.DataFrame({"row": lines, "instant": instants} | columns)
    for name, otherwise in (("aht_seconds", np.nan), ("handled", table["offered"])):
        if name not in table:
            table[name] = otherwise
    return table


def _numbers(history: pd.DataFrame, name: str, lines: Minutes, faults: Faults) -> Floats:
    """A column as floats, NaN where empty; text, negative and infinite values are faults."""
    values = np.array(pd.to_numeric(history[name], errors="coerce"), dtype=np.float64)
    wrong = (np.isnan(values) & np.asarray(history[name].notna())) | np.isinf(values) | (values < 0)
    _note(wrong, lines, name, "a number of 0 or more", faults, history[name])
    return np.where(wrong, 0.0, values)


def _note(
    wrong: Bools,
    lines: Minutes,
    column: str,
    expected: str,
    faults: Faults,
    found: "pd.Series[Any] | None" = None,
) -> None:
    """A fault for each row that is wrong, the rest as a count where there are many."""
    rows = np.flatnonzero(wrong)
    for k in rows[:MOST_FAULTS].tolist():
        shown = "" if found is None else found.iloc[k]
        faults.add(FILE, expected, found=shown, row=int(lines[k]), column=column)
    if len(rows) > MOST_FAULTS:
        more = f"{len(rows) - MOST_FAULTS:,} more rows"
        faults.add(FILE, f"{expected}, in every row", found=more, column=column)


def _note_contradictions(
    found: Versions, timed: Bools, table: pd.DataFrame, queues: NDArray[np.object_], faults: Faults
) -> None:
    """A queue has one row an interval; both rows of a double are named."""
    rows = np.flatnonzero((found.contradicts >= 0) & timed)
    lines, instants = table["row"].to_numpy(), table["instant"].to_numpy()
    for k in rows[:MOST_FAULTS].tolist():
        first = lines[found.contradicts[k]]
        expected = f"one row a queue and interval: row {first} has the same with other numbers"
        shown = f"{queues[k]} {format_instant(int(instants[k]))}"
        faults.add(FILE, expected, found=shown, row=int(lines[k]), column="interval_start")
    if len(rows) > MOST_FAULTS:
        more = f"{len(rows) - MOST_FAULTS:,} more rows"
        faults.add(FILE, "one row a queue and interval", found=more, column="interval_start")


def long_enough(rows: pd.DataFrame, queue: str, start_day: int, zone: ZoneInfo, faults: Faults) -> bool:
    """Whether there is a week of history that ended at most a quarter before the start; a fault where not."""
    known = rows["instant"].to_numpy()[rows["offered"].notna().to_numpy()]
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
