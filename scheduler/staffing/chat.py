"""Chat: agents who hold several conversations at a time, each of which then takes longer.

Dividing the handle time by the number of chats held would promise too much: two chats at once do not halve
the work, and while few customers are there agents hold one chat each and gain nothing. Here the chain of
chats in service is followed state by state (see `chat_kernels`). With a concurrency of 1 it is Erlang A, or
C without patience.

**Source:** the balanced chain is a birth-death process with state-dependent service rates, as in Luo and
Zhang, Staffing and control of instant messaging contact centers (2013); its waiting part is Erlang A.
"""

import numpy as np
from numpy.typing import ArrayLike

from centre.model import Definition
from scheduler.staffing.chat_kernels import CHAT_MEASURES, each_chat
from scheduler.staffing.checks import NOT_NEGATIVE, PATIENCE, POSITIVE, Expected, Flags, Floats, checked
from scheduler.staffing.erlang import Performance
from scheduler.staffing.limits import (
    Ints,
    definition_faults,
    fewest,
    limit_arguments,
    measures_of,
    meets,
)
from scheduler.staffing.search import MOST_AGENTS

CONCURRENCY = Expected(
    "a whole number of at least 1", lambda x: np.isfinite(x) & (x >= 1) & (x == np.floor(x))
)
SLOWDOWN = Expected(
    "a share from 0 to 1, such as 0.25 where every further chat makes all of them 25 % longer "
    "(above 1, holding two would finish less than holding one)",
    lambda x: (x >= 0) & (x <= 1),
)


def chat_performance(
    chats_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    concurrency: ArrayLike,
    slowdown: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> Performance:
    """How chat queues fare with given numbers of agents, in a steady state with Poisson arrivals.

    Parameters
    ----------
    chats_per_hour : mean chats offered
    aht_seconds : mean handle time of a chat that an agent holds alone, exponential
    agents : whole or fractional; with patience, a fraction lies on the straight line between the whole
        numbers beside it
    target_seconds : the threshold of the service-level definitions
    concurrency : chats that an agent holds at most
    slowdown : with j chats at a time, each takes ``1 + slowdown x (j - 1)`` times as long as alone
    patience_seconds : mean patience; None where nobody abandons, where too few agents give a service level of
        0 and endless waits

    All broadcast together.

    Returns
    -------
    Performance
        as `performance` gives it, except that ``occupancy`` is the mean share of chat slots in use (agents x
        concurrency), which with a concurrency of 1 is the usual one.

    Raises
    ------
    BadInput
        naming every bad number and its index.

    Examples
    --------
    >>> found = chat_performance(200, 300, [7, 8], 30, concurrency=3, slowdown=0.25, patience_seconds=120)
    >>> found.sl_offered.round(3).tolist()
    [0.585, 0.754]
    """
    given = _arguments(
        chats_per_hour, aht_seconds, agents, target_seconds, concurrency, slowdown, patience_seconds
    )
    found = _measures(checked("chat_performance", given))
    return Performance(*found[:-1])


def chat_handle_seconds(
    chats_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    concurrency: ArrayLike,
    slowdown: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> Floats:
    """Mean handle time that chats really meet, slowed down by those held beside them.

    Mean chats in service over chats finished a second (Little's law), between ``aht_seconds`` and the time
    with all slots taken. Parameters and errors as for `chat_performance`.

    Examples
    --------
    >>> chat_handle_seconds([20, 200, 2000], 300, 8, 3, 0.25, 120).round(1).tolist()
    [300.0, 428.0, 450.0]
    """
    given = _arguments(chats_per_hour, aht_seconds, agents, 0.0, concurrency, slowdown, patience_seconds)
    handle: Floats = _measures(checked("chat_handle_seconds", given))[-1]
    return handle


def required_chat_agents(
    chats_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    concurrency: ArrayLike,
    slowdown: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
) -> Ints:
    """Smallest number of agents that meets the service target and every other limit given; arrays broadcast.

    Parameters
    ----------
    chats_per_hour, aht_seconds, concurrency, slowdown, patience_seconds : as for `chat_performance`
    max_occupancy : largest mean share of chat slots in use
    target_share, target_seconds, definition, max_asa_seconds, max_abandonment : as for `required_agents`

    Returns
    -------
    int64 array of the broadcast shape; no chats need no agents, any need at least one

    Raises
    ------
    BadInput
        naming at once every bad number with its index, an unknown definition, and limits that no number of
        agents can reach.

    Examples
    --------
    >>> required_chat_agents([0, 200], 300, 0.8, 30, 3, 0.25, patience_seconds=120).tolist()
    [0, 9]
    """
    function = "required_chat_agents"
    given = _arguments(
        chats_per_hour, aht_seconds, 1.0, target_seconds, concurrency, slowdown, patience_seconds
    )
    given |= limit_arguments(target_share, max_occupancy, max_asa_seconds, max_abandonment, patience_seconds)
    arrays = checked(function, given, *definition_faults(function, definition))
    (rate, aht, _, threshold, slots, slower, patience), limits = (
        [x.ravel() for x in part] for part in (arrays[:7], arrays[7:])
    )

    def enough(agents: Floats, rows: Ints) -> Flags:
        some = (x[rows] for x in (threshold, slots, slower, patience))
        found = each_chat(rate[rows] / 3600.0, aht[rows], agents, *some)
        return meets(found, definition, [x[rows] for x in limits])

    work = arrays[0] / 3600.0 * arrays[1]  # were each chat alone
    busy = work * (1.0 + arrays[5] * (arrays[4] - 1.0)) / arrays[4]  # in agents, were all slots taken
    return fewest(function, enough, busy, work / arrays[4] / MOST_AGENTS)


def _arguments(
    chats_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    target_seconds: ArrayLike,
    concurrency: ArrayLike,
    slowdown: ArrayLike,
    patience_seconds: ArrayLike | None,
) -> dict[str, tuple[ArrayLike, Expected]]:
    return {
        "chats_per_hour": (chats_per_hour, NOT_NEGATIVE),
        "aht_seconds": (aht_seconds, POSITIVE),
        "agents": (agents, NOT_NEGATIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        "concurrency": (concurrency, CONCURRENCY),
        "slowdown": (slowdown, SLOWDOWN),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
    }


def _measures(arrays: list[Floats]) -> Floats:
    """All measures, shape (12, *broadcast shape)."""
    rate, aht, agents, threshold, slots, slower, patience = (x.ravel() for x in arrays)

    def formula(some: Floats, rows: Ints) -> Floats:
        others = (x[rows] for x in (threshold, slots, slower, patience))
        return each_chat(rate[rows] / 3600.0, aht[rows], some, *others)

    return measures_of(formula, agents, patience).reshape(CHAT_MEASURES, *arrays[0].shape)
