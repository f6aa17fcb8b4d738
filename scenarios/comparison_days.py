"""Tables by interval of an answer summed to days, or laid out as clocks of days for charts."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Grid, day_of, from_timestamps

Floats = NDArray[np.float64]
MEANS = {
    "service_level": "contacts",
    "asa_seconds": "contacts",
    "abandonment": "contacts",
    "occupancy": "agents",
}
"""Figures that are means, and what weighs them."""


def daily(table: pd.DataFrame, grid: Grid, by: Sequence[str] = ("date",)) -> pd.DataFrame:
    """Contacts, agent-hours, service, wait, abandonment and occupancy of each local day, in order.

    Parameters
    ----------
    table : ``by_interval`` of an `scenarios.answers.Answer`; where it tells of a rota, hours rostered and the rota's service
    by : ``date``, or ``date`` and ``queue``
    """
    place = (from_timestamps(table["interval_start"]) - grid.start) // grid.interval_minutes
    dates = [day_of(int(day)).isoformat() for day in grid.local_days()[place]]
    of_rota, hours = "agents_rostered" in table, grid.interval_minutes / 60
    contacts, agents = (
        ("expected_contacts", "agents_effective") if of_rota else ("offered", "agents_required")
    )
    weights = {"contacts": table[contacts], "agents": table[agents]}
    parts: dict[str, Any] = {
        "date": dates, "queue": table["queue"], "contacts": table["offered"], "required_hours": table["agents_required"] * hours,
        "to_roster_hours": table["agents_to_roster"] * hours,
        **({"rostered_hours": table["agents_rostered"] * hours} if of_rota else {}),
    }  # fmt: skip
    for name, weight in MEANS.items():
        value = table[f"rota_{name}" if of_rota else name].replace([np.inf, -np.inf], np.nan)
        parts[name] = value * weights[weight]
        parts[f"weight_{name}"] = weights[weight].where(value.notna(), 0.0)
    sums = (
        pd.DataFrame(parts)
        .drop(columns=[] if "queue" in by else ["queue"])
        .groupby(list(by), as_index=False)
        .sum()
    )
    for name in MEANS:
        known = sums.pop(f"weight_{name}")
        sums[name] = (sums[name] / known).where(known > 0)
    return sums


def by_clock(table: pd.DataFrame, grid: Grid, column: str) -> tuple[NDArray[np.int64], Floats]:
    """A column of all queues together by local day and interval of the day.

    Returns
    -------
    Day numbers, and values of shape (days, intervals of a day) with NaN where nothing is told; an interval that comes twice when
    clocks change is the mean of both.
    """
    step, starts = grid.interval_minutes, from_timestamps(table["interval_start"])
    known = table[column].notna().to_numpy()
    instants, which = np.unique(starts[known], return_inverse=True)
    total = np.bincount(which, table[column].to_numpy(dtype=float)[known], len(instants))
    place = (instants - grid.start) // step
    day, slot = grid.local_days()[place] - grid.first_day, grid.local_minutes()[place] // step
    cell, shape = day * (1440 // step) + slot, (grid.days, 1440 // step)
    size = shape[0] * shape[1]
    times = np.bincount(cell, minlength=size)
    sums = np.bincount(cell, total, size)
    values = np.divide(sums, times, out=np.full(size, np.nan), where=times > 0)
    return grid.first_day + np.arange(grid.days, dtype=np.int64), values.reshape(shape)
