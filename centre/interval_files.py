"""Reading what is told by interval or by stretch of time: history, forecast, requirement, rota."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre import cells, volumes
from centre.activities import OFF_QUEUE
from centre.cells import suggestion
from centre.errors import Faults
from centre.instants import MINUTES_A_DAY, Minutes, day_start, to_timestamps
from centre.model import Queue
from centre.tables import Table, read_table
from centre.versions import ALWAYS_KNOWN, Versions, versions

HISTORY = ("interval_start", "queue", "offered", "aht_seconds")
HISTORY_COUNTS = ("handled", "abandoned", "within_target", "abandoned_short", "transferred_in")
HISTORY_OPTIONAL = (*HISTORY_COUNTS, "recorded_at")
FORECAST_OPTIONAL = ("offered_p10", "offered_p50", "offered_p90")
REQUIREMENT = ("interval_start", "queue", "offered", "aht_seconds", "agents_required", "agents_to_roster")
REQUIREMENT_OPTIONAL = ("service_level", "asa_seconds", "abandonment", "occupancy", "edited")
AVAILABLE = ("interval_start", "queue", "agents_effective")
DEFERRED = ("queue", "release", "due", "contacts", "work_minutes")
ROTA = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
ACTIVITIES = ("work", "break", "meal", "split", *OFF_QUEUE, "backup", "leave")
MANY_OFF_GRID = 20  # rows beyond which they are a kind of file rather than slips
Queues = Mapping[str, Queue | None]


def history_frame(
    path: Path,
    zone: ZoneInfo,
    faults: Faults,
    queues: Queues | None = None,
    interval_minutes: int | None = None,
) -> pd.DataFrame | None:
    """The table of a history file with a column ``row`` of line numbers, or None where there is no table.

    ``aht_seconds`` is NaN where empty or zero; ``queues`` and ``interval_minutes`` None leave out the checks
    that need them. Rows that say the same twice are one. Where the file has ``recorded_at``, all versions of
    an interval stay in the table: see `centre.versions`. Of a file read without ``queues``, on its own, the
    warnings are in ``attrs["warnings"]``.
    """
    table = read_table(path, HISTORY, HISTORY_OPTIONAL, faults)
    return (
        history_rows(table, zone, queues, interval_minutes)
        if table is not None and _has_rows(table)
        else None
    )


def history_rows(
    table: Table, zone: ZoneInfo, queues: Queues | None = None, interval_minutes: int | None = None
) -> pd.DataFrame:
    """The rows of a history's table, see `history_frame`; what is wrong is noted in the table."""
    starts, queue = _places(table, zone, queues, interval_minutes)
    columns = {
        "interval_start": to_timestamps(starts),
        "queue": queue,
        "offered": _volumes(table, "offered", needed=True),
    }
    aht = _volumes(table, "aht_seconds", counts=False)
    columns["aht_seconds"] = np.where(aht == 0, np.nan, aht)
    columns |= {name: _volumes(table, name) for name in HISTORY_COUNTS if name in table}
    frame = pd.DataFrame(columns | {"row": table.rows})
    recorded = _recorded(table, zone)
    if recorded is not None:
        known = np.where(recorded == ALWAYS_KNOWN, 0, recorded)
        frame["recorded_at"] = to_timestamps(known).where(recorded != ALWAYS_KNOWN)
    doubled = _doubled(table, frame, starts, recorded)
    _check_handle_times(table, frame, queues)
    if doubled.any():
        frame = frame[~doubled].reset_index(drop=True)
    if queues is None:
        frame.attrs["warnings"] = list(table.faults.warnings)
    return frame


def _volumes(table: Table, name: str, *, needed: bool = False, counts: bool = True) -> NDArray[np.float64]:
    """A column of numbers of 0 or more, thousands separators read where they are clear, with a warning."""
    column = table.columns.get(name)
    if column is None:
        return np.full(len(table), np.nan)
    read = volumes.reader(volumes.style_of(column.texts, counts=counts), needed=needed)
    values = table.values(name, read, float) if needed else table.values(name, read, float, np.nan)
    separated = np.array([volumes.is_separated(text) for text in column.texts], dtype=bool)
    if separated.any() and (rows := np.flatnonzero(separated[column.codes] & ~table.bad)).size:
        first = int(rows[0])
        table.faults.warn(
            f"{table.file}: {name} is not written in plain digits in {len(rows):,} of {len(table):,} rows; "
            f"{table.cell(name, first)!r} in row {table.rows[first]} was read as {values[first]:g}"
        )
    return values


def _recorded(table: Table, zone: ZoneInfo) -> Minutes | None:
    """UTC minutes of ``recorded_at``, `ALWAYS_KNOWN` where it is empty; None without such a column."""
    if "recorded_at" not in table:
        return None
    return table.values("recorded_at", cells.instant(zone), np.int64, ALWAYS_KNOWN)


def _doubled(
    table: Table, frame: pd.DataFrame, starts: Minutes, recorded: Minutes | None
) -> NDArray[np.bool_]:
    """Rows that say what an earlier one says, told in a warning; those that contradict one are faults."""
    good = np.flatnonzero(~table.bad)
    names = [name for name in ("offered", "aht_seconds", *HISTORY_COUNTS) if name in frame]
    found: Versions = versions(
        pd.factorize(frame["queue"])[0][good],
        starts[good],
        frame[names].to_numpy(dtype=np.float64)[good],
        None if recorded is None else recorded[good],
    )
    wrong = np.flatnonzero(found.contradicts >= 0)
    first = dict(zip(good[wrong].tolist(), good[found.contradicts[wrong]].tolist(), strict=True))
    table.blame(
        first,
        "interval_start",
        lambda k: (
            f"each queue and interval once (or a column recorded_at, of which the latest holds); "
            f"row {table.rows[first[k]]} has the same with other numbers"
        ),
        lambda k: table.cell("interval_start", k),
    )
    doubled = np.zeros(len(table), dtype=bool)
    doubled[good[found.doubled]] = True
    if doubled.any():
        row = int(table.rows[int(np.argmax(doubled))])
        table.faults.warn(
            f"{table.file}: rows left out because an earlier one says the same: {doubled.sum():,} (row {row} first)"
        )
    return doubled


def forecast_frame(path: Path, zone: ZoneInfo, faults: Faults) -> pd.DataFrame | None:
    """The table of a forecast file, or None where there is no table."""
    table = read_table(path, HISTORY, FORECAST_OPTIONAL, faults)
    return _demand_frame(table, zone, FORECAST_OPTIONAL) if table is not None and _has_rows(table) else None


def requirement_frame(path: Path, zone: ZoneInfo, faults: Faults) -> pd.DataFrame | None:
    """The table of a requirement file, or None where there is no table; ``edited`` is false where it is not
    said.
    """
    table = read_table(path, REQUIREMENT, REQUIREMENT_OPTIONAL, faults)
    if table is None or not _has_rows(table):
        return None
    frame = _demand_frame(table, zone, REQUIREMENT_OPTIONAL[:-1])
    for name in ("agents_required", "agents_to_roster"):
        frame[name] = table.numbers(name, 0)
    frame["edited"] = table.values("edited", cells.flag, bool, False)
    order = [*REQUIREMENT, *(name for name in REQUIREMENT_OPTIONAL if name in frame)]
    return frame[order]


def available_frame(path: Path, zone: ZoneInfo, faults: Faults) -> pd.DataFrame | None:
    """Who is there by interval and queue, as ``coverage.csv`` tells it, or None where there is no table."""
    table = read_table(path, AVAILABLE, (), faults)
    if table is None or not _has_rows(table):
        return None
    starts, queue = _interval_columns(table, zone, None, None)
    columns = {"interval_start": to_timestamps(starts), "queue": queue}
    return pd.DataFrame(columns | {"agents_effective": table.numbers("agents_effective", 0)})


def rota_frame(path: Path, zone: ZoneInfo, faults: Faults) -> pd.DataFrame | None:
    """The table of a rota file, or None where there is no table; rows may overlap, which is for the audit to
    judge.
    """
    table = read_table(path, ROTA, (), faults)
    return None if table is None else rota_rows(table, zone)


def rota_rows(table: Table, zone: ZoneInfo) -> pd.DataFrame:
    """The rows of a rota's table, faulty ones too; what is wrong is noted in the table."""
    start, end = table.instants("start", zone), table.instants("end", zone)
    columns = {
        "agent_id": table.texts("agent_id"),
        "day": table.values("day", cells.day),
        "start": to_timestamps(start),
        "end": to_timestamps(end),
        "activity": table.values("activity", _activity),
        "shift": table.texts("shift", optional=True),
        "paid": table.values("paid", cells.flag, bool),
    }
    table.blame(np.flatnonzero(~table.bad & (end <= start)), "end", "an end after the start")
    return pd.DataFrame(columns, columns=list(ROTA))


def deferred_frame(path: Path, zone: ZoneInfo, faults: Faults, queues: Queues | None) -> pd.DataFrame | None:
    """The table of a file of work that may wait (``deferred.csv``, ``backlog.csv``), or None where there is no table."""
    table = read_table(path, DEFERRED, (), faults)
    if table is None:
        return None
    release, due = table.instants("release", zone), table.instants("due", zone)
    columns = {
        "queue": queue_column(table, queues),
        "release": to_timestamps(release),
        "due": to_timestamps(due),
        "contacts": table.numbers("contacts", 0),
        "work_minutes": table.numbers("work_minutes", 0),
    }
    table.blame(np.flatnonzero(~table.bad & (due <= release)), "due", "an instant after the release")
    frame = pd.DataFrame(columns, columns=list(DEFERRED))
    _check_deferred(table, frame, queues)
    return frame


def _check_deferred(table: Table, frame: pd.DataFrame, queues: Queues | None) -> None:
    """A fault for rows of queues whose work may not wait."""
    immediate = {name for name, queue in (queues or {}).items() if queue is not None and not queue.deferred}
    wrong = ~table.bad & frame["queue"].isin(list(immediate)).to_numpy()
    expected = "a queue whose work may wait (target_hours or due_by_day_end)"
    table.blame(np.flatnonzero(wrong), "queue", expected, lambda k: table.cell("queue", k))


def _demand_frame(table: Table, zone: ZoneInfo, optional: tuple[str, ...]) -> pd.DataFrame:
    starts, queue = _interval_columns(table, zone, None, None)
    columns = {
        "interval_start": to_timestamps(starts),
        "queue": queue,
        "offered": table.numbers("offered", 0),
    }
    columns["aht_seconds"] = table.numbers("aht_seconds", 0, optional=True)
    columns |= {name: table.numbers(name, 0, optional=True) for name in optional if name in table}
    return pd.DataFrame(columns)


def _interval_columns(
    table: Table, zone: ZoneInfo, queues: Queues | None, interval_minutes: int | None
) -> tuple[Minutes, NDArray[np.object_]]:
    starts, queue = _places(table, zone, queues, interval_minutes)
    _check_duplicates(table, starts, queue)
    return starts, queue


def _places(
    table: Table, zone: ZoneInfo, queues: Queues | None, interval_minutes: int | None
) -> tuple[Minutes, NDArray[np.object_]]:
    """Start and queue of every row."""
    starts, queue = table.instants("interval_start", zone), queue_column(table, queues)
    if interval_minutes:
        _check_grid(table, ~table.bad & ~_on_grid(starts, zone, interval_minutes), interval_minutes)
    return starts, queue


def _check_grid(table: Table, off: NDArray[np.bool_], interval_minutes: int) -> None:
    """Fault rows off the centre's intervals: each where they are few, else all in one."""
    rows = np.flatnonzero(off)
    words = f"a start on the centre's {interval_minutes}-minute intervals"
    if len(rows) <= MANY_OFF_GRID:
        table.blame(rows, "interval_start", words, lambda k: table.cell("interval_start", k))
        return
    table.bad |= off
    words += "; finer ones added up to them, or interval_minutes of centre.toml as fine"
    found, row = f"{len(rows):,} rows between, from here on", int(table.rows[rows[0]])
    table.faults.add(table.file, words, found=found, row=row, column="interval_start")


def queue_column(table: Table, queues: Queues | None) -> NDArray[np.object_]:
    """The column ``queue``, each a queue of ``centre.toml`` where that is known."""

    def read(cell: str) -> str:
        if queues is not None and cells.text(cell) not in queues:
            raise ValueError("a queue of centre.toml" + suggestion(cell, queues.keys()))
        return cells.text(cell)

    return table.values("queue", read)


def _check_duplicates(table: Table, starts: Minutes, queue: NDArray[np.object_]) -> None:
    good = np.flatnonzero(~table.bad)
    keys = pd.DataFrame({"start": starts[good], "queue": queue[good].astype(str)})
    repeated = good[keys.duplicated().to_numpy()]
    if len(repeated):
        first = {
            key: table.rows[k]
            for k, key in zip(good[::-1], keys[::-1].itertuples(index=False, name=None), strict=True)
        }
        table.blame(
            repeated,
            "interval_start",
            lambda k: (
                f"each queue and interval once; row {first[int(starts[k]), str(queue[k])]} has the same"
            ),
            lambda k: table.cell("interval_start", k),
        )


def _check_handle_times(table: Table, frame: pd.DataFrame, queues: Queues | None) -> None:
    """One fault for each queue that has contacts without a handle time and states none in ``centre.toml``."""
    handled = frame["handled"].fillna(frame["offered"]) if "handled" in frame else frame["offered"]
    blank = ~table.bad & (frame["aht_seconds"].isna() & (handled > 0)).to_numpy()
    for name, positions in frame[blank].groupby("queue").indices.items():
        queue = (queues or {}).get(str(name))
        if queue is not None and queue.aht_seconds is None:
            words = (
                f"handle times where contacts were handled, or aht_seconds of queue {name!r} in centre.toml"
            )
            rows = np.flatnonzero(blank)[positions]
            row = int(table.rows[rows[0]])
            table.faults.add(
                table.file, words, found=f"{len(rows):,} rows without", row=row, column="aht_seconds"
            )


def _on_grid(starts: Minutes, zone: ZoneInfo, interval_minutes: int) -> NDArray[np.bool_]:
    """Whether instants lie whole intervals after the start of their local day."""
    unique, inverse = np.unique(starts, return_inverse=True)
    days = _local_days(unique, zone)
    edges = {day: day_start(zone, day) for day in np.unique(days).tolist()}
    since = unique - np.array([edges[day] for day in days.tolist()], dtype=np.int64)
    return np.asarray((since % interval_minutes == 0)[inverse])


def _local_days(minutes: Minutes, zone: ZoneInfo) -> Minutes:
    local = to_timestamps(minutes).tz_convert(zone).tz_localize(None)
    return np.asarray(local.values.astype("datetime64[m]").astype(np.int64) // MINUTES_A_DAY)


def _activity(cell: str) -> str:
    kind, _, what = cells.text(cell).partition(":")
    if kind not in ACTIVITIES or (kind == "work" and not what):
        raise ValueError("an activity such as work:calls, work:*, " + ", ".join(ACTIVITIES[1:]))
    return cell


def _has_rows(table: Table) -> bool:
    if not len(table) and not any(fault.file == table.file for fault in table.faults):
        table.faults.add(table.file, "at least one row below the header", found="none")
    return len(table) > 0
