"""How many night shifts in a week, a month, a year or some weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedNights, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import DayCounts, Span, span_window, spans_of
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.nights import clock, night_shifts, nights_of
from scheduler.rules.shared.worked import known_from, known_work, newcomers


@dataclass(frozen=True)
class NightCount:
    """At most ``nights`` night shifts in each period, counted by the days to which they belong.

    A period is ``weeks`` calendar weeks in a row (one that ends with each week of the horizon), or a calendar
    month or year. A night shift has ``counts_minutes`` or more inside one night, breaks counted. What was
    worked before the horizon counts; where a period reaches before the known days and someone works nights in
    it, it is not checked, unless what is known is too much already.

    **Source:** a company rule wherever a centre sets it.
    """

    nights: Annotated[int, Ge(0)]
    source: str
    period: Span = "weeks"
    weeks: Annotated[int, Gt(0)] = 1
    counts_minutes: Annotated[int, Gt(0)] = 180
    night_from: Annotated[int, Ge(0), Le(1439)] = 1380
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "night-count"
    words: ClassVar[str] = "A week, month or year has no more than so many night shifts."
    example: ClassVar[str] = (
        "With two a week: night shifts that begin on Monday, Wednesday and Sunday are one too many."
    )
    tighter: ClassVar[dict[str, int]] = {"nights": -1, "counts_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too many night shifts, some of them in the horizon."""
        work = known_work(rota, facts)
        night = night_shifts(self, work, facts)
        spans = list(spans_of(facts, self.period, self.weeks))
        if not night.any() or not spans:
            return
        counts = DayCounts.of(work, night, spans[0][0], spans[-1][1])
        own = DayCounts.of(work, night & work.judged, spans[0][0], spans[-1][1])
        told, in_doubt = np.zeros((2, len(work.agent_ids)), dtype=bool)
        for span in spans:
            found, mine = counts.within(*span), own.within(*span)
            broken = (found > self.nights) & (mine > 0)
            for k in np.flatnonzero(broken):
                yield self._breach(work.agent_ids[k], span, facts, int(found[k]))
            told |= broken
            if span[0] < known_from(facts):
                in_doubt |= mine > 0
        in_doubt &= ~told & ~newcomers(work, facts)
        reason = "they work nights in a period that reaches before the known days."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _breach(self, agent_id: str, span: tuple[int, int], facts: Facts, found: int) -> Violation:
        words = (
            f"has {found} night shifts (from {self.counts_minutes} min between {clock(self.night_from)} and "
            f"{clock(self.night_to)}) from {date_of(span[0])} to {date_of(span[1])}; "
            f"at most {self.nights} are allowed."
        )
        return breach(self, agent_id, span_window(span, facts), found, self.nights, "shifts", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What each period still allows after what was worked before."""
        carry, nights = carry_in(person, facts), nights_of(self, facts)
        days = carry.day[night_shifts(self, carry, facts)]
        for first, last in spans_of(facts, self.period, self.weeks):
            left = max(0, self.nights - int(((days >= first) & (days <= last)).sum()))
            start, end = max(first, facts.first_day), min(last, facts.end_day - 1)
            if left < end - start + 1:
                yield BoundedNights(nights, start, end, left)
