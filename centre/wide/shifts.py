"""The cells of a wide rota as shifts, and shifts as the rows of ``rota.csv``: every distinct code and day once."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import day_of, existing_instant, from_minutes, local_instant, to_minutes, to_timestamps
from centre.shift_legend import LegendCode
from centre.wide.cells import Meaning, Piece
from centre.wide.grid import Grid

Indices = NDArray[np.int64]
_COLUMNS = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
Row = tuple[int, int, str, bool]


@dataclass(frozen=True)
class Laid:
    """Shifts by person, day and start: the cell and piece of each, and which of the distinct (zone, day, piece)
    it is; of those the rows, ends and words on clock changes.
    """

    cell: Indices
    piece: Indices
    which: Indices
    pieces: list[Piece]
    rows: list[list[Row]]
    words: list[list[str]]
    start: Indices
    end: Indices


def lay(grid: Grid, meanings: list[Meaning | None], cells_: Indices, clock: ZoneInfo) -> Laid:
    """The shifts of cells; ``clock`` is the time zone of people who tell none of their own."""
    book: dict[Piece, int] = {}
    of_text = [
        [book.setdefault(piece, len(book)) for piece in meaning.pieces] if meaning else []
        for meaning in meanings
    ]  # fmt: skip
    count = np.array([len(pieces) for pieces in of_text], dtype=np.int64)
    item, place = _expanded(grid.text[cells_].astype(np.int64), count)
    cell, piece = cells_[item], np.array([one for many in of_text for one in many], dtype=np.int64)[place]
    zones = [clock, *dict.fromkeys(grid.zones.values())]
    zone_of = np.array([zones.index(grid.zones.get(agent, clock)) for agent in grid.agents], dtype=np.int64)
    first = int(grid.day.min()) if len(grid.day) else 0
    span = int(grid.day.max()) + 1 - first if len(grid.day) else 1
    key = (zone_of[grid.agent[cell]] * span + grid.day[cell] - first) * max(len(book), 1) + piece
    distinct, which = np.unique(key, return_inverse=True)
    pieces = list(book)
    laid = []
    for number in distinct.tolist():
        rest, which_piece = divmod(number, len(book))
        zone, day = divmod(rest, span)
        laid.append(_rows(zones[zone], first + day, pieces[which_piece]))
    rows, words = [one[0] for one in laid], [one[1] for one in laid]
    start = np.array([min(row[0] for row in one) for one in rows], dtype=np.int64)
    end = np.array([max(row[1] for row in one) for one in rows], dtype=np.int64)
    rank = np.empty(len(grid.agents), dtype=np.int64)
    rank[sorted(range(len(grid.agents)), key=grid.agents.__getitem__)] = np.arange(len(grid.agents))
    order = np.lexsort((start[which], grid.day[cell], rank[grid.agent[cell]]))
    return Laid(cell[order], piece[order], which[order], pieces, rows, words, start, end)


def _expanded(kind: Indices, count: Indices) -> tuple[Indices, Indices]:
    """Each item once for everything of its kind: which item, and which of all that the kinds have, in a row.

    Parameters
    ----------
    kind : kind of each item, shape (items,)
    count : how many things each kind has, shape (kinds,)

    Examples
    --------
    >>> _expanded(np.array([1, 0]), np.array([1, 2]))
    (array([0, 0, 1]), array([1, 2, 0]))
    """
    times = count[kind]
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(np.arange(len(kind)), times), np.repeat((np.cumsum(count) - count)[kind], times) + within


def _rows(zone: ZoneInfo, day: int, piece: Piece) -> tuple[list[Row], list[str]]:
    """The rows of one shift of one day, and words on times that clocks skip or show twice."""
    shift = piece.shift
    parts = shift.stretches or ((shift.start or 0, shift.end or 0, "work:*", shift.paid),)
    words: dict[str, None] = {}
    rows: list[Row] = []
    for start, end, activity, paid in parts:
        ends = [wall_instant(zone, day, minute) for minute in (start, end)]
        words |= {wrong: None for _, wrong in ends if wrong}
        if ends[0][0] < ends[1][0] or not shift.stretches:
            rows.append((ends[0][0], ends[1][0], activity, paid))
    if not shift.stretches:
        rows = _with_break(*rows[0][:2], shift)
    return rows, list(words)


def _with_break(start: int, end: int, shift: LegendCode) -> list[Row]:
    """The rows of one shift: work, an unpaid meal in its middle, work."""
    pause = min(shift.break_minutes or 0, max(0, end - start - 2))  # clocks may make a night shorter
    middle = start + (end - start - pause) // 2
    work, paid = "work:*", shift.paid
    rows = [(start, middle, work, paid), (middle, middle + pause, "meal", False)] if pause else []
    rows.append((middle + pause if pause else start, end, work, paid))
    return [row for row in rows if row[1] > row[0]] or [(start, end, work, paid)]


@lru_cache(maxsize=65536)  # a year of a thousand people has few different times
def wall_instant(zone: ZoneInfo, day: int, minute: int) -> tuple[int, str]:
    """The instant of a wall-clock time, and words where clocks skip it or show it twice."""
    clock = f"{minute % 1440 // 60:02d}:{minute % 60:02d}"
    instant = local_instant(zone, day, minute)
    if instant is None:
        return existing_instant(zone, day, minute), f"clocks skip {clock}; the first time after it was taken."
    later = to_minutes(from_minutes(instant, zone).replace(fold=1))
    return instant, f"clocks show {clock} twice; the first was taken." if later != instant else ""


def rows_of(grid: Grid, laid: Laid) -> pd.DataFrame:
    """Rows by person, day and start: those of each distinct shift laid out once and then repeated."""
    flat = [row for rows in laid.rows for row in rows]
    count = np.array([len(rows) for rows in laid.rows], dtype=np.int64)
    shift, row = _expanded(laid.which, count)
    cell = laid.cell[shift]
    first = int(grid.day.min()) if len(grid.day) else 0
    dates = np.array(
        [day_of(day) for day in range(first, int(grid.day.max()) + 1)] if len(grid.day) else [], object
    )
    names = [one.code if one.shift.shift is None else one.shift.shift for one in laid.pieces]
    columns = {
        "agent_id": np.array(grid.agents, dtype=object)[grid.agent[cell]],
        "day": dates[grid.day[cell] - first],
        "start": to_timestamps(np.array([one[0] for one in flat], dtype=np.int64)[row]),
        "end": to_timestamps(np.array([one[1] for one in flat], dtype=np.int64)[row]),
        "activity": np.array([one[2] for one in flat], dtype=object)[row],
        "shift": np.array(names, dtype=object)[laid.piece[shift]],
        "paid": np.array([one[3] for one in flat], dtype=bool)[row],
    }
    return pd.DataFrame(columns, columns=list(_COLUMNS))
