"""Reading what the planner knows and history does not: events, overrides of a forecast, days' totals given by
finance.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre import cells
from centre.cells import suggestion
from centre.errors import Faults
from centre.instants import Minutes, to_timestamps
from centre.model import Queue
from centre.tables import Table, read_table_or_empty

EVENTS = ("name", "start", "end", "queues", "kind", "uplift")
EVENTS_OPTIONAL = ("phase",)
OVERRIDES = ("start", "end", "queue", "kind", "value", "reason", "author")
OVERRIDES_OPTIONAL = ("measure", "made_at")
DAY_TOTALS = ("date", "queue", "offered", "source")
KINDS = ("set", "multiply", "add")
MEASURES = ("offered", "aht_seconds")
MOST_UPLIFT = 10.0  # beyond eleven times the usual, somebody has written per cent
Names = Collection[str]


def events_frame(path: Path | None, zone: ZoneInfo, faults: Faults, queues: Names | None) -> pd.DataFrame:
    """Events with aware UTC ``start`` and ``end``, ``queues`` as tuples (empty: all), ``uplift`` NaN where it
    is to be learnt, ``phase`` empty where not told, and the ``row`` of the file; a date alone is its first
    instant.
    """
    table = read_table_or_empty(path, EVENTS, EVENTS_OPTIONAL, faults)
    start, end = _window(table, zone)
    columns: dict[str, Any] = {
        "name": table.texts("name"),
        "phase": table.texts("phase", optional=True),
        "start": to_timestamps(start),
        "end": to_timestamps(end),
        "queues": table.values("queues", _queues_reader(queues), blank=()),
        "kind": table.texts("kind", optional=True),
        "uplift": table.values("uplift", _uplift, float, math.nan),
    }
    _check_once(table, columns["name"], columns["phase"], columns["queues"], start, end)
    return pd.DataFrame(columns | {"row": table.rows})


def overrides_frame(path: Path | None, zone: ZoneInfo, faults: Faults, queues: Names | None) -> pd.DataFrame:
    """Overrides in the order of the file: aware UTC ``start`` and ``end``, ``queue``, ``kind`` (set, multiply,
    add), ``value``, ``reason``, ``author``, ``measure`` (offered where not told), ``made_at`` (NaT where not
    told), ``row``. Faults repeat no author.
    """
    table = read_table_or_empty(path, OVERRIDES, OVERRIDES_OPTIONAL, faults)
    start, end = _window(table, zone)
    columns: dict[str, Any] = {
        "start": to_timestamps(start),
        "end": to_timestamps(end),
        "queue": table.values("queue", _queue_reader(queues)),
        "kind": table.values("kind", cells.choice(*KINDS), shown=cells.unless_a_name),
        "value": table.numbers("value"),
        "reason": table.values("reason", _told("why the forecast is changed")),
        "author": table.values("author", _told("who changed the forecast")),
        "measure": table.values(
            "measure", cells.choice(*MEASURES), blank="offered", shown=cells.unless_a_name
        ),
        "made_at": _made_at(table, zone),
    }
    _check_values(table, columns["kind"], columns["measure"], columns["value"])
    return pd.DataFrame(columns | {"row": table.rows})


def day_totals_frame(path: Path | None, faults: Faults, names: Names | None) -> pd.DataFrame:
    """Days' totals: ``date`` as dates, ``queue`` (or a group; one of ``names`` where these are known),
    ``offered``, ``source`` (may be empty), ``row``; each date and queue once.
    """
    table = read_table_or_empty(path, DAY_TOTALS, (), faults)
    columns = {
        "date": table.values("date", cells.day),
        "queue": table.values("queue", _queue_reader(names, "queue, group or site")),
        "offered": table.numbers("offered", 0),
        "source": table.texts("source", optional=True),
    }
    frame = pd.DataFrame(columns | {"row": table.rows})
    good = np.flatnonzero(~table.bad)
    repeated = good[frame.iloc[good].duplicated(["date", "queue"]).to_numpy()]
    table.blame(repeated, "date", "each date and queue once", lambda k: table.cell("date", k))
    return frame


def planned_names(queues: Mapping[str, Queue | None] | None) -> set[str] | None:
    """What a day's total may be of: queues, their groups and sites, the centre as a whole; None where the
    queues are not known.
    """
    if queues is None:
        return None
    told = [queue for queue in queues.values() if queue is not None]
    groups = {(kind, getattr(queue, kind)) for queue in told for kind in ("group", "site")}
    named = {name for kind, group in groups if group for name in (group, f"{kind}:{group}")}
    return {*queues, *named, "centre:all"}


def _window(table: Table, zone: ZoneInfo) -> tuple[Minutes, Minutes]:
    start, end = table.instants("start", zone), table.instants("end", zone)
    words = "an end after the start; one whole day ends on the next day"
    wrong = np.flatnonzero(~table.bad & (end <= start))
    table.blame(wrong, "end", words, lambda k: table.cell("end", k))
    return start, end


def _made_at(table: Table, zone: ZoneInfo) -> pd.DatetimeIndex:
    read = cells.instant(zone)
    minutes = table.values("made_at", lambda cell: read(cell), blank=None)
    known = np.array([minute is not None for minute in minutes], dtype=bool)
    stamps = to_timestamps(np.where(known, minutes, 0).astype(np.int64))
    return pd.DatetimeIndex(stamps.where(known))


def _uplift(cell: str) -> float:
    words = "contacts over the usual ones less one, above -1: 0.3 for 30 % more, -0.2 for a fifth less, or nothing"
    value = cells.number(-1, what=words)(cell)
    if value <= -1:
        raise ValueError(words)
    if value > MOST_UPLIFT:
        raise ValueError(f"{words}; {value:g} would be {value + 1:g} times the usual")
    return value


def _queue_reader(names: Names | None, what: str = "queue") -> cells.Reader:
    def read(cell: str) -> str:
        if names is not None and cells.text(cell) not in names:
            raise ValueError(f"a {what} of centre.toml" + suggestion(cell, names))
        return cells.text(cell)

    return read


def _queues_reader(names: Names | None) -> cells.Reader:
    def read(cell: str) -> tuple[str, ...]:
        found = cells.words(cell)
        wrong = [name for name in found if names is not None and name not in names]
        if wrong:
            words = "queues of centre.toml, separated by semicolons"
            raise ValueError(words + suggestion(wrong[0], names or ()))
        return found

    return read


def _told(what: str) -> cells.Reader:
    def read(cell: str) -> str:
        if not cell:
            raise ValueError(what)
        return cell

    return read


def _check_values(
    table: Table, kinds: NDArray[np.object_], measures: NDArray[np.object_], values: NDArray[np.float64]
) -> None:
    """Neither contacts nor a factor is below 0, and no handle time is 0 or less."""
    aht, added = measures == "aht_seconds", kinds == "add"
    wrong = ~table.bad & ~added & ((values < 0) | (aht & (values <= 0)))

    def words(k: int) -> str:
        what = "a factor" if kinds[k] == "multiply" else "seconds" if aht[k] else "contacts"
        return f"{what} above 0" if aht[k] else f"{what}, 0 or more"

    table.blame(np.flatnonzero(wrong), "value", words, lambda k: table.cell("value", k))


def _check_once(
    table: Table,
    names: NDArray[np.object_],
    phases: NDArray[np.object_],
    queues: NDArray[np.object_],
    start: Minutes,
    end: Minutes,
) -> None:
    """An event or phase that overlaps itself on a queue would count twice."""
    good = np.flatnonzero(~table.bad).tolist()
    order = sorted(good, key=lambda k: (names[k], phases[k], start[k], k))
    for before, after in _neighbours(order, names, phases):
        shared = not queues[before] or not queues[after] or set(queues[before]) & set(queues[after])
        if shared and start[after] < end[before]:
            words = f"an event, or a phase of it, once at a time; row {table.rows[before]} overlaps this one"
            table.blame([after], "start", words, lambda k: table.cell("start", k))


def _neighbours(
    order: list[int], names: NDArray[np.object_], phases: NDArray[np.object_]
) -> Iterator[tuple[int, int]]:
    """Every two rows of one name and phase, the earlier first."""
    groups: dict[tuple[str, str], list[int]] = {}
    for k in order:
        groups.setdefault((names[k], phases[k]), []).append(k)
    for rows in groups.values():
        yield from ((a, b) for place, a in enumerate(rows) for b in rows[place + 1 :])
