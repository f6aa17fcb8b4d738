"""Work in a row inside a shift."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from scheduler.rota import PAUSES, Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.primitives import UnbrokenWork as LongestWork
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local
from scheduler.rules.shared.worked import in_horizon, runs


@dataclass(frozen=True)
class UnbrokenWork:
    """No more than ``minutes`` of a shift pass in a row without a pause of at least ``part_minutes``.

    Pauses are rows of activity ``break`` or ``meal``; a shorter one is no pause and counts as work. Time of
    which nothing is told is no break either, but from ``gap_minutes`` on it is no work: the parts of a split
    shift are two stretches (0: no such time ends a stretch). Elapsed time.

    **Source:** Arbeitszeitgesetz § 4 sentence 3: nobody is employed for more than six hours in a row without a
    break, breaks in parts of at least 15 minutes (sentence 2); read in November 2026 in private collections.
    """

    minutes: Annotated[int, Gt(0)]
    source: str
    part_minutes: Annotated[int, Gt(0)] = 15
    gap_minutes: Annotated[int, Ge(0)] = 60
    preset: str = ""
    name: ClassVar[str] = "unbroken-work"
    words: ClassVar[str] = "Nobody works longer in a row than the limit without a pause."
    example: ClassVar[str] = (
        "With 6 h and pauses of 15 min: 08:00 to 14:01 with a break of 14 min at 11:00 is 361 min in a row, one too many."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "part_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every stretch of a shift of the horizon that is too long."""
        pause = rota.is_kind(*PAUSES) & (rota.end - rota.start >= self.part_minutes)
        rows = np.flatnonzero(rota.duty >= 0)
        paused = np.cumsum(pause[rows])
        kept = ~pause[rows]
        rows, paused = rows[kept], paused[kept]
        owner, start = rota.duty[rows], rota.start[rows]
        until = running_end(rota.agent[rows], rota.end[rows])
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (owner[1:] != owner[:-1]) | (paused[1:] != paused[:-1])
        if self.gap_minutes:
            new[1:] |= start[1:] - until[:-1] >= self.gap_minutes
        heads, _ = runs(new)
        if not len(heads):
            return
        began, ended = start[heads], np.maximum.reduceat(rota.end[rows], heads)
        judged = in_horizon(rota, facts)[owner[heads]]
        for k in np.flatnonzero(judged & (ended - began > self.minutes)):
            window = int(began[k]), int(ended[k])
            found = window[1] - window[0]
            words = (
                f"works {found} min in a row from {local(window[0], facts)} to {local(window[1], facts)} "
                f"without a pause of {self.part_minutes} min; at most {self.minutes} min are allowed."
            )
            agent_id = rota.agent_ids[rota.agent[rows[heads[k]]]]
            yield breach(self, agent_id, window, found, self.minutes, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The longest stretch inside a shift."""
        yield LongestWork(self.minutes, self.part_minutes)
