"""The rows of a kept rota as the board works with them; the latest are remembered, for every edit reads them twice."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from api.routes.rota_rows import COLUMNS
from api.store.csv_rows import CsvRows
from centre.instants import to_minutes
from scheduler.rota import Rota

REMEMBERED = 8


class Stretch(NamedTuple):
    """A stretch of somebody's day, UTC minutes."""

    start: int
    end: int
    activity: str
    shift: str
    paid: bool


Days = dict[tuple[str, str], list[Stretch]]


@lru_cache(maxsize=REMEMBERED)
def days_of(content: bytes) -> Days:
    """The stretches by person and local day of a ``rota.csv`` that is kept; not to be changed.

    Examples
    --------
    >>> days_of(b"agent_id,day,start,end,activity,shift,paid\\na1,1970-01-01,1970-01-01T01:00:00Z,1970-01-01T02:00:00Z,break,d,true\\n")
    {('a1', '1970-01-01'): [Stretch(start=60, end=120, activity='break', shift='d', paid=True)]}
    """
    known, days = dict[str, int](), Days()
    table = CsvRows.of(content).only(COLUMNS)
    at = [table.header.index(name) for name in COLUMNS]
    for row in table.rows:
        agent_id, day, start, end, activity, shift, paid = (row[k] for k in at)
        for text in (start, end):
            if text not in known:
                known[text] = to_minutes(datetime.fromisoformat(text))
        told = Stretch(known[start], known[end], activity, shift, paid == "true")
        days.setdefault((agent_id, day), []).append(told)
    return days


def rota_of(days: Days) -> Rota:
    """The rota of such rows."""
    rows = [(agent_id, day, *each) for (agent_id, day), told in days.items() for each in told]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name].astype("int64") * 60, unit="s", utc=True)
    return Rota.from_frame(frame.assign(paid=frame["paid"].astype(bool)))
