"""Agents in the simulation kernel: lists of those who are free, the one who gets a contact, work on several contacts at a time."""

import math

import numpy as np

from scheduler.compiled import compiled_part
from scheduler.staffing.simulation_parts import push, replace_first
from scheduler.staffing.simulation_records import Plan, Records, Space

# ---- free agents ----


@compiled_part
def list_agent(plan: Plan, space: Space, a: int, t: float) -> None:
    """Put an agent at the end of the list of those of its group who hold as many contacts."""
    agents, lists = space.agents, space.lists
    place = agents[a].group * plan.most + agents[a].load
    last = lists[place].tail
    agents[a].listed = place
    agents[a].listed_at = t
    agents[a].previous = last
    agents[a].next = -1
    lists[place].tail = a
    if last >= 0:
        agents[last].next = a
    else:
        lists[place].head = a


@compiled_part
def unlist_agent(space: Space, a: int) -> None:
    """Take an agent out of the list that it is in."""
    agents, lists = space.agents, space.lists
    place, before, after = agents[a].listed, agents[a].previous, agents[a].next
    if before >= 0:
        agents[before].next = after
    else:
        lists[place].head = after
    if after >= 0:
        agents[after].previous = before
    else:
        lists[place].tail = before
    agents[a].listed = -1


@compiled_part
def least_occupied(agents: Records, a: int, t: float) -> tuple[int, float]:
    """Of a list of free agents, from ``a`` on, the one with the least share of its time busy so far, and that share."""
    best, least = a, math.inf
    while a >= 0:
        staffed, busy = agents[a].staffed + t - agents[a].staffed_since, agents[a].busy
        if agents[a].load > 0:
            busy += t - agents[a].busy_since
        share = busy / staffed if staffed > 0.0 else 0.0
        if share < least:
            best, least = a, share
        a = agents[a].next
    return best, least


@compiled_part
def free_agent(
    plan: Plan, space: Space, reach: Records, first: int, last: int, concurrency: int, t: float
) -> int:
    """The agent who gets a contact: fewest held, lowest rank, then by `Floor.agent_choice`; -1 where none is free.

    ``reach[first:last]`` are the groups that may answer it.
    """
    found, best_rank, best = -1, 0, math.inf
    for load in range(concurrency):
        for i in range(first, last):
            a = space.lists[reach[i].group * plan.most + load].head
            if a < 0 or (found >= 0 and reach[i].rank > best_rank):
                continue
            if plan.least_occupied:
                a, level = least_occupied(space.agents, a, t)
            else:
                level = space.agents[a].listed_at
            longer = (
                found >= 0 and level == best and space.agents[a].listed_at < space.agents[found].listed_at
            )
            if found < 0 or reach[i].rank < best_rank or level < best or longer:
                found, best_rank, best = a, reach[i].rank, level
        if found >= 0:
            break
    return found


# ---- contacts at hand ----


@compiled_part
def pace(plan: Plan, space: Space, a: int, s: int) -> float:
    """Work at usual speed that an agent gets done a second on one of its contacts."""
    q = space.slots[a, s].queue
    return float(plan.speed[a, q] / (1.0 + space.queues[q].slowdown * (space.agents[a].load - 1)))


@compiled_part
def book_progress(plan: Plan, space: Space, a: int, t: float) -> None:
    """Take what an agent did since the last booking off what remains of its contacts."""
    agents = space.agents
    seconds = t - agents[a].progress_at
    if seconds > 0.0:
        for s in range(agents[a].load):
            space.slots[a, s].remaining -= seconds * pace(plan, space, a, s)
    agents[a].progress_at = t


@compiled_part
def note_first_done(plan: Plan, space: Space, a: int, t: float) -> None:
    """Note which of an agent's contacts is done first, and when (inf where it has none); progress is booked."""
    agents = space.agents
    soonest = math.inf
    for s in range(agents[a].load):
        seconds = max(space.slots[a, s].remaining / pace(plan, space, a, s), 0.0)
        if seconds < soonest:
            soonest = seconds
            agents[a].first = s
    agents[a].done_at = t + soonest


@compiled_part
def begin(plan: Plan, space: Space, a: int, q: int, id: np.uint64, work: float, t: float) -> float:
    """An agent begins with a contact; when it will be done with the customer, had it no other."""
    agents, slots = space.agents, space.slots
    if plan.most > 1:
        book_progress(plan, space, a, t)
    s = agents[a].load
    if s == 0:
        agents[a].limit = plan.most
    wrap = work * space.queues[q].wrap_share
    slots[a, s].id = id
    slots[a, s].queue = q
    slots[a, s].wrapping = 0
    slots[a, s].remaining = work - wrap
    slots[a, s].wrap = wrap
    agents[a].load = s + 1
    agents[a].limit = min(agents[a].limit, space.queues[q].concurrency)
    space.queues[q].serving += 1
    return float(t + (work - wrap) / plan.speed[a, q])


@compiled_part
def remove(plan: Plan, space: Space, a: int, s: int) -> None:
    """An agent is done with the contact in a slot; its progress is booked."""
    agents, slots = space.agents, space.slots
    last = agents[a].load - 1
    agents[a].load = last
    agents[a].limit = plan.most
    if s != last:
        slots[a, s] = slots[a, last]
    for held in range(last):
        agents[a].limit = min(agents[a].limit, space.queues[slots[a, held].queue].concurrency)


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
