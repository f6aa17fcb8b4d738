"""What no routing can do without: bounds on a skill mix, and where a search for one best begins.

Two bounds are proved and never gone below:

- **load**: the work of any set of queues fits into the time of those who serve one of them, each at the best speed there (Hall,
  Gale and Hoffman: just then the work can be shared out, each agent's time used once; with speeds of pairs of agent and queue it is
  a necessary condition). A flexible agent is never counted twice, whatever the routing. Where nobody abandons all of the load must
  be answered, else as much as the limits ask for.
- **alone**: a queue with a team of everyone who serves it, all at the best speed and for this queue only, meets its limits. Other
  queues can only take agents' time away from contacts that are answered in the order in which they came.

One figure is an estimate, not a bound: the team that all queues together would need if everybody could do everything, shared out by
load. It would be a bound if every customer waited alike; priorities and skills make some wait longer so that others need not, and
with low targets that may beat the pool. So it only tells where the search begins, which may go below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from centre.model import Queue
from scheduler.staffing.checks import Floats
from scheduler.staffing.teams import Team, seconds_of, slowdown

Ints = NDArray[np.int64]
STRICTLY = 1e-6  # where nobody abandons agents must exceed the load
TINY = 1e-7
ALL_SETS = 10  # queues of which every set is looked at; of more only single ones, pairs and whole components


@dataclass(frozen=True, eq=False, slots=True)
class Bounds:
    """What a vector of agents a group must at least be able to do.

    Parameters
    ----------
    speeds : groups x queues, 0 where a group lacks the skill
    work : agents at usual speed that the contacts of a queue keep busy at least, shape (queues,)
    alone : fewest agents of the best speed that serve a queue alone within its limits, shape (queues,)
    pooled : agents at usual speed to begin with, by queue, shape (queues,)
    sets : sets of queues, 1 for those in it, shape (sets, queues)
    capacity : usual agents that one of a group is worth at most for a set, shape (sets, groups)
    """

    speeds: Floats
    work: Floats
    alone: Ints
    pooled: Floats
    sets: Floats
    capacity: Floats

    def missing(self, agents: Ints) -> float:
        """Agents lacking against both bounds, over all sets of queues; 0 where they hold."""
        heads = agents @ (self.speeds > 0)
        return self._lacking(agents, self.work) + float(np.maximum(self.alone - heads, 0).sum())

    def words(self, agents: Ints, queues: Sequence[Queue]) -> str:
        """What is missing, in words; empty where nothing is."""
        heads = agents @ (self.speeds > 0)
        short = [
            f"{q.name} alone needs {n} agents with its skill"
            for q, n, m in zip(queues, self.alone, heads, strict=True)
            if m < n
        ]
        if self._lacking(agents, self.work) > 0:
            short.append("more work than agents with the skills can do")
        return ", ".join(short)

    def missing_to_begin(self, agents: Ints) -> float:
        """As `missing`, the estimate with it."""
        return self.missing(agents) + self._lacking(agents, self.pooled)

    def _lacking(self, agents: Ints, need: Floats) -> float:
        short = np.maximum(self.sets @ need - self.capacity @ agents, 0.0)
        return float(short[short > TINY].sum())


def bounds_of(queues: Sequence[Queue], rates: Floats, aht_seconds: Floats, speeds: Floats) -> Bounds:
    """The bounds of queues with so many contacts an hour and handle times, for groups of such speeds."""
    best = np.where(speeds.any(axis=0), speeds.max(axis=0), 1.0)
    load = rates * aht_seconds / 3600.0 * np.array([_slots_worth(queue) for queue in queues])
    sets = _sets(speeds)
    return Bounds(
        speeds,
        load * np.array([_answered(queue) for queue in queues]),
        np.array(
            [_alone(queue, *each) for queue, *each in zip(queues, rates, aht_seconds / best, strict=True)]
        ),
        load * _pooled_factor(queues, rates, aht_seconds, load, speeds),
        sets,
        (sets[:, None, :] * speeds).max(axis=2),
    )


def _sets(speeds: Floats) -> Floats:
    """Sets of queues to look at, shape (sets, queues)."""
    count = speeds.shape[1]
    sizes = range(1, count + 1) if count <= ALL_SETS else (1, 2)
    chosen = [each for size in sizes for each in combinations(range(count), size)] + components(speeds)
    sets = np.zeros((len(chosen), count))
    for row, each in zip(sets, chosen, strict=True):
        row[list(each)] = 1.0
    return np.unique(sets, axis=0)


def _alone(queue: Queue, rate: float, aht_seconds: float) -> int:
    return int(Team((queue,)).required(np.array([[rate]]), np.array([[aht_seconds]]))[0])


def _slots_worth(queue: Queue) -> float:
    """An agent's share of time that a contact takes, next to its handle time alone, while the agent holds as many as may be."""
    return (1.0 + slowdown(queue) * (queue.concurrency - 1)) / queue.concurrency


def _answered(queue: Queue) -> float:
    """The least share of contacts that must be answered to keep a queue's limits."""
    if queue.patience_seconds is None:
        return 1.0 + STRICTLY
    share, stays = queue.target_share, np.exp(-seconds_of(queue) / queue.patience_seconds)
    by_service = {"offered": share, "virtual": share * stays, "exclshort": share * stays}
    limit = 1.0 if queue.max_abandonment is None else queue.max_abandonment
    return float(max(by_service.get(queue.service_level_definition, 0.0), 1.0 - limit))


def _pooled_factor(
    queues: Sequence[Queue], rates: Floats, aht_seconds: Floats, load: Floats, speeds: Floats
) -> Floats:
    """Agents that a queue's whole component needs as one team, over its load, shape (queues,)."""
    factor = np.ones(len(queues))
    for part in map(list, components(speeds)):
        total = rates[part].sum()
        if total > 0:
            mean = float((rates[part] * aht_seconds[part]).sum() / total)
            most = max(_alone(queues[q], total, mean) for q in part)
            factor[part] = most / max(load[part].sum(), TINY)
    return factor


def components(speeds: Floats) -> list[tuple[int, ...]]:
    """Queues that share agents, directly or through others, as lists of their places."""
    linked = (speeds.T @ speeds) > 0
    np.fill_diagonal(linked, True)
    for _ in range(len(linked)):
        linked = (linked.astype(int) @ linked.astype(int)) > 0
    return sorted({tuple(np.flatnonzero(row).tolist()) for row in linked})
