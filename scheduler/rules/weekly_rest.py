"""Hours of rest in a row inside each calendar week."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.gaps import gap_lines, judge_gaps
from scheduler.rules.shared.worked import known_work, week_bounds


@dataclass(frozen=True)
class WeeklyRest:
    """At least ``minimum_minutes`` without work in a row inside each calendar week.

    **Source:** Directive 2003/88/EC art. 5: per seven-day period 24 hours in a row plus the 11 hours of art.
    3, together 35. The Court (C-306/16 Maio Marques da Rosa, 2017) holds that the rest may lie anywhere
    within each seven-day period and need not follow six days of work; the periods are read here as fixed
    calendar weeks from the centre's week start. Art. 16(a) lets states average over 14 days, which is laxer
    and not used. A rest that spans two weeks counts in each only with the part inside it.
    """

    minimum_minutes: Annotated[int, Gt(0), Le(10080)]
    source: str
    preset: str = ""
    name: ClassVar[str] = "weekly-rest"
    words: ClassVar[str] = "Each calendar week holds a minimum of hours in a row without work."
    example: ClassVar[str] = (
        "With 35 h: Saturday 14:00 to Monday 00:00, the end of the week, are 34 h: 60 min short."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and week whose longest rest is too short, whatever lies outside the known days."""
        work = known_work(rota, facts)
        in_doubt = np.zeros(len(work.agent_ids), dtype=bool)
        for week in facts.weeks():
            window = week_bounds(week, facts)
            found, broken, doubtful = judge_gaps(work, facts, window, self.minimum_minutes)
            in_doubt |= doubtful
            for k in np.flatnonzero(broken):
                words = (
                    f"rested at most {found[k]} min in a row in the week from {date_of(week)}; "
                    f"at least {self.minimum_minutes} min are required."
                )
                yield breach(
                    self, work.agent_ids[k], window, found[k], self.minimum_minutes, "minutes", words
                )
        yield from not_checked(
            self,
            facts,
            int(in_doubt.sum()),
            "a week reaches outside the known days, and the known part holds no rest long enough.",
        )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """One gap a week."""
        for week in facts.weeks():
            yield from gap_lines(person, facts, week_bounds(week, facts), self.minimum_minutes)
