"""The cells of a wide rota as shifts, and shifts as the rows of ``rota.csv``: every distinct code and day once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import day_of, existing_instant, from_minutes, local_instant, to_minutes, to_timestamps
from centre.shift_legend import LegendCode
from centre.wide_cells import Meaning, Piece
from centre.wide_grid import Grid
from centre.wide_layout import NOTHING
from centre.wide_notes import DAYS, MOST_NOTES, WHOLE, Notes

Indices = NDArray[np.int64]
_BLANK, _UNKNOWN, _OFF, _SHIFT = range(4)
_COLUMNS = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
Row = tuple[int, int, str, bool]


def frame_of(
    grid: Grid, meanings: list[Meaning | None], clock: ZoneInfo, notes: Notes, file: str
) -> pd.DataFrame:
    """The table of ``rota.csv`` by person and day; cells without meaning, contradictions, clock changes and
    overlaps are noted.

    Parameters
    ----------
    meanings : of every text of the grid, None where it has none
    clock : the time zone of people who tell none of their own
    """
    kinds = np.array([_kind(*one) for one in zip(grid.texts, meanings, strict=True)], dtype=np.int8)
    kind = kinds[grid.text]
    _note_unknown(grid, np.flatnonzero(kind == _UNKNOWN), notes)
    kept = kind == _SHIFT
    kept[_contradicted(grid, kind, notes)] = False
    _note_doubtful(grid, meanings, np.flatnonzero(kept), notes)
    _note_assumed_off(grid, meanings, notes, file)
    laid = _lay(grid, meanings, np.flatnonzero(kept), clock)
    _note_clocks(grid, laid, notes)
    _note_overlaps(grid, laid, notes)
    _note_breaks(grid, laid, notes, file)
    return _frame(grid, laid)


def _kind(text: str, meaning: Meaning | None) -> int:
    if meaning is None:
        return _BLANK if text in NOTHING else _UNKNOWN
    return _SHIFT if meaning.pieces else _OFF


@dataclass
class _Laid:
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


def _lay(grid: Grid, meanings: list[Meaning | None], cells_: Indices, clock: ZoneInfo) -> _Laid:
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
    return _Laid(cell[order], piece[order], which[order], pieces, rows, words, start, end)


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


def _note_unknown(grid: Grid, cells_: Indices, notes: Notes) -> None:
    for cell in cells_[:MOST_NOTES].tolist():
        agent_id, code = grid.agents[grid.agent[cell]], grid.texts[grid.text[cell]]
        words = f"code {code[:20]!r} is not in the legend; the cell of {agent_id} was left out."
        notes.add(grid.key(cell), f"{grid.place(cell)}: {words}", agent_id, int(grid.day[cell]))
    if len(cells_) > MOST_NOTES:
        codes = Counter(grid.texts[code][:20] for code in grid.text[cells_[MOST_NOTES:]].tolist())
        told = ", ".join(f"{code!r} in {count:,}" for code, count in codes.most_common(10))
        words = f"{len(cells_) - MOST_NOTES:,} more cell(s) with codes that the legend lacks were left out: {told}."
        notes.add((len(grid.tables), DAYS), words)


def _contradicted(grid: Grid, kind: NDArray[np.int8], notes: Notes) -> Indices:
    """Cells that another cell of the same person and day outdoes: the first that tells of work is judged."""
    told = (
        np.flatnonzero(grid.repeated[grid.agent] & (kind >= _OFF))
        if len(grid.agent)
        else np.zeros(0, np.int64)
    )
    told = told[np.lexsort((told, grid.day[told], grid.agent[told]))]
    same = (np.diff(grid.agent[told]) == 0) & (np.diff(grid.day[told]) == 0)
    dropped: list[int] = []
    for group in np.split(told, np.flatnonzero(~same) + 1) if same.any() else ():
        judged = (
            next((cell for cell in group.tolist() if kind[cell] == _SHIFT), int(group[0]))
            if len(group) > 1
            else 0
        )
        for cell in group.tolist() if len(group) > 1 else ():
            if cell != judged:
                dropped.append(cell)
                _note_twice(grid, judged, cell, kind, notes)
    return np.array(dropped, dtype=np.int64)


def _note_twice(grid: Grid, judged: int, cell: int, kind: NDArray[np.int8], notes: Notes) -> None:
    """The note on a second cell of a person's day; none where another table says the same."""
    agent_id, day = grid.agents[grid.agent[cell]], int(grid.day[cell])
    code, other = (grid.texts[grid.text[at]] for at in (cell, judged))
    if code == other:
        if grid.table[cell] != grid.table[judged] or kind[cell] == _OFF:
            return
        words = f"{agent_id} has code {other!r} on this day already; the cell was left out."
    else:
        end = f"{other!r} was judged" if kind[judged] == _SHIFT else "both are days off"
        words = f"code {code!r} of {agent_id} contradicts {other!r} in {grid.place(judged)}; {end}."
    notes.add((len(grid.tables), DAYS), f"{grid.place(cell)}: {words}", agent_id, day)


def _note_doubtful(grid: Grid, meanings: list[Meaning | None], cells_: Indices, notes: Notes) -> None:
    """Cells that tell of a shift and of a day off at once."""
    both = np.array(
        [meaning is not None and bool(meaning.pieces) and meaning.off for meaning in meanings], dtype=bool
    )
    for cell in cells_[both[grid.text[cells_]]].tolist() if len(cells_) else ():
        agent_id, code = grid.agents[grid.agent[cell]], grid.texts[grid.text[cell]]
        words = (
            f"the cell {code[:20]!r} of {agent_id} tells of a shift and of a day off; the shift was judged."
        )
        notes.add(grid.key(cell), f"{grid.place(cell)}: {words}", agent_id, int(grid.day[cell]))


def _note_assumed_off(grid: Grid, meanings: list[Meaning | None], notes: Notes, file: str) -> None:
    count = np.bincount(grid.text, minlength=len(grid.texts))
    for code, meaning, cells_ in zip(grid.texts, meanings, count.tolist(), strict=True):
        if meaning is not None and meaning.assumed and cells_:
            words = f"code {code!r} is not in the legend; it was taken as a day off in {cells_} cell(s)."
            notes.add((len(grid.tables), WHOLE, 0), f"{file}: {words}")


def _note_clocks(grid: Grid, laid: _Laid, notes: Notes) -> None:
    told = np.array([bool(words) for words in laid.words], dtype=bool)
    for k in np.flatnonzero(told[laid.which]).tolist() if len(told) else ():
        cell, code = int(laid.cell[k]), laid.pieces[laid.piece[k]].code
        agent_id = grid.agents[grid.agent[cell]]
        for words in laid.words[laid.which[k]]:
            sentence = f"{grid.place(cell)}: {agent_id}, code {code!r}: {words}"
            notes.add(grid.key(cell), sentence, agent_id, int(grid.day[cell]))


def _note_overlaps(grid: Grid, laid: _Laid, notes: Notes) -> None:
    agent, start, end = grid.agent[laid.cell], laid.start[laid.which], laid.end[laid.which]
    over = (agent[1:] == agent[:-1]) & (end[:-1] > start[1:])
    for k in np.flatnonzero(over).tolist():
        cell, before = int(laid.cell[k + 1]), int(laid.cell[k])
        code, other = (laid.pieces[laid.piece[one]].code for one in (k + 1, k))
        agent_id, day = grid.agents[agent[k]], int(grid.day[cell])
        when = "on the same day" if day == grid.day[before] else "the day before"
        words = f"code {code!r} of {agent_id} begins {end[k] - start[k + 1]} min before the end of {other!r} {when}"
        notes.add((len(grid.tables), DAYS), f"{grid.place(cell)}: {words}; both were judged.", agent_id, day)


def _note_breaks(grid: Grid, laid: _Laid, notes: Notes, file: str) -> None:
    """What is not told about breaks, and how the shifts were judged for it."""
    count = np.bincount(laid.piece, minlength=len(laid.pieces)).tolist()
    pieces = list(zip(laid.pieces, count, strict=True))
    sentences: tuple[tuple[Callable[[Piece], bool], str], ...] = (
        (
            lambda one: bool(one.shift.break_minutes) and not one.shift.stretches,
            "the legend tells how long breaks are, not when; each was laid in the middle of its shift.",
        ),
        (
            lambda one: one.shift.break_minutes is None and not one.by_times,
            "the legend tells no break_minutes; they were judged as worked without a break.",
        ),
        (
            lambda one: one.shift.break_minutes is None and one.by_times,
            "times in cells tell no break; they were judged as worked without a break.",
        ),
        (
            lambda one: one.by_times and any(part[2] == "meal" for part in one.shift.stretches),
            "the time between two times of a cell was taken as an unpaid break.",
        ),
    )
    for concerns, words in sentences:
        number = sum(times for piece, times in pieces if concerns(piece))
        if number:
            notes.add((len(grid.tables), WHOLE, 1), f"{file}, {number} shift(s): {words}")


def _frame(grid: Grid, laid: _Laid) -> pd.DataFrame:
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
