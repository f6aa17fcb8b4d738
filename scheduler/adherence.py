"""What was worked against what was planned: adherence, conformance, lateness, overtime, breaks and rest lost.

planned rota, worked rota -> segments and shifts -> figures by person, day, team, week or interval

- **Adherence** is the minutes spent as planned over the minutes planned; a minute worked at another time does
  not make up for one missed.
- **Conformance** is the minutes worked over the minutes planned, whenever they were worked; it may exceed 1.

**Source:** the two as the field defines them (adherence: minutes as planned / planned; conformance: worked /
planned); recalled, not read in a standard, for there is none.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from centre.instants import Minutes
from scheduler.adherence_breaks import Breaks, breaks
from scheduler.adherence_parts import (
    DETAILS,
    Detail,
    Segments,
    layer,
    matched,
    segments,
)  # fmt: skip
from scheduler.adherence_rest import Rests, codes_of, rests
from scheduler.rota import PAUSES, Flags, Rota, activity_kind

TOLERANCE_MINUTES = 5
"""Deviations no longer than this count as kept, unless a centre says otherwise."""


@dataclass(frozen=True)
class Adherence:
    """Two rotas beside each other.

    Parameters
    ----------
    agent_ids : code book of all people of both
    detail : place in `DETAILS` by which each person was compared, shape (agents,)
    match : planned shift of each worked one, -1: none, shape (worked shifts,)
    counts, unplanned : planned shifts, and worked ones that match none, inside the horizon
    """

    agent_ids: tuple[str, ...]
    planned: Rota
    worked: Rota
    detail: NDArray[np.int8]
    segments: Segments
    match: Minutes
    counts: Flags
    unplanned: Flags
    breaks: Breaks
    rests: Rests
    tolerance: int


def compare(
    planned: Rota,
    worked: Rota,
    days: tuple[int, int] | None = None,
    tolerance: int = TOLERANCE_MINUTES,
    detail: Detail | None = None,
    unclear: Collection[tuple[str, int]] = (),
) -> Adherence:
    """Set a worked rota beside the planned one.

    A worked shift stands for the planned shift of the same person with which it shares most minutes; one that
    shares none is unplanned, a planned shift that nothing shares is absent. Whoever works another's shift is
    so unplanned, and the other absent. A minute of a planned break counts as kept when the person was away.

    Parameters
    ----------
    days : first day number and the one after the last, of planned shifts (of unplanned ones their own);
        None: all
    tolerance : minutes; a run of one deviation no longer than this counts as kept
    detail : what is compared: ``presence`` alone, ``breaks`` against all other time, or kinds of
        ``activities``. None: activities where both rotas tell of any besides work and breaks; else breaks for
        people of whom the worked rota has a break, presence for the others.
    unclear : (``agent_id``, day number) of which records are missing: what a shift planned then lacks is not
        known, and is left out of both ratios

    Examples
    --------
    >>> import pandas as pd
    >>> def rota(*rows):
    ...     columns = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]
    ...     return Rota.from_frame(pd.DataFrame(rows, columns=columns))
    >>> plan = rota(("a1", "2026-03-02", "2026-03-02T08:00Z", "2026-03-02T16:00Z", "work:*", "d", True))
    >>> work = rota(("a1", "2026-03-02", "2026-03-02T08:48Z", "2026-03-02T16:00Z", "work:*", "d", True))
    >>> from scheduler.adherence_figures import figures
    >>> figures(compare(plan, work), "person")[["late_minutes", "adherence", "conformance"]].iloc[0].tolist()
    [48.0, 0.9, 0.9]
    """
    names = tuple(sorted({*planned.agent_ids, *worked.agent_ids}))
    plan_code, work_code = codes_of(names, planned.agent_ids), codes_of(names, worked.agent_ids)
    level = _levels(planned, worked, work_code, len(names), detail)
    plan, work = layer(planned, plan_code, level), layer(worked, work_code, level)
    unknown = _unclear(planned, plan_code, names, unclear)
    found = segments(plan, work, planned, worked, level, unknown, tolerance)
    match = matched(found.planned, found.worked, found.minutes, len(worked.duties))
    counts, unplanned = _inside(planned.duties.day, days), _inside(worked.duties.day, days) & (match < 0)
    first, last = _presence(found, len(planned.duties))
    judged = counts & (level[plan_code[planned.duties.agent]] > 0) if len(counts) else counts
    pauses = breaks(planned, worked, match, first, last, judged, tolerance)
    free = rests(planned.duties, plan_code, worked.duties, work_code)
    if days is not None:
        found = found.at(_inside(found.day, days))
        free = _some(free, _inside(free.day, days))
    return Adherence(names, planned, worked, level, found, match, counts, unplanned, pauses, free, tolerance)


def _levels(
    planned: Rota, worked: Rota, code: NDArray[np.int32], agents: int, detail: Detail | None
) -> NDArray[np.int8]:
    """Place in `DETAILS` by which each person is compared, shape (agents,)."""
    if detail is not None:
        return np.full(agents, DETAILS.index(detail), dtype=np.int8)
    plain = {"work", *PAUSES, "leave", "on_call"}
    if all({activity_kind(name) for name in rota.activities} - plain for rota in (planned, worked)):
        return np.full(agents, DETAILS.index("activities"), dtype=np.int8)
    level = np.zeros(agents, dtype=np.int8)
    level[code[worked.agent[worked.is_kind(*PAUSES)]]] = DETAILS.index("breaks")
    return level


def _unclear(
    planned: Rota, code: NDArray[np.int32], names: tuple[str, ...], days: Collection[tuple[str, int]]
) -> Flags:
    """Which planned shifts lie on a day of which records are missing, shape (planned shifts,)."""
    place = {name: k for k, name in enumerate(names)}
    keys = [(place[agent_id] << 24) + day for agent_id, day in days if agent_id in place]
    own = (code[planned.duties.agent].astype(np.int64) << 24) + planned.duties.day
    return np.isin(own, np.array(keys, dtype=np.int64))


def _inside(day: Minutes, days: tuple[int, int] | None) -> Flags:
    return np.ones(len(day), dtype=bool) if days is None else (day >= days[0]) & (day < days[1])


def _presence(found: Segments, shifts: int) -> tuple[Minutes, Minutes]:
    """First and last instant of presence in each planned shift, shape (shifts,)."""
    first, last = np.full(shifts, np.iinfo(np.int64).max), np.full(shifts, np.iinfo(np.int64).min)
    both = (found.planned >= 0) & (found.worked >= 0)
    np.minimum.at(first, found.planned[both], found.start[both])
    np.maximum.at(last, found.planned[both], found.end[both])
    return first, last


def _some(free: Rests, which: Flags) -> Rests:
    return Rests(free.agent[which], free.day[which], free.start[which], free.end[which], free.had[which])
