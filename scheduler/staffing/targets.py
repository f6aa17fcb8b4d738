"""How many agents a queue needs: the smallest number that meets every limit at once.

All measures are monotone in the number of agents, for each of the five service-level definitions, so that one
bracketed search finds the smallest number. The reason: with one more agent, the distribution of V (the wait
of an infinitely patient customer) falls in the likelihood-ratio order, its weight at zero included; tilting
it by the chance to be still there keeps that order, and each definition is the share of such a tilted
distribution that lies within the threshold. A definition may still be met by very few agents: `exit` counts
customers who leave within the threshold as served, so hopeless staffing scores well. Contacts therefore never
get less than one agent, and planners who use `exit` should limit abandonment too.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault
from centre.model import Definition
from scheduler.staffing import search
from scheduler.staffing.checks import (
    NAMED_AT_MOST,
    NOT_NEGATIVE,
    PATIENCE,
    POSITIVE,
    SHARE,
    Expected,
    Floats,
    place_of,
    viewed,
)
from scheduler.staffing.erlang import DEFINITIONS

Ints = NDArray[np.int64]
PART = 4096

# What no number of agents reaches is told apart from what is no share at all.
TARGET = Expected(
    f"{SHARE.words}, and below 1: any number of agents leaves some chance of waiting, "
    "so that the best in reach is just under 1",
    lambda x: (x >= 0) & (x < 1),
)
OCCUPANCY = Expected(
    "a share above 0 and at most 1: agents who have contacts are never quite idle, "
    "so that the best in reach is just over 0",
    lambda x: (x > 0) & (x <= 1),
)
ASA = Expected(
    "seconds above 0: any number of agents leaves some chance of waiting, "
    "so that the best in reach is just over 0",
    lambda x: x > 0,
)
ABANDONMENT = Expected(
    "a share above 0 and at most 1: while someone may have to wait, someone may leave, "
    "so that the best in reach is just over 0",
    lambda x: (x > 0) & (x <= 1),
)


def required_agents(
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    target_share: ArrayLike,
    target_seconds: ArrayLike,
    patience_seconds: ArrayLike | None = None,
    definition: Definition = "offered",
    max_occupancy: ArrayLike | None = None,
    max_asa_seconds: ArrayLike | None = None,
    max_abandonment: ArrayLike | None = None,
) -> Ints:
    """Smallest number of agents that meets the service target and every other limit given; arrays broadcast.

    Parameters
    ----------
    calls_per_hour : mean contacts offered; none need no agents, any need at least one
    aht_seconds : mean handle time
    target_share : share to be served within ``target_seconds``, as ``definition`` counts it; 0 sets no
        service target
    patience_seconds : mean patience; None where nobody abandons (Erlang C), where agents always exceed the
        load
    max_occupancy : largest share of agents' time spent on contacts
    max_asa_seconds : longest mean wait of those who are answered
    max_abandonment : largest share of customers who abandon; holds by itself where patience is None

    Returns
    -------
    int64 array of the broadcast shape

    Raises
    ------
    BadInput
        naming at once every bad number with its index, an unknown definition, and limits that no number of
        agents can reach.

    Examples
    --------
    >>> required_agents([0, 400], 180, 0.8, 30).tolist()
    [0, 24]
    """
    given = {
        "calls_per_hour": (calls_per_hour, NOT_NEGATIVE),
        "aht_seconds": (aht_seconds, POSITIVE),
        "target_seconds": (target_seconds, NOT_NEGATIVE),
        "patience_seconds": (np.inf if patience_seconds is None else patience_seconds, PATIENCE),
        "target_share": (target_share, TARGET),
        "max_occupancy": (1.0 if max_occupancy is None else max_occupancy, OCCUPANCY),
        "max_asa_seconds": (np.inf if max_asa_seconds is None else max_asa_seconds, ASA),
        "max_abandonment": (
            1.0 if max_abandonment is None else max_abandonment,
            SHARE if patience_seconds is None else ABANDONMENT,
        ),
    }
    views = viewed("required_agents", given, *_definition_faults(definition))
    agents = _in_parts(DEFINITIONS.index(definition), [view.reshape(-1) for view in views])
    agents = agents.reshape(views[0].shape)
    if agents.min(initial=0) < 0:
        _raise_unreachable(agents, views[0] * views[1] / 3600.0, max_occupancy=views[5])
    return agents


def _in_parts(place: int, columns: list[Floats]) -> Ints:
    """The fewest agents for arguments in the order of `required_agents`, a part at a time.

    A part's working copies stay in the processor's cache; for a million intervals at once they would cost
    more than Erlang C itself.
    """
    agents = np.empty(len(columns[0]), dtype=np.int64)
    for start in range(0, len(agents), PART):
        part = slice(start, start + PART)
        calls, aht, *others = (np.array(column[part], order="C") for column in columns)
        agents[part] = search.each_fewest_agents(place, calls * aht / 3600.0, aht, *others)
    return agents


def _definition_faults(definition: str) -> list[Fault]:
    if definition in DEFINITIONS:
        return []
    return [
        Fault("required_agents", "one of " + ", ".join(DEFINITIONS), str(definition), column="definition")
    ]


def _raise_unreachable(agents: Ints, load: Floats, max_occupancy: Floats) -> None:
    """Loads so large, or occupancies so low, that no number the search tries is enough."""
    faults = []
    for index in np.argwhere(agents < 0)[:NAMED_AT_MOST]:
        erlangs, occupancy = load[tuple(index)], max_occupancy[tuple(index)]
        best, at = erlangs / search.MOST_AGENTS, place_of(index)
        if best < 1.0:
            expected = f"at least {best:.2g}, the best in reach of {search.MOST_AGENTS:.0e} agents"
            faults.append(Fault("required_agents", expected, f"{occupancy:g}{at}", column="max_occupancy"))
        else:
            expected = f"a load of less than {search.MOST_AGENTS:.0e} erlangs"
            faults.append(Fault("required_agents", expected, f"{erlangs:g}{at}", column="calls_per_hour"))
    raise BadInput(faults)
