"""Part of the people planned: everybody else works as a rota has it, and counts as there."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rota import Rota, joined
from scheduler.rules.primitives import BoundedSum, ForbiddenDay, Primitive, ShiftsOfDay

KEPT = "the rota of everybody else"
"""The rule by which those who are not planned have their shifts."""
Days = dict[tuple[str, int], ShiftsOfDay]


def with_others_kept(problem: RotaProblem, rota: Rota, planned: Collection[str]) -> RotaProblem:
    """The problem in which everybody but the people ``planned`` has the shifts of ``rota`` and no other choice.

    A shift that is none of the problem's, such as one that was changed by hand, counts as the one of that day that is most like it.
    """
    days = _days_of(problem, rota)
    people = tuple(
        person if person.agent_id in planned else _kept(person, problem, days) for person in problem.people
    )
    return replace(problem, people=people)


def beside_others(rota: Rota, kept: Rota, planned: Collection[str], first_day: int, days: int) -> Rota:
    """The rows of the people ``planned`` as ``rota`` has them, on the days from ``first_day`` on everybody else's as ``kept`` has them."""
    own = rota.narrowed(_rows_of(rota, planned))
    inside = (kept.day >= first_day) & (kept.day < first_day + days)
    return joined(own, kept.narrowed(inside & ~_rows_of(kept, planned)))


def _rows_of(rota: Rota, people: Collection[str]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([name in people for name in rota.agent_ids], dtype=bool)[rota.agent]


def _days_of(problem: RotaProblem, rota: Rota) -> Days:
    """The shift of each day of each person, as one of the problem's."""
    by_day: dict[int, list[tuple[str, int, int]]] = {}
    for shift in problem.shifts:
        by_day.setdefault(shift.day, []).append((shift.template.name, shift.start, shift.end))
    duties, found = rota.duties, Days()
    for k in range(len(duties)):
        day, start, end = int(duties.day[k]), int(duties.start[k]), int(duties.end[k])
        name = rota.shift_names[duties.shift[k]]
        if day in by_day:
            like = min(
                by_day[day],
                key=lambda each: (abs(each[1] - start) + abs(each[2] - end), each[0] != name, each),
            )
            found.setdefault((rota.agent_ids[duties.agent[k]], day), ShiftsOfDay(day, like[0], like[1]))
    return found


def _kept(person: PlannedPerson, problem: RotaProblem, days: Days) -> PlannedPerson:
    told = tuple(_primitives(person.agent_id, problem, days))
    return replace(
        person, primitives=told, by_rule=((KEPT, told),), overtime=(), wishes=(), preferences=(), charges=()
    )


def _primitives(agent_id: str, problem: RotaProblem, days: Days) -> Iterator[Primitive]:
    grid = problem.grid
    for day in range(grid.first_day, grid.first_day + grid.days):
        if (agent_id, day) in days:
            yield days[agent_id, day]
            yield BoundedSum(day, day, "shifts", 1, 1)
        else:
            yield ForbiddenDay(day)
