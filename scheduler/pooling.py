"""People with several skills shared out over their queues, so that what is needed is met as far as it can be.

Each interval is a small transport: groups of people alike send their time to queues, a slow skill losing part
of it on the way. Time is always sent where it loses least, taking others with it to a queue that lacks
(augmenting paths): so all needs are met whenever some sharing out meets them. Where none does, queues go short
by like shares. **Source:** Gale 1957 and Hoffman 1960 for when needs can be met; Onaga 1966 for the path that
loses least.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TINY = 1e-9
STEPS = 10  # where not all can be met, needs rise by tenths, so that queues go short by like shares


def shared(capacity: Floats, speeds: Floats, floor: Floats, need: Floats) -> Floats:
    """Agents of every group on every queue, shape (groups, queues); rows sum to ``capacity`` where a group
    has a queue at all.

    Parameters
    ----------
    capacity : agents at work in each group, fractions allowed, shape (groups,)
    speeds : speed of a group on a queue, 0 where it does not serve it, shape (groups, queues)
    floor, need : agents at speed 1 that each queue must have and should have, shape (queues,). Floors are met
        first, then needs, by equal shares where they cannot all be met; what is left over is spread in
        proportion to needs

    Examples
    --------
    >>> both, one = [1.0, 1.0], [1.0, 0.0]
    >>> shared(np.array([2.0, 2.0]), np.array([both, one]), np.zeros(2), np.array([2.0, 2.0])).tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    need, flow = np.maximum(need, floor), np.zeros(speeds.shape)
    if (speeds > 0).sum(axis=1).max(initial=0) > 1:
        _fill(flow, capacity, speeds, need)
        if ((flow * speeds).sum(axis=0) < need - TINY).any():
            flow[:] = 0.0
            for part in np.linspace(0.0, 1.0, STEPS + 1):
                _fill(flow, capacity, speeds, np.maximum(floor, need * part))
    return flow + _spread(capacity - flow.sum(axis=1), speeds, need)


def _spread(spare: Floats, speeds: Floats, need: Floats) -> Floats:
    """What is left of each group over its queues, in proportion to needs (evenly where nothing is needed),
    shape (groups, queues).
    """
    weight = np.where(speeds > 0, need, 0.0)
    weight = np.where(weight.sum(axis=1, keepdims=True) > 0, weight, speeds > 0)
    total = weight.sum(axis=1, keepdims=True)
    part = np.divide(weight, total, out=np.zeros(weight.shape), where=total > 0)
    return np.asarray(np.maximum(spare, 0.0)[:, None] * part)


def _fill(flow: Floats, capacity: Floats, speeds: Floats, need: Floats) -> None:
    """Add to ``flow`` until each need is met or nothing more can be; what a queue has been given it keeps."""
    while True:
        spare = capacity - flow.sum(axis=1)
        missing = need - (flow * speeds).sum(axis=0)
        path = _best_path(flow, spare, speeds, missing)
        if not path:
            return
        _push(flow, path, speeds, float(spare[path[0][0]]), float(missing[path[-1][1]]))


def _best_path(flow: Floats, spare: Floats, speeds: Floats, missing: Floats) -> list[tuple[int, int]]:
    """(group, queue) steps from spare time to a queue that lacks, each group after the first taken off the
    queue before it.

    Of all such paths one on which least is lost to slow skills; empty where there is none.
    """
    groups, queues = speeds.shape
    at_group = [1.0 if spare[g] > TINY else 0.0 for g in range(groups)]
    at_queue, came_by, left_from = [0.0] * queues, [-1] * queues, [-1] * groups
    better = True
    while better:
        better = False
        for g in range(groups):
            for q in range(queues):
                speed = speeds[g, q]
                if at_group[g] * speed > at_queue[q] * (1 + TINY):
                    at_queue[q], came_by[q], better = at_group[g] * speed, g, True
                if flow[g, q] > TINY and at_queue[q] / speed > at_group[g] * (1 + TINY):
                    at_group[g], left_from[g], better = at_queue[q] / speed, q, True
    gains = [(at_queue[q], -q) for q in range(queues) if at_queue[q] > 0 and missing[q] > TINY]
    return _traced(-max(gains)[1], came_by, left_from) if gains else []


def _traced(queue: int, came_by: list[int], left_from: list[int]) -> list[tuple[int, int]]:
    """The steps of the path that ends in ``queue``, the first one first."""
    steps = []
    while queue >= 0:
        group = came_by[queue]
        steps.append((group, queue))
        queue = left_from[group]
    return steps[::-1]


def _push(flow: Floats, path: list[tuple[int, int]], speeds: Floats, spare: float, missing: float) -> None:
    """Send as much along a path as its tightest step allows."""
    amount, factor, factors = spare, 1.0, [1.0]
    for (group, queue), (following, _) in pairwise(path):
        factor *= speeds[group, queue] / speeds[following, queue]
        factors.append(factor)
        amount = min(amount, float(flow[following, queue]) / factor)
    amount = min(amount, missing / (factor * float(speeds[path[-1]])))
    for (group, queue), share in zip(path, factors, strict=True):
        flow[group, queue] += amount * share
    for (_, queue), (following, _), share in zip(path, path[1:], factors[1:], strict=False):
        flow[following, queue] -= amount * share
