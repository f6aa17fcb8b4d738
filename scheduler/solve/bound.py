"""The proven bound: a linear programme in which people alike flow through their graph of lines.

A person's line is a path, so that people alike are a flow, and any whole flow falls apart into lines: the programme over arcs has the
same value as the one over all lines (column generation), without having to make lines round by round. No rota can cost less than it.
"""

from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.solve.cover_model import CoverModel, Group, groups_of
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.lines import LineGraph

Line = tuple[int, ...]
TINY = 1e-7


@dataclass(frozen=True)
class Bound:
    """What the linear programme proves.

    Parameters
    ----------
    value : bound on the objective from below
    unmet : agents missing to the minimum in the best case, by (UTC minutes of the interval's start, queue number)
    groups, speeds : people alike, and the skill sets that they refer to
    """

    value: float
    unmet: dict[tuple[int, int], float]
    groups: list[Group]
    speeds: Floats

    @property
    def below_minimum(self) -> float:
        """Agents missing to the minimum, summed over intervals."""
        return sum(self.unmet.values())


def bound(problem: RotaProblem, lines: Lines, floor: Floor) -> Bound:
    """Solve the linear programme of a problem in which everybody has a line."""
    groups, speeds = groups_of(lines)
    cover = CoverModel(problem, lines, floor, groups, speeds, whole=False)
    for group in groups:
        flow_of(cover, group, lines.graphs[group.graph])
    result = mathopt.solve(cover.finish(), mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"the linear programme ended as {result.termination.reason.name}")
    values = result.variable_values()
    length, starts = floor.interval_minutes, problem.grid.starts
    unmet = {
        (int(starts[t]), queue): values[variable] / length
        for (queue, t), variable in cover.below_minimum.items()
        if values[variable] > TINY * length
    }
    return Bound(result.objective_value() + lines.constant, unmet, groups, speeds)


def flow_of(cover: CoverModel, group: Group, graph: LineGraph) -> dict[int, mathopt.Variable]:
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
