"""On how many days people stand by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.day_counts import Span, span_window
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.standing_by import known_since, standing_by


@dataclass(frozen=True)
class OnCallDays:
    """At most ``days`` days of each period have standing by: rows of activity ``on_call``, by their day.

    A period is ``weeks`` calendar weeks in a row that end with a week of the horizon, or a calendar month or
    year. Standing by is no work and no shift, being called out is. A rota without such rows tells that nobody
    stood by.

    **Source:** a company rule wherever a centre sets it.
    """

    days: Annotated[int, Ge(0)]
    source: str
    period: Span = "weeks"
    weeks: Annotated[int, Gt(0)] = 1
    preset: str = ""
    name: ClassVar[str] = "on-call-days"
    words: ClassVar[str] = "People stand by on no more than so many days of a week, month or year."
    example: ClassVar[str] = "With ten a month: standing by on 11 days of March is one day too many."
    tighter: ClassVar[dict[str, int]] = {"days": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too many days, some of them in the horizon."""
        doubtful, told = set[str](), set[str]()
        for names, sums in standing_by(rota, facts, self.period, self.weeks):
            for k in np.flatnonzero(sums.own):
                if sums.days[k] <= self.days:
                    doubtful |= set() if known_since(facts, names[k], sums.span[0]) else {names[k]}
                    continue
                told.add(names[k])
                words = (
                    f"stands by on {sums.days[k]} days from {date_of(sums.span[0])} to {date_of(sums.span[1])}; "
                    f"at most {self.days} are allowed."
                )
                window = span_window(sums.span, facts)
                yield breach(self, names[k], window, sums.days[k], self.days, "days", words)
        reason = "they stand by in a period that reaches before the known days."
        yield from not_checked(self, facts, len(doubtful - told), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: shifts hold no standing by."""
        return iter(())
