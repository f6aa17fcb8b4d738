"""Why not, in the exact model: people for whom rules leave no line, and minimum cover that the best rota does not meet."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from ortools.sat.python import cp_model

from centre.instants import from_minutes
from scheduler.problem import Floats, PlannedPerson, RotaProblem
from scheduler.solution import Clash
from scheduler.solve.exact_rota import Worked, worked_of
from scheduler.solve.exact_rules import line_of
from scheduler.solve.stoppable import solved

SHOWN = 3
TOLERANCE = 1e-6


def line_alone(problem: RotaProblem, person: PlannedPerson) -> tuple[Worked, ...] | None:
    """Any line of a person, None where their rules leave none."""
    model, solver = cp_model.CpModel(), cp_model.CpSolver()
    days = range(problem.grid.first_day, problem.grid.first_day + problem.grid.days)
    line = line_of(model, problem.shifts, days, person)
    solver.parameters.num_workers = 1
    status = solved(solver, model)
    return worked_of(line, solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None


def stuck_people(problem: RotaProblem, stuck: Sequence[str]) -> tuple[Clash, ...]:
    """One clash for each smallest set of rules that leaves people without a line."""
    by_rules: dict[tuple[str, ...], list[str]] = {}
    for person in problem.people:
        if person.agent_id in stuck:
            by_rules.setdefault(_smallest_clash(problem, person), []).append(person.agent_id)
    return tuple(_told(rules, people) for rules, people in by_rules.items())


def _smallest_clash(problem: RotaProblem, person: PlannedPerson) -> tuple[str, ...]:
    """Rules that leave the person no line, none of which can be left out; none where the person has no rules by name."""
    kept = dict(person.by_rule)
    for name in list(kept):
        fewer = {other: told for other, told in kept.items() if other != name}
        primitives = tuple(p for told in fewer.values() for p in told)
        if line_alone(problem, replace(person, primitives=primitives)) is None:
            kept = fewer
    return tuple(kept)


def _told(rules: tuple[str, ...], people: list[str]) -> Clash:
    """Say who and why."""
    who = ", ".join(people[:SHOWN]) + (f" and {len(people) - SHOWN} more" if len(people) > SHOWN else "")
    if not rules:
        return Clash(f"no possible line of shifts for {who}, who are not planned", tuple(people))
    cannot = f"{' and '.join(rules)} cannot all hold" if len(rules) > 1 else f"{rules[0]} cannot hold"
    sentence = f"{cannot} for {who}: no possible line of shifts is left, so they are not planned"
    return Clash(sentence, tuple(people), rules=rules, way_out=f"loosen {' or '.join(rules)} for them")


def unmet_minimum(problem: RotaProblem, cover: Floats) -> tuple[Clash, ...]:
    """Minimum cover that a rota does not meet; to be asked of one than which none is better."""
    missing = problem.minimum - cover / problem.grid.interval_minutes
    cells = np.argwhere((missing > TOLERANCE).T)
    if not len(cells):
        return ()
    starts = problem.grid.starts
    shown = "; ".join(
        f"{problem.queues[queue]} {from_minutes(starts[t], problem.grid.zone):%a %Y-%m-%d %H:%M} is {missing[queue, t]:.3g} short"
        for t, queue in cells[:SHOWN]
    )
    more = f" and {len(cells) - SHOWN} more intervals" if len(cells) > SHOWN else ""
    when = tuple(dict.fromkeys(int(starts[t]) for t, _ in cells))
    way_out = f"about {np.ceil(missing.max()):.0f} more on duty there"
    return (
        Clash(
            f"the best rota does not meet minimum cover ({shown}{more})",
            (),
            when,
            ("minimum-agents",),
            way_out,
        ),
    )
