"""Overtime of a calendar month."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from centre.instants import Minutes, day_of, day_start, week_of
from scheduler.rota import Rota
from scheduler.rules.carry import Carry, carry_in
from scheduler.rules.facts import Facts, Person
from scheduler.rules.findings import breach, not_checked
from scheduler.rules.primitives import Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.sums import sum_lines
from scheduler.rules.terms import at_work
from scheduler.rules.worked import Worked, known_from, known_work, newcomers, weekly_sums


@dataclass(frozen=True)
class MonthlyOvertime:
    """At most ``minutes`` of overtime a month.

    A week's overtime is what it has over ``weekly_minutes`` in all, or over ``daily_minutes`` day by day,
    whichever is more; it counts for the month in which the week begins. Work on public holidays is not told
    apart.

    To a solver the rule is told on the safe side (``exact`` is False): what the month has left is shared
    evenly among its weeks in the horizon.

    **Source:** Labour Law of the PRC art. 41: at most 36 hours of overtime a month.
    """

    minutes: Annotated[int, Ge(0)]
    source: str
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    daily_minutes: Annotated[int, Gt(0)] = 480
    preset: str = ""
    name: ClassVar[str] = "monthly-overtime"
    words: ClassVar[str] = "A month's overtime is no more than its limit."
    example: ClassVar[str] = (
        "With 36 h a month: weeks of 45, 50, 50 and 51 h bring 5 + 10 + 10 + 11 = 36 h; one minute more is a breach."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "weekly_minutes": -1, "daily_minutes": -1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and month with too much overtime."""
        work = known_work(rota, facts)
        months = list(months_of(facts))
        first = months[0][1][0]
        overtime = self._overtime(work, work.paid, facts, first)
        past = self._overtime(work, np.where(work.judged, 0, work.paid), facts, first)
        for month, weeks in months:
            columns = [(week - first) // 7 for week in weeks]
            found = overtime[:, columns].sum(axis=1)
            broken = (found > self.minutes) & (found > past[:, columns].sum(axis=1))
            for k in np.flatnonzero(broken):
                yield self._breach(work.agent_ids[k], facts, month, weeks, int(found[k]))
            if weeks[0] < known_from(facts):
                in_doubt = at_work(work) & ~broken & ~newcomers(work, facts)
                reason = f"what they worked in {month} is known only in part."
                yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _breach(self, agent_id: str, facts: Facts, month: str, weeks: list[int], found: int) -> Violation:
        words = (
            f"has {found} min of overtime in the weeks that begin in {month}; "
            f"at most {self.minutes} min are allowed a month."
        )
        window = day_start(facts.zone, weeks[0]), day_start(facts.zone, weeks[-1] + 7)
        return breach(self, agent_id, window, found, self.minutes, "minutes", words)

    def _overtime(self, work: Worked, paid: Minutes, facts: Facts, first: int) -> Minutes:
        """Overtime per person and week, from the week begun on day ``first`` on, shape (agents, weeks)."""
        back = (facts.weeks()[0] - first) // 7
        over_week = weekly_sums(work, paid, facts, back) - self.weekly_minutes
        over_days = weekly_sums(work, np.maximum(0, paid - self.daily_minutes), facts, back)
        return np.maximum(0, np.maximum(over_week, over_days))

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The month's remaining overtime shared among its weeks and their days."""
        carry, shares = carry_in(person, facts), []
        for _, weeks in months_of(facts):
            ahead = [week for week in weeks if week + 7 > facts.first_day]
            past = sum(self._carried(carry, week) for week in weeks)
            shares.append(max(0, self.minutes - past) // len(ahead))
            for week in ahead:
                high = self.weekly_minutes + shares[-1]
                yield from sum_lines(person, facts, (week, week + 6), "paid_minutes", high=high)
        yield ShiftLength("paid_minutes", self.daily_minutes + min(shares) // 7)

    def _carried(self, carry: Carry, week: int) -> int:
        """Overtime worked before the horizon in one week."""
        paid = carry.paid[(carry.day >= week) & (carry.day < week + 7)]
        return max(
            0, int(paid.sum()) - self.weekly_minutes, int(np.maximum(0, paid - self.daily_minutes).sum())
        )


def months_of(facts: Facts) -> Iterator[tuple[str, list[int]]]:
    """Months in which weeks of the horizon begin, each with its weeks up to the horizon's last."""
    first = day_of(facts.weeks()[0]).replace(day=1)
    start = week_of(facts.weeks()[0] - (day_of(facts.weeks()[0]) - first).days, facts.week_start)
    months: dict[str, list[int]] = {}
    for week in range(start, facts.end_day, 7):
        months.setdefault(f"{day_of(week):%Y-%m}", []).append(week)
    return ((month, weeks) for month, weeks in months.items() if weeks[-1] >= facts.weeks()[0])
