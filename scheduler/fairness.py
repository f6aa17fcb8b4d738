"""Fair shares of nights, weekends, holidays and late shifts: what the ledger says each person has had, as prices of shifts to come."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Minutes, day_number, existing_instant, from_minutes, weekday_of
from centre.model import Objective
from centre.people import Agent
from scheduler.rota import Flags
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shared.nights import in_one_night, night_windows
from scheduler.shifts import CandidateShift
from scheduler.terms import Charge

ACCOUNTS = {
    "unfair_night": "nights",
    "unfair_weekend": "weekends",
    "unfair_holiday": "holidays",
    "unfair_late": "lates",
}
"""Term of the objective -> account of ``ledger.csv`` that counts such shifts."""
WISHES_ASKED, WISHES_GRANTED = "wishes_asked", "wishes_granted"
"""Accounts of ``ledger.csv`` that count requests."""


def fairness_charges(
    objective: Objective, agents: Sequence[Agent], facts: Facts, shifts: Sequence[CandidateShift]
) -> dict[str, tuple[Charge, ...]]:
    """Charges by agent_id: each term that has a price and an account in the ledger.

    A shift of the kind costs price x (1 + balance / span), the balance of shifts beyond the fair share (`balances`) counted as if everybody
    worked as long as who works longest (one shift of a half-timer is two), rounded to whole shifts and kept within the span on either
    side: nothing for who is owed the most, the price for who has had their share, twice the price for who has had the most.
    """
    charges = {agent.agent_id: list[Charge]() for agent in agents}
    told = {term: counts_in_ledger(facts, account) for term, account in ACCOUNTS.items()}
    asked = [
        term
        for term, had in told.items()
        if getattr(objective, term) > 0 and not had.keys().isdisjoint(charges)
    ]
    if not asked:
        return dict.fromkeys(charges, ())
    kinds = Kinds(objective, agents, facts, shifts)
    alike: dict[tuple[str, ZoneInfo, float], Charge] = {}
    for term in asked:
        for shares in kinds.shares(term):
            most = max(shares.values(), default=0.0)
            for agent_id, balance in balances(told[term], shares).items():
                price = price_of(term, balance * most / shares[agent_id], objective)
                zone = kinds.clocks[agent_id]
                if (term, zone, price) not in alike:
                    by_shift = np.where(kinds.marks[zone][term], price, 0.0)
                    alike[term, zone, price] = Charge(term, tuple(by_shift.tolist()))
                charges[agent_id].append(alike[term, zone, price])
    return {agent_id: tuple(mine) for agent_id, mine in charges.items()}


class Kinds:
    """Which shifts are of which kind by each person's clock, and who has which share in them.

    ``marks`` are those of `kinds_of` by zone, ``clocks`` the zones of people by agent_id.
    """

    def __init__(
        self, objective: Objective, agents: Sequence[Agent], facts: Facts, shifts: Sequence[CandidateShift]
    ) -> None:
        self._people, self._agents, self._shifts = facts.people or {}, agents, shifts
        self._among = objective.fairness_among
        self.clocks = {agent.agent_id: self._people[agent.agent_id].zone or facts.zone for agent in agents}
        start, end = (
            np.array([getattr(s, name) for s in shifts], dtype=np.int64) for name in ("start", "end")
        )
        self.marks = {
            zone: kinds_of(objective, start, end, zone, facts.holidays, facts.makeup_days)
            for zone in set(self.clocks.values())
        }

    def shares(self, term: str) -> Iterator[dict[str, float]]:
        """Of each group of people who share with one another, contract minutes of a week by agent_id; 0 of who has no such shifts."""
        names = {zone: _names(marks[term], self._shifts) for zone, marks in self.marks.items()}
        for group in _groups(self._among, self._agents):
            yield {who: _share(self._people[who], names[self.clocks[who]]) for who in group}


def wish_factors(objective: Objective, facts: Facts) -> dict[str, float]:
    """How much the requests of each person weigh, by agent_id, from what the ledger says they asked for and were granted.

    Refusals beyond one's share of all, by how much one asked for, count 1 / span each; who is not there weighs 1.
    """
    asked, granted = (counts_in_ledger(facts, account) for account in (WISHES_ASKED, WISHES_GRANTED))
    total = sum(asked.values())
    if not objective.wish_span_refusals or not total:
        return {}
    rate = 1 - sum(granted.values()) / total
    beyond = {who: n - granted.get(who, 0.0) - n * rate for who, n in asked.items()}
    return {who: 1 + min(max(more / objective.wish_span_refusals, -0.5), 1.0) for who, more in beyond.items()}


def price_of(term: str, balance: float, objective: Objective) -> float:
    """What one shift costs somebody of this balance.

    Examples
    --------
    >>> [price_of("unfair_night", balance, Objective(unfair_night=10.0)) for balance in (-9, -2, 0.4, 6)]
    [0.0, 5.0, 10.0, 20.0]
    """
    span = objective.fairness_span_holidays if term == "unfair_holiday" else objective.fairness_span_shifts
    price: float = getattr(objective, term)
    return price * (1 + min(max(float(round(balance)), -span), span) / span)


def kinds_of(
    objective: Objective,
    start: Minutes,
    end: Minutes,
    zone: ZoneInfo,
    holidays: Mapping[int, str],
    makeup_days: Collection[int] = (),
) -> dict[str, Flags]:
    """Which shifts are night, weekend, holiday and late shifts by the clock of ``zone``, by term, each of shape (shifts,).

    ``start`` and ``end`` are theirs in UTC minutes. A Saturday or Sunday that is a make-up workday is no weekend.
    """
    days = [day_number(from_minutes(at, zone).date()) for at in start.tolist()]
    if not days:
        return dict.fromkeys(ACCOUNTS, np.zeros(0, dtype=bool))
    windows = night_windows(zone, min(days) - 1, max(days) + 1, objective.night_from, objective.night_to)
    late_from = {day: existing_instant(zone, day, objective.late_after) for day in set(days)}
    night = in_one_night(start, end, windows) >= objective.night_minutes
    return {
        "unfair_night": night,
        "unfair_weekend": np.array(
            [weekday_of(day) in objective.weekend_days and day not in makeup_days for day in days], dtype=bool
        ),
        "unfair_holiday": np.array([day in holidays for day in days], dtype=bool),
        "unfair_late": ~night & (end > np.array([late_from[day] for day in days], dtype=np.int64)),
    }


def counts_in_ledger(facts: Facts, account: str) -> dict[str, float]:
    """Shifts that each person has had by the ledger: the amounts of all periods that it tells, added up."""
    had: dict[str, float] = {}
    for (agent_id, name, _), (amount, _) in facts.ledger.items():
        if name == account:
            had[agent_id] = had.get(agent_id, 0.0) + amount
    return had


def balances(had: Mapping[str, float], shares: Mapping[str, float]) -> dict[str, float]:
    """Shifts beyond the fair share of each person of one group; who has no share of such shifts is left out.

    What all together have had is shared out in proportion to ``shares``. Who is not in ``had``, a newcomer, enters at the average.

    Examples
    --------
    >>> balances({"a": 6.0, "b": 0.0, "half": 3.0}, {"a": 1.0, "b": 1.0, "half": 0.5, "new": 1.0, "never": 0.0})
    {'a': 2.4, 'b': -3.6, 'half': 1.2, 'new': 0.0}
    """
    known = [agent_id for agent_id, share in shares.items() if share > 0 and agent_id in had]
    per_share = sum(had[k] for k in known) / sum(shares[k] for k in known) if known else 0.0
    return {
        agent_id: had[agent_id] - share * per_share if agent_id in had else 0.0
        for agent_id, share in shares.items()
        if share > 0
    }


def _groups(among: str, agents: Iterable[Agent]) -> list[list[str]]:
    """People who share with one another."""
    groups: dict[str, list[str]] = {}
    for agent in agents:
        groups.setdefault("" if among == "all" else getattr(agent, among), []).append(agent.agent_id)
    return list(groups.values())


def _names(marks: Flags, shifts: Sequence[CandidateShift]) -> set[str]:
    """Templates of the shifts marked."""
    return {shifts[k].template.name for k in np.flatnonzero(marks).tolist()}


def _share(person: Person, names: Collection[str]) -> float:
    """Contract minutes of a week; 0 for somebody whose contract has none of these shifts."""
    if person.contract is None or not set(names).intersection(person.contract.shifts):
        return 0.0
    return float(person.contract.weekly_minutes_max)
