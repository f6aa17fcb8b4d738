"""What chat, priority and call-back queues share: fractions of agents, limits to meet, the search for the fewest.

Each of them has one compiled formula for many queues at once. What is built on it is the same for all and
written here over arrays: every step of the search asks the formula about all queues that are still undecided.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault
from centre.model import Definition
from scheduler.staffing.checks import NAMED_AT_MOST, SHARE, Expected, Flags, Floats, place_of
from scheduler.staffing.erlang import DEFINITIONS
from scheduler.staffing.search import MOST_AGENTS
from scheduler.staffing.targets import ABANDONMENT, ASA, OCCUPANCY, TARGET

Ints = NDArray[np.int64]
# (agents, which queues) -> measures, shape (measures, ..., queues)
Formula = Callable[[Floats, Ints], Floats]
FIRST_SERVICE, ASA_PLACE, ABANDON_PLACE, OCCUPANCY_PLACE = 1, 6, 8, 9  # places in `Performance`


def measures_of(formula: Formula, agents: Floats, patience: Floats) -> Floats:
    """Measures of whole or fractional numbers of agents, shape (measures, ..., queues).

    Where customers have patience, fractions lie on the straight line between the whole numbers beside them
    (an agent who is there part of the time); where nobody abandons, the formula itself takes fractions, since
    the smaller whole number may have no steady state.

    Parameters
    ----------
    formula : measures of queues, by their places in ``agents``; with no agents, its wait of the served is the
        limit for ever fewer of them
    agents, patience : shape (queues,)
    """
    everyone = np.arange(len(agents))
    few = np.where(np.isinf(patience), agents, np.floor(agents))
    found = formula(few, everyone)
    part = np.flatnonzero(agents > few)
    if len(part):
        many = formula(few[part] + 1.0, part)
        found[..., part] += (agents - few)[part] * (many - found[..., part])
    nobody = found[ASA_PLACE][..., agents == 0.0]
    found[ASA_PLACE][..., agents == 0.0] = np.where(found[0][..., agents == 0.0] > 0.0, np.inf, nobody)
    return found


def limit_arguments(
    target_share: ArrayLike,
    max_occupancy: ArrayLike | None,
    max_asa_seconds: ArrayLike | None,
    max_abandonment: ArrayLike | None,
    patience_seconds: ArrayLike | None,
) -> dict[str, tuple[ArrayLike, Expected]]:
    """The four limits as `checks.checked` takes them; what is None limits nothing."""
    gone = SHARE if patience_seconds is None else ABANDONMENT
    return {
        "target_share": (target_share, TARGET),
        "max_occupancy": (1.0 if max_occupancy is None else max_occupancy, OCCUPANCY),
        "max_asa_seconds": (np.inf if max_asa_seconds is None else max_asa_seconds, ASA),
        "max_abandonment": (1.0 if max_abandonment is None else max_abandonment, gone),
    }


def definition_faults(function: str, *definitions: str) -> list[Fault]:
    """A fault for every service-level definition that does not exist."""
    return [
        Fault(function, "one of " + ", ".join(DEFINITIONS), str(name), column="definition")
        for name in definitions
        if name not in DEFINITIONS
    ]


def meets(found: Floats, definition: Definition, limits: Sequence[Floats]) -> Flags:
    """Whether measures keep all limits: share, occupancy, asa, abandonment; an endless wait never does."""
    share, occupancy, asa, abandonment = limits
    return np.asarray(
        (found[FIRST_SERVICE + DEFINITIONS.index(definition)] >= share)
        & (found[OCCUPANCY_PLACE] <= occupancy)
        & (found[ASA_PLACE] <= asa)
        & (found[ABANDON_PLACE] <= abandonment)
        & (found[ASA_PLACE] < np.inf)
    )


def fewest(
    function: str, enough: Callable[[Floats, Ints], Flags], load: Floats, least_occupancy: Floats
) -> Ints:
    """Smallest whole number of agents, at least one, that is enough for each queue; 0 where the load is 0.

    Starts from square-root staffing, doubles its steps away from it until the answer is bracketed, then
    halves; ``low`` is never enough, ``high`` is once bracketed.

    Parameters
    ----------
    enough : (agents, which queues) -> whether they meet all limits
    load : agents that would just be busy all the time
    least_occupancy : occupancy of `MOST_AGENTS`, told where not even they are enough

    ``load`` has the shape of the answer; "which queues" counts through it when flattened.

    Raises
    ------
    BadInput
        naming the queues for which `MOST_AGENTS` are not enough.
    """
    flat = load.ravel()
    high = np.ceil(flat + np.sqrt(flat))
    low, step = np.zeros_like(high), np.ones_like(high)
    rows = np.flatnonzero(high > 0.0)
    while len(rows):
        rows = rows[~enough(high[rows], rows) & (high[rows] < MOST_AGENTS)]
        low[rows] = high[rows]
        high[rows] += step[rows]
        step[rows] *= 2.0
    _raise_if_unreachable(function, (high >= MOST_AGENTS).reshape(load.shape), load, least_occupancy)
    above, step = low == 0.0, np.ones_like(high)  # above: the first guess was enough, steps go down
    rows = np.flatnonzero(high - low > 1.0)
    while len(rows):
        halved, down = np.floor(0.5 * (low + high)), np.maximum(high - step, 1.0)
        guess = np.where(above, down, halved)[rows]
        good = enough(guess, rows)
        high[rows[good]], step[rows[good]] = guess[good], 2.0 * step[rows[good]]
        low[rows[~good]], above[rows[~good]] = guess[~good], False
        rows = rows[high[rows] - low[rows] > 1.0]
    return high.astype(np.int64).reshape(load.shape)


def _raise_if_unreachable(function: str, lost: Flags, load: Floats, least_occupancy: Floats) -> None:
    """Loads so large, or occupancies so low, that no number the search tries is enough."""
    faults = []
    for index in np.argwhere(lost)[:NAMED_AT_MOST]:
        at = place_of(index)
        if load[tuple(index)] < MOST_AGENTS:
            best = (
                f"at least {least_occupancy[tuple(index)]:.2g}, the best in reach of {MOST_AGENTS:.0e} agents"
            )
            faults.append(Fault(function, best, f"less{at}", column="max_occupancy"))
        else:
            most = f"a load of less than {MOST_AGENTS:.0e} erlangs"
            faults.append(Fault(function, most, f"{load[tuple(index)]:g}{at}"))
    if faults:
        raise BadInput(faults)
