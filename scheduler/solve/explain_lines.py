"""Networks of lines with what does not matter left out: shifts that are alike as one mark, nodes from which the same can follow as one."""

from collections.abc import Iterable

import numpy as np

from centre.instants import Grid
from scheduler.problem import Floats, PlannedPerson, RotaProblem
from scheduler.shifts import break_starts
from scheduler.solve.lines import Flags, LineBook
from scheduler.solve.network import Ints, LineGraph

END = 0
WAITING = 0
MOST_PAIRS = 200_000
Move = tuple[int, int]


class LineShapes:
    """Lines of people as nodes that are shared: a node is what may follow, as moves (mark, next node); `END` is nothing more.

    Parameters
    ----------
    mark_of : mark of every shift, shape (shifts,); 0 is a shift that is as good as waiting
    more_is_better : whether a line that works more may stand for one that works less
    """

    def __init__(self, book: LineBook, mark_of: Ints, more_is_better: bool) -> None:
        self.moves: list[tuple[Move, ...]] = [()]
        self._book, self._more_is_better = book, more_is_better
        self._mark_of = np.append(mark_of, WAITING)  # waiting is shift -1
        self._nodes: dict[tuple[Move, ...], int] = {(): END}
        self._roots: dict[object, int | None] = {}
        self._shapes: dict[tuple[int, bytes], int | None] = {}

    def root(self, person: PlannedPerson) -> int | None:
        """The node from which all lines of a person follow, None where there is none."""
        if person.primitives not in self._roots:
            mask = self._book.mask(person)
            graph = self._book.graph(person, mask)
            key = (id(graph), mask.tobytes())
            if key not in self._shapes:
                usable = np.append(mask, True)[graph.choice].tolist()
                marks = self._mark_of[graph.choice].tolist()
                self._shapes[key] = self._shape(graph.ptr.tolist(), graph.target.tolist(), marks, usable)
            self._roots[person.primitives] = self._shapes[key]
        return self._roots[person.primitives]

    def _shape(self, ptr: list[int], target: list[int], marks: list[int], usable: list[bool]) -> int | None:
        """The first node of a network, made from the last one back; None for one without arcs."""
        nodes: list[int | None] = [None] * (len(ptr) - 1)
        nodes[-1] = END
        for node in range(len(nodes) - 2, -1, -1):
            arcs = range(ptr[node], ptr[node + 1])
            ways = {(marks[a], n) for a in arcs if usable[a] and (n := nodes[target[a]]) is not None}
            nodes[node] = self._node(ways)
        return nodes[0] if target else None

    def _node(self, ways: set[Move]) -> int | None:
        """The node with these moves, None for none; one with nothing but a wait is the node waited for."""
        if self._more_is_better and ways:
            ways = self._most(ways)
            if not ways:
                return END
        if len(ways) <= 1:
            mark, following = next(iter(ways), (WAITING, None))
            if mark == WAITING:
                return following
        kept = tuple(sorted(ways))
        if kept not in self._nodes:
            self._nodes[kept] = len(self.moves)
            self.moves.append(kept)
        return self._nodes[kept]

    def _most(self, ways: set[Move]) -> set[Move]:
        """Moves without waits, each wait told by what follows it; of moves with the same mark only those after which most may follow."""
        worked = {move for move in ways if move[0] != WAITING}
        worked.update(move for mark, following in ways if mark == WAITING for move in self.moves[following])
        after = {following: frozenset(self.moves[following]) for _, following in worked}
        return {
            (mark, one)
            for mark, one in worked
            if not any(m == mark and o != one and after[one] < after[o] for m, o in worked)
        }

    def below(self, roots: Iterable[int]) -> list[int]:
        """Nodes that can be reached, each before those it leads to, `END` left out."""
        seen, ahead = set[int](), list(roots)
        while ahead:
            node = ahead.pop()
            if node != END and node not in seen:
                seen.add(node)
                ahead += [following for _, following in self.moves[node]]
        return sorted(seen, reverse=True)  # nodes are numbered from the end

    def has_more(self, one: int | None, other: int | None) -> bool:
        """Whether some line of ``one``, as marks, is none of ``other``; past `MOST_PAIRS` steps it is taken to be so."""
        if one is None or other is None or one == other:
            return one is not None and one != other
        ahead = [(one, self._waited({other}))]
        seen = set(ahead)
        while ahead:
            node, others = ahead.pop()
            if (node == END and END not in others) or not others or len(seen) > MOST_PAIRS:
                return True
            for mark, following in self.moves[node]:
                then = others
                if mark != WAITING:
                    then = self._waited({f for n in others for m, f in self.moves[n] if m == mark})
                if following not in then and (following, then) not in seen:
                    seen.add((following, then))
                    ahead.append((following, then))
        return False

    def _waited(self, nodes: set[int]) -> frozenset[int]:
        """Nodes and those that waiting leads to."""
        found, ahead = set(nodes), list(nodes)
        while ahead:
            waits = [f for mark, f in self.moves[ahead.pop()] if mark == WAITING and f not in found]
            found.update(waits)
            ahead += waits
        return frozenset(found)


class Reach:
    """In which intervals a person can be at work at all, whatever else their line is."""

    def __init__(self, problem: RotaProblem, book: LineBook) -> None:
        grid = problem.grid
        self._book, self._intervals = book, len(grid.starts)
        self._minutes = np.zeros((len(problem.shifts), self._intervals))
        for row, shift in zip(self._minutes, problem.shifts, strict=True):
            row += self._inside(grid, shift.start, shift.end)
            for k, pause in enumerate(shift.template.breaks):
                row -= np.min(
                    [self._inside(grid, at, at + pause.minutes) for at in break_starts(shift, k)], axis=0
                )
        self._known: dict[tuple[int, bytes], Floats] = {}

    def minutes(self, person: PlannedPerson) -> Floats:
        """The most minutes at work in each interval by itself, shape (intervals,)."""
        mask = self._book.mask(person)
        graph = self._book.graph(person, mask)
        key = (id(graph), mask.tobytes())
        if key not in self._known:
            worked = sorted(_worked(graph, mask))
            most = self._minutes[worked].max(axis=0) if worked else np.zeros(self._intervals)
            self._known[key] = most
        return self._known[key]

    def _inside(self, grid: Grid, start: int, end: int) -> Floats:
        """Minutes of a span in each interval."""
        length, begins = (
            grid.interval_minutes,
            grid.start + np.arange(self._intervals) * grid.interval_minutes,
        )
        inside = np.minimum(end, begins + length) - np.maximum(start, begins)
        return np.asarray(np.clip(inside, 0, None), dtype=np.float64)


def _worked(graph: LineGraph, mask: Flags) -> set[int]:
    """Shifts that some line works which uses no other than those of ``mask``."""
    ptr, target, choice = graph.ptr.tolist(), graph.target.tolist(), graph.choice.tolist()
    usable = np.append(mask, True)[graph.choice].tolist()
    nodes = len(ptr) - 1
    ends = [False] * (nodes - 1) + [True]
    for node in range(nodes - 2, -1, -1):
        ends[node] = any(usable[a] and ends[target[a]] for a in range(ptr[node], ptr[node + 1]))
    begins = [ends[0]] + [False] * (nodes - 1)
    found: set[int] = set()
    for node in range(nodes):
        if begins[node]:
            for arc in range(ptr[node], ptr[node + 1]):
                if usable[arc] and ends[target[arc]]:
                    begins[target[arc]] = True
                    found.add(choice[arc])
    return found - {-1}
