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
from scheduler.solve.lines import LineGraph

Line = tuple[int, ...]
Values = Mapping[Hashable, float]
TINY = 1e-7
DAY_OFF = 60  # minutes from the usual start that a day off counts as when lines are told apart


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


def paths(graph: LineGraph, flow: dict[int, int], clock: Sequence[int]) -> Iterator[tuple[Line, int]]:
    """Lines that a whole flow falls apart into, with how many people take each.

    A flow falls apart in many ways; this one begins with the earliest start and stays near it from day to day, so that people start
    at much the same hour all week. ``clock`` tells each shift's start in minutes of the day.
    """
    left = {arc: people for arc, people in flow.items() if people}
    while left:
        node, arcs, usual = 0, list[int](), 0
        for day in range(len(graph.ptr) - 1):
            span = range(graph.ptr[day], graph.ptr[day + 1])
            here = [arc for arc in span if graph.source[arc] == node and arc in left]
            starts = {
                arc: clock[graph.choice[arc]] if graph.choice[arc] >= 0 else usual + DAY_OFF for arc in here
            }
            arc = min(here, key=lambda a: (abs(starts[a] - usual), a))
            if graph.choice[arc] >= 0:
                usual = starts[arc]
            arcs.append(arc)
            node = int(graph.target[arc])
        people = min(left[arc] for arc in arcs)
        for arc in arcs:
            left[arc] -= people
            if not left[arc]:
                del left[arc]
        yield tuple(int(graph.choice[arc]) for arc in arcs), people
