"""What was worked as rules can judge it: planned breaks laid into records that tell of no breaks."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, to_timestamps
from scheduler.rota import COLUMNS, PAUSES, Flags, Rota

_SHIFT = 40


def with_planned_breaks(
    planned: Rota, worked: Rota, people: Collection[str], kinds: Collection[str] = PAUSES
) -> Rota:
    """The worked rota in which these people had the planned breaks (activities of ``kinds``) that fall into their presence.

    Clock-in records tell presence alone. Whoever is judged by them for breaks would be found without any, so
    the planned ones are taken as had; whoever calls this says so.

    Examples
    --------
    >>> def rota(*rows):
    ...     return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)))
    >>> day = "2026-03-02"
    >>> plan = rota(("a1", day, f"{day}T12:00Z", f"{day}T12:30Z", "meal", "d", False))
    >>> work = rota(("a1", day, f"{day}T08:00Z", f"{day}T16:00Z", "work:*", "", True))
    >>> judged = with_planned_breaks(plan, work, {"a1"})
    >>> (judged.end - judged.start).tolist(), judged.paid.tolist()
    ([240, 30, 210], [True, False, True])
    """
    place = {name: k for k, name in enumerate(sorted(people))}
    due = _rows(planned, place, planned.is_kind(*kinds))
    done = _rows(worked, place, worked.duty >= 0)
    if not len(due[0]) or not len(done[0]):
        return worked
    rows, start, end = done
    edges = np.unique(np.concatenate([start, end, due[1], due[2]]))
    first, last = np.searchsorted(edges, start), np.searchsorted(edges, end)
    count = last - first
    owner = np.repeat(np.arange(len(rows)), count)
    at = np.repeat(first, count) + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    begins, base = edges[at], (start - worked.start[rows])[owner]
    pause = np.searchsorted(due[1], begins, side="right") - 1
    inside = (pause >= 0) & (begins < due[2][pause])
    frame = worked.to_frame()
    cut = frame.iloc[rows[owner]].assign(
        start=to_timestamps(begins - base), end=to_timestamps(edges[at + 1] - base)
    )
    plan = planned.to_frame().iloc[due[0][np.where(inside, pause, 0)]]
    for name in ("activity", "paid"):
        cut[name] = np.where(inside, plan[name], cut[name])
    cut["paid"] = cut["paid"].astype(bool)
    return Rota.from_frame(pd.concat([frame.drop(index=frame.index[rows]), cut])[list(COLUMNS)])


def _rows(rota: Rota, place: dict[str, int], which: Flags) -> tuple[NDArray[np.intp], Minutes, Minutes]:
    """Rows of these people, with start and end as keys of person and instant, sorted by start."""
    codes = np.array([place.get(name, -1) for name in rota.agent_ids] or [-1], dtype=np.int64)
    own = codes[rota.agent] if len(rota) else codes[:0]
    rows = np.flatnonzero(which & (own >= 0))
    base = own[rows] << _SHIFT
    start, end = base + rota.start[rows], base + rota.end[rows]
    order = np.lexsort((end, start))
    return rows[order], start[order], end[order]
