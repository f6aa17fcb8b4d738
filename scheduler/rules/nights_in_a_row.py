"""Night shifts on days in a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedNightRun, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import span_window
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.nights import night_shifts, nights_of
from scheduler.rules.shared.worked import known_from, known_work, newcomers, runs


@dataclass(frozen=True)
class NightsInARow:
    """Nobody has night shifts on more than ``days`` days in a row, the days to which the shifts belong.

    A night shift has ``counts_minutes`` or more inside one night, breaks counted.

    **Source:** a company rule wherever a centre sets it; sleep medicine advises few nights in a row.
    """

    days: Annotated[int, Gt(0)]
    source: str
    counts_minutes: Annotated[int, Gt(0)] = 180
    night_from: Annotated[int, Ge(0), Le(1439)] = 1380
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "nights-in-a-row"
    words: ClassVar[str] = "No more than so many days in a row have a night shift."
    example: ClassVar[str] = (
        "With three: night shifts that begin on Monday, Tuesday, Wednesday and Thursday are one day too many."
    )
    tighter: ClassVar[dict[str, int]] = {"days": -1, "counts_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every run of nights that is too long and reaches into the horizon."""
        work = known_work(rota, facts)
        rows = np.flatnonzero(night_shifts(self, work, facts))
        agent, day = work.agent[rows], work.day[rows]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (agent[1:] != agent[:-1]) | (day[1:] > day[:-1] + 1)
        heads, tails = runs(new)
        length = day[tails] - day[heads] + 1
        reaches = day[tails] >= facts.first_day
        broken = reaches & (length > self.days)
        for head, tail, found in zip(heads[broken], tails[broken], length[broken], strict=True):
            span = int(day[head]), int(day[tail])
            words = (
                f"has night shifts on {found} days in a row from {date_of(span[0])} to {date_of(span[1])}; "
                f"at most {self.days} are allowed."
            )
            who = work.agent_ids[agent[head]]
            yield breach(self, who, span_window(span, facts), found, self.days, "days", words)
        in_doubt = (
            reaches & ~broken & (day[heads] == known_from(facts)) & ~newcomers(work, facts)[agent[heads]]
        )
        reason = "they work nights from the first known day on, and whether they did before is not known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The run, with what was worked before."""
        carry = carry_in(person, facts)
        nights, run = set(carry.day[night_shifts(self, carry, facts)].tolist()), 0
        while facts.first_day - 1 - run in nights:
            run += 1
        yield BoundedNightRun(nights_of(self, facts), self.days, min(run, self.days))
