"""Days off in each calendar week."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.gaps import gap_lines, judge_gaps
from scheduler.rules.shared.sums import is_complete, known_days, sum_lines
from scheduler.rules.shared.worked import known_work, week_bounds, weekly_sums


@dataclass(frozen=True)
class WeeklyDayOff:
    """Each calendar week has ``days`` days on which no shift begins, and ``unbroken_minutes`` in a row free.

    A day off that a night shift runs into is no whole day: so, besides the days without a shift of their own,
    a stretch without work of ``unbroken_minutes`` (24 hours unless set otherwise; 0 asks for none) must lie
    inside the same calendar week, in elapsed time. Both must hold. Labour Law of the PRC art. 38 says "at
    least one day off a week"; that the ministry's explanation of 1994 reads this as 24 hours without
    interruption is recalled, not re-read. The weekday may rotate freely.

    **Source:** policy P12, reading (a); Labour Law of the PRC art. 38.
    """

    source: str
    days: Annotated[int, Ge(1), Le(7)] = 1
    unbroken_minutes: Annotated[int, Ge(0), Le(10080)] = 1440
    preset: str = ""
    name: ClassVar[str] = "weekly-day-off"
    words: ClassVar[str] = "Each calendar week holds whole days off."
    example: ClassVar[str] = (
        "With one day off: shifts on Monday to Saturday and a night shift that ends on Sunday at 06:00 leave no 24 h in a row."
    )
    tighter: ClassVar[dict[str, int]] = {"days": 1, "unbroken_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and week with too few days off, or none of them whole."""
        work = known_work(rota, facts)
        days = weekly_sums(work, work.measure("shifts"), facts)
        own = weekly_sums(work, np.where(work.judged, work.measure("shifts"), 0), facts)
        too_many = (days > 7 - self.days) & (own > 0)
        in_doubt = np.zeros(len(work.agent_ids), dtype=bool)
        for column, week in enumerate(facts.weeks()):
            longest, broken, doubtful = judge_gaps(
                work, facts, week_bounds(week, facts), self.unbroken_minutes
            )
            broken |= too_many[:, column]
            if not is_complete(week, facts):
                doubtful |= known_days(week, facts) - days[:, column] < self.days
            in_doubt |= doubtful & ~broken
            for k in np.flatnonzero(broken):
                yield self._breach(work.agent_ids[k], week, facts, 7 - int(days[k, column]), int(longest[k]))
        reason = "a week reaches outside the known days, and the known part holds no whole day off."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _breach(self, agent_id: str, week: int, facts: Facts, off: int, longest: int) -> Violation:
        words = (
            f"had {off} day(s) without a shift and at most {longest} min in a row "
            f"without work in the week from {date_of(week)}; "
            f"{self.days} day(s) and {self.unbroken_minutes} min are required."
        )
        window = week_bounds(week, facts)
        if longest < self.unbroken_minutes:
            return breach(self, agent_id, window, longest, self.unbroken_minutes, "minutes", words)
        return breach(self, agent_id, window, off, self.days, "days", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded number of shifts and, unless it is 0, a gap each week."""
        for week in facts.weeks():
            yield from sum_lines(person, facts, (week, week + 6), "shifts", high=7 - self.days)
            if self.unbroken_minutes:
                yield from gap_lines(person, facts, week_bounds(week, facts), self.unbroken_minutes)
