"""Clock-in and clock-out records as the table of ``rota.csv``.

agent_id, clock_in, clock_out | agent_id, time, event -> stretches -> rows of rota.csv, and a note of every row
that was left out or read in one of two ways
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre import cells
from centre.activities import OFF_QUEUE
from centre.clock.columns import OPTIONAL, OTHER_NAMES
from centre.clock.events import event_stretches
from centre.clock.notes import NoteBook, Recorded
from centre.clock.pairs import pair_stretches
from centre.clock.rows import Rows, shift_days, stretches_apart
from centre.clock.zones import row_zones
from centre.errors import Faults
from centre.instants import to_timestamps
from centre.tables import Table, read_table
from centre.wide.notes import Note

KINDS = ("work", "break", "meal", "split", *OFF_QUEUE, "backup", "leave", "on_call", "call_out")
_RAGGED = ("values, as the header has", "values in every row")
_MISSING = "clock_in and clock_out (上班时间, 下班时间), or time and event (时间, 事件)"


def read_clock_records(
    path: Path,
    zone: ZoneInfo,
    listed: Collection[str] | None = None,
    zones: Mapping[str, ZoneInfo] | None = None,
) -> Recorded:
    """What people clocked, in the columns of ``rota.csv``, and notes of what was left out or assumed.

    A shift belongs to the local day on which it starts; a stretch that begins less than
    `centre.clock.rows.SPLIT_GAP_MINUTES` after the end of the one before continues its shift. Without a column
    ``activity`` the time between two stretches of a shift is an unpaid ``break``: the person had clocked out.

    Parameters
    ----------
    zone : the clock of naive times, unless the row or ``zones`` says otherwise
    listed : the people known; None where there is no list
    zones : zones by ``agent_id`` or by site

    Raises
    ------
    BadInput
        where the file cannot be read as a table or lacks columns; faulty rows are notes.
    """
    faults = Faults()
    table = read_table(path, ("agent_id",), OPTIONAL, faults, OTHER_NAMES)
    pairs = table is not None and "clock_in" in table and "clock_out" in table
    if table is not None and not pairs and not ("time" in table and "event" in table):
        faults.add(path.name, _MISSING, found=", ".join(table.columns), row=1)
    ragged = [fault for fault in faults if table is not None and fault.expected.endswith(_RAGGED)]
    faults.found = [fault for fault in faults if fault not in ragged]
    faults.raise_if_any()
    assert table is not None
    agents = table.values("agent_id", str)
    book = NoteBook(table, agents)
    book.notes += [Note(warning) for warning in faults.warnings]
    book.notes += [Note(f"{fault}; the row was left out.") for fault in ragged]
    left = _people(table, agents, listed, book)
    zone_of = row_zones(table, agents, zone, zones or {}, left, book)
    rows = (pair_stretches if pairs else event_stretches)(table, zone_of, left, book)
    return Recorded(
        _frame(table, agents, rows, book), book.all(), zone_of.people(agents), frozenset(book.unclear)
    )


def _people(
    table: Table, agents: NDArray[np.object_], listed: Collection[str] | None, book: NoteBook
) -> NDArray[np.bool_]:
    """Which rows name somebody; people who are not on the list are noted once each."""
    left = agents != ""
    for k in np.flatnonzero(~left):
        book.row("they name nobody", int(k), "the row names no person; it was left out.")
    if listed is not None:
        column = table.columns["agent_id"]
        _, first = np.unique(column.codes, return_index=True)
        for k in np.sort(first):
            if agents[k] and agents[k] not in listed:
                words = "is not on the list of people; judged without what the list would tell."
                book.row("people who are not on the list", int(k), words)
    return np.asarray(left, dtype=bool)


def _frame(table: Table, agents: NDArray[np.object_], rows: Rows, book: NoteBook) -> pd.DataFrame:
    """The table of ``rota.csv`` of stretches that no longer overlap."""
    code = table.columns["agent_id"].codes
    rows = stretches_apart(rows, code, book)
    given = table.values("day", _day_or_none, object, None) if "day" in table else None
    shift = table.texts("shift", optional=True) if "shift" in table else None
    activity = _activities(table, rows, book)
    rows = shift_days(rows, code, shift, given, fill=activity is None)
    told_activity = activity is not None
    if activity is None:
        activity = np.where(rows.pause, "break", "work:*").astype(object)
    paid = table.values("paid", _flag, np.int8, -1)[rows.row]
    which, names = pd.factorize(activity)
    is_pause = np.array([str(a).partition(":")[0] in ("break", "meal") for a in names] or [False])[which]
    if not told_activity and len(rows):
        _about_breaks(agents, rows, book)
    filled = int(rows.filled.sum())
    if filled:
        words = f"{filled} gap(s) between clock-out and clock-in within a shift were taken as unpaid breaks."
        book.file(words)
    return pd.DataFrame(
        {
            "agent_id": agents[rows.row],
            "day": pd.DatetimeIndex(rows.day.astype("datetime64[D]").astype("datetime64[s]")),
            "start": to_timestamps(rows.start),
            "end": to_timestamps(rows.end),
            "activity": activity,
            "shift": shift[rows.row] if shift is not None else "",
            "paid": np.where((paid >= 0) & ~rows.filled, paid == 1, ~is_pause),
        }
    )


def _about_breaks(agents: NDArray[np.object_], rows: Rows, book: NoteBook) -> None:
    """How many shifts have no record of a break: rules see them as worked without one."""
    shifts = pd.DataFrame({"agent": agents[rows.row], "day": rows.day, "pause": rows.pause})
    without = int((~shifts.groupby(["agent", "day"])["pause"].any()).sum())
    if without:
        book.file(
            f"{without} day(s) of people have no record of a break; whether there was one is not known, rules count none."
        )


def _activities(table: Table, rows: Rows, book: NoteBook) -> NDArray[np.object_] | None:
    """The activity of every stretch, None where the file tells none."""
    if "activity" not in table:
        return None
    column = table.columns["activity"]
    known = [text if text.partition(":")[0] in KINDS and text != "work" else "" for text in column.texts]
    told = np.array([*known, ""], dtype=object)[column.codes[rows.row]]
    texts = np.array([*column.texts, ""], dtype=object)[column.codes[rows.row]]
    for k in np.flatnonzero((told == "") & (texts != "") & (texts != "work")):
        words = f"activity {str(texts[k])[:20]!r} is not known; it was taken as work."
        book.row("activities that are not known", int(rows.row[k]), words)
    activity = np.where(told == "", "work:*", told)
    return np.where(rows.pause & (told == ""), "break", activity)


def _day_or_none(text: str) -> object:
    try:
        return cells.day(text)
    except ValueError:
        return None


def _flag(text: str) -> int:
    """1 paid, 0 unpaid, -1 where the text says neither."""
    try:
        return int(cells.flag({"是": "yes", "否": "no"}.get(text, text)))
    except ValueError:
        return -1
