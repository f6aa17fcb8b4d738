"""One person's line of work as booleans: which shift on which day, and where each of its breaks starts.

Part of the exact model, which shares nothing with the engine's graphs of lines, so that each can judge the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import (
    AllowedShifts,
    ForbiddenDay,
    ForbiddenTime,
    Primitive,
    ShiftBreak,
    ShiftLength,
    ShiftsOfDay,
)
from scheduler.shifts import CandidateShift, break_starts

Bool = cp_model.IntVar
Sum = cp_model.LinearExpr


def total(terms: Iterable[Sum]) -> Sum:
    """A sum, of nothing too."""
    return cp_model.LinearExpr.sum(list(terms))


@dataclass(frozen=True, eq=False)
class Line:
    """Booleans of one person.

    Parameters
    ----------
    shifts : every candidate shift, by number
    works : whether the person works a shift, by its number; those that no rule on single shifts forbids
    starts : whether a break starts there, by (shift, number of the break, UTC minutes)
    by_day : numbers of the shifts in ``works`` by their day
    on : whether the person works on a day of ``by_day``
    """

    model: cp_model.CpModel
    shifts: Sequence[CandidateShift]
    days: range
    works: dict[int, Bool] = field(default_factory=dict)
    starts: dict[tuple[int, int, int], Bool] = field(default_factory=dict)
    by_day: dict[int, list[int]] = field(default_factory=dict)
    on: dict[int, Bool] = field(default_factory=dict)

    def works_on(self, day: int) -> Sum:
        """Whether the person works on ``day``; days outside the horizon count as free."""
        return self.on.get(day, total(()))

    def on_day(self, day: int) -> list[int]:
        """Shifts that the person may work on ``day``, by number."""
        return self.by_day.get(day, [])

    def sum_of(self, numbers: Sequence[int]) -> Sum:
        """How many of these shifts the person works."""
        return total(self.works[k] for k in numbers)


def free_line(
    model: cp_model.CpModel, shifts: Sequence[CandidateShift], days: range, person: PlannedPerson
) -> Line:
    """The booleans of a person who works at most one shift a day, one that stands alone, each break of it once."""
    line = Line(model, shifts, days)
    for number, shift in enumerate(shifts):
        if shift.day in days and all(stands(p, shift) for p in person.primitives):
            line.works[number] = model.new_bool_var("")
            line.by_day.setdefault(shift.day, []).append(number)
            _place_breaks(line, number)
    for day, numbers in line.by_day.items():
        line.on[day] = model.new_bool_var("")
        model.add(line.sum_of(numbers) == line.on[day])
    return line


def _place_breaks(line: Line, number: int) -> None:
    """Every break of a shift starts once if the shift is worked, and no two overlap."""
    shift = line.shifts[number]
    before: list[tuple[int, int, Bool]] = []
    for index, rest in enumerate(shift.template.breaks):
        mine = {at: line.model.new_bool_var("") for at in break_starts(shift, index)}
        line.starts.update({(number, index, at): variable for at, variable in mine.items()})
        line.model.add(total(mine.values()) == line.works[number])
        for at, variable in mine.items():
            for start, end, other in before:
                if start < at + rest.minutes and at < end:
                    line.model.add_bool_or(~variable, ~other)
        before += [(at, at + rest.minutes, variable) for at, variable in mine.items()]


def stands(primitive: Primitive, shift: CandidateShift) -> bool:
    """Whether a primitive that speaks of single shifts lets this one be, wherever its breaks lie; others always do."""
    match primitive:
        case AllowedShifts(names):
            return shift.template.name in names
        case ShiftsOfDay(day, name, start) if shift.day == day:
            return shift.template.name == name and (start is None or shift.start == start)
        case ForbiddenDay(day):
            return shift.day != day
        case ForbiddenTime(start, end):
            return shift.end <= start or end <= shift.start
        case ShiftLength("elapsed_minutes", high):
            return shift.end - shift.start <= high
        case ShiftLength("paid_minutes", high):
            return shift.paid_minutes <= high
        case ShiftLength("worked_minutes", high):
            return shift.worked_minutes <= high
        case ShiftBreak(after, minutes, part):
            counted = sum(rest.minutes for rest in shift.template.breaks if rest.minutes >= part)
            return counted >= minutes or shift.worked_minutes <= after
        case _:
            return True


def crowds(line: Line, before: Sequence[int], after: Sequence[int], minutes: int) -> Iterator[list[int]]:
    """Shifts of an earlier day (``before``) and of a later one, any two of which lie less than ``minutes`` apart.

    Every pair that does is in one of the lists. A sum of booleans over a whole list is a tighter row than one for each pair.
    """
    lists: dict[tuple[int, ...], list[int]] = {}
    for start in sorted({line.shifts[k].start for k in after}):
        early = tuple(k for k in before if line.shifts[k].end + minutes > start)
        if early:
            lists[early] = [*early, *(k for k in after if line.shifts[k].start <= start)]
    yield from lists.values()
