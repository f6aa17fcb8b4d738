"""Average hours a day of people who work nights."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from centre.instants import Grid, Minutes
from centre.model import ShiftTemplate
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import DayCounts, span_window, spans_of
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.nights import in_one_night, night_shifts, night_windows
from scheduler.rules.shared.sums import sum_lines
from scheduler.rules.shared.terms import absences, absent_days, at_work
from scheduler.rules.shared.worked import Worked, known_from, known_work, newcomers, weekly_sums
from scheduler.shifts import candidate_shifts


@dataclass(frozen=True)
class NightAverage:
    """Over any ``weeks`` calendar weeks in a row, night workers average at most ``minutes`` of work a day.

    A night worker of a period is who has ``nights`` or more night shifts in it; 0: everyone for whom the rule
    is in force. A night shift has ``counts_minutes`` or more inside one night, breaks counted. Of each week
    ``days_a_week`` days count, the minimum weekly rest being left out of the average; days of leave and days
    not employed lower what a period allows by a seventh of the week's each. Periods roll: one ends with each
    week of the horizon.

    A solver is told the sum for everyone whose contract has a template that may be a night shift and who can
    still become a night worker: conservative, since a line with fewer nights might work more.

    **Source:** Directive 2003/88/EC art. 8(a), 16(c) (8 hours on average in any 24, the weekly rest left out;
    the reference period is for states to set); Working Time Regulations 1998 reg. 6(1) to (5) (17 weeks);
    ArbZG § 6(2) (8 hours a working day, of which a week has six, on average over one month or four weeks
    where a day has up to ten). Art. 8, reg. 6(1) and § 6(2) were read in November 2026; the rest is recalled.
    """

    source: str
    weeks: Annotated[int, Gt(0)]
    minutes: Annotated[int, Gt(0)] = 480
    nights: Annotated[int, Ge(0)] = 1
    days_a_week: Annotated[int, Gt(0), Le(7)] = 6
    counts_minutes: Annotated[int, Gt(0)] = 180
    night_from: Annotated[int, Ge(0), Le(1439)] = 1380
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "night-average"
    words: ClassVar[str] = "People who work nights average no more than so many hours a day."
    example: ClassVar[str] = (
        "With 8 h over 4 weeks of six days, 192 h may be worked in them; with one night shift and 192 h 1 min it is 1 min too much."
    )
    tighter: ClassVar[dict[str, int]] = {
        "minutes": -1, "nights": -1, "days_a_week": -1, "counts_minutes": -1,
    }  # fmt: skip
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every night worker and period with too much work, told with the last week of the period."""
        work = known_work(rota, facts)
        spans = list(spans_of(facts, "weeks", self.weeks))
        if not spans or not len(work):
            return
        counts = DayCounts.of(work, night_shifts(self, work, facts), spans[0][0], spans[-1][1])
        nights = np.column_stack([counts.within(*span) for span in spans])
        found = self._over_periods(weekly_sums(work, work.worked, facts, self.weeks - 1))
        own = self._over_periods(
            weekly_sums(work, np.where(work.judged, work.worked, 0), facts, self.weeks - 1)
        )
        limit = self._limits(work, facts, spans[0][0])
        broken = (found > limit) & (own > 0) & (nights >= self.nights)
        for k, column in zip(*np.nonzero(broken), strict=True):
            span = spans[column]
            words = (
                f"works {found[k, column]} min in the {self.weeks} weeks from {date_of(span[0])} "
                f"with {nights[k, column]} night shifts; at most {limit[k, column]} min keep the average "
                f"of {self.minutes} min a day."
            )
            window = span_window(span, facts)
            who = work.agent_ids[k]
            yield breach(self, who, window, found[k, column], limit[k, column], "minutes", words)
        if known_from(facts) > spans[0][0]:
            in_doubt = at_work(work) & ~broken.any(axis=1) & ~newcomers(work, facts)
            reason = f"the {self.weeks} weeks of the reference period are not all known."
            yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _limits(self, work: Worked, facts: Facts, first: int) -> Minutes:
        """What each period allows each person, shape (agents, weeks of the horizon)."""
        absent = self._over_periods(absences(work, facts, range(first, facts.end_day, 7)))
        return self._allowed(absent)

    def _allowed(self, absent: Minutes) -> Minutes:
        return np.asarray(self.minutes * self.days_a_week * (7 * self.weeks - absent) // 7, dtype=np.int64)

    def _over_periods(self, weekly: Minutes) -> Minutes:
        """Sums over each period, from those of the weeks: shape (agents, weeks of the horizon)."""
        total = np.cumsum(np.pad(weekly, ((0, 0), (1, 0))), axis=1)
        return total[:, self.weeks :] - total[:, : -self.weeks]

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum for each period in which the person may be a night worker."""
        carry = carry_in(person, facts)
        past = carry.day[night_shifts(self, carry, facts)]
        ahead = self._may_work_nights(person, facts)
        for first, last in spans_of(facts, "weeks", self.weeks):
            nights = int(((past >= first) & (past <= last)).sum())
            days = min(last, facts.end_day - 1) - max(first, facts.first_day) + 1
            if nights + (days if ahead else 0) < self.nights:
                continue
            absent = np.int64(len(absent_days(person, facts, first, last)))
            high = int(self._allowed(np.array(absent)))
            yield from sum_lines(person, facts, (first, last), "worked_minutes", high=high)

    def _may_work_nights(self, person: Person, facts: Facts) -> bool:
        """Whether some template of the person's contract may be a night shift; yes where it is not known."""
        if facts.templates is None or person.contract is None:
            return True
        own = tuple(facts.templates[name] for name in person.contract.shifts if name in facts.templates)
        grid = Grid(facts.zone, facts.first_day, facts.days, 60)
        return any(_night_templates(self, own, grid, facts.makeup_days))


@lru_cache(maxsize=64)  # the same for everyone of a contract
def _night_templates(
    rule: NightAverage, templates: tuple[ShiftTemplate, ...], grid: Grid, makeup_days: frozenset[int]
) -> Flags:
    """Which of a contract's possible shifts on the days of ``grid`` are night shifts, shape (shifts,)."""
    shifts = list(candidate_shifts(templates, grid, makeup_days))
    start = np.array([shift.start for shift in shifts], dtype=np.int64)
    end = np.array([shift.end for shift in shifts], dtype=np.int64)
    windows = night_windows(
        grid.zone, grid.first_day - 1, grid.first_day + grid.days, rule.night_from, rule.night_to
    )
    return in_one_night(start, end, windows) >= rule.counts_minutes
