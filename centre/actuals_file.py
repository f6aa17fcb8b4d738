"""Reading ``actuals.csv``: the day so far, in the columns of history, and how many customers are waiting or in service.

A row of an interval under way counts what came up to then. With ``recorded_at`` a file may tell of the same interval again and again:
each row holds from when it was recorded. Without it a row's ``customers_online`` and ``waiting`` are those at the interval's end, or now
where that is still to come.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import MINUTES_A_DAY, day_start, format_instant, from_timestamps
from centre.interval_files import HISTORY, HISTORY_OPTIONAL, history_rows
from centre.tables import read_table
from centre.versions import ALWAYS_KNOWN, latest_rows, recorded_of

STATE = ("customers_online", "waiting", "longest_wait_seconds")
"""Columns that tell of one moment rather than of the interval."""


@dataclass(frozen=True, eq=False)
class Today:
    """The local day so far, as it was known at ``now``.

    Parameters
    ----------
    counts : one row a queue and interval that began before ``now``, the latest that was recorded: the columns of
        history, and ``passed_minutes``, how much of the interval the row counts
    states : one row a queue and moment up to ``now``, in order of time: ``at`` (UTC minutes), ``queue`` and `STATE`, NaN where not told
    notes : sentences on what was left out
    now, start, end : UTC minutes, of the moment and of its local day
    """

    counts: pd.DataFrame
    states: pd.DataFrame
    notes: tuple[str, ...]
    now: int
    start: int
    end: int


def read_actuals(
    path: Path, zone: ZoneInfo, queues: Collection[str] | None = None, interval_minutes: int | None = None
) -> pd.DataFrame:
    """The table of an actuals file: the columns of `centre.folder.Centre.history`, and `STATE` with NaN where it is not told.

    A file with a header alone is a day of which nothing is known yet. ``queues`` and ``interval_minutes`` None leave out the checks that
    need them.

    Raises
    ------
    BadInput
        with every fault of the file.
    """
    faults = Faults()
    table = read_table(path, HISTORY, (*HISTORY_OPTIONAL, *STATE), faults)
    faults.raise_if_any()
    assert table is not None
    frame = history_rows(table, zone, None if queues is None else dict.fromkeys(queues), interval_minutes)
    told = {
        name: table.numbers(name, 0, optional=True) if name in table else np.full(len(table), np.nan)
        for name in STATE
    }
    more = np.flatnonzero(~table.bad & (told["waiting"] > told["customers_online"]))
    words = "no more than customers_online: they are waiting or in service"
    table.blame(more, "waiting", words, lambda k: table.cell("waiting", k))
    faults.raise_if_any()
    place = np.searchsorted(table.rows, frame["row"].to_numpy(dtype=np.int64))
    frame = frame.assign(**{name: values[place] for name, values in told.items()})
    frame.attrs["warnings"] = list(faults.warnings)
    return frame


def local_day(now: int, zone: ZoneInfo) -> tuple[int, int]:
    """UTC minutes at which the local day of an instant begins and ends.

    Examples
    --------
    >>> start, end = local_day(0, ZoneInfo("Asia/Shanghai"))  # 08:00 on 1 January 1970
    >>> start, end
    (-480, 960)
    """
    day = (now + 2 * MINUTES_A_DAY) // MINUTES_A_DAY  # later than the local day anywhere
    while day_start(zone, day) > now:
        day -= 1
    return day_start(zone, day), day_start(zone, day + 1)


def today_so_far(actuals: pd.DataFrame, now: int, zone: ZoneInfo, interval_minutes: int) -> Today:
    """What of an actuals table was known of this local day at ``now`` (UTC minutes).

    Rows that begin or were recorded after it, or at it with nothing passed, are left out, and so are those of other days: each
    counted in a note.
    """
    start, end = local_day(now, zone)
    rows = actuals.reindex(columns=list(dict.fromkeys([*actuals.columns, *STATE])))
    at, recorded = from_timestamps(rows["interval_start"]), recorded_of(rows)
    until = np.minimum(at + interval_minutes, now)
    if recorded is not None:
        until = np.where(recorded == ALWAYS_KNOWN, until, np.minimum(until, recorded))
    other = at < start
    later = ~other & (at >= now)
    unseen = np.zeros(len(at), dtype=bool) if recorded is None else (recorded > now) & ~later & ~other
    early = ~(other | later | unseen) & (until <= at)
    notes = [
        f"actuals: {_rows(left_out.sum())} left out, {why}"
        for left_out, why in (
            (other, "of days before this one"),
            (later, f"at or after now, {format_instant(now)}"),
            (unseen, f"recorded after now, {format_instant(now)}"),
            (early, "recorded before their interval had begun"),
        )
        if left_out.any()
    ]
    passed = rows.assign(passed_minutes=until - at)[~(other | later | unseen | early)]
    states = _states(passed)
    counts = latest_rows(passed.reset_index(drop=True)).drop(columns=list(STATE))
    return Today(counts, states, tuple(notes), now, start, end)


def _states(passed: pd.DataFrame) -> pd.DataFrame:
    """The moments of which a file tells how many customers are there."""
    at = from_timestamps(passed["interval_start"]) + passed["passed_minutes"].to_numpy()
    recorded = recorded_of(passed)
    if recorded is not None:
        at = np.where(recorded == ALWAYS_KNOWN, at, recorded)
    told = passed[["queue", *STATE]].assign(at=at)[passed[list(STATE)].notna().any(axis=1)]
    return told.sort_values(["at", "queue"], kind="stable").reset_index(drop=True)[["at", "queue", *STATE]]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
