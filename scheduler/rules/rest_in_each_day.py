"""Rest inside each 24 hours, counted from the start of a day's work."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt, Le

from centre.instants import MINUTES_A_DAY, day_start
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, MinimumRest, Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.rests import follow_unknown, longest_rests
from scheduler.rules.shared.worked import known_work


@dataclass(frozen=True)
class RestInEachDay:
    """In the 24 hours from the start of each day's work there are ``minimum_minutes`` without work in a row.

    The "in each 24 hours" reading, where `rest-between-shifts` takes the other: it also binds a shift that
    is too long and the parts of a split one, and a rest between two parts counts if it is long enough. The
    24 hours are elapsed time; work after the known days is not looked for.

    A solver is told more than the rule asks (``exact`` is False): the rest comes after each shift, and no
    shift is so long that it could not.

    **Source:** Directive 2003/88/EC art. 3: 11 consecutive hours per 24-hour period, read as the 24 hours from
    the start of work (as in C-151/02 Jaeger and C-14/04 Dellas, recalled, not read).
    """

    minimum_minutes: Annotated[int, Gt(0), Le(1440)]
    source: str
    preset: str = ""
    name: ClassVar[str] = "rest-in-each-day"
    words: ClassVar[str] = "The 24 hours from the start of a day's work hold a minimum of rest in a row."
    example: ClassVar[str] = (
        "With 11 h: a shift from 08:00 to 21:01 leaves 659 min until 08:00 of the next day, one too few."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every day's work whose 24 hours reach into the horizon and hold too short a rest."""
        work = known_work(rota, facts)
        reaches = work.start + MINUTES_A_DAY > day_start(facts.zone, facts.first_day)
        rows = np.flatnonzero(work.fresh_day & (work.judged | reaches))
        until = work.start[rows] + MINUTES_A_DAY
        found = longest_rests(work, rows, until)
        possible = longest_rests(work, rows, until, among=~work.judged) >= self.minimum_minutes
        broken = (found < self.minimum_minutes) & (work.judged[rows] | possible)
        for k in np.flatnonzero(broken):
            window, rest = (int(work.start[rows[k]]), int(until[k])), max(0, int(found[k]))
            words = (
                f"rested at most {rest} min in a row in the 24 h from {local(window[0], facts)}; "
                f"at least {self.minimum_minutes} min are required."
            )
            agent_id = work.agent_ids[work.agent[rows[k]]]
            yield breach(self, agent_id, window, rest, self.minimum_minutes, "minutes", words)
        in_doubt = int(follow_unknown(work, facts, self.minimum_minutes).sum())
        reason = "what they worked before the first shift of the horizon is not known."
        yield from not_checked(self, facts, in_doubt, reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A rest after each shift, also after the last one before the horizon, and room for it in the 24 hours."""
        yield MinimumRest(self.minimum_minutes)
        yield ShiftLength("elapsed_minutes", MINUTES_A_DAY - self.minimum_minutes)
        last, start = carry_in(person, facts).last_end, day_start(facts.zone, facts.first_day)
        if last is not None and last + self.minimum_minutes > start:
            yield ForbiddenTime(min(last, start), last + self.minimum_minutes)
