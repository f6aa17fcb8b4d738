"""Every primitive that binds more than a single shift, written on the booleans of one person's line."""

from collections.abc import Callable, Sequence

from ortools.sat.python import cp_model

from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import (
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    Primitive,
    RestAfterNights,
    UnbrokenWork,
)
from scheduler.shifts import CandidateShift
from scheduler.solve.exact_line import Line, Sum, free_line, total
from scheduler.solve.exact_rests import (
    any_window_holds_a_gap,
    minimum_rest,
    night_sum,
    rest_after_nights,
    short_rests,
    window_holds_a_gap,
)

MEASURES: dict[str, Callable[[CandidateShift], int]] = {
    "shifts": lambda shift: 1,
    "paid_minutes": lambda shift: shift.paid_minutes,
    "worked_minutes": lambda shift: shift.worked_minutes,
}


def line_of(
    model: cp_model.CpModel, shifts: Sequence[CandidateShift], days: range, person: PlannedPerson
) -> Line:
    """The booleans of a person in ``model``, bound by all their primitives."""
    line = free_line(model, shifts, days, person)
    for primitive in person.primitives:
        restrict(line, primitive)
    return line


def restrict(line: Line, primitive: Primitive) -> None:
    """Bind a line by one primitive; what speaks of single shifts alone has bound it already (`exact_line.stands`)."""
    match primitive:
        case MinimumRest(minutes):
            minimum_rest(line, minutes)
        case BoundedSum():
            _bounded_sum(line, primitive)
        case BoundedRun(days):
            _no_longer_row(line, days, {day: line.works_on(day) for day in line.days})
        case GapInWindow():
            window_holds_a_gap(line, primitive)
        case GapInAnyWindow():
            any_window_holds_a_gap(line, primitive)
        case UnbrokenWork():
            _unbroken_work(line, primitive)
        case BoundedShortRests():
            short_rests(line, primitive)
        case BoundedDays(counted, high):
            line.model.add(total(line.works_on(day) for day in set(counted)) <= high)
        case FreeDayInExchange(day, among):
            others = set(among)
            line.model.add(
                line.works_on(day) + total(line.works_on(other) for other in others) <= len(others)
            )
        case BoundedNights(nights, first_day, last_day, high):
            inside = range(first_day, last_day + 1)
            line.model.add(total(night_sum(line, nights, day) for day in inside) <= high)
        case BoundedNightRun():
            _bounded_night_run(line, primitive)
        case RestAfterNights():
            rest_after_nights(line, primitive)


def _bounded_sum(line: Line, rule: BoundedSum) -> None:
    """The measure over the shifts of the days told."""
    measure = MEASURES[rule.measure]
    inside = [k for k in line.works if rule.first_day <= line.shifts[k].day <= rule.last_day]
    amount = total(measure(line.shifts[k]) * line.works[k] for k in inside)
    if rule.low is not None:
        line.model.add(amount >= rule.low)
    if rule.high is not None:
        line.model.add(amount <= rule.high)


def _no_longer_row(line: Line, most: int, held: dict[int, Sum]) -> None:
    """Of ``most`` + 1 days in a row at least one is not ``held``; one that touches no day of the horizon binds nothing."""
    for first in range(min(held), max(held) - most + 1):
        row = range(first, first + most + 1)
        if row[-1] in line.days:
            line.model.add(total(held[day] for day in row) <= most)


def _bounded_night_run(line: Line, rule: BoundedNightRun) -> None:
    """Days in a row with a night shift, those before the horizon counted."""
    held: dict[int, Sum] = {line.days[0] - 1 - back: total(()) + 1 for back in range(rule.carried)}
    held |= {day: night_sum(line, rule.nights, day) for day in line.days}
    _no_longer_row(line, rule.days, held)


def _unbroken_work(line: Line, rule: UnbrokenWork) -> None:
    """Within ``minutes`` after a shift begins, and after each of its pauses ends, the next pause begins or the shift ends."""
    for number, worked in line.works.items():
        shift = line.shifts[number]
        pauses = [
            (at, at + shift.template.breaks[index].minutes, variable)
            for (of, index, at), variable in line.starts.items()
            if of == number and shift.template.breaks[index].minutes >= rule.part_minutes
        ]
        for since, begins in [(shift.start, worked), *((end, variable) for _, end, variable in pauses)]:
            if shift.end - since > rule.minutes:
                following = [variable for at, _, variable in pauses if since <= at <= since + rule.minutes]
                line.model.add_bool_or(*following, ~begins)
