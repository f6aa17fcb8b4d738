"""Rest between one shift and the next."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.instants import day_start
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, MinimumRest, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.marked import shifts_of_kind
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES, Worked, known_bounds, known_work, newcomers


@dataclass(frozen=True)
class RestBetweenShifts:
    """At least ``minimum_minutes`` of elapsed time from the end of a shift to the start of the next.

    **Source:** Directive 2003/88/EC art. 3 asks for 11 hours in a row in every 24 hours. This rule takes the
    "between shifts" reading: what lies between two shifts is one rest and must be long enough. For one
    unbroken shift a day of at most 13 hours both readings agree; the parts of a split shift count as one
    shift here, and a shift longer than 13 hours would also break the "in each 24 hours" reading.

    A shift of nothing but call-outs (activity ``call_out``) is no next shift: it breaks into the rest, which then
    begins anew at its end and must be long enough up to the shift after it.

    With ``consent`` a person may work after a shorter rest who agreed to it: laws that let people decline such
    a shift. Consent is on record where agents.csv has the opt-out ``rest-between-shifts``; a short rest is then
    excepted, and no breach. Of someone who is not on the list of people it is not known, and so a breach.
    """

    minimum_minutes: Annotated[int, Gt(0)]
    source: str
    preset: str = ""
    consent: bool = False
    name: ClassVar[str] = "rest-between-shifts"
    words: ClassVar[str] = "Between two shifts lies a minimum of rest, in elapsed time."
    example: ClassVar[str] = (
        "With 11 h: a shift that ends at 22:00 and one that starts at 08:59 leave 659 of 660 min."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that starts too soon after the one before it."""
        work = known_work(rota, facts)
        rest = work.start - work.until
        follows = work.judged & ~work.heads & ~shifts_of_kind(work, rota, facts, "call_out", whole=True)
        for k in np.flatnonzero(follows & (rest < self.minimum_minutes)):
            ended, began = int(work.until[k]), int(work.start[k])
            found, who = max(0, began - ended), work.agent_ids[work.agent[k]]
            words = (
                f"rested {found} min from {local(ended, facts)} to {local(began, facts)}; "
                f"at least {self.minimum_minutes} min are required between shifts."
            )
            broken = breach(self, who, (ended, began), found, self.minimum_minutes, "minutes", words)
            yield self._excepted(broken) if self._agreed((facts.people or {}).get(who)) else broken
        yield from not_checked(
            self,
            facts,
            self._unknown(work, facts),
            "what they worked before the first shift of the horizon is not known.",
        )

    def _agreed(self, person: Person | None) -> bool:
        """Whether a shorter rest is lawful with consent and theirs is on record."""
        return self.consent and person is not None and self.name in person.opt_outs

    def _excepted(self, finding: Violation) -> Violation:
        words = f"{finding.explanation} Excepted: consent to a shorter rest is on record."
        return replace(finding, verdict="excepted", explanation=words)

    def _unknown(self, work: Worked, facts: Facts) -> int:
        """How many people's first known shift may follow too soon on one that we do not know."""
        reach = known_bounds(facts)[0] + self.minimum_minutes + LONGEST_SHIFT_MINUTES
        open_edge = work.heads & work.judged & (work.start < reach) & ~newcomers(work, facts)[work.agent]
        return int(open_edge.sum())

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The succession forbidden, and the rest after the last shift worked before the horizon; nothing for
        who agreed to less.
        """
        if self._agreed(person):
            return
        yield MinimumRest(self.minimum_minutes)
        last, start = carry_in(person, facts).last_end, day_start(facts.zone, facts.first_day)
        if last is not None and last + self.minimum_minutes > start:
            yield ForbiddenTime(min(last, start), last + self.minimum_minutes)
