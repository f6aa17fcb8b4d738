"""Days a week that the contract asks for and allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.contract_week import ContractWeek
from scheduler.rules.shared.terms import lowered_days


@dataclass(frozen=True)
class ContractDays:
    """Each calendar week has between ``days_min`` and ``days_max`` of the contract days with a shift.

    Every day absent in the week (on leave for the whole or a part of it, or not employed) lowers the minimum
    by one, never below zero. The minimum holds for weeks that are wholly known.

    **Source:** the contract in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "contract-days"
    words: ClassVar[str] = "A week's days with a shift lie between the contract's minimum and maximum."
    example: ClassVar[str] = (
        "A contract of 4 to 5 days a week: six days with a shift are one too many, three with no leave one too few."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    @property
    def _week(self) -> ContractWeek:
        return ContractWeek("shifts", "days", lowered_days, lambda contract: contract.days_max)

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and week outside the contract."""
        return self._week.violations(self, rota, facts)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded number of shifts a week."""
        return self._week.lines(person, facts)
