"""A day's total given by finance, spread over the day as the forecast spreads it."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import day_number, from_timestamps
from forecasts.adjust import Adjustable, Rows
from forecasts.grid import Days, local_positions

BEFORE = "offered_before_day_total"


def apply_day_totals(
    table: pd.DataFrame,
    totals: pd.DataFrame,
    zone: ZoneInfo,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Make the contacts of some days add up to what was given, each interval in proportion.

    A total of a group is shared out by the forecast of its queues; those that have a total of their own that
    day keep it, and the others take the rest. Bands keep their width in proportion.

    Parameters
    ----------
    table : as ``forecast.csv``, ``interval_start`` aware; further columns are kept
    totals : as `centre.planner_files.day_totals_frame`: ``date``, ``queue`` (or a group), ``offered``
    zone : the centre's clock, which says what a day is
    groups : name -> its queues; ``group:phone``, as `forecasts.hierarchy.tree_of` names it, is also ``phone``

    Returns
    -------
    table
        the same rows in the same order, with ``offered_before_day_total``
    told
        sentences: totals that found no open interval, proportions that nobody knows, totals that clash
    """
    if not len(totals):
        return table, ()
    members = _members(groups or {})
    numbers = Adjustable.of(table)
    local = local_positions(from_timestamps(table["interval_start"]), zone, 1)[0]
    rows_of = _rows_by_day(local, table["queue"])
    given: dict[tuple[int, str], float] = {}  # totals of queues that are settled
    told: list[str] = []
    for day, name, total in _smallest_first(totals, members):
        told += _settle(numbers, rows_of, given, day, name, members.get(name, (name,)), total)
    return numbers.result(**{BEFORE: "offered"}), tuple(told)


def _members(groups: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Queues of each group, each once, under its name with and without what kind of group it is."""
    named = {name: tuple(dict.fromkeys(queues)) for name, queues in groups.items()}
    return {name.partition(":")[2]: queues for name, queues in named.items() if ":" in name} | named


def _rows_by_day(days: Days, queues: "pd.Series[str]") -> dict[tuple[int, str], Rows]:
    """Positions of the rows of each local day and queue."""
    table = pd.DataFrame({"day": days, "queue": queues.astype(str).to_numpy()})
    found = table.groupby(["day", "queue"], sort=False).indices
    return {key: np.asarray(rows, dtype=np.int64) for key, rows in found.items() if isinstance(key, tuple)}


def _smallest_first(
    totals: pd.DataFrame, members: Mapping[str, Sequence[str]]
) -> list[tuple[date, str, float]]:
    """Totals of queues before those of groups, small groups before large ones."""
    rows = [
        (day, str(name), float(total))
        for day, name, total in zip(totals["date"], totals["queue"], totals["offered"], strict=True)
    ]
    return sorted(rows, key=lambda row: (len(members.get(row[1], ())), row[1], row[0]))


def _settle(
    numbers: Adjustable,
    rows_of: Mapping[tuple[int, str], Rows],
    given: dict[tuple[int, str], float],
    day: date,
    name: str,
    queues: Sequence[str],
    total: float,
) -> list[str]:
    """Give a day's total to those of its queues that have none yet; what there is to tell of it."""
    number = day_number(day)
    title = f"total of {total:,.6g} contacts on {day.isoformat()} for {name}"
    free = [queue for queue in queues if (number, queue) not in given]
    rest = total - sum(given.get((number, queue), 0.0) for queue in queues)
    found = [rows_of[number, queue] for queue in free if (number, queue) in rows_of]
    if not found:
        settled = len(free) < len(queues)
        if settled and abs(rest) <= 1e-9 * max(total, 1.0):
            return []
        why = (
            "its queues have totals of their own" if settled else "the forecast has no open interval that day"
        )
        return [f"{title}: {why}; {rest:,.6g} contacts are planned nowhere"]
    rows = np.concatenate(found)
    told = (
        [] if rest >= 0 else [f"{title}: its queues' own totals exceed it by {-rest:,.6g}; the others get 0"]
    )
    if not numbers.spread(rows, max(rest, 0.0)) and rest > 0:
        told.append(f"{title}: the forecast is 0 that day; spread evenly over the open intervals")
    for queue in free:
        if (number, queue) in rows_of:
            given[number, queue] = float(numbers.offered[rows_of[number, queue]].sum())
    return told
