"""The best choice of one line a person among lines found, by CP-SAT."""

import numpy as np
from ortools.sat.python import cp_model

from scheduler.nrp.instance import OFF, Ints
from scheduler.solve.nrp_master import Part
from scheduler.solve.stoppable import solved


def choice(
    part: Part, lines: list[list[Ints]], start: list[Ints], solver: cp_model.CpSolver, inside: bool = False
) -> tuple[list[Ints] | None, bool]:
    """One line for each person of a part, of least penalty, and whether that is proven; None where time was too short.

    Parameters
    ----------
    lines : to choose from, for each person
    start : where the search begins
    solver : with its limits
    inside : the call comes from a thread that need not answer signals itself
    """
    model = cp_model.CpModel()
    days, shifts = part.wanted.shape
    there: list[list[list[cp_model.IntVar]]] = [[[] for _ in range(shifts)] for _ in range(days)]
    chosen: list[list[cp_model.IntVar]] = []
    terms: list[cp_model.LinearExprT] = []
    for number, own in enumerate(lines):
        variables = [model.new_bool_var("") for _ in own]
        model.add_exactly_one(variables)
        chosen.append(variables)
        for variable, line in zip(variables, own, strict=True):
            terms.append(variable * part.cost(number, line))
            model.add_hint(variable, bool((line == start[number]).all()))
            for day in np.flatnonzero(line != OFF).tolist():
                there[day][line[day]].append(variable)
    for day in range(days):
        for shift in range(shifts):
            need, on = int(part.wanted[day, shift]), there[day][shift]
            missing = model.new_int_var(0, max(0, need), "")
            beyond = model.new_int_var(0, max(0, len(on) - need), "")
            model.add(sum(on) + missing - beyond == need)
            terms += [missing * int(part.under[day, shift]), beyond * int(part.over[day, shift])]
    model.minimize(sum(terms))
    status = solver.solve(model) if inside else solved(solver, model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, False
    found = [
        own[next(k for k, variable in enumerate(variables) if solver.value(variable))]
        for own, variables in zip(lines, chosen, strict=True)
    ]
    return found, status == cp_model.OPTIMAL
