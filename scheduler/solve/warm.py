"""A rota that is known already as the start of a search."""

import numpy as np

from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.roster import Roster, empty_roster_of
from scheduler.solve.search import give_best_line, give_line, line_own_cost, scratch_of


def roster_of(problem: RotaProblem, rota: Rota, lines: Lines, floor: Floor) -> Roster:
    """Everybody's line as the rota has it, breaks placed anew; whoever's line is not possible gets their best instead."""
    crew, days = lines.crew, problem.grid.days
    roster = empty_roster_of(crew, days, floor)
    number = {(s.template.name, s.start): k for k, s in enumerate(problem.shifts)}
    row = {person.agent_id: k for k, person in enumerate(problem.people)}
    duties = rota.duties
    for agent, start, shift in zip(
        duties.agent.tolist(), duties.start.tolist(), duties.shift.tolist(), strict=True
    ):
        person, known = row.get(rota.agent_ids[agent]), number.get((rota.shift_names[shift], start))
        if person is not None and known is not None:
            roster.line[person, floor.shift_day[known]] = known
    scratch, kept = scratch_of(floor, crew, roster), []
    for person in range(len(problem.people)):
        roster.own_cost[person] = line_own_cost(floor, crew, person, roster.line[person], scratch)
        kept.append(bool(np.isfinite(roster.own_cost[person])))
    for give, whose in ((give_line, True), (give_best_line, False)):
        for one in (k for k, possible in enumerate(kept) if possible == whose):
            give(floor, crew, roster, one, scratch)
    return roster
