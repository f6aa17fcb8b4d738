"""A queue between two changes of its rates, exactly: uniformisation of the chain and of customers in line.

A floor of ``agents`` is told by *cells*, array (1 + excess, places). Row 0: no more in service than agents, place =
number in the system. Right after agents have left, some still finish a contact: in row d > 0, d more are in service
than agents, nobody is taken until they are done, and place = agents + number waiting.

The same cells hold customers who wait, by how many are ahead of them: place = agents + number ahead, all agents
busy. They move as the chain does without arrivals, until it is their turn. Measures of both kinds are stacked:
(measures, 1 + excess, places).

``exp(tQ) = Σ Poisson(r; Λt) (I + Q/Λ)^r``: sums of positive terms, cut where less than 1e-17 is left. Only the
window of places that hold more than that is stepped through.

**Source:** Grassmann, Transient solutions in Markovian queueing systems (1977), for uniformisation; Ingolfsson,
Modeling the M(t)/M/s(t) queue with an exhaustive discipline (2005), for agents who finish the contact they are in.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-17


@compiled
def poisson_weights(mean: float) -> tuple[int, Floats]:
    """First index and probabilities of a Poisson variable, less than 1e-17 of it left out, adding up to 1."""
    mode = int(mean)
    reach = int(9.0 * math.sqrt(mean)) + 30
    first = max(mode - reach, 0)
    weights = np.zeros(mode + reach + 1 - first)
    weights[mode - first] = 1.0
    for r in range(mode - 1, first - 1, -1):
        weights[r - first] = weights[r + 1 - first] * (r + 1) / mean
    for r in range(mode + 1, mode + reach + 1):
        weights[r - first] = weights[r - 1 - first] * mean / r
    weights /= weights.sum()
    last = len(weights)
    while last > 1 and weights[last - 1] < NEGLIGIBLE:
        last -= 1
    return first, weights[:last]


@compiled
def places(
    most: int, agents: int, arrivals: float, service: float, patience: float, seconds: float, chance: float
) -> int:
    """Number in system that is passed with about ``chance`` or less within ``seconds``, from ``most`` at the start.

    The chain is dominated by its own steady state above ``most``, and by a chain that nobody leaves.

    Parameters
    ----------
    arrivals, service, patience : rates a second: of arrivals, of each agent, of each who waits
    """
    mean = arrivals * seconds
    end = most + int(mean + 10.0 * math.sqrt(mean)) + 40  # less than 1e-20 beyond
    weight, total, place = 1.0, 1.0, most
    while place < end:
        place += 1
        ratio = arrivals / max(min(place, agents) * service + max(place - agents, 0) * patience, 1e-300)
        weight *= ratio
        total += weight
        if ratio < 1.0 and weight < chance * total:
            break
        if total > 1e200:
            weight, total = weight * 1e-200, total * 1e-200
    return place


@compiled
def extent(cells: Floats, agents: int) -> tuple[int, int]:
    """Largest numbers in the system and in service that a distribution of the chain holds."""
    system, service = 0, 0
    for d in range(cells.shape[0]):
        for k in range(cells.shape[1]):
            if cells[d, k] > 0.0:
                system, service = max(system, k + d), max(service, min(k, agents) + d)
    return system, service


@compiled
def enter(cells: Floats, before: int, agents: int, watched: bool, weight: float, to: Floats) -> None:
    """Add what ``before`` agents left behind to the cells of ``agents`` who now take over.

    More agents take who waits at once; where they are fewer, those in service stay until they are done.
    ``watched``: customers by how many wait ahead of them; those whose turn it is are gone.
    """
    for d in range(cells.shape[0]):
        for k in range(cells.shape[1]):
            if cells[d, k] > 0.0:
                service, waiting = min(k, before) + d, max(k - before, 0)
                free = max(agents - service, 0)
                if watched and free > waiting:
                    continue
                taken = min(free, waiting)
                service = agents if watched and free > 0 else service + taken
                excess = max(service - agents, 0)
                to[excess, service - excess + waiting - taken] += weight * cells[d, k]


@compiled
def figures(cells: Floats, agents: int) -> tuple[float, float, float, float]:
    """Of the chain: the share that finds all busy; mean numbers waiting, busy and there."""
    wait = queue = busy = there = 0.0
    for d in range(cells.shape[0]):
        for k in range(cells.shape[1]):
            share = cells[d, k]
            if share > 0.0:
                queue += share * max(k - agents, 0)
                busy += share * (min(k, agents) + d)
                there += share * (agents + d)
                if k >= agents:
                    wait += share
    return wait, queue, busy, there


# The loops below run over places of a row, counted by unsigned numbers: an index that might be negative, or a
# view of a row, costs more than the sums themselves.


@compiled
def _add(to: Floats, to_row: int, part: Floats, row: int, low: int, high: int, factor: float) -> None:
    """Add ``factor`` times places ``low..high`` of a row of ``part`` to a row of ``to``."""
    a, b = np.uint64(to_row), np.uint64(row)
    for k in range(np.uint64(low), np.uint64(high + 1)):
        to[a, k] += factor * part[b, k]


@compiled
def _sum(values: Floats, row: int, low: int, high: int) -> float:
    """Sum of places ``low..high`` of a row, in two strands that the processor can work on at once."""
    even, odd, a, one = 0.0, 0.0, np.uint64(row), np.uint64(1)
    if (high + 1 - low) % 2 == 1:
        even, high = values[a, np.uint64(high)], high - 1
    for k in range(np.uint64(low), np.uint64(high + 1), np.uint64(2)):
        even += values[a, k]
        odd += values[a, k + one]
    return even + odd


@compiled
def _step(
    old: Floats, new: Floats, row: int, low: int, high: int, up: float, stay: float, down: Floats, kind: int
) -> None:  # fmt: skip
    """One step of a row within places ``low..high``: chances to go up, to stay (less the one to go down), to go
    down.
    """
    a, b, one = np.uint64(row), np.uint64(kind), np.uint64(1)
    for k in range(np.uint64(low), np.uint64(high + 1)):
        new[a, k] = (
            old[a, k] * (stay - down[b, k]) + old[a, k - one] * up + old[a, k + one] * down[b, k + one]
        )


@compiled
def _trim(now: Floats, then: Floats, row: int, low: int, high: int) -> tuple[int, int]:
    """The window of a row without its negligible ends, which are cleared; an empty one begins beyond the last."""
    while low <= high and now[row, low] < NEGLIGIBLE:
        now[row, low] = then[row, low] = 0.0
        low += 1
    while low <= high and now[row, high] < NEGLIGIBLE:
        now[row, high] = then[row, high] = 0.0
        high -= 1
    return (low, high) if low <= high else (now.shape[1], 0)


@compiled
def sweep(
    cells: Floats, chain: bool, agents: int, arrivals: float, service: float, patience: float,
    kill: Floats, feed: Floats, seconds: float,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Move measures on by ``seconds`` at constant rates, in place.

    Longer than a screen, since all its parts share the windows and the weights of the steps. Inside, every row
    has a spare place at either end, and every measure a spare row after its last: row d of measure m is row
    ``m * every + d``.

    Parameters
    ----------
    cells : (measures, 1 + excess, places)
    chain : whether the first measure is the chain; all others are customers who wait
    arrivals, service, patience : rates a second: of arrivals to the chain, of each agent, of each who waits
    kill : (measures,) rate at which the customer watched gives up: ``patience``, or 0 for one who never does
    feed : (measures,) rate at which a measure is fed from the one before it: from the chain, arrivals who find
        all busy join the end of the queue

    Returns
    -------
    Time spent in each cell of the first measure, and the time integral of the mass of each measure.
    """
    measures, every, size = cells.shape[0], cells.shape[1] + 1, cells.shape[2] + 2
    excess, ends = every - 2, size - 2
    rate = arrivals + (agents + excess) * service + (max(ends - agents, 0) + 1) * patience
    rate = max(rate, 1.0 / seconds)
    first, weights = poisson_weights(rate * seconds)
    serve, leave = service / rate, patience / rate
    down = np.zeros((2, size))  # of row 0, of the others
    for k in range(ends):
        down[1, k + 1] = max(k - agents, 0) * leave
        down[0, k + 1] = min(k, agents) * serve + down[1, k + 1]
    now, then = np.zeros((measures * every, size)), np.zeros((measures * every, size))
    end, spent, waited = np.zeros((measures * every, size)), np.zeros((every, size)), np.zeros(measures)
    low, high = np.full(measures * every, size), np.zeros(measures * every, np.int64)
    to_low, to_high = low.copy(), high.copy()
    for m in range(measures):
        for d in range(every - 1):
            low[m * every + d], high[m * every + d] = 1, ends
            for k in range(ends):
                now[m * every + d, k + 1] = cells[m, d, k]
    tail, last, top = 1.0, first + len(weights) - 1, excess
    for r in range(last + 1):
        if r % 4 == 0:
            used = -1
            for m in range(measures):
                for d in range(top + 1):
                    row = m * every + d
                    low[row], high[row] = _trim(now, then, row, low[row], high[row])
                    to_low[row], to_high[row] = low[row], high[row]
                    if low[row] <= high[row]:
                        used = max(used, d)
            top = used
            if top < 0:
                break
        weight = weights[r - first] if r >= first else 0.0
        tail = max(tail - weight, 0.0)
        share = tail / rate
        for m in range(measures):
            for d in range(top + 1):
                row = m * every + d
                if m == 0:
                    _add(spent, d, now, row, low[row], high[row], share)
                if m > 0 or not chain:
                    waited[m] += share * _sum(now, row, low[row], high[row])
                if weight > 0.0:
                    _add(end, row, now, row, low[row], high[row], weight)
        for m in range(measures):
            up = arrivals / rate if chain and m == 0 else 0.0
            fed = feed[m] / rate if m > 0 else 0.0
            for d in range(top + 1):
                row = m * every + d
                start, stop = low[row] - 1, high[row] + (1 if up > 0.0 else 0)
                start, stop = min(start, low[row + 1]), max(stop, high[row + 1])
                if fed > 0.0:
                    start, stop = min(start, low[row - every]), max(stop, high[row - every])
                least = 1 if chain and m == 0 and d == 0 else agents + 1
                start, stop = max(start, least), min(stop, ends)
                stay = 1.0 - up - kill[m] / rate - (0.0 if d == 0 else (agents + d) * serve)
                _step(now, then, row, start, stop, up, stay, down, 0 if d == 0 else 1)
                come = (agents + d + 1) * serve  # from the row above
                _add(then, row, now, row + 1, low[row + 1], high[row + 1], come)
                if fed > 0.0:
                    begin = max(low[row - every], least)
                    _add(then, row, now, row - every, begin, high[row - every], fed)
                to_low[row], to_high[row] = start, stop
        now, then = then, now
        low, to_low = to_low, low
        high, to_high = to_high, high
    for m in range(measures):
        for d in range(every - 1):
            for k in range(ends):
                cells[m, d, k] = end[m * every + d, k + 1]
    return spent[:-1, 1:-1].copy(), waited


@compiled
def clearing_seconds(waits: int, excess: int, agents: int, service: float, patience: float) -> float:
    """Seconds after which of ``waits`` customers none is left, but for less than 1e-13: mean and 9 deviations."""
    mean, variance = 0.0, 0.0
    for k in range(waits + excess):
        rate = agents * service + k * patience if k < waits else (agents + k - waits + 1) * service
        rate = max(rate, 1e-300)
        mean += 1.0 / rate
        variance += 1.0 / rate / rate
    return mean + 9.0 * math.sqrt(variance) + 30.0 / max(agents * service, 1e-300)
