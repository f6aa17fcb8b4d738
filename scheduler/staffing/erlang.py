"""Erlang B, C and A for arrays of queues: probabilities of waiting, service, waits, abandonment and
occupancy.

`performance` answers "with so many agents, how well?"; `scheduler.staffing.targets` answers "how many agents
for that?". The formulas themselves are in `scheduler.staffing.kernels`.
"""

from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from centre.model import Definition
from scheduler.staffing import kernels
from scheduler.staffing.checks import NOT_NEGATIVE, PATIENCE, POSITIVE, Floats, checked

DEFINITIONS: tuple[Definition, ...] = get_args(Definition)


@dataclass(frozen=True, eq=False, slots=True)
class Performance:
    """How queues fare in a steady state; every field is an array of the broadcast shape of the arguments.

    With V the wait of an infinitely patient customer, τ the patience and T the threshold:

    Parameters
    ----------
    p_wait : share of customers who have to wait at all
    sl_virtual : P(V <= T)
    sl_offered : P(V <= T, V < τ), answered in time of all offered
    sl_answered : answered in time of all answered
    sl_exit : P(min(V, τ) <= T), answered or gone in time
    sl_exclshort : answered in time of all who did not abandon within T
    asa_served_s : mean wait of those who are answered, in seconds; infinite where no agent ever answers
    wait_all_s : mean wait of everyone, those who abandon too, in seconds
    p_abandon : share of customers who abandon
    occupancy : share of agents' time spent on contacts
    mean_queue : mean number of customers waiting
    """

    p_wait: Floats
    sl_virtual: Floats
    sl_offered: Floats
    sl_answered: Floats
    sl_exit: Floats
    sl_exclshort: Floats
    asa_served_s: Floats
    wait_all_s: Floats
    p_abandon: Floats
    occupancy: Floats
    mean_queue: Floats

    def service_level(self, definition: Definition) -> Floats:
        """The service level by one of the five definitions."""
        level: Floats = getattr(self, f"sl_{definition}")
        return level


def erlang_b(erlangs: ArrayLike, agents: ArrayLike) -> Floats:
    """Probability that an arrival finds all agents busy where nobody waits (blocking).

    Parameters
    ----------
    erlangs : offered load, contacts an hour times handle time in hours
    agents : whole or fractional numbers; broadcasts with ``erlangs``

    Raises
    ------
    BadInput
        naming every negative, infinite or missing number.

    **Source:** Jagerman (1974), continued to fractional agents by ``1/B = a ∫ exp(-at) (1+t)^n dt``.

    Examples
    --------
    >>> print(f"{erlang_b(12.031, 20):.4f}")
    0.0100
    """
    load, staff = checked("erlang_b", {"erlangs": (erlangs, NOT_NEGATIVE), "agents": (agents, NOT_NEGATIVE)})
    return kernels.each_erlang_b(load.ravel(), staff.ravel()).reshape(load.shape)


def erlang_c(erlangs: ArrayLike, agents: ArrayLike) -> Floats:
    """Probability that a customer has to wait where everyone waits until answered; 1 where the load is as
    large as the agents.

    Parameters and errors as for `erlang_b`.

    Examples
    --------
    >>> print(f"{erlang_c(10, 14):.6f}")
    0.174132
    """
    load, staff = checked("erlang_c", {"erlangs": (erlangs, NOT_NEGATIVE), "agents": (agents, NOT_NEGATIVE)})
    return kernels.each_erlang_c(load.ravel(), staff.ravel()).reshape(load.shape)


def performance(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> Performance:
    """How queues fare with given numbers of agents, in a steady state with Poisson arrivals.

    Parameters
    ----------
    calls_per_hour : mean contacts offered; 0 gives perfect service with any number of agents, none included
    aht_seconds : mean handle time, exponential
    agents : whole or fractional. Fractions are continued analytically with Erlang C; with Erlang A every
        measure lies on the straight line between the whole numbers beside it (an agent who is there half of
        the time)
    target_seconds : the threshold T of the service-level definitions
    patience_seconds : mean time until a waiting customer gives up, exponential; None (or infinity) where
        nobody does (Erlang C). A queue without patience and with too few agents has service level 0 and
        infinite waits

    All broadcast together.

    Raises
    ------
    BadInput
        naming every bad number and its index.

    Examples
    --------
    >>> found = performance(200, 180, [13, 14], 20, patience_seconds=300)
    >>> found.sl_offered.round(6).tolist()
    [0.858178, 0.916792]
    """
    rate, aht, staff, threshold, patience = checked(
        "performance",
        {
            "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
            "aht_seconds": (aht_seconds, POSITIVE),
            "agents": (agents, NOT_NEGATIVE),
            "target_seconds": (target_seconds, NOT_NEGATIVE),
            "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
        },
    )
    load = rate * aht / 3600.0
    found = kernels.each_measures(*(x.ravel() for x in (load, staff, aht, threshold, patience)))
    return Performance(*(row.reshape(np.shape(load)) for row in found))
