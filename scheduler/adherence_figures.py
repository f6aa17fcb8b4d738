"""Figures of adherence by person, day, team, week or interval, and the rests that were cut short."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes, day_of, to_timestamps
from scheduler.adherence import Adherence
from scheduler.adherence_parts import ABSENT, KEPT, LATE, LEFT_EARLY, NONE, PARTS, UNKNOWN, Segments
from scheduler.adherence_rest import codes_of
from scheduler.rota import Flags
from scheduler.rules.shared.worked import weeks_of

By = Literal["person", "day", "team", "week", "all"]
MEASURES = (
    "planned_minutes", "kept_minutes", "due_minutes", "worked_minutes", "late_minutes", "left_early_minutes",
    "away_minutes", "other_minutes", "absent_minutes", "unknown_minutes", "early_start_minutes", "overrun_minutes",
    "unplanned_minutes", "planned_shifts", "late_starts", "left_early", "absent_shifts", "unplanned_shifts",
    "missed_breaks", "shortened_breaks", "break_minutes_lost", "breaks_unknown", "rest_lost_minutes",
)  # fmt: skip


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


def _names(found: Adherence, by: By, teams: Mapping[str, str], groups: Minutes) -> dict[str, object]:
    """The columns that name the groups."""
    if by == "person":
        return {"agent_id": [found.agent_ids[k] for k in groups]}
    if by == "day":
        which, days = pd.factorize(groups & 0xFFFFFF)  # few days, many rows
        dates = np.array([day_of(int(day)) for day in days], dtype=object)
        people = np.array(found.agent_ids, dtype=object)
        return {"agent_id": people[groups >> 24], "day": dates[which] if len(which) else []}
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
    known = frame["planned"] - mean(seg.part == UNKNOWN)
    frame["adherence"] = frame["kept"] / known.where(known > 0)
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
