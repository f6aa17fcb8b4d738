"""Paid minutes a week that the contract asks for and allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.contract_week import ContractWeek
from scheduler.rules.shared.terms import lowered_minutes


@dataclass(frozen=True)
class ContractMinutes:
    """Each calendar week's paid minutes lie between the contract's minimum and its maximum with overtime.

    Every day absent in the week (on leave for the whole or a part of it, or not employed) lowers the minimum
    by one day's part of it, ``weekly_minutes_min / days_min``, never below zero. The minimum holds for weeks
    that are wholly known.

    **Source:** the contract in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "contract-minutes"
    words: ClassVar[str] = "A week's paid minutes lie between the contract's minimum and maximum."
    example: ClassVar[str] = (
        "A contract of up to 2,400 min a week with 300 min of agreed overtime: 2,701 paid minutes are 1 too many."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    @property
    def _week(self) -> ContractWeek:
        return ContractWeek(
            "paid_minutes",
            "minutes",
            lowered_minutes,
            lambda contract: contract.weekly_minutes_max + contract.overtime.weekly_minutes,
        )

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and week outside the contract."""
        return self._week.violations(self, rota, facts)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum a week."""
        return self._week.lines(person, facts)
