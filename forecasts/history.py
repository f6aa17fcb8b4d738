"""Contact history laid on a regular local grid, one queue at a time.

Missing is not zero: an interval without a row inside opening hours is unknown and counted as a gap; outside
them nothing came. Rows at or after the start of the forecast are left out and counted, so that no forecast
sees its own future.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import MINUTES_A_DAY, Grid, day_of, day_start
from forecasts.checks import interval_length, long_enough, typed_table
from forecasts.day_totals import known_share, usual_slots
from forecasts.grid import Bools, Days, Floats, QueueHistory, local_positions, mask_matrix
from forecasts.hours import Hours, OpenMask, open_weekdays, weekly_hours
from forecasts.special_days import ORDINARY, day_classes

WHOLE_DAY_SHARE = 0.8  # of a day's usual contacts that must be known for models to learn from it
QUIET = 3.0  # mean contacts of a slot below which an export without any zero has left its zeros out


@dataclass
class HistoryReport:
    """What was found while history was read, by queue."""

    rows_used: dict[str, int] = field(default_factory=dict)
    rows_ignored: dict[str, int] = field(default_factory=dict)  # at or after the start
    gaps: dict[str, int] = field(default_factory=dict)  # open intervals without a row
    days_left_out: dict[str, int] = field(default_factory=dict)  # special, partial or with a clock change
    spans: dict[str, tuple[str, str]] = field(default_factory=dict)  # first and last local day
    interval_minutes: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class History:
    """Every queue's history and opening hours, in the order of the file, and what was found on the way."""

    queues: dict[str, QueueHistory]
    hours: dict[str, Hours]
    report: HistoryReport


def clean_history(
    history: pd.DataFrame,
    start_day: int,
    zone: ZoneInfo,
    *,
    holidays: Mapping[int, str] | None = None,
    opening: Mapping[str, OpenMask] | None = None,
) -> History:
    """Check history and lay it on local days and slots.

    Parameters
    ----------
    history : columns ``interval_start`` (aware timestamps), ``queue``, ``offered``; optional
        ``aht_seconds`` (NaN allowed), ``handled``
        (weighs the handle times) and ``row`` (line in the file, told in errors)
    start_day : day number before which rows count
    zone : the centre's clock
    holidays : day number -> name of public holidays, past ones included
    opening : queue -> its opening hours over any grid; these queues must have history. A queue without is
        open when its contacts came

    Raises
    ------
    BadInput
        listing every fault: columns missing, times without zone, numbers negative or not finite, intervals
        doubled or off the grid, a change of interval length, less than a week of history, history that
        ended more than a quarter before the start.
    """
    opening = opening or {}
    table = typed_table(history).sort_values("instant", kind="stable")
    before = table["instant"] < day_start(zone, start_day)
    report = HistoryReport()
    faults = Faults(warnings=report.warnings)
    rows_of = {name: table[before & (table["queue"] == name)] for name in _queue_names(history, opening)}
    for name, rows in rows_of.items():
        report.rows_used[name] = len(rows)
        report.rows_ignored[name] = int((table["queue"] == name).sum()) - len(rows)
        if long_enough(rows, name, start_day, zone, faults):
            report.interval_minutes[name] = interval_length(rows, zone, faults)
    if not rows_of:
        faults.add("history", "at least one row")
    faults.raise_if_any()
    hours = {name: Hours(zone, holidays or {}, opening.get(name)) for name in rows_of}
    return History(
        {name: _on_grid(rows, name, hours[name], report) for name, rows in rows_of.items()}, hours, report
    )


def _queue_names(history: pd.DataFrame, opening: Mapping[str, OpenMask]) -> list[str]:
    return list(dict.fromkeys([*history["queue"].astype(str), *opening]))


def _on_grid(rows: pd.DataFrame, queue: str, hours: Hours, report: HistoryReport) -> QueueHistory:
    """The queue's matrices of days x slots from its first row's day to its last row's."""
    minutes = report.interval_minutes[queue]
    days, slots = local_positions(rows["instant"].to_numpy(), hours.zone, minutes)
    first, shape = int(days[0]), (int(days[-1] - days[0]) + 1, MINUTES_A_DAY // minutes)
    cells = (days - first) * shape[1] + slots
    offered = _cell_means(cells, rows["offered"].to_numpy(), np.ones(len(rows)), shape)[0]
    handle_time = rows["aht_seconds"].where(rows["aht_seconds"] > 0).to_numpy()
    aht, handled = _cell_means(cells, handle_time, rows["handled"].fillna(rows["offered"]).to_numpy(), shape)
    is_open = hours.matrix(offered, first, first, shape[0]) & _existing(first, shape[0], minutes, hours.zone)
    all_days = np.arange(first, first + shape[0], dtype=np.int64)
    if hours.known is not None:
        _tell_closed_contacts(offered, is_open, queue, report)
    offered = _fill(offered, is_open, all_days, queue, report)
    special = day_classes(all_days, hours.holidays, open_weekdays(weekly_hours(offered, all_days, minutes)))
    usable = (
        (special == ORDINARY)
        & (known_share(offered, all_days) >= WHOLE_DAY_SHARE)
        & _plain_clock(all_days, hours.zone)
    )
    report.gaps[queue] = int(np.isnan(offered).sum())
    report.days_left_out[queue] = int((is_open.any(axis=1) & ~usable).sum())
    report.spans[queue] = (day_of(first).isoformat(), day_of(int(all_days[-1])).isoformat())
    return QueueHistory(queue, minutes, first, offered, aht, np.nan_to_num(handled), special, usable)


def _cell_means(
    cells: Days, values: Floats, weights: Floats, shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Weighted mean of the rows of each cell, and their mean weight; NaN where no row has a value."""
    known = ~np.isnan(values) & (weights > 0)
    size = shape[0] * shape[1]
    rows, weight, product = (
        np.bincount(cells[known], weights=w, minlength=size)
        for w in (np.ones(int(known.sum())), weights[known], weights[known] * values[known])
    )
    with np.errstate(invalid="ignore"):
        return (product / weight).reshape(shape), (weight / rows).reshape(shape)


def _fill(offered: Floats, is_open: Bools, days: Days, queue: str, report: HistoryReport) -> Floats:
    """Zero where closed and nothing came, and in quiet slots where the export leaves zeros out; else NaN."""
    missing = np.isnan(offered)
    filled = np.where(missing & ~is_open, 0.0, offered)
    has_rows = ~missing.all(axis=1, keepdims=True)
    if not (offered == 0).any():
        quiet = missing & is_open & has_rows & (usual_slots(offered, days) < QUIET)
        filled[quiet] = 0.0
        if quiet.any():
            report.warnings.append(
                f"queue {queue}: no row has 0 contacts; {quiet.sum()} quiet intervals without row read as 0"
            )
    return filled


def _tell_closed_contacts(offered: Floats, is_open: Bools, queue: str, report: HistoryReport) -> None:
    """Warn where contacts came outside the hours stated: nobody is planned for such, and the hours or the
    time zone may be wrong.
    """
    closed = ~is_open & (offered > 0)
    contacts, all_contacts = float(offered[closed].sum()), float(np.nansum(offered))
    if contacts > 0:
        report.warnings.append(
            f"queue {queue}: {contacts:,.0f} of {all_contacts:,.0f} contacts in history came outside its opening hours "
            f"({closed.sum():,} intervals); nobody is planned for such: check the hours and the time zone"
        )


def _existing(first_day: int, days: int, minutes: int, zone: ZoneInfo) -> Bools:
    """Slots that clocks did not skip, shape (days, slots)."""
    grid = Grid(zone, first_day, days, minutes)
    return mask_matrix(np.ones(len(grid.starts), dtype=bool), grid)


def _plain_clock(days: Days, zone: ZoneInfo) -> Bools:
    """Days of 24 hours, shape (days,)."""
    edges = np.array([day_start(zone, int(day)) for day in [*days, days[-1] + 1]])
    return np.asarray(np.diff(edges) == MINUTES_A_DAY)
