"""How many Sundays or public holidays may be worked in a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedDays, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import DayCounts, Span, span_window, spans_of
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.special import NO_CALENDAR, WORDS, Special, among, needs_calendar, special_days
from scheduler.rules.shared.terms import at_work
from scheduler.rules.shared.worked import known_from, known_work, newcomers


@dataclass(frozen=True)
class SpecialDayQuota:
    """Of the Sundays or public holidays of each period at most ``most_worked`` have a shift, ``least_free`` none.

    Whichever of the two allows less binds. A shift counts for the day to which it belongs. A period is a
    calendar month or year, or ``weeks`` calendar weeks in a row that end with a week of the horizon. Days after
    the horizon count as free, they are judged when they are known; where days before the known ones could
    make it too many, the period is not checked.

    **Source:** wherever a preset sets it: ArbZG § 11(1), at least 15 Sundays a year free of work, read in
    November 2026.
    """

    source: str
    least_free: Annotated[int, Ge(0)] = 15
    most_worked: Annotated[int, Ge(0)] = 366
    days: Special = "sundays"
    period: Span = "year"
    weeks: Annotated[int, Gt(0)] = 1
    preset: str = ""
    name: ClassVar[str] = "special-day-quota"
    words: ClassVar[str] = "So many Sundays or public holidays of a year, month or some weeks stay free."
    example: ClassVar[str] = (
        "With 15 free a year: 2024 has 52 Sundays, of which 37 may have a shift; the 38th is one too many."
    )
    tighter: ClassVar[dict[str, int]] = {"least_free": 1, "most_worked": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too many such days worked, some of them in the horizon."""
        work = known_work(rota, facts)
        spans = list(spans_of(facts, self.period, self.weeks))
        if needs_calendar(self.days, facts):
            yield from not_checked(self, facts, int(at_work(work).sum()), NO_CALENDAR)
        if not spans or not len(work):
            return
        first, last = spans[0][0], spans[-1][1]
        special = special_days(self.days, facts, first, last)
        on = among(work.day, special)
        counts = DayCounts.of(work, on, first, last, once_a_day=True)
        own = DayCounts.of(work, on & work.judged, first, last, once_a_day=True)
        broken_ever, in_doubt = np.zeros((2, len(work.agent_ids)), dtype=bool)
        for span in spans:
            found, mine, most = counts.within(*span), own.within(*span) > 0, self._most(special, span)
            broken = (found > most) & mine
            for k in np.flatnonzero(broken):
                yield self._breach(work.agent_ids[k], span, facts, int(found[k]), most)
            broken_ever |= broken
            unknown = int(((special >= span[0]) & (special <= span[1]) & (special < known_from(facts))).sum())
            in_doubt |= mine & (unknown > 0) & (found + unknown > most)
        in_doubt &= ~broken_ever & ~newcomers(work, facts)
        reason = f"they may have worked too many {WORDS[self.days]} before the known days."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _most(self, special: np.ndarray, span: tuple[int, int]) -> int:
        """How many of the period's days may have a shift."""
        there = int(((special >= span[0]) & (special <= span[1])).sum())
        return max(0, min(self.most_worked, there - self.least_free))

    def _breach(self, agent_id: str, span: tuple[int, int], facts: Facts, found: int, most: int) -> Violation:
        words = (
            f"has shifts on {found} {WORDS[self.days]} from {date_of(span[0])} to {date_of(span[1])}; "
            f"at most {most} are allowed."
        )
        return breach(self, agent_id, span_window(span, facts), found, most, "days", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What each period still allows after what was worked before."""
        carry = carry_in(person, facts)
        for span in spans_of(facts, self.period, self.weeks):
            special = special_days(self.days, facts, *span)
            ahead = special[(special >= facts.first_day) & (special < facts.end_day)]
            worked = len(np.intersect1d(special, carry.day))
            left = max(0, self._most(special, span) - worked)
            if left < len(ahead):
                yield BoundedDays(tuple(ahead.tolist()), left)
