"""A person's possible lines of work as a layered graph: one layer a day, one node a state of all walks, one arc a choice.

Every path from the first layer to the last is a line that honours the person's primitives, and every such line is a path. People whose
primitives and past agree share one graph; what forbids single shifts (leave, wishes priced) enters as values when a path is sought.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import Floats, PlannedPerson
from scheduler.rules.primitives import (
    AllowedShifts,
    ForbiddenDay,
    ForbiddenTime,
    Primitive,
    ShiftBreak,
    ShiftLength,
    UnbrokenWork,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.walk import Ahead, State, Step, Walk
from scheduler.solve.walks import walk_of

Ints = NDArray[np.int64]
OFF = -1


def allowed(primitive: Primitive, shift: CandidateShift) -> bool:
    """Whether a primitive that looks at single shifts lets this one stand; others always do."""
    match primitive:
        case AllowedShifts(names):
            return shift.template.name in names
        case ForbiddenDay(day):
            return shift.day != day
        case ForbiddenTime(start, end):
            return shift.end <= start or shift.start >= end
        case ShiftLength(measure, high):
            minutes = (
                shift.end - shift.start if measure == "elapsed_minutes" else int(getattr(shift, measure))
            )
            return minutes <= high
        case ShiftBreak(after, minutes, part):
            pauses = sum(b.minutes for b in shift.template.breaks if b.minutes >= part)
            return shift.worked_minutes <= after or pauses >= minutes
        case UnbrokenWork(minutes, part):
            return longest_stretch(shift, part) <= minutes
        case _:
            return True


def longest_stretch(shift: CandidateShift, part_minutes: int) -> int:
    """The longest work in a row, wherever in their windows the template's breaks of ``part_minutes`` or more lie."""
    free_from, longest = 0, 0
    for pause in sorted(shift.template.breaks, key=lambda b: b.earliest_minutes):
        if pause.minutes >= part_minutes:
            longest = max(longest, pause.latest_minutes - free_from)
            free_from = pause.earliest_minutes + pause.minutes
    return max(longest, shift.end - shift.start - free_from)


@dataclass(frozen=True, eq=False)
class LineGraph:
    """Arcs of all days as arrays of shape (arcs,); ``ptr[k]:ptr[k+1]`` are those of day k; ``choice`` is a shift index or OFF.

    ``nodes[k]`` is the number of states before day k; there is one state before the first day.
    """

    ptr: Ints
    source: Ints
    target: Ints
    choice: Ints
    cost: Floats
    nodes: Ints

    @property
    def feasible(self) -> bool:
        """Whether any line exists."""
        return len(self.choice) > 0


class LineBook:
    """Compiles and keeps the graphs of a problem's people."""

    def __init__(self, shifts: Sequence[CandidateShift], first_day: int, days: int) -> None:
        self.shifts = shifts
        self.days = range(first_day, first_day + days)
        self._graphs: dict[tuple[object, ...], LineGraph] = {}

    def mask(self, person: PlannedPerson) -> NDArray[np.bool_]:
        """Which shifts the person may work as far as single shifts go, shape (shifts,)."""
        unary = [p for p in person.primitives if walk_of(p, Ahead.of((), ())) is None]
        return np.array([all(allowed(p, s) for p in unary) for s in self.shifts], dtype=bool)

    def graph(self, person: PlannedPerson, mask: NDArray[np.bool_]) -> LineGraph:
        """The graph of a person; equal primitives, past and templates give the same object."""
        names = frozenset(self.shifts[k].template.name for k in np.flatnonzero(mask).tolist())
        usable = [k for k, s in enumerate(self.shifts) if s.template.name in names]
        ahead = Ahead.of((self.shifts[k] for k in usable), self.days)
        followed = {
            p: w for p in (*person.primitives, *person.overtime) if (w := walk_of(p, ahead)) is not None
        }
        walks = tuple(followed.values())
        key = (tuple(followed), names)
        if key not in self._graphs:
            self._graphs[key] = self._compile(walks, usable)
        return self._graphs[key]

    def has_line(self, person: PlannedPerson) -> bool:
        """Whether the person has any possible line, forbidden days and times counted."""
        mask = self.mask(person)
        graph = self.graph(person, mask)
        alive = {0} if graph.feasible else set()
        for day in range(len(graph.ptr) - 1):
            arcs = range(graph.ptr[day], graph.ptr[day + 1])
            usable = (a for a in arcs if graph.choice[a] == OFF or mask[graph.choice[a]])
            alive = {int(graph.target[a]) for a in usable if int(graph.source[a]) in alive}
        return bool(alive)

    def _compile(self, walks: Sequence[Walk], usable: Sequence[int]) -> LineGraph:
        """All reachable arcs, then without dead ends and with like states merged."""
        by_day: dict[int, list[int]] = {}
        for k in usable:
            by_day.setdefault(self.shifts[k].day, []).append(k)
        stepper = _Stepper(walks)
        frontier: dict[tuple[State, ...], int] = {tuple(walk.start for walk in walks): 0}
        layers: list[list[tuple[int, int, int, float]]] = []
        for day in self.days:
            arcs, following = [], dict[tuple[State, ...], int]()
            for states, node in frontier.items():
                for choice in (OFF, *by_day.get(day, ())):
                    move = stepper(states, day, None if choice == OFF else self.shifts[choice], choice)
                    if move is not None:
                        arcs.append((node, following.setdefault(move[0], len(following)), choice, move[1]))
            layers.append(arcs)
            frontier = following
        return _merged(layers, len(frontier))


class _Stepper:
    """Moves all walks at once, remembering each walk's own steps."""

    def __init__(self, walks: Sequence[Walk]) -> None:
        self.walks = walks
        self.memory: dict[tuple[int, State, int, int], Step] = {}

    def __call__(
        self, states: tuple[State, ...], day: int, shift: CandidateShift | None, choice: int
    ) -> tuple[tuple[State, ...], float] | None:
        moved, cost = [], 0.0
        for number, state in enumerate(states):
            key = (number, state, day, choice)
            if key not in self.memory:
                self.memory[key] = self.walks[number].step(state, day, shift)
            step = self.memory[key]
            if step is None:
                return None
            moved.append(step[0])
            cost += step[1]
        return tuple(moved), cost


def _merged(layers: list[list[tuple[int, int, int, float]]], last: int) -> LineGraph:
    """From the last day back: drop arcs into dead ends, merge states with the same arcs out, as automata are minimised."""
    rename: dict[int, int] = dict.fromkeys(range(last), 0)
    kept: list[list[tuple[int, int, int, float]]] = []
    for arcs in reversed(layers):
        out: dict[int, list[tuple[int, int, float]]] = {}
        for source, target, choice, cost in arcs:
            if target in rename:
                out.setdefault(source, []).append((choice, rename[target], cost))
        classes: dict[tuple[tuple[int, int, float], ...], int] = {}
        rename = {source: classes.setdefault(tuple(moves), len(classes)) for source, moves in out.items()}
        kept.append(
            [(k, target, choice, cost) for moves, k in classes.items() for choice, target, cost in moves]
        )
    kept.reverse()
    return _arrays(kept)


def _arrays(layers: list[list[tuple[int, int, int, float]]]) -> LineGraph:
    """The arcs as arrays; without any path, no arcs at all."""
    if not all(layers):
        layers = [[] for _ in layers]
    flat = [arc for arcs in layers for arc in arcs]
    source, target, choice = (np.array([arc[k] for arc in flat], dtype=np.int64) for k in range(3))
    nodes = [max((arc[0] for arc in arcs), default=-1) + 1 for arcs in layers]
    return LineGraph(
        np.cumsum([0] + [len(arcs) for arcs in layers]), source, target, choice,
        np.array([arc[3] for arc in flat], dtype=np.float64), np.array([*nodes, 1], dtype=np.int64),
    )  # fmt: skip


def all_lines(graph: LineGraph, visit: Callable[[tuple[int, ...]], None]) -> None:
    """Call ``visit`` with the choices of every path: for tests and tiny problems."""

    def walk(day: int, node: int, line: tuple[int, ...]) -> None:
        if day == len(graph.ptr) - 1:
            visit(line)
            return
        for arc in range(graph.ptr[day], graph.ptr[day + 1]):
            if graph.source[arc] == node:
                walk(day + 1, int(graph.target[arc]), (*line, int(graph.choice[arc])))

    if graph.feasible:
        walk(0, 0, ())


def arcs_of(graph: LineGraph, line: Iterable[int]) -> list[int] | None:
    """The arcs of a line, or None where the line is no path."""
    node, arcs = 0, []
    for day, choice in enumerate(line):
        span = slice(graph.ptr[day], graph.ptr[day + 1])
        hit = np.flatnonzero((graph.source[span] == node) & (graph.choice[span] == choice))
        if not len(hit):
            return None
        arcs.append(int(graph.ptr[day] + hit[0]))
        node = int(graph.target[arcs[-1]])
    return arcs
