"""What the triggers of backup pools look at, from the day so far and the rota: as the simulation measures it, as far as it is told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from centre.actuals_file import Today
from centre.instants import from_timestamps
from centre.peaks import Backup, TriggerKind
from scheduler.live import Measure, Measures
from scheduler.rota import Rota, activity_kind

HALF_HOUR = 30
SUMMED = {
    "customers_online": "customers_online",
    "online_per_agent": "customers_online",
    "waiting": "waiting",
}


@dataclass(frozen=True, eq=False)
class Floor:
    """The floor at this day's moments.

    Parameters
    ----------
    today : the day so far
    skills : queues that somebody can answer, by ``agent_id``: employed people's and backup people's
    rota : who works when; None: not told, and what hangs on it is not known
    required : columns ``interval_start``, ``queue``, ``agents_to_roster``; None likewise
    """

    today: Today
    interval_minutes: int
    skills: Mapping[str, Collection[str]]
    rota: Rota | None = None
    required: pd.DataFrame | None = None


def moments(floor: Floor, queues: Collection[str], after: float) -> list[int]:
    """When something was told of these queues' customers, later than ``after`` and before now, in order (UTC minutes)."""
    states = floor.today.states
    at = states.loc[states["queue"].isin(list(queues)), "at"].to_numpy(dtype=np.int64)
    return [int(each) for each in np.unique(at[(at > after) & (at < floor.today.now)])]


def measured(pool: Backup, floor: Floor, at: int, helping: Collection[str] = ()) -> Measures:
    """What each trigger of a pool looks at, at a moment of the day (UTC minutes).

    Parameters
    ----------
    helping : those of all pools who are at work after a call

    Notes
    -----
    What was told longer than an interval before is not known any more. Where only some of the pool's queues are told, the measure is
    what is known at least.
    """
    return {trigger.when: _measure(pool, trigger.when, floor, at, helping) for trigger in pool.triggers}


def _measure(pool: Backup, when: TriggerKind, floor: Floor, at: int, helping: Collection[str]) -> Measure:
    if when == "service_level":
        return _recent_service(pool, floor, at)
    if when == "agents_short":
        return _short(pool, floor, at, helping)
    if when == "wait_seconds":
        waits = _latest(pool, floor, at, "longest_wait_seconds")
        return Measure(max(waits) if waits else None, len(waits) == len(pool.queues))
    counts = _latest(pool, floor, at, SUMMED[when])
    total, whole = (sum(counts) if counts else None), len(counts) == len(pool.queues)
    if when == "online_per_agent" and total:
        if floor.rota is None:
            return Measure(None)
        people = len(at_work(floor.rota, floor.skills, pool.queues, at))
        total = total / people if people else float("inf")
    return Measure(total, whole)


def _latest(pool: Backup, floor: Floor, at: int, column: str) -> list[float]:
    """The latest that is told of each queue, not older than an interval; queues without are left out."""
    states = floor.today.states
    fresh = states[
        (states["at"] <= at) & (states["at"] >= at - floor.interval_minutes) & states[column].notna()
    ]
    latest = fresh.groupby("queue")[column].last()
    return [float(latest[name]) for name in pool.queues if name in latest]


def at_work(rota: Rota, skills: Mapping[str, Collection[str]], queues: Collection[str], at: int) -> set[str]:
    """Those who by the rota work at a moment for one of some queues, planned call-outs among them."""
    rows = np.flatnonzero((rota.start <= at) & (rota.end > at) & rota.is_kind("work", "backup"))
    found = set()
    for agent, activity in zip(rota.agent[rows].tolist(), rota.activity[rows].tolist(), strict=True):
        name, work = rota.agent_ids[agent], rota.activities[activity]
        queue = work.partition(":")[2] if activity_kind(work) == "work" else "*"
        able = skills.get(name, ()) if queue == "*" else (queue,)
        if set(able) & set(queues):
            found.add(name)
    return found


def _short(pool: Backup, floor: Floor, at: int, helping: Collection[str]) -> Measure:
    """Agents to roster less those at work, called ones too."""
    if floor.rota is None or floor.required is None:
        return Measure(None)
    begins = from_timestamps(floor.required["interval_start"])
    inside = (begins <= at) & (begins + floor.interval_minutes > at)
    rows = floor.required[inside & floor.required["queue"].isin(list(pool.queues)).to_numpy()]
    able = {name for name in helping if set(floor.skills.get(name, ())) & set(pool.queues)}
    people = at_work(floor.rota, floor.skills, pool.queues, at) | able
    return Measure(float(rows["agents_to_roster"].sum()) - len(people))


def _recent_service(pool: Backup, floor: Floor, at: int) -> Measure:
    """Share in time of the contacts of the last half hour, those of an interval taken to come evenly; 1 where none came."""
    counts = floor.today.counts
    if "within_target" not in counts:
        return Measure(None)
    begins = from_timestamps(counts["interval_start"])
    ends = begins + counts["passed_minutes"].to_numpy(dtype=np.int64)
    known = counts["queue"].isin(list(pool.queues)).to_numpy() & (ends <= at) & (ends > at - HALF_HOUR)
    known &= counts["within_target"].notna().to_numpy()
    share = np.minimum(1.0, (ends - (at - HALF_HOUR)) / np.maximum(ends - begins, 1))[known]
    told = counts[known]
    came, within = (float((share * told[name]).sum()) for name in ("offered", "within_target"))
    if not len(told):
        return Measure(None)
    return Measure(within / came if came > 0 else 1.0, set(told["queue"]) == set(pool.queues))


def all_skills(people: Iterable[tuple[str, Iterable[tuple[str, float]]]]) -> dict[str, set[str]]:
    """Queues by ``agent_id`` from (queue, speed) pairs, those told twice together."""
    found: dict[str, set[str]] = {}
    for name, skills in people:
        found.setdefault(name, set()).update(queue for queue, _ in skills)
    return found
