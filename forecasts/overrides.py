"""The planner's hand: contacts or handle times of a stretch of time set, multiplied or added to, the forecast
without them kept beside.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import Minutes, from_minutes, from_timestamps
from forecasts.adjust import Adjustable, Rows
from forecasts.grid import Floats

BEFORE, AHT_BEFORE, AHT = "offered_before_override", "aht_before_override", "aht_seconds"


@dataclass(frozen=True, slots=True)
class Override:
    """One override: a window of UTC minutes, half-open, and what is done to a queue in it."""

    start: int
    end: int
    queue: str
    kind: str
    value: float
    measure: str
    row: int

    def overlaps(self, other: "Override") -> bool:
        """Whether both change the same numbers at some time."""
        alike = (self.queue, self.measure) == (other.queue, other.measure)
        return alike and self.start < other.end and other.start < self.end

    def title(self, zone: ZoneInfo) -> str:
        """The override as a planner knows it."""
        begin, end = (f"{from_minutes(edge, zone):%Y-%m-%d %H:%M}" for edge in (self.start, self.end))
        what = "handle time" if self.measure == AHT else "contacts"
        return f"override of {what} ({self.kind} {self.value:g}), queue {self.queue}, {begin} to {end}"


def overrides_of(table: pd.DataFrame) -> tuple[Override, ...]:
    """The overrides of a table as `centre.planner_files.overrides_frame`."""
    columns = [from_timestamps(table["start"]), from_timestamps(table["end"]), table["queue"], table["kind"]]
    columns += [table["value"], table["measure"] if "measure" in table else ["offered"] * len(table)]
    columns += [table["row"] if "row" in table else range(2, len(table) + 2)]
    return tuple(
        Override(int(start), int(end), str(queue), str(kind), float(value), str(measure), int(row))
        for start, end, queue, kind, value, measure, row in zip(*columns, strict=True)
    )


def apply_overrides(
    table: pd.DataFrame, overrides: pd.DataFrame, zone: ZoneInfo
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Apply overrides to a forecast, one after the other.

    ``set`` spreads the value over the window in the forecast's own proportions, ``multiply`` takes each
    interval times it, ``add`` adds it to the window's total; bands keep their width in proportion, with
    ``add`` in contacts. Of an interval that a window covers in part, that part is changed. For handle
    times (``measure`` aht_seconds) every interval is set, multiplied, or made longer by the value.

    Parameters
    ----------
    table : as ``forecast.csv``, ``interval_start`` aware; further columns are kept
    overrides : as `centre.planner_files.overrides_frame`
    zone : the centre's clock, for what is told

    Returns
    -------
    table
        the same rows in the same order, with ``offered_before_override`` (and ``aht_before_override``
        where handle times were overridden)
    told
        sentences: windows without rows, windows that overlap, proportions that nobody knows
    """
    given = overrides_of(overrides) if len(overrides) else ()
    if not given:
        return table, ()
    numbers, starts = Adjustable.of(table), from_timestamps(table["interval_start"])
    queues, length = table["queue"].to_numpy(), _length(starts)
    rows_of = {name: np.flatnonzero(queues == name) for name in {each.queue for each in given}}
    told: list[str] = []
    for place, each in enumerate(given):
        words = _apply(numbers, rows_of[each.queue], starts, length, each)
        before = [str(other.row) for other in given[:place] if other.overlaps(each)]
        if before:
            words.append(f"overlaps row {', '.join(before)}; applied in the order of the file")
        told += [f"{each.title(zone)}: {sentence}" for sentence in words]
    kept = {BEFORE: "offered"} | ({AHT_BEFORE: AHT} if any(each.measure == AHT for each in given) else {})
    return numbers.result(**kept), tuple(told)


def _apply(numbers: Adjustable, rows: Rows, starts: Minutes, length: int, each: Override) -> list[str]:
    """Apply one override to a queue's rows; what there is to tell of it."""
    covered = np.minimum(starts[rows] + length, each.end) - np.maximum(starts[rows], each.start)
    share = np.clip(covered, 0, None) / length
    rows, share = rows[share > 0], share[share > 0]
    if not len(rows):
        return ["the forecast has no open interval there; nothing was changed"]
    apply = _override_aht if each.measure == AHT else _override_offered
    return apply(numbers, rows, share, each.kind, each.value)


def _override_offered(numbers: Adjustable, rows: Rows, share: Floats, kind: str, value: float) -> list[str]:
    there = float((numbers.offered[rows] * share).sum())
    if kind == "multiply":
        numbers.change(rows, numbers.offered[rows] * (1 + share * (value - 1)))
        return [] if there else ["the forecast is 0 there; a factor changes nothing"]
    total = value if kind == "set" else there + value
    words = [f"takes away more than the {there:,.1f} contacts there; 0 are left"] if total < 0 else []
    if not numbers.spread(rows, max(total, 0.0), share, shift=kind == "add") and total > 0:
        words.append("the forecast is 0 there; spread evenly over the open intervals")
    return words


def _override_aht(numbers: Adjustable, rows: Rows, share: Floats, kind: str, value: float) -> list[str]:
    before = numbers.columns[AHT]
    after = {"set": np.full(len(rows), value), "multiply": before[rows] * value, "add": before[rows] + value}[
        kind
    ]
    unknown, short = np.isnan(after), after <= 0
    part = np.where(np.isnan(before[rows]), after, before[rows] * (1 - share) + after * share)
    before[rows] = np.where(short, before[rows], part)
    words = [f"{unknown.sum():,} intervals have no handle time to change"] if unknown.any() else []
    return [*words, f"{short.sum():,} handle times would be 0 or less and stay"] if short.any() else words


def _length(starts: Minutes) -> int:
    """Minutes of an interval: the shortest step between two; of one interval alone, 1."""
    steps = np.diff(np.unique(starts))
    return int(steps.min()) if len(steps) else 1
