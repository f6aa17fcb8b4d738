"""``leave_requests.csv``: leave that people have asked for and that is not decided, and moving what is granted to ``leave.csv``."""

import csv
import io
from collections.abc import Collection, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre import cells
from centre.errors import Faults
from centre.instants import format_instant, from_minutes, parse_instant, to_timestamps
from centre.people_files import LEAVE
from centre.records import records_of
from centre.tables import read_table_or_empty
from centre.writing import write_text

FILE = "leave_requests.csv"
REQUESTS = ("agent_id", "start", "end", "kind", "asked_at")


def leave_requests_frame(path: Path, zone: ZoneInfo, agents: Collection[str], faults: Faults) -> pd.DataFrame:
    """Requests in the order in which they are decided: higher ``priority`` (0 where not told) first, then as they were asked.

    Columns: ``agent_id``, ``start``, ``end`` and ``asked_at`` (aware UTC; a date alone is its first instant), ``kind`` (may be empty),
    ``priority``, ``row``. Faults repeat no kind.
    """
    table = read_table_or_empty(path, REQUESTS, ("priority",), faults)

    start, end, asked = (table.instants(name, zone) for name in ("start", "end", "asked_at"))
    words = "an end after the start; leave for one whole day ends on the next day"
    table.blame(np.flatnonzero(~table.bad & (end <= start)), "end", words)
    frame = pd.DataFrame(
        {
            "agent_id": table.values("agent_id", cells.agent_id(agents), shown=cells.unless_a_name),
            "start": to_timestamps(start),
            "end": to_timestamps(end),
            "kind": table.texts("kind", optional=True),
            "asked_at": to_timestamps(asked),
            "priority": table.values("priority", cells.number(), float, 0.0),
            "row": table.rows,
        }
    )
    order = np.lexsort((table.rows, asked, -frame["priority"].to_numpy(dtype=float)))
    return frame.iloc[order].reset_index(drop=True)


def move_granted(folder: Path, zone: ZoneInfo, granted: pd.DataFrame, waiting: Collection[int]) -> None:
    """Add granted leave to ``leave.csv`` of a folder, and leave the ``waiting`` rows (of the file) alone in ``leave_requests.csv``.

    Each file is the old one or the new one at any time; ``leave.csv`` comes first, so that no leave is lost where we are stopped
    between the two. What stood in ``leave.csv`` stays as it was written.

    Raises
    ------
    BadInput
        where the leave is not in a CSV file, before anything is written.
    """
    faults = Faults()
    if (folder / "leave.xlsx").is_file():
        faults.add("leave.xlsx", "leave.csv, to which rows can be added: save it as CSV UTF-8")
    requests = list(records_of(folder / FILE, faults))
    leave = folder / "leave.csv"
    known = list(records_of(leave, faults)) if leave.is_file() else [(1, LEAVE)]
    faults.raise_if_any()
    if len(granted):
        header = [name.strip() for name in known[0][1]]
        zoned = any(cells.is_zoned(cell) for _, cells_ in known[1:] for cell in _times(header, cells_))
        rows = [
            [row.get(name, "") for name in header]
            for row in _rows(granted, zone, zoned or _is_doubtful(granted, zone))
        ]
        if not zoned and _is_doubtful(granted, zone):  # a time that clocks show twice: all of the file in UTC
            known = [known[0], *((k, _zoned(header, cells_, zone)) for k, cells_ in known[1:])]
        write_text(leave, _csv([*(cells_ for _, cells_ in known), *rows]))
    write_text(folder / FILE, _csv([requests[0][1], *(cells_ for k, cells_ in requests[1:] if k in waiting)]))


def _rows(granted: pd.DataFrame, zone: ZoneInfo, zoned: bool) -> list[dict[str, str]]:
    """Rows as ``leave.csv`` has them, times local or in UTC."""
    told = []
    for agent_id, start, end, kind in zip(*(granted[name] for name in LEAVE), strict=True):
        at = [_written(int(moment.timestamp() // 60), zone, zoned) for moment in (start, end)]
        told.append({"agent_id": str(agent_id), "start": at[0], "end": at[1], "kind": str(kind)})
    return told


def _written(minutes: int, zone: ZoneInfo, zoned: bool) -> str:
    return format_instant(minutes) if zoned else f"{from_minutes(minutes, zone):%Y-%m-%dT%H:%M}"


def _is_doubtful(granted: pd.DataFrame, zone: ZoneInfo) -> bool:
    """Whether a time cannot be told by the local clock alone."""
    for moment in (*granted["start"], *granted["end"]):
        try:
            parse_instant(_written(int(moment.timestamp() // 60), zone, zoned=False), zone)
        except ValueError:
            return True
    return False


def _zoned(header: list[str], record: Sequence[str], zone: ZoneInfo) -> list[str]:
    read = cells.instant(zone)
    return [
        format_instant(int(str(read(cell.strip())))) if name in ("start", "end") else cell
        for name, cell in zip(header, record, strict=False)
    ]


def _times(header: list[str], record: Sequence[str]) -> list[str]:
    return [cell for name, cell in zip(header, record, strict=False) if name in ("start", "end")]


def _csv(records: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(records)
    return text.getvalue()
