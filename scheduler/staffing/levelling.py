"""The flattest staffing of work that may wait, in whole agents: each piece of work has slots in which it may be done.

Work flows: an item may be cut at will and shared between agents, so that so many agents in each slot suffice if and
only if every run of slots has the minutes of the items whose slots all lie within it. Then earliest-due-first meets
every due time. Slots here are those in which somebody may work, numbered without gaps.

`flattest` takes three steps, each exact up to a hundred-millionth of a minute:

1. The flattest profile in fractions of agents (least in every convex cost, so that peaks are as low as can be) is
   that of Yao, Demers and Shenker. It is needed only rounded up, and those whole numbers come from halving levels:
   with k agents everywhere, what earliest-due-first leaves undone, with all that competes with it, marks the slots
   that need more than k (`ceiling`).
2. Nobody works above that profile rounded up. The fewest agents within such bounds come from going back in time and
   adding one only where work would otherwise begin too late (`fewest`): lazy activation, exact for runs of slots.
3. Among those with the fewest, agents stay as near below the profile as they can, and work early rather than late.

**Source:** Yao, Demers and Shenker, A scheduling model for reduced CPU energy (1995); Chang, Gabow and Khuller, A model
for minimizing active processor time (2014), for lazy activation.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pieces = tuple[Ints, Ints, Floats]

DUST = 1e-8  # minutes that rounding may leave over
NOBODY = np.zeros(0, dtype=np.int64)


def flattest(first: Ints, last: Ints, minutes: Floats, given: Floats, per_agent: float) -> Ints:
    """Agents in every slot beside what is ``given``, shape (slots,).

    Parameters
    ----------
    first, last : slots between which each item may be done, both counted, shape (items,)
    minutes : work of each item
    given : minutes in every slot that are there anyway and are used first, shape (slots,)
    per_agent : minutes that one agent does in a slot
    """
    high = ceiling(first, last, minutes, given, per_agent)
    near, far = 0, max(int(high.max(initial=0)) - 1, 0)

    def dipping(by: int) -> Ints:
        return fewest(first, last, minutes, given, np.maximum(high - 1 - by, 0), high, per_agent)

    least = dipping(far).sum()
    while near < far:
        middle = (near + far) // 2
        if dipping(middle).sum() == least:
            far = middle
        else:
            near = middle + 1
    return dipping(near)


def ceiling(first: Ints, last: Ints, minutes: Floats, given: Floats, per_agent: float) -> Ints:
    """The flattest profile in fractions of agents, rounded up; parameters as for `flattest`.

    Halves the levels in which each slot and each item may lie, all at once. Items and slots at unlike levels have no more to do with
    one another, so that each level's slots are laid side by side and work is placed over them all in one go.
    """
    slots, end = np.arange(len(given)), len(given)
    level, of_item = np.zeros(end, dtype=np.int64), np.zeros(len(first), dtype=np.int64)
    step = 1 << int(_enough(first, last, minutes, end) / per_agent + 1.0).bit_length()
    while step := step >> 1:
        places = np.sort(level * end + slots)
        here = places % end
        begins = np.searchsorted(places, of_item * end + first)
        ends = np.searchsorted(places, of_item * end + last, side="right") - 1
        order = np.argsort(ends, kind="stable")
        work = np.where(begins <= ends, minutes, 0.0)  # what has no slot left is dust
        room = given[here] + (level[here] + step - 1) * per_agent
        begins, ends = begins[order], ends[order]
        done = _fill(begins, ends, work[order], room, 0.0, NOBODY)
        chosen, marked = _competing(begins, ends, *done, end)
        of_item[order[chosen]] += step
        level[here[marked]] += step
    return level


def _enough(first: Ints, last: Ints, minutes: Floats, count: int) -> float:
    """Minutes in each slot with which every due time is met: every item spread evenly over its slots."""
    steps = np.zeros(count + 1)
    spread = minutes / (last - first + 1)
    np.add.at(steps, first, spread)
    np.add.at(steps, last + 1, -spread)
    return float(steps.cumsum().max(initial=0.0))


def fewest(
    first: Ints, last: Ints, minutes: Floats, given: Floats, low: Ints, high: Ints, per_agent: float
) -> Ints:
    """Least total of agents between ``low`` and ``high`` in every slot, as early as that total allows.

    ``high`` must suffice. With all of it at work, each piece of work has a slot in which it is done at the earliest;
    back in time from the last slot, agents are added in that slot where nothing later has room for it.
    """
    item, slot, part = placed(first, last, minutes, given + per_agent * high, np.argsort(last, kind="stable"))
    end = len(given) - 1
    agents, room = low[::-1].copy(), (given + per_agent * low)[::-1].copy()
    order = np.argsort(end - slot, kind="stable")
    _fill((end - last[item])[order], (end - slot)[order], part[order], room, per_agent, agents)
    return agents[::-1].copy()


def placed(first: Ints, last: Ints, minutes: Floats, room: Floats, order: Ints) -> Pieces:
    """Each item in turn done in the earliest minutes that its slots have left: (item, slot, minutes) of every piece.

    Parameters
    ----------
    first, last, minutes : as for `flattest`
    room : minutes that can be done in each slot, shape (slots,)
    order : places of the items, the one that goes before all others first
    """
    item, slot, part, _ = _fill(first[order], last[order], minutes[order], room.copy(), 0.0, NOBODY)
    return order[item], slot, part


@compiled
def _next(after: Ints, slot: int) -> int:
    """The first slot from this one on that is not done with; shortens the way for the next who asks."""
    while after[slot] != slot:
        after[slot] = after[after[slot]]
        slot = after[slot]
    return slot


@compiled
def _fill(
    first: Ints, last: Ints, minutes: Floats, room: Floats, per_agent: float, agents: Ints
) -> tuple[Ints, Ints, Floats, Floats]:
    """Each item in turn takes the earliest minutes of its slots; with ``per_agent``, agents are added in its last slot for the rest.

    Items by ascending ``last`` (else without agents to add). A slot is done with once an item that may go on finds it full:
    all items that end in it are then through, so that it gains no room any more.

    Returns
    -------
    (item, slot, minutes) of every piece and the minutes of each item that found no place
    """
    after = np.arange(len(room) + 1)
    size = len(first) + len(room)
    items, slots, parts = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    left, count = minutes.copy(), 0
    for j in range(len(first)):
        slot = _next(after, first[j])
        while left[j] > 0.0 and slot <= last[j]:
            if slot == last[j] and per_agent > 0.0 and left[j] > room[slot] + DUST:
                more = math.ceil((left[j] - room[slot] - DUST) / per_agent)
                agents[slot] += more
                room[slot] += more * per_agent
            take = min(left[j], room[slot])
            if take > 0.0:
                items[count], slots[count], parts[count] = j, slot, take
                count += 1
                left[j] -= take
                room[slot] -= take
            if slot == last[j]:
                break
            if room[slot] <= 0.0:
                after[slot] = slot + 1
            slot = _next(after, slot)
    return items[:count], slots[:count], parts[:count], left


@compiled
def _competing(
    first: Ints, last: Ints, items: Ints, slots: Ints, parts: Floats, left: Floats, count: int
) -> tuple[Flags, Flags]:
    """Items left over, those done in their slots, those done in the slots of these, and so on: (items, slots) of them all."""
    newest, older = np.full(count, -1), np.empty(len(items), np.int64)  # pieces of each slot, chained
    for piece in range(len(items)):
        older[piece] = newest[slots[piece]]
        newest[slots[piece]] = piece
    chosen, marked, after = left > DUST, np.zeros(count, np.bool_), np.arange(count + 1)
    waiting, top = np.empty(len(left), np.int64), 0
    for j in range(len(left)):
        if chosen[j]:
            waiting[top], top = j, top + 1
    while top > 0:
        top -= 1
        j = waiting[top]
        slot = _next(after, first[j])
        while slot <= last[j]:
            marked[slot], after[slot] = True, slot + 1
            piece = newest[slot]
            while piece >= 0:
                other = items[piece]
                if not chosen[other] and parts[piece] > DUST:
                    chosen[other] = True
                    waiting[top], top = other, top + 1
                piece = older[piece]
            slot = _next(after, slot)
    return chosen, marked
