"""What a rota gives against what is needed: agents rostered, net staffing and the service to expect, per
interval and queue.

It reads any rota (ours, edited, worked) beside any requirement, and knows nothing of how either came about.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import Faults
from centre.instants import Minutes, from_timestamps
from centre.model import Settings
from centre.people import Agent
from scheduler.pooling import shared
from scheduler.rota import Rota
from scheduler.staffing.demand import check_queues
from scheduler.staffing.requirement import expected_service

Floats = NDArray[np.float64]
COLUMNS = (
    *("interval_start", "queue", "agents_required", "agents_rostered", "net_staffing"),
    *("service_level", "expected_contacts", "expected_late", "agents_effective"),
    *("asa_seconds", "abandonment", "occupancy"),
)
DECIMALS = 6
REMEMBERED = 20_000


def coverage(
    rota: Rota,
    requirement: pd.DataFrame,
    settings: Settings,
    agents: Iterable[Agent],
    backlog: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The table of ``coverage.csv``: one row for each of the requirement's.

    Parameters
    ----------
    requirement : columns ``interval_start`` (aware), ``queue``, ``offered``, ``aht_seconds``,
        ``agents_required``, ``agents_to_roster``
    agents : whose skills and speeds say where ``work:*`` counts; somebody unknown counts with speed 1 on the
        queue named
    backlog : work that may wait and is left from before, in the columns of ``deferred.csv``

    Returns
    -------
    DataFrame
        ``agents_rostered`` is the mean number of people at work in the interval (breaks, meals and meetings
        are not), each counted once across queues and before shrinkage; ``net_staffing`` is that less the
        requirement's ``agents_to_roster``, so that both stand before unplanned shrinkage.
        ``agents_effective`` weighs the same people by their speed; from it, after unplanned shrinkage, come
        ``service_level`` and ``expected_late``, what waits at the end of an interval carried into the next.
        ``expected_contacts`` are those that reach agents.

    Raises
    ------
    BadInput
        as `scheduler.staffing.requirement.expected_service`.
    """
    starts, column = np.unique(from_timestamps(requirement["interval_start"]), return_inverse=True)
    names = [queue.name for queue in settings.queue]
    row = pd.Index(names).get_indexer(pd.Index(requirement["queue"].astype(str)))
    faults = Faults()
    check_queues(requirement["queue"], settings, faults)
    faults.raise_if_any()
    need = np.full((len(names), len(starts)), np.nan)
    need[row, column] = requirement["agents_to_roster"].to_numpy(dtype=float)
    floor = np.array([float(queue.minimum_agents) for queue in settings.queue])
    speeds, at_work = working_groups(rota, names, agents, starts, settings.centre.interval_minutes)
    heads, effective = shared_out(speeds, at_work, floor, need)
    table = pd.DataFrame(
        {
            "interval_start": requirement["interval_start"],
            "queue": requirement["queue"],
            "agents_required": requirement["agents_required"],
            "agents_rostered": heads[row, column].round(DECIMALS),
            "expected_contacts": requirement["offered"],
            "agents_effective": effective[row, column].round(DECIMALS),
        }
    )
    table["net_staffing"] = (table["agents_rostered"] - requirement["agents_to_roster"]).round(DECIMALS)
    served = expected_service(
        requirement, table["agents_effective"], settings, carry_over=True, backlog=backlog
    )
    for name in served:
        table[name] = served[name].round(DECIMALS)
    return table[list(COLUMNS)]


def working_groups(
    rota: Rota, queues: list[str], agents: Iterable[Agent], starts: Minutes, interval_minutes: int
) -> tuple[Floats, Floats]:
    """Who is at work: groups of people alike as speeds, shape (groups, queues), and how many of each, shape
    (groups, intervals).
    """
    skills = {agent.agent_id: dict(agent.skills) for agent in agents}
    codes: dict[tuple[float, ...], int] = {}
    kinds: dict[tuple[int, int], int] = {}
    rows = np.flatnonzero(rota.is_kind("work", "backup"))
    group = np.zeros(len(rows), dtype=np.int64)
    for k, pair in enumerate(zip(rota.agent[rows].tolist(), rota.activity[rows].tolist(), strict=True)):
        if pair not in kinds:
            own = skills.get(rota.agent_ids[pair[0]], {})
            kinds[pair] = codes.setdefault(speeds_of(rota.activities[pair[1]], own, queues), len(codes))
        group[k] = kinds[pair]
    minutes = np.zeros((len(codes), len(starts)))
    add_minutes(minutes, group, *rota.stretches(rows), starts, interval_minutes)
    return np.array(list(codes), dtype=float).reshape(len(codes), len(queues)), minutes / interval_minutes


def speeds_of(activity: str, skills: dict[str, float], queues: list[str]) -> tuple[float, ...]:
    """The speed on each queue of somebody at this work; a call-out serves whatever they can."""
    kind, _, queue = activity.partition(":")
    if queue == "*" or kind == "backup":
        return tuple(skills.get(name, 0.0) for name in queues)
    return tuple(skills.get(name, 1.0) if name == queue else 0.0 for name in queues)


def add_minutes(
    minutes: Floats, group: Minutes, start: Minutes, end: Minutes, starts: Minutes, interval_minutes: int
) -> None:
    """Add the minutes of every stretch to the intervals that it touches."""
    first = np.searchsorted(starts, start - interval_minutes, side="right")
    count = np.maximum(np.searchsorted(starts, end, side="left") - first, 0)
    row = np.repeat(np.arange(len(start)), count)
    at = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    inside = np.minimum(end[row], starts[at] + interval_minutes) - np.maximum(start[row], starts[at])
    np.add.at(minutes, (group[row], at), inside)


def shared_out(speeds: Floats, at_work: Floats, floor: Floats, need: Floats) -> tuple[Floats, Floats]:
    """People and people weighed by speed per queue and interval, both shape (queues, intervals), of groups at work (see
    `working_groups`). ``floor`` is of shape (queues,); NaN needs are closed queues.
    """
    heads, effective = np.zeros(need.shape), np.zeros(need.shape)
    is_open = ~np.isnan(need)
    for t in np.flatnonzero(at_work.any(axis=0)):
        here = np.flatnonzero(at_work[:, t])
        parts = (
            at_work[here, t],
            speeds[here] * is_open[:, t],
            floor * is_open[:, t],
            np.nan_to_num(need[:, t]),
        )
        heads[:, t], effective[:, t] = _served(*(part.tobytes() for part in parts))
    return heads, effective


@lru_cache(maxsize=REMEMBERED)
def _served(capacity: bytes, speeds: bytes, floor: bytes, need: bytes) -> tuple[Floats, Floats]:
    """People, and people weighed by speed, on each queue of one interval; kept, for an edit changes few intervals of a rota."""
    at_work, floors, needs = (np.frombuffer(part) for part in (capacity, floor, need))
    table = np.frombuffer(speeds).reshape(len(at_work), len(needs))
    flow = shared(at_work, table, floors, needs)
    return flow.sum(axis=0), (flow * table).sum(axis=0)
