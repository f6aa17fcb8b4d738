"""Queues do not restart every half hour: service over a day when whoever waits is still there in the next interval.

`carried_performance` answers "with these agents, how well in every interval?", `required_agents_carried` "how many
agents in every interval?", so that the hour after an overload is staffed for what is still waiting. Two ways to the
same answer:

``exact``: the Markov chain between changes of its rates by uniformisation; the state is carried over, and customers
are followed past their interval's end. Distributions are cut where less than 1e-17 is left a step: errors of the
shares stay below 1e-9. Only those who arrive in an interval's last ``target_seconds`` are followed from 4 to 24
moments on (Gauss): service levels are less than 1e-6 off for targets of a minute, 1e-4 for those as long as the
interval. Work grows as agents^1.5.

``fast``: the same chain in a few implicit steps an interval, customers judged as if the rates at their arrival
lasted, mended for those who wait when the interval ends. Meets the exact answer where rates stay. On days with
overload its shares are on average within 0.003 of the exact ones, in half hours at most 0.008 off; where a third
of the agents leave at once and contacts last longer than patience, 0.015 (0.08 in five-minute intervals), with
contacts as long as the interval 0.04. From 100 agents on 50 times faster and more. Mean waits that last several
intervals are rough. For planning, and for large teams.

What both take for granted. Rates are constant within an interval. Agents who leave finish the contact they are in,
and agents who come take those who wait at once. Contacts in progress end at the handle time of the interval that
they are in. Fractional agents are the whole numbers beside it, drawn for each interval by itself with the odds of
the fraction, so that long intervals give what `performance` gives, and more agents never serve an interval worse.
After the last interval its rates stay.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from centre.errors import Fault
from centre.model import Definition
from scheduler.staffing import carryover_exact
from scheduler.staffing.carryover_exact import Horizon
from scheduler.staffing.carryover_measures import measures
from scheduler.staffing.carryover_walk import METHODS, Ints, Limits, Method, fast_figures, fewest_agents
from scheduler.staffing.checks import NOT_NEGATIVE, PATIENCE, POSITIVE, SHARE, Expected, Floats, checked
from scheduler.staffing.erlang import DEFINITIONS, Performance
from scheduler.staffing.targets import ABANDONMENT, ASA, OCCUPANCY, TARGET, required_agents

AGENTS = Expected("a number from 0 to 1,000,000", lambda x: (x >= 0) & (x <= 1e6))
CALLS = Expected("a number from 0 to 10,000,000", lambda x: (x >= 0) & (x <= 1e7))
CAP = Expected("a number of at least 0, or infinity where there is no limit", lambda x: x >= 0)
YES_OR_NO = Expected("True or False", lambda x: (x == 0) | (x == 1))
WHOLE = Expected("a whole number from 0 to 1,000,000", lambda x: (x >= 0) & (x <= 1e6) & (x == np.floor(x)))


@dataclass(frozen=True, eq=False, slots=True)
class CarriedPerformance(Performance):
    """How one queue fares in each interval of a horizon; every field is an array of shape (intervals,).

    Shares and waits are those of the customers who arrive in the interval, whenever they are answered or give up, so
    that offered contacts times ``p_abandon``, summed over a day, are the day's abandoned contacts. ``occupancy``
    and ``mean_queue`` are of the interval's own time.

    Parameters
    ----------
    waiting_at_end : contacts waiting at the interval's end, expected number
    in_system_at_end : contacts waiting or in service at the interval's end, expected number
    """

    waiting_at_end: Floats
    in_system_at_end: Floats


def carried_performance(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    interval_minutes: float = 30,
    method: Method = "exact",
    start: int | None = None,
    resets: ArrayLike | None = None,
) -> CarriedPerformance:
    """How one queue fares over consecutive intervals, its state carried from each to the next.

    Parameters
    ----------
    calls_per_hour : mean contacts offered in each interval, shape (intervals,) in the order of time; intervals
        without contacts have perfect service, as in `performance`, and still hold who waits
    aht_seconds : mean handle time, exponential
    agents : whole or fractional; see the module for fractions
    target_seconds : the threshold T of the service-level definitions
    patience_seconds : mean time until a waiting customer gives up, exponential; None (or infinity) where nobody
        does: an overload then grows without end
    interval_minutes : length of every interval
    method : "exact", or "fast" for planning; see the module for their errors
    start : contacts in the system when the first interval begins; None where the queue begins empty
    resets : whether the queue begins each interval empty, as after a closed night. Whoever still waits is turned
        away then and counts as abandoned; who is in service is done. Without it, customers wait on through
        closed intervals.

    ``agents`` and all others of shape (intervals,) broadcast together.

    Raises
    ------
    BadInput
        naming every bad number and its index.

    Examples
    --------
    An hour of overload, then enough agents for what arrives: they still have to clear what is left.

    >>> found = carried_performance([240, 240, 200], 180, [8, 8, 13], 20, patience_seconds=300)
    >>> found.sl_offered.round(3).tolist()
    [0.21, 0.079, 0.812]
    >>> found.waiting_at_end.round(1).tolist()
    [6.8, 6.8, 0.4]
    """
    name = "carried_performance"
    given = _demand(calls_per_hour, aht_seconds, target_seconds, patience_seconds) | {
        "agents": (agents, AGENTS)
    }
    faults = _choice(name, "method", method, METHODS)
    horizon, _ = _horizon(name, given, _once(interval_minutes, start), resets, faults)
    found = carryover_exact.exact(horizon) if method == "exact" else fast_figures(horizon)
    return CarriedPerformance(**measures(found, horizon.arrivals))


def required_agents_carried(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
    interval_minutes: float = 30,
    at_most: ArrayLike | None = None,
    method: Method = "fast",
    start: int | None = None,
    resets: ArrayLike | None = None,
) -> Ints:
    """Smallest number of agents in each interval that meets every limit, given what is still waiting.

    Forward in time: each interval is staffed for its own contacts and for what the one before left over, with the
    agents chosen there. Never fewer than `required_agents` asks for by itself: an interval that begins emptier than
    its steady state could do with fewer, but only as long as the lull lasts, and the next interval would pay. So
    carrying over only ever adds agents, after an overload or where load falls, and those are its price.

    Parameters
    ----------
    calls_per_hour : shape (intervals,) in the order of time; an interval without contacts needs no agents,
        whoever waits waits on
    at_most : agents that there are in each interval; where limits need more, all of them are taken and what
        they leave over is carried on. None where there are always enough.
    interval_minutes, method, start, resets : as for `carried_performance`

    All others as for `required_agents`, of shape (intervals,) or single numbers.

    Returns
    -------
    int64 array of shape (intervals,)

    Raises
    ------
    BadInput
        naming at once every bad number with its index, and what `required_agents` finds out of reach.

    Examples
    --------
    Eight agents at most for an hour, no patience to thin the queue: the next interval works off what they leave.

    >>> there = [99, 8, 8, 99, 99]
    >>> required_agents_carried([150, 240, 240, 200, 200], 180, 0.8, 20, at_most=there).tolist()
    [11, 8, 8, 36, 14]
    """
    name = "required_agents_carried"
    given = _demand(calls_per_hour, aht_seconds, target_seconds, patience_seconds) | {
        "at_most": (np.inf if at_most is None else at_most, CAP),
        "target_share": (target_share, TARGET),
        "max_occupancy": (1.0 if max_occupancy is None else max_occupancy, OCCUPANCY),
        "max_asa_seconds": (np.inf if max_asa_seconds is None else max_asa_seconds, ASA),
        "max_abandonment": (
            1.0 if max_abandonment is None else max_abandonment,
            SHARE if patience_seconds is None else ABANDONMENT,
        ),
    }
    faults = _choice(name, "method", method, METHODS) + _choice(name, "definition", definition, DEFINITIONS)
    horizon, series = _horizon(name, given, _once(interval_minutes, start), resets, faults)
    calls, aht, threshold, patience, cap, *limits = series
    share, occupancy, asa, abandonment = limits
    alone = required_agents(
        calls, aht, share, threshold, None if patience_seconds is None else patience, definition, occupancy, asa,
        None if patience_seconds is None else abandonment,
    )  # fmt: skip
    return fewest_agents(horizon, Limits(definition, *limits), alone, cap, method)


def _demand(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None,
) -> dict[str, tuple[ArrayLike, Expected]]:
    """What both functions are given, with what it may be."""
    return {
        "calls_per_hour": (calls_per_hour, CALLS),
        "aht_seconds": (aht_seconds, POSITIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
    }


def _horizon(
    function: str,
    given: dict[str, tuple[ArrayLike, Expected]],
    single: dict[str, tuple[ArrayLike, Expected]],
    resets: ArrayLike | None,
    faults: list[Fault],
) -> tuple[Horizon, list[Floats]]:
    """What drives the queue, and all that is ``given``, checked and of shape (intervals,)."""
    series = given | {"resets": (False if resets is None else resets, YES_OR_NO)}
    for name, (value, _) in (series | single).items():
        most = 0 if name in single else 1
        if (shape := _shape(value)) is None or len(shape) > most:
            words = (
                "a single number"
                if name in single
                else "a single number or one for each interval, in their order"
            )
            faults.append(Fault(function, words, "" if shape is None else f"shape {shape}", column=name))
    found = [np.atleast_1d(array) for array in checked(function, series | single, *faults)]
    calls, aht, target, patience, agents = found[:5]
    minutes, start = (np.asarray(value).item() for value, _ in single.values())
    horizon = Horizon(
        calls / 3600.0, 1.0 / aht, 1.0 / patience, agents, target, found[len(given)] > 0.0,
        60.0 * float(minutes), int(start),
    )  # fmt: skip
    return horizon, found[: len(given)]


def _shape(value: ArrayLike) -> tuple[int, ...] | None:
    """None where the parts are of different lengths."""
    try:
        return np.shape(value)
    except ValueError:
        return None


def _once(interval_minutes: float, start: int | None) -> dict[str, tuple[ArrayLike, Expected]]:
    return {"interval_minutes": (interval_minutes, POSITIVE), "start": (0 if start is None else start, WHOLE)}


def _choice(function: str, name: str, value: str, allowed: tuple[str, ...]) -> list[Fault]:
    return (
        [] if value in allowed else [Fault(function, "one of " + ", ".join(allowed), str(value), column=name)]
    )
