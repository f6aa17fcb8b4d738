"""No work on Sundays or public holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le

from centre.instants import day_start, existing_instant
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.nights import in_one_night
from scheduler.rules.shared.special import NO_CALENDAR, WORDS, Special, among, needs_calendar, special_days
from scheduler.rules.shared.terms import at_work
from scheduler.rules.shared.worked import in_horizon, known_work


@dataclass(frozen=True)
class SpecialDayBan:
    """Nobody works on Sundays, public holidays or both.

    ``counts = "shift-day"``: a shift counts for the day to which it belongs. ``"clock"``: no presence at all
    between 00:00 and 24:00 of such a day, moved by ``moved_minutes`` (as ArbZG § 9(2) lets several-shift
    works do by up to six hours), whatever day the shift belongs to. Exceptions that a trade has by law are the
    centre's to set: the ban is taken out of force, or in force for those under its scope.

    **Source:** wherever a preset sets it: ArbZG § 9; read in part, see the preset.
    """

    source: str
    days: Special = "sundays-and-holidays"
    counts: Literal["shift-day", "clock"] = "shift-day"
    moved_minutes: Annotated[int, Ge(0), Le(360)] = 0
    preset: str = ""
    name: ClassVar[str] = "special-day-ban"
    words: ClassVar[str] = "Nobody works on Sundays, public holidays or both."
    example: ClassVar[str] = (
        "By the clock: a shift from Saturday 16:00 to Sunday 00:01 is 1 min on the Sunday, where none is allowed."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon on such a day."""
        shifts = rota.duties
        special = special_days(self.days, facts, facts.first_day - 1, facts.end_day + 1)
        if self.counts == "clock":
            found, unit = in_one_night(shifts.start, shifts.end, self._windows(facts)), "minutes"
        else:
            found, unit = among(shifts.day, special).astype(np.int64), "shifts"
        for k in np.flatnonzero(in_horizon(rota, facts) & (found > 0)):
            window = int(shifts.start[k]), int(shifts.end[k])
            what = f"{found[k]} min" if unit == "minutes" else "a shift"
            words = f"works {what} on {WORDS[self.days]}, in the shift of {date_of(shifts.day[k])}; none is allowed."
            yield breach(self, rota.agent_ids[shifts.agent[k]], window, found[k], 0, unit, words)
        if needs_calendar(self.days, facts):
            count = int(at_work(known_work(rota, facts)).sum())
            yield from not_checked(self, facts, count, NO_CALENDAR)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The days forbidden, or their time."""
        if self.counts == "clock":
            yield from (ForbiddenTime(start, end) for start, end in self._windows(facts))
            return
        for day in special_days(self.days, facts, facts.first_day, facts.end_day - 1):
            yield ForbiddenDay(int(day))

    def _windows(self, facts: Facts) -> tuple[tuple[int, int], ...]:
        """Stretches of time that such days take up, days that follow one another as one."""
        windows: list[tuple[int, int]] = []
        for day in special_days(self.days, facts, facts.first_day - 1, facts.end_day + 1).tolist():
            start, end = self._moved(facts, day), self._moved(facts, day + 1)
            if windows and windows[-1][1] == start:
                start = windows.pop()[0]
            windows.append((start, end))
        return tuple(windows)

    def _moved(self, facts: Facts, day: int) -> int:
        if self.moved_minutes:
            return existing_instant(facts.zone, day, self.moved_minutes)
        return day_start(facts.zone, day)
