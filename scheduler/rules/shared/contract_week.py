"""What the rules on a contract's week have in common: a sum that lies between a minimum and a maximum."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from centre.model import Contract
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Measure, Primitive
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked, unknown
from scheduler.rules.shared.sums import complete_weeks, is_complete, sum_lines
from scheduler.rules.shared.terms import absences, absent_days, at_work, contracts_of
from scheduler.rules.shared.worked import Worked, known_work, week_bounds, weekly_sums


@dataclass(frozen=True)
class ContractWeek:
    """A measure of the week, its minimum (given the days absent) and its maximum."""

    measure: Measure
    unit: str
    low: Callable[[Contract, int], int]
    high: Callable[[Contract], int]

    def violations(self, rule: Rule, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Weeks above the maximum by what is known, and wholly known weeks below the minimum."""
        if facts.people is None:
            yield unknown(rule, facts, "Not checked: no list of people with their contracts was given.")
            return
        work = known_work(rota, facts)
        values = work.measure(self.measure)
        found = weekly_sums(work, values, facts)
        own = weekly_sums(work, np.where(work.judged, values, 0), facts)
        low, high = self._limits(work, facts)
        over, under = (found > high) & (own > 0), found < low
        complete = complete_weeks(facts)
        for k, column in zip(*np.nonzero(over), strict=True):
            yield self._breach(rule, work, facts, (k, column), found, high, "at most {} are allowed")
        for k, column in zip(*np.nonzero(under & complete), strict=True):
            yield self._breach(rule, work, facts, (k, column), found, low, "at least {} are agreed")
        in_doubt = int((under & ~complete & ~over).any(axis=1).sum())
        reason = (
            "a week reaches outside the known days, so whether it has the minimum of the contract is open."
        )
        yield from not_checked(rule, facts, in_doubt, reason)
        without = np.array(
            [contract is None for contract in contracts_of(work, facts)], dtype=bool
        ) & at_work(work)
        yield from not_checked(rule, facts, int(without.sum()), "their contract is not known.")

    def _limits(self, work: Worked, facts: Facts) -> tuple[Minutes, Minutes]:
        """Minimum and maximum per person and week, shape (agents, weeks); open where no contract is known."""
        absent = absences(work, facts, facts.weeks())
        low, high = np.zeros_like(absent), np.full_like(absent, np.iinfo(np.int64).max)
        for k, contract in enumerate(contracts_of(work, facts)):
            if contract is not None:
                low[k] = [self.low(contract, int(days)) for days in absent[k]]
                high[k] = self.high(contract)
        return low, high

    def _breach(
        self,
        rule: Rule,
        work: Worked,
        facts: Facts,
        cell: tuple[int, int],
        found: Minutes,
        limit: Minutes,
        bound: str,
    ) -> Violation:
        week = facts.weeks()[cell[1]]
        unit = "paid min" if self.unit == "minutes" else self.unit
        required = bound.format(f"{limit[cell]} {unit}")
        words = f"has {found[cell]} {unit} in the week from {date_of(week)}; {required} by the contract."
        window = week_bounds(week, facts)
        return breach(rule, work.agent_ids[cell[0]], window, found[cell], limit[cell], self.unit, words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A bounded sum a week; its minimum only where the whole week is known."""
        if person.contract is None:
            return
        for week in facts.weeks():
            low = self.low(person.contract, len(absent_days(person, facts, week, week + 6)))
            whole = is_complete(week, facts)
            high = self.high(person.contract)
            yield from sum_lines(person, facts, (week, week + 6), self.measure, low if whole else None, high)
