"""A free workday in exchange for work on a Sunday or public holiday."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from centre.instants import Minutes, weekday_of
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedDays, ForbiddenDay, FreeDayInExchange, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import span_window
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.special import NO_CALENDAR, SUNDAY, special_days
from scheduler.rules.shared.terms import absent_days, absent_table, at_work, persons_of
from scheduler.rules.shared.worked import Worked, known_from, known_work


@dataclass(frozen=True)
class SubstituteDay:
    """Who works on a Sunday, or a public holiday on another weekday, has a workday free for it.

    The free day lies in a period of ``window_days`` days that holds the day worked: up to ``window_days - 1``
    days before or after it. A workday is Monday to Saturday and no public holiday; it is free where no shift
    belongs to it, and no substitute where the person is on leave or not yet employed. One free day stands for
    one day worked; between an instance for Sundays and one for holidays the days are not kept apart. What lies
    outside the known days may be free: then the day is not checked. Days before the horizon are judged where
    their period ends in it.

    A solver is told which days of the horizon may stand for which, each for one: conservative.

    **Source:** ArbZG § 11(3): two weeks around a Sunday, eight weeks around a holiday on a workday; read in
    November 2026;
    that the substitute day be joined to eleven hours of rest (§ 11(4)) is not looked at.
    """

    source: str
    days: Literal["sundays", "holidays"] = "sundays"
    window_days: Annotated[int, Ge(2)] = 14
    preset: str = ""
    name: ClassVar[str] = "substitute-day"
    words: ClassVar[str] = "For work on a Sunday or public holiday there is a free workday near it."
    example: ClassVar[str] = (
        "With 14 days: who works on Sunday 14 April has a workday free between 1 and 27 April, or a day too few."
    )
    tighter: ClassVar[dict[str, int]] = {"window_days": -1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every such day without a substitute whose period reaches into the horizon."""
        work = known_work(rota, facts)
        if facts.special_days is None:
            yield from not_checked(self, facts, int(at_work(work).sum()), NO_CALENDAR)
            return
        special = self._special(facts, known_from(facts), facts.end_day - 1)
        days, worked = self._days(facts), self._worked(work, facts)
        workdays, doubtful = _workdays(days, facts), 0
        known = (days >= known_from(facts)) & (days < facts.end_day)
        claimed = worked[:, special - days[0]]
        absent = self._absent(absent_table(work, facts, int(days[0]), int(days[-1])), work, facts)
        for k in np.flatnonzero(claimed.any(axis=1)):
            free = workdays & ~worked[k] & ~absent[k]
            if self._surely_met(special[claimed[k]], free & known, int(days[0])):
                continue
            claims = special[claimed[k]].tolist()
            missing = [day for day in self._unmet(claims, days[free]) if self._judged(day, facts)]
            for day in missing:
                yield self._breach(work.agent_ids[k], day, facts)
            unsure = self._unmet(claims, days[free & known])
            doubtful += not missing and any(self._judged(day, facts) for day in unsure)
        reason = "a substitute day may lie outside the known days."
        yield from not_checked(self, facts, doubtful, reason)

    def _surely_met(self, claims: Minutes, free: Flags, first: int) -> bool:
        """Whether a free day lies between each claim and the one before it, which needs no matching."""
        upto = np.concatenate([[0], np.cumsum(free)])
        start = np.maximum(claims - self.window_days + 1, np.concatenate([[first], claims[:-1] + 1]))
        return bool((upto[claims - first] > upto[start - first]).all())

    def _judged(self, day: int, facts: Facts) -> bool:
        """Whether the period around a day reaches into the horizon."""
        return day + self.window_days > facts.first_day

    def _unmet(self, claims: list[int], free: Minutes) -> list[int]:
        """The claims that get no day of their own: each in turn takes the first it can, which serves most."""
        return [claim for claim, day in self._matched(claims, free.tolist()) if day is None]

    def _matched(self, claims: list[int], free: list[int]) -> list[tuple[int, int | None]]:
        place, pairs = 0, list[tuple[int, int | None]]()
        for claim in claims:
            while place < len(free) and free[place] <= claim - self.window_days:
                place += 1
            near = place < len(free) and free[place] < claim + self.window_days
            pairs.append((claim, free[place] if near else None))
            place += near
        return pairs

    def _breach(self, agent_id: str, day: int, facts: Facts) -> Violation:
        span = day - self.window_days + 1, day + self.window_days - 1
        what = "the Sunday" if self.days == "sundays" else "the public holiday"
        words = (
            f"works on {what} {date_of(day)} and has no workday of their own free for it "
            f"from {date_of(span[0])} to {date_of(span[1])}; 1 is required."
        )
        return breach(self, agent_id, span_window(span, facts), 0, 1, "days", words)

    def _special(self, facts: Facts, first: int, last: int) -> Minutes:
        days = special_days(self.days, facts, first, last)
        return days if self.days == "sundays" else days[(days + 3) % 7 != SUNDAY]

    def _days(self, facts: Facts) -> Minutes:
        """The known days and those around them that a substitute may lie on."""
        return np.arange(
            known_from(facts) - self.window_days + 1, facts.end_day + self.window_days - 1, dtype=np.int64
        )

    def _worked(self, work: Worked, facts: Facts) -> np.ndarray:
        """Whether a shift of each person belongs to each of `_days`, shape (agents, days)."""
        days = self._days(facts)
        worked = np.zeros((len(work.agent_ids), len(days)), dtype=bool)
        worked[work.agent, work.day - days[0]] = True
        return worked

    def _absent(self, absent: np.ndarray, work: Worked, facts: Facts) -> np.ndarray:
        """Days that are no substitute: leave and what lies before employment, shape (agents, days)."""
        days = self._days(facts)
        for row, person in enumerate(persons_of(work, facts)):
            if person is not None and person.leaves_on is not None:
                absent[row] &= days <= person.leaves_on
        return absent

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A free day for each day worked, among days that stand for no other."""
        days, carry = self._days(facts), carry_in(person, facts)
        away = absent_days(person, facts, int(days[0]), int(days[-1]))
        absent = {day for day in away if person.leaves_on is None or day <= person.leaves_on}
        usable = _workdays(days, facts) & np.array([int(day) not in absent for day in days], dtype=bool)
        ours = (days >= facts.first_day) & (days < facts.end_day)
        past = set(carry.day.tolist())
        elsewhere = [day for day in days[usable & ~ours].tolist() if day not in past]
        special = self._special(facts, known_from(facts), facts.end_day - 1).tolist()
        before = [day for day in special if day in past]
        taken = self._matched(before, [day for day in elsewhere if day < facts.first_day])
        used = {day for _, day in taken}
        claims = [claim for claim, day in taken if day is None and self._judged(claim, facts)]
        claims += [day for day in special if day >= facts.first_day]
        rest = [day for day in elsewhere if day not in used]
        open_ = [claim for claim, day in self._matched(claims, rest) if day is None]
        for claim, share in self._shares(open_, days[usable & ours].tolist()).items():
            if claim >= facts.first_day:
                yield FreeDayInExchange(claim, share) if share else ForbiddenDay(claim)
            elif share:
                yield BoundedDays(share, len(share) - 1)

    def _shares(self, claims: Sequence[int], days: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The days dealt out: each to the claim near it that has fewest so far."""
        shares: dict[int, list[int]] = {claim: [] for claim in claims}
        for day in days:
            near = [claim for claim in claims if abs(claim - day) < self.window_days]
            if near:
                shares[min(near, key=lambda claim: (len(shares[claim]), claim))].append(day)
        return {claim: tuple(share) for claim, share in shares.items()}


def _workdays(days: Minutes, facts: Facts) -> Flags:
    """Whether each day is Monday to Saturday and no public holiday, shape (days,)."""
    statutory = {day for day, name in (facts.special_days or {}).items() if name == "statutory"}
    return np.array([weekday_of(day) != SUNDAY and int(day) not in statutory for day in days], dtype=bool)
