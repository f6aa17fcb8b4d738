"""How long a queue's intervals are; where the length changes in mid-file, the finer ones added up to the
coarser.
"""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Faults
from centre.instants import Minutes, format_instant
from forecasts.checks import FILE, LENGTHS, MOST_FAULTS
from forecasts.grid import Floats, local_positions

COARSER_ROWS = 24  # rows in a run on a coarser grid that chance (2 ** -24) does not explain


def interval_length(rows: pd.DataFrame, zone: ZoneInfo, faults: Faults) -> int:
    """Minutes between a queue's rows (sorted by instant), the coarser where the length changes, which is a
    warning; faults where rows leave that grid.
    """
    instants, lines = rows["instant"].to_numpy(), rows["row"].to_numpy()
    queue, steps = str(rows["queue"].iloc[0]), np.diff(instants)
    counts = [int((steps == minutes).sum()) for minutes in LENGTHS]
    if not any(counts):
        expected = f"rows {', '.join(map(str, LENGTHS))} minutes apart"
        faults.add(FILE, expected, found=f"none of queue {queue}", column="interval_start")
        return LENGTHS[-1]
    length = LENGTHS[int(np.argmax(counts))]
    _, minute = local_positions(instants, zone, 1)
    if (change := _change_of_length(minute, steps, length)) is not None:
        row, other = change
        finer, coarser = sorted((length, other))
        faults.warn(
            f"queue {queue}: its intervals have {finer} minutes in one part of the file and {coarser} in the other "
            f"(changes at row {lines[row]}); the finer ones were added up to {coarser} minutes"
        )
        _note_off_grid(instants, minute, lines, finer, zone, faults)
        return coarser
    _note_off_grid(instants, minute, lines, length, zone, faults)
    return length


def coarsened(rows: pd.DataFrame, minutes: int, zone: ZoneInfo) -> pd.DataFrame:
    """Rows with the finer intervals of a file whose length changes added up to ``minutes``.

    A day on which any row lies off the coarser grid is one of finer intervals. Of an interval of which a part
    is missing nothing is known, unless the finer rows leave zeros out altogether.

    Parameters
    ----------
    rows : ``instant`` (sorted), ``offered``, ``aht_seconds``, ``handled`` and others, of one queue
    """
    days, minute = local_positions(rows["instant"].to_numpy(), zone, 1)
    off = minute % minutes != 0
    if not off.any():
        return rows
    fine = np.isin(days, np.unique(days[off]))
    steps = np.diff(rows["instant"].to_numpy()[fine])
    parts = minutes // int(np.bincount(steps[(steps > 0) & (steps < minutes)]).argmax())
    sums = _added_up(rows[fine], rows["instant"].to_numpy()[fine] - minute[fine] % minutes, parts)
    return pd.concat([rows[~fine], sums]).sort_values("instant", kind="stable")


def _added_up(rows: pd.DataFrame, bucket: Minutes, parts: int) -> pd.DataFrame:
    """Sums of the finer rows of each coarser interval; handle times weighed by the contacts handled."""
    offered: Floats = rows["offered"].to_numpy()
    timed = rows["aht_seconds"].notna().to_numpy()
    handled = rows["handled"].fillna(rows["offered"]).to_numpy() * timed
    work = pd.DataFrame(
        {
            "offered": offered,
            "known": ~np.isnan(offered),
            "handled": handled,
            "work": handled * np.nan_to_num(rows["aht_seconds"].to_numpy()),
        }
    )
    sums = work.groupby(bucket, sort=True).sum()
    first = rows.groupby(bucket, sort=True)[["queue", "row"]].first()
    with np.errstate(invalid="ignore"):
        seconds = sums["work"].to_numpy() / sums["handled"].to_numpy()
    table = pd.DataFrame(
        {
            "queue": first["queue"], "instant": sums.index.to_numpy(), "offered": sums["offered"],
            "aht_seconds": seconds, "handled": sums["handled"], "row": first["row"],
        }
    )  # fmt: skip
    zeros_told = bool((offered == 0).any())
    return table[(sums["known"] == parts).to_numpy()] if zeros_told else table


def _note_off_grid(
    instants: Minutes, minute: Minutes, lines: Minutes, length: int, zone: ZoneInfo, faults: Faults
) -> None:
    off = np.flatnonzero(minute % length)
    expected = f"a start on a multiple of {length} minutes in {zone.key}"
    if len(off) > MOST_FAULTS:
        found, row = f"{len(off):,} rows otherwise, from here on", int(lines[off[0]])
        faults.add(
            FILE, f"{expected}, one interval length throughout", found=found, row=row, column="interval_start"
        )
        return
    for k in off.tolist():
        found = format_instant(int(instants[k]))
        faults.add(FILE, expected, found=found, row=int(lines[k]), column="interval_start")


def _change_of_length(minute: Minutes, steps: Minutes, length: int) -> tuple[int, int] | None:
    """Position of the first row after the interval length changed and the other length, or None; of the two
    lengths one is a multiple of the other.
    """
    for fine in (minutes for minutes in LENGTHS if minutes < length and length % minutes == 0):
        finer = steps == fine
        if finer.sum() >= COARSER_ROWS:
            begin = int(np.argmax(finer))
            return (begin if begin else int(np.argmin(finer))), fine
    for coarse in (minutes for minutes in LENGTHS if minutes > length and minutes % length == 0):
        for begin, end in _runs(minute % coarse == 0, COARSER_ROWS):
            if (steps[begin : end - 1] == coarse).mean() > 0.5:
                return (begin if begin else end), coarse
    return None


def _runs(flags: NDArray[np.bool_], shortest: int) -> list[tuple[int, int]]:
    """Half-open ``(begin, end)`` of every run of True that is long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))).reshape(-1, 2)
    return [(int(begin), int(end)) for begin, end in edges[edges[:, 1] - edges[:, 0] >= shortest]]
