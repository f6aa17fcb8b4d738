"""Work that may wait as the table of ``deferred.csv`` and ``backlog.csv``, and as items on a grid."""

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import Grid, from_timestamps, to_timestamps
from centre.model import Settings
from scheduler.staffing.deferred import Work
from scheduler.staffing.demand import grid_of
from scheduler.staffing.service import work_of

COLUMNS = ("queue", "release", "due", "contacts", "work_minutes")


def works_of(table: pd.DataFrame | None, grid: Grid) -> dict[str, Work]:
    """Work left from before a grid, by queue; what the table has from within the grid counts as left over too.

    Parameters
    ----------
    table : columns of ``deferred.csv``, instants aware; None for no work
    """
    if table is None or not len(table):
        return {}
    found = {}
    for name, rows in table.groupby("queue"):
        release = (from_timestamps(rows["release"]) - grid.start) // grid.interval_minutes
        due = -((grid.start - from_timestamps(rows["due"])) // grid.interval_minutes) - 1
        contacts, minutes = (rows[column].to_numpy(dtype=float) for column in COLUMNS[3:])
        found[str(name)] = Work(np.minimum(release, -1), due, contacts, minutes)
    return found


def work_table(works: dict[str, Work], grid: Grid) -> pd.DataFrame:
    """Items of work as the table of ``deferred.csv``, by queue, due time and release."""
    tables = []
    for name, work in works.items():
        columns = {
            "queue": name,
            "release": to_timestamps(grid.start + work.release * grid.interval_minutes),
            "due": to_timestamps(grid.start + (work.due + 1) * grid.interval_minutes),
            "contacts": work.contacts,
            "work_minutes": work.minutes,
        }
        tables.append(pd.DataFrame(columns, columns=list(COLUMNS)))
    if not tables:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(tables).sort_values(["queue", "due", "release"], kind="stable", ignore_index=True)


def deferred_work(
    requirement: pd.DataFrame, settings: Settings, backlog: pd.DataFrame | None = None
) -> pd.DataFrame:
    """All work that may wait of a horizon: what comes to deferred queues by its requirement, and what is left from before."""
    grid, place = grid_of(requirement, settings, Faults())
    before, works = works_of(backlog, grid), dict[str, Work]()
    for queue in (q for q in settings.queue if q.deferred):
        rows = (requirement["queue"] == queue.name).to_numpy()
        offered, aht = np.zeros(len(grid.starts)), np.ones(len(grid.starts))
        offered[place[rows]] = requirement["offered"].to_numpy(dtype=float)[rows]
        aht[place[rows]] = requirement["aht_seconds"].to_numpy(dtype=float)[rows]
        works[queue.name] = work_of(queue, grid, offered, aht, before.get(queue.name))
    return work_table(works, grid)
