"""The linear programme over whole lines without a solver: people alike work a mixture of lines, and prices move until none gains.

Cover meets the mixtures only through a price for each row and interval (an augmented Lagrangian: the multiplier, and a pull that is
the stronger the further cover is from where its price wants it). Two steps alternate: everybody's cheapest line at the prices as they
are is found (a cheapest path, `search.path`) and kept; then each group in turn moves weight from its dearest line to its cheapest. Each
touches only a few hundred intervals, so that a pass over hundreds of people costs milliseconds and grows with their number and nothing
else. Whatever the prices, what everybody's cheapest lines cost at them is a bound that no rota can undercut.

**Source:** method of multipliers, Hestenes 1969 and Powell 1969; programme over lines, Dantzig and Wolfe 1960; moves between pairs of
columns as in block-coordinate Frank-Wolfe, Lacoste-Julien and others 2013; Lagrangian bound, Geoffrion 1974.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import Floor
from scheduler.solve.floor import price as floor_price
from scheduler.solve.roster import Crew

Ints = NDArray[np.int64]
NO_LINE = -1.0


class Mixture(NamedTuple):
    """Lines in use by each group, and what they add up to.

    Parameters
    ----------
    person : one person of each group, shape (groups,)
    size : people in each group, shape (groups,)
    line : shift by day or -1, shape (groups, lines, days)
    pauses : break starts in minutes after the grid's start, shape (groups, lines, days, breaks)
    serves : queue served in each interval that the shift touches, shape (groups, lines, days, intervals)
    cells, minutes : where a line covers (row x intervals + interval) and how much, shape (groups, lines, cells); so many are ``filled``
    own : pay, wishes and charges of each line, shape (groups, lines)
    weight : people who work it, or NO_LINE where there is none, shape (groups, lines)
    cover : what all weights add up to, shape (rows x intervals,)
    anchor : multipliers, price of one more minute, shape (rows x intervals,)
    """

    person: Ints
    size: Ints
    line: NDArray[np.int32]
    pauses: NDArray[np.int32]
    serves: NDArray[np.int8]
    cells: NDArray[np.int32]
    minutes: NDArray[np.float32]
    filled: NDArray[np.int32]
    own: Floats
    weight: Floats
    cover: Floats
    anchor: Floats


class Bench(NamedTuple):
    """Working arrays of one thread."""

    value: Floats
    paid: Floats
    best: Floats
    via: Ints
    choice: Ints
    sums: Floats
    costs: Floats
    change: Floats


def mixture_of(floor: Floor, groups: list[tuple[int, ...]], days: int, lines: int) -> Mixture:
    """A mixture without lines, with room for so many ``lines`` of each group."""
    count, (rows, intervals, _) = len(groups), floor.levels.shape
    longest = int(floor.shift_length.max(initial=0)) // floor.interval_minutes + 2
    breaks = int(np.diff(floor.first_break).max(initial=0))
    cells = days * longest * (1 + rows - floor.queues)
    return Mixture(
        np.array([group[0] for group in groups], dtype=np.int64), np.array([len(g) for g in groups], dtype=np.int64),
        np.full((count, lines, days), -1, dtype=np.int32), np.zeros((count, lines, days, breaks), dtype=np.int32),
        np.full((count, lines, days, longest), -1, dtype=np.int8),
        np.zeros((count, lines, cells), dtype=np.int32), np.zeros((count, lines, cells), dtype=np.float32),
        np.zeros((count, lines), dtype=np.int32), np.zeros((count, lines)), np.full((count, lines), NO_LINE),
        np.zeros(rows * intervals), np.zeros(rows * intervals),
    )  # fmt: skip


def bench_of(floor: Floor, crew: Crew, mixture: Mixture) -> Bench:
    """Working arrays of the right sizes."""
    nodes, grains = int(np.diff(crew.first).max(initial=1)), floor.interval_minutes // floor.grain
    return Bench(
        np.empty(crew.own.shape[1]), np.empty(crew.own.shape[1]), np.empty(nodes), np.zeros(2 * nodes, dtype=np.int64),
        np.empty(mixture.line.shape[2], dtype=np.int64), np.empty(floor.levels.shape[1] * grains + 1),
        np.empty(mixture.weight.shape[1]), np.zeros(len(mixture.cover)),
    )  # fmt: skip


@compiled_bare
def slope(floor: Floor, row: int, t: int, cover: float, anchor: float, pull: float) -> float:
    """Price of one more minute of cover: the multiplier that the augmented Lagrangian has at ``cover``."""
    aim = cover + anchor / pull
    rate = floor.surplus[row, t]
    for piece in range(floor.levels.shape[2]):
        level = floor.levels[row, t, piece]
        if aim - rate / pull >= level:
            break
        rate -= floor.rates[row, t, piece]
        if aim - rate / pull >= level:
            return float(pull * (aim - level))
    return float(rate)


@compiled_bare
def prices(floor: Floor, mixture: Mixture, pull: float, out: Floats) -> None:
    """`slope` everywhere."""
    intervals = floor.levels.shape[1]
    for cell in range(len(out)):
        row, t = cell // intervals, cell % intervals
        out[cell] = slope(floor, row, t, mixture.cover[cell], mixture.anchor[cell], pull)


@compiled_bare
def conjugate(floor: Floor, price: Floats) -> float:
    """The least that cover can cost beside what it pays at ``price`` a minute: one half of the bound."""
    total = 0.0
    rows, intervals, pieces = floor.levels.shape
    for row in range(rows):
        for t in range(intervals):
            asked, rate, cover = price[row * intervals + t], floor.surplus[row, t], 0.0
            for piece in range(pieces):
                cover = floor.levels[row, t, piece]
                rate -= floor.rates[row, t, piece]
                if rate <= asked:
                    break
            here = floor_price(floor.levels, floor.rates, floor.surplus, floor.wanted, row, t, cover)
            total += here - asked * cover
    return total


@compiled_bare
def add_cover(mixture: Mixture, group: int, place: int, people: float, cover: Floats) -> None:
    """Add what so many people cover who work a line of the mixture."""
    cells, minutes = mixture.cells[group, place], mixture.minutes[group, place]
    for k in range(mixture.filled[group, place]):
        cover[cells[k]] += people * minutes[k]


@compiled_bare
def _costs(mixture: Mixture, group: int, price: Floats, costs: Floats) -> None:
    """What each line of a group costs at ``price``; inf where there is none."""
    for place in range(len(costs)):
        costs[place] = np.inf
        if mixture.weight[group, place] >= 0:
            total = mixture.own[group, place]
            cells, minutes = mixture.cells[group, place], mixture.minutes[group, place]
            for k in range(mixture.filled[group, place]):
                total += price[cells[k]] * minutes[k]
            costs[place] = total


@compiled_bare
def balance(floor: Floor, mixture: Mixture, price: Floats, pull: float, order: Ints, bench: Bench) -> None:
    """Each group in turn moves weight from its dearest line to its cheapest, prices following."""
    for group in order:
        weight, costs = mixture.weight[group], bench.costs
        _costs(mixture, group, price, costs)
        cheap, dear, high = int(np.argmin(costs)), -1, -np.inf
        for place in range(len(weight)):
            if weight[place] > 0 and costs[place] > high:
                high, dear = costs[place], place
        if dear < 0 or high - costs[cheap] <= 1e-9:
            continue
        add_cover(mixture, group, cheap, 1.0, bench.change)
        add_cover(mixture, group, dear, -1.0, bench.change)
        bend = _square(mixture, group, cheap, bench.change) + _square(mixture, group, dear, bench.change)
        step = min(weight[dear], (high - costs[cheap]) / (pull * max(bend, 1e-12)))
        for place in (cheap, dear):
            _apply(floor, mixture, group, place, step, bench.change, price, pull)
        weight[cheap] += step
        weight[dear] = weight[dear] - step if step < weight[dear] else 0.0


@compiled_bare
def _square(mixture: Mixture, group: int, place: int, change: Floats) -> float:
    """Sum of squares of ``change`` where a line is; what both lines have counts twice, which only shortens the step."""
    total, cells = 0.0, mixture.cells[group, place]
    for k in range(mixture.filled[group, place]):
        total += change[cells[k]] * change[cells[k]]
    return total


@compiled_bare
def _apply(
    floor: Floor,
    mixture: Mixture,
    group: int,
    place: int,
    step: float,
    change: Floats,
    price: Floats,
    pull: float,
) -> None:
    """Change cover and prices by ``step`` times ``change`` where a line is, and forget the change there."""
    cells, intervals = mixture.cells[group, place], floor.levels.shape[1]
    for k in range(mixture.filled[group, place]):
        cell = cells[k]
        if change[cell] != 0:
            mixture.cover[cell] += step * change[cell]
            change[cell] = 0.0
            price[cell] = slope(
                floor, cell // intervals, cell % intervals, mixture.cover[cell], mixture.anchor[cell], pull
            )


@compiled_bare
def recount(mixture: Mixture) -> float:
    """Add the cover up anew, against rounding; the sum of what all lines cost beside cover."""
    mixture.cover[:] = 0.0
    total = 0.0
    for group in range(len(mixture.size)):
        for place in range(mixture.weight.shape[1]):
            people = mixture.weight[group, place]
            if people > 0:
                add_cover(mixture, group, place, people, mixture.cover)
                total += people * mixture.own[group, place]
    return total
