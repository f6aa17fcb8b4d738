"""What was found while history was read and cleaned, as figures by queue and as plain sentences."""

from dataclasses import dataclass, field

from centre.instants import day_of
from forecasts.day_totals import are_ordinary, day_totals, usual_totals
from forecasts.grid import QueueHistory
from forecasts.level_shifts import find_level_shifts
from forecasts.outages import Outage
from forecasts.spikes import find_spikes, slot_time

SHOWN = 3  # of a kind in a sentence


@dataclass
class HistoryReport:
    """What was found while history was read, by queue; days and times are local, ISO 8601.

    Parameters
    ----------
    rows_used, rows_ignored : rows before the start, and at or after it
    gaps : open intervals without a row
    days_left_out : special days, partial days and days with a clock change, from which models do not learn
    partial_days : days of which less than most is known
    spans : first and last day
    outages : begin, end and usual contacts of stretches in which next to nothing came; read as unknown
    outliers : day, total and usual total of days far off their neighbours; models give them little weight
    spikes : begin, contacts and expected contacts of intervals far above their day's shape; cut down where
        profiles are learned
    level_shifts : first day and factor of every lasting change of level
    doubled, replaced, unseen : rows left out because they say the same as another, were corrected later, or
        were recorded at or after the start
    offered_definition, taken_off : what counts as offered, and the contacts that it leaves out
    """

    rows_used: dict[str, int] = field(default_factory=dict)
    rows_ignored: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, int] = field(default_factory=dict)
    days_left_out: dict[str, int] = field(default_factory=dict)
    partial_days: dict[str, list[str]] = field(default_factory=dict)
    spans: dict[str, tuple[str, str]] = field(default_factory=dict)
    interval_minutes: dict[str, int] = field(default_factory=dict)
    outages: dict[str, list[tuple[str, str, float]]] = field(default_factory=dict)
    outliers: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)
    spikes: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)
    level_shifts: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    doubled: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)
    unseen: dict[str, int] = field(default_factory=dict)
    offered_definition: str = "all"
    taken_off: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def note_rows(report: HistoryReport, queue: str, doubled: int, replaced: int, unseen: int) -> None:
    """Tell of rows that do not hold."""
    report.doubled[queue], report.replaced[queue], report.unseen[queue] = doubled, replaced, unseen
    for rows, what in (
        (doubled, "rows left out because another says the same"),
        (replaced, "rows replaced by corrections recorded later"),
        (unseen, "rows not seen because they were recorded at or after the start"),
    ):
        if rows:
            report.warnings.append(f"queue {queue}: {what}: {rows:,}")


def note_outages(report: HistoryReport, history: QueueHistory, found: list[Outage]) -> None:
    """Tell of stretches in which next to nothing came."""
    report.outages[history.queue] = [
        (_time(history, one.row, one.begin), _time(history, one.row, one.end), round(one.missed, 1))
        for one in found
    ]
    stretches = [
        f"{begin} to {end[11:]} (some {missed:,.0f} usual)"
        for begin, end, missed in report.outages[history.queue]
    ]
    if stretches:
        report.warnings.append(
            f"queue {history.queue}: next to no contacts in {_listed(stretches)}: read as outages, not as zero demand"
        )


def note_levels(report: HistoryReport, history: QueueHistory) -> None:
    """Tell of days and intervals far off, and of lasting changes of level."""
    queue, totals = history.queue, day_totals(history)
    usual = usual_totals(history, totals)
    ordinary = are_ordinary(history, totals, usual)
    rows = (history.usable & ~ordinary).nonzero()[0].tolist()
    report.outliers[queue] = [(_day(history, row), float(totals[row]), float(usual[row])) for row in rows]
    report.spikes[queue] = [
        (_time(history, row, slot), contacts, round(expected, 1))
        for row, slot, contacts, expected in find_spikes(history, totals)
    ]
    shifts = find_level_shifts(history.days[ordinary], totals[ordinary])
    report.level_shifts[queue] = [(day_of(shift.day).isoformat(), round(shift.factor, 3)) for shift in shifts]
    _tell_levels(report, queue)


def _tell_levels(report: HistoryReport, queue: str) -> None:
    days = [f"{day} ({total:,.0f}, usual {usual:,.0f})" for day, total, usual in report.outliers[queue]]
    spikes = [f"{when} ({came:,.0f}, usual {usual:,.0f})" for when, came, usual in report.spikes[queue]]
    shifts = [f"{day} on (x {factor:.2f})" for day, factor in report.level_shifts[queue]]
    for found, sentence in (
        (days, "contacts far off the days around on {}: given little weight"),
        (spikes, "contacts far above the day's shape at {}: cut down where profiles are learned"),
        (shifts, "the level differs for good from {}"),
    ):
        if found:
            report.warnings.append(f"queue {queue}: {sentence.format(_listed(found))}")


def _listed(found: list[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(found) - SHOWN:,} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def _day(history: QueueHistory, row: int) -> str:
    return day_of(history.first_day + row).isoformat()


def _time(history: QueueHistory, row: int, slot: int) -> str:
    """Local wall-clock time at which a slot begins; the slot after the last is 24:00."""
    return f"{_day(history, row)}T{slot_time(slot, history.interval_minutes)}"
