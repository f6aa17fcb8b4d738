"""Compiles walks into the network of lines: nodes are instants at which a shift may start, told apart by the states of the walks.

A person waits from one start to the next, or works the shift that starts there and comes to the first start at which they may work again.
Rest is therefore a place in the network and costs no states: round the clock with starts every quarter of an hour there are two
or three arcs a start where a graph of days and states would have one for every pair of starts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import AT_ONCE, State, Walk, Ways

Ints = NDArray[np.int64]
WAIT = -1
States = tuple[State, ...]


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


@dataclass(frozen=True)
class Calendar:
    """The shifts that may be worked, by number, in order of their starts; places are the distinct starts of all days in a row.

    ``choices[k]`` are the shifts of the k-th day, ``place_of[k]`` where they start, ``ends[k]`` the first place of the day and of the next.
    """

    shifts: Sequence[CandidateShift]
    days: range
    instants: Ints
    choices: tuple[Ints, ...]
    place_of: tuple[Ints, ...]
    ends: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, shifts: Sequence[CandidateShift], usable: Sequence[int], days: range) -> "Calendar":
        """The calendar of the ``usable`` shifts."""
        by_day = [
            sorted((k for k in usable if shifts[k].day == day), key=lambda k: shifts[k].start) for day in days
        ]
        instants, choices, place_of, ends = list[int](), [], [], []
        for chosen in by_day:
            starts = sorted({shifts[k].start for k in chosen})
            places = {start: len(instants) + place for place, start in enumerate(starts)}
            ends.append((len(instants), len(instants) + len(starts)))
            instants += starts
            choices.append(np.array(chosen, dtype=np.int64))
            place_of.append(np.array([places[shifts[k].start] for k in chosen], dtype=np.int64))
        return cls(
            shifts, days, np.array(instants, dtype=np.int64), tuple(choices), tuple(place_of), tuple(ends)
        )


@dataclass(frozen=True)
class Replies:
    """What one walk says to each choice of a day (the shifts in order, waiting last) from one state.

    ``states`` are those that may follow; the arrays have shape (ways, choices): number of the state or -1, cost, free from when.
    """

    states: tuple[State, ...]
    state: Ints
    cost: NDArray[np.float64]
    free_from: Ints


@dataclass
class Memory:
    """Replies of walks, kept for all networks of one calendar; ``walks`` keeps every walk, by what it follows, as long as its replies."""

    calendar: Calendar
    walks: dict[object, Walk | None] = field(default_factory=dict)
    known: dict[tuple[int, State, int], Replies] = field(default_factory=dict)

    def replies(self, walk: Walk, state: State, day: int) -> Replies:
        """What the walk says on the ``day``-th day."""
        key = (id(walk), state, day)
        if key not in self.known:
            shifts, number = self.calendar.shifts, self.calendar.days[day]
            told = [walk.step(state, number, shifts[k]) for k in self.calendar.choices[day].tolist()]
            self.known[key] = _replies([*told, walk.step(state, number, None)])
        return self.known[key]


def _replies(told: Sequence[Ways]) -> Replies:
    """The ways of each choice as arrays."""
    states = tuple(dict.fromkeys(way[0] for ways in told for way in ways))
    number = {state: k for k, state in enumerate(states)}
    shape = max((len(ways) for ways in told), default=0), len(told)
    state, cost, free_from = np.full(shape, -1), np.zeros(shape), np.full(shape, AT_ONCE)
    for choice, ways in enumerate(told):
        for k, way in enumerate(ways):
            state[k, choice], cost[k, choice], free_from[k, choice] = number[way[0]], way[1], way[2]
    return Replies(states, state, cost, free_from)


@dataclass
class _Layer:
    """The nodes of one day with the same states: places from ``first`` to the day's last in a row, then single later ones."""

    first: int
    later: set[int]
    begins: int = 0

    def numbers(self, last: int, places: Ints) -> Ints:
        """Node numbers of places."""
        behind = np.array(sorted(self.later), dtype=np.int64)
        rows = max(0, last - self.first + 1)
        return self.begins + np.where(
            places <= last, places - self.first, rows + np.searchsorted(behind, places)
        )


Onward = tuple[
    States, Ints, Ints, Ints, NDArray[np.float64]
]  # states after; and of each arc source, place after, choice, cost


def compile_lines(walks: Sequence[Walk], memory: Memory) -> LineGraph:
    """The network of all lines of a calendar's shifts that every walk allows."""
    calendar, nodes = memory.calendar, 1
    begin = list(_starts(walks, calendar))
    layers: dict[States, _Layer] = {}
    for states, place in begin:
        _reach(layers, calendar.ends[0][1], states, np.array([place]))
    parts: list[tuple[Ints, Ints, Ints, NDArray[np.float64]]] = []
    open_arcs: list[Onward] = [
        (states, np.zeros(1, dtype=np.int64), np.array([place]), np.array([WAIT]), np.zeros(1))
        for states, place in begin
    ]
    for day in range(len(calendar.days)):
        last = calendar.ends[day][1]
        for layer in layers.values():
            layer.begins = nodes
            nodes += max(0, last - layer.first + 1) + len(layer.later)
        parts += _closed(open_arcs, layers, last)
        open_arcs, following = [], dict[States, _Layer]()
        for states, layer in layers.items():
            parts.append(_waits(layer, last))
            for onward in _onward(walks, memory, day, states, layer):
                open_arcs.append(onward)
                if day + 1 < len(calendar.days):
                    _reach(following, calendar.ends[day + 1][1], onward[0], onward[2])
        layers = following
    parts += [(source, np.full(len(source), nodes), choice, cost) for _, source, _, choice, cost in open_arcs]
    source, target, choice, cost = (np.concatenate(part) for part in zip(*parts, strict=True))
    return _without_dead_ends(source, target, choice, cost, nodes + 1)


def _starts(walks: Sequence[Walk], calendar: Calendar) -> Iterator[tuple[States, int]]:
    """Where lines begin: states, and the first place at which a shift may start."""
    for way in product(*(walk.starts() for walk in walks)):
        free_from = max((instant for _, instant in way), default=AT_ONCE)
        yield tuple(state for state, _ in way), int(np.searchsorted(calendar.instants, free_from))


def _reach(layers: dict[States, _Layer], last: int, states: States, places: Ints) -> None:
    """Note that these places of a day are reached, the day's own or later ones."""
    layer = layers.setdefault(states, _Layer(last + 1, set()))
    layer.first = min(layer.first, int(places.min()))
    layer.later.update(places[places > last].tolist())


def _closed(
    open_arcs: list[Onward], layers: dict[States, _Layer], last: int
) -> Iterator[tuple[Ints, Ints, Ints, NDArray[np.float64]]]:
    """Arcs into a day whose nodes have their numbers now."""
    for states, source, place, choice, cost in open_arcs:
        yield source, layers[states].numbers(last, place), choice, cost


def _waits(layer: _Layer, last: int) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    """From each place of a day to the next."""
    source = layer.begins + np.arange(max(0, last - layer.first))
    return source, source + 1, np.full(len(source), WAIT), np.zeros(len(source))


def _onward(
    walks: Sequence[Walk], memory: Memory, day: int, states: States, layer: _Layer
) -> Iterator[Onward]:
    """Arcs from a day's nodes with the same states to the next day."""
    calendar, told = (
        memory.calendar,
        [memory.replies(walk, state, day) for walk, state in zip(walks, states, strict=True)],
    )
    (_, last), shifts = calendar.ends[day], len(calendar.choices[day])
    for ways in product(*(range(len(reply.state)) for reply in told)):
        chosen = [
            (reply.states, reply.state[way], reply.cost[way], reply.free_from[way])
            for reply, way in zip(told, ways, strict=True)
        ]
        allowed = np.ones(shifts + 1, dtype=bool)
        cost, free_from, code, stride = (
            np.zeros(shifts + 1),
            np.full(shifts + 1, AT_ONCE),
            np.zeros(shifts + 1, dtype=np.int64),
            1,
        )
        for names, state, extra, free in chosen:
            allowed &= state >= 0
            cost, free_from, code = cost + extra, np.maximum(free_from, free), code + stride * state
            stride *= len(names) + 1
        for one in np.unique(code[allowed]).tolist():
            here = np.flatnonzero(allowed & (code == one))
            after = tuple(names[state[here[0]]] for names, state, _, _ in chosen)
            yield from _arcs(calendar, day, layer, last, here, after, cost, free_from)


def _arcs(
    calendar: Calendar,
    day: int,
    layer: _Layer,
    last: int,
    here: Ints,
    after: States,
    cost: NDArray[np.float64],
    free_from: Ints,
) -> Iterator[Onward]:
    """The arcs of some choices of a day that lead to the same states; the choice behind the last shift is to work none."""
    shifts = here[here < len(calendar.choices[day])]
    start = calendar.place_of[day][shifts]
    shifts, start = shifts[start >= layer.first], start[start >= layer.first]
    if len(shifts):
        place = np.maximum(last, np.searchsorted(calendar.instants, free_from[shifts]))
        yield after, layer.numbers(last, start), place, calendar.choices[day][shifts], cost[shifts]
    if here[-1] == len(calendar.choices[day]):
        places = np.array([*([last] if layer.first <= last else []), *sorted(layer.later)], dtype=np.int64)
        yield (
            after,
            layer.numbers(last, places),
            places,
            np.full(len(places), WAIT),
            np.full(len(places), cost[here[-1]]),
        )


def _without_dead_ends(
    source: Ints, target: Ints, choice: Ints, cost: NDArray[np.float64], nodes: int
) -> LineGraph:
    """The arcs that lead on to the end, by source; a network without any has two nodes."""
    order = np.argsort(source, kind="stable")
    source, target, choice, cost = source[order], target[order], choice[order], cost[order]
    alive = np.zeros(nodes, dtype=np.bool_)
    alive[-1] = True
    mark_alive(source, target, alive)
    kept = alive[source] & alive[target]
    if not alive[0]:
        kept[:], alive[0] = False, True
    number = np.cumsum(alive) - 1
    source, target = number[source[kept]], number[target[kept]]
    counts = np.bincount(source, minlength=int(alive.sum()))
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return LineGraph(ptr, target, choice[kept], cost[kept])


@compiled
def mark_alive(source: Ints, target: Ints, alive: NDArray[np.bool_]) -> None:
    """Mark the nodes that lead to marked ones; arcs are in order of their sources, and lead to greater numbers."""
    for k in range(len(source)):
        arc = len(source) - 1 - k
        if alive[target[arc]]:
            alive[source[arc]] = True
