"""Simulation of a whole floor, contact by contact: many replications, each with random numbers of its own.

Discrete events in compiled code. Random numbers belong to contacts, not to the order of events: contact number i of queue q in
replication r comes at the same instant, asks for the same work and has the same patience whoever is on duty, so that what-ifs
differ only in what was changed (common random numbers). The same seed gives the same answer on any number of threads.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import numpy as np

from centre.errors import Faults
from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import BackupPool, Floor, Stretches, Trace
from scheduler.staffing.floor_checks import checked_floor
from scheduler.staffing.simulation_kernel import replicate
from scheduler.staffing.simulation_layout import Layout, layout
from scheduler.staffing.simulation_records import AGENT, CONTACT, COUNTED, LIST, SLOT, table
from scheduler.staffing.simulation_results import SimulationResult

__all__ = ["BackupPool", "Floor", "SimulationResult", "Stretches", "Trace", "simulate"]

FIRST_ROOM = 1024


def simulate(
    floor: Floor,
    replications: int = 100,
    seed: int = 1,
    workers: int | None = None,
    warm_up_seconds: float = 0.0,
) -> SimulationResult:
    """What happens on a floor, over independent replications.

    Parameters
    ----------
    floor : queues, agents, hours, rules
    replications : how many times; intervals of confidence need two
    seed : any whole number; replications of the same seed and number have the same contacts on every floor
    workers : threads, None for one a processor; no answer depends on it
    warm_up_seconds : time at the start that no figure counts, whole intervals

    Raises
    ------
    BadInput
        naming everything that is wrong with the floor.

    Examples
    --------
    >>> floor = Floor(3600, [[2880]], 60, np.ones((50, 1)), Stretches.throughout(50, 3600), patience_seconds=120)
    >>> found = simulate(floor, replications=20).total()
    >>> found.p_abandon.low < 0.0309 < found.p_abandon.high
    True
    """
    checked = checked_floor(floor)
    plan = layout(checked)
    warm_up = _whole_intervals(plan, replications, workers, warm_up_seconds)
    counts = _Counts.empty(plan, replications, len(checked.speed))
    threads = max(1, min(workers or cpu_count() or 1, replications))
    with ThreadPoolExecutor(threads) as pool:
        parts = [range(first, replications, threads) for first in range(threads)]
        for done in [pool.submit(_run, plan, counts, part, seed, warm_up_seconds) for part in parts]:
            done.result()
    return SimulationResult(
        interval_seconds=plan.interval,
        warm_up_intervals=warm_up,
        patience_seconds=None if floor.trace is not None else checked.patience_seconds,
        target_seconds=checked.by_queue["target_seconds"],
        serves=plan.serves,
        counts=counts.counts,
        busy_by_group_s=counts.busy,
        staffed_by_group_s=counts.staffed,
        agent_contacts=counts.agent_contacts,
        agent_busy_s=counts.agent_busy,
        backup_activations=counts.pool_calls,
        ended_s=counts.ended,
    )


def _whole_intervals(plan: Layout, replications: int, workers: int | None, seconds: float) -> int:
    """The intervals of the warm-up; everything that is wrong with how to simulate is told."""
    faults = Faults()
    if replications < 1 or replications != int(replications):
        faults.add("simulate", "a whole number of at least 1", found=replications, column="replications")
    if workers is not None and workers < 1:
        faults.add("simulate", "None, or a whole number of at least 1", found=workers, column="workers")
    count = seconds / plan.interval
    if not (0 <= seconds < plan.horizon and count == int(count)):
        expected = f"whole intervals of {plan.interval:g} s, fewer than the floor has"
        faults.add("simulate", expected, found=seconds, column="warm_up_seconds")
    faults.raise_if_any()
    return int(count)


@dataclass(frozen=True, eq=False, slots=True)
class _Counts:
    """What the kernel fills in, one row a replication."""

    counts: Floats
    busy: Floats
    staffed: Floats
    agent_contacts: Floats
    agent_busy: Floats
    pool_calls: Floats
    ended: Floats

    @classmethod
    def empty(cls, plan: Layout, replications: int, agents: int) -> "_Counts":
        queues, intervals = plan.rates.shape
        groups = len(plan.serves)
        shapes = (
            (queues, intervals, len(COUNTED)), (groups, intervals), (groups, intervals), (agents,), (agents,),
            (len(plan.pools), intervals), (),
        )  # fmt: skip
        return cls(*(np.empty((replications, *shape)) for shape in shapes))


def _run(plan: Layout, counts: _Counts, numbers: range, seed: int, warm_up: float) -> None:
    """Some replications, one after another in one workspace, which grows when it is too small."""
    space = _Workspace(plan, FIRST_ROOM)
    for r in numbers:
        while not space.replicate(counts, r, seed, warm_up):
            space = _Workspace(plan, 2 * space.room)


class _Workspace:
    """Memory for one replication at a time, with room for so many waiting customers."""

    def __init__(self, plan: Layout, room: int) -> None:
        agents, groups, queues = len(plan.speed), len(plan.serves), len(plan.rates)
        self.plan, self.room = plan, room
        self.queues, self.pools = plan.queues.copy(), plan.pools.copy()
        self.agents = table(AGENT, agents)
        self.slots = np.zeros((agents, plan.most), SLOT)
        self.lists = table(LIST, groups * plan.most)
        self.contacts = table(CONTACT, room)
        self.on_duty = np.zeros(groups, dtype=np.int64)
        sizes = (queues, agents if plan.most == 1 else room + agents, 1 if plan.lazy else room)
        self.heaps = [heap for size in sizes for heap in (np.empty(size + 1), np.empty(size + 1, np.int64))]

    def replicate(self, counts: _Counts, r: int, seed: int, warm_up: float) -> bool:
        """Replication r; False where the room was too small."""
        p = self.plan
        fits, counts.ended[r] = replicate(
            stream_of(seed, r), p.interval, p.horizon, warm_up, p.lazy, p.least_occupied, p.busyness_shape, p.most,
            self.queues, p.rates, p.aht, p.patience, p.speed, self.agents, self.slots, self.lists, self.contacts,
            p.entry_start, p.entries, p.reach_start, p.reach, p.over_start, p.over, p.rota, p.trace,
            self.pools, p.pool_agents, p.pool_groups, p.pool_queues, p.pool_serves, self.on_duty, *self.heaps,
            counts.counts[r], counts.busy[r], counts.staffed[r], counts.agent_contacts[r], counts.agent_busy[r],
            counts.pool_calls[r],
        )  # fmt: skip
        return bool(fits)


def stream_of(seed: int, replication: int) -> np.uint64:
    """The key that all random numbers of a replication come from."""
    return np.random.SeedSequence([abs(seed), int(seed < 0), replication]).generate_state(1, np.uint64)[0]
