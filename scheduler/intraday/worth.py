"""What cover is worth from now on: the price of what is missing, for any number of people at work, thousands of changes at once.

People with several skills serve where they are missed most, each counted once. In one interval that is a small transport; by duality
its least price is the largest of linear functions of the people at work, one for each set of prices of an agent on the queues at
which something would change. They are listed once, so that a change is priced by comparing them and nothing is shared out again.
**Source:** Koopmans, Optimum utilization of the transportation system (1949), for the prices that certify a sharing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from scheduler.terms import CoverPrices

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
MOST = 8192
"""Sets of prices that are listed for queues which share people; beyond it the price is one from below."""
SAMPLES, NEAR = 16, (0.0, 0.05, 0.15, 0.3)
"""How often `Worth.near` tries people at work that differ by about these parts, and a few more."""


@dataclass(frozen=True, eq=False)
class Linked:
    """Queues that share people, and the linear functions of them: ``base`` of shape (functions, intervals) less
    ``weight`` of shape (functions, groups) times people.
    """

    base: Floats
    weight: Floats

    @property
    def groups(self) -> Rows:
        """Groups that serve these queues."""
        return np.flatnonzero(self.weight.any(axis=0))


@dataclass(frozen=True, eq=False)
class Worth:
    """The price of cover, by interval.

    Parameters
    ----------
    parts : queues that share people, each with its functions
    hours : length of an interval
    """

    parts: tuple[Linked, ...]
    hours: float

    def near(self, people: Floats) -> "Worth":
        """The same for people at work near to these alone, with those functions that are largest somewhere there: far fewer."""
        rng = np.random.default_rng(1)
        moved = [rng.normal(0.0, 2.0 + part * people) for part in NEAR for _ in range(SAMPLES)]
        moved += [rng.normal(0.0, part * people.sum(axis=0), people.shape) / len(people) for part in NEAR]
        parts = []
        for part in self.parts:
            seen = [np.zeros(0, dtype=np.intp)]
            for sample in (np.zeros(people.shape), *moved):
                seen.append((part.base - part.weight @ np.maximum(0.0, people + sample)).argmax(axis=0))
            kept = np.unique(np.concatenate(seen))
            parts.append(Linked(part.base[kept], part.weight[kept]))
        return Worth(tuple(parts), self.hours)

    def price(self, people: Floats) -> Floats:
        """Least price of each interval with so many people at work, ``people`` of shape (groups, intervals)."""
        return (
            np.asarray(sum((part.base - part.weight @ people).max(axis=0) for part in self.parts))
            * self.hours
        )

    def saved(self, people: Floats, steps: Floats, at: Rows) -> Floats:
        """What is saved by so many more (or, below 0, fewer) people of each group, shape (steps, groups, intervals ``at``)."""
        found = np.zeros((len(steps), len(people), len(at)))
        for part in self.parts:
            level = part.base[:, at] - part.weight @ people[:, at]
            now = level.max(axis=0)
            for group in part.groups:
                for k, step in enumerate(steps):
                    found[k, group] = now - (level - step * part.weight[:, group, None]).max(axis=0)
        return found * self.hours


def worth_of(prices: CoverPrices, speeds: Floats, hours: float) -> Worth:
    """The price of cover where people have these speeds.

    Parameters
    ----------
    prices : what is missing and what is too many, by queue and interval
    speeds : speed of each group on each queue, 0 where it does not serve it, shape (groups, queues)
    hours : length of an interval

    Examples
    --------
    >>> level, rate = np.full((1, 2, 1), 2.0), np.full((1, 2, 1), 60.0)
    >>> worth = worth_of(CoverPrices(level, rate, np.zeros((2, 1))), np.array([[1.0, 0.0], [1.0, 1.0]]), 0.5)
    >>> worth.price(np.array([[1.0], [1.0]])).tolist(), worth.price(np.array([[2.0], [2.0]])).tolist()
    ([60.0], [0.0])
    """
    parts = []
    for queues in _linked(speeds):
        listed = np.array(list(_listed([_slopes(prices, q) for q in queues], speeds[:, queues])))
        base = np.zeros((len(listed), prices.surplus.shape[1]))
        for place, q in enumerate(queues):
            values, which = np.unique(listed[:, place], return_inverse=True)
            base += _least(prices, q, values)[which]
        parts.append(Linked(base, _weights(listed, speeds[:, queues])))
    return Worth(tuple(parts), hours)


def _linked(speeds: Floats) -> list[list[int]]:
    """Queues in sets that share nobody with one another."""
    left, found = set(range(speeds.shape[1])), []
    while left:
        mine = {min(left)}
        while True:
            near = (speeds[:, sorted(mine)] > 0).any(axis=1)
            wider = mine | set(np.flatnonzero((speeds[near] > 0).any(axis=0)).tolist())
            if wider == mine:
                break
            mine = wider
        found.append(sorted(mine))
        left -= mine
    return found


def _slopes(prices: CoverPrices, queue: int) -> list[float]:
    """What an agent more can be worth at a queue in any interval, least first."""
    levels, rates = prices.levels[:, queue], prices.rates[:, queue]
    order = np.argsort(-levels, axis=0, kind="stable")
    steps = np.cumsum(np.take_along_axis(rates, order, axis=0), axis=0)
    return [float(value) for value in np.unique(np.concatenate([-prices.surplus[queue], steps.ravel()]))]


def _listed(slopes: Sequence[Sequence[float]], speeds: Floats) -> Iterator[tuple[float, ...]]:
    """Sets of prices of an agent, one price for each queue: all that a best sharing can have, where they are not too many."""
    several = speeds[(speeds > 0).sum(axis=1) > 1]
    ratios = {round(float(a / b), 9) for row in several for a in row[row > 0] for b in row[row > 0]} | {1.0}
    further = {round(one * other, 9) for one in ratios for other in ratios}
    for factors in (further, ratios, {1.0}):
        tied = [_tied(own, slopes, factors) for own in slopes]
        if np.prod([float(len(own)) for own in tied]) <= MOST:
            yield from product(*tied)
            return
    least, everywhere = [own[0] for own in slopes], sorted({value for own in slopes for value in own})
    for size in (0, 1, 2, len(slopes)):
        for some in combinations(range(len(slopes)), size):
            for value in everywhere if size else [0.0]:
                yield tuple(value if q in some else least[q] for q in range(len(slopes)))


def _tied(own: Sequence[float], slopes: Sequence[Sequence[float]], factors: set[float]) -> list[float]:
    """Prices of an agent at a queue: those at which it changes, and those that slower people tie to another queue's.

    The steepest, that of the minimum, is tied to nothing: people go there first anyway.
    """
    values = {*own, *(value * factor for other in slopes for value in other[:-1] for factor in factors)}
    return sorted(value for value in values if value >= own[0])


def _least(prices: CoverPrices, queue: int, values: Floats) -> Floats:
    """Least of a queue's price and the cost of its agents at each price of an agent, shape (values, intervals)."""
    levels, rates = prices.levels[:, queue], prices.rates[:, queue]
    top = levels.max(axis=0)
    found = np.full((len(values), levels.shape[1]), np.inf)
    for agents in (np.zeros_like(top), *levels):
        price = (np.maximum(0.0, levels - agents) * rates).sum(axis=0)
        price += np.maximum(0.0, agents - levels[0]) * prices.surplus[queue]
        found = np.minimum(found, price + values[:, None] * agents)
    endless = -values[:, None] > prices.surplus[queue] + 1e-9
    return np.where(endless, -np.inf, found)


def _weights(listed: Floats, speeds: Floats) -> Floats:
    """What one of each group is worth at each set of prices, on the queue where that is most, shape (sets, groups)."""
    own = np.where(speeds > 0, speeds * listed[:, None, :], -np.inf).max(axis=2)
    return np.where((speeds > 0).any(axis=1), own, 0.0)
