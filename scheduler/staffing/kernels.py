"""The queue formulas as compiled scalar functions: Erlang B, C and A, and the search for the fewest agents.

Every figure is a ratio of sums of positive terms over the states of a birth-death chain, never a difference
of large numbers, so that 0.01 erlangs and 100,000, idle floors and hopeless overload are all right to about
12 digits. Weights are told relative to the state in which all agents are busy and nobody waits; where the
queue's most likely length is not zero (overload), sums run outward from that length and are scaled by a
Poisson density, which nothing can overflow.

With n agents, a erlangs, patience rate θ and service rate μ, write κ = nμ/θ and c = aμ/θ. Then k customers
wait with weight w(k) = Π_{i=1..k} c/(κ+i), and Σ w(k) = P(κ,c)/p(κ;c): P the regularised lower incomplete
gamma function, p the Poisson density.

**Source:** Mandelbaum and Zeltyn, The Palm/Erlang-A queue (2007); Jagerman, Some properties of the Erlang
loss function (1974); Loader, Fast and accurate computation of binomial probabilities (2000) for the Poisson
density.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled

Floats = NDArray[np.float64]
Shares = tuple[float, float, float, float, float, float, float]
Waiting = tuple[float, float, float, float, float, float, float, float, float, float]
Measures = tuple[float, float, float, float, float, float, float, float, float, float, float]

NEGLIGIBLE = 1e-18
OVERFLOW = 1e300


@compiled
def _fraction_weight(agents: float, erlangs: float) -> float:
    """``1/B - 1`` for 0 < agents < 1: an incomplete gamma function by series or continued fraction."""
    if erlangs < 1.0:
        term, series, k = 1.0, 0.0, 0
        while term > NEGLIGIBLE:
            k += 1
            term *= erlangs / (agents + k)
            series += term
        scale = math.exp(erlangs - agents * math.log(erlangs))
        return scale * math.gamma(agents + 1.0) - series - 1.0
    b = erlangs + 1.0 - agents
    c, d = 1e300, 1.0 / b
    fraction = d
    for i in range(1, 500):
        step = -i * (i - agents)
        b += 2.0
        d = 1.0 / (step * d + b)
        c = b + step / c
        fraction *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return agents * fraction


@compiled
def idle_weight(agents: float, erlangs: float) -> float:
    """Weight of all states with an agent free: ``1/B(n, a) - 1``; infinite where B is below 1e-300.

    Whole or fractional agents. Four states at a time, so that no product waits for the one before.
    """
    total, term, left, inverse = 0.0, 1.0, agents, 1.0 / erlangs
    while left >= 4.0:
        first = left * inverse
        third = (left - 2.0) * inverse
        two, fourth = first * (first - inverse), third - inverse
        total += term * (first + two * (1.0 + third * (1.0 + fourth)))
        term *= two * third * fourth
        left -= 4.0
        if total > OVERFLOW:
            return math.inf
        if term * left <= NEGLIGIBLE * total * (erlangs - left):
            return total
    while left >= 1.0:
        term *= left * inverse
        total += term
        left -= 1.0
    if left > 0.0:
        total += term * _fraction_weight(left, erlangs)
    return total if total <= OVERFLOW else math.inf


@compiled
def _poisson_density(x: float, mean: float, elapsed: float = 0.0) -> float:
    """``m**x exp(-m) / Γ(x+1)`` with m = mean·e^-elapsed, for real x >= 0; to full precision also where x and
    m are huge or m too small to be told from 0."""
    if mean <= 0.0:
        return 1.0 if x == 0.0 else 0.0
    log_mean, mean = math.log(mean) - elapsed, mean * math.exp(-elapsed)
    if x < 15.0:
        return math.exp(x * log_mean - mean - math.lgamma(x + 1.0))
    if mean == 0.0:
        return 0.0
    deviance = x * math.log(x / mean) + mean - x
    v = (x - mean) / (x + mean)
    if abs(v) < 0.1:
        deviance, power, i = (x - mean) * v, 2.0 * x * v, 1
        while abs(power) > NEGLIGIBLE * deviance:
            power *= v * v
            deviance += power / (2 * i + 1)
            i += 1
    y = 1.0 / (x * x)
    stirling = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x
    return math.exp(-deviance - stirling) / math.sqrt(2.0 * math.pi * x)


@compiled
def _harmonic(kappa: float, count: float) -> float:
    """``Σ_{i=1..count} 1/(κ+i)``: small terms one by one, the rest by the asymptotic series of digamma."""
    total, i = 0.0, 1.0
    while i <= count and kappa + i < 16.0:
        total += 1.0 / (kappa + i)
        i += 1.0
    if i > count:
        return total
    low, high = kappa + i, kappa + count + 1.0
    total += math.log1p((count + 1.0 - i) / low) + 0.5 * (count + 1.0 - i) / (low * high)
    y, z = 1.0 / (low * low), 1.0 / (high * high)
    total += y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)))
    return total - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z / 240)))


@compiled
def _waiting_sums(kappa: float, c: float) -> tuple[float, float, float, float]:
    """Sums over the number waiting k, in units of the weight of the likeliest one: (likeliest k, Σw, Σk·w, Σ
    w·H(k)).

    ``H(k) = Σ_{i=1..k} 1/(κ+i)`` is the mean wait, in units of patience, of a served customer who joins as
    number k in the queue.
    """
    mode = max(0.0, math.floor(c - kappa))
    top = _harmonic(kappa, mode)
    weight, lengths, waits = 1.0, mode, top
    term, k, harmonic, ratio = 1.0, mode, top, c / (kappa + mode + 1.0)
    while term * ratio > NEGLIGIBLE * (1.0 - ratio) * (1.0 - ratio) * weight:
        k += 1.0
        term *= ratio
        harmonic += 1.0 / (kappa + k)
        weight += term
        lengths += term * k
        waits += term * harmonic
        ratio = c / (kappa + k + 1.0)
    term, k, harmonic = 1.0, mode, top
    while k > 0.0:
        ratio = (kappa + k) / c
        if term * ratio <= NEGLIGIBLE * (1.0 - ratio) * weight:
            break
        harmonic -= 1.0 / (kappa + k)
        k -= 1.0
        term *= ratio
        weight += term
        lengths += term * k
        waits += term * harmonic
    return mode, weight, lengths, max(waits, 0.0)


@compiled
def waiting_weight(kappa: float, c: float, negligible: float) -> tuple[float, float]:
    """(likeliest k, Σw) as in `_waiting_sums`, up to a share ``negligible``; four states for one division."""
    mode = max(0.0, math.floor(c - kappa))
    weight, term, rate, square = 1.0, 1.0, kappa + mode, c * c
    going = True
    while going:
        second, fourth = rate + 2.0, rate + 4.0
        pair = (rate + 3.0) * fourth
        part = term * c / ((rate + 1.0) * second * pair)
        weight += part * ((second + c) * pair + square * (fourth + c))
        term, rate = part * c * square, fourth
        going = term * c > negligible * (rate + 1.0 - c) * weight
    term, k, inverse = 1.0, mode, 1.0 / c
    while k > 0.0 and term * (kappa + k) > negligible * (c - kappa - k) * weight:
        term *= (kappa + k) * inverse
        weight += term
        k -= 1.0
    return mode, weight


@compiled
def scales(kappa: float, c: float, mode: float) -> tuple[float, float]:
    """What weights are multiplied by: those relative to "full, nobody waiting", those relative to the
    likeliest.

    In overload the products are probabilities of a Poisson variable, which nothing can overflow.
    """
    if c <= kappa:
        return 1.0, 1.0
    unit = _poisson_density(kappa, c)
    return unit, unit if mode == 0.0 else _poisson_density(kappa + mode, c)


@compiled
def late_weights(kappa: float, c: float, elapsed: float, negligible: float) -> tuple[float, float]:
    """Weight, scaled, of waiting longer than ``elapsed``: of all, and of those alone who find nobody waiting.

    The wait is that of an infinitely patient customer. Someone who joins as number k + 1 in the queue is late
    with a probability that sums, over k, to the weights of a queue whose arrivals are fewer by e^-elapsed.
    """
    thinned = c * math.exp(-elapsed)
    mode, late = waiting_weight(kappa, thinned, negligible)
    if c <= kappa:
        first = math.exp(-c * math.expm1(-elapsed) - kappa * elapsed)
        return late * first, first
    first = _poisson_density(kappa, c, elapsed)
    return late * (first if mode == 0.0 else _poisson_density(kappa + mode, c, elapsed)), first


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
    mode, busy, lengths, waits = _waiting_sums(kappa, c)
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
    whole = math.floor(agents)
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
