"""Parts of the simulation kernel: heaps of events, lists of free agents, queues of contacts, time and counts, agents with several
contacts.
"""

import math

import numpy as np

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_random import GAP, exponential, member
from scheduler.staffing.simulation_records import Plan, Records, Space

GONE, WAITING, REDIALLING = range(3)
"""States of a contact that has, or had, a place in memory."""
(
    OFFERED, ANSWERED, AT_ONCE, WITHIN, ABANDONED, ABANDONED_WITHIN, ANSWERED_WAIT, OTHER_WAIT, TRANSFERRED_IN, REDIALLED,
) = range(10)  # fmt: skip
"""The last axis of the counts, as `COUNTED` names it."""

# ---- heaps: the earliest first, infinite beyond the last ----


@compiled_part
def push(heap: Records, size: int, at: float, what: int) -> None:
    """Add an event to a heap of so many."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if heap[up].at <= at:
            break
        heap[i].at = heap[up].at
        heap[i].what = heap[up].what
        i = up
    heap[i].at = at
    heap[i].what = what


@compiled_part
def replace_first(heap: Records, size: int, at: float, what: int) -> None:
    """Put another event in place of the first one."""
    i = 0
    while True:
        low = 2 * i + 1
        if low >= size:
            break
        low += heap[low + 1].at < heap[low].at  # no branch: which of two is earlier cannot be guessed
        if heap[low].at >= at:
            break
        heap[i].at = heap[low].at
        heap[i].what = heap[low].what
        i = low
    heap[i].at = at
    heap[i].what = what


@compiled_part
def pop(heap: Records, size: int) -> None:
    """Remove the first event of a heap of so many."""
    last = size - 1
    at = heap[last].at
    heap[last].at = math.inf
    if last > 0:
        replace_first(heap, last, at, heap[last].what)


# ---- lists of free agents ----


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


# ---- time and counts ----


@compiled_part
def add_time(row: Floats, since: float, until: float, interval: float, k: int) -> None:
    """Add the time from ``since`` to ``until``, which lies in interval ``k``, to the intervals that it covers."""
    if since < k * interval:
        i = int(since / interval)
        while i < k:
            end = (i + 1) * interval
            row[i] += max(end - since, 0.0)
            since = max(end, since)
            i += 1
    row[k] += until - since


@compiled_part
def count_answered(counts: Floats, q: int, k: int, wait: float, target: float) -> None:
    """Book a customer who is answered."""
    counts[q, k, ANSWERED] += 1.0
    if wait <= target:
        counts[q, k, WITHIN] += 1.0
    if wait > 0.0:
        counts[q, k, ANSWERED_WAIT] += wait
    else:
        counts[q, k, AT_ONCE] += 1.0


@compiled_part
def count_abandoned(counts: Floats, q: int, k: int, wait: float, target: float) -> None:
    """Book a customer who gave up."""
    counts[q, k, ABANDONED] += 1.0
    counts[q, k, OTHER_WAIT] += wait
    if wait <= target:
        counts[q, k, ABANDONED_WITHIN] += 1.0


# ---- contacts that come and wait ----


@compiled_part
def next_arrival(plan: Plan, queues: Records, q: int, scale: float) -> float:
    """When the next contact of a queue comes (inf: none on this floor); its identity is noted with the queue."""
    id = member(queues[q].stream, queues[q].number)
    queues[q].number += 1
    queues[q].id = id
    left, at, k = exponential(id, GAP), queues[q].at, queues[q].interval
    while k < plan.rates.shape[1]:
        rate, end = plan.rates[q, k] * scale, (k + 1) * plan.interval
        if rate > 0.0:
            due = at + left / rate
            if due < end:
                queues[q].at, queues[q].interval = due, k
                return float(due)
            left = max(left - (end - at) * rate, 0.0)
        at = end
        k += 1
    queues[q].interval = k
    return math.inf


@compiled_part
def new_place(space: Space) -> int:
    """A place for a contact; -1 and a note where there is none."""
    now = space.now[0]
    place = now.free
    if place < 0:
        now.full = 1
    else:
        now.free = space.contacts[place].next
    return int(place)


@compiled_part
def free_place(space: Space, place: int) -> None:
    """Give a contact's place back."""
    space.contacts[place].state = GONE
    space.contacts[place].next = space.now[0].free
    space.now[0].free = place


@compiled_part
def drop_head(space: Space, q: int) -> None:
    """Take the first contact out of its queue."""
    queues = space.queues
    place = queues[q].head
    after = space.contacts[place].next
    queues[q].head = after
    if after < 0:
        queues[q].tail = -1
    if queues[q].over_next == place:
        queues[q].over_next = after
    free_place(space, place)


@compiled_part
def first_waiting(plan: Plan, space: Space, counts: Floats, q: int, t: float) -> int:
    """The place of the first contact of a queue who still waits, or -1; those before it who gave up are taken out.

    Where the plan is lazy, only now are they counted.
    """
    contacts = space.contacts
    while space.queues[q].head >= 0:
        place = space.queues[q].head
        if plan.lazy:
            if contacts[place].deadline >= t:
                return int(place)
            wait = contacts[place].deadline - contacts[place].entered
            count_abandoned(counts, q, contacts[place].interval, wait, space.queues[q].target)
        elif contacts[place].state == WAITING:
            return int(place)
        drop_head(space, q)
    return -1


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


# ---- agents and their contacts ----


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
