"""Overtime of calendar months, week by week, and of windows of months: judged on a rota, told as primitives."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes, day_number, day_of, day_start, week_of
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive, ShiftLength
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.carry import Carry, carry_in
from scheduler.rules.shared.findings import breach, not_checked
from scheduler.rules.shared.sums import sum_lines
from scheduler.rules.shared.terms import at_work
from scheduler.rules.shared.worked import Worked, known_from, known_work, newcomers, weekly_sums

ACCOUNT = "overtime_minutes"


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month with the weeks that begin in it, up to the horizon's last; ``number`` counts from year 0."""

    number: int
    weeks: tuple[int, ...]

    @property
    def name(self) -> str:
        """The month as the ledger has it, such as 2026-03."""
        return f"{self.number // 12:04d}-{self.number % 12 + 1:02d}"

    @property
    def last_day(self) -> int:
        """Day number of its last day."""
        following = day_of(self.weeks[0]).replace(day=28)
        return day_number(following) + 4 - day_of(day_number(following) + 4).day


@dataclass(frozen=True)
class OvertimeWindows:
    """Overtime of ``months`` calendar months in a row: rolling, or blocks counted from ``first_month``.

    A week's overtime is what it has over ``weekly_minutes`` in all or over ``daily_minutes`` day by day,
    whichever is more; it counts for the month in which the week begins.
    """

    minutes: int
    weekly_minutes: int
    daily_minutes: int
    months: int = 1
    rolling: bool = False
    first_month: int = 1

    def violations(self, rule: Rule, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and window with too much overtime, and windows that are not all known."""
        work, windows = known_work(rota, facts), self._windows(facts)
        months = sorted({month for window in windows for month in window}, key=lambda month: month.number)
        first = months[0].weeks[0]
        found, past, whole = self._by_month(work, facts, months, first)
        in_doubt = np.zeros(len(work.agent_ids), dtype=bool)
        for window in windows:
            columns = [months.index(month) for month in window]
            total, before = found[:, columns].sum(axis=1), past[:, columns].sum(axis=1)
            broken = (total > self.minutes) & (total > before)
            for k in np.flatnonzero(broken):
                yield self._breach(rule, work.agent_ids[k], facts, window, int(total[k]))
            doubtful = at_work(work) & ~broken & ~whole[:, columns].all(axis=1)
            if self.months == 1:
                reason = f"what they worked in {window[0].name} is known only in part."
                yield from not_checked(rule, facts, int(doubtful.sum()), reason)
            in_doubt |= doubtful
        if self.months > 1:
            reason = f"their overtime of {self.months} months is known only in part."
            yield from not_checked(rule, facts, int(in_doubt.sum()), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What each window has left, shared among its weeks in the horizon and their days."""
        carry, shares = carry_in(person, facts), dict[int, int]()
        for window in self._windows(facts):
            ahead = [week for month in window for week in month.weeks if week + 7 > facts.first_day]
            past = sum(self._carried(person, facts, carry, month) for month in window)
            share = max(0, self.minutes - past) // len(ahead)
            shares |= {week: min(share, shares.get(week, share)) for week in ahead}
        for week, share in sorted(shares.items()):
            high = self.weekly_minutes + share
            yield from sum_lines(person, facts, (week, week + 6), "paid_minutes", high=high)
        yield ShiftLength("paid_minutes", self.daily_minutes + min(shares.values()) // 7)

    def _windows(self, facts: Facts) -> list[tuple[Month, ...]]:
        """The windows that a week of the horizon lies in, each up to the horizon's last week."""
        touched = [month_of(week) for week in (facts.weeks()[0], facts.weeks()[-1])]
        ends = range(touched[0], touched[1] + 1)
        if self.rolling:
            return [
                tuple(self._month(n, facts) for n in range(end - self.months + 1, end + 1)) for end in ends
            ]
        starts = sorted({end - (end - self.first_month + 1) % self.months for end in ends})
        spans = [range(start, min(start + self.months, ends.stop)) for start in starts]
        return [tuple(self._month(number, facts) for number in span) for span in spans]

    def _month(self, number: int, facts: Facts) -> Month:
        first = day_number(day_of(0).replace(year=number // 12, month=number % 12 + 1))
        week, weeks = week_of(first + 6, facts.week_start), []
        while month_of(week) == number and week < facts.end_day:
            weeks.append(week)
            week += 7
        return Month(number, tuple(weeks))

    def _by_month(
        self, work: Worked, facts: Facts, months: list[Month], first: int
    ) -> tuple[Minutes, Minutes, Flags]:
        """Overtime known, that before the horizon alone, and whether all is known; each (people, months)."""
        weekly = self._of_weeks(work, work.paid, facts, first)
        early = self._of_weeks(work, np.where(work.judged, 0, work.paid), facts, first)
        columns = [[(week - first) // 7 for week in month.weeks] for month in months]
        found, past = (np.stack([t[:, c].sum(axis=1) for c in columns], axis=1) for t in (weekly, early))
        known = known_from(facts)
        reached = np.array([month.weeks[0] >= known for month in months])
        whole = reached[None, :] | newcomers(work, facts)[:, None]
        code = {name: k for k, name in enumerate(work.agent_ids)}
        place = {month.name: p for p, month in enumerate(months) if month.weeks[0] < known}
        for (agent_id, account, period), (amount, as_of) in facts.ledger.items():
            if account != ACCOUNT or period not in place or agent_id not in code:
                continue
            k, p = code[agent_id], place[period]
            later, settled = self._after(months[p], as_of)
            own = found[k, p] - past[k, p]
            found[k, p] = round(amount) + int(weekly[k, [(week - first) // 7 for week in later]].sum())
            past[k, p] = found[k, p] - own
            whole[k, p] |= settled and all(week >= known for week in later[:1])
        return found, past, whole

    def _after(self, month: Month, as_of: int) -> tuple[list[int], bool]:
        """Weeks of a month that an account does not hold, and whether it holds all others as they were."""
        if as_of >= month.last_day:
            return [], True
        later = [week for week in month.weeks if week > as_of]
        return later, all(week + 6 <= as_of for week in month.weeks if week <= as_of)

    def _of_weeks(self, work: Worked, paid: Minutes, facts: Facts, first: int) -> Minutes:
        """Overtime per person and week, from the week begun on day ``first`` on, shape (people, weeks)."""
        back = (facts.weeks()[0] - first) // 7
        over_week = weekly_sums(work, paid, facts, back) - self.weekly_minutes
        over_days = weekly_sums(work, np.maximum(0, paid - self.daily_minutes), facts, back)
        return np.maximum(0, np.maximum(over_week, over_days))

    def _carried(self, person: Person, facts: Facts, carry: Carry, month: Month) -> int:
        """One person's overtime of a month before the horizon."""
        told = facts.ledger.get((person.agent_id, ACCOUNT, month.name))
        if told is None or month.weeks[0] >= known_from(facts):
            return sum(self._of_week(carry, week) for week in month.weeks)
        later, _ = self._after(month, told[1])
        return round(told[0]) + sum(self._of_week(carry, week) for week in later)

    def _of_week(self, carry: Carry, week: int) -> int:
        paid = carry.paid[(carry.day >= week) & (carry.day < week + 7)]
        over_days = int(np.maximum(0, paid - self.daily_minutes).sum())
        return max(0, int(paid.sum()) - self.weekly_minutes, over_days)

    def _breach(
        self, rule: Rule, agent_id: str, facts: Facts, window: tuple[Month, ...], found: int
    ) -> Violation:
        span = window[0].name if self.months == 1 else f"{window[0].name} to {window[-1].name}"
        per = "a month" if self.months == 1 else f"in {self.months} months"
        words = (
            f"has {found} min of overtime in the weeks that begin in {span}; "
            f"at most {self.minutes} min are allowed {per}."
        )
        bounds = (
            day_start(facts.zone, window[0].weeks[0]),
            day_start(facts.zone, window[-1].weeks[-1] + 7),
        )
        return breach(rule, agent_id, bounds, found, self.minutes, "minutes", words)


def month_of(day: int) -> int:
    """Number of the month that a day lies in, counted from year 0."""
    date = day_of(day)
    return date.year * 12 + date.month - 1
