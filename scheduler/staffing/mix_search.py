"""The cheapest whole numbers that pass a test which more agents never fail: add what helps most, then take away and swap.

The test is only asked, never looked into: bounds, formulas and simulation are all searched alike.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing.checks import Floats

Ints = NDArray[np.int64]
Missing = Callable[[Ints], float]


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What may be chosen: agents of each group, shape (groups,).

    Parameters
    ----------
    cost : of one agent of each group
    skills : how many skills a group has; of vectors that cost alike the one with fewer skills is better
    least, most : limits of each group
    """

    cost: Floats
    skills: Ints
    least: Ints
    most: Ints

    def price(self, agents: Ints) -> tuple[float, int]:
        """What vectors are compared by."""
        return round(float(agents @ self.cost), 9), int(agents @ self.skills)

    def allows(self, agents: Ints) -> bool:
        """Whether a vector keeps the groups' limits."""
        return bool((agents >= self.least).all() and (agents <= self.most).all())


def repaired(choice: Choice, start: Ints, missing: Missing) -> Ints:
    """A vector that passes (``missing`` 0), from ``start`` by adding, each time, to the group that helps most for its cost.

    Large steps first, halved when one would pass; to all groups where none helps by itself. Stops, still failing, where no group may
    grow any more.
    """
    agents, lacking = start, missing(start)
    step = _first_step(start)
    while lacking > 0:
        grown = {k: agents + unit for k, unit in enumerate(step * np.eye(len(agents), dtype=np.int64))}
        tried = {k: missing(each) for k, each in grown.items() if choice.allows(each)}
        if step > 1 and (not tried or min(tried.values()) == 0):
            step //= 2
            continue
        if not tried:
            break
        best = min(tried, key=lambda k: ((tried[k] - lacking) / choice.cost[k], choice.skills[k], k))
        helped = tried[best] < lacking
        agents = grown[best] if helped else np.minimum(agents + step, choice.most)
        lacking = tried[best] if helped else missing(agents)
    return agents


def improved(choice: Choice, agents: Ints, missing: Missing) -> Ints:
    """The best vector that passes and is reached from ``agents``, which does, over better ones that pass.

    From one to the next by taking agents of one group or two away and giving back one at most; steps large first.
    """
    step = _first_step(agents)
    failed: list[Ints] = []
    while step:
        for other in _better(choice, agents, step):
            if any((other <= known).all() for known in failed):
                continue
            if missing(other) == 0:
                agents = other
                break
            failed.append(other)
        else:
            step //= 2
    return agents


def _first_step(agents: Ints) -> int:
    return int(2 ** np.floor(np.log2(max(agents.sum() / 32, 1))))


def _better(choice: Choice, agents: Ints, step: int) -> Iterator[Ints]:
    """Better vectors beside one, the least better first: where these fail, many others need not be tried."""
    units = step * np.eye(len(agents), dtype=np.int64)
    nothing = np.zeros(len(agents), dtype=np.int64)
    fewer = [*units, *(a + b for a, b in combinations_with_replacement(units, 2))]
    found = {tuple((agents - away + back).tolist()) for away in fewer for back in (nothing, *units)}
    now = choice.price(agents)
    beside = [np.array(each) for each in found]
    better = [
        (choice.price(each), each.tolist())
        for each in beside
        if choice.allows(each) and choice.price(each) < now
    ]
    for _, each in sorted(better, reverse=True):
        yield np.array(each)
