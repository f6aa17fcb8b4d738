"""Simulation of a whole floor, contact by contact: many replications, each with random numbers of its own.

Discrete events in compiled code. Random numbers belong to contacts, not to the order of events: contact number i of queue q in
replication r comes at the same instant, asks for the same work and has the same patience whoever is on duty, so that what-ifs
differ only in what was changed (common random numbers). The same seed gives the same answer on any number of threads.
"""

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count

import numpy as np

from centre.errors import Faults
from scheduler.staffing.floor import BackupPool, Floor, Stretches, Trace, Windows
from scheduler.staffing.floor_checks import checked_floor
from scheduler.staffing.simulation_kernel import replicate
from scheduler.staffing.simulation_layout import Layout, layout
from scheduler.staffing.simulation_records import (
    AGENT,
    CALL_OUT,
    CONTACT,
    COUNTED,
    EVENT,
    LIST,
    MINUTES,
    NOW,
    RECENT,
    SLOT,
    Found,
    Plan,
    Records,
    Space,
    starts_of,
    table,
)
from scheduler.staffing.simulation_results import SimulationResult

__all__ = ["BackupPool", "Floor", "SimulationResult", "Stretches", "Trace", "Windows", "simulate"]

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
    Fifty agents, 2,880 contacts of a minute in an hour, patience two minutes; in the long run 0.0309 give up, in the first hour less:

    >>> floor = Floor(3600, [[2880]], 60, np.ones((50, 1)), Stretches.throughout(50, 3600), patience_seconds=120)
    >>> found = simulate(floor, replications=200).total()
    >>> print(f"{found.p_abandon.mean:.3f} give up, {found.sl_offered.low:.3f} to {found.sl_offered.high:.3f} in time")
    0.029 give up, 0.936 to 0.946 in time
    """
    checked = checked_floor(floor)
    plan = layout(checked)
    warm_up = _whole_intervals(plan.plan, replications, seed, workers, warm_up_seconds)
    found = _empty(plan, replications)
    logs: list[Records] = [None] * replications
    threads = max(1, min(workers or cpu_count() or 1, replications))
    with ThreadPoolExecutor(threads) as pool:
        parts = [range(first, replications, threads) for first in range(threads)]
        for done in [pool.submit(_run, plan, found, logs, part, seed, warm_up_seconds) for part in parts]:
            done.result()
    return SimulationResult(
        interval_seconds=plan.plan.interval,
        warm_up_intervals=warm_up,
        patience_seconds=None if floor.trace is not None else checked.patience_seconds,
        target_seconds=checked.by_queue["target_seconds"],
        serves=plan.serves,
        counts=found.counts,
        busy_by_group_s=found.busy,
        staffed_by_group_s=found.staffed,
        agent_contacts=found.agents[..., 0],
        agent_busy_s=found.agents[..., 1],
        backup_activations=found.pool_calls,
        ended_s=found.ended[:, 0],
        call_outs=np.concatenate(logs),
        call_outs_at=starts_of([len(log) for log in logs]),
    )


def _whole_intervals(
    plan: Plan, replications: int, seed: int, workers: int | None, warm_up_seconds: float
) -> int:
    """The intervals of the warm-up; everything that is wrong with how to simulate is told."""
    faults = Faults()
    if replications < 1 or replications != int(replications):
        faults.add("simulate", "a whole number of at least 1", found=replications, column="replications")
    if seed != int(seed):
        faults.add("simulate", "a whole number", found=seed, column="seed")
    if workers is not None and workers < 1:
        faults.add("simulate", "None, or a whole number of at least 1", found=workers, column="workers")
    count = warm_up_seconds / plan.interval
    if not (0 <= warm_up_seconds < plan.horizon and count == int(count)):
        expected = f"whole intervals of {plan.interval:g} s, fewer than the floor has"
        faults.add("simulate", expected, found=warm_up_seconds, column="warm_up_seconds")
    faults.raise_if_any()
    return int(count)


def _empty(layout: Layout, replications: int) -> Found:
    """Where all replications are counted."""
    queues, intervals = layout.plan.rates.shape
    groups, agents, pools = len(layout.serves), len(layout.plan.speed), len(layout.pools)
    shapes = [
        (queues, intervals, len(COUNTED)), (groups, intervals), (groups, intervals), (agents, 2), (pools, intervals), (1,),
    ]  # fmt: skip
    return Found(*(np.empty((replications, *shape)) for shape in shapes))


def _run(
    layout: Layout, found: Found, logs: list[Records], numbers: range, seed: int, warm_up: float
) -> None:
    """Some replications, one after another in one workspace, which grows when it is too small."""
    room = FIRST_ROOM
    space = _space(layout, room)
    for r in numbers:
        one = Found(*(counts[r] for counts in found))
        plan = layout.plan._replace(rates=layout.paths[r % len(layout.paths)])
        while not replicate(stream_of(seed, r), warm_up, plan, space, one):
            room *= 2
            space = _space(layout, room)
        logs[r] = space.log[: space.now["logged"][0]].copy()


def _space(layout: Layout, room: int) -> Space:
    """A workspace with room for so many customers who wait or will call again."""
    plan = layout.plan
    agents, groups, queues = len(plan.speed), len(layout.serves), len(plan.rates)
    done_room, timer_room = agents if plan.most == 1 else agents + room, 1 if plan.lazy else room
    return Space(
        now=table(NOW, 1),
        queues=layout.queues.copy(),
        groups=layout.groups.copy(),
        agents=table(AGENT, agents),
        slots=np.zeros((agents, plan.most), SLOT),
        lists=table(LIST, groups * plan.most),
        contacts=table(CONTACT, room),
        pools=layout.pools.copy(),
        helpers=layout.helpers.copy(),
        recent=np.zeros((queues, MINUTES), RECENT),
        log=table(CALL_OUT, room if len(layout.pools) else 0),
        arriving=table(EVENT, queues + 1),
        done=table(EVENT, done_room + 1),
        timers=table(EVENT, timer_room + 1),
    )


def stream_of(seed: int, replication: int) -> np.uint64:
    """The key that all random numbers of a replication come from."""
    state = np.random.SeedSequence([abs(seed), int(seed < 0), replication]).generate_state(1, np.uint64)
    return np.uint64(state[0])
