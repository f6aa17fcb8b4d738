"""Compiles walks into the network of lines: nodes are instants at which a shift may start, told apart by the states of the walks.

A person waits from one start to the next, or works the shift that starts there and comes to the first start at which they may work again.
Rest is therefore a place in the network and costs no states: round the clock with starts every quarter of an hour there are two
or three arcs a start where a graph of days and states would have one for every pair of starts.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import AT_ONCE, State, Walk

Ints = NDArray[np.int64]
WAIT = -1
States = tuple[State, ...]
Node = tuple[int, States, int]
Arc = tuple[Node, int, float]


@dataclass(frozen=True, eq=False)
class LineGraph:
    """Arcs by the node that they leave: those of node n are ``ptr[n]:ptr[n + 1]`` of ``target, choice, cost``.

    ``choice`` is a shift or WAIT. Nodes are in an order that every arc follows; all lines begin at the first and end at the last.
    """

    ptr: Ints
    target: Ints
    choice: Ints
    cost: NDArray[np.float64]

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.ptr) - 1

    @property
    def feasible(self) -> bool:
        """Whether any line exists."""
        return len(self.choice) > 0


@compiled
def reaches_end(ptr: Ints, target: Ints, choice: Ints, allowed: NDArray[np.bool_]) -> bool:
    """Whether any line uses ``allowed`` shifts alone."""
    nodes = len(ptr) - 1
    alive = np.zeros(nodes, dtype=np.bool_)
    alive[0] = True
    for node in range(nodes):
        if alive[node]:
            for arc in range(ptr[node], ptr[node + 1]):
                if choice[arc] < 0 or allowed[choice[arc]]:
                    alive[target[arc]] = True
    return bool(alive[nodes - 1])


def compile_lines(
    walks: Sequence[Walk], shifts: Sequence[CandidateShift], usable: Sequence[int], days: range
) -> LineGraph:
    """The network of all lines of the ``usable`` shifts (by number) that every walk allows."""
    return _arrays(_Compiler(walks, shifts, usable, days))


class _Compiler:
    """Finds what can be reached, day by day; a node is (day, states of all walks, place among all starts)."""

    def __init__(
        self, walks: Sequence[Walk], shifts: Sequence[CandidateShift], usable: Sequence[int], days: range
    ) -> None:
        self.walks, self.shifts, self.days = (
            walks,
            shifts,
            days,
        )  # ends: first place of each day, and the first after it
        self.places = sorted({(shifts[k].day, shifts[k].start) for k in usable})
        self.instants = [start for _, start in self.places]
        self.by_place: dict[int, list[int]] = {}
        for k in usable:
            place = bisect_left(self.places, (shifts[k].day, shifts[k].start))
            self.by_place.setdefault(place, []).append(k)
        self.ends = {
            day: (bisect_left(self.places, (day,)), bisect_left(self.places, (day + 1,))) for day in days
        }
        self._memory: dict[tuple[int, State, int, int], tuple[tuple[State, float, int], ...]] = {}

    def place_from(self, free_from: int) -> int:
        """The first place at or after an instant."""
        return bisect_left(self.instants, free_from)

    def starts(self) -> Iterator[Node]:
        """Where lines begin."""
        for way in product(*(walk.starts() for walk in self.walks)):
            free_from = max((instant for _, instant in way), default=AT_ONCE)
            yield self.days[0], tuple(state for state, _ in way), self.place_from(free_from)

    def ways(self, states: States, day: int, choice: int) -> Iterator[tuple[States, float, int]]:
        """What may follow a choice: states, cost, instant from which a shift may start."""
        shift = None if choice == WAIT else self.shifts[choice]
        each = []
        for number, state in enumerate(states):
            key = (number, state, day, choice)
            ways = self._memory.get(key)
            if ways is None:
                ways = self._memory[key] = self.walks[number].step(state, day, shift)
            if not ways:
                return
            each.append(ways)
        for way in product(*each):
            yield (
                tuple(part[0] for part in way),
                sum(part[1] for part in way),
                max((part[2] for part in way), default=AT_ONCE),
            )

    def arcs(self, node: Node) -> Iterator[Arc]:
        """Every way on from a node of a day that still has one."""
        day, states, place = node
        _, last = self.ends[day]
        if place < last:
            yield (day, states, place + 1), WAIT, 0.0
            for choice in self.by_place[place]:
                for following, cost, free_from in self.ways(states, day, choice):
                    yield (day + 1, following, max(last, self.place_from(free_from))), choice, cost
        else:
            for following, cost, _ in self.ways(states, day, WAIT):
                yield (day + 1, following, place), WAIT, cost


def _arrays(compiler: _Compiler) -> LineGraph:
    """Reachable nodes in order, without dead ends, as arrays."""
    begin = list(dict.fromkeys(compiler.starts()))
    by_day: dict[int, dict[Node, None]] = {compiler.days[0]: dict.fromkeys(begin)}
    order: list[tuple[Node, list[Arc]]] = []
    for day in compiler.days:
        reached, following = by_day.pop(day, {}), by_day.setdefault(day + 1, {})
        for node in _with_waits(compiler, day, reached):
            arcs = list(compiler.arcs(node))
            order.append((node, arcs))
            following.update(dict.fromkeys(target for target, _, _ in arcs if target[0] > day))
    return _numbered(begin, order, compiler.days[-1] + 1)


def _with_waits(compiler: _Compiler, day: int, reached: dict[Node, None]) -> list[Node]:
    """Nodes of a day and those that waiting leads to, by states and place."""
    _, last = compiler.ends[day]
    earliest: dict[States, int] = {}
    later: list[Node] = []
    for node in reached:
        _, states, place = node
        if place > last:
            later.append(node)
        else:
            earliest[states] = min(earliest.get(states, place), place)
    waits = [(day, states, place) for states, first in earliest.items() for place in range(first, last + 1)]
    return waits + later


def _numbered(begin: list[Node], order: list[tuple[Node, list[Arc]]], end: int) -> LineGraph:
    """Numbers for the nodes that lead on to the end, and their arcs."""
    alive: set[Node] = set()
    kept: list[tuple[Node, list[Arc]]] = []
    for node, arcs in reversed(order):
        on = [arc for arc in arcs if arc[0][0] == end or arc[0] in alive]
        if on:
            alive.add(node)
            kept.append((node, on))
    kept.reverse()
    number = {node: k + 1 for k, (node, _) in enumerate(kept)}
    first = [(number[node], WAIT, 0.0) for node in begin if node in number]
    sink = len(kept) + 1
    lists = [first, *([(number.get(t, sink), choice, cost) for t, choice, cost in arcs] for _, arcs in kept)]
    if not first:
        lists = [[]]
    flat = [arc for arcs in lists for arc in arcs]
    return LineGraph(
        np.cumsum([0, *(len(arcs) for arcs in lists), 0]), np.array([a[0] for a in flat], dtype=np.int64),
        np.array([a[1] for a in flat], dtype=np.int64), np.array([a[2] for a in flat], dtype=np.float64),
    )  # fmt: skip
