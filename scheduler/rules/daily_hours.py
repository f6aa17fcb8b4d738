"""Paid minutes of a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of
from scheduler.rules.shared.terms import contracts_of, overtime_agreed
from scheduler.rules.shared.worked import known_work


@dataclass(frozen=True)
class DailyHours:
    """A shift has at most ``minutes``, and ``overtime_minutes`` more where the contract agrees overtime.

    Overtime is an exception to be agreed: where no contract is known, none counts as agreed.

    **Source:** State Council regulations on working hours of 1995 art. 3 (8 hours a day); Labour Law of the
    PRC art. 41: at most 1 hour of overtime a day, for special reasons 3, after consultation.
    """

    minutes: Annotated[int, Gt(0)]
    source: str
    overtime_minutes: Annotated[int, Ge(0)] = 0
    measure: Literal["paid_minutes", "worked_minutes"] = "paid_minutes"
    preset: str = ""
    name: ClassVar[str] = "daily-hours"
    words: ClassVar[str] = "A day's work is no longer than its limit, overtime only where it is agreed."
    example: ClassVar[str] = (
        "With 8 h and 1 h of agreed overtime, 541 paid minutes are 1 too many; without agreed overtime 481 are."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "overtime_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that is too long."""
        work = known_work(rota, facts)
        agreed = np.array([overtime_agreed(contract) for contract in contracts_of(work, facts)], dtype=bool)
        limit = (self.minutes + self.overtime_minutes * agreed)[work.agent]
        found = work.measure(self.measure)
        kind = self.measure.partition("_")[0]
        for k in np.flatnonzero(work.judged & (found > limit)):
            words = (
                f"has {found[k]} {kind} min on {date_of(work.day[k])}; at most {limit[k]} min are allowed."
            )
            window = int(work.start[k]), int(work.end[k])
            yield breach(self, work.agent_ids[work.agent[k]], window, found[k], limit[k], "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A longest shift."""
        yield ShiftLength(
            self.measure, self.minutes + self.overtime_minutes * overtime_agreed(person.contract)
        )
