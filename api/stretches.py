"""The rows of a kept rota as the board works with them; the latest are remembered, for every edit reads them twice."""

from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd

from api.recent import Recent
from api.routes.rota_rows import COLUMNS, table_of
from api.schemas.rotas import RotaEdit
from centre.instants import to_minutes, to_timestamps
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


def days_of(content: bytes) -> Days:
    """The stretches by person and local day of a ``rota.csv`` that is kept; not to be changed.

    Examples
    --------
    >>> days_of(b"agent_id,day,start,end,activity,shift,paid\\na1,1970-01-01,1970-01-01T01:00:00Z,1970-01-01T02:00:00Z,break,d,true\\n")
    {('a1', '1970-01-01'): [Stretch(start=60, end=120, activity='break', shift='d', paid=True)]}
    """
    return _known.of(content)


def follow(before: bytes, edit: RotaEdit, after: bytes) -> None:
    """Remember ``after``, which is ``before`` with an edit, without reading it."""
    days = dict(days_of(before))
    for each in edit.days:
        told = [
            Stretch(to_minutes(part.start), to_minutes(part.end), part.activity, part.shift, part.paid)
            for part in each.stretches
        ]
        days[each.agent_id, each.day.isoformat()] = sorted(told)
    _known.put(after, {key: told for key, told in days.items() if told})


def rota_of(days: Days) -> Rota:
    """The rota of such rows."""
    counts = [len(told) for told in days.values()]
    agents, dates = (np.repeat(np.array([key[k] for key in days], dtype=object), counts) for k in (0, 1))
    rows = [each for told in days.values() for each in told]
    start, end = (to_timestamps(np.array([each[k] for each in rows], dtype=np.int64)) for k in (0, 1))
    activity, shift = (np.array([each[k] for each in rows], dtype=object) for k in (2, 3))
    paid = np.array([each.paid for each in rows], dtype=bool)
    return Rota.from_frame(
        pd.DataFrame(dict(zip(COLUMNS, (agents, dates, start, end, activity, shift, paid), strict=True)))
    )


def _read(content: bytes) -> Days:
    known, days = dict[str, int](), Days()
    table = table_of(content)
    cells = itemgetter(*map(table.header.index, COLUMNS))
    for agent_id, day, start, end, activity, shift, paid in map(cells, table.rows):
        for text in (start, end):
            if text not in known:
                known[text] = to_minutes(datetime.fromisoformat(text))
        told = Stretch(known[start], known[end], activity, shift, paid == "true")
        days.setdefault((agent_id, day), []).append(told)
    return days


_known = Recent(_read, REMEMBERED)
