"""A rota that is known already as the start of a search."""

import numpy as np

from centre.model import Break
from scheduler.problem import RotaProblem
from scheduler.rota import PAUSES, Rota
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor
from scheduler.solve.roster import Roster, empty_roster_of, put_in, settle
from scheduler.solve.search import give_best_line, give_line, line_own_cost, scratch_of

Pause = tuple[int, int, str, bool]
"""Start in minutes after the shift's, length, kind, and whether it is paid."""


def roster_of(problem: RotaProblem, rota: Rota, lines: Lines, floor: Floor) -> Roster:
    """Everybody's line as the rota has it, with its breaks where the shift may have them; lines of which any break is elsewhere get all
    breaks anew, and whoever's line is not possible gets their best instead. What people with several skills do is shared out anew.
    """
    crew = lines.crew
    roster = empty_roster_of(crew, problem.grid.days, floor)
    paused = _written(problem, rota, floor, roster)
    scratch, kept = scratch_of(floor, crew, roster), []
    for person in range(len(problem.people)):
        roster.own_cost[person] = line_own_cost(floor, crew, person, roster.line[person], scratch)
        kept.append(bool(np.isfinite(roster.own_cost[person])))
    whole = [person for person, possible in enumerate(kept) if possible and paused[person]]
    for person in whole:
        put_in(floor, crew, roster, person, scratch.desk)
    for person in (k for k, possible in enumerate(kept) if possible and not paused[k]):
        give_line(floor, crew, roster, person, scratch)
    for person in (k for k, possible in enumerate(kept) if not possible):
        give_best_line(floor, crew, roster, person, scratch)
    if len(whole) == len(kept):
        settle(floor, crew, roster, scratch.desk)
    return roster


def _written(problem: RotaProblem, rota: Rota, floor: Floor, roster: Roster) -> list[bool]:
    """Write the rota's shifts, and their breaks; tells of each person whether all their breaks could be kept."""
    number = {(s.template.name, s.start): k for k, s in enumerate(problem.shifts)}
    row = {person.agent_id: k for k, person in enumerate(problem.people)}
    rests, duties, paused = rota.is_kind(*PAUSES), rota.duties, [True] * len(problem.people)
    for duty in range(len(duties)):
        start = int(duties.start[duty])
        person = row.get(rota.agent_ids[duties.agent[duty]])
        known = number.get((rota.shift_names[duties.shift[duty]], start))
        if person is None or known is None:
            continue
        day = floor.shift_day[known]
        roster.line[person, day] = known
        own = [int(k) for k in range(duties.first[duty], duties.last[duty]) if rests[k]]
        told = [
            (int(rota.start[k]) - start, int(rota.end[k] - rota.start[k]), rota.activities[rota.activity[k]], bool(rota.paid[k]))
            for k in own
        ]  # fmt: skip
        places = _places(problem.shifts[known].template.breaks, told)
        if places is None:
            paused[person] = False
        else:
            roster.pauses[person, day, : len(places)] = np.array(places, dtype=np.int64) + (
                start - problem.grid.start
            )
    return paused


def _places(breaks: tuple[Break, ...], told: list[Pause]) -> list[int] | None:
    """When each break of a shift starts, in minutes after the shift; None where the shift may not have them so.

    Examples
    --------
    >>> meal = Break(30, 60, 120, step_minutes=30, kind="meal", paid=False)
    >>> _places((meal,), [(90, 30, "meal", False)])
    [90]
    >>> _places((meal,), [(100, 30, "meal", False)])  # no multiple of 30 minutes after the earliest start
    >>> _places((meal,), [])
    """
    left, places = list(told), list[int]()
    for one in breaks:
        found = next((each for each in left if _may_be(one, each)), None)
        if found is None:
            return None
        left.remove(found)
        places.append(found[0])
    return None if left else places


def _may_be(one: Break, told: Pause) -> bool:
    after, length, kind, paid = told
    inside = one.earliest_minutes <= after <= one.latest_minutes
    in_step = (after - one.earliest_minutes) % one.step_minutes == 0
    return inside and in_step and (length, kind, paid) == (one.minutes, one.kind, one.paid)
