"""What was worked against what was planned: adherence, conformance, lateness, overtime, breaks and rest lost.

planned rota, worked rota -> segments and shifts -> figures by person, day, team, week or interval

- **Adherence** is the minutes spent as planned over the minutes planned; a minute worked at another time does
  not make up for one missed.
- **Conformance** is the minutes worked over the minutes planned, whenever they were worked; it may exceed 1.

**Source:** the two as the field defines them (adherence: minutes as planned / planned; conformance: worked /
planned); recalled, not read in a standard, for there is none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, day_of, to_timestamps
from scheduler.adherence_breaks import Breaks, breaks
from scheduler.adherence_parts import (
    ABSENT,
    DETAILS,
    KEPT,
    LATE,
    LEFT_EARLY,
    NONE,
    PARTS,
    Detail,
    Segments,
    layer,
    matched,
    segments,
)  # fmt: skip
from scheduler.adherence_rest import Rests, codes_of, rests
from scheduler.rota import PAUSES, Flags, Rota, activity_kind
from scheduler.rules.worked import weeks_of

By = Literal["person", "day", "team", "week", "all"]
TOLERANCE_MINUTES = 5
"""Deviations no longer than this count as kept, unless a centre says otherwise."""
MEASURES = (
    "planned_minutes", "kept_minutes", "due_minutes", "worked_minutes", "late_minutes", "left_early_minutes",
    "away_minutes", "other_minutes", "absent_minutes", "unknown_minutes", "early_start_minutes", "overrun_minutes",
    "unplanned_minutes", "planned_shifts", "late_starts", "left_early", "absent_shifts", "unplanned_shifts",
    "missed_breaks", "shortened_breaks", "break_minutes_lost", "breaks_unknown", "rest_lost_minutes",
)  # fmt: skip


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
    >>> def rota(*rows):
    ...     columns = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]
    ...     return Rota.from_frame(pd.DataFrame(rows, columns=columns))
    >>> plan = rota(("a1", "2026-03-02", "2026-03-02T08:00Z", "2026-03-02T16:00Z", "work:*", "d", True))
    >>> work = rota(("a1", "2026-03-02", "2026-03-02T08:48Z", "2026-03-02T16:00Z", "work:*", "d", True))
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


def figures(
    found: Adherence, by: By, teams: Mapping[str, str] | None = None, week_start: int = 0
) -> pd.DataFrame:
    """The figures of all people, or of each person, day of a person, team or week.

    Columns are those that name the group, `MEASURES`, ``adherence`` (``kept_minutes`` over ``planned_minutes``
    less ``unknown_minutes``) and ``conformance`` (``worked_minutes`` over ``due_minutes``: breaks count in
    neither where the work tells of breaks); both missing where nothing was planned. ``kept``, ``other``,
    ``late``, ``left_early``, ``away``, ``absent`` and ``unknown`` minutes add up to ``planned_minutes``.

    Parameters
    ----------
    teams : team by ``agent_id``, for ``by="team"``; people without one are in the team ""
    week_start : weekday on which a week begins, Monday 0
    """
    plan_code = codes_of(found.agent_ids, found.planned.agent_ids)
    work_code = codes_of(found.agent_ids, found.worked.agent_ids)
    seg, duties, extra = found.segments, found.planned.duties, found.worked.duties
    places = [
        (seg.agent, seg.day),
        (plan_code[duties.agent[found.counts]], duties.day[found.counts]),
        (work_code[extra.agent[found.unplanned]], extra.day[found.unplanned]),
        (found.rests.agent, found.rests.day),
    ]
    keys = [_group(found, by, teams or {}, week_start, *place) for place in places]
    codes, groups = pd.factorize(np.concatenate(keys), sort=True)
    at = np.split(codes, np.cumsum([len(key) for key in keys])[:-1])
    totals = _segment_totals(seg, at[0], len(groups)) | _shift_totals(found, at, len(groups))
    frame = pd.DataFrame(
        {**_names(found, by, teams or {}, groups), **{name: totals[name] for name in MEASURES}}
    )
    known = frame["planned_minutes"] - frame["unknown_minutes"]
    frame["adherence"] = frame["kept_minutes"] / known.where(known > 0)
    frame["conformance"] = frame["worked_minutes"] / frame["due_minutes"].where(frame["due_minutes"] > 0)
    return frame


def _group(
    found: Adherence,
    by: By,
    teams: Mapping[str, str],
    week_start: int,
    agent: NDArray[np.int32],
    day: Minutes,
) -> Minutes:
    """A number for the group of each person and day."""
    if by == "person":
        return agent.astype(np.int64)
    if by == "day":
        return (agent.astype(np.int64) << 24) + day
    if by == "week":
        return weeks_of(day, week_start)
    if by == "team":
        return _team_codes(found, teams)[0][agent]
    return np.zeros(len(agent), dtype=np.int64)


def _team_codes(found: Adherence, teams: Mapping[str, str]) -> tuple[Minutes, list[str]]:
    names = sorted({teams.get(agent_id, "") for agent_id in found.agent_ids})
    place = {name: k for k, name in enumerate(names)}
    return np.array([place[teams.get(a, "")] for a in found.agent_ids], dtype=np.int64), names


def _names(
    found: Adherence, by: By, teams: Mapping[str, str], groups: Minutes
) -> dict[str, Sequence[object]]:
    """The columns that name the groups."""
    if by == "person":
        return {"agent_id": [found.agent_ids[k] for k in groups]}
    if by == "day":
        return {
            "agent_id": [found.agent_ids[k >> 24] for k in groups],
            "day": [day_of(k & 0xFFFFFF) for k in groups],
        }
    if by == "week":
        return {"week": [day_of(k) for k in groups]}
    if by == "team":
        names = _team_codes(found, teams)[1]
        return {"team": [names[k] for k in groups]}
    return {}


def _segment_totals(seg: Segments, at: NDArray[np.intp], groups: int) -> dict[str, Minutes]:
    """Minutes of every part by group."""
    minutes = seg.minutes

    def total(which: Flags) -> Minutes:
        return np.bincount(at, weights=np.where(which, minutes, 0), minlength=groups).astype(np.int64)

    cells = at * len(PARTS) + seg.part
    split = np.bincount(cells, weights=minutes, minlength=groups * len(PARTS)).astype(np.int64)
    parts = split.reshape(groups, len(PARTS)).T
    named = {f"{name}_minutes": parts[k] for k, name in enumerate(PARTS) if k != NONE}
    due, done = total(seg.due), total(seg.done)
    return named | {"planned_minutes": total(seg.planned >= 0), "due_minutes": due, "worked_minutes": done}


def _shift_totals(found: Adherence, at: list[NDArray[np.intp]], groups: int) -> dict[str, Minutes]:
    """Counts of shifts and breaks, and rest lost, by group."""
    seg, counts = found.segments, found.counts

    def shifts_with(part: int) -> Minutes:
        has = np.zeros(len(counts), dtype=np.int64)
        has[seg.planned[(seg.part == part) & (seg.planned >= 0)]] = 1
        return total(has)

    def total(values: Minutes) -> Minutes:
        return np.bincount(at[1], weights=values[counts], minlength=groups).astype(np.int64)

    plan_code = codes_of(found.agent_ids, found.planned.agent_ids)
    unknown = found.detail[plan_code[found.planned.duties.agent]] == 0 if len(counts) else counts
    lost = np.where(found.rests.lost > found.tolerance, found.rests.lost, 0)
    return {
        "planned_shifts": total(np.ones(len(counts), dtype=np.int64)),
        "late_starts": shifts_with(LATE),
        "left_early": shifts_with(LEFT_EARLY),
        "absent_shifts": shifts_with(ABSENT),
        "unplanned_shifts": np.bincount(at[2], minlength=groups).astype(np.int64),
        "missed_breaks": total(found.breaks.missed),
        "shortened_breaks": total(found.breaks.shortened),
        "break_minutes_lost": total(found.breaks.lost),
        "breaks_unknown": total(unknown.astype(np.int64)),
        "rest_lost_minutes": np.bincount(at[3], weights=lost, minlength=groups).astype(np.int64),
    }


def by_interval(found: Adherence, interval_minutes: int) -> pd.DataFrame:
    """Planned and worked people of each interval, with how much of the plan was kept.

    Columns ``interval_start`` (UTC), ``planned``, ``worked`` (people, interval mean), ``kept`` and
    ``adherence``; intervals in which nobody was planned or worked are left out. Intervals start at multiples
    of ``interval_minutes`` in UTC.
    """
    seg = found.segments
    first = seg.start // interval_minutes
    count = (seg.end - 1) // interval_minutes - first + 1
    owner = np.repeat(np.arange(len(seg)), count)
    place = np.repeat(first, count) + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    start = np.maximum(seg.start[owner], place * interval_minutes)
    minutes = np.minimum(seg.end[owner], (place + 1) * interval_minutes) - start
    intervals, at = np.unique(place, return_inverse=True)

    def mean(which: Flags) -> NDArray[np.float64]:
        weights = np.where(which[owner], minutes, 0)
        return np.bincount(at, weights=weights, minlength=len(intervals)) / interval_minutes

    frame = pd.DataFrame(
        {
            "interval_start": to_timestamps(intervals * interval_minutes),
            "planned": mean(seg.planned >= 0),
            "worked": mean(seg.worked >= 0),
            "kept": mean(seg.part == KEPT),
        }
    )
    frame["adherence"] = frame["kept"] / frame["planned"].where(frame["planned"] > 0)
    return frame


def rest_lost(found: Adherence) -> pd.DataFrame:
    """Every rest of the plan of which more than the tolerance was lost: ``agent_id``, ``from``, ``to``,
    ``planned_minutes``, ``had_minutes``, ``lost_minutes``, by person and time.
    """
    free = found.rests
    rows = np.flatnonzero(free.lost > found.tolerance)
    return pd.DataFrame(
        {
            "agent_id": [found.agent_ids[k] for k in free.agent[rows]],
            "from": to_timestamps(free.start[rows]),
            "to": to_timestamps(free.end[rows]),
            "planned_minutes": (free.end - free.start)[rows],
            "had_minutes": free.had[rows],
            "lost_minutes": free.lost[rows],
        }
    )
