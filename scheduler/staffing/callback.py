"""Call-backs: some of those who find all agents busy take one instead of waiting.

While all agents are busy, customers join the queue at a smaller rate; the rest of the chain is Erlang A, or C
without patience. The call-backs themselves are work for another hour or queue and no part of what is measured
here.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from centre.model import Definition
from scheduler.compiled import compiled
from scheduler.staffing.checks import (
    LOSS,
    NOT_NEGATIVE,
    PATIENCE,
    POSITIVE,
    Expected,
    Flags,
    Floats,
    checked,
)
from scheduler.staffing.erlang import Performance
from scheduler.staffing.kernels import idle_weight, patient_measures, waiting_measures
from scheduler.staffing.limits import (
    Ints,
    definition_faults,
    fewest,
    limit_arguments,
    measures_of,
    meets,
)
from scheduler.staffing.search import MOST_AGENTS

CALLBACK_MEASURES = 12  # those of `Performance`, then call-backs a second


def callback_performance(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    callback_share: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> tuple[Performance, Floats]:
    """How those fare who do not take a call-back, and how many take one.

    Parameters
    ----------
    callback_share : of those who find all agents busy, the share that takes a call-back; at least 0, below 1
    calls_per_hour, aht_seconds, agents, target_seconds, patience_seconds : as for `performance`

    All broadcast together.

    Returns
    -------
    (Performance, call-backs an hour)
        The shares and waits are those of customers who are answered at once or wait; occupancy and queue are
        the agents' and the line's, without the work of the call-backs. Without patience there is a steady
        state as long as agents keep up with those who wait.

    Raises
    ------
    BadInput
        naming every bad number and its index.

    Examples
    --------
    >>> found, callbacks = callback_performance(400, 180, 20, 30, [0, 0.3], patience_seconds=240)
    >>> found.sl_offered.round(3).tolist(), callbacks.round(1).tolist()
    ([0.679, 0.918], [0.0, 41.3])
    """
    given = _arguments(calls_per_hour, aht_seconds, agents, target_seconds, callback_share, patience_seconds)
    found = _measures(checked("callback_performance", given))
    return Performance(*found[:-1]), found[-1] * 3600.0


def required_agents_with_callbacks(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    callback_share: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
) -> tuple[Ints, Floats]:
    """Smallest number of agents with which those who take no call-back are served within every limit.

    Parameters
    ----------
    callback_share : as for `callback_performance`
    calls_per_hour, aht_seconds, target_share, target_seconds, patience_seconds, definition, max_occupancy,
    max_asa_seconds, max_abandonment : as for `required_agents`

    Returns
    -------
    (agents, call-backs an hour with so many agents), arrays of the broadcast shape

    Raises
    ------
    BadInput
        naming at once every bad number with its index, an unknown definition, and limits that no number of
        agents can reach.

    Examples
    --------
    >>> agents, callbacks = required_agents_with_callbacks(400, 180, 0.8, 30, [0, 0.3], 240)
    >>> agents.tolist(), callbacks.round(1).tolist()
    ([22, 18], [0.0, 58.0])
    """
    function = "required_agents_with_callbacks"
    given = _arguments(calls_per_hour, aht_seconds, 1.0, target_seconds, callback_share, patience_seconds)
    given |= limit_arguments(target_share, max_occupancy, max_asa_seconds, max_abandonment, patience_seconds)
    arrays = checked(function, given, *definition_faults(function, definition))
    (rate, aht, _, threshold, share, patience), limits = (
        [x.ravel() for x in part] for part in (arrays[:6], arrays[6:])
    )

    def enough(agents: Floats, rows: Ints) -> Flags:
        others = (x[rows] for x in (threshold, share, patience))
        found = each_callback(rate[rows] / 3600.0, aht[rows], agents, *others)
        return meets(found, definition, [x[rows] for x in limits])

    load = arrays[0] * arrays[1] / 3600.0
    agents = fewest(function, enough, load, load / MOST_AGENTS)
    arrays[2] = agents.astype(np.float64)
    return agents, _measures(arrays[:6])[-1] * 3600.0


def _arguments(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    callback_share: ArrayLike,
    patience_seconds: ArrayLike | None,
) -> dict[str, tuple[ArrayLike, Expected]]:
    return {
        "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
        "aht_seconds": (aht_seconds, POSITIVE),
        "agents": (agents, NOT_NEGATIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        "callback_share": (callback_share, LOSS),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
    }


def _measures(arrays: list[Floats]) -> Floats:
    """All measures, shape (12, *broadcast shape)."""
    rate, aht, agents, threshold, share, patience = (x.ravel() for x in arrays)

    def formula(some: Floats, rows: Ints) -> Floats:
        others = (x[rows] for x in (threshold, share, patience))
        return each_callback(rate[rows] / 3600.0, aht[rows], some, *others)

    return measures_of(formula, agents, patience).reshape(CALLBACK_MEASURES, *arrays[0].shape)


@compiled
def _callback(
    rate: float, aht: float, agents: float, threshold: float, share: float, patience: float, found: Floats
) -> None:
    """Fill ``found``, shape (12,), with `Performance` of those who stay and the call-backs a second.

    Among those who stay, an idle agent is met 1/(1 - share) times as often, beside a full team, as time has
    it: hence the larger weight of the idle states.
    """
    if rate == 0.0:
        found[:] = 0.0
        found[1:6] = 1.0
        return
    joining, full = rate * (1.0 - share), agents / aht
    idle = idle_weight(agents, rate * aht) / (1.0 - share)
    if patience == math.inf:
        unit = 1.0 / full
        w = patient_measures(idle, joining * unit, threshold * full)
    else:
        unit = patience
        w = waiting_measures(idle, full * patience, joining * patience, threshold / patience)
    mixed = 1.0 - share + share * w[0]  # share of those who stay that wait -> share of time with all busy
    staying = joining / mixed
    found[0], found[1], found[2], found[3], found[4], found[5] = w[0], w[1], w[2], w[3], w[4], w[5]
    found[6], found[7], found[8] = w[6] * unit, w[7] * unit, w[8]
    found[9] = min(staying * w[9] / full, 1.0) if agents > 0.0 else 1.0
    found[10] = staying * found[7]
    found[11] = rate * share * w[0] / mixed


@compiled
def each_callback(
    rate: Floats, aht: Floats, agents: Floats, threshold: Floats, share: Floats, patience: Floats
) -> Floats:
    """Measures of every queue, shape (12, n): `Performance` and call-backs a second; arrays of shape (n,).

    With patience, agents must be whole numbers. ``rate`` is calls a second.
    """
    found = np.empty((len(rate), CALLBACK_MEASURES))
    for i in range(len(rate)):
        _callback(rate[i], aht[i], agents[i], threshold[i], share[i], patience[i], found[i])
    return found.T.copy()
