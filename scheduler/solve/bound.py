"""The proven bound: the linear programme of the whole model. No rota can cost less than its value."""

from collections.abc import Hashable
from dataclasses import dataclass

from ortools.math_opt.python import mathopt

from scheduler.problem import Floats, RotaProblem
from scheduler.solve.cover_model import Group, groups_of
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.flow_model import TINY, FlowModel


@dataclass(frozen=True)
class Bound:
    """What the linear programme proves.

    Parameters
    ----------
    value : bound on the objective from below
    counts : how many work each shift and take each break in the programme's solution, by the keys of `FlowModel.counts`
    unmet : agents missing to the minimum in the best case, by (UTC minutes of the interval's start, queue number)
    groups, speeds : people alike, and the skill sets that they refer to
    """

    value: float
    counts: dict[Hashable, float]
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
    whole = FlowModel(problem, lines, floor, groups, speeds, whole=False)
    result = mathopt.solve(whole.model, mathopt.SolverType.GLOP)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        raise RuntimeError(f"the linear programme ended as {result.termination.reason.name}")
    values = result.variable_values()
    length, starts = floor.interval_minutes, problem.grid.starts
    unmet = {
        (int(starts[t]), queue): values[variable] / length
        for (queue, t), variable in whole.cover.below_minimum.items()
        if values[variable] > TINY * length
    }
    counts = {key: values[variable] for key, variable in whole.counts.items()}
    return Bound(result.objective_value() + lines.constant, counts, unmet, groups, speeds)
