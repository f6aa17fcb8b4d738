"""The choice in whole numbers: CP-SAT on the whole model of a small team, from the best rota known, with nothing left out.

It proves that rota to be the best or finds a better one.
"""

import time
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.sat import sat_parameters_pb2

from centre.instants import MINUTES_A_DAY
from scheduler.problem import RotaProblem
from scheduler.solve.bound import Bound
from scheduler.solve.cover_model import CoverModel
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.flow_model import FlowModel, Line, paths
from scheduler.solve.roster import Roster
from scheduler.solve.run import Run
from scheduler.solve.search import Scratch, give_exactly, line_own_cost, scratch_of

CPSAT_PER_UNIT = 0.25


@dataclass(frozen=True)
class Chosen:
    """A line for every person and their break starts by (person, day), by number; ``complete`` when nothing can be better."""

    lines: dict[int, Line]
    pauses: dict[tuple[int, int], list[int]]
    complete: bool


@dataclass(frozen=True)
class Work:
    """How much CP-SAT may do: ``amount`` of its deterministic time, cut at ``seconds`` of the clock if given."""

    amount: float
    seconds: float | None
    seed: int


def choose_in_whole(
    run: Run, proof: Bound, start: Roster, seed: int, share: float
) -> tuple[Roster, bool] | None:
    """The best rota found from ``start`` on in a share of the effort, and whether none is better; None where there was none."""
    left = run.clock.left
    work = Work(run.limits.effort * share * CPSAT_PER_UNIT, None if left is None else max(1.0, left), seed)
    begun = time.monotonic()
    chosen = run.clock.unless_stopped(lambda: choose(run.problem, run.lines, run.floor, proof, start, work))
    run.clock.cut |= work.seconds is not None and time.monotonic() - begun >= work.seconds
    if chosen is None:
        return None
    days = run.problem.grid.days
    return give_exactly(run.floor, run.lines.crew, days, chosen.lines, chosen.pauses), chosen.complete


def choose(
    problem: RotaProblem, lines: Lines, floor: Floor, bound: Bound, start: Roster, work: Work
) -> Chosen | None:
    """The best rota found from ``start`` on in the work given, None where there was none."""
    whole = FlowModel(problem, lines, floor, bound.groups, bound.speeds, whole=True)
    hints = [mathopt.SolutionHint(variable_values=dict(_hint(lines, floor, bound, start, whole)))]
    sat = sat_parameters_pb2.SatParameters(
        max_deterministic_time=work.amount, num_workers=1, random_seed=work.seed, relative_gap_limit=0.0,
        max_time_in_seconds=work.seconds if work.seconds is not None else 1e9,
    )  # fmt: skip
    result = mathopt.solve(
        whole.model, mathopt.SolverType.CP_SAT, params=mathopt.SolveParameters(cp_sat=sat),
        model_params=mathopt.ModelSolveParameters(solution_hints=hints),
    )  # fmt: skip
    if not result.has_primal_feasible_solution():
        return None
    values = result.variable_values()
    chosen = _lines(lines, bound, whole, values, work.seed)
    complete = result.termination.reason == mathopt.TerminationReason.OPTIMAL and _in_whole_minutes(
        floor, bound
    )
    return Chosen(chosen, _pauses(problem, whole.cover, bound, chosen, values), complete)


def _in_whole_minutes(floor: Floor, bound: Bound) -> bool:
    """Whether the model's whole minutes are the problem's: with half minutes it counts a little more than the rota costs."""
    return bool(np.all(floor.levels % 1 == 0) and np.all(bound.speeds % 1 == 0))


def _lines(
    lines: Lines, bound: Bound, whole: FlowModel, values: dict[mathopt.Variable, float], seed: int
) -> dict[int, Line]:
    """A line for every person: each group's flow falls apart into as many, dealt out in an order drawn by ``seed``."""
    flows: list[dict[int, int]] = [{} for _ in bound.groups]
    for (number, arc), variable in whole.flows.items():
        flows[number][arc] = round(values[variable])
    problem, chosen, generator = whole.cover.problem, dict[int, Line](), np.random.default_rng(seed)
    clock = [(shift.start - problem.grid.start) % MINUTES_A_DAY for shift in problem.shifts]
    day = [shift.day - problem.grid.first_day for shift in problem.shifts]
    for group, flow in zip(bound.groups, flows, strict=True):
        people = iter(generator.permutation(group.people).tolist())
        for line, count in paths(lines.graphs[group.graph], flow, clock, day, problem.grid.days):
            chosen.update((next(people), line) for _ in range(count))
    return chosen


def counts_of(lines: Lines, floor: Floor, bound: Bound, roster: Roster, origin: int) -> dict[Hashable, float]:
    """A rota as counts of shifts and breaks, by the keys of `FlowModel.counts`; ``origin`` is the grid's start."""
    counts: dict[Hashable, float] = {}
    for group in bound.groups:
        for person in group.people:
            for day, shift in enumerate(roster.line[person].tolist()):
                if shift < 0:
                    continue
                counts[group.skills, shift] = counts.get((group.skills, shift), 0.0) + 1
                for k in range(floor.first_break[shift + 1] - floor.first_break[shift]):
                    key = (group.skills, shift, k, int(roster.pauses[person, day, k]) + origin)
                    counts[key] = counts.get(key, 0.0) + 1
    return counts


def _hint(
    lines: Lines, floor: Floor, bound: Bound, roster: Roster, whole: FlowModel
) -> Iterator[tuple[mathopt.Variable, float]]:
    """The rota as a value for every variable."""
    cover = whole.cover
    counts = counts_of(lines, floor, bound, roster, cover.problem.grid.start)
    yield from ((variable, counts.get(key, 0.0)) for key, variable in whole.counts.items())
    arcs: dict[tuple[int, int], int] = {}
    scratch = scratch_of(floor, lines.crew, roster)
    for number, group in enumerate(bound.groups):
        for person in group.people:
            for arc in _arcs_of(lines, floor, person, roster, scratch):
                arcs[number, arc] = arcs.get((number, arc), 0) + 1
    yield from ((variable, float(arcs.get(key, 0))) for key, variable in whole.flows.items())
    pool = {group.skills: int(lines.crew.pool[group.people[0]]) for group in bound.groups}
    for (skills, t), shares in cover.shares.items():
        yield from ((variable, float(roster.pools[t, pool[skills], q])) for q, variable in shares.items())
    for (queue, t), slacks in cover.slacks.items():
        for slack, level in slacks:
            yield slack, float(np.ceil(max(0.0, level - roster.cover[queue, t]) - 1e-9))


def _arcs_of(lines: Lines, floor: Floor, person: int, roster: Roster, scratch: Scratch) -> Iterator[int]:
    """Arcs of a person's line, counted inside their network."""
    if np.isfinite(line_own_cost(floor, lines.crew, person, roster.line[person], scratch)):
        graph = lines.crew.graph[person]
        before = int(lines.crew.ptr[lines.crew.first[graph]])
        node = lines.graphs[graph].nodes - 1
        while node > 0:
            yield int(scratch.via[2 * node]) - before
            node = int(scratch.via[2 * node + 1])


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
