"""A requirement that somebody may have edited, checked against the centre and cut to the horizon."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from centre.calendar import CalendarRow
from centre.errors import Faults
from centre.instants import Grid, format_instant, from_timestamps
from centre.model import Settings
from centre.opening import open_mask
from scheduler.staffing.demand import check_queues
from scheduler.staffing.shrinkage import agents_to_roster, unplanned_loss

FILE = "requirement"


def checked_requirement(table: pd.DataFrame, settings: Settings, grid: Grid) -> pd.DataFrame:
    """The rows inside the horizon, by interval and queue; where ``agents_required`` was edited,
    ``agents_to_roster`` follows it.

    Raises
    ------
    BadInput
        naming queues that the centre has not, intervals off its grid, handle times that lack, or that nothing
        lies in the horizon.
    """
    faults = Faults()
    check_queues(table["queue"], settings, faults, FILE)
    instants = from_timestamps(table["interval_start"])
    inside = (instants >= grid.start) & (instants < grid.end)
    if not inside.any():
        span = (
            f"{format_instant(int(instants.min()))} to {format_instant(int(instants.max()))}"
            if len(table)
            else "no rows"
        )
        faults.add(
            FILE,
            f"rows from {format_instant(grid.start)} to {format_instant(grid.end)}",
            found=span,
            column="interval_start",
        )
    for k in np.flatnonzero(inside & ((instants - grid.start) % grid.interval_minutes != 0)):
        words = f"a start on the centre's {grid.interval_minutes}-minute intervals"
        faults.add(FILE, words, found=format_instant(int(instants[k])), column="interval_start")
    rows = table[inside].copy()
    for name, part in rows[rows["aht_seconds"].isna() & (rows["offered"] > 0)].groupby("queue"):
        faults.add(
            FILE,
            f"seconds where contacts are offered to queue {name}",
            found=f"{len(part)} rows without",
            column="aht_seconds",
        )
    faults.raise_if_any()
    if "edited" in rows:
        own = rows["edited"].to_numpy(dtype=bool)
        place = (instants[inside] - grid.start) // grid.interval_minutes
        lost = unplanned_loss(settings.shrinkage, grid)[place[own]]
        rows.loc[own, "agents_to_roster"] = agents_to_roster(rows.loc[own, "agents_required"], lost)
    return rows.sort_values(["interval_start", "queue"], kind="stable", ignore_index=True)


def intervals_without_row(
    requirement: pd.DataFrame,
    settings: Settings,
    grid: Grid,
    holidays: dict[int, str],
    calendar: Sequence[CalendarRow] = (),
) -> dict[str, int]:
    """How many open intervals of the horizon lack a row, by queue that has any row: they are planned as without demand."""
    missing = {}
    for queue in settings.queue:
        rows = requirement[requirement["queue"] == queue.name]
        told = np.isin(grid.starts, from_timestamps(rows["interval_start"]))
        count = int((open_mask(queue, grid, holidays, calendar) & ~told).sum())
        if len(rows) and count:
            missing[queue.name] = count
    return missing
