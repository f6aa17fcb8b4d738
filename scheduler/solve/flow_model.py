"""The whole model: cover, and people alike flowing through their graph of lines.

A person's line is a path, so that people alike are a flow, and any whole flow falls apart into lines: the programme over arcs has the
same value as the one over all lines (column generation), without having to make lines round by round.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.solve.cover_model import CoverModel, Group
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.network import LineGraph

Line = tuple[int, ...]
Values = Mapping[Hashable, float]
TINY = 1e-7


class FlowModel:
    """The model of a problem in which everybody has a line, in whole numbers or not.

    `counts` holds what decides the cover, counts of shifts and of their breaks, `flows` who takes which arc of which group; both by keys
    that are the same in every model of a problem, so that values carry over from one to another.
    """

    def __init__(
        self,
        problem: RotaProblem,
        lines: Lines,
        floor: Floor,
        groups: list[Group],
        speeds: Floats,
        whole: bool,
    ) -> None:
        self.cover = CoverModel(problem, lines, floor, groups, speeds, whole)
        self.flows: dict[tuple[int, int], mathopt.Variable] = {}
        for number, group in enumerate(groups):
            for arc, variable in _flow(self.cover, group, lines.graphs[group.graph]).items():
                self.flows[number, arc] = variable
        self.counts: dict[Hashable, mathopt.Variable] = dict(self.cover.counts)
        for key, placed in self.cover.breaks.items():
            self.counts.update({(*key, at): variable for at, variable in placed.items()})
        self.model = self.cover.finish()


def _flow(cover: CoverModel, group: Group, graph: LineGraph) -> dict[int, mathopt.Variable]:
    """Flow variables of a group by arc: as many people leave the first node as the group has, and none is lost on the way."""
    flow: dict[int, mathopt.Variable] = {}
    into: list[list[mathopt.Variable]] = [[] for _ in range(graph.nodes)]
    for node in range(graph.nodes - 1):
        out = []
        for arc in range(graph.ptr[node], graph.ptr[node + 1]):
            choice = int(graph.choice[arc])
            own = float(group.own[choice]) if choice >= 0 else 0.0
            if not np.isfinite(own):
                continue
            flow[arc] = variable = cover.number(len(group.people))
            cover.objective.append((own + float(graph.cost[arc])) * variable)
            out.append(variable)
            into[graph.target[arc]].append(variable)
            if choice >= 0:
                cover.workers[group.skills, choice].append(variable)
        people = len(group.people) if node == 0 else 0
        cover.model.add_linear_constraint(mathopt.fast_sum(out) - mathopt.fast_sum(into[node]) == people)
    return flow


def paths(
    graph: LineGraph, flow: dict[int, int], clock: Sequence[int], day: Sequence[int], days: int
) -> Iterator[tuple[Line, int]]:
    """Lines that a whole flow falls apart into, with how many people take each.

    A flow falls apart in many ways; this one begins with the earliest start and stays near it from day to day, so that people start
    at much the same hour all week. ``clock`` tells each shift's start in minutes of the day, ``day`` its day from 0 of ``days``.
    """
    left = {arc: people for arc, people in flow.items() if people}
    while left:
        starts = {arc: clock[graph.choice[arc]] for arc in left if graph.choice[arc] >= 0}
        arcs = _nearest(graph, left, starts, min(starts.values(), default=0))
        people = min(left[arc] for arc in arcs)
        for arc in arcs:
            left[arc] -= people
            if not left[arc]:
                del left[arc]
        line = [-1] * days
        for choice in (int(graph.choice[arc]) for arc in arcs):
            if choice >= 0:
                line[day[choice]] = choice
        yield tuple(line), people


def _nearest(graph: LineGraph, left: Mapping[int, int], starts: Mapping[int, int], usual: int) -> list[int]:
    """The path through what is left whose starts lie nearest the usual one, as arcs."""
    best: dict[int, tuple[float, int, int]] = {0: (0.0, -1, -1)}
    source = np.searchsorted(graph.ptr, sorted(left), side="right") - 1
    for arc, node in zip(sorted(left), source.tolist(), strict=True):
        if node in best:
            price = abs(starts[arc] - usual) if arc in starts else 0
            reached = (best[node][0] + price, arc, node)
            target = int(graph.target[arc])
            if target not in best or reached < best[target]:
                best[target] = reached
    arcs, node = list[int](), graph.nodes - 1
    while node:
        _, arc, node = best[node]
        arcs.append(arc)
    return arcs
