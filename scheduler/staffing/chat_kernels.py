"""Agents who hold several chats at a time, as compiled scalar functions.

The states are the chats in service. Each agent who holds j of them finishes them at rate r(j) = j/(aht (1 +
slowdown (j-1))); chats are spread evenly, so that with k of them each of n agents holds ⌊k/n⌋ or one more.
From n x concurrency on, all slots are taken and customers wait as in Erlang A. Weights below that state are
told relative to it and are sums of positive terms; see `kernels`, which has the part of those who wait.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.staffing.kernels import (
    NEGLIGIBLE,
    OVERFLOW,
    idle_weight,
    patient_measures,
    waiting_measures,
)

Floats = NDArray[np.float64]
CHAT_MEASURES = 12  # those of `Performance`, then the mean handle time


@compiled
def agent_rate(held: float, aht: float, slowdown: float) -> float:
    """Chats that an agent who holds ``held`` of them finishes in a second."""
    return held / (aht * (1.0 + slowdown * (held - 1.0))) if held > 0.0 else 0.0


@compiled
def departures(chats: float, agents: float, aht: float, slowdown: float) -> float:
    """Chats that all agents together finish in a second while they hold ``chats``, evenly spread."""
    level = math.floor(chats / agents)
    low = agent_rate(level, aht, slowdown)
    return agents * low + (chats - agents * level) * (agent_rate(level + 1.0, aht, slowdown) - low)


@compiled
def _mean_held(rate: float, aht: float, agents: float, slots: float, slowdown: float) -> float:
    """Mean chats in service where slots practically never run out: outward from the likeliest number."""
    low, high = 0.0, slots
    while high - low > 1.0:
        middle = math.floor(0.5 * (low + high))
        if departures(middle, agents, aht, slowdown) <= rate:
            low = middle
        else:
            high = middle
    total, lengths, term, k = 1.0, low, 1.0, low
    while k + 1.0 <= slots and term > NEGLIGIBLE * total:
        k += 1.0
        term *= rate / departures(k, agents, aht, slowdown)
        total += term
        lengths += term * k
    term, k = 1.0, low
    while k > 0.0 and term > NEGLIGIBLE * total:
        term *= departures(k, agents, aht, slowdown) / rate
        k -= 1.0
        total += term
        lengths += term * k
    return lengths / total


@compiled
def free_slots(
    rate: float, aht: float, agents: float, concurrency: float, slowdown: float
) -> tuple[float, float]:
    """Weight of all states with a free slot relative to "all taken, none waiting", and the mean chats in
    service there.

    Whole or fractional agents, above 0; with a fraction, the mean leaves out what is continued below one chat.
    The weight is infinite where slots practically never run out.
    """
    k, total, lengths, term = agents * concurrency, 0.0, 0.0, 1.0
    for level in range(int(concurrency) - 1, -1, -1):  # agents hold this many chats or one more
        low, base = agent_rate(level, aht, slowdown), agents * level
        slope, start = (agent_rate(level + 1.0, aht, slowdown) - low) / rate, agents * low / rate
        while k > base and k >= 1.0:
            ratio = start + (k - base) * slope
            term *= ratio
            k -= 1.0
            total += term
            lengths += term * k
            if total > OVERFLOW:
                return math.inf, _mean_held(rate, aht, agents, agents * concurrency, slowdown)
            if term * ratio <= NEGLIGIBLE * total * (1.0 - ratio):
                return total, lengths / total
    if k > 0.0:  # a fraction of an agent: as Erlang B is continued
        total += term * idle_weight(k, rate * k / departures(k, agents, aht, slowdown))
    return total, lengths / total


@compiled
def _patient_handle(rate: float, aht: float, agents: float, concurrency: float, slowdown: float) -> float:
    """Mean handle time with whole numbers of agents where nobody abandons; all slots taken if they are too few."""
    longest, slots = aht * (1.0 + slowdown * (concurrency - 1.0)), agents * concurrency
    if rate * longest >= slots:
        return longest
    idle, held = free_slots(rate, aht, agents, concurrency, slowdown)
    p_wait = patient_measures(idle, rate * longest / slots, 0.0)[0]
    return ((1.0 - p_wait) * held + p_wait * slots) / rate


@compiled
def _chat(
    rate: float, aht: float, agents: float, threshold: float, concurrency: float, slowdown: float,
    patience: float, found: Floats,
) -> None:  # fmt: skip
    """Fill ``found``, shape (12,), with `Performance` and the mean handle time.

    Without patience, a fractional number of agents has the handle time on the line between whole numbers.
    """
    longest = aht * (1.0 + slowdown * (concurrency - 1.0))
    if rate == 0.0:
        found[:] = 0.0
        found[1:6], found[11] = 1.0, aht
        return
    full, slots = agents * concurrency / longest, agents * concurrency
    idle, held = 0.0, 0.0
    if agents > 0.0:
        idle, held = free_slots(rate, aht, agents, concurrency, slowdown)
    if patience == math.inf:
        unit = 1.0 / full
        w = patient_measures(idle, rate * unit, threshold * full)
    else:
        unit = patience
        w = waiting_measures(idle, full * patience, rate * patience, threshold / patience)
    in_service = (1.0 - w[0]) * held + w[0] * slots
    handle, whole = in_service / (rate * w[9]) if w[9] > 0.0 else longest, math.floor(agents)
    if patience == math.inf and agents > whole and w[7] < math.inf:
        few = _patient_handle(rate, aht, whole, concurrency, slowdown)
        many = _patient_handle(rate, aht, whole + 1.0, concurrency, slowdown)
        handle = few + (agents - whole) * (many - few)
    found[0], found[1], found[2], found[3], found[4], found[5] = w[0], w[1], w[2], w[3], w[4], w[5]
    found[6], found[7], found[8] = w[6] * unit, w[7] * unit, w[8]
    found[9] = min(rate * w[9] * handle / slots, 1.0) if agents > 0.0 else 1.0
    found[10] = rate * found[7]
    found[11] = handle


@compiled
def each_chat(
    rate: Floats, aht: Floats, agents: Floats, threshold: Floats, concurrency: Floats, slowdown: Floats,
    patience: Floats,
) -> Floats:  # fmt: skip
    """Measures of every queue, shape (12, n): `Performance` and the mean handle time; arrays of shape (n,).

    With patience, agents must be whole numbers. ``rate`` is chats a second.
    """
    found = np.empty((len(rate), CHAT_MEASURES))
    for i in range(len(rate)):
        _chat(rate[i], aht[i], agents[i], threshold[i], concurrency[i], slowdown[i], patience[i], found[i])
    return found.T.copy()
