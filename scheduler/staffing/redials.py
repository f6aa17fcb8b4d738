"""Redials: of those who give up waiting, some call again, so that too few agents also make more calls.

All attempts together come at a rate λ of which ``1 - redial_share x P_abandon(λ)`` are fresh. Redials are taken to come
at random times like fresh calls, in the same interval. More calls never mean fewer served or fewer lost, so that the fresh
among them, λ (1 - redial_share x P_abandon(λ)), grow with λ at a slope from 1 - redial_share to 1: there is exactly one λ.

**Source:** Aguir, Karaesmen, Akşin and Chauvet, The impact of retrials on call center performance (2004).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.model import Definition
from scheduler.staffing import kernels
from scheduler.staffing.checks import LOSS, NOT_NEGATIVE, PATIENCE, POSITIVE, Flags, Floats, checked
from scheduler.staffing.limits import definition_faults, limit_arguments, meets
from scheduler.staffing.targets import required_agents

Ints = NDArray[np.int64]
CLOSE, ROUNDING = 1e-13, 2e-15  # of a rate
ABANDON = 8  # place of p_abandon in `Performance`
SECANTS, AT_MOST = 50, 1_000  # turns


def with_redials(
    calls_per_hour: ArrayLike, redial_share: ArrayLike, p_abandon: Callable[[Floats], Floats]
) -> Floats:
    """All attempts an hour, redials included: the λ with ``λ (1 - redial_share x P_abandon(λ)) = calls_per_hour``.

    Parameters
    ----------
    calls_per_hour : fresh calls
    redial_share : of those who abandon, the share that calls again; at least 0 and below 1
    p_abandon : rates of all attempts, of the broadcast shape -> share that abandons at each. Rates may bear upon one
        another (queues of one team), as long as more calls never mean a smaller share that abandons

    Raises
    ------
    BadInput
        naming every bad number with its index.

    Examples
    --------
    A line that serves 90 calls an hour and no more:

    >>> with_redials([60, 120, 150], 0.5, lambda rates: np.maximum(1 - 90 / rates, 0)).round(6).tolist()
    [60.0, 150.0, 210.0]
    """
    fresh, share = checked(
        "with_redials",
        {"calls_per_hour": (calls_per_hour, NOT_NEGATIVE), "redial_share": (redial_share, LOSS)},
    )
    rates, before, lacked = fresh.copy(), fresh, fresh
    close = np.maximum(CLOSE * (1.0 - share), ROUNDING)
    for turn in range(AT_MOST):
        kept = 1.0 - share * p_abandon(rates)
        lacks = fresh - rates * kept
        if not (off := np.abs(lacks) > close * rates).any():
            break
        slope = -kept  # by itself this is the plain fixed-point step, slow and sure
        if 0 < turn < SECANTS:
            step = rates - before
            slope = np.where(step == 0.0, slope, (lacks - lacked) / np.where(step == 0.0, 1.0, step))
        slope = np.clip(slope, -1.0, share - 1.0)  # where it lies: neither served nor lost fall with calls
        before, lacked = rates, lacks
        rates = np.where(off, np.clip(rates - lacks / slope, fresh, fresh / (1.0 - share)), rates)
    return rates


def required_agents_with_redials(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
    redial_share: ArrayLike = 0.0,
) -> tuple[Ints, Floats]:
    """Smallest number of agents that meets every limit with the redials that it brings about itself.

    Parameters
    ----------
    calls_per_hour : fresh calls
    redial_share : of those who abandon, the share that calls again; without patience nobody does
    aht_seconds, target_share, target_seconds, patience_seconds, definition, max_occupancy, max_asa_seconds,
    max_abandonment : as for `required_agents`; limits hold for all attempts

    Returns
    -------
    (agents, all attempts an hour with so many agents), arrays of the broadcast shape

    Raises
    ------
    BadInput
        naming at once every bad number with its index, an unknown definition, and limits that no number of agents
        can reach.

    Examples
    --------
    >>> agents, rate = required_agents_with_redials(400, 180, 0.8, 30, 120, redial_share=[0, 0.7])
    >>> agents.tolist(), rate.round(1).tolist()
    ([21, 22], [400.0, 422.4])
    """
    function = "required_agents_with_redials"
    given = {
        "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
        "aht_seconds": (aht_seconds, POSITIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
        "redial_share": (redial_share, LOSS),
    } | limit_arguments(target_share, max_occupancy, max_asa_seconds, max_abandonment, patience_seconds)
    arrays = checked(function, given, *definition_faults(function, definition))
    fresh, aht, threshold, patience, share, *limits = (x.ravel() for x in arrays)

    def found(rates: Floats, agents: Floats, rows: Ints) -> Floats:
        each = (x[rows] for x in (aht, threshold, patience))
        return kernels.each_measures(rates * aht[rows] / 3600.0, agents, *each)

    def attempts(agents: Floats, rows: Ints) -> Floats:
        return with_redials(fresh[rows], share[rows], lambda rates: found(rates, agents, rows)[ABANDON])

    def enough(agents: Floats, rows: Ints) -> Flags:
        return meets(found(attempts(agents, rows), agents, rows), definition, [x[rows] for x in limits])

    def alone(rates: Floats) -> Floats:
        some = None if patience_seconds is None else patience
        return required_agents(rates, aht, limits[0], threshold, some, definition, *limits[1:]).astype(float)

    everyone = np.arange(len(fresh))
    low = alone(fresh) - 1.0  # not enough even without redials
    high = alone(attempts(low + 1.0, everyone))  # enough for more redials than it brings about
    while len(rows := np.flatnonzero(high - low > 1.0)):
        middle = np.floor(0.5 * (low[rows] + high[rows]))
        good = enough(middle, rows)
        high[rows[good]], low[rows[~good]] = middle[good], middle[~good]
    shape = arrays[0].shape
    return high.astype(np.int64).reshape(shape), attempts(high, everyone).reshape(shape)
