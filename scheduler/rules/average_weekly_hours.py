"""Average minutes a week over a reference period."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.instants import Minutes, day_start
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.sums import sum_lines
from scheduler.rules.shared.terms import absences, absent_days, at_work, persons_of
from scheduler.rules.shared.worked import Worked, known_from, known_work, newcomers, weekly_sums


@dataclass(frozen=True)
class AverageWeeklyHours:
    """Over any ``weeks`` calendar weeks in a row, the average is at most ``minutes`` a week.

    Periods roll: one ends with each week of the horizon. Days of leave and days not employed are left out of
    the average: they lower what the whole period allows by a seventh of the weekly limit each, so that whoever
    was employed within the period is judged since then. A period that reaches before the known days is not
    checked, unless what is known is too much already. With ``opt_out``, whoever has the opt-out
    ``average-weekly-hours`` is left out; where nothing is known of the person, a period over the limit is
    not checked. Averages over months, quarters or years are `period-hours` with ``workdays`` plain.

    **Source:** Directive 2003/88/EC art. 6(b) (48 hours on average, overtime included), 16(b) (reference
    period of at most four months, read as 17 weeks; annual and sick leave left out) and 22 (opt-out, which a
    state may allow); Working Time Regulations 1998 reg. 4(3) to (5): 17 weeks, or since employment began, and
    5: opt-out. How each was read stands in docs/laws.md.
    """

    minutes: Annotated[int, Gt(0)]
    weeks: Annotated[int, Gt(0)]
    source: str
    measure: Literal["paid_minutes", "worked_minutes"] = "paid_minutes"
    opt_out: bool = False
    preset: str = ""
    name: ClassVar[str] = "average-weekly-hours"
    words: ClassVar[str] = "The average week of a reference period is no longer than its limit."
    example: ClassVar[str] = (
        "With 48 h over 17 weeks and one week of leave, at most 16 x 48 h = 768 h may be worked; 768 h 1 min is a breach by 1 min."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too many minutes, told with the last week of the period."""
        work = known_work(rota, facts)
        values = work.measure(self.measure)
        found = self._over_periods(weekly_sums(work, values, facts, self.weeks - 1))
        own = self._over_periods(weekly_sums(work, np.where(work.judged, values, 0), facts, self.weeks - 1))
        absent = self._over_periods(absences(work, facts, self._weeks(facts)))
        limit = self.minutes * (7 * self.weeks - absent) // 7
        over = (found > limit) & (own > 0)
        opted, unknown = self._opted_out(work, facts)
        broken = over & ~opted[:, None] & ~unknown[:, None]
        for k, column in zip(*np.nonzero(broken), strict=True):
            last = facts.weeks()[column]
            first = last - 7 * (self.weeks - 1)
            words = (
                f"has {found[k, column]} min in the {self.weeks} weeks from {date_of(first)}; "
                f"at most {limit[k, column]} min keep the average of {self.minutes} min a week."
            )
            window = day_start(facts.zone, first), day_start(facts.zone, last + 7)
            yield breach(
                self, work.agent_ids[k], window, found[k, column], limit[k, column], "minutes", words
            )
        if known_from(facts) > self._weeks(facts)[0]:
            in_doubt = at_work(work) & ~over.any(axis=1) & ~newcomers(work, facts) & ~opted
            reason = f"the {self.weeks} weeks of the reference period are not all known."
            yield from not_checked(self, facts, int(in_doubt.sum()), reason)
        reason = "they are over the limit, and whether they opted out of it is not known."
        yield from not_checked(self, facts, int((over.any(axis=1) & unknown).sum()), reason)

    def _opted_out(self, work: Worked, facts: Facts) -> tuple[Flags, Flags]:
        """Who opted out and of whom that is not known, where opting out is possible; shape (agents,)."""
        if not self.opt_out:
            nobody = np.zeros(len(work.agent_ids), dtype=bool)
            return nobody, nobody
        people = list(persons_of(work, facts))
        opted = [person is not None and self.name in person.opt_outs for person in people]
        return np.array(opted, dtype=bool), np.array([person is None for person in people], dtype=bool)

    def _weeks(self, facts: Facts) -> range:
        return range(facts.weeks()[0] - 7 * (self.weeks - 1), facts.end_day, 7)

    def _over_periods(self, weekly: Minutes) -> Minutes:
        """Sums over each period, from those of the weeks: shape (agents, weeks of the horizon)."""
        total = np.cumsum(np.pad(weekly, ((0, 0), (1, 0))), axis=1)
        return total[:, self.weeks :] - total[:, : -self.weeks]

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum for each period that ends with a week of the horizon."""
        if self.opt_out and self.name in person.opt_outs:
            return
        for week in facts.weeks():
            first, last = week - 7 * (self.weeks - 1), week + 6
            absent = len(absent_days(person, facts, first, last))
            high = self.minutes * (7 * self.weeks - absent) // 7
            yield from sum_lines(person, facts, (first, last), self.measure, high=high)
