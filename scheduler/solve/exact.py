"""The exact model in CP-SAT: the same flows and breaks as the bound, in whole numbers, started from a rota that is known.

For a small team it proves the best rota; for a large one it may find a better rota than the search did, or nothing in the work allowed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat import sat_parameters_pb2

from scheduler.problem import RotaProblem
from scheduler.solution import Limits
from scheduler.solve.bound import Bound, Line, flow_of, paths
from scheduler.solve.cover_model import CoverModel
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor, overlap, span
from scheduler.solve.lines import arcs_of
from scheduler.solve.search import Roster


@dataclass(frozen=True)
class Chosen:
    """A line for every person and their break starts by (person, day), by number; ``proven`` when no rota is better."""

    lines: dict[int, Line]
    pauses: dict[tuple[int, int], list[int]]
    proven: bool


def exact(
    problem: RotaProblem, lines: Lines, floor: Floor, bound: Bound, roster: Roster, work: float, limits: Limits,
    seconds: float | None,
) -> Chosen | None:  # fmt: skip
    """Search from ``roster`` for ``work`` of CP-SAT's deterministic time; None where nothing was found in it.

    With several workers the search is interleaved, so that it repeats.
    """
    cover = CoverModel(problem, lines, floor, bound.groups, bound.speeds, whole=True)
    flows = [flow_of(cover, group, lines.graphs[group.graph]) for group in bound.groups]
    model = cover.finish()
    hint = mathopt.SolutionHint(variable_values=dict(_hint(lines, floor, bound, roster, cover, flows)))
    sat = sat_parameters_pb2.SatParameters(
        max_deterministic_time=work, num_workers=limits.workers, interleave_search=limits.workers > 1,
        random_seed=limits.seed, relative_gap_limit=0.0,
        max_time_in_seconds=seconds if seconds is not None else 1e9,
    )  # fmt: skip
    result = mathopt.solve(
        model, mathopt.SolverType.CP_SAT, params=mathopt.SolveParameters(cp_sat=sat),
        model_params=mathopt.ModelSolveParameters(solution_hints=[hint]),
    )  # fmt: skip
    if not result.has_primal_feasible_solution():
        return None
    values = result.variable_values()
    chosen: dict[int, Line] = {}
    for group, flow in zip(bound.groups, flows, strict=True):
        people = iter(group.people)
        whole = {arc: float(round(values[v])) for arc, v in flow.items()}
        for line, count in paths(lines.graphs[group.graph], whole).items():
            chosen.update((next(people), line) for _ in range(round(count)))
    proven = result.termination.reason == mathopt.TerminationReason.OPTIMAL
    return Chosen(chosen, _pauses(problem, cover, bound, chosen, values), proven)


def _pauses(
    problem: RotaProblem,
    cover: CoverModel,
    bound: Bound,
    chosen: dict[int, Line],
    values: dict[mathopt.Variable, float],
) -> dict[tuple[int, int], list[int]]:
    """Hand the counted breaks of each shift out to those who work it, earliest to the first person."""
    skills = {person: group.skills for group in bound.groups for person in group.people}
    starts = {key: _repeated(placed, values) for key, placed in cover.breaks.items()}
    pauses: dict[tuple[int, int], list[int]] = {}
    for person, line in sorted(chosen.items()):
        for day, shift in enumerate(line):
            if shift >= 0:
                count = len(problem.shifts[shift].template.breaks)
                pauses[person, day] = [
                    next(starts[skills[person], shift, k]) - problem.grid.start for k in range(count)
                ]
    return pauses


def _repeated(placed: dict[int, mathopt.Variable], values: dict[mathopt.Variable, float]) -> Iterator[int]:
    """Every break start as often as it was counted."""
    return (at for at, variable in placed.items() for _ in range(round(values[variable])))


def _hint(
    lines: Lines,
    floor: Floor,
    bound: Bound,
    roster: Roster,
    cover: CoverModel,
    flows: list[dict[int, mathopt.Variable]],
) -> Iterator[tuple[mathopt.Variable, float]]:
    """The rota as a value for every variable."""
    taken: dict[mathopt.Variable, float] = {}
    variables = [*cover.counts.values(), *(v for p in cover.breaks.values() for v in p.values())]
    variables += [v for flow in flows for v in flow.values()] + [
        v for p in cover.shares.values() for v in p.values()
    ]
    taken.update(dict.fromkeys(variables, 0.0))
    for group, flow in zip(bound.groups, flows, strict=True):
        for person in group.people:
            for arc in arcs_of(lines.graphs[group.graph], roster.line[person]) or ():
                taken[flow[arc]] += 1
            for day, shift in enumerate(roster.line[person]):
                if shift >= 0:
                    _hint_shift(floor, cover, roster, person, day, group.skills, taken)
    yield from taken.items()
    for (queue, t), slacks in cover.slacks.items():
        for slack, level, sign in slacks:
            yield slack, float(np.ceil(max(0.0, sign * (level - roster.cover[queue, t])) - 1e-9))


def _hint_shift(
    floor: Floor,
    cover: CoverModel,
    roster: Roster,
    person: int,
    day: int,
    skills: int,
    taken: dict[mathopt.Variable, float],
) -> None:
    """Count one person's shift, its breaks and whom it serves."""
    shift, length = int(roster.line[person, day]), floor.interval_minutes
    start, end = int(floor.shift_start[shift]), int(floor.shift_start[shift] + floor.shift_length[shift])
    breaks = range(floor.first_break[shift], floor.first_break[shift + 1])
    pauses = [(int(roster.pauses[person, day, k]), int(floor.breaks[b, 0])) for k, b in enumerate(breaks)]
    taken[cover.counts[skills, shift]] += 1
    for k, (at, _) in enumerate(pauses):
        taken[cover.breaks[skills, shift, k][at + cover.problem.grid.start]] += 1
    first, last = span(start, end, length, roster.cover.shape[1])
    for t in range(first, last):
        minutes = overlap(start, end, t, length) - sum(
            overlap(at, at + long, t, length) for at, long in pauses
        )
        queue = int(roster.serves[person, day, t - first])
        if queue >= 0:
            taken[cover.shares[skills, t][queue]] += minutes
