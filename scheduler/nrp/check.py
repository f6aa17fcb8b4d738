"""A judge of rosters that was written from the benchmark's description alone and shares no code with any solver.

It takes the roster as it stands in the file that is handed out, rows of employee, day and shift, and walks through it a
person and a day at a time. Plain Python throughout: what it says can be followed by hand.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from scheduler.nrp.instance import NrpInstance

Row = tuple[str, int, str]


@dataclass(frozen=True)
class Breach:
    """A hard constraint that is broken.

    Parameters
    ----------
    employee : whose roster breaks it
    day : the day, or the first of several; None where it is about the whole horizon
    rule : name of the constraint
    found, limit : what the roster has and what is allowed, in the constraint's unit
    """

    employee: str
    day: int | None
    rule: str
    found: int | str
    limit: int | str

    def __str__(self) -> str:
        when = "" if self.day is None else f", day {self.day}"
        return f"{self.employee}{when}: {self.rule} is {self.found}, allowed {self.limit}"


@dataclass(frozen=True)
class Judgement:
    """What a roster costs by term, and every hard constraint that it breaks."""

    requests_on: int
    requests_off: int
    cover_under: int
    cover_over: int
    breaches: tuple[Breach, ...]

    @property
    def penalty(self) -> int:
        """The sum of the terms."""
        return self.requests_on + self.requests_off + self.cover_under + self.cover_over


def judge(instance: NrpInstance, rows: Iterable[Sequence[Any]]) -> Judgement:
    """Judge a roster.

    Parameters
    ----------
    rows : employee, day from 0 and shift of each day worked, by name, in any order

    Returns
    -------
    Judgement
        of everything that names people, days and shifts of the instance; rows that do not are breaches.
    """
    plan: dict[str, dict[int, str]] = {person: {} for person in instance.staff}
    breaches: list[Breach] = []
    for employee, day, shift in rows:
        if employee not in plan or day not in range(instance.days) or shift not in instance.shifts:
            breaches.append(Breach(str(employee), None, "row", f"{day}, {shift}", "known names and days"))
        elif day in plan[employee]:
            breaches.append(Breach(employee, day, "shifts a day", f"{plan[employee][day]} and {shift}", 1))
        else:
            plan[employee][day] = shift
    for number, employee in enumerate(instance.staff):
        breaches += _person(instance, number, employee, plan[employee])
    on, off = _requests(instance, plan)
    under, over = _cover(instance, plan)
    return Judgement(on, off, under, over, tuple(breaches))


def _person(instance: NrpInstance, number: int, name: str, worked: dict[int, str]) -> list[Breach]:
    """Every hard constraint of one person."""
    return [
        *_succession(instance, name, worked),
        *_totals(instance, number, name, worked),
        *_runs(instance, number, name, worked),
        *_weekends(instance, number, name, worked),
        *_days_off(instance, number, name, worked),
    ]


def _succession(instance: NrpInstance, name: str, worked: dict[int, str]) -> Iterable[Breach]:
    """Shifts that cannot follow the shift of the day before."""
    for day, shift in sorted(worked.items()):
        before = worked.get(day - 1)
        if before is None:
            continue
        first, second = instance.shifts.index(before), instance.shifts.index(shift)
        if instance.cannot_follow[first][second]:
            yield Breach(name, day, f"shift after {before}", shift, "another shift or none")


def _totals(instance: NrpInstance, number: int, name: str, worked: dict[int, str]) -> Iterable[Breach]:
    """Days on each shift, and minutes, over the horizon."""
    times = Counter(worked.values())
    for shift, most in zip(instance.shifts, instance.max_shifts[number].tolist(), strict=True):
        if times[shift] > most:
            yield Breach(name, None, f"number of shifts {shift}", times[shift], most)
    length = dict(zip(instance.shifts, instance.minutes.tolist(), strict=True))
    minutes = sum(length[shift] for shift in worked.values())
    if minutes > int(instance.max_minutes[number]):
        yield Breach(name, None, "maximum total minutes", minutes, int(instance.max_minutes[number]))
    if minutes < int(instance.min_minutes[number]):
        yield Breach(name, None, "minimum total minutes", minutes, int(instance.min_minutes[number]))


def _runs(instance: NrpInstance, number: int, name: str, worked: dict[int, str]) -> Iterable[Breach]:
    """Days of work and days off in a row; what lies outside the horizon is assumed to make a short run at its edge long enough."""
    first = 0
    for at_work, days in groupby(range(instance.days), key=lambda day: day in worked):
        length = len(list(days))
        inside = first > 0 and first + length < instance.days
        if at_work and length > int(instance.max_run[number]):
            yield Breach(name, first, "maximum consecutive shifts", length, int(instance.max_run[number]))
        if at_work and inside and length < int(instance.min_run[number]):
            yield Breach(name, first, "minimum consecutive shifts", length, int(instance.min_run[number]))
        if not at_work and inside and length < int(instance.min_off[number]):
            yield Breach(name, first, "minimum consecutive days off", length, int(instance.min_off[number]))
        first += length


def _weekends(instance: NrpInstance, number: int, name: str, worked: dict[int, str]) -> Iterable[Breach]:
    """Weekends with work on Saturday or Sunday; day 0 is a Monday."""
    weeks = {day // 7 for day in worked if day % 7 >= 5}
    if len(weeks) > int(instance.max_weekends[number]):
        yield Breach(name, None, "weekends worked", len(weeks), int(instance.max_weekends[number]))


def _days_off(instance: NrpInstance, number: int, name: str, worked: dict[int, str]) -> Iterable[Breach]:
    """Work on a day that was given off."""
    for day, off in enumerate(instance.fixed_off[number].tolist()):
        if off and day in worked:
            yield Breach(name, day, "work on a fixed day off", worked[day], "none")


def _requests(instance: NrpInstance, plan: dict[str, dict[int, str]]) -> tuple[int, int]:
    """Weights of shifts asked for and not given, and of shifts asked not to have and given."""
    on = off = 0
    for person, day, shift, weight in instance.on_requests.tolist():
        if plan[instance.staff[person]].get(day) != instance.shifts[shift]:
            on += weight
    for person, day, shift, weight in instance.off_requests.tolist():
        if plan[instance.staff[person]].get(day) == instance.shifts[shift]:
            off += weight
    return on, off


def _cover(instance: NrpInstance, plan: dict[str, dict[int, str]]) -> tuple[int, int]:
    """Weights of people missing and of people beyond what is wanted, by day and shift."""
    there = Counter((day, shift) for worked in plan.values() for day, shift in worked.items())
    under = over = 0
    for day in range(instance.days):
        for number, shift in enumerate(instance.shifts):
            missing = int(instance.required[day][number]) - there[day, shift]
            if missing > 0:
                under += missing * int(instance.under_weight[day][number])
            else:
                over += -missing * int(instance.over_weight[day][number])
    return under, over
