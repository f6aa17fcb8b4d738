"""The queue formulas as compiled scalar functions: Erlang B, C and A, and any queue in front of other chains.

Every figure is a ratio of sums of positive terms over the states of a birth-death chain (`weights`), never a
difference of large numbers.

**Source:** Mandelbaum and Zeltyn, The Palm/Erlang-A queue (2007).
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.staffing.weights import (
    NEGLIGIBLE,
    OVERFLOW,
    idle_weight,
    late_weights,
    scales,
    waiting_sums,
)

__all__ = [
    "NEGLIGIBLE", "OVERFLOW", "Floats", "each_erlang_b", "each_erlang_c", "each_measures", "erlang_b", "erlang_c",
    "idle_weight", "measures", "patient_measures", "shares", "waiting_measures",
]  # fmt: skip

Floats = NDArray[np.float64]
Shares = tuple[float, float, float, float, float, float, float]
Waiting = tuple[float, float, float, float, float, float, float, float, float, float]
Measures = tuple[float, float, float, float, float, float, float, float, float, float, float]


@compiled
def shares(
    idle: float, busy: float, late: float, unit: float, late_first: float, relief: float, p_stays: float
) -> Shares:
    """Shares that limits are set for, from scaled weights, each rising with agents.

    Parameters
    ----------
    idle, busy : weight of the states with and without room
    late : part of ``busy`` that waits longer than the threshold, were it infinitely patient
    unit, late_first : the parts of ``busy`` and ``late`` that find nobody waiting
    relief : departures while full per arrival
    p_stays : probability that a patience outlasts the threshold

    Returns
    -------
    (virtual, offered, answered, exit, exclshort, served, idle time of agents in Erlang A)
    """
    total = idle + busy
    served = idle + relief * (busy - unit)
    offered = max(served - relief * (late - late_first), 0.0)
    outlasting = late * p_stays
    return (
        1.0 - late / total,
        offered / total,
        offered / served if served > 0.0 else 0.0,
        1.0 - outlasting / total,
        offered / (offered + outlasting) if offered > 0.0 else 0.0,
        served / total,
        1.0 - served / (relief * total) if relief > 0.0 else 0.0,
    )


@compiled
def erlang_b(erlangs: float, agents: float) -> float:
    """Probability that a call finds every agent busy where nobody waits."""
    if erlangs == 0.0:
        return 1.0 if agents == 0.0 else 0.0
    return 1.0 / (1.0 + idle_weight(agents, erlangs))


@compiled
def erlang_c(erlangs: float, agents: float) -> float:
    """Probability that a customer has to wait where everybody waits; 1 where no steady state exists."""
    if erlangs >= agents:
        return 1.0
    if erlangs == 0.0:
        return 0.0
    busy = agents / (agents - erlangs)
    return busy / (idle_weight(agents, erlangs) + busy)


@compiled
def patient_measures(idle: float, load: float, elapsed: float) -> Waiting:
    """`waiting_measures` where nobody ever abandons; times in units of 1/D, the mean time between departures
    while all are busy.

    Parameters
    ----------
    idle : as for `waiting_measures`
    load : λ/D, arrivals per departure while all are busy; from 1 on the queue grows without end
    elapsed : threshold in units of 1/D
    """
    if load >= 1.0:
        return 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, math.inf, math.inf, 0.0, 1.0 / load
    busy = 1.0 / (1.0 - load)
    p_wait = busy / (idle + busy)
    wait = p_wait * busy
    service = 1.0 - p_wait * math.exp(-(1.0 - load) * elapsed)
    return p_wait, service, service, service, service, service, wait, wait, 0.0, 1.0


@compiled
def waiting_measures(idle: float, kappa: float, c: float, elapsed: float) -> Waiting:
    """How customers fare in any birth-death chain that ends in a first-come queue with patience.

    The chain: Poisson arrivals at rate λ in every state; below full occupation anything at all (Erlang A's
    kμ, agents who hold several chats); from full occupation on, departures at one rate D and each of k
    customers waiting gives up at rate θ, so that state "k waiting" is left downwards at rate D + kθ, and
    each departure takes the first of the queue into service.

    Parameters
    ----------
    idle : weight of all states in which an arrival is served at once, relative to the state "full, nobody
        waiting"; infinite where full occupation practically never happens
    kappa : D/θ, departures while full per mean patience; 0 where nobody is ever served
    c : λ/θ, arrivals per mean patience, above 0
    elapsed : threshold T·θ, in units of mean patience

    Returns
    -------
    (p_wait, sl_virtual, sl_offered, sl_answered, sl_exit, sl_exclshort, asa_served, wait_all, p_abandon,
    served), the first nine as in `Performance`; the two times in units of mean patience; ``served`` is the
    share of customers who are served. mean_queue is λ·wait_all. Where nobody is served, asa_served is the
    limit for ever fewer departures.
    """
    if idle == math.inf:
        return 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0
    mode, busy, lengths, waits = waiting_sums(kappa, c)
    unit, scale = scales(kappa, c, mode)
    busy, lengths, waits, idle = busy * scale, lengths * scale, waits * scale, idle * unit
    late, late_first = late_weights(kappa, c, elapsed, NEGLIGIBLE)
    found = shares(idle, busy, late, unit, late_first, kappa / c, math.exp(-elapsed))
    total = idle + busy
    served = found[5] * total
    p_abandon = min(lengths / (c * total), 1.0)
    asa = waits * kappa / (c * served) if served > 0.0 else waits / (busy - unit)
    return (
        min(busy / total, 1.0), max(found[0], 0.0), min(found[1], 1.0), min(found[2], 1.0), max(found[3], 0.0),
        found[4], asa, p_abandon, p_abandon, found[5],
    )  # fmt: skip


@compiled
def _measures_c(erlangs: float, agents: float, aht: float, threshold: float) -> Measures:
    """Erlang C in the order of `Performance`; all service-level definitions agree since nobody abandons."""
    if erlangs >= agents:
        return 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, math.inf, math.inf, 0.0, 1.0, math.inf
    unit = aht / agents
    w = patient_measures(idle_weight(agents, erlangs), erlangs / agents, threshold / unit)
    wait = w[7] * unit
    return w[0], w[1], w[2], w[3], w[4], w[5], wait, wait, 0.0, erlangs / agents, wait * erlangs / aht


@compiled
def _measures_a(erlangs: float, agents: float, aht: float, threshold: float, patience: float) -> Measures:
    """Erlang A, whole agents, in the order of `Performance`."""
    kappa, c = agents * patience / aht, erlangs * patience / aht
    w = waiting_measures(idle_weight(agents, erlangs), kappa, c, threshold / patience)
    occupancy = min(erlangs * w[9] / agents, 1.0) if agents > 0.0 else 1.0
    wait = w[7] * patience
    return w[0], w[1], w[2], w[3], w[4], w[5], w[6] * patience, wait, w[8], occupancy, wait * erlangs / aht


@compiled
def measures(erlangs: float, agents: float, aht: float, threshold: float, patience: float) -> Measures:
    """One queue in the order of `Performance`: Erlang C where patience is infinite, else Erlang A.

    Fractional agents: Erlang C's own continuation, Erlang A on the straight line between the whole numbers
    beside it.
    """
    if erlangs == 0.0:
        return 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if patience == math.inf:
        return _measures_c(erlangs, agents, aht, threshold)
    whole = np.floor(agents)
    few = _measures_a(erlangs, whole, aht, threshold, patience)
    if agents == 0.0:  # the limit is for the line to one agent; where nobody answers, the wait never ends
        return few[0], few[1], few[2], few[3], few[4], few[5], math.inf, few[7], few[8], few[9], few[10]
    if agents == whole:
        return few
    many = _measures_a(erlangs, whole + 1.0, aht, threshold, patience)
    t = agents - whole
    return (
        few[0] + t * (many[0] - few[0]), few[1] + t * (many[1] - few[1]), few[2] + t * (many[2] - few[2]),
        few[3] + t * (many[3] - few[3]), few[4] + t * (many[4] - few[4]), few[5] + t * (many[5] - few[5]),
        few[6] + t * (many[6] - few[6]), few[7] + t * (many[7] - few[7]), few[8] + t * (many[8] - few[8]),
        few[9] + t * (many[9] - few[9]), few[10] + t * (many[10] - few[10]),
    )  # fmt: skip


@compiled
def each_erlang_b(erlangs: Floats, agents: Floats) -> Floats:
    """`erlang_b` of every pair; arrays of one shape (n,)."""
    found = np.empty(len(erlangs))
    for i in range(len(erlangs)):
        found[i] = erlang_b(erlangs[i], agents[i])
    return found


@compiled
def each_erlang_c(erlangs: Floats, agents: Floats) -> Floats:
    """`erlang_c` of every pair; arrays of one shape (n,)."""
    found = np.empty(len(erlangs))
    for i in range(len(erlangs)):
        found[i] = erlang_c(erlangs[i], agents[i])
    return found


@compiled
def each_measures(
    erlangs: Floats, agents: Floats, aht: Floats, threshold: Floats, patience: Floats
) -> Floats:
    """`measures` of every queue, shape (11, n); arrays of one shape (n,)."""
    found = np.empty((11, len(erlangs)))
    for i in range(len(erlangs)):
        row = measures(erlangs[i], agents[i], aht[i], threshold[i], patience[i])
        for k in range(11):
            found[k, i] = row[k]
    return found
