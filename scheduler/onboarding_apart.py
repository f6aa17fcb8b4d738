"""Starters follow their mentor off the queue: where activities take a mentor away, nobody mentored works alone."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.shared.starters import SERVES
from scheduler.rules.shared.worked import Rows
from scheduler.stages import MENTORED, TRAINING, Starter

ON_THEIR_OWN = TRAINING + "self-study"
"""Activity of somebody mentored while their mentor is off the queue."""
Piece = tuple[int, int, int, bool]
"""Row, start, end, and whether the mentor is away."""


def kept_beside(rota: Rota, starters: Sequence[Starter]) -> Rota:
    """The rota with those mentored off the queue for every minute that their mentor is off it."""
    serves, pieces = rota.is_kind(*SERVES), list[Piece]()
    for starter in starters:
        if not {starter.agent_id, starter.mentor} <= set(rota.agent_ids):
            continue
        own, mentors = (
            serves & (rota.agent == rota.agent_ids.index(k)) for k in (starter.agent_id, starter.mentor)
        )
        for row in np.flatnonzero(own).tolist():
            if starter.stage_on(int(rota.day[row])) == MENTORED:
                beside = mentors & (rota.day == rota.day[row]) & (rota.shift == rota.shift[row])
                pieces += _pieces(rota, row, np.flatnonzero(beside))
    if not any(apart for *_, apart in pieces):
        return rota
    cut = {row for row, *_ in pieces}
    pieces += [(k, int(rota.start[k]), int(rota.end[k]), False) for k in range(len(rota)) if k not in cut]
    pieces.sort()
    rows, start, end, apart = (np.array(column) for column in zip(*pieces, strict=True))
    book = rota.activities if ON_THEIR_OWN in rota.activities else (*rota.activities, ON_THEIR_OWN)
    activity = np.where(apart, book.index(ON_THEIR_OWN), rota.activity[rows]).astype(np.int32)
    columns = {name: getattr(rota, name)[rows] for name in ("agent", "day", "shift", "paid")}
    return replace(rota, activities=book, activity=activity, start=start, end=end, **columns)


def _pieces(rota: Rota, row: int, beside: Rows) -> list[Piece]:
    """One row cut where the mentor comes and goes."""
    at, last, found = int(rota.start[row]), int(rota.end[row]), list[Piece]()
    for k in beside.tolist():
        begin, end = max(int(rota.start[k]), at), min(int(rota.end[k]), last)
        if end > begin:
            found += [(row, at, begin, True)] if begin > at else []
            found.append((row, begin, end, False))
            at = end
    return [*found, (row, at, last, True)] if at < last else found
