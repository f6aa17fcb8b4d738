"""Which of all known shifts hold an activity of some kind, or nothing else."""

import numpy as np

from centre.instants import Minutes
from scheduler.rota import PAUSES, Codes, Flags, Rota, activity_kind
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import Worked


def shifts_of_kind(work: Worked, rota: Rota, facts: Facts, kind: str, whole: bool) -> Flags:
    """Which shifts hold an activity of that kind; ``whole``: and besides it only breaks. Shape (shifts,)."""
    marked = _marked(work, rota, kind, whole)
    return marked if facts.before is None else marked | _marked(work, facts.before, kind, whole)


def _marked(work: Worked, rota: Rota, kind: str, whole: bool) -> Flags:
    if kind not in map(activity_kind, rota.activities):
        return np.zeros(len(work), dtype=bool)
    shifts = rota.duties
    rows = np.flatnonzero(rota.duty >= 0)
    wanted = rota.is_kind(kind)[rows]
    has = np.bincount(rota.duty[rows], weights=wanted, minlength=len(shifts)) > 0
    if whole:
        other = ~wanted & ~rota.is_kind(*PAUSES)[rows]
        has &= np.bincount(rota.duty[rows], weights=other, minlength=len(shifts)) == 0
    code = {name: k for k, name in enumerate(work.agent_ids)}
    book = np.array([code.get(name, -1) for name in rota.agent_ids], dtype=np.int64)
    return np.isin(_keys(work.agent, work.start), _keys(book[shifts.agent[has]], shifts.start[has]))


def _keys(agent: Codes | Minutes, start: Minutes) -> Minutes:
    """One number for each person and start."""
    return np.asarray((agent.astype(np.int64) << 40) + start, dtype=np.int64)
