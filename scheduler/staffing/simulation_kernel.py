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
    U,
    exponential,
    gamma,
    member,
    mixed,
    uniform,
    work_of,
)
from scheduler.staffing.simulation_records import Found, Plan, Space

ROTA, DONE, BACKUP, TIMER, OVERFLOW, ARRIVES = range(6)
NOBODY = NOTHING = -1
Left = tuple[int, int, np.uint64, float, float]
"""What an event leaves behind: the seeker or `NOBODY`, then the queue of the contact that enters or `NOTHING`, its identity, work
and patience (NaN: still to be drawn).
"""


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
    found.pool_calls[:] = 0.0
    for heap in (space.arriving, space.done, space.timers):
        for i in range(len(heap)):
            heap[i].at = math.inf
    now.arriving = now.done = now.timers = now.free = now.full = now.change = now.row = 0
    now.over_at = now.backup_at = math.inf
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
        agents[a].load = 0
        agents[a].limit = plan.most
        agents[a].busy = agents[a].staffed = agents[a].contacts = agents[a].busy_counted = 0.0
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
            push(space.arriving, now.arriving, next_arrival(plan, queues, q, scale), q)
            now.arriving += 1
    if len(plan.trace) > 1:
        space.arriving[0].at = plan.trace[0].at


# ---- events ----


@compiled_part
def drawn(plan: Plan, space: Space, seeker: int, q: int, id: np.uint64, k: int) -> Left:
    """A contact enters whose work is drawn, and whose patience will be where it has to wait."""
    work = work_of(id, plan.aht[q, k], space.queues[q].service, space.queues[q].sigma)
    return seeker, q, id, work, math.nan


@compiled_part
def arrive(key: np.uint64, scale: float, plan: Plan, space: Space, k: int) -> Left:
    """The next contact comes in, drawn or as the trace tells."""
    now = space.now[0]
    if len(plan.trace) > 1:
        row = plan.trace[now.row]
        id = member(member(key, 0), now.row)
        now.row += 1
        space.arriving[0].at = plan.trace[now.row].at
        return NOBODY, row.queue, id, row.work, row.patience
    q = space.arriving[0].what
    id = space.queues[q].id
    replace_first(space.arriving, now.arriving, next_arrival(plan, space.queues, q, scale), q)
    return drawn(plan, space, NOBODY, q, id, k)


@compiled_part
def finish(plan: Plan, space: Space, counts: Floats, t: float, k: int) -> Left:
    """An agent is done with a customer, who goes or is transferred, or with writing up, and is then free."""
    now, agents, slots = space.now[0], space.agents, space.slots
    a, s = space.done[0].what, 0
    if plan.most > 1:
        pop(space.done, now.done)
        now.done -= 1
        if agents[a].done_at != t:  # its contacts have changed since
            return NOBODY, NOTHING, U(0), 0.0, 0.0
        book_progress(plan, space, a, t)
        s = agents[a].first
    q, id, to = slots[a, s].queue, slots[a, s].id, NOTHING
    if not slots[a, s].wrapping:
        space.queues[q].serving -= 1
        share = space.queues[q].transfer_share
        if share > 0.0 and uniform(id, TRANSFER) <= share:
            to = space.queues[q].transfer_to
            counts[to, k, TRANSFERRED_IN] += 1.0
    seeker = NOBODY
    if slots[a, s].wrap > 0.0:
        slots[a, s].wrapping = 1
        slots[a, s].remaining = slots[a, s].wrap
        slots[a, s].wrap = 0.0
        schedule(plan, space, a, t, t + slots[a, s].remaining / plan.speed[a, q], plan.most == 1)
    else:
        if agents[a].listed >= 0:
            unlist_agent(space, a)
        remove(plan, space, a, s)
        now.ended = t
        seeker = a
    if to == NOTHING:
        return seeker, NOTHING, U(0), 0.0, 0.0
    return drawn(plan, space, seeker, to, mixed(id + HOP), k)


@compiled_part
def schedule(plan: Plan, space: Space, a: int, t: float, alone_at: float, in_place: bool) -> None:
    """Note when an agent is next done with a contact: ``alone_at`` where it cannot hold several; ``in_place`` of the first event."""
    now, at = space.now[0], alone_at
    if plan.most > 1:
        note_first_done(plan, space, a, t)
        at = space.agents[a].done_at
        if now.done == len(space.done) - 1:
            now.full = 1
            return
    if in_place:
        replace_first(space.done, now.done, at, a)
    else:
        push(space.done, now.done, at, a)
        now.done += 1


@compiled_part
def change_duty(key: np.uint64, plan: Plan, space: Space) -> int:
    """The agent of the next line of the rota; nobody where it is absent for this shift."""
    line = plan.rota[space.now[0].change]
    space.now[0].change += 1
    if line.absence_share > 0.0:
        shift = member(member(mixed(key + ABSENT), line.agent), line.shift)
        if uniform(shift, ABSENT) <= line.absence_share:
            return NOBODY
    space.agents[line.agent].wanted = line.group
    return int(line.agent)


@compiled_part
def ring(plan: Plan, space: Space, counts: Floats, t: float, k: int) -> Left:
    """A customer's patience ends, unless answered meanwhile; or one who gave up calls again."""
    now, contacts = space.now[0], space.contacts
    place = space.timers[0].what
    pop(space.timers, now.timers)
    now.timers -= 1
    if contacts[place].state == GONE or contacts[place].deadline != t:
        return NOBODY, NOTHING, U(0), 0.0, 0.0
    q, id = contacts[place].queue, contacts[place].id
    if contacts[place].state == REDIALLING:
        free_place(space, place)
        counts[q, k, REDIALLED] += 1.0
        return drawn(plan, space, NOBODY, q, id, k)
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
    return NOBODY, NOTHING, U(0), 0.0, 0.0


@compiled_part
def set_timer(space: Space, at: float, place: int) -> None:
    """Have a contact's deadline rung."""
    now = space.now[0]
    if now.timers == len(space.timers) - 1:
        now.full = 1
    else:
        push(space.timers, now.timers, at, place)
        now.timers += 1


@compiled_part
def overflow(plan: Plan, space: Space, t: float) -> int:
    """A free agent of the other queue, for a contact that has waited long enough; one an event, others follow."""
    now, queues, contacts, seeker = space.now[0], space.queues, space.contacts, NOBODY
    now.over_at = math.inf
    for q in range(len(queues)):
        while seeker == NOBODY and queues[q].over_next >= 0:
            place = queues[q].over_next
            if contacts[place].entered + queues[q].overflow_seconds > t:
                break
            queues[q].over_next = contacts[place].next
            if contacts[place].state == WAITING and contacts[place].deadline >= t:
                first, last = queues[q].first_over, queues[q].last_over
                seeker = free_agent(plan, space, plan.over, first, last, queues[q].concurrency, t)
        if queues[q].over_next >= 0:
            at = contacts[queues[q].over_next].entered + queues[q].overflow_seconds
            now.over_at = min(now.over_at, at)
    return seeker


# ---- who looks for whom ----


@compiled_part
def seek(
    a: int, done: bool, warm_up: float, plan: Plan, space: Space, found: Found, t: float, k: int
) -> None:
    """An agent, just ``done`` or not, comes, goes or turns to other work as the rota wants, and takes as many contacts as it may."""
    now, agents, contacts = space.now[0], space.agents, space.contacts
    busy, began, at = done or agents[a].load > 0, False, 0.0
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
        agents[a].contacts += t >= warm_up
        space.queues[q].waiting -= 1
        drop_head(space, q)
        began = True
    if busy and agents[a].load == 0:
        end_busy(warm_up, plan, space, found, a, t, k)
    if at_work and agents[a].load < agents[a].limit:
        list_agent(plan, space, a, t)
    if began or (plan.most > 1 and agents[a].load > 0):
        schedule(plan, space, a, t, at, done and plan.most == 1)
    elif done:
        agents[a].done_at = math.inf
        if plan.most == 1:
            pop(space.done, now.done)
            now.done -= 1


@compiled_part
def end_busy(warm_up: float, plan: Plan, space: Space, found: Found, a: int, t: float, k: int) -> None:
    """Book the time that an agent was busy without a pause, up to now."""
    since = space.agents[a].busy_since
    add_time(found.busy[space.agents[a].group], since, t, plan.interval, k)
    space.agents[a].busy += t - since
    space.agents[a].busy_counted += max(t - max(since, warm_up), 0.0)


@compiled_part
def change_group(plan: Plan, space: Space, found: Found, a: int, t: float, k: int) -> None:
    """An agent without contacts comes, goes or turns to other work."""
    agents = space.agents
    if agents[a].group >= 0:
        add_time(found.staffed[agents[a].group], agents[a].staffed_since, t, plan.interval, k)
        agents[a].staffed += t - agents[a].staffed_since
        space.groups[agents[a].group].on_duty -= 1
    agents[a].group = agents[a].wanted
    agents[a].staffed_since = t
    if agents[a].group >= 0:
        space.groups[agents[a].group].on_duty += 1


@compiled_part
def enter(
    q: int, id: np.uint64, work: float, patience: float, warm_up: float, plan: Plan, space: Space, found: Found, t: float, k: int
) -> None:  # fmt: skip
    """A contact comes in: a free agent begins with it, or it waits."""
    agents, queues = space.agents, space.queues
    found.counts[q, k, OFFERED] += 1.0
    first, last = queues[q].first_reach, queues[q].last_reach
    a = free_agent(plan, space, plan.reach, first, last, queues[q].concurrency, t)
    if a < 0:
        wait_in_line(q, id, work, patience, plan, space, t, k)
        return
    unlist_agent(space, a)
    if agents[a].load == 0:
        agents[a].busy_since = t
    count_answered(found.counts, q, k, 0.0, queues[q].target)
    at = begin(plan, space, a, q, id, work, t)
    agents[a].contacts += t >= warm_up
    if agents[a].load < agents[a].limit:
        list_agent(plan, space, a, t)
    schedule(plan, space, a, t, at, False)


@compiled_part
def wait_in_line(
    q: int, id: np.uint64, work: float, patience: float, plan: Plan, space: Space, t: float, k: int
) -> None:
    """A contact joins its queue."""
    now, queues, contacts = space.now[0], space.queues, space.contacts
    if math.isnan(patience):
        patience = plan.patience[q, k]
        if patience < math.inf:
            patience *= exponential(id, PATIENCE)
    place = new_place(space)
    if place < 0:
        return
    contacts[place].entered = t
    contacts[place].deadline = t + patience
    contacts[place].work = work
    contacts[place].id = id
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
    found.ended[0] = space.now[0].ended
