"""Backup pools in the simulation kernel: called when their trigger fires, gone when it no longer holds and their minimum is over."""

import math

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_parts import WAITING
from scheduler.staffing.simulation_records import Plan, Space

RESTING, CALLED, PRESENT, LEAVING = range(4)
CUSTOMERS_ONLINE, ONLINE_PER_AGENT, CUSTOMERS_WAITING, WAIT_SECONDS = range(4)
"""Triggers in the order of `scheduler.staffing.floor.TRIGGERS`."""


@compiled_part
def move_pool(plan: Plan, space: Space, t: float) -> int:
    """The agent of the pool whose turn it is, who comes or goes (-1: none); after the last one the pool is there, or at rest."""
    pools, seeker = space.pools, -1
    for b in range(len(pools)):
        if pools[b].at == t:
            if pools[b].state == CALLED or pools[b].state == LEAVING:
                coming = pools[b].state == CALLED
                turn = pools[b].turn
                seeker = plan.pool_agents[turn].agent
                space.agents[seeker].wanted = plan.pool_agents[turn].group if coming else -1
                pools[b].turn = turn + 1
                if turn + 1 == pools[b].last_agent:
                    pools[b].until = t + pools[b].minimum
                    pools[b].state = PRESENT if coming else RESTING
                    pools[b].at = pools[b].until if coming else math.inf
            break
    return int(seeker)


@compiled_part
def watch_pools(plan: Plan, space: Space, calls: Floats, t: float, k: int) -> None:
    """Call pools whose trigger fires, send those away who are needed no longer; note when a pool is next to be looked at."""
    pools, soonest = space.pools, math.inf
    for b in range(len(pools)):
        state = pools[b].state
        if state == RESTING or (state == PRESENT and t >= pools[b].until):
            due = fires_at(plan, space, b, t)
            pools[b].at = math.inf
            pools[b].turn = pools[b].first_agent
            if state == RESTING and due <= t:
                pools[b].state, pools[b].at = CALLED, t + pools[b].lead
                calls[b, k] += 1.0
            elif state == PRESENT and due > t:
                pools[b].state, pools[b].at = LEAVING, t
            elif state == RESTING:
                pools[b].at = due
        soonest = min(soonest, pools[b].at)
    space.now[0].backup_at = soonest


@compiled_part
def fires_at(plan: Plan, space: Space, b: int, t: float) -> float:
    """When a pool's trigger fires if nothing else happens: now (``t`` or earlier), later by waiting alone, or never (inf)."""
    queues, contacts, pool = space.queues, space.contacts, space.pools[b]
    waiting, serving, earliest = 0, 0, math.inf
    for i in range(pool.first_queue, pool.last_queue):
        q = plan.pool_queues[i]
        waiting += queues[q].waiting
        serving += queues[q].serving
        place = queues[q].head
        while place >= 0 and contacts[place].state != WAITING:
            place = contacts[place].next
        if place >= 0:
            earliest = min(earliest, contacts[place].entered)
    if pool.trigger == WAIT_SECONDS:
        return float(earliest + pool.threshold)
    level = float(waiting)
    if pool.trigger != CUSTOMERS_WAITING:
        level += serving
    if pool.trigger == ONLINE_PER_AGENT and level > 0.0:
        people = 0
        for g in range(len(space.groups)):
            people += space.groups[g].on_duty * plan.pool_serves[b, g]
        level = level / people
    return t if level >= pool.threshold else math.inf
