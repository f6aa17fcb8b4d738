"""Pay by the contract alone: what holds where no law sets a rate, as in Great Britain or under the EU directive."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from centre.model import Contract
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.words import over, people_words, unknown_week, week_words
from scheduler.rules.shared.worked import weeks_of

SOURCE = "contract: overtime beyond its weekly maximum"
NEVER = 1 << 40


@dataclass(frozen=True)
class ContractPay:
    """Minutes beyond the contract's weekly maximum at the contract's own multiplier, by the day of the shift.

    The Working Time Regulations of Great Britain and Directive 2003/88/EC set no rate of pay (recalled, not read), so that
    the contract decides there.
    """

    name: ClassVar[str] = "contract"
    title: ClassVar[str] = "The employment contract alone"
    words: ClassVar[str] = (
        "Minutes beyond the contract's weekly maximum at the contract's multiplier; no law."
    )
    counts: ClassVar[str] = "All by the day of the shift."
    sources: ClassVar[Mapping[str, str]] = {"overtime": SOURCE}
    daily_minutes: ClassVar[int | None] = None
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """The contract's overtime."""
        return contract_steps(contract)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Overtime by the week."""
        rates, told = contract_rates(time, asked)
        return rates.rated(told=told)


def contract_steps(contract: Contract | None) -> tuple[WeeklyStep, ...]:
    """What a solver knows of a contract's overtime."""
    if contract is None:
        return ()
    return (WeeklyStep(contract.weekly_minutes_max, contract.overtime.multiplier - 1),)


def contract_rates(time: PaidTime, asked: Asked) -> tuple[Rates, tuple[str, ...]]:
    """The contract's overtime, for laws that set no rate for it, and whose contract is not known."""
    facts, people = asked.facts, asked.facts.people or {}
    contracts = [people[name].contract if name in people else None for name in time.agent_ids]
    limits = np.array([c.weekly_minutes_max if c else NEVER for c in contracts], dtype=np.int64)
    factors = np.array([c.overtime.multiplier if c else 1.0 for c in contracts])
    weeks = weeks_of(time.day, facts.week_start)
    time = time.marked(week=weeks).beyond("over", weeks, time.work, limits[time.agent])
    rates = Rates(time)
    for factor in np.unique(factors):
        rates.put("overtime", time["over"] & (factors[time.agent] == factor), float(factor))
    for k in np.flatnonzero(time["over"]):
        limit = int(limits[time.agent[k]])
        rates.sources[k] = (
            f"{SOURCE}: {over(int(time['over_total'][k]), limit, week_words(int(weeks_of(time.day[k : k + 1], facts.week_start)[0])))}"
        )
    missing = np.unique(time.agent[time.judged & time.work & (limits[time.agent] == NEVER)])
    told = (
        (
            f"Not checked for {people_words(len(missing))}: their contract is not known, so no overtime is counted.",
        )
        if len(missing)
        else ()
    )
    return rates, (*told, *unknown_week(time, facts))
