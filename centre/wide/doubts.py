"""What the cells of a wide rota leave open: codes without meaning, days told twice, overlaps, clock changes."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from centre.wide.cells import Meaning, Piece
from centre.wide.grid import Grid
from centre.wide.layout import NOTHING
from centre.wide.notes import DAYS, MOST_NOTES, WHOLE, Notes
from centre.wide.shifts import Indices, Laid

_BLANK, _UNKNOWN, _OFF, _SHIFT = range(4)


def judged_cells(grid: Grid, meanings: list[Meaning | None], notes: Notes, file: str) -> Indices:
    """The cells with shifts that are judged; those without meaning, contradictions and assumptions are noted.

    ``meanings`` are of every text of the grid, None where it has none.
    """
    kinds = np.array([_kind(*one) for one in zip(grid.texts, meanings, strict=True)], dtype=np.int8)
    kind = kinds[grid.text]
    _note_unknown(grid, np.flatnonzero(kind == _UNKNOWN), notes)
    kept = kind == _SHIFT
    kept[_contradicted(grid, kind, notes)] = False
    judged = np.flatnonzero(kept)
    _note_doubtful(grid, meanings, judged, notes)
    _note_assumed_off(grid, meanings, notes, file)
    return judged


def note_shifts(grid: Grid, laid: Laid, notes: Notes, file: str) -> None:
    """Note what is doubtful about shifts: clock changes, overlaps, breaks that are not told."""
    _note_clocks(grid, laid, notes)
    _note_overlaps(grid, laid, notes)
    _note_breaks(grid, laid, notes, file)


def _kind(text: str, meaning: Meaning | None) -> int:
    if meaning is None:
        return _BLANK if text in NOTHING else _UNKNOWN
    return _SHIFT if meaning.pieces else _OFF


def _note_unknown(grid: Grid, cells_: Indices, notes: Notes) -> None:
    kind = "codes that are not in the legend"
    for cell in cells_[:MOST_NOTES].tolist():
        agent_id, code = grid.agents[grid.agent[cell]], grid.texts[grid.text[cell]]
        words = f"code {code[:20]!r} is not in the legend; the cell of {agent_id} was left out."
        notes.add(grid.key(cell), f"{grid.place(cell)}: {words}", agent_id, int(grid.day[cell]), kind)
    notes.more(kind, len(cells_[MOST_NOTES:]))


def _contradicted(grid: Grid, kind: NDArray[np.int8], notes: Notes) -> Indices:
    """Cells that another cell of the same person and day outdoes: the first that tells of work is judged."""
    told = (
        np.flatnonzero(grid.repeated[grid.agent] & (kind >= _OFF))
        if len(grid.agent)
        else np.zeros(0, np.int64)
    )
    told = told[np.lexsort((told, grid.day[told], grid.agent[told]))]
    new = (np.diff(grid.agent[told]) != 0) | (np.diff(grid.day[told]) != 0)
    edges = np.flatnonzero(np.concatenate([[True], new, [True]])) if len(told) else np.zeros(1, np.int64)
    dropped: list[int] = []
    for k in np.flatnonzero(np.diff(edges) > 1).tolist():
        group = told[edges[k] : edges[k + 1]].tolist()
        judged = next((cell for cell in group if kind[cell] == _SHIFT), group[0])
        for cell in group:
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
    notes.add(
        (len(grid.tables), DAYS), f"{grid.place(cell)}: {words}", agent_id, day, "a person's day told twice"
    )


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
        kind = "cells that tell of a shift and of a day off"
        notes.add(grid.key(cell), f"{grid.place(cell)}: {words}", agent_id, int(grid.day[cell]), kind)


def _note_assumed_off(grid: Grid, meanings: list[Meaning | None], notes: Notes, file: str) -> None:
    count = np.bincount(grid.text, minlength=len(grid.texts))
    for code, meaning, cells_ in zip(grid.texts, meanings, count.tolist(), strict=True):
        if meaning is not None and meaning.assumed and cells_:
            words = f"code {code!r} is not in the legend; it was taken as a day off in {cells_} cell(s)."
            notes.add((len(grid.tables), WHOLE, 0), f"{file}: {words}")


def _note_clocks(grid: Grid, laid: Laid, notes: Notes) -> None:
    told = np.array([bool(words) for words in laid.words], dtype=bool)
    for k in np.flatnonzero(told[laid.which]).tolist() if len(told) else ():
        cell, code = int(laid.cell[k]), laid.pieces[laid.piece[k]].code
        agent_id = grid.agents[grid.agent[cell]]
        for words in laid.words[laid.which[k]]:
            sentence = f"{grid.place(cell)}: {agent_id}, code {code!r}: {words}"
            kind = "times that clocks skip or show twice"
            notes.add(grid.key(cell), sentence, agent_id, int(grid.day[cell]), kind)


def _note_overlaps(grid: Grid, laid: Laid, notes: Notes) -> None:
    agent, start, end = grid.agent[laid.cell], laid.start[laid.which], laid.end[laid.which]
    over = (agent[1:] == agent[:-1]) & (end[:-1] > start[1:])
    for k in np.flatnonzero(over).tolist():
        cell, before = int(laid.cell[k + 1]), int(laid.cell[k])
        code, other = (laid.pieces[laid.piece[one]].code for one in (k + 1, k))
        agent_id, day = grid.agents[agent[k]], int(grid.day[cell])
        when = "on the same day" if day == grid.day[before] else "the day before"
        words = f"code {code!r} of {agent_id} begins {end[k] - start[k + 1]} min before the end of {other!r} {when}"
        sentence = f"{grid.place(cell)}: {words}; both were judged."
        notes.add((len(grid.tables), DAYS), sentence, agent_id, day, "shifts that overlap")


def _note_breaks(grid: Grid, laid: Laid, notes: Notes, file: str) -> None:
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
