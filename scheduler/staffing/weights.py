"""Weights of the states of a queue, compiled: the sums that every formula of `kernels` is a ratio of.

All terms are positive, so that 0.01 erlangs and 100,000, idle floors and hopeless overload are all right to
about 12 digits. Weights are told relative to the state in which all agents are busy and nobody waits; where
the queue's most likely length is not zero (overload), sums run outward from that length and are scaled by a
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

from scheduler.compiled import compiled

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
def _poisson_density(x: float, mean: float, elapsed: float) -> float:
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
def waiting_sums(kappa: float, c: float) -> tuple[float, float, float, float]:
    """Sums over the number waiting k, in units of the weight of the likeliest one: (likeliest k, Σw, Σk·w, Σ
    w·H(k)).

    ``H(k) = Σ_{i=1..k} 1/(κ+i)`` is the mean wait, in units of patience, of a served customer who joins as
    number k in the queue.
    """
    mode = max(0.0, np.floor(c - kappa))
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
    """(likeliest k, Σw) as in `waiting_sums`, up to a share ``negligible``; four states for one division."""
    mode = max(0.0, np.floor(c - kappa))
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
    unit = _poisson_density(kappa, c, 0.0)
    return unit, unit if mode == 0.0 else _poisson_density(kappa + mode, c, 0.0)


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
