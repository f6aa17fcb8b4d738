"""Parts of the simulation kernel: heaps of events, time and counts, places for contacts and their queues."""

import math

from scheduler.compiled import compiled_part
from scheduler.staffing.checks import Floats
from scheduler.staffing.simulation_random import GAP, exponential, member
from scheduler.staffing.simulation_records import MINUTES, Plan, Records, Space

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


@compiled_part
def note_service(space: Space, q: int, entered: float, within: bool, t: float) -> None:
    """Note how a contact fared for the service of the last half hour, if it came in then."""
    minute = int(entered / 60.0)
    if int(t / 60.0) - minute < MINUTES:
        place = minute % MINUTES
        recent = space.recent
        if recent[q, place].minute != minute:
            recent[q, place].minute = minute
            recent[q, place].within = recent[q, place].late = 0.0
        if within:
            recent[q, place].within += 1.0
        else:
            recent[q, place].late += 1.0


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
