"""A foreign history as rows of ``history.csv``: each fault with row and column, all at once; what was left out or added up is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre import volumes
from centre.cells import zone_name
from centre.errors import Faults
from centre.foreign import lengths
from centre.foreign.mapping import Mapping, check
from centre.foreign.reading import Reading, data_rows, few
from centre.foreign.sheet import Sheet
from centre.foreign.starts import interval_starts
from centre.foreign.words import BESIDE, COUNTS, DURATIONS, plain_heading
from centre.instants import format_instant, to_timestamps

LEFT_OUT = ""


@dataclass(frozen=True, eq=False)
class Imported:
    """What came of a file.

    Parameters
    ----------
    frame : the columns of ``history.csv``, by interval and queue; empty where every row has a fault
    told : what was left out, added up or assumed, in sentences
    rows : of the file that hold data
    interval_minutes : the length of the file's intervals; 0 where it is not known
    queues : the file's queues with what they are called here, None where that is not known
    """

    frame: pd.DataFrame
    told: tuple[str, ...]
    rows: int
    interval_minutes: int
    queues: dict[str, str | None]


def imported(
    sheet: Sheet,
    mapping: Mapping,
    zone: ZoneInfo,
    faults: Faults,
    queues: Sequence[str] | None = None,
    interval_minutes: int | None = None,
) -> Imported:
    """The rows of a file as a history.

    Parameters
    ----------
    zone : the centre's, in which times without an offset are read where the mapping names none
    queues : the centre's; None takes the file's names as they are
    interval_minutes : the centre's, to which finer intervals are added up; None keeps the file's
    """
    before = len(faults.found)
    check(mapping, sheet.file, faults)
    clock = _zone(mapping, zone, faults)
    if len(faults.found) > before:
        return Imported(pd.DataFrame(), (), 0, 0, {})
    told: list[str] = []
    rows = data_rows(sheet, mapping, told)
    reading = Reading(sheet.file, mapping, rows, faults)
    starts = interval_starts(reading, clock, told)
    names = _joined(reading, "queue")
    known = matched(dict.fromkeys(names), queues, mapping)
    table = _table(reading, starts, names)
    length = _length(reading, table)
    table = _once(reading, _named(reading, table, known, queues), told)
    frame = _added_up(
        _on_grid(reading, table, length, interval_minutes, told), told, length, interval_minutes
    )
    return Imported(frame, tuple(told), len(rows), length, known)


def matched(
    names: Sequence[str] | dict[str, Any], queues: Sequence[str] | None, mapping: Mapping
) -> dict[str, str | None]:
    """The file's queues with the centre's: as chosen, of the same name, of nearly the same name, or the only one of both; else None."""
    of_plain = {plain_heading(queue): queue for queue in queues or ()}
    found: dict[str, str | None] = {}
    for name in names:
        near = get_close_matches(plain_heading(name), list(of_plain), n=1, cutoff=0.75)
        if name in mapping.queues:
            found[name] = mapping.queues[name]
        elif queues is None or name in queues:
            found[name] = name
        else:
            found[name] = (
                of_plain[near[0]] if near else (queues[0] if len(queues) == len(names) == 1 else None)
            )
    return found


def _zone(mapping: Mapping, zone: ZoneInfo, faults: Faults) -> ZoneInfo:
    if not mapping.timezone:
        return zone
    try:
        return ZoneInfo(zone_name(mapping.timezone))
    except ValueError as error:
        faults.add("mapping", str(error), found=mapping.timezone, column="timezone")
        return zone


def _joined(reading: Reading, role: str) -> list[str]:
    columns = [reading.texts(place) for place in reading.mapping.places(role)]
    return [" / ".join(cell for cell in cells if cell) for cells in zip(*columns, strict=True)]


def _table(reading: Reading, starts: Any, names: list[str]) -> pd.DataFrame:
    mapping = reading.mapping
    table = pd.DataFrame({"start": starts, "queue": names, "row": [row for row, _ in reading.rows]})
    parts = [reading.texts(place) for place in mapping.places("part")]
    table["part"] = list(map("|".join, zip(*parts, strict=True))) if parts else ""
    for role in (*COUNTS, BESIDE):
        columns = [_counts(reading, place, needed=role == "offered") for place in mapping.places(role)]
        if columns:
            table[role] = np.sum(columns, axis=0)
    if BESIDE in table:
        beside = table.pop(BESIDE).fillna(0)
        table["offered"] += beside
        table["transferred_in"] = beside + table.get("transferred_in", 0)
    for role in DURATIONS:
        columns = [_seconds(reading, place) for place in mapping.places(role)]
        if columns:
            known = np.sum([~np.isnan(column) for column in columns], axis=0) > 0
            table[role] = np.where(known, np.nansum(columns, axis=0), np.nan)
    weight = table["handled"] if "handled" in table else table["offered"]
    if "aht" in table:
        table["handle_time"] = table["aht"] * weight
    table["weight"] = weight if "handle_time" in table else 0.0
    return table


def _counts(reading: Reading, place: int, needed: bool) -> Any:
    style = volumes.style_of(set(reading.texts(place)), counts=True)
    plain = volumes.reader(style, needed=True)

    def read(text: str) -> float:
        if not needed and volumes.plainly(text).lower() in volumes.MARKS:
            return float("nan")
        return plain(text)

    return reading.values(place, read)


def _seconds(reading: Reading, place: int) -> Any:
    unit = reading.mapping.columns[place].unit or "seconds"
    return reading.values(place, lengths.seconds_reader(unit, lengths.commas_of(set(reading.texts(place)))))


def _length(reading: Reading, table: pd.DataFrame) -> int:
    """Minutes of an interval: told by the file, or the smallest distance of two starts of a queue."""
    places = reading.mapping.places("interval")
    if places:
        told = reading.values(places[0], lengths.interval_minutes_in)
        return int(np.nanmin(told)) if np.isfinite(told).any() else 0
    good = table[~reading.bad].sort_values(["queue", "start"])
    steps = good.groupby("queue")["start"].diff()
    steps = steps[steps > 0]
    return int(min(steps.min(), 60)) if len(steps) else 0


def _named(
    reading: Reading, table: pd.DataFrame, known: dict[str, str | None], queues: Sequence[str] | None
) -> pd.DataFrame:
    """The table with the centre's queues; rows of queues that it does not have are faults, one for each queue."""
    place = reading.mapping.places("queue")[0]
    names = table["queue"].to_numpy(dtype=object)
    for name, ours in known.items():
        rows = np.flatnonzero(names == name)
        if not name:
            for k in rows:
                reading.blame(int(k), place, "the name of a queue")
        elif ours is None or (ours and queues is not None and ours not in queues):
            words = f"one of the centre's queues ({', '.join(queues or ())}), chosen for it; or that it is left out"
            if len(rows):
                reading.blame(int(rows[0]), place, words, f"{name} in {len(rows):,} rows")
            reading.bad[rows] = True
    return table.assign(queue=pd.Series([known.get(name) for name in names], dtype=object), bad=reading.bad)


def _once(reading: Reading, table: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """Rows without faults and of queues that are kept, each once; rows that contradict each other are faults."""
    left = (table["queue"] == LEFT_OUT) & ~table["bad"]
    if left.any():
        told.append(f"{int(left.sum()):,} rows of queues that are left out")
    good = table[~table["bad"] & ~left].drop(columns="bad")
    names = reading.mapping.places("queue")
    theirs = (
        pd.Series(_joined(reading, "queue"), index=table.index).loc[good.index] if names else good["queue"]
    )
    keys = good.assign(theirs=theirs)
    same = keys.duplicated([name for name in keys if name != "row"])
    if same.any():
        told.append(
            f"{int(same.sum()):,} rows that say the same again left out: {few(list(good['row'][same]))}"
        )
    keys = keys[~same]
    first = keys.groupby(["start", "theirs", "part"])["row"].transform("first")
    place = (reading.mapping.places("offered") or names)[0]
    at = {row: k for k, (row, _) in enumerate(reading.rows)}
    for row, other in zip(keys["row"][first != keys["row"]], first[first != keys["row"]], strict=True):
        reading.blame(at[row], place, f"one row an interval and queue; row {other} says otherwise")
    return keys[first == keys["row"]]


def _on_grid(
    reading: Reading, table: pd.DataFrame, length: int, ours: int | None, told: list[str]
) -> pd.DataFrame:
    """Starts on the centre's intervals; coarser files are a fault."""
    if ours is None or not len(table):
        return table
    if length > ours:
        words = f"intervals of {ours} minutes, as the centre has, or finer"
        reading.faults.add(reading.file, words, found=f"intervals of {length} minutes")
        return table.head(0)
    if length and length < ours:
        told.append(f"intervals of {length} minutes were added up to {ours}")
    return table.assign(start=table["start"] // ours * ours)


def _added_up(table: pd.DataFrame, told: list[str], length: int, ours: int | None) -> pd.DataFrame:
    """One row an interval and queue, with handle times weighted by contacts."""
    if not len(table):
        return pd.DataFrame()
    keys = ["start", "queue"]
    parts = table.groupby(keys).size()
    if (parts > 1).any() and not (length and ours and length < ours):
        told.append(
            f"{int((parts - 1).sum()):,} rows that part a queue further (media, skills, several queues for one) were added up"
        )
    counts = [name for name in COUNTS if name in table]
    sums = table.groupby(keys)[counts].sum(min_count=1)
    frame = pd.DataFrame({"offered": sums["offered"]})
    frame["aht_seconds"] = np.nan
    if "handle_time" in table:
        known = table[table["handle_time"].notna()]
        time = known.groupby(keys)[["handle_time", "weight"]].sum().reindex(frame.index)
        frame["aht_seconds"] = (time["handle_time"] / time["weight"].where(time["weight"] > 0)).round(3)
        frame.loc[frame["aht_seconds"] == 0, "aht_seconds"] = np.nan
    for name in counts[1:]:
        frame[name] = sums[name]
    frame = frame.reset_index().sort_values(keys, kind="stable", ignore_index=True)
    frame.insert(0, "interval_start", to_timestamps(frame.pop("start").to_numpy()))
    return frame


def span(frame: pd.DataFrame) -> tuple[str, str] | None:
    """First and last interval of what was imported, None where there is nothing."""
    if not len(frame):
        return None
    minutes = frame["interval_start"].astype("int64")
    return format_instant(int(minutes.min()) // 60), format_instant(int(minutes.max()) // 60)
