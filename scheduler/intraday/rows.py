"""The rows of one shift of one person's rota as a list, and a rota with other rows in their place."""

from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from scheduler.mend_edits import FIELDS
from scheduler.rota import PAUSES, Rota, activity_kind, joined


class Row(NamedTuple):
    """A stretch of a shift, UTC minutes."""

    start: int
    end: int
    activity: str
    paid: bool

    @property
    def pause(self) -> bool:
        """Whether it is no work."""
        return activity_kind(self.activity) in PAUSES


def rows_of(rota: Rota, shift: int) -> list[Row]:
    """The rows of a shift, ``shift`` an index into `Rota.duties`, in order."""
    rows = range(int(rota.duties.first[shift]), int(rota.duties.last[shift]))
    return [
        Row(int(rota.start[k]), int(rota.end[k]), rota.activities[rota.activity[k]], bool(rota.paid[k]))
        for k in rows
        if rota.duty[k] == shift
    ]


def with_rows(rota: Rota, shift: int | None, rows: list[Row], name: str, day: int) -> Rota:
    """One person's rota with these rows in place of those of a shift, or beside all others (None)."""
    book = (*rota.activities, *sorted({row.activity for row in rows} - set(rota.activities)))
    names = rota.shift_names if name in rota.shift_names else (*rota.shift_names, name)
    kept = np.ones(len(rota), dtype=bool) if shift is None else rota.duty != shift
    count = len(rows)
    new: dict[str, Any] = {
        "agent": np.zeros(count, dtype=np.int32),
        "day": np.full(count, day, dtype=np.int64),
        "start": np.array([row.start for row in rows], dtype=np.int64),
        "end": np.array([row.end for row in rows], dtype=np.int64),
        "activity": np.array([book.index(row.activity) for row in rows], dtype=np.int32),
        "shift": np.full(count, names.index(name), dtype=np.int32),
        "paid": np.array([row.paid for row in rows], dtype=bool),
    }
    columns: dict[str, Any] = {
        field: np.concatenate([getattr(rota, field)[kept], new[field]]) for field in FIELDS
    }
    order = np.lexsort((columns["end"], columns["start"]))
    columns = {field: column[order] for field, column in columns.items()}
    return replace(rota, activities=book, shift_names=names, **columns)


def renamed(rota: Rota, shift: int, name: str) -> Rota:
    """The rota with another name for one shift."""
    names = rota.shift_names if name in rota.shift_names else (*rota.shift_names, name)
    codes = np.where(rota.duty == shift, names.index(name), rota.shift).astype(np.int32)
    return replace(rota, shift_names=names, shift=codes)


def put_back(rota: Rota, parts: dict[str, Rota]) -> Rota:
    """The rota with some people's own rotas in place of what they had."""
    others = np.array([name not in parts for name in rota.agent_ids], dtype=bool)
    kept = rota.narrowed(others[rota.agent] if len(rota) else np.zeros(0, dtype=bool))
    return reduce(joined, (part for _, part in sorted(parts.items()) if len(part)), kept)
