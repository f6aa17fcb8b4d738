"""Settled lives and settled plans as terms of the objective: how shifts follow one another, what an earlier rota promised."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from centre.instants import Grid
from centre.model import Objective
from scheduler.rota import Rota
from scheduler.shifts import CandidateShift
from scheduler.terms import Charge, DaysOffTogether, ForwardRotation, Preference, SameStart

CHANGE = "change"
Duty = tuple[str, int, int]
"""A shift as somebody was told it: its name, start and end in UTC minutes. Breaks may move without a change."""


def preferences_of(objective: Objective, zone: ZoneInfo) -> tuple[Preference, ...]:
    """The preferences that have a price, by the clock of ``zone``."""
    tolerance = objective.start_change_tolerance_minutes
    told: list[Preference] = [
        SameStart(tolerance, objective.start_change, zone),
        ForwardRotation(tolerance, objective.backward_rotation, zone),
        DaysOffTogether(objective.single_day_off),
    ]
    return tuple(preference for preference in told if preference.price > 0)


def duties_by_day(rota: Rota) -> dict[str, dict[int, frozenset[Duty]]]:
    """What each person of a rota works, by day; who works nothing is not there."""
    duties, found = rota.duties, dict[str, dict[int, frozenset[Duty]]]()
    columns = (getattr(duties, name).tolist() for name in ("agent", "day", "shift", "start", "end"))
    for agent, day, shift, start, end in zip(*columns, strict=True):
        mine = found.setdefault(rota.agent_ids[agent], {})
        mine[day] = mine.get(day, frozenset()) | {(rota.shift_names[shift], start, end)}
    return found


def change_charges(
    objective: Objective, earlier: Rota, shifts: Sequence[CandidateShift], grid: Grid
) -> dict[str, Charge]:
    """The price of every day of a person that is not as in an earlier rota, by agent_id.

    A day differs when a shift was added or taken away, or has another name, start or end. Days before the earlier rota's first and
    after its last are not compared, nor are people who have no shift in it. Exact: each day of the earlier rota on which
    somebody worked is charged by the constant and paid back by the shift that keeps it.
    """
    if objective.change <= 0 or not len(earlier.duties):
        return {}
    first = max(grid.first_day, int(earlier.duties.day.min()))
    last = min(grid.first_day + grid.days - 1, int(earlier.duties.day.max()))

    added = [objective.change if first <= shift.day <= last else 0.0 for shift in shifts]
    of_day: dict[int, list[int]] = {}
    for k, shift in enumerate(shifts):
        of_day.setdefault(shift.day, []).append(k)
    charges = {}
    for agent_id, mine in duties_by_day(earlier).items():
        told = [day for day in mine if first <= day <= last]
        prices = added.copy()
        for day in told:
            for k in of_day.get(day, ()):
                shift = shifts[k]
                kept = mine[day] == frozenset([(shift.template.name, shift.start, shift.end)])
                prices[k] = -objective.change if kept else 0.0
        charges[agent_id] = Charge(CHANGE, tuple(prices), objective.change * len(told))
    return charges
