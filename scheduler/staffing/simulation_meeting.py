"""Who meets whom in the simulation kernel: an agent who looks for contacts, a contact that looks for an agent."""

import math

import numpy as np

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_agents import (
    begin,
    book_progress,
    free_agent,
    list_agent,
    schedule,
    unlist_agent,
)
from scheduler.staffing.simulation_parts import (
    OFFERED,
    WAITING,
    add_time,
    count_answered,
    drop_head,
    first_waiting,
    new_place,
    note_service,
    pop,
    push,
)
from scheduler.staffing.simulation_random import PATIENCE, exponential
from scheduler.staffing.simulation_records import Found, Plan, Space

# ---- an agent looks for contacts ----


@compiled_part
def best_queue(plan: Plan, space: Space, counts: Floats, a: int, t: float) -> int:
    """The queue whose first contact an agent takes next, or -1."""
    best, best_tier, earliest = -1, 0, math.inf
    group, load = space.agents[a].group, space.agents[a].load
    for e in range(space.groups[group].first_entry, space.groups[group].last_entry):
        if best >= 0 and plan.entries[e].tier > best_tier:
            break
        q = plan.entries[e].queue
        if space.queues[q].head < 0 or space.queues[q].concurrency <= load:
            continue
        place = first_waiting(plan, space, counts, q, t)
        if place < 0:
            continue
        entered = space.contacts[place].entered
        if entered < earliest and entered + plan.entries[e].delay <= t:
            best, best_tier, earliest = q, plan.entries[e].tier, entered
    return best


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
    if agents[a].wanted != agents[a].group and (agents[a].load == 0 or agents[a].at_once):
        if busy:
            end_busy(warm_up, plan, space, found, a, t, k)
            busy = agents[a].load > 0
            agents[a].busy_since = t
        change_group(plan, space, found, a, t, k)
    at_work = agents[a].group >= 0 and agents[a].group == agents[a].wanted
    while at_work and agents[a].load < agents[a].limit:
        q = best_queue(plan, space, found.counts, a, t)
        if q < 0:
            break
        place = space.queues[q].head
        wait = t - contacts[place].entered
        count_answered(found.counts, q, contacts[place].interval, wait, space.queues[q].target)
        if plan.watches_service:
            note_service(space, q, contacts[place].entered, wait <= space.queues[q].target, t)
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


# ---- a contact looks for an agent ----


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
    if plan.watches_service:
        note_service(space, q, t, True, t)
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
def set_timer(space: Space, at: float, place: int) -> None:
    """Have a contact's deadline rung."""
    now = space.now[0]
    if now.timers == len(space.timers) - 1:
        now.full = 1
    else:
        push(space.timers, now.timers, at, place)
        now.timers += 1
