"""Days of which a wide rota says nothing: no sheet has them, or no sheet that a person stands in."""

import numpy as np

from centre.instants import day_of
from centre.wide.grid import Grid
from centre.wide.notes import WHOLE, Notes


def note_uncovered(grid: Grid, file: str, notes: Notes) -> None:
    """Note days between the first and the last that no sheet has, and people whose sheets lack days of others."""
    days_of = [
        frozenset(column.day for column in table.days if column.day is not None) for table in grid.tables
    ]
    covered = frozenset[int]().union(*days_of)
    place = (len(grid.tables), WHOLE, 2)
    gap = set(range(min(covered), max(covered) + 1)) - covered
    if gap:
        words = f"no sheet has {_told(gap)}; these days were taken as days off."
        notes.add(place, f"{file}: {words}")
    for k in np.flatnonzero(grid.stands_in.sum(axis=1) < len(days_of)).tolist():
        own = frozenset[int]().union(*(days_of[table] for table in np.flatnonzero(grid.stands_in[k])))
        if own < covered:
            agent_id = grid.agents[k]
            words = f"{agent_id} stands in no sheet with {_told(covered - own)}; taken as days off."
            notes.add(place, f"{file}: {words}", agent_id, kind="people who do not stand in every sheet")


def _told(days: "set[int] | frozenset[int]") -> str:
    first, last = day_of(min(days)), day_of(max(days))
    if len(days) == 1:
        return str(first)
    whole = len(days) == max(days) + 1 - min(days)
    return f"{first} to {last}" if whole else f"{len(days)} days from {first} to {last}"
