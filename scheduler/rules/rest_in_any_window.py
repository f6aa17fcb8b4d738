"""Hours of rest in a row in any span of days, wherever it begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.instants import day_start
from scheduler.rota import Flags, Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import GapInAnyWindow, GapInWindow, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.worked import (
    LONGEST_SHIFT_MINUTES,
    Worked,
    known_bounds,
    known_work,
    newcomers,
    runs,
)


@dataclass(frozen=True)
class RestInAnyWindow:
    """Every span of ``window_minutes``, wherever it begins, holds ``minimum_minutes`` without work in a row.

    A window may begin just too late for one long rest and end just too early for the next: so the rule is
    broken where a stretch of work, from the end of one rest that is long enough to the start of the next, is
    longer than the window less twice the rest.

    **Source:** policy P12 ("每周≥8小时"), reading (b): at least 8 hours of rest in a row in any 7 days.
    """

    source: str
    minimum_minutes: Annotated[int, Gt(0)] = 480
    window_minutes: Annotated[int, Gt(0)] = 10080
    preset: str = ""
    name: ClassVar[str] = "rest-in-any-window"
    words: ClassVar[str] = "Any span of so many days holds a minimum of hours in a row without work."
    example: ClassVar[str] = (
        "With 8 h in any 7 days: whichever minute the 168 hours begin with, 480 min in a row in them are free."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1, "window_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every stretch without a rest that is too long and reaches into the horizon."""
        work = known_work(rota, facts)
        new = work.heads | (work.start - work.until >= self.minimum_minutes)
        heads, tails = runs(new)
        began, ended = work.start[heads], running_end(work.agent, work.end)[tails]
        broken = work.judged[tails] & (ended - began > self.window_minutes - 2 * self.minimum_minutes)
        for k in np.flatnonzero(broken):
            yield self._breach(work, facts, int(heads[k]), int(tails[k]))
        in_doubt = work.judged[tails] & ~broken & self._open(work, facts)[heads]
        reason = "whether their first known stretch of work began earlier is not known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _breach(self, work: Worked, facts: Facts, head: int, tail: int) -> Violation:
        start, end = int(work.start[head]), int(work.end[head : tail + 1].max())
        rests = work.start[head + 1 : tail + 1] - work.until[head + 1 : tail + 1]
        longest = max(0, int(rests.max(initial=0)))
        words = (
            f"rested at most {longest} min in a row from {local(start, facts)} to {local(end, facts)}; "
            f"at least {self.minimum_minutes} min are required in any {self.window_minutes} min."
        )
        return breach(
            self,
            work.agent_ids[work.agent[head]],
            (start, end),
            longest,
            self.minimum_minutes,
            "minutes",
            words,
        )

    def _open(self, work: Worked, facts: Facts) -> Flags:
        """First shifts that work unknown to us may run into without a rest."""
        reach = known_bounds(facts)[0] + LONGEST_SHIFT_MINUTES + self.minimum_minutes
        return work.heads & (work.start < reach) & ~newcomers(work, facts)[work.agent]

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The sliding gap, and by when it must come after the last stretch worked before the horizon."""
        yield GapInAnyWindow(self.minimum_minutes, self.window_minutes)
        carry = carry_in(person, facts)
        if (
            carry.last_end is None
            or day_start(facts.zone, facts.first_day) - carry.last_end >= self.minimum_minutes
        ):
            return
        ended, began = carry.gaps()
        rested = began[began - ended >= self.minimum_minutes]
        stretch = int(rested[-1]) if len(rested) else int(carry.start[0])
        latest = max(
            stretch + self.window_minutes - self.minimum_minutes, carry.last_end + self.minimum_minutes
        )
        yield GapInWindow(self.minimum_minutes, carry.last_end, latest)
