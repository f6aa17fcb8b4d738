"""The whole model: cover, and people alike flowing through their graph of lines.

A person's line is a path, so that people alike are a flow, and any whole flow falls apart into lines: the programme over arcs has the
same value as the one over all lines (column generation), without having to make lines round by round.
"""

from collections.abc import Hashable, Mapping

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.solve.cover_model import CoverModel, Group
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.lines import LineGraph

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
    into: dict[tuple[int, int], list[mathopt.Variable]] = {}
    out: dict[tuple[int, int], list[mathopt.Variable]] = {}
    days = len(graph.ptr) - 1
    for day in range(days):
        for arc in range(graph.ptr[day], graph.ptr[day + 1]):
            choice = int(graph.choice[arc])
            own = float(group.own[choice]) if choice >= 0 else 0.0
            if not np.isfinite(own):
                continue
            flow[arc] = variable = cover.number(len(group.people))
            cover.objective.append((own + float(graph.cost[arc])) * variable)
            out.setdefault((day, int(graph.source[arc])), []).append(variable)
            into.setdefault((day + 1, int(graph.target[arc])), []).append(variable)
            if choice >= 0:
                cover.workers[group.skills, choice].append(variable)
    for node in out.keys() | {n for n in into if n[0] < days}:
        people = len(group.people) if node[0] == 0 else 0
        leaving, coming = out.get(node, []), into.get(node, [])
        cover.model.add_linear_constraint(mathopt.fast_sum(leaving) - mathopt.fast_sum(coming) == people)
    return flow


def paths(graph: LineGraph, flow: dict[int, float]) -> dict[Line, float]:
    """Lines that a flow falls apart into, the widest path first."""
    left = {arc: value for arc, value in flow.items() if value > TINY}
    found: dict[Line, float] = {}
    while left:
        node, arcs = 0, []
        for day in range(len(graph.ptr) - 1):
            here = [
                a for a in range(graph.ptr[day], graph.ptr[day + 1]) if graph.source[a] == node and a in left
            ]
            if not here:
                return found
            arc = max(here, key=lambda a: (left[a], -a))
            arcs.append(arc)
            node = int(graph.target[arc])
        width = min(left[arc] for arc in arcs)
        for arc in arcs:
            left[arc] -= width
            if left[arc] <= TINY:
                del left[arc]
        line = tuple(int(graph.choice[arc]) for arc in arcs)
        found[line] = found.get(line, 0.0) + width
    return found
