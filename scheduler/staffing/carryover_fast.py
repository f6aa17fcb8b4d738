"""A queue from interval to interval, fast: the chain of the number in system in a few implicit steps of time.

The same chain as the exact way follows (`scheduler.staffing.carryover_exact`), with three simplifications: time
goes in steps of a handle time or so, by a second-order rule that keeps what it must (nobody is lost, steady
states stay as they are); agents who leave while contacts go on are a rounded number that falls as contacts end;
and whoever waits is judged by the rates at arrival, as if they lasted. Each step solves a tridiagonal system
twice, so that an interval costs microseconds.

**Source:** Alexander, Diagonally implicit Runge-Kutta methods for stiff ODEs (1977), for the rule of two stages.
"""

import math

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.staffing.carryover_kernels import places

Floats = NDArray[np.float64]
Later = tuple[float, float, float, float]

STAGE = 1.0 - 1.0 / math.sqrt(2.0)
NEGLIGIBLE = 1e-9
STEP = 1.5  # handle times
MOST_STEPS = 12
FEWEST_STEPS = 3


@compiled
def _pass_time(
    now: Floats, base: int, agents: int, arrivals: float, service: float, patience: float, seconds: float,
    steps: int,
) -> Floats:  # fmt: skip
    """Move the chain, whose first place is ``base`` in system, on in equal steps; the time spent in each place.

    Both stages of a step solve ``(I - g Q) y = right side`` by elimination without pivots: all its terms are
    positive, and its factors are those of every step.
    """
    size, step = len(now), seconds / steps
    g = STAGE * step
    up, kept, leave = g * arrivals, 0.0, 0.0
    inverse, lower, upper = np.empty(size), np.empty(size), np.empty(size)
    for k in range(size):
        place = base + k + 1
        come = g * (min(place, agents) * service + max(place - agents, 0) * patience)
        inverse[k] = 1.0 / (1.0 + leave + (up if k < size - 1 else 0.0) - kept)
        lower[k], upper[k] = up * inverse[k], come * inverse[k]
        kept, leave = up * upper[k], come
    stage, spent, more = np.empty(size), np.zeros(size), (1.0 - STAGE) / STAGE
    for _ in range(steps):
        carry = 0.0
        for k in range(size):
            carry = now[k] * inverse[k] + lower[k] * carry
            stage[k] = carry
        carry = 0.0
        for k in range(size - 1, -1, -1):
            carry = stage[k] + upper[k] * carry
            stage[k] = carry
            spent[k] += step * (1.0 - STAGE) * carry
        carry = 0.0
        for k in range(size):
            carry = (now[k] + more * (stage[k] - now[k])) * inverse[k] + lower[k] * carry
            now[k] = carry
        carry = 0.0
        for k in range(size - 1, -1, -1):
            carry = now[k] + upper[k] * carry
            now[k] = carry
            spent[k] += step * STAGE * carry
    return spent


@compiled
def _late_shares(count: int, kappa: float, service: float, elapsed: float, patient: bool) -> Floats:
    """P(V > T) of one who finds all busy and 0, 1, ... ``count - 1`` waiting, at constant rates.

    One ahead more is one term more of a negative binomial distribution: with x = exp(-T / patience) that of
    ``kappa`` and x, without patience the Poisson distribution of departures within T.

    Parameters
    ----------
    kappa : departures per mean patience while all are busy; service : the same per T
    elapsed : T in units of mean patience
    """
    x, grow = math.exp(-elapsed), -math.expm1(-elapsed)
    mean = service if patient else kappa * grow / x
    spread = math.sqrt(mean if patient else mean / x)
    first = max(int(mean - 9.0 * spread) - 30, 0)
    if patient:
        start = first * math.log(max(mean, 1e-300)) - mean - math.lgamma(first + 1.0)
    else:
        start = math.lgamma(kappa + first) - math.lgamma(kappa) - math.lgamma(first + 1.0)
        start += first * math.log(max(grow, 1e-300)) - service
    if first == 0:
        start = -service
    found, term, total = np.zeros(count), math.exp(start), 0.0
    for k in range(first, count):
        total += term
        found[k] = min(total, 1.0)
        term *= mean / (k + 1.0) if patient else grow * (kappa + k) / (k + 1.0)
    return found


@compiled
def _outcomes(
    count: int, agents: int, service: float, patience: float, target: float, closed: float
) -> Floats:
    """What becomes, at constant rates, of one who finds all busy and 0, 1, ... ``count - 1`` waiting.

    ``closed`` is the wait without agents of those who never give up. Rows: `FIGURES` from ``late`` to
    ``wait_of_abandoned``, in their order.
    """
    found, patient, stay = np.zeros((6, count)), patience == 0.0, math.exp(-target * patience)
    if agents == 0:
        found[0], found[1] = 1.0, stay
        if patient:
            found[4] = closed
        else:
            found[3], found[4], found[5] = 1.0, 1.0 / patience, 1.0 / patience
        return found
    busy = agents * service
    kappa = math.inf if patient else busy / patience
    found[0] = _late_shares(count, kappa, busy * target, target * patience, patient)
    late_and_served = found[0]
    if not patient:
        late_and_served = _late_shares(
            count, kappa + 1.0, (busy + patience) * target, target * patience, patient
        )
    wait = 0.0  # of those who are served
    for j in range(count):
        leave = busy + (j + 1) * patience
        served = busy / leave
        wait += 1.0 / leave
        found[1, j] = found[0, j] * stay
        found[2, j] = served * (1.0 - late_and_served[j])
        found[3, j] = 1.0 - served
        found[4, j] = (j + 1.0) / leave
        found[5, j] = found[4, j] - served * wait
    return found


@compiled
def _pass_on(
    chain: Floats, bottom: int, there: int, own: Floats, then: Floats, agents: int, gap: float, weight: float,
    arrivals: float, seconds: float, latest: float, figures: Floats,
) -> None:  # fmt: skip
    """Mend figures for those who wait at an interval's end: the next one's outcomes in place of its own.

    Parameters
    ----------
    chain, bottom, there : the floor at the end; agents there include those who finish
    own, then : outcomes with this and the next interval's rates, in the time that the latest have left on
        average until their target
    agents : of the next interval, -1 where the queue starts anew and who waits is turned away
    gap : seconds without any agent before it
    weight : share of this number of agents
    latest : seconds before the end from which on arrivals may have their target in the next interval: the last
        in the queue
    """
    size, recent, offered = max(bottom + len(chain) - there, 0), int(arrivals * latest), arrivals * seconds
    more = np.zeros(size + recent + 2)  # P(more than so many wait)
    for j in range(size - 2, -1, -1):
        k = there + j + 1 - bottom
        more[j] = more[j + 1] + (chain[k] if k >= 0 else 0.0)
    rest, behind, new = arrivals * latest - recent, 0.0, np.empty(6)
    scale = 1.0 / max(offered, more.sum())
    for j in range(size - 1, -1, -1):
        late = more[j] - (1.0 - rest) * more[j + recent] - rest * more[j + recent + 1]
        new[:] = 0.0
        if agents < 0:  # turned away
            new[0] = new[1] = new[3] = 1.0
        elif j < agents - there:  # taken at once
            new[2] = 1.0
        else:
            new[:] = then[:, min(max(j - agents + there, 0), then.shape[1] - 1)]
        if gap > 0.0:
            new[0], new[1], new[2], new[4] = 1.0, 1.0, 0.0, new[4] + gap
        new[5] += (new[3] - own[3, j]) * behind / (arrivals * max(more[j], 1e-300))  # waited until now
        for row in range(6):
            part = weight * (late / offered if row < 3 else more[j] * scale)
            figures[4 + row] += part * (new[row] - own[row, j]) if part > 0.0 else 0.0
        behind += more[j]


@compiled
def _busy(now: Floats, base: int, agents: int, before: float) -> float:
    """Mean number in service at the start where it is more than ``agents``, or ``agents``."""
    total, mass = 0.0, 0.0
    for k in range(len(now)):
        service = min(base + k, before)
        if service > agents:
            total, mass = total + now[k] * service, mass + now[k]
    return total / mass if mass > NEGLIGIBLE else float(agents)


@compiled
def _staying(agents: int, busy: float, service: float, begin: float, end: float) -> int:
    """Agents on the floor from ``begin`` to ``end``, rounded mean: ``busy`` of them end their contact first."""
    if busy <= agents or service <= 0.0:
        return agents
    leaving = min(max(math.log(busy / max(agents, 1e-9)) / service, begin), end)  # when the last of them goes
    area = busy * (math.exp(-begin * service) - math.exp(-leaving * service)) / service
    return max(round((area + agents * (end - leaving)) / (end - begin)), agents)


@compiled
def _window(
    now: Floats, base: int, agents: int, arrivals: float, service: float, patience: float, seconds: float
) -> tuple[int, Floats]:
    """The distribution on all places that it may reach within ``seconds``: first place and shares."""
    first, last = 0, len(now) - 1
    while first < last and now[first] < NEGLIGIBLE:
        first += 1
    while first < last and now[last] < NEGLIGIBLE:
        last -= 1
    top = places(base + last, agents, arrivals, service, patience, seconds, NEGLIGIBLE)
    low = base + first
    least = min(float(low), arrivals / max(service, patience))
    gone = (min(low, agents) * service + max(low - agents, 0) * patience) * seconds
    least = max(least - 6.0 * math.sqrt(least), low - gone - 6.0 * math.sqrt(gone))
    bottom = max(int(least) - 5, 0)
    found = np.zeros(top + 1 - bottom)
    for k in range(first, last + 1):
        found[base + k - bottom] = now[k]
    return bottom, found / found.sum()


@compiled
def interval(
    now: Floats, base: int, before: float, agents: int, arrivals: float, service: float, patience: float,
    target: float, seconds: float, later: Later, figures: Floats,
) -> tuple[int, Floats]:  # fmt: skip
    """One interval with a whole number of agents: the chain at its end, and its ``figures``, in place.

    Parameters
    ----------
    now, base : shares of the places from ``base`` in system on, at the start
    before : agents of the interval before, whole or not
    later : agents, service and patience rate of the next interval, and seconds without agents before it; -1
        agents where the queue then starts anew
    figures : zeros, to be filled: `FIGURES` of scheduler.staffing.carryover_measures
    """
    bottom, chain = _window(now, base, agents, arrivals, service, patience, seconds)
    ahead, busy = np.zeros(max(bottom + len(chain) - agents, 1)), _busy(now, base, agents, before)
    falling = math.log(busy / max(agents, 1e-9)) / service if busy > agents else 0.0
    begin, there, step = 0.0, agents, min(STEP / service, seconds / FEWEST_STEPS)
    while begin < seconds:
        if begin < falling:  # a piece of the time in which agents who left still finish
            end, steps = min(begin + step, falling, seconds), 1
            there = _staying(agents, busy, service, begin, end)
        else:
            end, there = seconds, agents
            steps = min(math.ceil((end - begin) / step), MOST_STEPS)
        spent = _pass_time(chain, bottom, there, arrivals, service, patience, end - begin, steps)
        for k in range(len(chain)):
            share, place = spent[k] / seconds, bottom + k
            figures[1] += share * max(place - there, 0)
            figures[2] += share * min(place, there)
            figures[3] += share * there
            if place >= agents:  # who arrives then waits, also for those who finish
                ahead[place - agents] += share
        begin = end
    figures[0] = ahead.sum()
    figures[6] = 1.0 - figures[0]
    own = _outcomes(len(ahead), agents, service, patience, target, 0.5 * seconds)
    for j in range(len(ahead)):
        if ahead[j] > 0.0:
            for row in range(6):
                figures[4 + row] += ahead[j] * own[row, j]
    if agents == 0 and patience == 0.0:
        own[4] = 0.0  # those who wait at the end have all their wait before them
    never = agents == 0 and patience == 0.0
    if arrivals > 0.0 and (never or later != (agents, service, patience, 0.0)):
        latest, count, few = min(target, seconds), bottom + len(chain), math.floor(later[0])
        left = target - 0.5 * latest
        own[:3] = _outcomes(len(ahead), agents, service, patience, left, 0.0)[:3]
        for n, weight in ((few, 1.0 + few - later[0]), (few + 1, later[0] - few)):
            if weight > 0.0:
                then = _outcomes(max(count - n, 1), max(n, 0), later[1], later[2], left, math.inf)
                gap = later[3]
                _pass_on(chain, bottom, there, own, then, n, gap, weight, arrivals, seconds, latest, figures)
    for k in range(len(chain)):
        figures[10] += chain[k] * max(bottom + k - there, 0)
        figures[11] += chain[k] * (bottom + k)
    return bottom, chain


@compiled
def floor_after(
    now: Floats, base: int, before: float, agents: float, arrivals: float, service: float, patience: float,
    target: float, seconds: float, later: Later, figures: Floats,
) -> tuple[int, Floats, float]:  # fmt: skip
    """As `interval`, agents whole or not: the shares of the whole numbers beside it are mixed.

    Returns first place and shares of the chain at the end, and ``agents``: the floor of the next interval.
    """
    few = int(agents)
    more = agents - few
    bottom, chain = interval(
        now, base, before, few, arrivals, service, patience, target, seconds, later, figures
    )
    if more == 0.0:
        return bottom, chain, agents
    other = np.zeros(len(figures))
    low, others = interval(
        now, base, before, few + 1, arrivals, service, patience, target, seconds, later, other
    )
    for k in range(len(figures)):
        figures[k] = (1.0 - more) * figures[k] + more * other[k]  # either may be infinite
    first = min(bottom, low)
    mixed = np.zeros(max(bottom + len(chain), low + len(others)) - first)
    for k in range(len(chain)):
        mixed[bottom - first + k] += (1.0 - more) * chain[k]
    for k in range(len(others)):
        mixed[low - first + k] += more * others[k]
    return first, mixed, agents
