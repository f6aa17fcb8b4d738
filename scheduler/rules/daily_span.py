"""From the first start of a working day to its last end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, local
from scheduler.rules.shared.worked import known_work, runs


@dataclass(frozen=True)
class DailySpan:
    """From the first start to the last end of a day's work lie at most ``minutes``, everything between counted.

    All that a person has on one day is one span, also where a split shift's parts are so far apart that they
    count as two shifts elsewhere. Breaks, meals and the time between the parts are inside it; elapsed time.

    **Source:** Factories Act 1948 (India) s. 56: periods of work, intervals for rest included, spread over
    no more than ten and a half hours in a day, twelve with leave of the Chief Inspector; recalled, not read.
    """

    minutes: Annotated[int, Gt(0)]
    source: str
    preset: str = ""
    name: ClassVar[str] = "daily-span"
    words: ClassVar[str] = "From the first start to the last end of a day lies no more than its limit."
    example: ClassVar[str] = (
        "With 12 h: 08:00 to 12:00 and 16:00 to 20:01 on one day span 721 min, one too many."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and day of the horizon with too long a span."""
        work = known_work(rota, facts)
        heads, _ = runs(work.fresh_day)
        if not len(heads):
            return
        start, end = work.start[heads], np.maximum.reduceat(work.end, heads)
        for k in np.flatnonzero(work.judged[heads] & (end - start > self.minutes)):
            window, head = (int(start[k]), int(end[k])), heads[k]
            found = window[1] - window[0]
            words = (
                f"has a span of {found} min on {date_of(work.day[head])}, from {local(window[0], facts)} "
                f"to {local(window[1], facts)}; at most {self.minutes} min are allowed."
            )
            yield breach(
                self, work.agent_ids[work.agent[head]], window, found, self.minutes, "minutes", words
            )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A longest shift from start to end: a line of work has one shift a day."""
        yield ShiftLength("elapsed_minutes", self.minutes)
