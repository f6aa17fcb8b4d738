"""The fewest agents that meet every limit, compiled: a good first guess, then exact steps away from it.

All limits are monotone in agents (see `targets`), so that n is the answer where n meets them and n - 1 does
not. The guess only saves time: normal approximations in the manner of Halfin and Whitt put it right or one
too low in 99.9 % of cases, so that two exact evaluations decide. These are sums of only what the limits ask
for; where a value comes so near to its limit that rounding could decide, `kernels.measures` has the last
word, so that answers are those of `performance` to the last bit.

**Source:** Halfin and Whitt, Heavy-traffic limits for queues with many exponential servers (1981); Garnett,
Mandelbaum and Reiman, Designing a call center with impatient customers (2002); Temme, uniform asymptotic
expansions of the incomplete gamma functions (1979); Börjesson and Sundberg (1979) for the normal tail.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.staffing.kernels import Floats, measures, shares
from scheduler.staffing.weights import OVERFLOW, idle_weight, late_weights, scales, waiting_weight

Ints = NDArray[np.int64]

MOST_AGENTS = 1e15  # the search gives up here; whole numbers are still exact
ROUGH = 1e-11  # of a sum, left out while searching
CLEAR = 1e-7  # farther than this from its limit a rough value decides
SERVED, IDLE = 5, 6  # places in `kernels.shares`
ROOT_TWO_PI = math.sqrt(2.0 * math.pi)


@compiled
def _meets(
    agents: float, erlangs: float, aht: float, threshold: float, patience: float,
    place: int, share: float, occupancy: float, asa: float, abandonment: float,
) -> bool:  # fmt: skip
    """Whether `measures` keep all limits; a queue that grows without end never does."""
    found = measures(erlangs, agents, aht, threshold, patience)
    return (
        found[1 + place] >= share
        and found[9] <= occupancy
        and found[6] <= asa
        and found[8] <= abandonment
        and found[6] < math.inf
    )


# ---- nobody abandons ----


@compiled
def _first_guess_c(erlangs: float, aht: float, threshold: float, share: float) -> float:
    """Square-root staffing: a + β√a where ``P(wait) exp(-β√a T/aht)`` is the share that may be late.

    The Halfin-Whitt function is taken as ``-ln P(wait) = 1.079 β + .369 β²``, within .09 for β up to 4.
    """
    root = math.sqrt(erlangs)
    slope = 1.079 + root * threshold / aht
    goal = -math.log(1.0 - share)
    return erlangs + root * 2.0 * goal / (slope + math.sqrt(slope * slope + 4 * 0.369 * goal))


@compiled
def _fewest_c(
    erlangs: float, aht: float, threshold: float, place: int, share: float, occupancy: float, asa: float
) -> float:  # fmt: skip
    """Erlang C: one agent up or down at a time, where the idle weight follows from the one before.

    With P(wait) = n / total, limits are compared as products, since divisions would take half of the time.
    """
    least = max(np.floor(erlangs) + 1.0, np.ceil(erlangs / occupancy * (1.0 - 1e-15)))
    if least > MOST_AGENTS:
        return -1.0
    if erlangs / least > occupancy:
        least += 1.0
    n = max(least, np.floor(_first_guess_c(erlangs, aht, threshold, share) + 0.4))
    low, high, idle, late_share = least - 1.0, math.inf, idle_weight(n, erlangs), 1.0 - share
    per_aht, inverse, nearby = threshold / aht, 1.0 / erlangs, CLEAR * late_share + 1e-15
    while True:
        spare = n - erlangs
        total = n + idle * spare
        grown = total * math.exp(spare * per_aht)  # n / grown of all are late
        wait, longest = n * aht, asa * spare * total
        near = abs(n - late_share * grown) <= nearby * grown or abs(wait - longest) <= CLEAR * wait
        if near or idle > OVERFLOW:
            met = _meets(n, erlangs, aht, threshold, math.inf, place, share, occupancy, asa, 1.0)
        else:
            met = n <= late_share * grown and wait <= longest
        if met:
            high, idle, n = n, idle * erlangs / n - 1.0, n - 1.0
        else:
            low, idle, n = n, (idle + 1.0) * (n + 1.0) * inverse, n + 1.0
        if high - low == 1.0:
            return high


# ---- impatient customers ----


@compiled
def _mills(y: float) -> float:
    """(1 - Φ(y)) / φ(y) for y >= 0, within .3 %."""
    return 1.0 / (0.661 * y + 0.339 * math.sqrt(y * y + 5.51))


@compiled
def _rough_sum(root: float, tail: float, first: float, right: bool) -> float:
    """Weight of the states above κ, on the right of the mean or from the left of it; ``first`` of state κ."""
    return max(tail + 1 / 3, 1.0) * first if right else root * ROOT_TWO_PI - (tail - 1 / 3) * first


@compiled
def _rough_share(
    place: int, agents: float, erlangs: float, patience_per_aht: float, elapsed: float, p_stays: float
) -> float:  # fmt: skip
    """`shares` for any real number of agents, each sum by the leading terms of Temme's expansion.

    Each of the three sums runs over one side of a Poisson distribution: of mean a seen from n (idle), of mean
    c seen from κ (busy), and of mean c·e^-elapsed seen from κ (late), whose deviances per agent are `off`,
    `off` and `late_off`.
    """
    ratio, kappa = erlangs / agents, agents * patience_per_aht
    thinned, log = ratio * p_stays, math.log(ratio)
    off, late_off = max(ratio - 1.0 - log, 0.0), max(thinned - 1.0 - log + elapsed, 0.0)
    root, root_kappa = math.sqrt(agents), math.sqrt(kappa)
    few = root * _mills(math.sqrt(2.0 * agents * off))
    many = root_kappa * _mills(math.sqrt(2.0 * kappa * off))
    tail = root_kappa * _mills(math.sqrt(2.0 * kappa * late_off))
    if ratio <= 1.0:
        unit, first = 1.0, math.exp(kappa * (off - late_off))
        idle = root * ROOT_TWO_PI * math.exp(min(agents * off, 600.0)) - few - 1 / 3
    else:
        unit, first = math.exp(-kappa * off), math.exp(-kappa * late_off)
        idle = max(few - 1 / 3, 0.0) * unit
    busy = _rough_sum(root_kappa, many, unit, ratio <= 1.0)
    late = _rough_sum(root_kappa, tail, first, thinned <= 1.0)
    return shares(idle, busy, late, unit, first, 1.0 / ratio, p_stays)[place]


@compiled
def _first_guess_a(
    place: int, allowed: float, erlangs: float, patience_per_aht: float, elapsed: float
) -> float:  # fmt: skip
    """Real number of agents at which `_rough_share` lacks about ``allowed`` of 1.

    Secant steps on the logarithm of what lacks; halving where a step would leave the bracket, and now and
    then besides, since for large loads there is a cliff at the load that patience leaves over.
    """
    p_stays, goal, root = math.exp(-elapsed), math.log(max(allowed, 2e-12)), math.sqrt(erlangs)
    n, slope = max(erlangs, 0.3), -(1.0 / root + elapsed * patience_per_aht)
    low, high, last, step = 0.0, math.inf, 0.0, 1.0
    for turn in range(40):
        lack = 1.0 - _rough_share(place, n, erlangs, patience_per_aht, elapsed, p_stays)
        excess = math.log(max(lack, 1e-12)) - goal
        low, high = (n, high) if excess > 0.0 else (low, n)
        if turn > 0:
            slope = min((excess - last) / step, -1e-3 / root)
        step, last = min(-excess / slope, n + 1.0), excess
        if n + step <= low or n + step >= high or (turn % 4 == 3 and high < math.inf):
            step = 0.5 * (low + high) - n
        n += step
        if abs(step) < 0.3:
            break
    return n


@compiled
def _guess_a(
    erlangs: float, aht: float, threshold: float, patience: float,
    place: int, share: float, occupancy: float, asa: float, abandonment: float,
) -> float:  # fmt: skip
    """The largest of the guesses for each limit; a wait W of all makes W / patience of them abandon."""
    lost = min(abandonment, asa / patience)
    n = 1.0
    for kind, allowed in ((place, 1.0 - share), (IDLE, occupancy), (SERVED, lost)):
        if allowed < 1.0:
            n = max(n, _first_guess_a(kind, allowed, erlangs, patience / aht, threshold / patience))
    return np.floor(n + 0.2) if n < MOST_AGENTS else MOST_AGENTS


@compiled
def _verdict(
    agents: float, idle: float, erlangs: float, aht: float, threshold: float, patience: float,
    place: int, share: float, occupancy: float, abandonment: float,
) -> int:  # fmt: skip
    """1 where all these limits are met, -1 where one is clearly not, 0 where `measures` must tell."""
    kappa, c, elapsed = agents * patience / aht, erlangs * patience / aht, threshold / patience
    p_stays = math.exp(-elapsed)
    mode, busy = waiting_weight(kappa, c, ROUGH)
    unit, scale = scales(kappa, c, mode)
    late, late_first = late_weights(kappa, c, elapsed, ROUGH)
    found = shares(idle * unit, busy * scale, late, unit, late_first, kappa / c, p_stays)
    if found[SERVED] < 1e-3 or p_stays < 1e-3:  # `answered` and `exclshort` divide by little
        return 0
    margin = min(
        found[place] - share if share > 0.0 else 1.0,
        found[SERVED] - (1.0 - abandonment) if abandonment < 1.0 else 1.0,
        found[IDLE] - (1.0 - occupancy) if occupancy < 1.0 else 1.0,
    )
    return 0 if abs(margin) <= CLEAR else int(math.copysign(1.0, margin))


@compiled
def _fewest_a(
    erlangs: float, aht: float, threshold: float, patience: float,
    place: int, share: float, occupancy: float, asa: float, abandonment: float,
) -> float:  # fmt: skip
    """Erlang A: steps away from the guess double until the answer is bracketed, then halve.

    ``low`` never meets the limits, ``high`` does once it is finite.
    """
    n = _guess_a(erlangs, aht, threshold, patience, place, share, occupancy, asa, abandonment)
    low, high, step, idle, last = 0.0, math.inf, 1.0, 0.0, -1.0
    while True:
        idle = (idle + 1.0) * n / erlangs if n == last + 1.0 else idle_weight(n, erlangs)
        verdict = 0
        if idle <= OVERFLOW:
            verdict = _verdict(
                n, idle, erlangs, aht, threshold, patience, place, share, occupancy, abandonment
            )
        if verdict == 0 or (verdict > 0 and asa < math.inf):
            met = _meets(n, erlangs, aht, threshold, patience, place, share, occupancy, asa, abandonment)
        else:
            met = verdict > 0
        low, high, last = (low, n, n) if met else (n, high, n)
        if high - low <= 1.0:
            return high
        if low >= MOST_AGENTS:
            return -1.0
        if high == math.inf:
            n = low + step
        elif low == 0.0:
            n = max(high - step, 1.0)
        else:
            n = np.floor(0.5 * (low + high))
        step *= 2.0


@compiled
def fewest_agents(
    erlangs: float, aht: float, threshold: float, patience: float,
    place: int, share: float, occupancy: float, asa: float, abandonment: float,
) -> float:  # fmt: skip
    """Smallest whole number of agents that meets every limit; -1 where `MOST_AGENTS` do not.

    Parameters
    ----------
    place : of the service-level definition in `kernels.shares`
    share, occupancy, asa, abandonment : the limits; 0, 1, infinity and 1 set none
    """
    if erlangs == 0.0:
        return 0.0
    if not erlangs < MOST_AGENTS:
        return -1.0
    if patience == math.inf:
        return _fewest_c(erlangs, aht, threshold, place, share, occupancy, asa)
    return _fewest_a(erlangs, aht, threshold, patience, place, share, occupancy, asa, abandonment)


@compiled
def each_fewest_agents(
    place: int, erlangs: Floats, aht: Floats, threshold: Floats, patience: Floats,
    share: Floats, occupancy: Floats, asa: Floats, abandonment: Floats,
) -> Ints:  # fmt: skip
    """`fewest_agents` of every queue; arrays of one shape (n,)."""
    found = np.empty(len(erlangs), dtype=np.int64)
    for i in range(len(erlangs)):
        found[i] = int(
            fewest_agents(
                erlangs[i], aht[i], threshold[i], patience[i],
                place, share[i], occupancy[i], asa[i], abandonment[i],
            )
        )  # fmt: skip
    return found
