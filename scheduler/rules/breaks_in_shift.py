"""Breaks inside a shift."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from scheduler.rota import PAUSES, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive, ShiftBreak
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class BreaksInShift:
    """Over ``after_minutes`` of work there are ``minutes`` of breaks, in parts of at least ``part_minutes``.

    Only rows of activity ``break`` or ``meal`` are breaks: a gap without a row is none. Where in the shift a
    break lies is the template's to say. Both parts of a split shift count as one shift.

    **Source:** Directive 2003/88/EC art. 4: a break where the working day is longer than six hours; its
    length is left to national law, so 15 minutes in one piece are a stated assumption.
    """

    source: str
    after_minutes: Annotated[int, Ge(0)] = 360
    minutes: Annotated[int, Gt(0)] = 15
    part_minutes: Annotated[int, Gt(0)] = 15
    preset: str = ""
    name: ClassVar[str] = "breaks-in-shift"
    words: ClassVar[str] = "A shift with more than so much work has a break."
    example: ClassVar[str] = (
        "With 30 min over 6 h in parts of 15: 6 h 1 min of work with breaks of 15 and 14 min has 15 of 30 min."
    )
    tighter: ClassVar[dict[str, int]] = {"after_minutes": -1, "minutes": 1, "part_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every long shift of the horizon with too little break."""
        shifts = rota.duties
        length = rota.end - rota.start
        counts = rota.is_kind(*PAUSES) & (length >= self.part_minutes) & (rota.duty >= 0)
        found = np.bincount(rota.duty[counts], weights=length[counts], minlength=len(shifts)).astype(np.int64)
        long = shifts.worked > self.after_minutes
        for k in np.flatnonzero(in_horizon(rota, facts) & long & (found < self.minutes)):
            start, end = int(shifts.start[k]), int(shifts.end[k])
            words = (
                f"has {found[k]} min of breaks in the shift from {local(start, facts)} "
                f"with {shifts.worked[k]} min of work; "
                f"at least {self.minutes} min are required over {self.after_minutes} min of work."
            )
            agent_id = rota.agent_ids[shifts.agent[k]]
            yield breach(self, agent_id, (start, end), found[k], self.minutes, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What a shift must hold inside."""
        yield ShiftBreak(self.after_minutes, self.minutes, self.part_minutes)
