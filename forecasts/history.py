"""Contact history laid on a regular local grid, one queue at a time, and cleaned.

Missing is not zero: an interval without a row inside opening hours is unknown and counted as a gap; outside
them nothing came. Zeros where many contacts usually come are an outage and unknown too. Rows at or after the
start of the forecast, and corrections recorded since, are left out and counted, so that no forecast sees its
own future. All that is found is told in a `HistoryReport`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import MINUTES_A_DAY, Grid, day_of, day_start
from forecasts.checks import WARN_SILENCE_DAYS, Rows, long_enough, typed_rows
from forecasts.clock_checks import clock_changes, moved_shapes, told
from forecasts.day_totals import known_share, usual_slots
from forecasts.day_traits import ORDINARY
from forecasts.grid import Bools, Days, Floats, QueueHistory, local_positions, mask_matrix
from forecasts.history_report import HistoryReport, note_levels, note_outages, note_rows
from forecasts.hours import Hours, OpenMask
from forecasts.interval_lengths import coarsened, interval_length
from forecasts.outages import find_outages

WHOLE_DAY_SHARE = 0.8  # of a day's usual contacts that must be known for models to learn from it
SILENT_DAYS = 14  # that a queue may have no contacts while others have some, before it is told
QUIET = 3.0  # mean contacts of a slot below which an export without any zero has left its zeros out


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
    special_days: Mapping[str, Collection[int]] | None = None,
    offered_definition: str = "all",
) -> History:
    """Check history and lay it on local days and slots.

    Parameters
    ----------
    history : columns ``interval_start`` (aware timestamps), ``queue``, ``offered``; optional
        ``aht_seconds`` (NaN allowed), ``handled``
        (weighs the handle times), ``recorded_at`` (aware timestamps; of several rows of an interval the
        latest holds), ``abandoned_short``, ``transferred_in`` and ``row`` (line in the file, told in errors)
    start_day : day number before which rows count
    zone : the centre's clock
    holidays : day number -> name of public holidays, past ones included
    opening : queue -> its opening hours over any grid; these queues must have history. A queue without is
        open when its contacts came
    special_days : queue -> day numbers that a calendar calls special or an event touches, "" for all other
        queues: silence on them and on the day before is no outage, and they are no outliers
    offered_definition : what counts as offered, one of `forecasts.offered.DEFINITIONS`

    Raises
    ------
    BadInput
        listing every fault: columns missing, times without zone, numbers negative or not finite, rows that
        contradict each other, intervals off the grid, less than a week of history, history that ended more
        than a quarter before the start.
    """
    opening = opening or {}
    report = HistoryReport(offered_definition=offered_definition)
    report.warnings += history.attrs.get("warnings", [])
    faults, start = Faults(warnings=report.warnings), day_start(zone, start_day)
    rows = typed_rows(history, faults, seen_before=start, definition=offered_definition)
    names = list(dict.fromkeys([*rows.names, *opening]))
    used = {name: _before(rows.of(name), start, name, report) for name in names}
    for name, table in used.items():
        if long_enough(table, name, start_day, zone, faults):
            report.interval_minutes[name] = interval_length(table, zone, faults)
    if not names:
        faults.add("history", "at least one row")
    faults.raise_if_any()
    _note_rows(rows, report)
    _tell_silence(used, start_day, zone, report)
    hours = {name: Hours(zone, holidays or {}, opening.get(name)) for name in names}
    special = {name: _special(special_days or {}, name) for name in names}
    queues = {name: _cleaned(table, name, hours[name], special[name], report) for name, table in used.items()}
    return History(queues, hours, report)


def _special(special_days: Mapping[str, Collection[int]], queue: str) -> Days:
    return np.array(sorted(special_days.get(queue, special_days.get("", ()))), dtype=np.int64)


def _before(rows: pd.DataFrame, start: int, queue: str, report: HistoryReport) -> pd.DataFrame:
    """The rows before an instant; how many there are and how many come after is noted."""
    used = int(np.searchsorted(rows["instant"].to_numpy(), start))
    report.rows_used[queue], report.rows_ignored[queue] = used, len(rows) - used
    return rows.iloc[:used]


def _note_rows(rows: Rows, report: HistoryReport) -> None:
    counts = zip(rows.names, rows.doubled.tolist(), rows.replaced.tolist(), rows.unseen.tolist(), strict=True)
    for name, doubled, replaced, unseen in counts:
        note_rows(report, name, doubled, replaced, unseen)
    report.taken_off = dict(zip(rows.names, rows.taken_off.tolist(), strict=True))
    if report.offered_definition != "all":
        report.warnings.append(
            f"offered is counted {report.offered_definition.replace('_', ' ')}: "
            f"{rows.taken_off.sum():,.0f} contacts are left out"
        )


def _tell_silence(
    used: Mapping[str, pd.DataFrame], start_day: int, zone: ZoneInfo, report: HistoryReport
) -> None:
    """Warn of queues without any contact, and of those that fell silent while others went on."""
    last: dict[str, int] = {}
    for name, rows in used.items():
        came = rows["instant"].to_numpy()[rows["offered"].to_numpy() > 0]
        if len(came):
            last[name] = int(local_positions(came[-1:], zone, 1)[0][0])
        else:
            report.warnings.append(
                f"queue {name}: no contacts in all of its history, so its forecast is 0: leave it out if it is not in use"
            )
    for name, day in last.items():
        silent = max(last.values()) - day
        ends = int(local_positions(used[name]["instant"].to_numpy()[-1:], zone, 1)[0][0])
        if silent > SILENT_DAYS and start_day - ends - 1 <= WARN_SILENCE_DAYS:  # else told already
            report.warnings.append(
                f"queue {name}: its last contacts came on {day_of(day)}, {silent} days before those of other queues; "
                f"it is forecast as if it went on: leave it out if it has stopped"
            )


def _cleaned(
    rows: pd.DataFrame, queue: str, hours: Hours, special: Days, report: HistoryReport
) -> QueueHistory:
    """The queue's matrices, outages taken out, and what was found told in the report."""
    minutes = report.interval_minutes[queue]
    history, is_open = _on_grid(coarsened(rows, minutes, hours.zone), queue, minutes, hours, report)
    ordinary = (history.special == ORDINARY) & ~np.isin(history.days, special)
    judged = ordinary & ~np.isin(history.days + 1, [*special.tolist(), *hours.holidays])  # eves close early
    outages = find_outages(history.offered, history.days, judged, is_open)
    for one in outages:
        history.offered[one.row, one.begin : one.end] = np.nan
    share = known_share(history.offered, history.days)
    usable = ordinary & (share >= WHOLE_DAY_SHARE) & _plain_clock(history.days, hours.zone)
    history = replace(history, usable=usable)
    partial = is_open.any(axis=1) & ordinary & (share < WHOLE_DAY_SHARE)
    report.partial_days[queue] = [day_of(int(day)).isoformat() for day in history.days[partial]]
    report.days_left_out[queue] = int((is_open.any(axis=1) & ~usable).sum())
    note_outages(report, history, outages)
    note_levels(report, history)
    moved = moved_shapes(history.offered, history.days, usable, hours.zone)
    if moved:
        report.warnings.append(f"queue {queue}: {told(moved, hours.zone)}")
    return history


def _on_grid(
    rows: pd.DataFrame, queue: str, minutes: int, hours: Hours, report: HistoryReport
) -> tuple[QueueHistory, Bools]:
    """The queue's matrices of days x slots from its first row's day to its last row's, and its open slots."""
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
    special = np.isin(all_days, list(hours.holidays)).astype(np.int8)
    report.gaps[queue] = int(np.isnan(offered).sum())
    report.spans[queue] = (day_of(first).isoformat(), day_of(int(all_days[-1])).isoformat())
    usable = np.zeros(shape[0], dtype=bool)
    return QueueHistory(queue, minutes, first, offered, aht, np.nan_to_num(handled), special, usable), is_open


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
    return ~np.isin(days, clock_changes(days, zone))
