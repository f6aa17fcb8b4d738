"""Events of the simulation kernel: a contact comes, an agent is done, the rota changes, patience ends, a wait was long enough.

An event leaves behind at most an agent who looks for contacts (the *seeker*) and a contact that looks for an agent (the one
*entering*).
"""

import math

import numpy as np

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_agents import book_progress, free_agent, remove, schedule, unlist_agent
from scheduler.staffing.simulation_meeting import set_timer
from scheduler.staffing.simulation_parts import (
    GONE,
    REDIALLED,
    REDIALLING,
    TRANSFERRED_IN,
    WAITING,
    count_abandoned,
    free_place,
    new_place,
    next_arrival,
    note_service,
    pop,
    replace_first,
)
from scheduler.staffing.simulation_random import (
    ABSENT,
    AGAIN,
    HOP,
    REDIAL,
    REDIAL_GAP,
    TRANSFER,
    U,
    exponential,
    member,
    mixed,
    uniform,
    work_of,
)
from scheduler.staffing.simulation_records import Plan, Space

NOBODY = NOTHING = -1
Left = tuple[int, int, np.uint64, float, float]
"""What an event leaves behind: the seeker or `NOBODY`, then the queue of the contact that enters or `NOTHING`, its identity, work
and patience (NaN: still to be drawn).
"""


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
def change_duty(key: np.uint64, plan: Plan, space: Space) -> int:
    """The agent of the next line of the rota; nobody where it is absent for this shift."""
    line = plan.rota[space.now[0].change]
    space.now[0].change += 1
    if line.absence_share > 0.0:
        shift = member(member(mixed(key + ABSENT), line.agent), line.shift)
        if uniform(shift, ABSENT) <= line.absence_share:
            return NOBODY
    agents, a = space.agents, line.agent
    agents[a].rota, agents[a].help = line.group, line.help
    agents[a].wanted = line.help if agents[a].helping else line.group
    agents[a].at_once = 0
    return int(a)


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
    if plan.watches_service:
        note_service(space, q, contacts[place].entered, False, t)
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
