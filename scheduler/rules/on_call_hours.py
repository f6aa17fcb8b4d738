"""How long people stand by."""

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
class OnCallHours:
    """At most ``minutes`` of standing by in each period: rows of activity ``on_call``, by their day.

    A stretch counts whole for the day to which its row belongs, in elapsed time, what of it was spent on a
    call-out too; a minute told twice counts once. A period is ``weeks`` calendar weeks in a row that end with
    a week of the horizon, or a calendar month or year.

    **Source:** a company rule wherever a centre sets it.
    """

    minutes: Annotated[int, Ge(0)]
    source: str
    period: Span = "weeks"
    weeks: Annotated[int, Gt(0)] = 1
    preset: str = ""
    name: ClassVar[str] = "on-call-hours"
    words: ClassVar[str] = "People stand by no longer than so many hours of a week, month or year."
    example: ClassVar[str] = (
        "With 48 h a week: standing by from Friday 18:00 to Sunday 18:01 is 1 min too long."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and period with too much of it, some of it in the horizon."""
        doubtful, told = set[str](), set[str]()
        for names, sums in standing_by(rota, facts, self.period, self.weeks):
            for k in np.flatnonzero(sums.own):
                if sums.minutes[k] <= self.minutes:
                    doubtful |= set() if known_since(facts, names[k], sums.span[0]) else {names[k]}
                    continue
                told.add(names[k])
                words = (
                    f"stands by for {sums.minutes[k]} min from {date_of(sums.span[0])} to "
                    f"{date_of(sums.span[1])}; at most {self.minutes} min are allowed."
                )
                window = span_window(sums.span, facts)
                yield breach(self, names[k], window, sums.minutes[k], self.minutes, "minutes", words)
        reason = "they stand by in a period that reaches before the known days."
        yield from not_checked(self, facts, len(doubtful - told), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: shifts hold no standing by."""
        return iter(())
