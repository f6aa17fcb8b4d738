"""What cover is worth where nobody knows how many agents will be required: the mean over many ways that demand may go.

A shortage or surplus has a price in each of them, so what so many agents cost an interval on the mean is a sum of convex pieces, and
convex itself: the prices that a solver takes for one requirement serve for all of them together.

**Source:** Birge and Louveaux, Introduction to Stochastic Programming (2011), 1.1 and 3.1, simple recourse.
"""

import numpy as np
from numpy.typing import NDArray

from centre.model import Objective
from scheduler.terms import CoverPrices

Floats = NDArray[np.float64]
SHARES = (0.1, 0.3, 0.5, 0.7)
"""Between the agents that these shares of the ways require, the price is taken as straight."""


def cover_cost(required: Floats, agents: Floats, objective: Objective) -> Floats:
    """Price of an hour with so many agents where so many are required; the arrays broadcast."""
    deep = required * (1 - objective.deep_shortage_share)
    deeper = objective.shortage_per_agent_hour * (objective.deep_shortage_factor - 1)
    return np.asarray(
        objective.shortage_per_agent_hour * np.maximum(required - agents, 0)
        + deeper * np.maximum(deep - agents, 0)
        + objective.surplus_per_agent_hour * np.maximum(agents - required, 0)
    )


def mean_prices(required: Floats, objective: Objective) -> CoverPrices:
    """Prices of cover that come to the mean of `cover_cost` over the ways, straight between a few numbers of agents, so never below it.

    Parameters
    ----------
    required : agents to roster, shape (ways, queues, intervals)

    Examples
    --------
    >>> found = mean_prices(np.array([8.0, 10.0, 12.0]).reshape(3, 1, 1), Objective(surplus_per_agent_hour=0.0))
    >>> round(float((np.maximum(found.levels - 10, 0) * found.rates).sum()), 6)  # 2 missing, 0.8 of them deep, on one way of three
    72.0
    """
    short, over = objective.shortage_per_agent_hour, objective.surplus_per_agent_hour
    best = short / (short + over)  # below it one more agent is worth having, on the mean
    lowest = required.min(axis=0) * (1 - objective.deep_shortage_share)
    middle = [np.quantile(required, share, axis=0, method="inverted_cdf") for share in SHARES if share < best]
    top = np.quantile(required, best, axis=0, method="inverted_cdf")
    corners = np.stack([np.zeros_like(lowest), lowest, *middle, top])
    cost = np.stack([cover_cost(required, agents, objective).mean(axis=0) for agents in corners])
    falls = _slopes(corners, -cost)
    falls = np.minimum.accumulate(np.maximum(falls, 0.0), axis=0)
    rates = falls - np.concatenate([falls[1:], np.zeros_like(falls[:1])])
    most = required.max(axis=0)
    ends = np.stack([cost[-1], cover_cost(required, most, objective).mean(axis=0)])
    rise = _slopes(np.stack([top, most]), ends)[0]
    return CoverPrices(corners[:0:-1], rates[::-1], np.where(most > top, np.maximum(rise, 0.0), over))


def _slopes(at: Floats, values: Floats) -> Floats:
    """Rise of values between places, the first axis; where two places are one, that of the pair after, at last 0."""
    width, rise = np.diff(at, axis=0), np.diff(values, axis=0)
    found = np.divide(rise, width, out=np.zeros_like(rise), where=width > 0)
    for k in range(len(found) - 2, -1, -1):
        found[k] = np.where(width[k] > 0, found[k], found[k + 1])
    return np.asarray(found)
