"""A floor laid out for the kernel: agents who answer alike gathered in groups, the rota as a list of changes, lists end to end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import TRIGGERS
from scheduler.staffing.floor_checks import Checked
from scheduler.staffing.simulation_records import (
    ARRIVAL,
    CHANGE,
    ENTRY,
    POOL,
    QUEUE,
    REACH,
    Records,
    starts_of,
    table,
)

Ints = NDArray[np.int64]
Group = tuple[tuple[int, ...], bytes, int]
"""What makes agents alike: the queues that they answer, their preferences, the backup pool that they belong to (-1: none)."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """Everything the kernel reads and never changes, in the kernel's words; ``serves[g, q]`` tells who answers what at once."""

    interval: float
    horizon: float
    lazy: bool
    least_occupied: bool
    busyness_shape: float
    most: int
    queues: Records
    rates: Floats
    aht: Floats
    patience: Floats
    speed: Floats
    serves: NDArray[np.bool_]
    entry_start: Ints
    entries: Records
    reach_start: Ints
    reach: Records
    over_start: Ints
    over: Records
    rota: Records
    trace: Records
    pools: Records
    pool_agents: Ints
    pool_groups: Ints
    pool_queues: Ints
    pool_serves: Ints


def layout(checked: Checked) -> Layout:
    """A checked floor as the kernel wants it."""
    floor = checked.floor
    groups: dict[Group, int] = {}
    rota = _rota(checked, groups)
    pools = _pools(checked, groups)
    reach = _reaches(checked, list(groups))
    tracked = bool(floor.backup) or bool((checked.by_queue["redial_share"] > 0).any())
    interval = float(np.asarray(floor.interval_seconds))
    return Layout(
        interval=interval,
        horizon=checked.arrivals.shape[1] * interval,
        lazy=not tracked,
        least_occupied=floor.agent_choice == "least_occupied",
        busyness_shape=0.0 if floor.busyness_cv == 0 else floor.busyness_cv**-2.0,
        most=int(checked.by_queue["concurrency"].max()),
        queues=_queues(checked),
        rates=checked.arrivals / interval,
        aht=checked.aht_seconds,
        patience=checked.patience_seconds,
        speed=_speed(checked),
        serves=_serves(list(groups), len(checked.arrivals)),
        **_entries(checked, list(groups)),
        **reach,
        rota=rota,
        trace=_trace(checked),
        **pools,
    )


def _queues(checked: Checked) -> Records:
    """Settings of the queues; wrap-up only where it matters when the customer goes."""
    given, count = checked.by_queue, len(checked.arrivals)
    watched = (given["transfer_share"] > 0) | bool(checked.floor.backup)
    wrap = np.where(watched, given["wrap_up_seconds"] / checked.aht_seconds.mean(axis=1), 0.0)
    return table(
        QUEUE,
        count,
        target=given["target_seconds"],
        sigma=np.sqrt(np.log1p(given["service_cv"] ** 2)),
        wrap_share=wrap,
        slowdown=given["slowdown"],
        transfer_share=given["transfer_share"],
        redial_share=given["redial_share"],
        redial_seconds=given["redial_seconds"],
        overflow_seconds=given["overflow_seconds"],
        service=checked.service,
        concurrency=given["concurrency"],
        transfer_to=given["transfer_to"],
        overflow_to=given["overflow_to"],
    )


def _speed(checked: Checked) -> Floats:
    """Speeds, where overflow reaches an agent without the skill that of the queue it overflows to."""
    speed, to = checked.speed, checked.by_queue["overflow_to"].astype(int)
    borrowed = np.where(to >= 0, speed[:, to], 0.0)
    return np.ascontiguousarray(np.where(speed > 0, speed, borrowed))


def _group(
    checked: Checked, groups: dict[Group, int], agent: int, only: NDArray[np.intp] | None, pool: int
) -> int:
    """The code of the group that an agent is in with all skills or some of them."""
    skills = np.flatnonzero(checked.speed[agent] > 0)
    served = tuple(int(q) for q in skills if only is None or q in only)
    key = (served, checked.preference[agent].tobytes(), pool)
    return groups.setdefault(key, len(groups))


def _rota(checked: Checked, groups: dict[Group, int]) -> Records:
    """Comings and goings in order of time, goings first; cut to the floor, stretches without a gap joined."""
    at = checked.stretches
    end = checked.arrivals.shape[1] * float(np.asarray(checked.floor.interval_seconds))
    lines = []
    share_of: dict[tuple[int, int], float] = {}
    previous: tuple[int, int, int, float] | None = None
    for i in range(len(at["agent"])):
        agent, shift, queue = int(at["agent"][i]), int(at["shift"][i]), int(at["queue"][i])
        start, stop = max(at["start_s"][i], 0.0), min(at["end_s"][i], end)
        share = share_of.setdefault((agent, shift), float(at["absence_share"][i]))
        if stop <= 0 or start >= end:
            continue
        group = _group(checked, groups, agent, None if queue < 0 else np.array([queue]), -1)
        if previous == (agent, shift, group, start):
            lines[-1] = (stop, agent, -1, shift, share)
        else:
            lines += [(start, agent, group, shift, share), (stop, agent, -1, shift, share)]
        previous = (agent, shift, group, stop)
    lines.sort(key=lambda line: (line[0], line[2] >= 0, line[1]))
    rota = np.array([*lines, (np.inf, 0, -1, 0, 0.0)], dtype=CHANGE)
    return rota


def _pools(checked: Checked, groups: dict[Group, int]) -> dict[str, NDArray[np.void] | Ints]:
    """Backup pools, their agents and queues end to end; an agent of a pool is in a group of the pool."""
    backup = checked.floor.backup
    agents = [a for pool in backup for a in pool.agents]
    queues = [q for pool in backup for q in pool.queues]
    of = [
        _group(checked, groups, a, np.array(pool.queues), b)
        for b, pool in enumerate(backup)
        for a in pool.agents
    ]
    first_agent = starts_of(np.array([len(pool.agents) for pool in backup], dtype=np.int64))
    first_queue = starts_of(np.array([len(pool.queues) for pool in backup], dtype=np.int64))
    serves = _serves(list(groups), len(checked.arrivals))
    looks = [serves[:, list(pool.queues)].any(axis=1) for pool in backup]
    pools = table(
        POOL,
        len(backup),
        trigger=[TRIGGERS.index(pool.trigger) for pool in backup],
        threshold=[pool.threshold for pool in backup],
        lead=[pool.lead_seconds for pool in backup],
        minimum=[pool.minimum_seconds for pool in backup],
        first_agent=first_agent[:-1],
        last_agent=first_agent[1:],
        first_queue=first_queue[:-1],
        last_queue=first_queue[1:],
    )
    return {
        "pools": pools,
        "pool_agents": np.array(agents, dtype=np.int64),
        "pool_groups": np.array(of, dtype=np.int64),
        "pool_queues": np.array(queues, dtype=np.int64),
        "pool_serves": np.array(looks, dtype=np.int64).reshape(len(backup), len(groups)),
    }


def _serves(groups: list[Group], queues: int) -> NDArray[np.bool_]:
    """Which group answers which queue, overflow apart."""
    serves = np.zeros((len(groups), queues), dtype=bool)
    for g, (served, _, _) in enumerate(groups):
        serves[g, list(served)] = True
    return serves


def _overflows(checked: Checked, served: tuple[int, ...]) -> list[int]:
    """Queues that a group answers only after they overflow to it."""
    to = checked.by_queue["overflow_to"]
    return [q for q in range(len(to)) if to[q] in served and q not in served]


def _entries(checked: Checked, groups: list[Group]) -> dict[str, NDArray[np.void] | Ints]:
    """For each group the queues that it answers, in tiers by priority and then preference."""
    given = checked.by_queue
    by_preference = checked.floor.preference_decides != "agent"
    lines, sizes = [], []
    for served, preference, _ in groups:
        ranks = np.frombuffer(preference) if by_preference else np.zeros(len(checked.arrivals))
        over = _overflows(checked, served)
        keys = {q: (-given["priority"][q], ranks[q]) for q in [*served, *over]}
        tiers = {key: tier for tier, key in enumerate(sorted(set(keys.values())))}
        found = sorted((tiers[keys[q]], q, given["overflow_seconds"][q] if q in over else 0.0) for q in keys)
        lines += [(q, tier, delay) for tier, q, delay in found]
        sizes.append(len(found))
    return {
        "entry_start": starts_of(np.array(sizes, dtype=np.int64)),
        "entries": np.array(lines, dtype=ENTRY),
    }


def _reaches(checked: Checked, groups: list[Group]) -> dict[str, NDArray[np.void] | Ints]:
    """For each queue the groups that its contacts may go to, at once (``reach``) and by overflow (``over``)."""
    by_preference = checked.floor.preference_decides != "contact"
    found: dict[str, NDArray[np.void] | Ints] = {}
    for name in ("reach", "over"):
        lines, sizes = [], []
        for q in range(len(checked.arrivals)):
            size = len(lines)
            for g, (served, preference, _) in enumerate(groups):
                rank = np.frombuffer(preference)[q] if by_preference else 0.0
                if q in (served if name == "reach" else _overflows(checked, served)):
                    lines.append((g, rank))
            sizes.append(len(lines) - size)
        ranks = sorted({rank for _, rank in lines})
        found[name] = np.array([(g, ranks.index(rank)) for g, rank in lines], dtype=REACH)
        found[f"{name}_start"] = starts_of(np.array(sizes, dtype=np.int64))
    return found


def _trace(checked: Checked) -> Records:
    """The contacts of a trace and a last line that never comes; that line alone where contacts are drawn."""
    trace, count = checked.trace, len(checked.trace.get("queue", ()))
    records = table(ARRIVAL, count + 1, at=np.inf)
    if count:
        records["at"][:-1], records["queue"][:-1] = trace["arrival_s"], trace["queue"]
        records["work"][:-1], records["patience"][:-1] = trace["work_s"], trace["patience_s"]
    return records
