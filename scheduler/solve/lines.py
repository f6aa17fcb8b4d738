"""A person's possible lines of work as a network in time: somebody waits for the next start, or works the shift that starts now.

Every path from the first node to the last is a line that honours the person's primitives, and every such line is a path, some lines
more than one. People whose primitives and past agree share one network; what forbids single shifts (leave) or prices them (pay,
wishes) enters as values when a path is sought.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import (
    AllowedShifts,
    ForbiddenDay,
    ForbiddenTime,
    Primitive,
    ShiftBreak,
    ShiftLength,
    ShiftsOfDay,
    UnbrokenWork,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.network import Calendar, LineGraph, Memory, compile_lines, reaches_end
from scheduler.solve.walk import Ahead
from scheduler.solve.walks import walk_of

Flags = NDArray[np.bool_]


NO_SHIFT = -1
ONE_SHIFT = (AllowedShifts, ForbiddenDay, ForbiddenTime, ShiftBreak, ShiftLength, ShiftsOfDay, UnbrokenWork)


def allowed(primitive: Primitive, shift: CandidateShift) -> bool:
    """Whether a primitive that looks at single shifts lets this one stand; others always do."""
    match primitive:
        case AllowedShifts(names):
            return shift.template.name in names
        case ShiftsOfDay(day, name, start):
            return shift.day != day or (shift.template.name == name and start in (None, shift.start))
        case ForbiddenDay(day):
            return shift.day != day
        case ForbiddenTime(start, end):
            return shift.end <= start or shift.start >= end
        case ShiftLength(measure, high):
            minutes = (
                shift.end - shift.start if measure == "elapsed_minutes" else int(getattr(shift, measure))
            )
            return minutes <= high
        case ShiftBreak(after, minutes, part):
            pauses = sum(b.minutes for b in shift.template.breaks if b.minutes >= part)
            return shift.worked_minutes <= after or pauses >= minutes
        case UnbrokenWork(minutes, part):
            return longest_stretch(shift, part) <= minutes
        case _:
            return True


def longest_stretch(shift: CandidateShift, part_minutes: int) -> int:
    """The longest work in a row, wherever in their windows the template's breaks of ``part_minutes`` or more lie."""
    free_from, longest = 0, 0
    for pause in sorted(shift.template.breaks, key=lambda b: b.earliest_minutes):
        if pause.minutes >= part_minutes:
            longest = max(longest, pause.latest_minutes - free_from)
            free_from = pause.earliest_minutes + pause.minutes
    return max(longest, shift.end - shift.start - free_from)


class LineBook:
    """Compiles and keeps the networks of a problem's people, and which shifts each primitive allows."""

    def __init__(self, shifts: Sequence[CandidateShift], first_day: int, days: int) -> None:
        self.shifts = shifts
        self.days = range(first_day, first_day + days)
        self._graphs: dict[tuple[object, ...], LineGraph] = {}
        self._masks: dict[Primitive, Flags] = {}
        self._memories: dict[frozenset[str], Memory] = {}
        self._names = np.array([s.template.name for s in shifts], dtype=object)

    def mask(self, person: PlannedPerson) -> Flags:
        """Which shifts the person may work as far as single shifts go, shape (shifts,)."""
        mask = np.ones(len(self.shifts), dtype=bool)
        for primitive in person.primitives:
            if isinstance(primitive, ONE_SHIFT):
                if primitive not in self._masks:
                    self._masks[primitive] = np.array(
                        [allowed(primitive, s) for s in self.shifts], dtype=bool
                    )
                mask &= self._masks[primitive]
        return mask

    def graph(self, person: PlannedPerson, mask: Flags) -> LineGraph:
        """The network of a person; equal primitives, past and templates give the same object."""
        names = frozenset(self._names[mask].tolist())
        told = (*person.primitives, *person.overtime, *person.preferences)
        followed = tuple(dict.fromkeys(p for p in told if not isinstance(p, ONE_SHIFT)))
        key = (followed, names)
        if key not in self._graphs:
            memory = self._memory_of(names)
            shifts = [self.shifts[k] for choices in memory.calendar.choices for k in choices.tolist()]
            ahead = Ahead.of(shifts, self.days)
            for told_once in followed:
                if told_once not in memory.walks:
                    memory.walks[told_once] = walk_of(told_once, ahead)
            walks = [walk for p in followed if (walk := memory.walks[p]) is not None]
            self._graphs[key] = compile_lines(walks, memory)
        return self._graphs[key]

    def _memory_of(self, names: frozenset[str]) -> Memory:
        """What walks have said to the shifts of these templates."""
        if names not in self._memories:
            usable = [k for k, name in enumerate(self._names) if name in names]
            self._memories[names] = Memory(Calendar.of(self.shifts, usable, self.days))
        return self._memories[names]

    def has_line(self, person: PlannedPerson) -> bool:
        """Whether the person has any possible line, forbidden days and times counted."""
        mask = self.mask(person)
        graph = self.graph(person, mask)
        return bool(graph.feasible and reaches_end(graph.ptr, graph.target, graph.choice, mask))

    def lines(self, person: PlannedPerson) -> list[tuple[int, ...]]:
        """Every line of a person as its choices by day: for tests and tiny problems."""
        mask, none = self.mask(person), (NO_SHIFT,) * len(self.days)
        graph = self.graph(person, mask)
        found: list[set[tuple[int, ...]]] = [set() for _ in range(graph.nodes)]
        found[0].add(none)
        for node in range(graph.nodes if graph.feasible else 0):
            for arc in range(graph.ptr[node], graph.ptr[node + 1]):
                choice, target = int(graph.choice[arc]), found[graph.target[arc]]
                if choice == NO_SHIFT:
                    target |= found[node]
                elif mask[choice]:
                    day = self.shifts[choice].day - self.days[0]
                    target.update((*line[:day], choice, *line[day + 1 :]) for line in found[node])
        return sorted(found[-1]) if graph.feasible else []
