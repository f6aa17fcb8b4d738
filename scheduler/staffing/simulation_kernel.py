"""The simulation itself: one replication of a floor, event by event, as compiled code.

After each event the agent who then looks for contacts and the contact that looks for an agent are dealt with, in this order.
Where instants are equal, events go in the order of their codes.
"""

import math

import numpy as np

from scheduler.compiled import compiled_bare, compiled_part
from scheduler.staffing.simulation_backup import clear_pools, close_log, move_pool, watch_pools
from scheduler.staffing.simulation_events import NOBODY, NOTHING, arrive, change_duty, finish, overflow, ring
from scheduler.staffing.simulation_meeting import end_busy, enter, seek
from scheduler.staffing.simulation_parts import (
    GONE,
    OTHER_WAIT,
    WAITING,
    add_time,
    count_abandoned,
    next_arrival,
    push,
)
from scheduler.staffing.simulation_random import U, gamma, member
from scheduler.staffing.simulation_records import Found, Plan, Space

ROTA, DONE, BACKUP, TIMER, OVERFLOW, ARRIVES = range(6)


@compiled_bare
def replicate(key: np.uint64, warm_up: float, plan: Plan, space: Space, found: Found) -> bool:
    """One replication with the random numbers of ``key``, counted in ``found``; False where the space is too small.

    ``warm_up`` is the time before which agents' contacts and seconds are not counted.
    """
    now = space.now[0]
    scale = gamma(member(key, 0), plan.busyness_shape) if plan.busyness_shape > 0.0 else 1.0
    clear(key, scale, plan, space, found)
    k, boundary = 0, plan.interval
    while True:
        t, event = space.arriving[0].at, ARRIVES
        if now.over_at <= t:
            t, event = now.over_at, OVERFLOW
        if space.timers[0].at <= t:
            t, event = space.timers[0].at, TIMER
        if now.backup_at <= t:
            t, event = now.backup_at, BACKUP
        if space.done[0].at <= t:
            t, event = space.done[0].at, DONE
        if plan.rota[now.change].at <= t:
            t, event = plan.rota[now.change].at, ROTA
        if not t < plan.horizon:
            break
        while t >= boundary:
            k += 1
            boundary = (k + 1) * plan.interval
        seeker, q, id, work, patience = NOBODY, NOTHING, U(0), 0.0, 0.0
        if event == ARRIVES:
            seeker, q, id, work, patience = arrive(key, scale, plan, space, k)
        elif event == DONE:
            seeker, q, id, work, patience = finish(plan, space, found.counts, t, k)
        elif event == ROTA:
            seeker = change_duty(key, plan, space)
        elif event == TIMER:
            seeker, q, id, work, patience = ring(plan, space, found.counts, t, k)
        elif event == OVERFLOW:
            seeker = overflow(plan, space, t)
        else:
            seeker = move_pool(plan, space, t)
        if seeker != NOBODY:
            seek(seeker, event == DONE, warm_up, plan, space, found, t, k)
        if q != NOTHING:
            enter(q, id, work, patience, warm_up, plan, space, found, t, k)
        if len(space.pools) > 0:
            watch_pools(plan, space, found.pool_calls, event == BACKUP, t, k)
        if now.full:
            return False
    close(warm_up, plan, space, found)
    return True


@compiled_part
def clear(key: np.uint64, scale: float, plan: Plan, space: Space, found: Found) -> None:
    """Nobody is there yet, nothing is counted; the first contact of every queue is on its way."""
    now, queues, agents, contacts = space.now[0], space.queues, space.agents, space.contacts
    found.counts[:] = 0.0
    found.busy[:] = 0.0
    found.staffed[:] = 0.0
    found.pool_calls[:] = 0.0
    for heap in (space.arriving, space.done, space.timers):
        for i in range(len(heap)):
            heap[i].at = math.inf
    now.arriving = now.done = now.timers = now.free = now.full = now.change = now.row = 0
    now.over_at = math.inf
    now.ended = 0.0
    for i in range(len(space.lists)):
        space.lists[i].head = space.lists[i].tail = -1
    for i in range(len(contacts)):
        contacts[i].next = i + 1
        contacts[i].state = GONE
    contacts[len(contacts) - 1].next = -1
    for g in range(len(space.groups)):
        space.groups[g].on_duty = 0
    for a in range(len(agents)):
        agents[a].group = agents[a].wanted = agents[a].listed = -1
        agents[a].rota = agents[a].help = -1
        agents[a].load = agents[a].helping = agents[a].at_once = 0
        agents[a].limit = plan.most
        agents[a].busy = agents[a].staffed = agents[a].contacts = agents[a].busy_counted = 0.0
        agents[a].done_at = math.inf
    clear_pools(plan, space)
    for q in range(len(queues)):
        queues[q].stream = member(key, q + 1)
        queues[q].number = queues[q].interval = queues[q].waiting = queues[q].serving = 0
        queues[q].head = queues[q].tail = queues[q].over_next = -1
        queues[q].at = 0.0
        if len(plan.trace) == 1:
            push(space.arriving, now.arriving, next_arrival(plan, queues, q, scale), q)
            now.arriving += 1
    if len(plan.trace) > 1:
        space.arriving[0].at = plan.trace[0].at


@compiled_part
def close(warm_up: float, plan: Plan, space: Space, found: Found) -> None:
    """The floor ends: time of those at work, and those still waiting, are booked."""
    t, last, contacts, agents = plan.horizon, plan.rates.shape[1] - 1, space.contacts, space.agents
    for a in range(len(agents)):
        if agents[a].group >= 0:
            add_time(found.staffed[agents[a].group], agents[a].staffed_since, t, plan.interval, last)
            if agents[a].load > 0:
                end_busy(warm_up, plan, space, found, a, t, last)
        found.agents[a, 0] = agents[a].contacts
        found.agents[a, 1] = agents[a].busy_counted
    for q in range(len(space.queues)):
        place = space.queues[q].head
        while place >= 0:
            k, wait = contacts[place].interval, contacts[place].deadline - contacts[place].entered
            if plan.lazy and contacts[place].deadline < t:
                count_abandoned(found.counts, q, k, wait, space.queues[q].target)
            elif contacts[place].state == WAITING:
                found.counts[q, k, OTHER_WAIT] += t - contacts[place].entered
            place = contacts[place].next
    close_log(space, t)
    found.ended[0] = space.now[0].ended
