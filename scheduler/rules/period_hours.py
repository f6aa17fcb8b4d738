"""Hours of a reference period: comprehensive working hours and other averages over a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt, Le

from centre.instants import Minutes, day_start
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked, unknown
from scheduler.rules.shared.period_sums import Span, carried_sum, days_absent, period_sums
from scheduler.rules.shared.periods import period_name, periods_of
from scheduler.rules.shared.sums import sum_lines
from scheduler.rules.shared.terms import absent_days, at_work
from scheduler.rules.shared.worked import Worked, known_work

OFF_CLASSES = ("statutory", "rest", "bridged")


@dataclass(frozen=True)
class PeriodHours:
    """A reference period's work is no longer than its working days allow, however it is spread inside.

    The period is a calendar month, quarter, half year or year, or any ``weeks`` calendar weeks in a row. Its
    limit is ``daily_minutes`` for each working day, by ``workdays``: ``calendar`` counts the first
    ``working_weekdays`` days of a week from Monday on, less public holidays and days off by the calendar,
    and make-up workdays; ``plain`` counts ``working_weekdays`` in seven days and knows no holidays. A limit of
    its own is set by ``minutes`` (0: none). Days of leave, whole or in part, and days not employed lower the
    limit by what they stand for: a working day, or the day's share of the whole. Where ``before`` does not
    reach back to the period's first day, the ledger's account of that period is read (named as the measure;
    periods 2026-03, 2026-Q1, 2026-H1, 2026); where neither does, the period is not checked, unless what is
    known is too much already.

    **Source:** Labour Law of the PRC art. 39 with the ministry's measures of 1994 on comprehensive working hours by
    approval (劳部发〔1994〕503号: the average of the period no longer than standard hours), art. 5 read in November 2026;
    Arbeitszeitgesetz § 3 (8 hours a working day on average over six calendar months or 24 weeks, Monday to
    Saturday), read in November 2026 in private collections.
    """

    source: str
    period: Literal["month", "quarter", "half_year", "year", "weeks"] = "month"
    weeks: Annotated[int, Gt(0)] = 24
    minutes: Annotated[int, Ge(0)] = 0
    daily_minutes: Annotated[int, Gt(0)] = 480
    working_weekdays: Annotated[int, Gt(0), Le(7)] = 5
    workdays: Literal["calendar", "plain"] = "calendar"
    measure: Literal["paid_minutes", "worked_minutes"] = "worked_minutes"
    preset: str = ""
    name: ClassVar[str] = "period-hours"
    words: ClassVar[str] = "A reference period's work is no longer than its working days allow."
    example: ClassVar[str] = (
        "A quarter with 62 working days of 8 h allows 496 h; 496 h 1 min of work are one minute too many."
    )
    tighter: ClassVar[dict[str, int]] = {"daily_minutes": -1, "working_weekdays": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too many minutes."""
        work = known_work(rota, facts)
        present = at_work(work)
        if not self._is_known(facts):
            if present.any():
                yield unknown(
                    self,
                    facts,
                    "Not checked: no calendar of public holidays is known, so working days cannot be counted.",
                )
            return
        spans = self._spans(facts)
        sums = period_sums(work, self.measure, facts, spans, [self._name(span) for span in spans])
        limit = self._limits(work, facts, spans)
        broken = (sums.found > limit) & (sums.own > 0)
        for k, column in zip(*np.nonzero(broken), strict=True):
            cell = work.agent_ids[k], spans[column]
            yield self._breach(*cell, facts, int(sums.found[k, column]), int(limit[k, column]))
        in_doubt = (~sums.whole & ~broken).any(axis=1) & present
        reason = "what they worked since their reference period began is not all known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _is_known(self, facts: Facts) -> bool:
        """Whether the limit can be worked out."""
        return self.minutes > 0 or self.workdays == "plain" or facts.special_days is not None

    def _spans(self, facts: Facts) -> list[Span]:
        """First and last day of each period that touches the horizon or, of weeks, ends with one of its weeks."""
        if self.period == "weeks":
            return [(week - 7 * (self.weeks - 1), week + 6) for week in facts.weeks()]
        return periods_of(facts, self.period)

    def _name(self, span: Span) -> str:
        """The period as the ledger has it; weeks have no account."""
        return "" if self.period == "weeks" else period_name(span[0], self.period)

    def _is_workday(self, facts: Facts, first: int, last: int) -> Flags:
        """Whether the days from ``first`` to ``last`` are working days by the calendar, shape (days,)."""
        days = np.arange(first, last + 1)
        classes = facts.special_days or {}
        kinds = [classes.get(int(day), "") for day in days]
        off = np.array([kind in OFF_CLASSES for kind in kinds], dtype=bool)
        makeup = np.array([kind == "makeup" for kind in kinds], dtype=bool)
        return np.asarray((((days + 3) % 7 < self.working_weekdays) & ~off) | makeup, dtype=bool)

    def _limits(self, work: Worked, facts: Facts, spans: list[Span]) -> Minutes:
        """Minutes that each person may work in each period, shape (people, periods)."""
        first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
        counts = self._is_workday(facts, first, last) if self._by_calendar else None
        absent = days_absent(work, facts, spans, counts)
        return np.stack([self._limit(facts, span, absent[:, p]) for p, span in enumerate(spans)], axis=1)

    @property
    def _by_calendar(self) -> bool:
        return not self.minutes and self.workdays == "calendar"

    def _limit(self, facts: Facts, span: Span, absent: Minutes) -> Minutes:
        """Minutes that a period allows where so many of its days, or working days, are absent."""
        days = span[1] - span[0] + 1
        if self._by_calendar:
            return np.asarray(self.daily_minutes * (self._is_workday(facts, *span).sum() - absent))
        if self.minutes:
            return np.asarray(self.minutes * (days - absent) // days)
        return np.asarray(self.daily_minutes * self.working_weekdays * (days - absent) // 7)

    def _breach(self, agent_id: str, span: Span, facts: Facts, found: int, limit: int) -> Violation:
        kind = self.measure.partition("_")[0]
        words = (
            f"has {found} {kind} min from {date_of(span[0])} to {date_of(span[1])}; "
            f"at most {limit} min are allowed in this period."
        )
        window = day_start(facts.zone, span[0]), day_start(facts.zone, span[1] + 1)
        return breach(self, agent_id, window, found, limit, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum for each period; nothing where the calendar that it needs is not known."""
        if not self._is_known(facts):
            return
        for span in self._spans(facts):
            away = absent_days(person, facts, *span)
            if self._by_calendar:
                workday = self._is_workday(facts, *span)
                away = {day for day in away if workday[day - span[0]]}
            limit = int(self._limit(facts, span, np.array(len(away))))
            first, past = carried_sum(person, facts, span, self.measure, self._name(span))
            if first <= span[1]:
                yield from sum_lines(person, facts, (first, span[1]), self.measure, high=max(0, limit - past))
