"""The simulation itself: one replication of a floor, event by event, as compiled code.

An event leaves behind at most an agent who looks for contacts (the *seeker*) and a contact that looks for an agent (the one
*entering*); both are dealt with in one place each, in this order. Where instants are equal, events go in the order of their codes.
"""

import math

import numpy as np

from scheduler.compiled import compiled_bare, compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_backup import RESTING, move_pool, watch_pools
from scheduler.staffing.simulation_parts import (
    GONE,
    OFFERED,
    OTHER_WAIT,
    REDIALLED,
    REDIALLING,
    TRANSFERRED_IN,
    WAITING,
    add_time,
    begin,
    best_queue,
    book_progress,
    count_abandoned,
    count_answered,
    drop_head,
    free_agent,
    free_place,
    list_agent,
    new_place,
    next_arrival,
    note_first_done,
    pop,
    push,
    remove,
    replace_first,
    unlist_agent,
)
from scheduler.staffing.simulation_random import (
    ABSENT,
    AGAIN,
    HOP,
    PATIENCE,
    REDIAL,
    REDIAL_GAP,
    TRANSFER,
    exponential,
    gamma,
    member,
    mixed,
    uniform,
    work_of,
)
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
        t, event = space.arrive_times[0], ARRIVES
        if now.over_at <= t:
            t, event = now.over_at, OVERFLOW
        if space.timer_times[0] <= t:
            t, event = space.timer_times[0], TIMER
        if now.backup_at <= t:
            t, event = now.backup_at, BACKUP
        if space.done_times[0] <= t:
            t, event = space.done_times[0], DONE
        if plan.rota[now.change].at <= t:
            t, event = plan.rota[now.change].at, ROTA
        if not t < plan.horizon:
            break
        while t >= boundary:
            k += 1
            boundary = (k + 1) * plan.interval
        now.seeker = -1
        now.at_top = now.entering = 0
        if event == ARRIVES:
            arrive(key, scale, plan, space, k)
        elif event == DONE:
            finish(plan, space, found.counts, t, k)
        elif event == ROTA:
            change_duty(key, plan, space)
        elif event == TIMER:
            ring(plan, space, found.counts, t, k)
        elif event == OVERFLOW:
            overflow(plan, space, t)
        else:
            move_pool(plan, space, t)
        if now.seeker >= 0:
            seek(event == DONE, warm_up, plan, space, found, t, k)
        if now.entering:
            enter(warm_up, plan, space, found, t, k)
        if len(space.pools) > 0:
            watch_pools(plan, space, found.pool_calls, t, k)
        if now.full:
            return False
    close(warm_up, plan, space, found)
    return True


@compiled_part
def clear(key: np.uint64, scale: float, plan: Plan, space: Space, found: Found) -> None:
    """Nobody is there yet, nothing is counted; the first contact of every queue is on its way."""
    now, queues, agents, contacts, pools = (
        space.now[0],
        space.queues,
        space.agents,
        space.contacts,
        space.pools,
    )
    found.counts[:] = 0.0
    found.busy[:] = 0.0
    found.staffed[:] = 0.0
    found.agent_contacts[:] = 0.0
    found.agent_busy[:] = 0.0
    found.pool_calls[:] = 0.0
    space.arrive_times[:] = math.inf
    space.done_times[:] = math.inf
    space.timer_times[:] = math.inf
    space.on_duty[:] = 0
    now.arriving = now.done = now.timers = now.free = now.full = now.change = now.row = 0
    now.over_at = now.backup_at = math.inf
    now.ended = 0.0
    for i in range(len(space.lists)):
        space.lists[i].head = space.lists[i].tail = -1
    for i in range(len(contacts)):
        contacts[i].next = i + 1
        contacts[i].state = GONE
    contacts[len(contacts) - 1].next = -1
    for a in range(len(agents)):
        agents[a].group = agents[a].wanted = agents[a].listed = -1
        agents[a].load = 0
        agents[a].limit = plan.most
        agents[a].busy = agents[a].staffed = 0.0
        agents[a].done_at = math.inf
    for b in range(len(pools)):
        pools[b].state = RESTING
        pools[b].at = math.inf
    for q in range(len(queues)):
        queues[q].stream = member(key, q + 1)
        queues[q].number = queues[q].interval = queues[q].waiting = queues[q].serving = 0
        queues[q].head = queues[q].tail = queues[q].over_next = -1
        queues[q].at = 0.0
        if len(plan.trace) == 1:
            push(space.arrive_times, space.arrive_who, now.arriving, next_arrival(plan, queues, q, scale), q)
            now.arriving += 1
    if len(plan.trace) > 1:
        space.arrive_times[0] = plan.trace[0].at


# ---- events ----


@compiled_part
def let_in(plan: Plan, space: Space, q: int, id: np.uint64, k: int) -> None:
    """A contact whose work and patience are drawn comes in."""
    now = space.now[0]
    now.entering = 1
    now.queue = q
    now.id = id
    now.work = work_of(id, plan.aht[q, k], space.queues[q].service, space.queues[q].sigma)
    now.patience = math.nan


@compiled_part
def arrive(key: np.uint64, scale: float, plan: Plan, space: Space, k: int) -> None:
    """The next contact comes in, drawn or as the trace tells."""
    now = space.now[0]
    if len(plan.trace) > 1:
        row = plan.trace[now.row]
        now.entering = 1
        now.queue, now.work, now.patience = row.queue, row.work, row.patience
        now.id = member(member(key, 0), now.row)
        now.row += 1
        space.arrive_times[0] = plan.trace[now.row].at
    else:
        q = space.arrive_who[0]
        let_in(plan, space, q, space.queues[q].id, k)
        at = next_arrival(plan, space.queues, q, scale)
        replace_first(space.arrive_times, space.arrive_who, now.arriving, at, q)


@compiled_part
def finish(plan: Plan, space: Space, counts: Floats, t: float, k: int) -> None:
    """An agent is done with a customer, who goes or is transferred, or with writing up, and is then free."""
    now, agents, slots = space.now[0], space.agents, space.slots
    a, s = space.done_who[0], 0
    now.at_top = 1
    if plan.most > 1:
        pop(space.done_times, space.done_who, now.done)
        now.done -= 1
        now.at_top = 0
        if agents[a].done_at != t:
            return  # its contacts have changed since
        book_progress(plan, space, a, t)
        s = agents[a].first
    q, id = slots[a, s].queue, slots[a, s].id
    if not slots[a, s].wrapping:
        space.queues[q].serving -= 1
        share = space.queues[q].transfer_share
        if share > 0.0 and uniform(id, TRANSFER) <= share:
            q = space.queues[q].transfer_to
            let_in(plan, space, q, mixed(id + HOP), k)
            counts[q, k, TRANSFERRED_IN] += 1.0
    if slots[a, s].wrap > 0.0:
        slots[a, s].wrapping = 1
        slots[a, s].remaining = slots[a, s].wrap
        slots[a, s].wrap = 0.0
        schedule(plan, space, a, t, t + slots[a, s].remaining / plan.speed[a, slots[a, s].queue])
    else:
        if agents[a].listed >= 0:
            unlist_agent(space, a)
        remove(plan, space, a, s)
        now.ended = t
        now.seeker = a


@compiled_part
def schedule(plan: Plan, space: Space, a: int, t: float, alone_at: float) -> None:
    """Note when an agent is next done with a contact; ``alone_at`` is when, where it cannot hold several."""
    now, at = space.now[0], alone_at
    if plan.most > 1:
        note_first_done(plan, space, a, t)
        at = space.agents[a].done_at
        if now.done == len(space.done_times) - 1:
            now.full = 1
            return
    if now.at_top and a == space.done_who[0]:
        replace_first(space.done_times, space.done_who, now.done, at, a)
        now.at_top = 0
    else:
        push(space.done_times, space.done_who, now.done, at, a)
        now.done += 1


@compiled_part
def change_duty(key: np.uint64, plan: Plan, space: Space) -> None:
    """The next line of the rota, unless its agent is absent for this shift."""
    now = space.now[0]
    line = plan.rota[now.change]
    now.change += 1
    if line.absence_share > 0.0:
        shift = member(member(mixed(key + ABSENT), line.agent), line.shift)
        if uniform(shift, ABSENT) <= line.absence_share:
            return
    space.agents[line.agent].wanted = line.group
    now.seeker = line.agent


@compiled_part
def ring(plan: Plan, space: Space, counts: Floats, t: float, k: int) -> None:
    """A customer's patience ends, unless answered meanwhile; or one who gave up calls again."""
    now, contacts = space.now[0], space.contacts
    place = space.timer_who[0]
    pop(space.timer_times, space.timer_who, now.timers)
    now.timers -= 1
    if contacts[place].state == GONE or contacts[place].deadline != t:
        return
    q, id = contacts[place].queue, contacts[place].id
    if contacts[place].state == REDIALLING:
        free_place(space, place)
        let_in(plan, space, q, id, k)
        counts[q, k, REDIALLED] += 1.0
        return
    count_abandoned(counts, q, contacts[place].interval, t - contacts[place].entered, space.queues[q].target)
    contacts[place].state = GONE  # its place is free when it is first in its queue
    space.queues[q].waiting -= 1
    if space.queues[q].redial_share > 0.0 and uniform(id, REDIAL) <= space.queues[q].redial_share:
        later = new_place(space)
        if later >= 0:
            contacts[later].state = REDIALLING
            contacts[later].queue = q
            contacts[later].id = mixed(id + AGAIN)
            contacts[later].deadline = t + space.queues[q].redial_seconds * exponential(id, REDIAL_GAP)
            set_timer(space, contacts[later].deadline, later)


@compiled_part
def set_timer(space: Space, at: float, place: int) -> None:
    """Have a contact's deadline rung."""
    now = space.now[0]
    if now.timers == len(space.timer_times) - 1:
        now.full = 1
    else:
        push(space.timer_times, space.timer_who, now.timers, at, place)
        now.timers += 1


@compiled_part
def overflow(plan: Plan, space: Space, t: float) -> None:
    """A free agent of the other queue looks for contacts that have waited long enough; one agent an event."""
    now, queues, contacts = space.now[0], space.queues, space.contacts
    now.over_at = math.inf
    for q in range(len(queues)):
        while now.seeker < 0 and queues[q].over_next >= 0:
            place = queues[q].over_next
            if contacts[place].entered + queues[q].overflow_seconds > t:
                break
            queues[q].over_next = contacts[place].next
            if contacts[place].state == WAITING and contacts[place].deadline >= t:
                now.seeker = free_agent(
                    plan,
                    space,
                    plan.over,
                    plan.over_start[q],
                    plan.over_start[q + 1],
                    queues[q].concurrency,
                    t,
                )
        if queues[q].over_next >= 0:
            at = contacts[queues[q].over_next].entered + queues[q].overflow_seconds
            now.over_at = min(now.over_at, at)


# ---- who looks for whom ----


@compiled_part
def seek(was_busy: bool, warm_up: float, plan: Plan, space: Space, found: Found, t: float, k: int) -> None:
    """An agent comes, goes or turns to other work as the rota wants, and takes as many waiting contacts as it may."""
    now, agents, contacts = space.now[0], space.agents, space.contacts
    a = now.seeker
    busy, began, at = was_busy or agents[a].load > 0, False, 0.0
    if agents[a].listed >= 0:
        unlist_agent(space, a)
    if plan.most > 1:
        book_progress(plan, space, a, t)
    if agents[a].load == 0 and agents[a].wanted != agents[a].group:
        if busy:
            end_busy(warm_up, plan, space, found, a, t, k)
            busy = False
        change_group(plan, space, found, a, t, k)
    at_work = agents[a].group >= 0 and agents[a].group == agents[a].wanted
    while at_work and agents[a].load < agents[a].limit:
        q = best_queue(plan, space, found.counts, a, t)
        if q < 0:
            break
        place = space.queues[q].head
        wait = t - contacts[place].entered
        count_answered(found.counts, q, contacts[place].interval, wait, space.queues[q].target)
        if not busy:
            busy = True
            agents[a].busy_since = t
        at = begin(plan, space, a, q, contacts[place].id, contacts[place].work, t)
        space.queues[q].waiting -= 1
        drop_head(space, q)
        began = True
        if t >= warm_up:
            found.agent_contacts[a] += 1.0
    if busy and agents[a].load == 0:
        end_busy(warm_up, plan, space, found, a, t, k)
    if at_work and agents[a].load < agents[a].limit:
        list_agent(plan, space, a, t)
    if began or (plan.most > 1 and agents[a].load > 0):
        schedule(plan, space, a, t, at)
    elif was_busy:
        agents[a].done_at = math.inf
        if now.at_top:
            pop(space.done_times, space.done_who, now.done)
            now.done -= 1
            now.at_top = 0


@compiled_part
def end_busy(warm_up: float, plan: Plan, space: Space, found: Found, a: int, t: float, k: int) -> None:
    """Book the time that an agent was busy without a pause, up to now."""
    since = space.agents[a].busy_since
    add_time(found.busy[space.agents[a].group], since, t, plan.interval, k)
    space.agents[a].busy += t - since
    found.agent_busy[a] += max(t - max(since, warm_up), 0.0)


@compiled_part
def change_group(plan: Plan, space: Space, found: Found, a: int, t: float, k: int) -> None:
    """An agent without contacts comes, goes or turns to other work."""
    agents = space.agents
    if agents[a].group >= 0:
        add_time(found.staffed[agents[a].group], agents[a].staffed_since, t, plan.interval, k)
        agents[a].staffed += t - agents[a].staffed_since
        space.on_duty[agents[a].group] -= 1
    agents[a].group = agents[a].wanted
    agents[a].staffed_since = t
    if agents[a].group >= 0:
        space.on_duty[agents[a].group] += 1


@compiled_part
def enter(warm_up: float, plan: Plan, space: Space, found: Found, t: float, k: int) -> None:
    """A contact comes in: a free agent begins with it, or it waits."""
    now, agents, queues = space.now[0], space.agents, space.queues
    q = now.queue
    found.counts[q, k, OFFERED] += 1.0
    a = free_agent(
        plan, space, plan.reach, plan.reach_start[q], plan.reach_start[q + 1], queues[q].concurrency, t
    )
    if a < 0:
        wait_in_line(plan, space, t, k)
        return
    unlist_agent(space, a)
    if agents[a].load == 0:
        agents[a].busy_since = t
    count_answered(found.counts, q, k, 0.0, queues[q].target)
    at = begin(plan, space, a, q, now.id, now.work, t)
    if t >= warm_up:
        found.agent_contacts[a] += 1.0
    if agents[a].load < agents[a].limit:
        list_agent(plan, space, a, t)
    schedule(plan, space, a, t, at)


@compiled_part
def wait_in_line(plan: Plan, space: Space, t: float, k: int) -> None:
    """The contact that comes in joins its queue."""
    now, queues, contacts = space.now[0], space.queues, space.contacts
    q, patience = now.queue, now.patience
    if math.isnan(patience):
        patience = plan.patience[q, k]
        if patience < math.inf:
            patience *= exponential(now.id, PATIENCE)
    place = new_place(space)
    if place < 0:
        return
    contacts[place].entered = t
    contacts[place].deadline = t + patience
    contacts[place].work = now.work
    contacts[place].id = now.id
    contacts[place].queue = q
    contacts[place].interval = k
    contacts[place].state = WAITING
    contacts[place].next = -1
    last = queues[q].tail
    if last >= 0:
        contacts[last].next = place
    else:
        queues[q].head = place
    queues[q].tail = place
    queues[q].waiting += 1
    if queues[q].overflow_to >= 0 and queues[q].over_next < 0:
        queues[q].over_next = place
        now.over_at = min(now.over_at, t + queues[q].overflow_seconds)
    if not plan.lazy and patience < math.inf:
        set_timer(space, t + patience, place)


@compiled_part
def close(warm_up: float, plan: Plan, space: Space, found: Found) -> None:
    """The floor ends: time of those at work, and those still waiting, are booked."""
    t, last, contacts = plan.horizon, plan.rates.shape[1] - 1, space.contacts
    for a in range(len(space.agents)):
        group = space.agents[a].group
        if group >= 0:
            add_time(found.staffed[group], space.agents[a].staffed_since, t, plan.interval, last)
            if space.agents[a].load > 0:
                end_busy(warm_up, plan, space, found, a, t, last)
    for q in range(len(space.queues)):
        place = space.queues[q].head
        while place >= 0:
            k, wait = contacts[place].interval, contacts[place].deadline - contacts[place].entered
            if plan.lazy and contacts[place].deadline < t:
                count_abandoned(found.counts, q, k, wait, space.queues[q].target)
            elif contacts[place].state == WAITING:
                found.counts[q, k, OTHER_WAIT] += t - contacts[place].entered
            place = contacts[place].next
    found.ended[0] = space.now[0].ended
