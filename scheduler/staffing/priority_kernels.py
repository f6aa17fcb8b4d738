"""Classes of customers served by one team, the highest class first, as compiled scalar functions.

While all agents are busy, departures come at one rate D and each of k customers who wait gives up at rate θ.
Of classes 1..j together, k wait with weight w(k) = Π_{i=1..k} Λj/(D + iθ), Λj their arrivals: those below do
not touch them. A customer of class j who comes then and would wait for ever (his wait is V) stands behind k
such customers. Those ahead leave at rate D + kθ, customers of higher classes come at rate u = Λ(j-1) and go
ahead of him, and once nobody is ahead he is served at rate D. V is the time at which this process ends:

- E[exp(-θV)], the chance to outlast it, and E[V exp(-θV)] follow from the times it takes to fall by one, by a
  recursion from the top that only adds, multiplies and divides positive numbers;
- P(V <= T) and E[exp(-θV); V <= T] by uniformisation: a sum over the steps of a chain in discrete time, with
  Poisson weights. Left out are steps that T holds with a chance below 1e-13, states with less than 1e-18 of
  all weight, and those who still wait once they are fewer than 1e-14: an error below 1e-12 together.

Times are in units of mean patience (θ = 1), or of the mean time between departures (D = 1) where θ = 0.

**Source:** Cobham, Priority assignment in waiting line problems (1954); Kella and Yechiali, Waiting times in
the non-preemptive priority M/M/c queue (1985), here with patience; Jensen, Markoff chains as an aid in the
study of Markoff processes (1953), for uniformisation.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.staffing.kernels import NEGLIGIBLE, idle_weight, patient_measures, waiting_measures

Floats = NDArray[np.float64]
Busy = tuple[float, float, float, float, float]
STEPS_LEFT_OUT = 30.0  # exp(-30) < 1e-13
WAITING_LEFT_OUT = 1e-14
TRACE = 1e-22  # ends of a distribution below this are dropped
FEW = 1e-3  # arrivals per departure
FAR = 1e15  # no queue is followed further
VANISHED = 1e-300  # products this small are 0: denormal numbers are slow and need not ever get there
MOST_WORK = 2e8  # steps x states, about a second; longer thresholds: on at the last rate of being served


@compiled
def _queue_top(departures: float, theta: float, joining: float) -> tuple[int, float]:
    """The largest number waiting that is not negligible, and its share of all weight."""
    if theta == 0.0:
        ratio = joining / departures
        top = int(min(math.log(NEGLIGIBLE) / math.log(ratio), FAR))
        return top, (1.0 - ratio) * ratio**top
    mode = max(0.0, math.floor(joining - departures))
    total, term, k = 1.0, 1.0, mode
    while k > 0.0 and term > NEGLIGIBLE * total:
        term *= (departures + k * theta) / joining
        k -= 1.0
        total += term
    term, k = 1.0, mode
    ratio = joining / (departures + (k + 1.0) * theta)
    while term * ratio > NEGLIGIBLE * (1.0 - ratio) * total:
        k += 1.0
        term *= ratio
        total += term
        ratio = joining / (departures + (k + 1.0) * theta)
    return int(k), term / total


@compiled
def _outlasting(
    departures: float, higher: float, joining: float, top: int, share: float
) -> tuple[float, float, float]:
    """(P(abandon), P(served), E[V | served]) of who finds all busy; θ = 1.

    A fall from k ahead to k - 1 takes X: ``lost`` = 1 - E[exp(-X)], ``mean`` = E[X exp(-X)]/E[exp(-X)]. Summed
    from above are Σw, Σw (1-Π) and Σw Π, where Π = Π(1 - lost) over the falls down to the level reached;
    ``waited`` is the mean of Σmean over them, weighted with w Π.
    """
    rate = departures + top + 1.0  # above the top: as if all rates there were alike
    drop = rate + 1.0 - higher
    lost = 2.0 / (drop + math.sqrt(drop * drop + 4.0 * higher))
    mean = 1.0 / (drop + 2.0 * higher * lost)
    weight = gone = stays = waited = 0.0
    for k in range(top, -1, -1):
        rate = departures + k
        spread = rate + 1.0 + higher * lost
        mean = (1.0 + higher * (1.0 - lost) * mean) / spread
        lost = (1.0 + higher * lost) / spread
        keep = rate / spread
        if share > VANISHED:
            weight += share
            waited *= stays / (stays + share)
            stays += share
            share *= rate / joining
        gone = lost * weight + keep * gone
        stays = stays * keep if stays > VANISHED else 0.0
        waited += mean
    return min(gone, 1.0), stays, waited


@compiled
def _poisson_tails(mean: float, last: int) -> Floats:
    """P(N > k) for k = 0..last, N Poisson; ``last`` so far out that nothing to speak of is beyond it."""
    tails = np.zeros(last + 2)
    mode = min(int(mean), last + 1)
    tails[mode], total = 1.0, 1.0
    for k in range(mode + 1, last + 2):
        tails[k] = tails[k - 1] * mean / k
        total += tails[k]
    for k in range(mode, 0, -1):
        if tails[k] < VANISHED:
            break
        tails[k - 1] = tails[k] * k / mean
        total += tails[k - 1]
    above = 0.0
    for k in range(last + 1, -1, -1):
        above, tails[k] = above + tails[k] / total, above
    return tails[: last + 1]


@compiled
def _in_time(
    departures: float, theta: float, higher: float, joining: float, top: int, share: float, elapsed: float
) -> tuple[float, float]:
    """(P(V <= T), E[exp(-θV); V <= T]) of who finds all busy; ``share`` is the weight of ``top``.

    One step of the chain in discrete time is an event at rate ``pace``; who is served at step k + 1 is served
    by T if T holds more than k events. One loop over steps holds one over states: a screen long, since
    handing arrays on would cost more than it tells.
    """
    if departures * elapsed == 0.0:
        return 0.0, 0.0
    pace = higher + departures + top * theta
    events = (pace + theta) * elapsed
    steps = int(events + 10.0 + math.sqrt(100.0 + 2.0 * STEPS_LEFT_OUT * events))
    within = elapsed
    if float(steps) * min(top + 1, steps) > MOST_WORK:
        steps = int(max(MOST_WORK / (top + 1.0), math.sqrt(MOST_WORK)))
        within = 0.5 * steps / (pace + theta)
    early, early_left = _poisson_tails(pace * within, steps), _poisson_tails((pace + theta) * within, steps)
    size = min(top, steps)
    now, then = np.zeros(size + 5), np.zeros(size + 5)  # state k at k + 2: two zeros at either end
    stay, down = np.zeros(size + 5), np.zeros(size + 5)
    first = top
    if theta == 0.0:  # a geometric distribution can be met anywhere
        first, share = size, (1.0 - joining / departures) * (joining / departures) ** size
    for k in range(first, -1, -1):
        if share < VANISHED:
            break
        if k <= size:
            now[k + 2] = share
        share *= (departures + k * theta) / joining
    for k in range(size + 2):
        stay[k + 2], down[k + 2] = max(top - k, 0) * theta / pace, (departures + k * theta) / pace
    up, kept, kept_by_step = higher / pace, 1.0, pace / (pace + theta)
    virtual = offered = served = 0.0
    left, low, high = 1.0, 2, size + 2  # only low..high are not zero
    for step in range(steps + 1):
        served = now[2] * down[2]
        kept *= kept_by_step
        virtual += served * early[step]
        offered += served * kept * early_left[step]
        left -= served
        if left < WAITING_LEFT_OUT:
            break
        low, high = max(low - 1, 2), min(high + 1, size + 2, steps - step + 2)
        for k in range(low, high + 1):
            then[k] = now[k - 1] * up + now[k] * stay[k] + now[k + 1] * down[k + 1]
        while high > low and then[high] < TRACE:
            high -= 1
        while low < high and then[low] < TRACE:
            low += 1
        then[low - 1] = then[low - 2] = then[high + 1] = then[high + 2] = 0.0
        now, then = then, now
    if within < elapsed and left >= WAITING_LEFT_OUT:
        virtual = 1.0 - (1.0 - virtual) * math.exp(-pace * served / left * (elapsed - within))
    return min(virtual, 1.0), min(offered, 1.0)


@compiled
def _busy(departures: float, theta: float, higher: float, joining: float, elapsed: float) -> Busy:
    """(P(V <= T), P(V <= T and served), P(abandon), P(served), E[V | served]) of who finds all agents busy.

    The first class, or one above which nobody calls, is first come, first served: Erlang A or C, except that
    Erlang A loses digits beside many idle agents who are not counted here.
    """
    if theta == 0.0:
        if joining >= departures:
            return 0.0, 0.0, 0.0, 1.0, math.inf
        wait = 1.0 / ((1.0 - higher) * (1.0 - joining))
        if higher == 0.0:
            service = patient_measures(0.0, joining, elapsed)[1]
        else:
            top, share = _queue_top(departures, theta, joining)
            service = _in_time(departures, theta, higher, joining, top, share, elapsed)[0]
        return service, service, 0.0, 1.0, wait
    if higher == 0.0 and joining > FEW * departures:
        w = waiting_measures(0.0, departures, joining, elapsed)
        return w[1], w[2], w[8], w[9], w[6]
    top, share = _queue_top(departures, theta, joining)
    gone, served, wait = _outlasting(departures, higher, joining, top, share)
    virtual, offered = _in_time(departures, theta, higher, joining, top, share, elapsed)
    return virtual, min(offered, served), gone, served, wait


@compiled
def _priority(
    rates: Floats, aht: float, agents: float, thresholds: Floats, patience: float, found: Floats
) -> None:
    """Fill ``found``, shape (11, classes), in the order of `Performance`; a class without contacts is served
    perfectly."""
    found[:] = 0.0
    found[1:6] = 1.0
    total = rates.sum()
    if total == 0.0:
        return
    idle = idle_weight(agents, total * aht)
    if patience == math.inf:
        unit, departures, theta = aht / agents, 1.0, 0.0
        w = patient_measures(idle, total * unit, 0.0)
    else:
        unit, departures, theta = patience, agents / aht * patience, 1.0
        w = waiting_measures(idle, departures, total * patience, 0.0)
    found[9] = min(total * aht * w[9] / agents, 1.0) if agents > 0.0 else 1.0
    p_wait, higher = w[0], 0.0
    if p_wait == 0.0:
        return
    for j in range(len(rates)):
        if rates[j] == 0.0:
            continue
        joining, elapsed = higher + rates[j] * unit, thresholds[j] / unit
        virtual, offered, gone, served, wait = _busy(departures, theta, higher, joining, elapsed)
        higher = joining
        virtual, offered = 1.0 - p_wait * (1.0 - virtual), 1.0 - p_wait * (1.0 - offered)
        all_served = (1.0 - p_wait) + p_wait * served
        outlasting = (1.0 - virtual) * math.exp(-theta * elapsed)
        found[0, j], found[1, j], found[2, j] = p_wait, virtual, offered
        found[3, j] = min(offered / all_served, 1.0) if all_served > 0.0 else 0.0
        found[4, j] = 1.0 - outlasting
        found[5, j] = offered / (offered + outlasting) if offered > 0.0 else 0.0
        found[6, j] = unit * (p_wait * served * wait / all_served if all_served > 0.0 else wait)
        found[7, j] = unit * p_wait * (gone if theta > 0.0 else wait)
        found[8, j] = p_wait * gone
        found[10, j] = rates[j] * found[7, j]


@compiled
def each_priority(rates: Floats, aht: Floats, agents: Floats, thresholds: Floats, patience: Floats) -> Floats:
    """Measures of every class of every team, shape (11, classes, n), in the order of `Performance`.

    ``rates`` (contacts a second) and ``thresholds`` have shape (classes, n), the others (n,). With patience,
    agents must be whole numbers.
    """
    found = np.empty((11, *rates.shape))
    for i in range(rates.shape[1]):
        _priority(rates[:, i].copy(), aht[i], agents[i], thresholds[:, i].copy(), patience[i], found[:, :, i])
    return found
