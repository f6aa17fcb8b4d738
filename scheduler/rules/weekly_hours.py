"""Paid minutes of a calendar week."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.model import Contract
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked
from scheduler.rules.shared.sums import sum_lines, unknown_weeks
from scheduler.rules.shared.terms import contracts_of
from scheduler.rules.shared.worked import known_work, week_bounds, weekly_sums


@dataclass(frozen=True)
class WeeklyHours:
    """A calendar week has at most ``minutes``, and the contract's overtime on top unless ``agreed_overtime`` is False.

    Where no contract is known, no overtime counts as agreed.

    **Source:** State Council regulations on working hours of 1995 art. 3 (40 hours a week; Labour Law of the
    PRC art. 36 itself says 44 on average), art. 41 for overtime.
    """

    minutes: Annotated[int, Gt(0)]
    source: str
    measure: Literal["paid_minutes", "worked_minutes"] = "paid_minutes"
    agreed_overtime: bool = True
    preset: str = ""
    name: ClassVar[str] = "weekly-hours"
    words: ClassVar[str] = "A calendar week's work is no longer than its limit and the overtime agreed."
    example: ClassVar[str] = (
        "With 40 h and no agreed overtime: 2,401 paid minutes in a calendar week are 1 too many."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and week with too many minutes."""
        work = known_work(rota, facts)
        values = work.measure(self.measure)
        found = weekly_sums(work, values, facts)
        own = weekly_sums(work, np.where(work.judged, values, 0), facts)
        limit = np.array([self._limit(contract) for contract in contracts_of(work, facts)], dtype=np.int64)
        broken = (found > limit[:, None]) & (own > 0)
        kind = self.measure.partition("_")[0]
        for k, column in zip(*np.nonzero(broken), strict=True):
            week = facts.weeks()[column]
            words = (
                f"has {found[k, column]} {kind} min in the week from {date_of(week)}; "
                f"at most {limit[k]} min are allowed a week."
            )
            window = week_bounds(week, facts)
            yield breach(self, work.agent_ids[k], window, found[k, column], limit[k], "minutes", words)
        in_doubt = ((own > 0) & ~broken & unknown_weeks(work, facts)).sum(axis=0)
        reason = "their week began before the days that are known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)

    def _limit(self, contract: Contract | None) -> int:
        on_top = contract.overtime.weekly_minutes if contract and self.agreed_overtime else 0
        return self.minutes + on_top

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum a week."""
        high = self._limit(person.contract)
        for week in facts.weeks():
            yield from sum_lines(person, facts, (week, week + 6), self.measure, high=high)
